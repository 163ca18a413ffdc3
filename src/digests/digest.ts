import type { Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Arrivals } from '../handovers/arrivals.ts';
import type { MismatchKind } from '../reconciliation/reconciliation.ts';

/**
 * What is open between the partners in one week: a partition a week, created once, whose head is the digest. It
 * holds counts and ids, and no name.
 */

/** What is counted, of each provider: on the lists that the commands show, and as the lists were last compared. */
export const FIGURES = [
  /** Pairs of cases that may be one person, by whose job it is to have them decided. */
  'duplicates',
  'unowned',
  'actionsOpen',
  'actionsOverdue',
  'handoversUnanswered',
  'handoversRejected',
  /** Differences between the register and the lists that wait to be settled. */
  'mismatches',
  /** When the lists were last compared: long waits, and cases with a difference of all that were compared. */
  'longWaits',
  'mismatched',
  'cases',
] as const;
export type Figure = (typeof FIGURES)[number];
/** What was not counted then is missing; it is not nothing. */
export type Figures = Readonly<Partial<Record<Figure, number>>>;

export const LINE_KINDS = ['duplicate', 'unowned', 'action', 'handover', 'mismatch'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** One thing that is open, as far as a digest keeps it. */
export interface Line {
  readonly kind: LineKind;
  /** Of the case, or of the action. */
  readonly id: string;
  /** Of a handover, within its case. */
  readonly handoverId?: string;
  /** The other case of a pair. */
  readonly other?: string;
  /** In what a case and the lists disagree. */
  readonly what?: MismatchKind;
  /** Whose it is to act. */
  readonly provider: string;
  readonly since: Instant;
  /** By when somebody was to act; nobody is given a time for a pair. */
  readonly needBy?: Instant;
  /** A handover that nobody took on after it was rejected. */
  readonly rejected?: true;
}

/** What is open at one provider: counted, and its first lines. */
export interface Part {
  /** Empty for what belongs to providers that are no longer partners. */
  readonly provider: string;
  readonly figures: Figures;
  readonly lines: readonly Line[];
}

/** Where a provider's caseload list stands. */
export interface ListStands {
  readonly provider: string;
  /** When the newest that is in was true; absent where none ever came. */
  readonly asOf?: Instant;
  readonly fresh: boolean;
  /** It is still going in. */
  readonly importing?: true;
  /** The register was compared with this very list. */
  readonly compared?: boolean;
}

/** What was found at one moment. The whole is the sum of its parts. */
export interface Findings {
  readonly at: Instant;
  readonly parts: readonly Part[];
  /** Of every list that the partners agreed. */
  readonly caseloads: readonly ListStands[];
  /** How what was offered in the seven days before came, by sender; absent in digests from before it was counted. */
  readonly arrivals?: readonly Arrivals[];
  /** When the register was last compared with the lists, and in which run; absent where it never was. */
  readonly reconciled?: { readonly run: string; readonly at: Instant };
  /** When the digest of the week before was made: what was open then is carried over. */
  readonly before?: Instant;
}

interface Common extends Head {
  readonly kind: 'digest';
  readonly week: string;
  readonly dueAt: Instant;
}
export type Posted = Common & Findings & { readonly state: 'posted' };
/** Nothing of Baton ran in that week. */
export type Missed = Common & { readonly state: 'missed' };
export type Digest = Posted | Missed;

/** The id of a digest's head document. */
export const DIGEST_HEAD = 'digest';
/** Digests by week. */
export const DIGESTS = 'digests';
export const digestCase = (week: string): string => `_digest:${week}`;
export const digestKey = (pathwayId: string, week: string): Key => ({ pathwayId, caseId: digestCase(week) });
export const digestSubject = (week: string): string => `digest:${week}`;
export const weekIn = (subject: string): string => subject.replace(/^digest:/, '');

/** Lines on a card. */
export const LINES = 5;
/** Lines kept of each provider, for the page to print: more than one page holds. */
export const KEPT = 40;
