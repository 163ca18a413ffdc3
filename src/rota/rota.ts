import type { Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';

/** Who is on duty, and when: entered in Teams or imported, never part of the agreement's file. */

/** A person's duty in one role at one provider; without `to` it lasts until they say that they are off. */
export interface Shift {
  readonly id: string;
  readonly person: string;
  readonly provider: string;
  readonly role: string;
  readonly from: Instant;
  readonly to?: Instant;
}

/** A person is not there; `cover` has their duties in the meantime. */
export interface Away {
  readonly person: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly cover?: string;
}

/** A time at which nobody is on duty where the ladder may ask, after a time when somebody was. */
export interface Gap {
  readonly provider: string;
  readonly roles: readonly string[];
  readonly from: Instant;
  /** When somebody is on duty again; absent: nobody is in the rota after it. */
  readonly to?: Instant;
}

/** The head of `_rota`: all shifts and absences that are running, coming, or over for less than 14 days. */
export interface RotaDoc extends Head {
  readonly kind: 'rota';
  /** Raised by every change of the rota. */
  readonly revision: number;
  readonly shifts: readonly Shift[];
  readonly away: readonly Away[];
  /** Lines of files that were imported, so that the same file changes nothing the second time. */
  readonly imported: readonly { readonly line: string; readonly to: Instant }[];
  /** The coming gaps that were told, by `gapName`. */
  readonly told: readonly string[];
}

/** What duty is worked out from. */
export type Rota = Pick<RotaDoc, 'shifts' | 'away'>;

export const ROTA_CASE = '_rota';
export const ROTA_HEAD = 'rota';
export const rotaKey = (pathwayId: string): Key => ({ pathwayId, caseId: ROTA_CASE });

/** One a person, position and start: a shift entered again with another end is the same shift. */
export const shiftId = ({ person, provider, role, from }: Omit<Shift, 'id' | 'to'>): string =>
  `${person}|${provider}|${role}|${from}`;

/** Where duty is asked for: at a provider, in one of these roles (any role if none is given). */
export interface Where {
  readonly provider: string;
  readonly roles?: readonly string[];
}

/** One person on duty through one shift: their own, or that of the person whom they cover. */
export interface Duty {
  readonly person: string;
  readonly shift: Shift;
  /** The absence that made them the cover. */
  readonly covers?: Away;
}

/** Is it running at `at`? It begins with its first moment, and its last belongs to what follows. */
export const runs = (span: { readonly from: Instant; readonly to?: Instant }, at: Instant): boolean =>
  span.from <= at && (span.to === undefined || at < span.to);

/** The rota of one place: the shifts at the provider, in these roles. */
const there = (rota: Rota, { provider, roles }: Where): Rota => ({
  shifts: rota.shifts.filter(
    (shift) => shift.provider === provider && (roles === undefined || roles.includes(shift.role)),
  ),
  away: rota.away,
});

/** Who has each running shift at `at`, by start: an absence passes it to its cover, and nobody where there is none. */
export function duties(rota: Rota, at: Instant, where: Where): Duty[] {
  return there(rota, where)
    .shifts.filter((shift) => runs(shift, at))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
    .flatMap((shift) => {
      const stands = standIn(rota, shift.person, at);
      return stands ? [{ shift, ...stands }] : [];
    });
}

/** Whoever does at `at` what is the person's to do: they, their cover, the cover's cover; undefined if nobody. */
function standIn(rota: Rota, person: string, at: Instant): Omit<Duty, 'shift'> | undefined {
  const seen = new Set<string>();
  let here = person;
  let covers: Away | undefined;
  for (;;) {
    if (seen.has(here)) return undefined;
    seen.add(here);
    // Of several absences at once the one entered last counts.
    const away = rota.away.findLast((one) => one.person === here && runs(one, at));
    if (!away) return covers ? { person: here, covers } : { person: here };
    if (away.cover === undefined) return undefined;
    here = away.cover;
    covers = away;
  }
}

/**
 * Keys of the people on duty at `at` at the provider, in one of the roles (any role if none), absences
 * replaced by their cover, each once, by the start of their shift. `reached`: only these count.
 */
export function onDuty(
  rota: Rota,
  at: Instant,
  where: Where,
  reached: (person: string) => boolean,
): string[] {
  return [...new Set(duties(rota, at, where).map(({ person }) => person))].filter(reached);
}

/**
 * When this person's present duty at the provider ends: their shift and those that follow it without a
 * break, an absence, or the end of what they cover. Undefined if it has no end yet, and for somebody who is
 * not on duty there at `at`.
 */
export function dutyEnds(rota: Rota, person: string, provider: string, at: Instant): Instant | undefined {
  // Theirs can only be their own shifts, and those of people whose absences lead to them.
  const people = new Set([person]);
  for (let size = 0; size < people.size; ) {
    size = people.size;
    for (const away of rota.away) {
      if (away.cover !== undefined && people.has(away.cover)) people.add(away.person);
    }
  }
  const shifts = rota.shifts.filter((shift) => people.has(shift.person));
  const theirs = there({ shifts, away: rota.away }, { provider });
  const here = (when: Instant): boolean =>
    duties(theirs, when, { provider }).some((duty) => duty.person === person);
  if (!here(at)) return undefined;
  return changesAfter(theirs, at, { provider }).find((when) => !here(when));
}

/** Every instant after `at` at which somebody's duty there may begin or end, in order. */
export function changesAfter(rota: Rota, at: Instant, where: Where): Instant[] {
  const ends = [...there(rota, where).shifts, ...rota.away].flatMap(({ from, to }) =>
    to === undefined ? [from] : [from, to],
  );
  return [...new Set(ends)].filter((when) => when > at).sort();
}

/** When anybody's duty or absence next begins or ends after `at`; undefined when nothing more is known. */
export function nextBoundary({ shifts, away }: Rota, at: Instant): Instant | undefined {
  let next: Instant | undefined;
  for (const { from, to } of [...shifts, ...away]) {
    for (const when of to === undefined ? [from] : [from, to]) {
      if (when > at && (next === undefined || when < next)) next = when;
    }
  }
  return next;
}

/** Who comes next: the first instant after `at` at which somebody is on duty there who was not until then, and who. */
export function nextOnDuty(
  rota: Rota,
  at: Instant,
  where: Where,
): { readonly from: Instant; readonly duties: readonly Duty[] } | undefined {
  let before = new Set(duties(rota, at, where).map(({ person }) => person));
  for (const from of changesAfter(rota, at, where)) {
    const then = duties(rota, from, where);
    const fresh = then.filter(({ person }) => !before.has(person));
    if (fresh.length > 0) return { from, duties: fresh };
    before = new Set(then.map(({ person }) => person));
  }
  return undefined;
}

/**
 * The gaps there that begin in (`after`, `upTo`]: nobody is on duty from then, and somebody was until then.
 * Where the rota has never had anybody there is no gap: nobody is expected there.
 */
export function gapsAt(
  rota: Rota,
  span: { readonly after: Instant; readonly upTo: Instant },
  where: Required<Where>,
  reached: (person: string) => boolean,
): Gap[] {
  const here = there(rota, where);
  const someone = (when: Instant): boolean => onDuty(here, when, where, reached).length > 0;
  const changes = changesAfter(here, span.after, where);
  const gaps: Gap[] = [];
  let before = someone(span.after);
  for (const [index, from] of changes.entries()) {
    if (from > span.upTo) break;
    const now = someone(from);
    if (before && !now) {
      const to = changes.slice(index + 1).find(someone);
      gaps.push({ provider: where.provider, roles: where.roles, from, ...(to !== undefined && { to }) });
    }
    before = now;
  }
  return gaps;
}

/** Names a gap by where and when it begins: it is told once. */
export const gapName = ({ provider, roles, from }: Gap): string => `${provider}|${roles.join(',')}|${from}`;
