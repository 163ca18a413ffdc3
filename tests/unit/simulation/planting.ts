import { eventHash } from '../../../src/core/audit.ts';
import type { Doc, EventDoc, Head, Key } from '../../../src/core/change.ts';
import { type Instant, plusMs } from '../../../src/core/clock.ts';
import type { Messenger } from '../../../src/core/messenger.ts';
import type { Invariant } from '../../../src/simulation/invariants.ts';
import type { Planted } from '../../../src/simulation/run.ts';
import type { Listed, Page, Store, Stored, Write } from '../../../src/store/store.ts';

/** A fault in the program, as a test plants it, and the invariant that it breaks. */
export interface Fault {
  readonly what: string;
  readonly breaks: Invariant;
  readonly planted: Planted;
  /** It shows at the end of a world: a short one is enough. */
  readonly days?: number;
  /** The first world that is looked at: the fault has no occasion in those before. */
  readonly from?: number;
}

export type Commit = (
  key: Key,
  writes: readonly Write[],
  store: Store,
) => Promise<readonly Write[]> | readonly Write[];

/** The writes of every commit, changed; none left: the commit is lost. */
export const commits = (change: Commit): Planted => ({
  store: (store) => ({
    ...store,
    async commit(key, writes) {
      const changed = await change(key, writes, store);
      if (changed.length > 0) await store.commit(key, changed);
    },
  }),
});

/** Every document of a kind, changed as it is written. */
export const writing = <T extends Doc>(kind: T['kind'], change: (doc: T) => Doc): Planted =>
  commits((_, writes) =>
    writes.map((write) =>
      write.do !== 'remove' && write.doc.kind === kind ? { ...write, doc: change(write.doc as T) } : write,
    ),
  );

/** Every document that is read by itself, changed. */
export const reading = (change: (key: Key, id: string, found: Stored, now: Instant) => Stored): Planted => ({
  store: (store, now) => ({
    ...store,
    async get<T extends Doc>(key: Key, id: string) {
      const found = await store.get<T>(key, id);
      return found && (change(key, id, found, now()) as Stored<T>);
    },
  }),
});

/** What is read of the list of what is due, changed. */
export const due = (
  change: (listed: readonly Listed[], now: Instant) => readonly Listed[],
  ahead = 0,
): Planted => ({
  store: (store, now) => ({
    ...store,
    async page<T extends Doc>(pathwayId: string, list: string, page: Page) {
      const upTo = list === 'due' && ahead > 0 ? { upTo: `${plusMs(now(), ahead)}|~` } : {};
      const listed = await store.page<T>(pathwayId, list, { ...page, ...upTo });
      return list === 'due' ? ([...change(listed, now())] as Listed<T>[]) : listed;
    },
  }),
});

export const messenger = (change: (messenger: Messenger) => Partial<Messenger>): Planted => ({
  messenger: (real) => ({ post: real.post, edit: real.edit, ...change(real) }),
});

export const without = <T extends object, K extends keyof T>(doc: T, field: K): T => {
  const { [field]: _, ...rest } = doc;
  return rest as T;
};
export const hasEvent = (writes: readonly Write[], type: string): boolean =>
  writes.some((write) => write.do === 'create' && (write.doc as EventDoc).type === type);

/** Writes whose events were changed, as a chain that holds. */
export function relinked(key: Key, writes: readonly Write[]): Write[] {
  let hash: string | undefined;
  const events = writes.map((write): Write => {
    if (write.do === 'remove' || write.doc.kind !== 'event') return write;
    const event = write.doc as EventDoc;
    const next = { ...event, prev: hash ?? event.prev };
    hash = eventHash(key, next);
    return { ...write, doc: { ...next, hash } as EventDoc };
  });
  return events.map((write) => {
    const audit = write.do !== 'remove' ? (write.doc as Head).audit : undefined;
    if (write.do === 'remove' || !audit || hash === undefined) return write;
    return { ...write, doc: { ...write.doc, audit: { ...audit, hash } } as Head };
  });
}

/** What leaves out of commits with an event whatever fits. */
export const dropping = (event: string, drop: (write: Write) => boolean): Planted =>
  commits((_, writes) => (hasEvent(writes, event) ? writes.filter((write) => !drop(write)) : writes));

export const idIn = (write: Write): string => (write.do === 'remove' ? write.id : write.doc.id);
