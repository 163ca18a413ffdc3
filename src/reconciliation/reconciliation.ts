import { Temporal } from 'temporal-polyfill';
import type { ActorRef } from '../core/actors.ts';
import type { Doc, Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Store } from '../store/store.ts';

/** In what a case of the register and the partners' lists can disagree. */
export const MISMATCH_KINDS = [
  /** Nobody holds it. */
  'unowned',
  /** It may be one person with another case, and nobody has decided that. */
  'duplicate',
  /** A provider holds it here, and no list names it as that provider's. */
  'not-on-list',
  /** Another's list names it as a provider's, whose own list does not have it. */
  'only-on-list',
  /** A list names another holder, or none. */
  'different-holder',
  /** Closed on one side and open on the other. */
  'different-status',
  /** A list says something else of who the person is. */
  'differs',
  /** Closed on its provider's list without an outcome. */
  'missing-outcome',
  /** It waited for a first contact longer than the partners agreed. */
  'long-wait',
  /** The day of its next review was past. */
  'review-overdue',
] as const;
export type MismatchKind = (typeof MISMATCH_KINDS)[number];

/** What a kind is called, as figures and lists say it. */
export const KIND_WORDS: Readonly<Record<MismatchKind, string>> = {
  unowned: 'Nobody holds it',
  duplicate: 'May be one person twice',
  'not-on-list': 'Held here, on no list',
  'only-on-list': 'On another list only',
  'different-holder': 'Different holder',
  'different-status': 'Different status',
  differs: 'Different details of the person',
  'missing-outcome': 'No outcome',
  'long-wait': 'Long wait',
  'review-overdue': 'Review overdue',
};

/** Where the newest list of a provider stands. `importing`: half of it is in, so that it is not compared. */
export interface ListStanding {
  readonly provider: string;
  readonly state: 'fresh' | 'late' | 'missing' | 'importing';
  readonly list?: string;
  readonly asOf?: Instant;
  /** Since when a later list of it is held, and waits to be confirmed. */
  readonly heldSince?: Instant;
}

/** What a run counted. Every case counts once, so that those of the partners add up to the pathway's. */
export interface Counts {
  /** Cases compared: the rate's denominator. */
  readonly cases: number;
  /** Of them, those without any mismatch that waits to be settled. */
  readonly matched: number;
  /** Of them, those with at least one. */
  readonly mismatched: number;
  /** Mismatches that wait, by kind; a case can have several. */
  readonly kinds: Readonly<Record<MismatchKind, number>>;
  /** Mismatches that somebody settled, and that say the same still. */
  readonly settled: number;
  /** Of those that wait and have a document: not there in the run before, and carried over from it. */
  readonly fresh: number;
  readonly carriedOver: number;
}

/**
 * What a run counted for one partner: the cases it holds, or that its list brought while nobody does. A mismatch
 * counts where its case does, whoever is to settle it.
 */
export interface PartnerCounts extends Counts {
  readonly provider: string;
}

/** The result of one run; it names nobody. */
export interface Reconciled extends Doc {
  readonly kind: 'reconciled';
  readonly run: string;
  /** The ISO week, `2026-W48`, in the pathway's zone. */
  readonly week: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly by: ActorRef;
  readonly agreementVersion: number;
  readonly compared: readonly ListStanding[];
  readonly partners: readonly PartnerCounts[];
  readonly all: Counts;
  /** Mismatches of earlier runs that were gone. */
  readonly gone: number;
}

/** The head of the runs of a pathway. */
export interface ReconciliationDoc extends Head {
  readonly kind: 'reconciliation';
  readonly count: number;
  readonly newest?: string;
  /** The last run of each of the last weeks. */
  readonly weeks: Readonly<Record<string, string>>;
  /** The newest run that was made for a week, from when it began: after a crash it goes on under its number. */
  readonly weekly?: { readonly week: string; readonly run: string };
}

export const RECONCILIATION_HEAD = 'reconciliation';
export const RECONCILIATION_CASE = '_reconciliation';
export const reconciliationKey = (pathwayId: string): Key => ({ pathwayId, caseId: RECONCILIATION_CASE });
export const runId = (run: string): string => `run:${run}`;

/** The ISO week of an instant, `2026-W48`, in a zone. */
export function weekOf(at: Instant, zone: string): string {
  const day = Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate();
  return `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`;
}

/** Mismatched cases of a hundred, to one decimal; undefined where no case was compared. */
export const rateOf = ({ cases, mismatched }: Pick<Counts, 'cases' | 'mismatched'>): number | undefined =>
  cases === 0 ? undefined : Math.round((1_000 * mismatched) / cases) / 10;

/** `12 of 340 cases (3.5 %)`; of no case there is no rate. */
export function rateText(counts: Pick<Counts, 'cases' | 'mismatched'>): string {
  const rate = rateOf(counts);
  return rate === undefined
    ? 'no cases'
    : `${counts.mismatched} of ${counts.cases} ${counts.cases === 1 ? 'case' : 'cases'} (${rate} %)`;
}

/** The newest result, or the newest of a week; undefined where there is none. */
export async function readReconciled(
  store: Pick<Store, 'get'>,
  pathwayId: string,
  week?: string,
): Promise<Reconciled | undefined> {
  const key = reconciliationKey(pathwayId);
  const head = (await store.get<ReconciliationDoc>(key, RECONCILIATION_HEAD))?.doc;
  const run = week === undefined ? head?.newest : head?.weeks[week];
  return run === undefined ? undefined : (await store.get<Reconciled>(key, runId(run)))?.doc;
}
