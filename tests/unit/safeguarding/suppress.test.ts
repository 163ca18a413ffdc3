import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASE,
  type Counts,
  figureText,
  publishable,
  type Tables,
  together,
  totalOf,
} from '../../../src/safeguarding/suppress.ts';
import { type Fact, valuesOf } from '../../support/attacker.ts';

const THEMES = ['neglect', 'financial', 'domestic'];
const TIMES = ['in-time', 'late'];
const PARTNERS = ['a', 'b'];
const MONTHS = ['10', '11'];

/** One partner's month: each concern has one theme and one time. */
const concerns = fc.array(fc.record({ theme: fc.constantFrom(...THEMES), time: fc.constantFrom(...TIMES) }), {
  maxLength: 9,
});
type Concerns = readonly { readonly theme: string; readonly time: string }[];

const count = (keys: readonly string[], found: readonly string[]): Counts =>
  Object.fromEntries(keys.map((key) => [key, found.filter((one) => one === key).length]));
const tablesOf = (all: Concerns): Tables => ({
  theme: count(
    THEMES,
    all.map(({ theme }) => theme),
  ),
  time: count(
    TIMES,
    all.map(({ time }) => time),
  ),
});

/** All partners in all months. */
const world = fc.array(fc.tuple(...PARTNERS.map(() => concerns)), {
  minLength: MONTHS.length,
  maxLength: MONTHS.length,
});

/** A draw from numbers that fast-check chose; it goes round when they are used up. */
const drawOf = (numbers: readonly number[]) => {
  let at = 0;
  return () => numbers[at++ % numbers.length] ?? 0;
};
const draws = fc.array(
  fc.integer({ min: 0, max: 999 }).map((one) => one / 1000),
  { minLength: 7, maxLength: 13 },
);

const CELLS = [
  ...THEMES.map((key) => ['theme', key] as const),
  ...TIMES.map((key) => ['time', key] as const),
];
const unknown = (kind: string, month: string, partner: string, table: string, key: string) =>
  `${kind} ${month} ${partner} ${table} ${key}`;
const sumOf = (names: readonly string[], factor = 1) => names.map((name) => [name, factor] as const);
const namesOf = (kind: string, month: string, partner: string, table: string) =>
  (table === 'theme' ? THEMES : TIMES).map((key) => unknown(kind, month, partner, table, key));

/** Each concern has one theme and one time: that is known to everybody. */
const structure = (kind: string, month: string, partner: string): Fact => ({
  terms: [
    ...sumOf(namesOf(kind, month, partner, 'theme')),
    ...sumOf(namesOf(kind, month, partner, 'time'), -1),
  ],
  from: 0,
  to: 0,
});

/** What follows from how the figures are made: each is less than five off, in each table and in total. */
function method(month: string, partner: string): Fact[] {
  const near = (real: readonly string[], thinned: readonly string[]): Fact => ({
    terms: [...sumOf(real), ...sumOf(thinned, -BASE)],
    from: 1 - BASE,
    to: BASE - 1,
  });
  return [
    structure('real', month, partner),
    structure('thinned', month, partner),
    ...CELLS.map(([table, key]) =>
      near([unknown('real', month, partner, table, key)], [unknown('thinned', month, partner, table, key)]),
    ),
    near(namesOf('real', month, partner, 'theme'), namesOf('thinned', month, partner, 'theme')),
  ];
}

/** What is printed of a month: by partner, by theme, by time, each the sum of what was drawn by partner. */
function printed(month: string, drawn: readonly Tables[]): Fact[] {
  const all = together(drawn);
  return [
    ...PARTNERS.map((partner, at): Fact => {
      const total = totalOf(drawn[at] ?? {}) / BASE;
      return { terms: sumOf(namesOf('thinned', month, partner, 'theme')), from: total, to: total };
    }),
    ...CELLS.map(([table, key]): Fact => {
      const figure = (all[table]?.[key] ?? 0) / BASE;
      const names = PARTNERS.map((partner) => unknown('thinned', month, partner, table, key));
      return { terms: sumOf(names), from: figure, to: figure };
    }),
  ];
}

