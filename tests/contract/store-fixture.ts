import { afterEach, beforeEach } from 'vitest';
import type { Doc, Key } from '../../src/core/change.ts';
import type { ReadUp } from '../../src/store/read-up.ts';
import type { Held, Store } from '../../src/store/store.ts';

/** A store for one test: opened fresh and empty, or at least with pathways that nobody used before. */
export interface OpenedStore {
  readonly store: Store;
  /** Opens what the store kept once more, where it keeps anything; the first stays usable. */
  readonly reopen?: () => Promise<Store>;
  /** Closes every store that was opened, and removes what was kept. */
  close(): Promise<void>;
}
export type OpenStore = (options?: { readUp?: ReadUp }) => Promise<OpenedStore>;

/** A document of the tests, with a field that tells one version of it from another. */
export interface Note extends Doc {
  readonly text: string;
}
export const note = (id: string, text = '', lists?: Readonly<Record<string, string>>): Note => ({
  id,
  kind: 'test-note',
  schema: 1,
  ...(lists && { lists }),
  text,
});

/** Suites run against databases that keep what earlier runs wrote, so each test has pathways of its own. */
let pathways = 0;
const run = Math.floor(performance.timeOrigin).toString(36);
export const freshPathway = (): string => `pathway-${run}-${process.pid}-${++pathways}`;

/** All that an iterable gives. */
export async function gather(held: AsyncIterable<Held>): Promise<Held[]> {
  const all: Held[] = [];
  for await (const one of held) all.push(one);
  return all;
}

/** What each test of the contract works with: the store of this test, one case of a fresh pathway, short verbs. */
export interface Fixture {
  readonly open: OpenStore;
  readonly store: Store;
  readonly key: Key;
  reopen(): Promise<Store>;
  create(doc: Doc, at?: Key): Promise<void>;
  /** The etag of a document, or one that no document has. */
  etagOf(id: string, at?: Key): Promise<string>;
  texts(...ids: string[]): Promise<(string | undefined)[]>;
  places(list: string, page: { after?: string; upTo?: string; limit: number }): Promise<string[]>;
}

/** Opens a store before each test of the suite that calls this, and closes it after. */
export function storeFixture(open: OpenStore): Fixture {
  let opened: OpenedStore;
  let key: Key;
  beforeEach(async () => {
    opened = await open();
    key = { pathwayId: freshPathway(), caseId: 'C-1' };
  });
  afterEach(() => opened.close());
  return {
    open,
    get store() {
      return opened.store;
    },
    get key() {
      return key;
    },
    async reopen() {
      if (!opened.reopen) throw new Error('a store that keeps what it is given can be opened again');
      return opened.reopen();
    },
    create: (doc, at = key) => opened.store.commit(at, [{ do: 'create', doc }]),
    etagOf: async (id, at = key) => (await opened.store.get(at, id))?.etag ?? 'none',
    texts: (...ids) => Promise.all(ids.map(async (id) => (await opened.store.get<Note>(key, id))?.doc.text)),
    places: async (list, page) =>
      (await opened.store.page(key.pathwayId, list, page)).map((found) => found.place),
  };
}
