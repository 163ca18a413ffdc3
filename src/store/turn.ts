import { linkEvents } from '../core/audit.ts';
import {
  type Change,
  type Doc,
  type EventDoc,
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

/** A commit that was sent: its last event tells whether it took effect, whoever answered what. */
interface Sent<R> {
  readonly event: EventDoc;
  readonly answer: R;
}

/** A turn's time, queueing included: within it conflicts and lost answers are tried again, after it the caller is told to try later. */
export const TURN_MS = 8_000;

/**
 * Runs one decision on one partition: load, decide, commit under the head's ETag; again from the start
 * when another writer was faster. Turns on one partition queue inside this process.
 * A decision may run several times and must only decide. A commit whose answer was lost is looked for by
 * its last event before it is tried again; a change without events must bear being made twice.
 * Errors: whatever `decide` throws; `Unavailable` when the turn's time is spent.
 */
export type RunTurn = <H extends Head, R>(
  key: Key,
  headId: string,
  decide: (loaded: Loaded<H>, now: Instant) => Promise<Decision<R>> | Decision<R>,
) => Promise<R>;

/** The turns of one process on a store; see `RunTurn`. `random`, from 0 to 1, is the jitter of what is tried again. */
export function createTurns(store: Store, clock: Clock, random: () => number = Math.random): RunTurn {
  const queues = new Map<string, Promise<unknown>>();

  return async function run<H extends Head, R>(
    key: Key,
    headId: string,
    decide: (loaded: Loaded<H>, now: Instant) => Promise<Decision<R>> | Decision<R>,
  ): Promise<R> {
    const name = `${key.pathwayId}\n${key.caseId}\n${headId}`;
    const started = clock.now();
    const turn = () => attempt<H, R>(key, headId, decide, started);
    const mine = (queues.get(name) ?? Promise.resolve()).then(turn, turn);
    queues.set(name, mine);
    try {
      return await mine;
    } finally {
      if (queues.get(name) === mine) queues.delete(name);
    }
  };

  /** Removing what is already gone is done: the head's ETag keeps this check true until the commit. */
  async function present(get: Loaded<Head>['get'], writes: Write[]): Promise<Write[]> {
    const kept: Write[] = [];
    for (const write of writes) {
      if (write.do !== 'remove' || (await get(write.id))) kept.push(write);
    }
    return kept;
  }

  /** Reads each document once: the head's ETag keeps what was read true until the commit. */
  function reader(key: Key, head: Head | undefined): Loaded<Head>['get'] {
    const read = new Map<string, Promise<Doc | undefined>>();
    if (head) read.set(head.id, Promise.resolve(head));
    return <T extends Doc>(id: string) => {
      const known = read.get(id) ?? store.get(key, id).then((stands) => stands?.doc);
      read.set(id, known);
      return known as Promise<T | undefined>;
    };
  }

  async function attempt<H extends Head, R>(
    key: Key,
    headId: string,
    decide: (loaded: Loaded<H>, now: Instant) => Promise<Decision<R>> | Decision<R>,
    started: Instant,
  ): Promise<R> {
    const sent: Sent<R>[] = [];
    let took: 'no' | 'unknown' = 'no';
    let waited: unknown;
    for (let tries = 0, wait = 0; ; tries++) {
      if (msBetween(started, clock.now()) + wait > TURN_MS) {
        throw new Unavailable('Baton is busy: try again in a minute', took, { cause: waited });
      }
      if (wait > 0) await clock.sleep(wait);
      try {
        const head = await store.get<H>(key, headId);
        const done = await settled(key, head?.doc.audit.seq ?? 0, sent);
        if (done) return done.answer;
        const get = reader(key, head?.doc);
        const now = clock.now();
        const { change, answer } = await decide({ key, head: head?.doc, get }, now);
        if (!change) return answer;
        const writes = await present(get, writesOf(key, head, headId, change, now));
        const event = lastEvent(writes);
        if (event) sent.push({ event, answer });
        await store.commit(key, writes);
        return answer;
      } catch (error) {
        const unavailable = error instanceof Unavailable;
        if (!unavailable && !(error instanceof Conflict)) throw error;
        if (unavailable && error.took === 'unknown') took = 'unknown';
        waited = error;
        wait = Math.max(
          unavailable ? (error.retryAfterMs ?? 0) : 0,
          Math.round(Math.min(500, 5 * 2 ** Math.min(tries, 7)) * (0.5 + random())),
        );
      }
    }
  }

  /**
   * The commit among those sent that took effect, though its answer was lost. Even a conflict can be the
   * answer to a client's own repeat, so each that was sent is looked for.
   */
  async function settled<R>(key: Key, seq: number, sent: readonly Sent<R>[]): Promise<Sent<R> | undefined> {
    for (const one of sent) {
      if (one.event.seq > seq) continue;
      const stored = await store.get<EventDoc>(key, one.event.id);
      if (stored?.doc.hash === one.event.hash) return one;
    }
    return undefined;
  }
}

function lastEvent(writes: readonly Write[]): EventDoc | undefined {
  const last = writes.findLast((write) => write.do === 'create' && write.doc.kind === 'event');
  return last?.do === 'create' ? (last.doc as EventDoc) : undefined;
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
  const written = new Map<string, Write>();
  for (const doc of change.documents ?? []) if (doc.id !== headId) written.set(doc.id, { do: 'put', doc });
  for (const doc of linked.events) writes.push({ do: 'create', doc });
  const raised = new Set<string>();
  for (const [nth, notice] of (change.notices ?? []).entries()) {
    const named = noticeId(notice, linked.head.seq);
    // A show collapses into another of the same copy; each tell is said, so a second one gets its own id.
    let id = named;
    for (let n = 2; notice.form === 'tell' && written.has(id); n++) id = `${named}:${n}`;
    const doc: NoticeDoc = {
      id,
      kind: 'notice',
      schema: 1,
      lists: { due: duePlace(now, key.caseId, id) },
      notice,
      raisedAt: now,
      raisedSeq: linked.head.seq,
      ...(notice.form === 'tell' && { nth }),
      due: now,
      attempts: 0,
    };
    written.set(id, { do: 'put', doc });
    raised.add(id);
  }
  for (const { subject, fires, due } of change.timers ?? []) {
    const id = timerId(subject);
    raised.add(id);
    if (due === null) {
      written.set(id, { do: 'remove', id });
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
    written.set(id, { do: 'put', doc });
  }
  // A timer that fired or a notice that was sent, and is raised again by the same change, stays.
  const removed = (change.removed ?? []).filter((id) => !raised.has(id));
  return [...writes, ...written.values(), ...removed.map((id): Write => ({ do: 'remove', id }))];
}

/** The place on the list `due`: by time, then by case, so that places are unique. */
export const duePlace = (due: Instant, caseId: string, id: string): string => `${due}|${caseId}|${id}`;

/** When the timer of a subject is due, as it stands now; undefined when there is none. */
export const timerDue = async (
  { get }: Pick<Loaded<Head>, 'get'>,
  subject: string,
): Promise<Instant | undefined> => (await get<TimerDoc>(timerId(subject)))?.due;

/** Is what was due then and is decided now later than a working system is? */
export type IsLate = (due: Instant | undefined, at: Instant) => boolean;
