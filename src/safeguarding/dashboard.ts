import { type Instant, msBetween } from '../core/clock.ts';
import { localDateOf } from '../core/wording.ts';

/** The exact figures of a month, for somebody who may know of every concern that they are made of. */

/** One concern as the dashboard counts it. */
export interface Seen {
  readonly raisedAt: Instant;
  /** The provider of whoever raised it. */
  readonly partner: string;
  /** Kinds of abuse or neglect; a concern may have several. */
  readonly themes: readonly string[];
  readonly acknowledgeBy: Instant;
  readonly acknowledgedAt?: Instant;
  readonly outcome: string;
}

export type Timeliness = 'in-time' | 'late' | 'waiting' | 'overdue';

/** How many concerns of each time, and how long it took those that were acknowledged, in minutes. */
export interface Times extends Readonly<Record<Timeliness, number>> {
  readonly raised: number;
  /** Absent where none was acknowledged. */
  readonly median?: number;
}

export interface Dashboard {
  /** `2026-11`, in the pathway's zone. */
  readonly month: string;
  readonly whole: Times;
  /** By provider. */
  readonly partners: Readonly<Record<string, Times>>;
  /** Concerns with several themes count once for each. */
  readonly themes: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Concerns raised in the months up to this one, oldest first. */
  readonly before: readonly { readonly month: string; readonly raised: number }[];
}

/** Months that the dashboard looks back on, this one with them. */
export const MONTHS_SHOWN = 6;

/** The month so many months before another. */
export function monthsBefore(month: string, back: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 - back;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}

export const timelinessOf = ({ acknowledgedAt, acknowledgeBy }: Seen, now: Instant): Timeliness =>
  acknowledgedAt === undefined
    ? now < acknowledgeBy
      ? 'waiting'
      : 'overdue'
    : acknowledgedAt <= acknowledgeBy
      ? 'in-time'
      : 'late';

const MINUTE_MS = 60_000;

/** The middle of some minutes, and of two in the middle the mean; absent where there are none. */
function medianOf(minutes: readonly number[]): number | undefined {
  const order = [...minutes].sort((a, b) => a - b);
  const half = order.length / 2;
  const [low, high] = [order[Math.ceil(half) - 1], order[Math.floor(half)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}

function timesOf(seen: readonly Seen[], now: Instant): Times {
  const of = (time: Timeliness): number => seen.filter((one) => timelinessOf(one, now) === time).length;
  const median = medianOf(
    seen.flatMap(({ raisedAt, acknowledgedAt }) =>
      acknowledgedAt === undefined ? [] : [msBetween(raisedAt, acknowledgedAt) / MINUTE_MS],
    ),
  );
  return {
    raised: seen.length,
    'in-time': of('in-time'),
    late: of('late'),
    waiting: of('waiting'),
    overdue: of('overdue'),
    ...(median !== undefined && { median }),
  };
}

/** How often each of these occurs, the most frequent first and then by name. */
function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(
    [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1)),
  );
}

/**
 * The figures of a month about concerns that somebody may know of; whoever calls it hands in no other. Every figure is
 * counted from them alone, so that no total can betray another. A concern belongs to the local month it was raised in.
 */
export function dashboardOf(known: readonly Seen[], month: string, zone: string, now: Instant): Dashboard {
  const monthOf = ({ raisedAt }: Seen): string => localDateOf(raisedAt, zone).slice(0, 7);
  const seen = known.filter((one) => monthOf(one) === month);
  const partners = Object.keys(tally(seen.map(({ partner }) => partner)));
  const before = Array.from({ length: MONTHS_SHOWN }, (_, at) =>
    monthsBefore(month, MONTHS_SHOWN - 1 - at),
  ).map((one) => ({ month: one, raised: known.filter((other) => monthOf(other) === one).length }));
  return {
    month,
    whole: timesOf(seen, now),
    partners: Object.fromEntries(
      partners.map((partner) => [
        partner,
        timesOf(
          seen.filter((one) => one.partner === partner),
          now,
        ),
      ]),
    ),
    themes: tally(seen.flatMap(({ themes }) => [...new Set(themes)])),
    outcomes: tally(seen.map(({ outcome }) => outcome)),
    before,
  };
}
