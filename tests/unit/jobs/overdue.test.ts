import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plusMs } from '../../../src/core/clock.ts';
import { type Look, lookAgain, type Overdue, ROW_MS, stuckAt } from '../../../src/jobs/overdue.ts';

const START = '2026-11-24T10:00:00.000Z';
const EVERY = 15_000;
const at = (look: number, every = EVERY): string => plusMs(START, look * every);
const one = (n: number, more: Partial<Overdue> = {}): Overdue => ({
  name: `7K2-M4Z|timer:${n}`,
  etag: `e${n}`,
  what: 'timer',
  caseId: '7K2-M4Z',
  due: plusMs(START, n * 1_000 - 3_600_000),
  ...more,
});

/** What is stuck at each of the looks, by name. */
function looks(found: readonly (readonly Overdue[])[], every = EVERY): string[][] {
  let look: Look | undefined;
  return found.map((here, index) => {
    look = lookAgain(look, here, at(index, every));
    return stuckAt(look).map(({ name }) => name);
  });
}
const times = <T>(n: number, what: T): T[] => Array.from({ length: n }, () => what);
/** The first look that finds something; -1 if none does. */
const firstStuck = (found: string[][]): number => found.findIndex((names) => names.length > 0);

describe('what is overdue', () => {
  test.each([
    { what: 'timer', seconds: 30 },
    { what: 'notice', seconds: 120 },
  ] as const)(
    'a $what that stands still is stuck after $seconds s, not at the first look',
    ({ what, seconds }) => {
      const found = looks(times(12, [one(1, { what })]));
      expect(firstStuck(found) * EVERY).toBe(seconds * 1_000);
    },
  );

  test('a timer that is written anew each time has moved', () => {
    const found = looks(Array.from({ length: 12 }, (_, n) => [one(1, { etag: `e${n}` })]));
    expect(firstStuck(found)).toBe(-1);
  });

  test('a row of looks that broke off tells nothing: the process or the store stood still', () => {
    expect(firstStuck(looks(times(12, [one(1)]), ROW_MS + 1))).toBe(-1);
  });

  test('messages that go do not hide a timer that does not', () => {
    const found = looks(
      Array.from({ length: 4 }, (_, n) => [one(1), one(100 + n, { what: 'notice', name: `notice ${n}` })]),
    );
    expect(found.at(-1)).toEqual(['7K2-M4Z|timer:1']);
  });

  test('one that stands still for five minutes is stuck however much goes beside it', () => {
    const found = looks(Array.from({ length: 25 }, (_, n) => [one(1), one(100 + n)]));
    expect(firstStuck(found) * EVERY).toBe(300_000);
    expect(found.at(-1)).toEqual(['7K2-M4Z|timer:1']);
  });

  test('a backlog that is worked off is never stuck while its parts go within five minutes', () => {
    let checked = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 19 }),
        fc.constantFrom('timer' as const, 'notice' as const),
        (gone, what) => {
          const all = gone.flatMap((many, look) =>
            Array.from({ length: many }, (_, n) => one(look * 100 + n, { what })),
          );
          let from = 0;
          const found = looks(
            gone.map((many) => {
              const left = all.slice(from);
              from += many;
              return left;
            }),
          );
          checked += found.length;
          expect(firstStuck(found)).toBe(-1);
        },
      ),
    );
    expect(checked).toBeGreaterThan(500);
  });

  test('names the oldest first', () => {
    const found = looks(times(3, [one(3), one(1), one(2)]));
    expect(found.at(-1)).toEqual([1, 2, 3].map((n) => `7K2-M4Z|timer:${n}`));
  });
});
