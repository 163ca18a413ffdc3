import type { Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Tables } from './suppress.ts';

/**
 * What was published about the concerns of one month: a partition a month, created once and never replaced, since two
 * publications of one month could be compared. It holds nothing that may not be printed.
 */
export interface Published extends Head {
  readonly kind: 'published-concerns';
  /** `2026-11`, in the pathway's zone. */
  readonly month: string;
  readonly at: Instant;
  /** By provider, as drawn; the empty one are those of providers that are no longer partners. */
  readonly parts: Readonly<Record<string, Tables>>;
}

export const PUBLISHED_HEAD = 'published';
export const publishedKey = (pathwayId: string, month: string): Key => ({
  pathwayId,
  caseId: `_concerns:${month}`,
});

/** By what concerns are counted, beside the partner. No category of one follows from that of another. */
export const TABLES = ['theme', 'time', 'outcome'] as const;
export type Table = (typeof TABLES)[number];

/** One concern as it is counted, or not. */
export interface Counted extends Readonly<Record<Table, string>> {
  /** The provider of whoever raised it. */
  readonly partner: string;
  /**
   * Everybody who answers for concerns may know of it: it is about nobody who works or volunteers for a partner. Others
   * are never counted: somebody who may not know of one could subtract all that they do know of.
   */
  readonly open: boolean;
}

/** What a table's categories are called, in the order in which they are told. */
export type Categories = Readonly<Record<Table, Readonly<Record<string, string>>>>;

/** Is this a month as `2026-11`? */
export const isMonth = (month: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(month);
