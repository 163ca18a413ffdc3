import { linkEvents } from '../core/audit.ts';
import {
  type Change,
  type Doc,
  type Head,
  type Key,
  type NoticeDoc,
  noticeId,
  type TimerDoc,
  timerId,
} from '../core/change.ts';
import { type Clock, type Instant, msBetween } from '../core/clock.ts';
import { Conflict, Unavailable } from '../core/errors.ts';
import type { Store, Stored, Write } from './store.ts';

/** What a decision is made from: the head as loaded, and whatever else of the partition it asks for. */
export interface Loaded<H extends Head> {
  readonly key: Key;
  readonly head: H | undefined;
  get<T extends Doc>(id: string): Promise<T | undefined>;
}

/** A decision: what is to be true afterwards (nothing, where there is no change), and the answer. */
export interface Decision<R> {
  readonly change?: Change;
  readonly answer: R;
}

/** A turn's time: within it conflicts and lost answers are tried again, after it the caller is told to try later. */
export const TURN_MS = 8_000;

/**
 * Runs one decision on one partition: load, decide, commit under the head's ETag; again from the start
 * when another writer was faster. Turns on one partition queue inside this process.
 * A decision may run several times and must only decide. Errors: whatever `decide` throws;
 * `Unavailable` when the turn's time is spent.
 */
export type RunTurn = <H extends Head, R>(
  key: Key,
  headId: string,
  decide: (loaded: Loaded<H>, now: Instant) => Promise<Decision<R>> | Decision<R>,
) => Promise<R>;

export function createTurns(store: Store, clock: Clock, random: () => number = Math.random): RunTurn {
  const queues = new Map<string, Promise<unknown>>();

  return async function run<H extends Head, R>(
    key: Key,
    headId: string,
    decide: (loaded: Loaded<H>, now: Instant) => Promise<Decision<R>> | Decision<R>,
  ): Promise<R> {
    const name = `${key.pathwayId}\n${key.caseId}\n${headId}`;
    const before = queues.get(name) ?? Promise.resolve();
    const mine = before.then(
      () => attempt<H, R>(key, headId, decide),
      () => attempt<H, R>(key, headId, decide),
    );
    queues.set(name, mine);
    try {
      return await mine;
    } finally {
      if (queues.get(name) === mine) queues.delete(name);
    }
  };

  /** Removing what is already gone is done: the head's ETag keeps this check true until the commit. */
  async function present(key: Key, writes: Write[]): Promise<Write[]> {
    const kept: Write[] = [];
    for (const write of writes) {
      if (write.do !== 'remove' || (await store.get(key, write.id))) kept.push(write);
    }
    return kept;
  }

  async function attempt<H extends Head, R>(
    key: Key,
    headId: string,
    decide: (loaded: Loaded<H>, now: Instant) => Promise<Decision<R>> | Decision<R>,
  ): Promise<R> {
    const started = clock.now();
    for (let tries = 0; ; tries++) {
      try {
        const head = await store.get<H>(key, headId);
        const get = async <T extends Doc>(id: string) => (await store.get<T>(key, id))?.doc;
        const now = clock.now();
        const { change, answer } = await decide({ key, head: head?.doc, get }, now);
        if (change) await store.commit(key, await present(key, writesOf(key, head, headId, change, now)));
        return answer;
      } catch (error) {
        const again = error instanceof Conflict || error instanceof Unavailable;
        if (!again) throw error;
        const wait = Math.max(
          error instanceof Unavailable ? (error.retryAfterMs ?? 0) : 0,
          Math.min(500, 5 * 2 ** Math.min(tries, 6)) * (0.5 + random()),
        );
        if (msBetween(started, clock.now()) + wait > TURN_MS) {
          throw new Unavailable('the turn ran out of time', 'unknown', { cause: error });
        }
        await clock.sleep(wait);
      }
    }
  }
}

/** The batch of a change: the head with its new link, then documents, events, notices and timers. */
export function writesOf<H extends Head>(
  key: Key,
  head: Stored<H> | undefined,
  headId: string,
  change: Change,
  now: Instant,
): Write[] {
  const base = (change.documents?.find((doc) => doc.id === headId) ?? head?.doc) as H | undefined;
  if (!base) throw new Error(`a change without its head document ${headId}`);
  const linked = linkEvents(key, head?.doc.audit ?? { seq: 0, hash: '' }, change.events ?? [], now);
  const newHead: H = { ...base, audit: linked.head };
  const writes: Write[] = [
    head ? { do: 'replace', doc: newHead, etag: head.etag } : { do: 'create', doc: newHead },
  ];
  for (const doc of change.documents ?? []) if (doc.id !== headId) writes.push({ do: 'put', doc });
  for (const doc of linked.events) writes.push({ do: 'create', doc });
  for (const notice of change.notices ?? []) {
    const id = noticeId(notice, linked.head.seq);
    const doc: NoticeDoc = {
      id,
      kind: 'notice',
      schema: 1,
      lists: { due: duePlace(now, key.caseId, id) },
      notice,
      raisedAt: now,
      due: now,
      attempts: 0,
    };
    writes.push({ do: 'put', doc });
  }
  for (const { subject, fires, due } of change.timers ?? []) {
    const id = timerId(subject);
    if (due === null) {
      writes.push({ do: 'remove', id });
      continue;
    }
    const doc: TimerDoc = {
      id,
      kind: 'timer',
      schema: 1,
      lists: { due: duePlace(due, key.caseId, id) },
      subject,
      fires,
      due,
    };
    writes.push({ do: 'put', doc });
  }
  for (const id of change.removed ?? []) writes.push({ do: 'remove', id });
  return writes;
}

/** The place on the list `due`: by time, then by case, so that places are unique. */
export const duePlace = (due: Instant, caseId: string, id: string): string => `${due}|${caseId}|${id}`;
