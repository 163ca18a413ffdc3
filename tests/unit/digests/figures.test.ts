import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIGURES,
  type Figures,
  LINE_KINDS,
  LINES,
  type Line,
  type Part,
} from '../../../src/digests/digest.ts';
import { firstOf, isCarried, rest, seenBy, sum } from '../../../src/digests/figures.ts';

const figures: fc.Arbitrary<Figures> = fc.record(
  Object.fromEntries(FIGURES.map((figure) => [figure, fc.nat(1_000)])),
  { requiredKeys: [] },
);
const lines: fc.Arbitrary<Line> = fc
  .record({
    kind: fc.constantFrom(...LINE_KINDS),
    what: fc.constantFrom('duplicate', 'long-wait'),
    id: fc.string({ minLength: 1, maxLength: 4 }),
    provider: fc.constantFrom('a', 'b', 'c'),
    since: fc.constant('2026-11-01T00:00:00.000Z'),
    needBy: fc.integer({ min: 0, max: 1_000 }).map((ms) => new Date(ms).toISOString()),
  })
  .map(({ what, ...line }): Line => (line.kind === 'mismatch' ? { ...line, what } : line));
const parts = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1 }).chain((providers) =>
  fc.tuple(
    ...providers.map((provider) =>
      fc.record({
        provider: fc.constant(provider),
        figures,
        lines: fc.array(lines).map((all) => firstOf(all)),
      }),
    ),
  ),
);

describe('the whole of a digest', () => {
  it('is the sum of its parts, whatever they are', () => {
    fc.assert(
      fc.property(parts, (all: readonly Part[]) => {
        const whole = seenBy({ parts: all, caseloads: [] }, 'all').figures;
        for (const figure of FIGURES) {
          const seen = all.map(
            ({ provider }) => seenBy({ parts: all, caseloads: [] }, [provider]).figures[figure],
          );
          const known = seen.flatMap((one) => one ?? []);
          expect(whole[figure]).toBe(
            known.length === 0 ? undefined : known.reduce((total, one) => total + one, 0),
          );
        }
      }),
    );
  });

  it('has for its lines the most urgent of each kind and of all, as if they were never parted', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 40 }), (all) => {
        const distinct = [...new Map(all.map((one) => [one.kind + one.id, one])).values()];
        const parted = ['a', 'b', 'c'].map((provider) => ({
          provider,
          figures: {},
          lines: firstOf(distinct.filter((one) => one.provider === provider)),
        }));
        const seen = seenBy({ parts: parted, caseloads: [] }, 'all').lines;
        expect(seen).toEqual(firstOf(distinct, LINES));
        expect(seen.length).toBe(Math.min(LINES, distinct.length));
        // A pair stands for what it is as a mismatch.
        const kinds = new Set(distinct.filter(({ what }) => what !== 'duplicate').map(({ kind }) => kind));
        expect([...new Set(seen.map(({ kind }) => kind))]).toEqual(expect.arrayContaining([...kinds]));
      }),
    );
  });

  it('with what belongs to no partner any more is the total', () => {
    fc.assert(
      fc.property(figures, figures, (known, former) => {
        const total = sum([known, former]);
        expect(sum([known, rest(total, known)])).toEqual(total);
      }),
    );
  });
});

it('a line is carried over that was open when the digest of the week before was made', () => {
  const line = { since: '2026-11-16T08:00:00.000Z' } as Line;
  expect(isCarried(line, '2026-11-16T08:00:00.000Z')).toBe(true);
  expect(isCarried(line, '2026-11-16T07:59:59.999Z')).toBe(false);
  expect(isCarried(line, undefined)).toBe(false);
});
