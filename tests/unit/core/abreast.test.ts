import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abreast } from '../../../src/core/abreast.ts';
import { Unavailable } from '../../../src/core/errors.ts';

const later = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A store that takes only so many at a time, and says so of every other. */
function store(room: number) {
  let inside = 0;
  let most = 0;
  const slept: number[] = [];
  return {
    slept,
    most: () => most,
    clock: {
      sleep: async (ms: number) => {
        slept.push(ms);
        await later();
      },
    },
    async take(): Promise<void> {
      if (inside >= room) throw new Unavailable('the store is busy', 'no', { retryAfterMs: 70 });
      inside += 1;
      most = Math.max(most, inside);
      await later();
      inside -= 1;
    },
  };
}

describe('many at a time', () => {
  it('does each once, whatever the store has room for, and learns how many it takes', async () => {
    const seen = { crowded: 0, roomy: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        async (count, atOnce, room) => {
          const { clock, take, most, slept } = store(room);
          const items = Array.from({ length: count }, (_, n) => n);
          const done: number[] = [];
          const left = await abreast(items, atOnce, clock, async (item, nth) => {
            expect(nth).toBe(item);
            await take();
            done.push(item);
          });
          expect(done.sort((a, b) => a - b)).toEqual(items);
          expect(most()).toBeLessThanOrEqual(Math.min(atOnce, room));
          expect(left).toBeLessThanOrEqual(atOnce);
          if (slept.length > 0) {
            seen.crowded += 1;
            expect(new Set(slept)).toEqual(new Set([70]));
          } else {
            seen.roomy += 1;
            expect(left).toBe(atOnce);
          }
        },
      ),
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });

  it('halves how many once for all that were under way together', async () => {
    const { clock } = store(1);
    let busy = 8;
    const left = await abreast([1, 2, 3, 4, 5, 6, 7, 8], 8, clock, async () => {
      await later();
      if (busy-- > 0) throw new Unavailable('the store is busy', 'no');
    });
    expect(left).toBe(4);
  });

  it('gives up when the store has no room even for one', async () => {
    const { clock } = store(0);
    let tries = 0;
    const job = async (): Promise<void> => {
      tries += 1;
      throw new Unavailable('the store is away', 'unknown');
    };
    await expect(abreast([1, 2, 3], 4, clock, job)).rejects.toThrow('the store is away');
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(20);
  });

  it('throws the first other error once what is under way has ended, and begins nothing more', async () => {
    const { clock } = store(9);
    const ended: number[] = [];
    const job = async (item: number): Promise<void> => {
      await later();
      if (item === 2) throw new Error('two');
      await later();
      ended.push(item);
    };
    await expect(abreast([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, clock, job)).rejects.toThrow('two');
    expect(ended).toEqual([1, 3]);
  });
});
