import { type Agreement, staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { asData, type Changed, type Facts, mayEnter, mustEndLater, refsOf, toBoth } from './entry.ts';
import { holds, positionsOf } from './people.ts';
import type { Away, Rota, Shift } from './rota.ts';

/** No absence is longer; a slip of the pen is. In milliseconds. */
export const LONGEST_MS = 366 * 24 * 60 * 60_000;

/**
 * Somebody is not there from `from` to `to`; `cover` has their duties. Undefined when it stands like this already.
 * Errors: `Refused` `role` as `mayEnter`, `ends-before`, `too-long` past a year, `own-cover`, `cover-away`, `cover-role`.
 */
export function beAway(facts: Facts, away: Away): Changed | undefined {
  const { rota, terms, now } = facts;
  const positions = positionsOf(terms, away.person);
  const by = mayEnter(facts, 'rota.away', away.person, ...positions.map(({ provider }) => provider));
  mustEndLater(away, now);
  if (Date.parse(away.to) - Date.parse(away.from) > LONGEST_MS) {
    throw new Refused('too-long', 'Enter at most a year at a time.');
  }
  if (rota.away.some((one) => sameAway(one, away) && one.to === away.to && one.cover === away.cover)) {
    return undefined;
  }
  const { cover } = away;
  if (cover !== undefined) {
    if (cover === away.person) throw new Refused('own-cover', 'Choose somebody else to cover.');
    const shared = positionsOf(terms, cover).some((at) =>
      positions.some((own) => own.provider === at.provider && own.role === at.role),
    );
    if (!shared) throw cannotCover(terms, cover, away.person);
    if (rota.away.some((one) => one.person === cover && one.from < away.to && away.from < one.to)) {
      throw new Refused(
        'cover-away',
        `${staffName(cover, terms)} is away then too. Choose somebody else to cover.`,
      );
    }
  }
  const all = [...rota.away.filter((one) => !sameAway(one, away)), away];
  const theirs = rota.shifts.filter(({ person }) => person === away.person);
  coversMustHold(terms, all, theirs, now);
  const before = rota.away.find((one) => sameAway(one, away))?.cover;
  const covers = [cover, before].filter((one) => one !== undefined);
  return {
    shifts: rota.shifts,
    away: all,
    events: [{ type: 'rota.away', by, data: asData(away) }],
    told: toBoth('rota.away', by, [away.person, ...covers], refsOf(away, by)),
  };
}

/**
 * The person is back: a running absence ends now, a coming one is taken out. Undefined when there is none.
 * Errors: `Refused` `role` as `mayEnter`.
 */
export function beBack(facts: Facts, which: Pick<Away, 'person' | 'from'>): Changed | undefined {
  const { rota, terms, now } = facts;
  const places = positionsOf(terms, which.person).map(({ provider }) => provider);
  const by = mayEnter(facts, 'rota.away', which.person, ...places);
  const away = rota.away.find((one) => sameAway(one, which));
  if (!away || away.to <= now) return undefined;
  const covers = away.cover === undefined ? [] : [away.cover];
  return {
    shifts: rota.shifts,
    away: endedAway(rota.away, away, now),
    events: [{ type: 'rota.back', by, data: asData(away) }],
    told: toBoth('rota.back', by, [away.person, ...covers], refsOf(away, by)),
  };
}

/** The rota as far as today's agreement has the people in these roles. A cover without the role is none. */
export function asAgreed(rota: Rota, terms: Agreement): Rota {
  const shifts = rota.shifts.filter((shift) => holds(terms, shift.person, shift));
  const away = rota.away.map((one) => {
    const able = one.cover === undefined || shifts.every((shift) => fits(shift, one, terms));
    return able ? one : withoutCover(one);
  });
  return { shifts, away };
}

/** The absence that would pass the shift to somebody without its role; undefined if there is none. */
export function unfitCover(
  terms: Agreement,
  away: readonly Away[],
  shift: Omit<Shift, 'id'>,
  now: Instant,
): Away | undefined {
  return away.find((one) => one.to > now && !fits(shift, one, terms));
}

/** Errors: `Refused` `cover-role` where an absence would pass one of the shifts to somebody without its role. */
export function coversMustHold(
  terms: Agreement,
  away: readonly Away[],
  shifts: readonly Shift[],
  now: Instant,
): void {
  for (const shift of shifts) {
    const found = unfitCover(terms, away, shift, now);
    if (found?.cover !== undefined) throw cannotCover(terms, found.cover, found.person);
  }
}

/** Is the shift not touched by the absence, or can its cover do it? */
function fits(shift: Omit<Shift, 'id'>, away: Away, terms: Agreement): boolean {
  const touched =
    shift.person === away.person && shift.from < away.to && (shift.to === undefined || away.from < shift.to);
  return !touched || away.cover === undefined || holds(terms, away.cover, shift);
}

const cannotCover = (terms: Agreement, cover: string, person: string): Refused =>
  new Refused(
    'cover-role',
    `${staffName(cover, terms)} does not have all the roles that ${staffName(person, terms)} has on the rota then, and so cannot cover. Choose somebody in the same role.`,
  );

/** All absences with this one ended now; one that has not begun is taken out. */
export const endedAway = (all: readonly Away[], away: Away, now: Instant): Away[] =>
  all.flatMap((one) => (one !== away ? [one] : one.from < now ? [{ ...one, to: now }] : []));

/** The absence that nobody covers. */
export function withoutCover({ cover: _, ...away }: Away): Away {
  return away;
}

const sameAway = (a: Pick<Away, 'person' | 'from'>, b: Pick<Away, 'person' | 'from'>): boolean =>
  a.person === b.person && a.from === b.from;
