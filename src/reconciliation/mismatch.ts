import type { ActorRef } from '../core/actors.ts';
import type { Doc, Head, Key, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { MismatchKind } from './reconciliation.ts';

/** Why a mismatch needs nothing more. */
export const SETTLINGS = {
  'list-to-mend': 'The list is wrong, and will be put right in its next issue',
  'baton-to-mend': 'Baton is wrong, and will be put right here',
  'both-right': 'Both are right: they mean different things',
  agreed: 'The partners agreed to leave it so',
} as const;
export type Settling = keyof typeof SETTLINGS;

/** One mismatch, in the partition of the provider that it is for. Its person is in its case. */
export interface Mismatch extends Doc {
  readonly kind: 'mismatch';
  readonly caseId: string;
  readonly what: MismatchKind;
  readonly provider: string;
  /** That provider's own id of the case, where it has one. */
  readonly alias?: string;
  readonly says: string;
  /** When it was first found, and in which run; it keeps both while it is found again. */
  readonly since: Instant;
  readonly run: string;
  readonly settleBy: Instant;
  /** Remembered until what it says changes. */
  readonly settled?: {
    readonly by: ActorRef;
    readonly at: Instant;
    readonly reason: Settling;
    readonly words: string;
  };
}

/** The mismatches of one provider: a partition of its own, whose chain records what was found, gone and settled. */
export interface MismatchesDoc extends Head {
  readonly kind: 'mismatches';
  readonly provider: string;
}

/** What one run found for one provider: one card and one ladder for all of it, however much it is. */
export interface Batch extends Doc {
  readonly kind: 'mismatch-batch';
  readonly provider: string;
  readonly run: string;
  readonly since: Instant;
  readonly settleBy: Instant;
  readonly agreementVersion: number;
  readonly revision: number;
  readonly shownTo: readonly Route[];
  /** Not settled in time: it climbs. */
  readonly climbing?: true;
  readonly ended?: Instant;
}

export const MISMATCHES_HEAD = 'mismatches';
export const mismatchesCase = (provider: string): string => `_mismatches:${provider}`;
export const mismatchesKey = (pathwayId: string, provider: string): Key => ({
  pathwayId,
  caseId: mismatchesCase(provider),
});
export const providerOfCase = (caseId: string): string => caseId.replace(/^_mismatches:/, '');

/** A case has one of a kind with a provider. */
export const mismatchId = (caseId: string, what: MismatchKind): string => `mismatch:${caseId}:${what}`;
export const batchId = (run: string): string => `batch:${run}`;
/** Those of a provider that are not over, by their run. */
export const batchesList = (provider: string): string => `mismatches.batches@${provider}`;
export const batchSubject = (run: string): string => `mismatches:${run}`;
export const runIn = (subject: string): string => subject.replace(/^mismatches:/, '');

/** All of a provider's, by case: what a run walks beside the cases. */
export const knownList = (provider: string): string => `mismatches.known@${provider}`;
/** Those of a provider that wait, by the run that found them. */
export const ofRunList = (provider: string): string => `mismatches.of@${provider}`;

/** The mismatch with its places: settled, it waits on no list. */
export function mismatchListed(mismatch: Mismatch): Mismatch {
  const { caseId, what, provider, since, run, settled } = mismatch;
  const place = `${caseId}|${what}`;
  const waiting = {
    mismatches: `${since}|${place}|${provider}`,
    [`mismatches@${provider}`]: `${since}|${place}`,
    [ofRunList(provider)]: `${run}|${place}`,
  };
  return { ...mismatch, lists: { [knownList(provider)]: place, ...(settled ? {} : waiting) } };
}

/** The record of a provider's mismatches before the first. */
export const begunMismatches = (provider: string): MismatchesDoc => ({
  id: MISMATCHES_HEAD,
  kind: 'mismatches',
  schema: 1,
  audit: { seq: 0, hash: '' },
  lists: { chains: mismatchesCase(provider) },
  provider,
});