describe('publishable', () => {
  it('gives multiples of five, each less than five off, and all tables one total', () => {
    fc.assert(
      fc.property(concerns, draws, (all, numbers) => {
        const real = tablesOf(all);
        const shown = publishable(real, drawOf(numbers));
        for (const [table, key] of CELLS) {
          const figure = shown[table]?.[key] ?? -1;
          expect(figure % BASE).toBe(0);
          expect(Math.abs(figure - (real[table]?.[key] ?? 0))).toBeLessThan(BASE);
        }
        expect(totalOf({ time: shown.time ?? {} })).toBe(totalOf({ theme: shown.theme ?? {} }));
      }),
    );
  });

  it('is right on average: over the five starts each total is counted out exactly', () => {
    for (let size = 0; size <= 30; size += 1) {
      const real = { theme: { neglect: size } };
      const all = [0, 0.2, 0.4, 0.6, 0.8].map((start) => totalOf(publishable(real, () => start)));
      expect(all.reduce((sum, one) => sum + one, 0) / 5).toBe(size);
    }
  });

  it('could have published the same if any one figure were another: five values or more for each', () => {
    let attacked = 0;
    fc.assert(
      fc.property(concerns, draws, (all, numbers) => {
        const shown = publishable(tablesOf(all), drawOf(numbers));
        for (const [table, key] of CELLS) {
          const figure = shown[table]?.[key] ?? 0;
          const values = [-4, -3, -2, -1, 0, 1, 2, 3, 4].filter((by) => {
            if (figure + by < 0) return false;
            const other: Tables = Object.fromEntries(
              Object.entries(shown).map(([name, counts]) => {
                const big = Object.keys(counts).find((one) => (counts[one] ?? 0) > 0);
                const moved = name === table ? key : (big ?? Object.keys(counts)[0] ?? '');
                return [name, { ...counts, [moved]: (counts[moved] ?? 0) + by }];
              }),
            );
            return [0, 0.2, 0.4, 0.6, 0.8].some((start) => {
              const again = publishable(other, drawOf([start, ...numbers]));
              return JSON.stringify(again) === JSON.stringify(shown);
            });
          });
          expect(values).toEqual(figure === 0 ? [0, 1, 2, 3, 4] : [-4, -3, -2, -1, 0, 1, 2, 3, 4]);
          attacked += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(attacked).toBe(300 * CELLS.length);
    console.log(`Every other value of ${attacked} published figures was published anew`);
  });

  it('refuses counts that are none, and tables that count different things', () => {
    expect(() => publishable({ theme: { neglect: -1 } }, () => 0)).toThrow(RangeError);
    expect(() => publishable({ theme: { neglect: 1.5 } }, () => 0)).toThrow(RangeError);
    expect(() => publishable({ theme: { neglect: 2 }, time: { late: 1 } }, () => 0)).toThrow(RangeError);
  });

  it('never reads as none', () => {
    expect(figureText(0)).toBe('few or none');
    expect(figureText(5)).toBe('about 5');
  });
});

describe('an attacker with every table, partner and month', () => {
  it('finds at least five values for each small number, also when it knows all of the other partner', () => {
    let tables = 0;
    let small = 0;
    fc.assert(
      fc.property(world, draws, fc.boolean(), (months, numbers, insider) => {
        const draw = drawOf(numbers);
        const facts = MONTHS.flatMap((month, at) => {
          const real = (months[at] ?? []).map(tablesOf);
          const drawn = real.map((one) => publishable(one, draw));
          const own = CELLS.flatMap(([table, key]): Fact[] => {
            const known = (kind: string, value: number): Fact => ({
              terms: [[unknown(kind, month, 'a', table, key), 1]],
              from: value,
              to: value,
            });
            return [
              known('real', real[0]?.[table]?.[key] ?? 0),
              known('thinned', (drawn[0]?.[table]?.[key] ?? 0) / BASE),
            ];
          });
          return [
            ...PARTNERS.flatMap((partner) => method(month, partner)),
            ...printed(month, drawn),
            ...(insider ? own : []),
          ];
        });
        tables += MONTHS.length * 3;
        for (const [at, month] of MONTHS.entries()) {
          for (const [of, partner] of PARTNERS.entries()) {
            if (insider && of === 0) continue;
            const real = tablesOf(months[at]?.[of] ?? []);
            for (const [table, key] of CELLS) {
              const value = real[table]?.[key] ?? 0;
              if (value === 0 || value >= BASE) continue;
              small += 1;
              const values = valuesOf([unknown('real', month, partner, table, key)], facts, 5);
              expect(values.length).toBe(5);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(small).toBeGreaterThan(200);
    console.log(`${tables} tables attacked, ${small} small numbers in them, none found`);
  }, 120_000);

  /** What a publisher who is naive prints: bounds of sums of the real numbers. */
  const shown = (names: readonly string[], from: number, to = from): Fact => ({
    terms: sumOf(names),
    from,
    to,
  });

  it('breaks a single hidden figure beside an exact total', () => {
    const facts = [shown(['a'], 12), shown(['b'], 7), shown(['c'], 1, 4), shown(['a', 'b', 'c'], 22)];
    expect(valuesOf(['c'], facts, 5)).toEqual([3]);
  });

  it('breaks a hidden month between two totals of the year so far', () => {
    const facts = [shown(['april'], 17), shown(['may'], 1, 4), shown(['april', 'may'], 19)];
    expect(valuesOf(['may'], facts, 5)).toEqual([2]);
  });

  it('breaks what one view hides by the other view', () => {
    const facts = [
      shown(['neglect a', 'neglect b'], 9),
      shown(['neglect a', 'other a'], 8),
      shown(['other a'], 6),
      shown(['neglect a'], 1, 4),
      shown(['neglect b'], 5, 9),
    ];
    expect(valuesOf(['neglect a'], facts, 5)).toEqual([2]);
  });

  it('breaks the rounding of hospital statistics, each figure to the nearest 5 and small ones hidden', () => {
    const facts = [shown(['a'], 1, 4), shown(['b'], 1, 4), shown(['a', 'b'], 8, 12)];
    expect(valuesOf(['a'], facts, 5)).toEqual([4]);
  });

  it('breaks the same rule in every table of three figures up to 6 where it can be broken', () => {
    const nearest = (real: number): readonly [number, number] =>
      real > 0 && real < BASE
        ? [1, 4]
        : [Math.max(0, BASE * Math.round(real / BASE) - 2), BASE * Math.round(real / BASE) + 2];
    let small = 0;
    let broken = 0;
    for (let a = 0; a <= 6; a += 1) {
      for (let b = 0; b <= 6; b += 1) {
        for (let c = 0; c <= 6; c += 1) {
          const cells = Object.entries({ a, b, c });
          const facts = [
            ...cells.map(([name, real]) =>
              shown([name], ...(real === 0 ? ([0, 0] as const) : nearest(real))),
            ),
            shown(['a', 'b', 'c'], ...nearest(a + b + c)),
          ];
          for (const [name, real] of cells.filter(([, value]) => value > 0 && value < BASE)) {
            const values = valuesOf([name], facts, 5);
            expect(values).toContain(real);
            small += 1;
            if (values.length === 1) broken += 1;
          }
        }
      }
    }
    // 4 and 4 beside a 0, in whatever order.
    expect(broken).toBe(6);
    console.log(`The rounding of hospital statistics: ${broken} of ${small} small numbers found`);
  });

  it('breaks rounding at random, when each table is rounded by itself', () => {
    const themes = Array.from({ length: 9 }, (_, at) => `theme ${at}`);
    const facts = [
      ...themes.map((name) => shown([name], 1, 9)),
      shown(['partner'], 1, 9),
      { terms: [...sumOf(themes), ['partner', -1] as const], from: 0, to: 0 },
    ];
    expect(valuesOf(['theme 4'], facts, 5)).toEqual([1]);
  });
});
