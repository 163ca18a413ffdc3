import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { createAgreements } from '../../../src/agreement/current.ts';
import type { Instant } from '../../../src/core/clock.ts';
import { type Concerns, createConcerns, keyOfConcern } from '../../../src/safeguarding/commands.ts';
import { CONCERN_HEAD, type Concern, listed, type Named } from '../../../src/safeguarding/concern.ts';
import { countedOf, PUBLISHED_CATEGORIES } from '../../../src/safeguarding/figures.ts';
import { createPack } from '../../../src/safeguarding/pack.ts';
import { createRoutines, routinesKey } from '../../../src/safeguarding/routines.ts';
import { BASE, together, totalOf } from '../../../src/safeguarding/suppress.ts';
import type { Category } from '../../../src/safeguarding/told.ts';
import { writeSafeguarding } from '../../../src/safeguarding-file.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { type Fact, valuesOf } from '../../support/attacker.ts';
import { terms } from '../../support/pathway.ts';
import { raised } from './fixture.ts';

const pathwayId = terms.pathway;
const folder = mkdtempSync(join(tmpdir(), 'baton-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A concern as these tests keep it in the store. */
interface Kept {
  readonly at?: Instant;
  readonly partner?: string;
  readonly categories?: readonly Category[];
  readonly inTime?: boolean;
  readonly staff?: Concern['staff'];
  readonly named?: readonly Named[];
}

async function begin({
  now = '2026-12-02T09:00:00.000Z',
  draw,
}: {
  now?: Instant;
  draw?: () => number;
} = {}) {
  const store = createMemoryStore();
  const clock = { now: () => now, sleep: async () => undefined };
  const run = createTurns(store, clock as Parameters<typeof createTurns>[1]);
  const agreements = createAgreements(store, clock);
  await applyAgreement({ store, run, agreements }, terms, { system: 'test' }, { yes: true });
  const concerns: Concerns = createConcerns({
    store,
    run,
    agreements,
    kick: () => {},
    random: Math.random,
    duty: async () => () => [],
  });
  const routines = createRoutines({ concerns, now: clock.now });
  const pack = createPack({ store, agreements, routines, ...(draw && { draw }) });
  let count = 0;
  async function keep(kept: Kept = {}): Promise<Concern> {
    const { at = '2026-11-10T10:00:00.000Z', partner = 'charity', inTime = true } = kept;
    const { categories = ['financial'], staff = 'no', named = [] } = kept;
    count += 1;
    const concernId = `C${String(count).padStart(2, '0')}-AAA`;
    const before = raised({ named, told: { staff, categories: [...categories] } }, at);
    const by = { ...before.raisedBy, provider: partner };
    const concern = listed({
      ...before,
      concernId,
      raisedBy: by,
      ...(inTime && { acknowledged: { by, at: before.raisedAt } }),
    });
    const event = { type: 'concern.raised', by: { system: 'test' }, data: { concern: concernId } };
    await run<Concern, void>(keyOfConcern({ pathwayId, concernId }), CONCERN_HEAD, () => ({
      change: { documents: [concern], events: [event] },
      answer: undefined,
    }));
    return concern;
  }
  return {
    store,
    pack,
    keep,
    at: (next: Instant) => {
      now = next;
    },
  };
}

describe('a month of the pack', () => {
  it('is the same on every anniversary, whatever was raised, found out or asked meanwhile', async () => {
    const { pack, keep, at, store } = await begin();
    for (let n = 0; n < 13; n += 1) await keep({ partner: n % 2 ? 'charity' : 'hospice' });
    const first = await pack.month(pathwayId, '2026-11');
    let asked = 0;
    for (const year of [2027, 2028, 2029]) {
      for (const day of ['11-01', '11-30', '12-01', '12-02', '12-03']) {
        at(`${year}-${day}T00:00:00.000Z`);
        // What is recorded late, of the very month, and of the month of the anniversary.
        await keep();
        await keep({ at: `${year}-11-01T00:00:00.000Z`, categories: ['neglect'] });
        expect(await pack.month(pathwayId, '2026-11')).toEqual(first);
        asked += 1;
      }
    }
    expect(asked).toBe(15);
    expect((await pack.month(pathwayId, '2028-11')).published.parts).not.toEqual(first.published.parts);
    expect((await verifyPathway(store, pathwayId)).broken).toEqual([]);
  });

  it('has the concerns of the local month alone, in summer too', async () => {
    const { pack, keep, at } = await begin({ draw: () => 0 });
    at('2026-09-01T09:00:00.000Z');
    // Five each in the last hour of June, the first and the last of July and the first of August, in British Summer Time.
    for (const [instant, count] of [
      ['2026-06-30T22:59:59.000Z', 5],
      ['2026-06-30T23:00:00.000Z', 5],
      ['2026-07-31T22:59:59.000Z', 10],
      ['2026-07-31T23:00:00.000Z', 20],
    ] as const)
      for (let n = 0; n < count; n += 1) await keep({ at: instant });
    const total = async (month: string) =>
      totalOf(together(Object.values((await pack.month(pathwayId, month)).published.parts)));
    expect([await total('2026-06'), await total('2026-07'), await total('2026-05')]).toEqual([5, 15, 0]);
  });

  it('is the same with and without those that somebody may not know of', async () => {
    let hidden = 0;
    const one = fc.record({
      partner: fc.constantFrom('prime', 'hospice', 'charity'),
      categories: fc.constantFrom<readonly Category[]>(['neglect'], ['financial'], ['neglect', 'financial']),
      inTime: fc.boolean(),
      whose: fc.constantFrom<Pick<Kept, 'staff' | 'named'>>(
        { staff: 'no' },
        { staff: 'unknown' },
        { staff: 'yes', named: [{ person: 'dora' }] },
        { staff: 'no', named: [{ typed: 'Petra' }] },
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 5, maxLength: 25 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (all, start) => {
          const [whole, open] = [await begin({ draw: () => start }), await begin({ draw: () => start })];
          for (const { whose, ...kept } of all) {
            await whole.keep({ ...kept, ...whose });
            if (whose.staff === 'no' && !whose.named) await open.keep({ ...kept, ...whose });
            else hidden += 1;
          }
          const shown = await whole.pack.month(pathwayId, '2026-11');
          expect(shown).toEqual(await open.pack.month(pathwayId, '2026-11'));
        },
      ),
      { numRuns: 20 },
    );
    expect(hidden).toBeGreaterThan(50);
  });

  it('is recorded each time that it is taken, and drawn once', async () => {
    const { pack, store, keep } = await begin();
    await keep();
    await pack.month(pathwayId, '2026-11');
    await pack.month(pathwayId, '2026-11');
    const taken = await store.history(routinesKey(pathwayId));
    expect(taken.map(({ type, by, data }) => [type, by, data])).toEqual(
      Array(2).fill(['concerns.figures-taken', { system: 'operator' }, { month: '2026-11' }]),
    );
    const drawn = await store.history({ pathwayId, caseId: '_concerns:2026-11' });
    expect(drawn.map(({ type }) => type)).toEqual(['concerns.published']);
  });

  it('is not there before it can be, and that is not recorded as taken', async () => {
    const { pack, store } = await begin({ now: '2026-12-01T23:59:00.000Z' });
    await expect(pack.month(pathwayId, '2026-11')).rejects.toThrow('can be published from 2 Dec 2026');
    await expect(pack.month(pathwayId, 'November')).rejects.toThrow('Write the month as in 2026-11.');
    expect(await store.history(routinesKey(pathwayId))).toEqual([]);
  });
});

describe('baton safeguarding', () => {
  it('prints the figures, and writes the same as CSV', async () => {
    const { pack, keep } = await begin({ draw: () => 0 });
    for (let n = 0; n < 10; n += 1) await keep();
    const csv = join(folder, 'concerns.csv');
    const printed = await writeSafeguarding({ pack }, pathwayId, '2026-11');
    expect(printed[0]).toBe('Safeguarding concerns raised in November 2026: about 10');
    const again = await writeSafeguarding({ pack }, pathwayId, '2026-11', csv);
    expect(again.slice(0, printed.length)).toEqual(printed);
    const rows = readFileSync(csv, 'utf8').slice(1).trimEnd().split('\r\n');
    expect(again.at(-1)).toBe(`${csv}: ${rows.length - 1} figures.`);
    expect(rows).toEqual(
      expect.arrayContaining([
        'Month,By,What,Concerns',
        '2026-11,All,All,about 10',
        '2026-11,By partner of whoever raised them,Test Charity,about 10',
        '2026-11,By partner of whoever raised them,Prime Trust,few or none',
        '2026-11,By theme,Financial or material abuse,about 10',
      ]),
    );
    for (const row of rows.slice(1)) expect(row).toMatch(/,(about \d*[05]|few or none)$/);
  });
});

describe('an attacker with all that is published of a real store', () => {
  const PARTNERS = ['hospice', 'charity'];
  const MONTHS = ['2026-10', '2026-11'];
  /** Those that occur; that there are no others is known to the attacker as well. */
  const KEYS = {
    theme: ['neglect', 'financial', 'several'],
    time: ['in-time', 'not-in-time'],
    outcome: ['undecided'],
  };
  type Of = keyof typeof KEYS;
  const CELLS = (Object.keys(KEYS) as Of[]).flatMap((table) =>
    KEYS[table].map((key) => [table, key] as const),
  );
  const name = (kind: string, month: string, partner: string, table: string, key: string) =>
    [kind, month, partner, table, key].join(' ');
  const sum = (names: readonly string[], factor = 1) => names.map((one) => [one, factor] as const);
  const names = (kind: string, month: string, partner: string, table: Of) =>
    KEYS[table].map((key) => name(kind, month, partner, table, key));

  /** What is known of the method: all tables have one total, and each figure is less than five off. */
  function method(month: string, partner: string): Fact[] {
    const same = (kind: string, table: Of): Fact => ({
      terms: [...sum(names(kind, month, partner, 'theme')), ...sum(names(kind, month, partner, table), -1)],
      from: 0,
      to: 0,
    });
    const near = (real: readonly string[], shown: readonly string[]): Fact => ({
      terms: [...sum(real), ...sum(shown, -BASE)],
      from: 1 - BASE,
      to: BASE - 1,
    });
    return [
      ...(['real', 'shown'] as const).flatMap((kind) => [same(kind, 'time'), same(kind, 'outcome')]),
      ...CELLS.map(([table, key]) =>
        near([name('real', month, partner, table, key)], [name('shown', month, partner, table, key)]),
      ),
      near(names('real', month, partner, 'theme'), names('shown', month, partner, 'theme')),
    ];
  }

  it('finds at least five values for every small number, from months, tables and totals together', async () => {
    const one = fc.record({
      month: fc.constantFrom(...MONTHS),
      partner: fc.constantFrom(...PARTNERS),
      categories: fc.constantFrom<readonly Category[]>(['neglect'], ['financial'], ['neglect', 'financial']),
      inTime: fc.boolean(),
    });
    let small = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 8, maxLength: 30 }), async (all) => {
        const { pack, keep } = await begin();
        const real: Concern[] = [];
        for (const { month, ...kept } of all)
          real.push(await keep({ ...kept, at: `${month}-10T10:00:00.000Z` }));
        const facts: Fact[] = [];
        for (const month of MONTHS) {
          const { parts } = (await pack.month(pathwayId, month)).published;
          const whole = together(Object.values(parts));
          for (const partner of PARTNERS) {
            const total = totalOf(parts[partner] ?? {}) / BASE;
            facts.push(...method(month, partner));
            facts.push({ terms: sum(names('shown', month, partner, 'theme')), from: total, to: total });
          }
          for (const [table, key] of CELLS) {
            const figure = (whole[table]?.[key] ?? Number.NaN) / BASE;
            const terms = sum(PARTNERS.map((partner) => name('shown', month, partner, table, key)));
            facts.push({ terms, from: figure, to: figure });
          }
        }
        for (const month of MONTHS) {
          for (const partner of PARTNERS) {
            const theirs = real
              .filter(({ raisedAt, raisedBy }) => raisedAt.startsWith(month) && raisedBy.provider === partner)
              .map(countedOf);
            for (const [table, key] of CELLS) {
              const value = theirs.filter((counted) => counted[table] === key).length;
              if (value === 0 || value >= BASE) continue;
              small += 1;
              const values = valuesOf([name('real', month, partner, table, key)], facts, 5);
              expect(values.length).toBe(5);
            }
          }
        }
      }),
      { numRuns: 25 },
    );
    expect(small).toBeGreaterThan(150);
    console.log(`${small} small numbers behind what a real store published, none found`);
  }, 120_000);

  it('learns no table from another: every outcome goes with every time, and every kind', () => {
    const outcomes = Object.keys(PUBLISHED_CATEGORIES.outcome);
    const by = { person: 'sana', name: 'Sana' };
    let seen = 0;
    for (const outcome of outcomes) {
      for (const late of [false, true]) {
        const concern = raised();
        const at = late ? '2026-12-30T00:00:00.000Z' : concern.raisedAt;
        const decision = { risk: outcome } as unknown as NonNullable<Concern['decisions']>[number];
        const counted = countedOf({
          ...concern,
          acknowledged: { by, at },
          ...(outcome !== 'undecided' && { decisions: [decision] }),
        });
        expect(counted).toMatchObject({ outcome, time: late ? 'not-in-time' : 'in-time' });
        seen += 1;
      }
    }
    expect(seen).toBe(8);
  });
});
