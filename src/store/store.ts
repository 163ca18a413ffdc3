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

/** A document as it lies in the store, with the key of its partition. */
export interface Held {
  readonly key: Key;
  readonly doc: Doc;
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
 * Everything Baton asks of a database: five verbs for its work, and `everything` for verification and
 * export, which must not depend on the lists that they check. Both stores pass one contract suite
 * (tests/contract). Documents go in and come out as copies. `get` and `page` read old versions up
 * (read-up.ts); `history` and `everything` give them as stored, since the chain's hashes are over that.
 *
 * Errors, the same in both: `Conflict` when an etag no longer holds, an id to be created is taken, or
 * a document to be removed or replaced is gone (nothing of the batch was written); `Unavailable` when
 * the database does not answer, with what is known of the effect; `RangeError` when a batch or a page
 * passes the limits below (a mistake in the calling code).
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
  /**
   * Every document of a pathway, in no promised order, read in portions. No snapshot: what is written
   * meanwhile may or may not be among them.
   */
  everything(pathwayId: string): AsyncIterable<Held>;
  close(): Promise<void>;
}

/** The limits of one batch, as Cosmos DB sets them; the embedded store keeps to them too. */
export const MAX_WRITES = 100;
export const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/** The most documents of one page. */
export const MAX_PAGE = 1_000;

/**
 * Throws `RangeError` unless the batch keeps the limits: 1 to 100 writes, each id once, 2 MB of JSON in
 * UTF-8 in all, and no empty place (paging starts after ''). `json`: the documents as JSON, where that is known.
 */
export function checkBatch(writes: readonly Write[], json?: readonly string[]): void {
  if (writes.length < 1 || writes.length > MAX_WRITES) {
    throw new RangeError(`a batch has 1 to ${MAX_WRITES} writes; this one has ${writes.length}`);
  }
  const ids = new Set<string>();
  let bytes = 0;
  for (const [at, write] of writes.entries()) {
    ids.add(write.do === 'remove' ? write.id : write.doc.id);
    if (write.do === 'remove') continue;
    bytes += Buffer.byteLength(json?.[at] ?? JSON.stringify(write.doc));
    if (Object.values(write.doc.lists ?? {}).includes('')) {
      throw new RangeError('a place on a list must not be empty');
    }
  }
  if (ids.size < writes.length)
    throw new RangeError('a batch names each id once; this one names an id twice');
  if (bytes > MAX_BATCH_BYTES) {
    throw new RangeError(`a batch has at most ${MAX_BATCH_BYTES} bytes; this one has ${bytes}`);
  }
}

/** Throws `RangeError` unless a page's limit is a whole number from 1 to 1,000. */
export function checkPage({ limit }: Page): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new RangeError(`a page has 1 to ${MAX_PAGE} documents; ${limit} were asked for`);
  }
}

/** Where the pathways themselves are listed: `page(SYSTEM, 'pathways', …)`. */
export const SYSTEM = '_baton';
