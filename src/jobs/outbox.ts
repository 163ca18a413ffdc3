import { isApart } from '../core/apart.ts';
import { type PagerRoute, type Route, routeName } from '../core/change.ts';
import { type Clock, type Instant, msBetween, plusMs } from '../core/clock.ts';
import type { Messenger, Outcome, Reach } from '../core/messenger.ts';
import type { Listed, Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { createAttempts } from './attempts.ts';
import type { DeliveryDeps } from './delivery.ts';
import type { Lease, Sending } from './lease.ts';
import type { Pace } from './limits.ts';
import { createOwing } from './owed.ts';
import { type Presenters, presenterOf, type WaitingNotice } from './presenter.ts';
import {
  createSlots,
  enqueue,
  MAX_HELD,
  newQueue,
  newWaiting,
  nextOf,
  type Queue,
  type Waiting,
} from './queue.ts';
import { createSettling } from './settle.ts';
import { type WayDeps, wayTo, wayToPager } from './way.ts';

export type { Presenter, Settled } from './presenter.ts';

/** The part of the log that jobs use. */
export interface JobLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface OutboxDeps extends WayDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly turn: RunTurn;
  readonly messenger: Messenger;
  readonly presenters: Presenters;
  readonly log: JobLog;
  readonly random?: () => number;
  /** After so long a message with an unknown outcome is repeated, once; 30 s. */
  readonly repeatMs?: number;
  /**
   * Called with every outcome: metrics, and `succeeded` and `failed` of the book of reachability. `apart`: all that
   * was sent is kept apart, and is counted nowhere.
   */
  readonly told?: (reach: Reach, outcome: Outcome, by: 'post' | 'edit', apart: boolean) => Promise<void>;
}

const REPEAT_MS = 30_000;
/** Conversations served at the same time: outcomes that come together are committed together. */
const PARALLEL = 64;
/** Where nobody was seen yet is looked at again after this. */
const LOOK_AGAIN_MS = 30_000;
/** After so long without anybody in a channel, or in a person's chat, others are told as well, in milliseconds. */
const UNREACHED_MS = { channel: 120_000, person: 10_000 };
/** After so long others have been told, and whoever comes is shown what is open: the notice ends. */
const NEVER_MS = 24 * 60 * 60_000;

/** The sender of one pathway: in order within a conversation, conversations at the same time. */
export interface Outbox {
  /** Notices that are due, as listed; those already here are left as they are. Starts sending. */
  feed(listed: readonly Listed<WaitingNotice>[]): number;
  /** Starts again whatever may go by now. */
  resume(): void;
  /** Somebody was seen where nobody was: look at once. */
  reached(): void;
  /** What an earlier holder of the lease was sending when it stopped has an unknown outcome. */
  recover(posts: readonly Sending[]): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Forgets what waits (the lease is gone); what is under way is still recorded. */
  clear(): void;
  readonly held: number;
  /** Outcomes recorded since the start. */
  readonly recorded: number;
}

