import type { Doc, EventDoc, Key } from '../core/change.ts';

/** A document and the version it was read at. */
export interface Stored<T extends Doc = Doc> {
  readonly doc: T;
  readonly etag: string;
}

/** A document found on a list, with the case it belongs to and its place. */
export interface Listed<T extends Doc = Doc> extends Stored<T> {
  readonly key: Key;
  readonly place: string;
}

/**
 * One write of a batch.
 * `create`: the id must be free. `replace`: it must still be at `etag`. `put`: whatever is there.
 * `remove`: it must be there.
 */
export type Write =
  | { readonly do: 'create'; readonly doc: Doc }
  | { readonly do: 'replace'; readonly doc: Doc; readonly etag: string }
  | { readonly do: 'put'; readonly doc: Doc }
  | { readonly do: 'remove'; readonly id: string };

export interface Page {
  /** Places after this one only; '' from the start. */
  readonly after?: string;
  /** Places up to and including this one only. */
  readonly upTo?: string;
  /** At most so many, 1 to 1,000. */
  readonly limit: number;
}

/**
 * Everything Baton asks of a database: five verbs. Both stores pass one contract suite
 * (tests/contract). Documents go in and come out as copies.
 *
 * Errors, the same in both: `Conflict` when an etag no longer holds, an id to be created is taken, or
 * a document to be removed or replaced is gone (nothing of the batch was written); `Unavailable` when
 * the database does not answer, with what is known of the effect.
 */
export interface Store {
  /** The document, or undefined. */
  get<T extends Doc>(key: Key, id: string): Promise<Stored<T> | undefined>;
  /**
   * All writes or none, in one partition: 1 to 100 writes, at most 2 MB in all, each id once.
   * Returns when it is durable. A lost answer is settled by reading, not by guessing.
   */
  commit(key: Key, writes: readonly Write[]): Promise<void>;
  /** The partition's events in order. */
  history(key: Key): Promise<EventDoc[]>;
  /** Documents of a pathway on `list`, by place. Fewer than `limit` means that was all. */
  page<T extends Doc>(pathwayId: string, list: string, page: Page): Promise<Listed<T>[]>;
  /** How many documents of a pathway stand on `list` (up to and including place `upTo`, if given). */
  count(pathwayId: string, list: string, upTo?: string): Promise<number>;
  close(): Promise<void>;
}

/** The limits of one batch, as Cosmos DB sets them; the embedded store keeps to them too. */
export const MAX_WRITES = 100;
export const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/** Where the pathways themselves are listed: `page(SYSTEM, 'pathways', …)`. */
export const SYSTEM = '_baton';
