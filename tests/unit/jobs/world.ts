import { expect, onTestFinished } from 'vitest';
import type {
  Change,
  CopyDoc,
  Doc,
  EventDoc,
  Head,
  Key,
  NoticeDraft,
  Route,
} from '../../../src/core/change.ts';
import { copyId } from '../../../src/core/change.ts';
import { type Clock, type Instant, plusMs } from '../../../src/core/clock.ts';
import type { Message, Messenger, Outcome, Reach } from '../../../src/core/messenger.ts';
import type { Presenter, Settled } from '../../../src/jobs/outbox.ts';
import { startTicker, type Ticker, type TickerDeps } from '../../../src/jobs/ticker.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns, type RunTurn } from '../../../src/store/turn.ts';

export const PATHWAY = 'falls';
export const channel = (provider: string): Route => ({ to: 'channel', provider });
export const person = (key: string): Route => ({ to: 'person', person: key });

export interface FakeClock extends Clock {
  /** Moves the time on and wakes who slept so long. */
  advance(ms: number): Promise<void>;
}

/** Time that stands still; waits of less than a second (a retry's jitter) pass by themselves. */
export function fakeClock(start: Instant = '2026-11-24T09:00:00.000Z'): FakeClock {
  let now = start;
  const sleepers = new Set<{ until: Instant; wake: () => void }>();
  return {
    now: () => now,
    sleep(ms, signal) {
      if (ms < 1_000) {
        now = plusMs(now, ms);
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const sleeper = { until: plusMs(now, ms), wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      now = plusMs(now, ms);
      for (const sleeper of [...sleepers]) {
        if (sleeper.until > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export interface Thing extends Doc {
  readonly kind: 'thing';
  readonly revision: number;
  readonly open: boolean;
  readonly extra?: string;
}

interface Expected {
  readonly by: 'post' | 'edit';
  readonly to: string;
  /** What the text or the card's summary is. */
  readonly says: string;
  readonly thread?: string;
  /** The activity edited. */
  readonly activityId?: string;
  readonly outcome?: Outcome | (() => Promise<Outcome> | Outcome);
}

/** Teams as a test expects it: every message was announced, and every announced one comes. */
export class ScriptedTeams implements Messenger {
  readonly got: { by: string; to: string; says: string; activityId: string; at: Instant }[] = [];
  #expected: Expected[] = [];
  #unexpected: string[] = [];
  #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  expects(...messages: Expected[]): void {
    this.#expected.push(...messages);
  }

  /** All that was announced came, and nothing else. */
  verify(): void {
    expect(this.#unexpected).toEqual([]);
    expect(this.#expected.map(({ by, to, says }) => `${by} ${to}: ${says}`)).toEqual([]);
  }

  post(reach: Reach, message: Message, thread?: string): Promise<Outcome> {
    return this.#take('post', reach, message, thread);
  }

  edit(reach: Reach, activityId: string, message: Message): Promise<Outcome> {
    return this.#take('edit', reach, message, undefined, activityId);
  }

  async #take(
    by: 'post' | 'edit',
    reach: Reach,
    message: Message,
    thread?: string,
    edited?: string,
  ): Promise<Outcome> {
    const says = message.kind === 'text' ? message.text : message.view.summary;
    const index = this.#expected.findIndex(
      (each) =>
        each.by === by &&
        each.to === reach.conversationId &&
        each.says === says &&
        each.thread === thread &&
        (each.activityId === undefined || each.activityId === edited),
    );
    const activityId = edited ?? `a${this.got.filter(({ to }) => to === reach.conversationId).length + 1}`;
    this.got.push({ by, to: reach.conversationId, says, activityId, at: this.#clock.now() });
    const [expected] = index < 0 ? [] : this.#expected.splice(index, 1);
    if (!expected) {
      this.#unexpected.push(`${by} ${reach.conversationId} (thread ${thread}): ${says}`);
      return { kind: 'failed', reason: 'refused' };
    }
    const outcome = typeof expected.outcome === 'function' ? await expected.outcome() : expected.outcome;
    return outcome ?? { kind: 'sent', conversationId: reach.conversationId, activityId };
  }
}

export interface World {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly turn: RunTurn;
  readonly teams: ScriptedTeams;
  readonly settled: Settled[];
  /** Routes that nobody was seen at, by name. */
  readonly nobodyAt: Set<string>;
  readonly errors: string[];
  fallbacks: (route: Route) => readonly Route[];
  worker(more?: Partial<TickerDeps>): Ticker;
  /** A worker that has had its first look, and sleeps until the time moves on. */
  idleWorker(more?: Partial<TickerDeps>): Promise<Ticker>;
  /** Commits a thing of a case and notices about it. */
  raise(
    caseId: string,
    notices: readonly NoticeDraft[],
    thing?: Partial<Thing>,
    more?: Change,
  ): Promise<void>;
  events(caseId: string): Promise<EventDoc[]>;
  copy(caseId: string, route: Route): Promise<CopyDoc | undefined>;
  due(): Promise<string[]>;
}

export const show = (route: Route): NoticeDraft => ({ form: 'show', subject: 'thing:1', route });
export const tell = (route: Route, line: string): NoticeDraft => ({
  form: 'tell',
  subject: 'thing:1',
  route,
  line,
});

/** One pathway with a toy feature, an in-memory store, and Teams as scripted. */
export function createWorld(more: { store?: (store: Store) => Store } = {}): World {
  const clock = fakeClock();
  const opened = openEmbedded({ path: ':memory:' });
  const store = more.store?.(opened) ?? opened;
  const turn = createTurns(store, clock, () => 0.5);
  const teams = new ScriptedTeams(clock);
  const settled: Settled[] = [];
  const errors: string[] = [];
  const nobodyAt = new Set<string>();
  const workers: Ticker[] = [];

  const thingOf = async (key: Key): Promise<Thing | undefined> =>
    (await store.get<Thing>(key, 'thing:1'))?.doc;
  const presenter: Presenter = {
    head: () => 'case',
    async show(key) {
      const thing = await thingOf(key);
      if (!thing?.open) return undefined;
      const summary = `${key.caseId} at ${thing.revision}${thing.extra ?? ''}`;
      return {
        view: { card: 'thing', data: { revision: thing.revision }, summary },
        revision: thing.revision,
      };
    },
    async tell(key, notice) {
      return (await thingOf(key))?.open ? `${key.caseId}: ${notice.line}` : undefined;
    },
    fallbacks: async (_key, _subject, route) => world.fallbacks(route),
    settled(_, what) {
      settled.push(what);
      return { events: [{ type: `thing.${what.outcome}`, by: { system: 'test' }, data: {} }] };
    },
  };

  const world: World = {
    clock,
    store,
    turn,
    teams,
    settled,
    nobodyAt,
    errors,
    fallbacks: () => [],
    worker(deps = {}) {
      const worker = startTicker({
        store,
        clock,
        turn,
        messenger: teams,
        findReach: async (_, route) => {
          const to = route.to === 'channel' ? route.provider : route.person;
          if (nobodyAt.has(to)) return undefined;
          return {
            serviceUrl: 'https://teams.example',
            conversationId: to,
            tenant: 'nhs',
            scope: route.to === 'channel' ? 'channel' : 'personal',
            seenAt: clock.now(),
          };
        },
        presenters: { thing: presenter, urgent: { ...presenter, first: true } },
        log: {
          warn: (_, message) => errors.push(message),
          error: (_, message) => errors.push(message),
        },
        random: () => 0,
        pathways: async () => [PATHWAY],
        timers: {},
        holder: `worker ${workers.length}`,
        ...deps,
      });
      workers.push(worker);
      return worker;
    },
    async idleWorker(deps) {
      const worker = world.worker(deps);
      await worker.tick();
      return worker;
    },
    raise: (caseId, notices, thing = {}, change = {}) =>
      turn<Head, void>({ pathwayId: PATHWAY, caseId }, 'case', async (loaded) => {
        const stands = await loaded.get<Thing>('thing:1');
        const head: Head = loaded.head ?? {
          id: 'case',
          kind: 'case',
          schema: 1,
          audit: { seq: 0, hash: '' },
        };
        const next: Thing = {
          ...(stands ?? { id: 'thing:1', kind: 'thing', schema: 1, revision: 1, open: true }),
          ...thing,
        };
        const events = [{ type: 'thing.changed', by: { system: 'test' }, data: {} }];
        return { change: { events, ...change, documents: [head, next], notices }, answer: undefined };
      }),
    events: (caseId) => store.history({ pathwayId: PATHWAY, caseId }),
    copy: async (caseId, route) =>
      (await store.get<CopyDoc>({ pathwayId: PATHWAY, caseId }, copyId('thing:1', route)))?.doc,
    due: async () => (await store.page(PATHWAY, 'due', { limit: 1_000 })).map(({ doc }) => doc.id),
  };
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    teams.verify();
    await store.close();
  });
  return world;
}