/** `raised`: called when more was raised with an outcome that was recorded. */
export function createOutbox(
  deps: OutboxDeps,
  pathwayId: string,
  lease: Lease,
  pace: Pace,
  raised: () => void = () => undefined,
): Outbox {
  const { store, clock, presenters, log } = deps;
  const random = deps.random ?? Math.random;
  const settling = createSettling(deps.turn, raised);
  const told: NonNullable<OutboxDeps['told']> = deps.told ?? (async () => undefined);
  const delivering: DeliveryDeps = {
    store,
    clock,
    messenger: deps.messenger,
    settling,
    pace,
    lease,
    random,
    repeatMs: deps.repeatMs ?? REPEAT_MS,
    told: (...outcome) => told(...outcome, false),
  };
  const queues = new Map<string, Queue>();
  const held = new Map<string, Waiting>();
  const attempts = createAttempts();
  const owing = createOwing(clock, attempts, (error) =>
    log.error({ err: error, pathwayId }, 'an outcome could not be recorded yet'),
  );
  const reported = new Set<string>();
  const slot = createSlots(PARALLEL);

  const nameOf = (caseId: string, noticeId: string): string => `${caseId}|${noticeId}`;
  const free = (at: Instant): boolean => at <= clock.now();

  function queueOf(route: Route | PagerRoute): Queue {
    const name = routeName(route);
    const queue = queues.get(name) ?? newQueue(route);
    queues.set(name, queue);
    return queue;
  }

  function done(queue: Queue, batch: readonly Waiting[]): void {
    for (const one of batch) {
      if (held.get(one.name) === one) held.delete(one.name);
    }
    queue.waiting = queue.waiting.filter((one) => !batch.includes(one));
  }

  /** A mistake of ours or a store that is away: this notice waits longer each time, the others go on. */
  function later(batch: readonly Waiting[], error: unknown): void {
    log.error({ err: error, pathwayId }, 'a notice could not be sent');
    for (const one of batch) {
      one.errors++;
      one.notBefore = plusMs(clock.now(), Math.min(60_000, 1_000 * 2 ** one.errors) * (0.75 + random() / 2));
    }
  }

  async function unreached(queue: Queue, route: Route): Promise<undefined> {
    queue.unreached = true;
    const patience = UNREACHED_MS[route.to];
    queue.notBefore = plusMs(clock.now(), Math.min(LOOK_AGAIN_MS, patience));
    for (const one of [...queue.waiting]) {
      const waited = msBetween(one.doc.raisedAt, clock.now());
      const over = one.doc.fellBack === true && waited >= NEVER_MS;
      if ((one.doc.fellBack && !over) || waited < patience || !lease.held()) continue;
      try {
        // Read again at the next look, now with the mark that others were told; or gone.
        await (over ? settling.never(one) : settling.unreached(one));
        done(queue, [one]);
      } catch (error) {
        later([one], error);
      }
    }
  }

  async function serve(queue: Queue): Promise<void> {
    // What Teams answered is recorded even by a worker that has lost the lease.
    while (free(queue.notBefore) && (await owing.pay(queue)) && lease.held()) {
      const batch = nextOf(queue, clock.now());
      const [first] = batch;
      if (!first) return;
      attempts.begin(batch);
      let answered = false;
      try {
        const { route } = queue;
        const way =
          route.to === 'pager'
            ? await wayToPager(deps, pathwayId, route)
            : ((await wayTo(deps, pathwayId, route)) ?? (await unreached(queue, route)));
        if (!way) return;
        const { tenant, conversationId } = way;
        queue.unreached = false;
        const record = await slot(async () => {
          const wait = pace.wait(tenant, conversationId, clock.now());
          if (wait > 0) {
            queue.notBefore = plusMs(clock.now(), wait);
            return undefined;
          }
          const place = pace.take(tenant, conversationId, clock.now());
          const apart = batch.every(({ key }) => isApart(key.caseId));
          const within: DeliveryDeps = {
            ...delivering,
            lease: lease.within(first.epoch),
            told: (...outcome) => told(...outcome, apart),
          };
          return way.send(within, batch, place).finally(place.end);
        });
        if (!record) {
          if (free(queue.notBefore)) {
            const wait = pace.wait(tenant, conversationId, clock.now());
            queue.notBefore = plusMs(clock.now(), Math.max(wait, 100));
          }
          return;
        }
        answered = true;
        done(queue, batch);
        queue.owed.push({ record, of: batch, tries: 0, notBefore: '' });
      } catch (error) {
        later(batch, error);
      } finally {
        if (!answered) attempts.abandon(batch);
      }
    }
  }

  const canGo = (queue: Queue): boolean =>
    free(queue.notBefore) &&
    (queue.owed.some(({ notBefore }) => free(notBefore)) ||
      (lease.held() && nextOf(queue, clock.now()).length > 0));

  function start(queue: Queue): void {
    if (queue.running || !canGo(queue)) return;
    queue.running = serve(queue)
      .catch((error) => {
        log.error({ err: error, pathwayId }, 'sending stopped and will start again');
        queue.notBefore = plusMs(clock.now(), 5_000);
      })
      .finally(() => {
        queue.running = undefined;
        // To the end of the line, so that every conversation gets its share of the tenant's limit.
        const name = routeName(queue.route);
        queues.delete(name);
        if (queue.waiting.length > 0 || queue.owed.length > 0) queues.set(name, queue);
        start(queue);
      });
  }

  const resume = (): void => {
    // Safeguarding first: its conversations take the free places before others do.
    const urgent = (queue: Queue): number => (queue.waiting[0]?.presenter.first ? 0 : 1);
    for (const queue of [...queues.values()].sort((a, b) => urgent(a) - urgent(b))) start(queue);
  };

  function take({ key, doc }: Listed<WaitingNotice>): boolean {
    const name = nameOf(key.caseId, doc.id);
    if (attempts.isDone(name, doc)) return false;
    // Not before its outcome is recorded as unknown, so that the next says so.
    if (lease.inherited().some((post) => nameOf(post.caseId, post.noticeId) === name)) return false;
    const presenter = presenterOf(presenters, doc.notice.subject);
    if (!presenter) {
      if (!reported.has(name)) log.error({ pathwayId, kind: doc.kind }, 'nothing presents this notice');
      reported.add(name);
      return false;
    }
    const stands = held.get(name);
    if (stands && stands.doc.raisedAt === doc.raisedAt && stands.doc.raisedSeq === doc.raisedSeq)
      return false;
    const queue = queueOf(doc.notice.route);
    if (stands) done(queue, [stands]);
    const waiting = newWaiting({ key, doc, presenter }, name, lease.epoch());
    held.set(name, waiting);
    enqueue(queue, waiting);
    return true;
  }

  return {
    feed(listed) {
      // What goes first is never kept waiting by what is held already.
      const first = ({ doc }: Listed<WaitingNotice>) =>
        presenterOf(presenters, doc.notice.subject)?.first === true;
      const taken = listed.filter((each) => (held.size < MAX_HELD || first(each)) && take(each)).length;
      resume();
      return taken;
    },
    resume,
    reached() {
      for (const queue of queues.values()) if (queue.unreached) queue.notBefore = '';
      resume();
    },
    async recover(posts) {
      for (const post of posts) {
        const name = nameOf(post.caseId, post.noticeId);
        // Still under way here: its own outcome is better than none. Of an attempt by another it says nothing.
        if (attempts.underWay(name, post)) continue;
        const key = { pathwayId, caseId: post.caseId };
        const stands = await store.get<WaitingNotice>(key, post.noticeId);
        const presenter = stands && presenterOf(presenters, stands.doc.notice.subject);
        if (stands && presenter) {
          const { doc } = stands;
          const same = doc.raisedAt === post.raisedAt && doc.raisedSeq === post.raisedSeq;
          // One that counts another attempt by now was recorded before the worker stopped.
          if (same && doc.attempts === post.attempts) await settling.unknown({ key, doc, presenter }, 0);
          if (!same) await settling.doubted({ key, doc, presenter });
        }
        lease.end([post]);
      }
    },
    async idle() {
      for (let running = under(queues); running.length > 0; running = under(queues)) {
        await Promise.all(running);
      }
    },
    clear() {
      for (const queue of queues.values()) queue.waiting = [];
      held.clear();
    },
    get held() {
      return held.size;
    },
    get recorded() {
      return owing.recorded;
    },
  };
}

const under = (queues: ReadonlyMap<string, Queue>): Promise<void>[] =>
  [...queues.values()].flatMap((queue) => queue.running ?? []);
