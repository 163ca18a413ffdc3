import type { Doc, Key } from '../core/change.ts';
import { Conflict, Unavailable } from '../core/errors.ts';
import type { Held, Page, Store, Write } from '../store/store.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Dice } from './seeded.ts';
import { inLife, type Life, type VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface FaultyDeps {
  readonly time: VirtualTime;
  readonly life: Life;
  readonly dice: Dice;
  readonly weather: Weather;
  /** Where a rival's writes go. */
  readonly memory: MemoryStore;
  /** Ends this life at once. */
  readonly crash: (where: string) => void;
  readonly pause: (where: string) => void;
  /** A fault was met: `store.lost`, `store.busy` … */
  readonly met: (fault: string) => void;
}

/** Nothing waits for the answers of a process that died. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * The store as one life of a worker meets it: any call may be slow, throttled, lose its answer before or
 * after it took effect, meet a rival, or be the last that the process makes.
 */
export function faultyStore(store: Store, deps: FaultyDeps): Store {
  const { time, life, dice, weather, memory, met } = deps;

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => inLife(time, life, time.ms + ms, resolve));

  const trouble = (fault: string): void => {
    met(fault);
    weather.trouble();
  };

  async function call<T>(what: string, effect: () => Promise<T>, writes = false): Promise<T> {
    if (!life.alive) return never();
    // One in five takes its time, so that others come between.
    if (life.pausedUntil > time.ms || dice.happens(0.2)) await wait(dice.between(1, writes ? 25 : 8));
    const rates = weather.at(time.ms);
    if (dice.happens(rates.crash)) {
      const after = dice.happens(0.5);
      if (after) await effect().catch(() => undefined);
      trouble(after ? `crash.after.${what}` : `crash.before.${what}`);
      deps.crash(what);
      return never();
    }
    if (dice.happens(rates.pause)) {
      trouble(`pause.${what}`);
      deps.pause(what);
      await wait(0);
    }
    if (dice.happens(rates.busy)) {
      trouble('store.busy');
      throw new Unavailable('the store is busy', 'no', { retryAfterMs: dice.between(10, 900) });
    }
    if (dice.happens(rates.lost)) {
      const took = writes && dice.happens(0.5);
      trouble(took ? 'store.answer-lost' : 'store.call-lost');
      if (took) await effect().catch(() => undefined);
      await wait(dice.between(100, 2_000));
      throw new Unavailable('the store did not answer', writes ? 'unknown' : 'no');
    }
    const done = await effect().catch((error: unknown) => {
      if (error instanceof Conflict) met('store.conflict');
      throw error;
    });
    if (dice.happens(rates.slow)) {
      trouble('store.slow');
      await wait(dice.between(500, 2_500));
    }
    return done;
  }

  function rival(key: Key, writes: readonly Write[]): void {
    if (!dice.happens(weather.at(time.ms).rival)) return;
    const fenced = writes.find((write) => write.do === 'replace' && write.doc.kind !== 'lease');
    if (fenced?.do === 'replace' && memory.touch(key, fenced.doc.id)) met('store.rival');
  }

  return {
    get: <T extends Doc>(key: Key, id: string) => call('get', () => store.get<T>(key, id)),
    commit: (key, writes) =>
      call(
        'commit',
        () => {
          rival(key, writes);
          return store.commit(key, writes);
        },
        true,
      ),
    history: (key) => call('history', () => store.history(key)),
    page: <T extends Doc>(pathwayId: string, list: string, page: Page) =>
      call('page', () => store.page<T>(pathwayId, list, page)),
    count: (pathwayId, list, upTo) => call('count', () => store.count(pathwayId, list, upTo)),
    async *everything(pathwayId): AsyncGenerator<Held> {
      yield* store.everything(pathwayId);
    },
    close: async () => undefined,
  };
}
