import type { Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';

/**
 * What is open between the partners in one week: a partition a week, created once, whose head is the digest. It
 * holds counts and ids, and no name.
 */

/** What is counted, of each provider. */
export const FIGURES = [
  'unowned',
  'actionsOpen',
  'actionsOverdue',
  'handoversUnanswered',
  'handoversRejected',
] as const;
export type Figure = (typeof FIGURES)[number];
/** What was not counted then is missing; it is not nothing. */
export type Figures = Readonly<Partial<Record<Figure, number>>>;

/** One thing that is open, as far as a digest keeps it. */
export interface Line {
  readonly kind: 'unowned' | 'action' | 'handover';
  /** Of the case, or of the action. */
  readonly id: string;
  /** Of a handover, within its case. */
  readonly handoverId?: string;
  /** Whose it is to act. */
  readonly provider: string;
  readonly since: Instant;
  /** By when somebody was to act. */
  readonly needBy: Instant;
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
}

/** What was found at one moment. The whole is the sum of its parts. */
export interface Findings {
  readonly at: Instant;
  readonly parts: readonly Part[];
  /** Of every list that the partners agreed. */
  readonly caseloads: readonly ListStands[];
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

/** Whose digest is shown: everybody's, or that of some providers. */
export type Scope = 'all' | readonly string[];

/** The id of a digest's head document. */
export const DIGEST_HEAD = 'digest';
/** Digests by week. */
export const DIGESTS = 'digests';
export const digestCase = (week: string): string => `_digest:${week}`;
export const digestKey = (pathwayId: string, week: string): Key => ({ pathwayId, caseId: digestCase(week) });
export const digestSubject = (week: string): string => `digest:${week}`;
export const weekIn = (subject: string): string => subject.replace(/^digest:/, '');

/** Lines on a card, and kept of each provider. */
export const LINES = 5;
