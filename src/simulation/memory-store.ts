import type { Doc, EventDoc, Key } from '../core/change.ts';
import { Conflict } from '../core/errors.ts';
import { type ReadUp, readNothingUp } from '../store/read-up.ts';
import { checkBatch, checkPage, type Listed, type Store, type Stored, type Write } from '../store/store.ts';

interface Entry {
  readonly place: string;
  readonly key: Key;
  readonly id: string;
}

/** A store in memory, with a look inside for whoever watches it. */
export interface MemoryStore extends Store {
  /** The documents of a partition by id, as they are now. */
  inside(key: Key): ReadonlyMap<string, Stored>;
  /** Every partition that holds something. */
  keys(): readonly Key[];
  /** Another writer was here: what stands under this id is as it was, under a new etag. */
  touch(key: Key, id: string): boolean;
}

export interface MemoryOptions {
  /**
   * `frozen`: what is handed out is what is kept, and changing it throws; quick, and finds whoever would.
   * `copied`: documents go in and out as copies.
   */
  readonly keep?: 'frozen' | 'copied';
  readonly readUp?: ReadUp;
}

/** The store of a simulated world: nothing of it waits, and the same calls give the same etags. */
export function createMemoryStore({
  keep = 'frozen',
  readUp = readNothingUp,
}: MemoryOptions = {}): MemoryStore {
  const partitions = new Map<string, { readonly key: Key; readonly docs: Map<string, Stored> }>();
  const lists = new Map<string, Entry[]>();
  let version = 0;
  const taken = keep === 'frozen' ? frozen : <T>(value: T): T => JSON.parse(JSON.stringify(value));
  const given = keep === 'frozen' ? <T>(value: T): T => value : <T>(value: T): T => structuredClone(value);
  const nameOf = ({ pathwayId, caseId }: Key): string => `${pathwayId}\n${caseId}`;
  const docsOf = (key: Key): Map<string, Stored> | undefined => partitions.get(nameOf(key))?.docs;
  const listOf = (pathwayId: string, list: string): Entry[] => {
    const name = `${pathwayId}\n${list}`;
    const found = lists.get(name) ?? [];
    lists.set(name, found);
    return found;
  };

  /** The first entry after `place`, or at it. */
  function search(entries: readonly Entry[], place: string, after: boolean): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const here = entries[middle]?.place ?? '';
      if (after ? here <= place : here < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function unlist(key: Key, doc: Doc): void {
    for (const [list, place] of Object.entries(doc.lists ?? {})) {
      const entries = listOf(key.pathwayId, list);
      entries.splice(search(entries, place, false), 1);
    }
  }

  function enlist(key: Key, doc: Doc): void {
    for (const [list, place] of Object.entries(doc.lists ?? {})) {
      const entries = listOf(key.pathwayId, list);
      const at = search(entries, place, false);
      if (entries[at]?.place === place)
        throw new Error(`a place on list ${list} is taken by another document`);
      entries.splice(at, 0, { place, key, id: doc.id });
    }
  }

  return {
    async get<T extends Doc>(key: Key, id: string) {
      const found = docsOf(key)?.get(id);
      return found && { doc: given(readUp<T>(found.doc)), etag: found.etag };
    },

    async commit(key, writes) {
      checkBatch(writes);
      const docs = docsOf(key) ?? new Map<string, Stored>();
      for (const write of writes) refuse(write, docs.get(write.do === 'remove' ? write.id : write.doc.id));
      if (!partitions.has(nameOf(key))) partitions.set(nameOf(key), { key: { ...key }, docs });
      const etag = `v${++version}`;
      for (const write of writes) {
        const old = docs.get(write.do === 'remove' ? write.id : write.doc.id);
        if (old) unlist(key, old.doc);
      }
      for (const write of writes) {
        if (write.do === 'remove') {
          docs.delete(write.id);
          continue;
        }
        const doc = taken(write.doc);
        docs.set(doc.id, { doc, etag });
        enlist(key, doc);
      }
    },

    async history(key) {
      const events = [...(docsOf(key)?.values() ?? [])].map(({ doc }) => doc).filter(isEvent);
      return given(events.sort((a, b) => (a.id < b.id ? -1 : 1)));
    },

    async page<T extends Doc>(pathwayId: string, list: string, page: Parameters<Store['page']>[2]) {
      checkPage(page);
      const { after = '', upTo, limit } = page;
      const entries = listOf(pathwayId, list);
      const from = search(entries, after, true);
      const to = upTo === undefined ? entries.length : search(entries, upTo, true);
      return entries.slice(from, Math.min(to, from + limit)).flatMap(({ place, key, id }): Listed<T>[] => {
        const found = docsOf(key)?.get(id);
        return found ? [{ key, place, doc: given(readUp<T>(found.doc)), etag: found.etag }] : [];
      });
    },

    async count(pathwayId, list, upTo) {
      const entries = listOf(pathwayId, list);
      return upTo === undefined ? entries.length : search(entries, upTo, true);
    },

    async *everything(pathwayId) {
      for (const { key, docs } of [...partitions.values()]) {
        if (key.pathwayId !== pathwayId) continue;
        for (const { doc } of [...docs.values()]) yield { key, doc: given(doc) };
      }
    },

    async close() {},

    inside: (key) => docsOf(key) ?? NOTHING,
    keys: () => [...partitions.values()].map(({ key }) => key),
    touch(key, id) {
      const docs = docsOf(key);
      const found = docs?.get(id);
      if (found) docs?.set(id, { doc: found.doc, etag: `v${++version}` });
      return found !== undefined;
    },
  };
}

const NOTHING: ReadonlyMap<string, Stored> = new Map();
const isEvent = (doc: Doc): doc is EventDoc => doc.kind === 'event' || doc.id.startsWith('event:');

function refuse(write: Write, old: Stored | undefined): void {
  const wrong =
    write.do === 'create'
      ? old && 'the id is taken'
      : write.do === 'replace'
        ? old?.etag !== write.etag && (old ? 'another writer was faster' : 'the document is gone')
        : write.do === 'remove' && !old && 'the document is gone';
  if (wrong) throw new Conflict(`${wrong}: load again and decide again`);
}

function frozen<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  for (const one of Object.values(value)) frozen(one);
  return Object.freeze(value);
}
