import { Conflict, Invalid, Refused, Unavailable } from '../core/errors.ts';
import type { Messenger, Reach } from '../core/messenger.ts';
import type { Asking, Reply } from '../core/routes.ts';
import { type CallPager, createPaging } from '../paging/client.ts';
import type { Account } from '../store/reach.ts';
import type { Store } from '../store/store.ts';
import { type Wired, wire } from '../wire.ts';
import { faultyStore } from './faulty-store.ts';
import type { MemoryStore } from './memory-store.ts';
import { PAGING_KEYS, type Pagers } from './pagers.ts';
import { type Dice, diceOf } from './seeded.ts';
import type { Teams } from './teams.ts';
import { clockOf, inLife, type Life, type VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

/** How often a simulated worker looks, in milliseconds, and how long its lease holds, in seconds. */
export const POLL_MS = 60_000;
export const LEASE_SECONDS = 150;

export interface WorkerDeps {
  readonly seed: number;
  readonly index: number;
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly teams: Teams;
  readonly pagers: Pagers;
  readonly met: (what: string) => void;
  readonly note: (who: string, what: string) => void;
  /** A mistake that nobody expected: it breaks the run. */
  readonly mistake: (error: unknown, where: string) => void;
  /** Between the store and everything else: counts, checks, and the faults that tests plant. */
  readonly watched: (store: Store, life: Life) => Store;
  /** The messenger as a test spoils it. */
  readonly messenger?: (messenger: Messenger) => Messenger;
  /** The calls of paging services as a test spoils them. */
  readonly pager?: (call: CallPager) => CallPager;
}

/** What came of asking a worker. `lost`: the process died over it, or there was none. */
export type Answered =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'lost' };

/** What somebody does in Teams, as an activity brings it. */
export interface Activity {
  readonly account: Account;
  readonly reach: Reach;
  readonly verb?: string;
  readonly command?: string;
  readonly args?: string;
  readonly data?: object;
}

/** One process on the common store, in all its lives. */
export interface Worker {
  readonly name: string;
  readonly life: Life;
  readonly wired: Wired;
  up(): void;
  crash(where: string, downMs?: number): void;
  pause(where: string, ms?: number): void;
  /** Does something in this life; `lost` when the process dies over it. */
  ask<T>(what: (wired: Wired) => Promise<T>): Promise<{ readonly done: T } | 'lost'>;
  hear(activity: Activity): Promise<Answered>;
}

