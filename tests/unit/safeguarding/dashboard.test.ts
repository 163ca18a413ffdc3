import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dashboardOf, monthsBefore, type Seen, timelinessOf } from '../../../src/safeguarding/dashboard.ts';
import { quarterOf, sampleOf } from '../../../src/safeguarding/sample.ts';

const ZONE = 'Europe/London';
const NOW = '2026-12-03T12:00:00.000Z';
const one = (over: Partial<Seen> = {}): Seen => ({
  raisedAt: '2026-11-20T10:00:00.000Z',
  partner: 'st-annes',
  themes: ['neglect'],
  acknowledgeBy: '2026-11-21T00:00:00.000Z',
  outcome: 'open',
  ...over,
});

const concern: fc.Arbitrary<Seen> = fc.record({
  raisedAt: fc.constantFrom(
    '2026-06-30T23:30:00.000Z',
    '2026-08-02T09:00:00.000Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-20T22:00:00.000Z',
  ),
  partner: fc.constantFrom('st-annes', 'northside', 'goodwill'),
  themes: fc.array(fc.constantFrom('neglect', 'financial', 'sexual'), { minLength: 1 }),
  acknowledgeBy: fc.constantFrom('2026-07-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'),
  acknowledgedAt: fc.constantFrom('2026-12-02T10:00:00.000Z', '2026-12-02T12:00:00.000Z'),
  outcome: fc.constantFrom('open', 'met'),
});

describe('timelinessOf', () => {
  it.each([
    [undefined, '2026-11-20T23:59:59.999Z', 'waiting'],
    [undefined, '2026-11-21T00:00:00.000Z', 'overdue'],
    ['2026-11-21T00:00:00.000Z', NOW, 'in-time'],
    ['2026-11-21T00:00:00.001Z', NOW, 'late'],
  ])('acknowledged %s, looked at %s: %s', (at, now, expected) => {
    expect(timelinessOf(one(at === undefined ? {} : { acknowledgedAt: at }), now)).toBe(expected);
  });
});

describe('dashboardOf', () => {
  it('counts themes, timeliness and outcomes, the most frequent first, and the median in minutes', () => {
    const found = dashboardOf(
      [
        one({ acknowledgedAt: '2026-11-20T10:10:00.000Z', themes: ['neglect', 'financial', 'neglect'] }),
        one({ acknowledgedAt: '2026-11-20T10:20:00.000Z', outcome: 'met', partner: 'northside' }),
        one(),
      ],
      '2026-11',
      ZONE,
      NOW,
    );
    expect(found.whole).toEqual({ raised: 3, 'in-time': 2, late: 0, waiting: 0, overdue: 1, median: 15 });
    expect(Object.entries(found.themes)).toEqual([
      ['neglect', 3],
      ['financial', 1],
    ]);
    expect(Object.entries(found.outcomes)).toEqual([
      ['open', 2],
      ['met', 1],
    ]);
    expect(Object.keys(found.partners)).toEqual(['st-annes', 'northside']);
  });

  it('says no median where nothing was acknowledged, and no partner of a month without concerns', () => {
    const { whole, partners } = dashboardOf([one()], '2026-10', ZONE, NOW);
    expect(whole).toEqual({ raised: 0, 'in-time': 0, late: 0, waiting: 0, overdue: 0 });
    expect(partners).toEqual({});
    expect(dashboardOf([one()], '2026-11', ZONE, NOW).whole).not.toHaveProperty('median');
  });

  it('takes the month from the clock on the wall: half past midnight of 1 July is July', () => {
    const seen = [one({ raisedAt: '2026-06-30T23:30:00.000Z' })];
    expect(dashboardOf(seen, '2026-07', ZONE, NOW).whole.raised).toBe(1);
    expect(dashboardOf(seen, '2026-06', ZONE, NOW).whole.raised).toBe(0);
  });

  it('adds up: partners to the whole, times to what was raised, and the newest month to itself', () => {
    let counted = 0;
    fc.assert(
      fc.property(
        fc.array(concern, { minLength: 5, maxLength: 40 }),
        fc.constantFrom('2026-08', '2026-11'),
        (all, month) => {
          const { whole, partners, outcomes, before } = dashboardOf(all, month, ZONE, NOW);
          counted += whole.raised;
          const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
          expect(sum(Object.values(partners).map(({ raised }) => raised))).toBe(whole.raised);
          for (const times of [whole, ...Object.values(partners)])
            expect(times['in-time'] + times.late + times.waiting + times.overdue).toBe(times.raised);
          expect(sum(Object.values(outcomes))).toBe(whole.raised);
          expect(before.map(({ month: each }) => each)).toHaveLength(6);
          expect(before.at(-1)).toEqual({ month, raised: whole.raised });
        },
      ),
    );
    expect(counted).toBeGreaterThan(100);
  });

  it('counts back over the turn of the year', () => {
    expect(monthsBefore('2027-02', 5)).toBe('2026-09');
    expect(monthsBefore('2026-12', 0)).toBe('2026-12');
    expect(monthsBefore('2027-01', 1)).toBe('2026-12');
  });
});

describe('sampleOf', () => {
  const ids = Array.from({ length: 30 }, (_, at) => `7K2-${at}`);
  it('is the same again from the same seed, in whatever order the ids come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: 30 }), fc.string(), (order, seed) => {
        expect(sampleOf([...order, ...order], 5, seed)).toEqual(sampleOf(ids, 5, seed));
      }),
    );
  });

  it('is another from another seed, and takes every concern about as often', () => {
    const often = new Map<string, number>();
    for (let seed = 0; seed < 600; seed += 1)
      for (const id of sampleOf(ids, 5, `2026-Q4 ${seed}`)) often.set(id, (often.get(id) ?? 0) + 1);
    expect(often.size).toBe(30);
    expect(Math.min(...often.values())).toBeGreaterThan(60);
    expect(Math.max(...often.values())).toBeLessThan(140);
  });

  it('leaves the others in their order when one is taken away', () => {
    const [first = '', ...rest] = sampleOf(ids, 6, 'seed');
    expect(
      sampleOf(
        ids.filter((id) => id !== first),
        5,
        'seed',
      ),
    ).toEqual(rest);
  });

  it('takes all when there are fewer, and none of none', () => {
    expect(sampleOf(['a', 'b'], 5, 'seed')).toHaveLength(2);
    expect(sampleOf([], 5, 'seed')).toEqual([]);
    expect(sampleOf(['a'], -1, 'seed')).toEqual([]);
  });

  it('names the quarter', () => {
    expect(['2026-01', '2026-03', '2026-04', '2026-12'].map(quarterOf)).toEqual([
      '2026-Q1',
      '2026-Q1',
      '2026-Q2',
      '2026-Q4',
    ]);
  });
});
