import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { createAgreements } from '../../../src/agreement/current.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { Invalid } from '../../../src/core/errors.ts';
import { createPublishing } from '../../../src/safeguarding/publish.ts';
import type { Categories, Counted } from '../../../src/safeguarding/published.ts';
import { monthText, publishedText } from '../../../src/safeguarding/published-text.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { terms } from '../../support/pathway.ts';

const PATHWAY = terms.pathway;
const [FIRST = '', SECOND = ''] = terms.providers.map(({ id }) => id);
const CATEGORIES: Categories = {
  theme: { neglect: 'Neglect', financial: 'Financial abuse' },
  time: { 'in-time': 'In time', late: 'Late' },
  outcome: { open: 'Not decided', met: 'Wishes met' },
};
const one = (over: Partial<Counted> = {}): Counted => ({
  partner: FIRST,
  open: true,
  theme: 'neglect',
  time: 'in-time',
  outcome: 'open',
  ...over,
});
const times = (count: number, over: Partial<Counted> = {}): Counted[] =>
  Array.from({ length: count }, () => one(over));

/** A pathway on 2 December with these concerns; `again` has others, as another process finds them later. */
async function begin(concerns: readonly Counted[], { at = '2026-12-02T09:00:00.000Z', start = 0 } = {}) {
  const store = openEmbedded({ path: ':memory:' });
  let now = at;
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  const run = createTurns(store, clock);
  const agreements = createAgreements(store, clock);
  await applyAgreement({ store, run, agreements }, terms, { system: 'test' }, { yes: true });
  const over = (found: readonly Counted[], draw = () => start) =>
    createPublishing({
      run: createTurns(store, clock),
      agreements,
      gather: async () => found,
      categories: CATEGORIES,
      draw,
    });
  return {
    store,
    publishing: over(concerns),
    again: over,
    at: (next: string) => {
      now = next;
    },
  };
}

describe('the published figures of a month', () => {
  it('are the same ever after, whatever is known later and whoever asks', async () => {
    const { store, publishing, again, at } = await begin(times(7));
    const first = await publishing.month(PATHWAY, '2026-11');
    at('2027-03-01T09:00:00.000Z');
    const later = again(times(23), () => 0.9);
    expect(await later.month(PATHWAY, '2026-11')).toEqual(await publishing.month(PATHWAY, '2026-11'));
    expect((await later.month(PATHWAY, '2026-11')).parts).toEqual(first.parts);
    expect((await later.month(PATHWAY, '2027-01')).parts).not.toEqual(first.parts);
    expect((await verifyPathway(store, PATHWAY)).broken).toEqual([]);
  });

  it('are drawn once when two ask at the same moment', async () => {
    const { again } = await begin([]);
    const chances = [0, 0.3, 0.6, 0.9];
    const all = await Promise.all(
      chances.map((chance) => again(times(8), () => chance).month(PATHWAY, '2026-11')),
    );
    expect(new Set(all.map(({ parts }) => JSON.stringify(parts))).size).toBe(1);
  });

  it('are not made before every acknowledgement of the month was due', async () => {
    const { publishing, at } = await begin(times(7), { at: '2026-12-01T23:59:00.000Z' });
    await expect(publishing.month(PATHWAY, '2026-11')).rejects.toThrow(
      'That month can be published from 2 Dec 2026.',
    );
    at('2026-12-02T00:00:00.000Z');
    expect((await publishing.month(PATHWAY, '2026-11')).month).toBe('2026-11');
    await expect(publishing.month(PATHWAY, '2026-12')).rejects.toThrow('from 2 Jan 2027');
  });

  it.each(['2026-13', '2026-1', 'november', ''])('are not made of %j, which is no month', async (month) => {
    const { publishing } = await begin([]);
    await expect(publishing.month(PATHWAY, month)).rejects.toThrow(Invalid);
  });

  it('are the same whether or not there are concerns that somebody may not know of', async () => {
    const countings = fc.array(
      fc.record({
        partner: fc.constantFrom(FIRST, SECOND, 'gone'),
        open: fc.boolean(),
        theme: fc.constantFrom('neglect', 'financial'),
        time: fc.constantFrom('in-time', 'late'),
        outcome: fc.constantFrom('open', 'met'),
      }),
      { minLength: 8, maxLength: 40 },
    );
    let hidden = 0;
    await fc.assert(
      fc.asyncProperty(countings, fc.double({ min: 0, max: 0.99, noNaN: true }), async (all, start) => {
        hidden += all.filter(({ open }) => !open).length;
        const withAll = await begin(all, { start });
        const without = await begin(
          all.filter(({ open }) => open),
          { start },
        );
        const text = async ({ publishing }: typeof withAll) =>
          publishedText(await publishing.month(PATHWAY, '2026-11'), CATEGORIES, terms);
        expect(await text(withAll)).toBe(await text(without));
      }),
      { numRuns: 25 },
    );
    expect(hidden).toBeGreaterThan(50);
  });

  it('have every partner and category, and hold no number from 1 to 4', async () => {
    const { publishing } = await begin([...times(3), ...times(2, { partner: SECOND, theme: 'financial' })]);
    const { parts } = await publishing.month(PATHWAY, '2026-11');
    expect(Object.keys(parts).sort()).toEqual(['', ...terms.providers.map(({ id }) => id)].sort());
    const figures = Object.values(parts).flatMap((tables) => Object.values(tables).flatMap(Object.values));
    expect(figures.length).toBe(Object.keys(parts).length * 6);
    expect(figures.filter((figure) => figure % 5 !== 0)).toEqual([]);
  });
});

describe('publishedText', () => {
  it('says the figures by partner, theme, time and outcome, how they came about and what is missing', async () => {
    const { publishing } = await begin([...times(10), ...times(5, { partner: SECOND, time: 'late' })]);
    const text = publishedText(await publishing.month(PATHWAY, '2026-11'), CATEGORIES, terms);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'Safeguarding concerns raised in November 2026: about 15',
        '  Neglect: about 15',
        '  few or none: Financial abuse',
        '  In time: about 10',
        '  Late: about 5',
        '  Not decided: about 15',
      ]),
    );
    expect(text).toContain('Not in it: concerns about people who work or volunteer for a partner');
    expect(text).toContain('As known on 2 Dec 2026.');
    expect(text.replace(/2 Dec|up to 4/g, '')).not.toMatch(/\b[1-4]\b/);
  });

  it('names the month', () => expect(monthText('2027-01')).toBe('January 2027'));
});