export function createWorker(deps: WorkerDeps): Worker {
  const { seed, index, time, memory, weather, teams, pagers, met, note, mistake } = deps;
  const name = `worker ${index}`;
  let lives = 0;
  let life: Life = { alive: false, pausedUntil: 0 };
  let wired: Wired | undefined;
  let dice: Dice = diceOf(seed, name);
  let upAt = 0;
  const under = new Set<() => void>();

  const log = (level: 'warn' | 'error') => (facts: object, message: string) => {
    const error = 'err' in facts ? facts.err : undefined;
    met(`log.${level}`);
    note(name, `${message}${error instanceof Error ? `: ${error.message}` : ''}`);
    if (error !== undefined && !expected(error)) mistake(error, message);
  };

  function crash(where: string, downMs?: number): void {
    if (!life.alive) return;
    life.alive = false;
    weather.trouble();
    met('worker.crash');
    const down =
      downMs ?? (dice.happens(0.7) ? dice.between(2_000, 60_000) : dice.between(60_000, 30 * 60_000));
    note(name, `dies at ${where}, for ${Math.round(down / 1_000)} s`);
    for (const lose of under) lose();
    under.clear();
    upAt = time.ms + down;
    const mine = upAt;
    time.at(upAt, () => {
      if (upAt === mine) up();
    });
  }

  function pause(where: string, ms?: number): void {
    if (!life.alive) return;
    const long = ms ?? dice.between(5_000, LEASE_SECONDS * 3_000);
    life.pausedUntil = Math.max(life.pausedUntil, time.ms + long);
    weather.trouble();
    // What it does when it goes on may be late again.
    inLife(time, life, life.pausedUntil, weather.trouble);
    met('worker.pause');
    note(name, `stands still at ${where}, for ${Math.round(long / 1_000)} s`);
  }

  function up(): void {
    if (life.alive) return;
    const mine: Life = { alive: true, pausedUntil: 0 };
    life = mine;
    weather.trouble();
    dice = diceOf(seed, name, ++lives);
    const clock = clockOf(time, mine);
    const store = faultyStore(deps.watched(memory, mine), {
      time,
      life: mine,
      dice: diceOf(seed, name, lives, 'store'),
      weather,
      memory,
      crash: (where) => life === mine && crash(where),
      pause: (where) => life === mine && pause(where),
      met,
    });
    const messenger = teams.messengerFor({
      life: mine,
      dice: diceOf(seed, name, lives, 'teams'),
      crash: (where) => life === mine && crash(where),
    });
    const callPager = createPaging({
      keys: PAGING_KEYS,
      clock,
      // What a connection says when it fails is no mistake.
      log: {
        warn: (facts: object) => note(name, `a pager: ${JSON.stringify({ ...facts, err: undefined })}`),
      },
      fetch: pagers.fetchFor({
        life: mine,
        dice: diceOf(seed, name, lives, 'pagers'),
        crash: (where) => life === mine && crash(where),
      }),
    });
    wired = wire({ store, clock, chance: dice, channel: async () => ({ tenant: TENANT, members: [] }) });
    note(name, 'starts');
    wired.start({
      messenger: deps.messenger?.(messenger) ?? messenger,
      callPager: deps.pager?.(callPager) ?? callPager,
      log: { warn: log('warn'), error: log('error') },
      alone: false,
      pollMs: POLL_MS,
      leaseSeconds: LEASE_SECONDS,
      schedule: (pattern, job) => scheduled(mine, pattern, job),
    });
  }

  /** At the minutes that the calendar asks for: one past each hour, or every so many. */
  function scheduled(mine: Life, pattern: string, job: () => Promise<void>): { stop(): void } {
    const [, every, minute] = /^(?:[*][/](\d+)|(\d+)) [*] [*] [*] [*]$/.exec(pattern) ?? [];
    if (every === undefined && minute === undefined) throw new Error(`no calendar knows ${pattern}`);
    const period = Number(every ?? 60) * 60_000;
    const next = (Math.floor(time.ms / period) + 1) * period + Number(minute ?? 0) * 60_000;
    inLife(time, mine, next, () => {
      void job();
      scheduled(mine, pattern, job);
    });
    return { stop: () => undefined };
  }

  async function ask<T>(what: (wired: Wired) => Promise<T>): Promise<{ readonly done: T } | 'lost'> {
    const mine = wired;
    if (!life.alive || !mine) return 'lost';
    let lose: (() => void) | undefined;
    const lost = new Promise<'lost'>((resolve) => {
      lose = () => resolve('lost');
      under.add(lose);
    });
    try {
      const here = life;
      if (here.pausedUntil > time.ms) {
        await Promise.race([
          lost,
          new Promise<void>((resolve) => inLife(time, here, here.pausedUntil, resolve)),
        ]);
        if (!here.alive) return 'lost';
      }
      return await Promise.race([lost, what(mine).then((done) => ({ done }))]);
    } finally {
      if (lose) under.delete(lose);
    }
  }

  return {
    name,
    get life() {
      return life;
    },
    get wired() {
      if (!wired) throw new Error('a worker that never started');
      return wired;
    },
    up,
    crash,
    pause,
    ask,
    async hear(activity) {
      try {
        const answer = await ask((parts) => heard(parts, activity));
        return answer === 'lost' ? { kind: 'lost' } : { kind: 'reply', reply: answer.done };
      } catch (error) {
        if (error instanceof Refused) return { kind: 'refused', code: error.code };
        if (error instanceof Invalid) return { kind: 'invalid' };
        if (error instanceof Unavailable) return { kind: 'unavailable' };
        mistake(error, `${activity.verb ?? activity.command}`);
        return { kind: 'unavailable' };
      }
    },
  };
}

export const TENANT = 'tenant-1';

const expected = (error: unknown): boolean =>
  error instanceof Unavailable || error instanceof Conflict || error instanceof Refused;

/** An activity as the bot takes it: where it came from is kept, who asks is looked up, the route answers. */
async function heard({ book, agreements, verbs, typed }: Wired, activity: Activity): Promise<Reply> {
  const { account, reach, verb, command, args = '', data = {} } = activity;
  await book.seen(reach, account).catch((error: unknown) => {
    if (!expected(error)) throw error;
  });
  const [member] = await agreements.findAccount(account.tenant, account.objectId);
  if (!member) throw new Refused('not-on-pathway', 'You are not on a pathway that Baton knows.');
  const channel =
    reach.scope === 'personal' ? undefined : await agreements.findChannel(reach.tenant, reach.conversationId);
  const asking: Asking = {
    pathwayId: member.pathwayId,
    actor: member.actor,
    place: {
      scope: reach.scope,
      conversationId: reach.conversationId,
      ...(channel && { provider: channel.provider }),
    },
  };
  if (command !== undefined) {
    const route = typed.find((one) => one.command === command);
    if (!route) throw new Error(`nothing answers ${command}`);
    return route.run(asking, args);
  }
  const route = verbs.find((one) => one.verb === verb);
  if (!route) throw new Error(`nothing answers ${verb}`);
  return route.run(asking, route.input.parse(data));
}
