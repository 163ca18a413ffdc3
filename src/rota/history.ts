import type { EventDoc, Json } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { endedAway, withoutCover } from './absence.ts';
import { type Entry, later, withEnd } from './entry.ts';
import { type Away, type Duty, duties, type Rota, runs, type Shift, shiftId } from './rota.ts';

/** The rota as it stood from `since` until the next change. */
export interface RotaThen {
  readonly since: Instant;
  readonly rota: Rota;
}

/**
 * The rota after each of its changes, oldest first, from its own chain of events in order: who was on duty at
 * any time as Baton knew it then. What was over before a change is left out from then on.
 */
export function rotaHistory(chain: readonly EventDoc[]): RotaThen[] {
  const history: RotaThen[] = [];
  let rota: Rota = { shifts: [], away: [] };
  for (const event of chain) {
    const since = event.recordedAt;
    const next = rotaAfter(rota, event);
    if (next === rota) continue;
    const open = ({ to }: { readonly to?: Instant }): boolean => to === undefined || to > since;
    rota = { shifts: next.shifts.filter(open), away: next.away.filter(open) };
    if (history.at(-1)?.since === since) history.pop();
    history.push({ since, rota });
  }
  return history;
}

/** What one event made of the rota; the same rota for an event that changes none. The rules are in rules.ts and absence.ts. */
function rotaAfter(rota: Rota, { type, data, recordedAt: at }: EventDoc): Rota {
  switch (type) {
    case 'rota.on':
      return putOn(rota, shiftIn(data), at);
    case 'rota.off':
      return takenOff(rota, shiftIn(data), data.covers === undefined ? undefined : textOf(data.covers), at);
    case 'rota.given':
      return given(rota, shiftIn(data), textOf(data.giver), at);
    case 'rota.away': {
      const away = awayIn(data);
      return { ...rota, away: [...rota.away.filter((one) => !sameAway(one, away)), away] };
    }
    case 'rota.back': {
      const back = awayIn(data);
      const away = rota.away.find((one) => sameAway(one, back));
      return away ? { ...rota, away: endedAway(rota.away, away, at) } : rota;
    }
    case 'rota.imported': {
      const shifts = new Map(rota.shifts.map((shift) => [shift.id, shift]));
      for (const entry of listOf(data.shifts)) {
        const shift = shiftIn(entry);
        shifts.set(shift.id, shift);
      }
      return { ...rota, shifts: [...shifts.values()] };
    }
    default:
      return rota;
  }
}

function putOn(rota: Rota, shift: Shift, at: Instant): Rota {
  const fromNow = shift.from <= at;
  const running = rota.shifts.filter((one) => fromNow && samePlace(one, shift) && runs(one, at));
  const gone = rota.away.filter((one) => fromNow && one.person === shift.person && runs(one, at));
  const others = rota.shifts.filter(({ id }) => id !== shift.id);
  return {
    shifts: [...others.flatMap((one) => (running.includes(one) ? ended(one, at) : [one])), shift],
    away: gone.reduce<readonly Away[]>((left, one) => endedAway(left, one, at), rota.away),
  };
}

function takenOff(rota: Rota, off: Shift, covers: string | undefined, at: Instant): Rota {
  if (covers !== undefined) {
    const covered = rota.away.findLast(
      (one) => one.person === covers && one.cover === off.person && runs(one, at),
    );
    return { ...rota, away: rota.away.map((one) => (one === covered ? withoutCover(one) : one)) };
  }
  const shifts = rota.shifts.flatMap((one) =>
    samePlace(one, off) && runs(one, at) ? ended(one, at) : [one],
  );
  return { ...rota, shifts };
}

/** The event names who gave it and what the other has from then on; which shift it was follows from both. */
function given(rota: Rota, taken: Shift, giver: string, at: Instant): Rota {
  const running = taken.from <= at;
  const found = rota.shifts
    .filter((one) => one.provider === taken.provider && one.role === taken.role)
    .map((shift) => ({ shift, duty: running ? dutyAt(rota, shift, at) : undefined }))
    .find(({ shift, duty }) =>
      running
        ? runs(shift, at) &&
          (duty?.person ?? shift.person) === giver &&
          (duty?.covers?.to ?? shift.to) === taken.to
        : shift.person === giver && shift.from === taken.from && shift.to === taken.to,
    );
  if (!found) return { ...rota, shifts: [...rota.shifts.filter(({ id }) => id !== taken.id), taken] };
  const { shift, duty } = found;
  if (duty?.covers) {
    const { covers } = duty;
    return {
      ...rota,
      away: rota.away.map((one) => (one === covers ? { ...one, cover: taken.person } : one)),
    };
  }
  const same = rota.shifts.find(({ id }) => id === taken.id);
  const whole = same ? withEnd(same, later(same.to, taken.to)) : taken;
  const left = rota.shifts.flatMap((one) =>
    one.id === taken.id ? [] : one !== shift ? [one] : running ? ended(one, at) : [],
  );
  return { ...rota, shifts: [...left, whole] };
}

const dutyAt = (rota: Rota, shift: Shift, at: Instant): Duty | undefined =>
  duties({ shifts: [shift], away: rota.away }, at, shift)[0];

const samePlace = (a: Omit<Entry, 'from'>, b: Omit<Entry, 'from'>): boolean =>
  a.person === b.person && a.provider === b.provider && a.role === b.role;
const sameAway = (a: Pick<Away, 'person' | 'from'>, b: Pick<Away, 'person' | 'from'>): boolean =>
  a.person === b.person && a.from === b.from;
const ended = (shift: Shift, at: Instant): Shift[] => (shift.from < at ? [withEnd(shift, at)] : []);

type Data = { readonly [key: string]: Json };
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const listOf = (value: Json | undefined): Data[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];

function shiftIn({ person, provider, role, from, to }: Data): Shift {
  const entry = {
    person: textOf(person),
    provider: textOf(provider),
    role: textOf(role),
    from: textOf(from),
    ...(typeof to === 'string' && { to }),
  };
  return { id: shiftId(entry), ...entry };
}

const awayIn = ({ person, from, to, cover }: Data): Away => ({
  person: textOf(person),
  from: textOf(from),
  to: textOf(to),
  ...(typeof cover === 'string' && { cover }),
});
