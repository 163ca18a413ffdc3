import type { ActorRef } from '../core/actors.ts';
import type { Doc, Head, Key, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { HeldList } from './held.ts';
import type { Wrong } from './wrong.ts';

/** One import of a partner's list: `000007`, counted by provider, so that ids sort as the lists came. */
export interface ListRef {
  readonly id: string;
  /** When it was true, as whoever imported it says. */
  readonly asOf: Instant;
}

/** The lists of one provider: a partition of its own, whose chain records every import. It names nobody. */
export interface ListDoc extends Head {
  readonly kind: 'list';
  readonly provider: string;
  /** How many lists went in so far. */
  readonly count: number;
  /** Absent while the first is held. */
  readonly newest?: ListRef & {
    /** SHA-256 of the file. */
    readonly hash: string;
    /** Its good lines; unknown of lists that came before they were counted. */
    readonly lines?: number;
    /** While its lines go in; a crash leaves it so, and the same file again goes on with it. */
    readonly state: 'importing' | 'in';
    /** When its first line went in: what was told since then is looked at for duplicates. */
    readonly beganAt?: Instant;
  };
  /** The first list that went in whole: the baseline. */
  readonly baseline?: string;
  /** The last list that waits to be confirmed, until one goes in. */
  readonly held?: HeldList;
}

/** Cases that one list brought without a holder, too many for a card and a ladder each. */
export interface Together extends Doc {
  readonly kind: 'together';
  readonly provider: string;
  readonly list: string;
  readonly asOf: Instant;
  /** How many came without a holder. */
  readonly brought: number;
  readonly since: Instant;
  readonly needBy: Instant;
  readonly agreementVersion: number;
  readonly revision: number;
  readonly shownTo: readonly Route[];
  readonly ended?: { readonly by: ActorRef; readonly at: Instant };
}

/** What an import did. */
export interface Imported {
  readonly list: ListRef;
  /** The provider's first list. */
  readonly baseline: boolean;
  readonly lines: number;
  readonly fresh: number;
  readonly updated: number;
  readonly same: number;
  /** New cases that nobody holds. */
  readonly unowned: number;
  readonly wrong: Wrong;
}

/** A list as a partner's system sent it. */
export interface SentList {
  readonly pathwayId: string;
  readonly provider: string;
  readonly idempotencyKey: string;
  /** SHA-256 of the list in hex. */
  readonly hash: string;
  /** When it was true, as it was written; see `readTime`. */
  readonly asOf?: string;
  readonly allOrNothing: boolean;
  readonly confirmed: boolean;
  /** What it says, unpacked; from its beginning each time. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** What its sender is told of it. */
export interface ListAnswer {
  readonly list: { readonly id: string; readonly asOf: Instant };
  readonly baseline: boolean;
  /** Good ones. */
  readonly lines: number;
  readonly cases: { readonly new: number; readonly updated: number; readonly same: number };
  /** New cases that nobody holds. */
  readonly unowned: number;
  readonly wrong: { readonly lines: number; readonly values: number };
  /** The first of what is wrong, by line and column. */
  readonly errors: readonly Problem[];
}

/** Is this list the baseline of its provider: itself, or while none went in whole before it? */
export const isBaseline = ({ baseline, newest, count }: ListDoc, list: string): boolean => {
  // Recorded before the baseline was: the first that came.
  const known = baseline ?? (newest?.state === 'in' && count > 0 ? listId(1) : undefined);
  return known === undefined || known === list;
};

export const LIST_HEAD = 'list';
/** Above so many in one go, one card and one ladder speak for all. */
export const MOST_ALONE = 20;

export const listCase = (provider: string): string => `_list:${provider}`;
export const providerIn = (caseId: string): string => caseId.replace(/^_list:/, '');
export const listKey = (pathwayId: string, provider: string): Key => ({
  pathwayId,
  caseId: listCase(provider),
});
export const listId = (n: number): string => String(n).padStart(6, '0');

/** What a list's cases without a holder climb as, and what their notices are about. */
export const listSubject = (list: string): string => `list:${list}`;
export const listIn = (subject: string): string => subject.replace(/^list:/, '');
export const togetherId = (list: string): string => `together:${list}`;
/** That a provider's first list is to be checked, until the action is set. */
export const BASELINE_SUBJECT = 'baseline';
