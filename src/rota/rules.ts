import { staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { coversMustHold, endedAway, withoutCover } from './absence.ts';
import {
  asData,
  type Changed,
  type Entry,
  type Facts,
  later,
  mayEnter,
  mustEndLater,
  mustHold,
  refsOf,
  toBoth,
  withEnd,
} from './entry.ts';
import { type Away, type Duty, duties, type Rota, runs, type Shift, shiftId } from './rota.ts';

/**
 * Puts somebody on duty. From now: the end of what runs in that role already becomes the new one, and an
 * absence ends. Undefined when it stands like this already.
 */
export function putOn(facts: Facts, entry: Entry): Changed | undefined {
  const { rota, terms, now } = facts;
  const by = mayEnter(facts, 'rota.on', entry.person, entry.provider);
  mustHold(terms, entry.person, entry);
  mustEndLater(entry, now);
  const fromNow = entry.from <= now;
  const running = rota.shifts.filter((one) => fromNow && samePlace(one, entry) && runs(one, now));
  const [first] = running;
  const shift = first ? withEnd(first, entry.to) : { ...entry, id: shiftId(entry) };
  const gone = rota.away.filter((one) => fromNow && one.person === entry.person && runs(one, now));
  const stands = first ?? rota.shifts.find(({ id }) => id === shift.id);
  if (stands && stands.to === entry.to && running.length < 2 && gone.length === 0) return undefined;
  const away = gone.reduce<readonly Away[]>((left, one) => endedAway(left, one, now), rota.away);
  const others = rota.shifts.filter(({ id }) => id !== shift.id);
  const shifts = [...others.flatMap((one) => (running.includes(one) ? ended(one, now) : [one])), shift];
  coversMustHold(terms, away, [shift], now);
  return {
    shifts,
    away,
    events: [{ type: 'rota.on', by, data: asData(shift) }],
    told: toBoth('rota.on', by, [entry.person], refsOf(shift, by)),
  };
}

/**
 * Ends a duty now: all that the person has in that role, or what they cover for another. Undefined when it is
 * over already.
 */
export function takeOff(facts: Facts, id: string): Changed | undefined {
  const { rota, now } = facts;
  const duty = dutyOf(facts, id);
  if (!duty) return undefined;
  const { person, shift, covers } = duty;
  const by = mayEnter(facts, 'rota.off', person, shift.provider);
  const end = { ...shift, person, to: now };
  return {
    shifts: covers
      ? rota.shifts
      : rota.shifts.flatMap((one) => (samePlace(one, shift) && runs(one, now) ? ended(one, now) : [one])),
    away: covers ? rota.away.map((one) => (one === covers ? withoutCover(one) : one)) : rota.away,
    events: [{ type: 'rota.off', by, data: { ...asData(end), ...(covers && { covers: covers.person }) } }],
    told: toBoth('rota.off', by, covers ? [person, covers.person] : [person], refsOf(end, by)),
  };
}

/**
 * Gives a shift that is running or to come to a colleague in the same role; from now on if it is running. What
 * somebody covers is covered by the colleague from then on. Undefined when the colleague has it already.
 */
export function give(facts: Facts, id: string, to: string): Changed | undefined {
  const { rota, terms, now } = facts;
  const shift = rota.shifts.find((one) => one.id === id);
  if (!shift || (shift.to !== undefined && shift.to <= now)) {
    // The second press of a button whose first was done.
    const [, provider, role] = id.split('|');
    if (
      duties(rota, now, { provider: provider ?? '', roles: [role ?? ''] }).some(({ person }) => person === to)
    )
      return undefined;
    throw new Refused(
      'shift-over',
      'This shift is over or was given away. Type /oncall to see who is on duty.',
    );
  }
  const running = shift.from <= now;
  const { person: giver, covers } = (running && dutyOf(facts, id)) || { person: shift.person };
  const by = mayEnter(facts, 'rota.swap', giver, shift.provider);
  if (to === giver) throw new Refused('same-person', 'Choose a colleague to give it to.');
  mustHold(terms, to, shift);
  if (rota.away.some((one) => one.person === to && runs(one, running ? now : shift.from))) {
    throw new Refused('away', `${staffName(to, terms)} is away then. Choose somebody else.`);
  }
  const given = withEnd({ ...shift, person: to, from: running ? now : shift.from }, covers?.to ?? shift.to);
  const refs = { ...refsOf(given, by), giver };
  const shown = {
    events: [{ type: 'rota.given', by, data: { ...asData(given), giver } }],
    told: toBoth('rota.given', by, [giver, to], refs),
  };
  if (covers) {
    const away = rota.away.map((one) => (one === covers ? { ...one, cover: to } : one));
    coversMustHold(terms, away, rota.shifts, now);
    return { shifts: rota.shifts, away, ...shown };
  }
  const named = { ...given, id: shiftId(given) };
  const same = rota.shifts.find((one) => one.id === named.id);
  const taken = same ? withEnd(same, later(same.to, named.to)) : named;
  const left = rota.shifts.flatMap((one) =>
    one.id === taken.id ? [] : one.id !== id ? [one] : running ? ended(one, now) : [],
  );
  coversMustHold(terms, rota.away, [taken], now);
  return { shifts: [...left, taken], away: rota.away, ...shown };
}

/** The duty that a shift is at this moment, and whose; undefined when it does not run or nobody has it. */
export function dutyOf(
  { rota, now }: { readonly rota: Rota; readonly now: Instant },
  id: string,
): Duty | undefined {
  const shift = rota.shifts.find((one) => one.id === id);
  return shift && duties({ shifts: [shift], away: rota.away }, now, shift)[0];
}

const samePlace = (a: Omit<Entry, 'from'>, b: Omit<Entry, 'from'>): boolean =>
  a.person === b.person && a.provider === b.provider && a.role === b.role;

/** A shift that ends now; one that had not begun was never there. */
const ended = (shift: Shift, now: Instant): Shift[] => (shift.from < now ? [withEnd(shift, now)] : []);
