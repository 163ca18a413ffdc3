import { describe, expect, test } from 'vitest';
import { rungOf } from '../../../src/agreement/ladder.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import { acknowledge } from '../../../src/escalations/answers.ts';
import { type Count, countingPrompts } from '../../../src/escalations/counting.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import type { Days } from '../../../src/escalations/figures-lines.ts';
import { readFigures } from '../../../src/escalations/figures-read.ts';
import { listed } from '../../../src/escalations/lists.ts';
import { begin, end } from '../../../src/escalations/rules.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { writesOf } from '../../../src/store/turn.ts';
import { inForce, terms } from '../../support/pathway.ts';
import { at, begun, by, ground, matter, stands } from './ground.ts';

const none = { seq: 0, hash: '' };
const agreements = {
  inForce: async (pathwayId: string) => (pathwayId === terms.pathway ? inForce : undefined),
  version: async () => inForce,
  termsAt: async () => inForce.terms,
  pathways: async () => [terms.pathway],
  findAccount: async () => [],
  findChannel: async () => undefined,
  forget: () => undefined,
};

/** A store with one escalation for each of these starts. */
async function holding(starts: readonly string[]): Promise<Store> {
  const store = createMemoryStore();
  const first = begun();
  for (const [index, startedAt] of starts.entries()) {
    const caseId = `AAA-${String(index).padStart(3, '0')}`;
    const doc: Escalation = listed({ ...first, caseId, startedAt });
    await store.commit({ pathwayId: terms.pathway, caseId }, [{ do: 'create', doc }]);
  }
  return store;
}
const read = async (store: Store, days: Days, pathwayId: string = terms.pathway) => {
  let pages = 0;
  const counted: Store = {
    ...store,
    page: (...args) => {
      pages += 1;
      return store.page(...args);
    },
  };
  const clock = { now: () => at(99), sleep: async () => undefined };
  const rota = { read: async () => ({ shifts: [], away: [] }) };
  const found = await readFigures({ store: counted, clock, agreements, rota }, pathwayId, days);
  return { ...found, pages };
};

describe('figures are read', () => {
  test('from the first day’s first moment to the last day’s last, in the pathway’s zone', async () => {
    // British summer time ends on 25 October 2026: the day is 25 hours long.
    const store = await holding([
      '2026-10-24T22:59:59.999Z',
      '2026-10-24T23:00:00.000Z',
      '2026-10-25T23:59:59.999Z',
      '2026-10-26T00:00:00.000Z',
    ]);
    const { figures, lines } = await read(store, { from: '2026-10-25', to: '2026-10-25' });
    expect(figures.escalations).toBe(2);
    expect(lines[0]).toContain('from 25 Oct 2026 to 25 Oct 2026: 2, 2 of them running');
    expect((await read(store, { from: '2026-10-24', to: '2026-10-26' })).figures.escalations).toBe(4);
  });

  test('in pages, each once', async () => {
    const store = await holding(Array.from({ length: 450 }, (_, n) => at(n)));
    const { figures, pages } = await read(store, { from: '2026-11-24', to: '2026-11-24' });
    expect(figures.acknowledgement.all.asked).toBe(450);
    expect(pages).toBe(3);
  });

  test.each([
    [{ from: '2026-11-31', to: '2026-12-01' }, ['--from']],
    [{ from: '1/11/2026', to: 'today' }, ['--from', '--to']],
    [{ from: '2026-11-24', to: '2026-11-23' }, ['--to']],
  ])('not for %j', async (days, fields) => {
    const store = await holding([]);
    const wrong = await read(store, days).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(Invalid);
    expect((wrong as Invalid).problems.map(({ field }) => field)).toEqual(fields);
  });

  test('not for a pathway that is not known', async () => {
    const store = await holding([]);
    await expect(read(store, { from: '2026-11-24', to: '2026-11-24' }, 'nowhere')).rejects.toBeInstanceOf(
      Refused,
    );
  });
});

describe('prompts are counted as they are committed', () => {
  test('by kind of rung and provider, and by nothing about a person', async () => {
    const counts = new Map<string, number>();
    const count: Count = (name, _, labels) => {
      const series = `${name} ${Object.values(labels).join(' ')}`;
      counts.set(series, (counts.get(series) ?? 0) + 1);
    };
    const memory = createMemoryStore();
    const store = countingPrompts(memory, count, async (_, __, rung) => rungOf(terms.ladder, rung)?.kind);
    const key = { pathwayId: terms.pathway, caseId: '7K2-M4Z' };
    const head = { id: 'case', kind: 'case', schema: 1, audit: none };
    const commit = async (change: ReturnType<typeof begin>, now: string): Promise<void> => {
      const stood = await memory.get<typeof head>(key, 'case');
      const documents = [...(change.documents ?? []), ...(stood ? [] : [head])];
      const removes = (change.timers ?? []).filter(({ due }) => due === null);
      const timers = (change.timers ?? []).filter((one) => !removes.includes(one));
      await store.commit(key, writesOf(key, stood, 'case', { ...change, documents, timers }, now));
    };
    const began = begin(ground(), matter(), 'rejected', 'clinical', undefined);
    await commit(began, at(0));
    const lead = stands(began).raisings.find(({ rung }) => rung === 'lead');
    const taken = acknowledge(ground({ now: at(5), by: by('lena') }), stands(began), lead?.n ?? 0, 'lena');
    if (typeof taken === 'string') throw new Error('it was not taken');
    await commit(taken, at(5));
    const ended = end(ground({ now: at(9), by: by('lena') }), stands(taken), 'resolved');
    if (!ended) throw new Error('it did not end');
    await commit(ended, at(9));
    await new Promise((resolve) => setImmediate(resolve));
    expect([...counts].sort()).toEqual([
      ['baton_prompts_acknowledged_total testdale clinical prime', 1],
      ['baton_prompts_ended_total testdale clinical prime', 1],
      ['baton_prompts_ended_total testdale contractual prime', 1],
      ['baton_prompts_raised_total testdale clinical prime', 1],
      ['baton_prompts_raised_total testdale contractual prime', 1],
    ]);
  });

  test('not when the commit failed', async () => {
    let counted = 0;
    const failing: Store = {
      ...createMemoryStore(),
      commit: async () => {
        throw new Error('away');
      },
    };
    const store = countingPrompts(
      failing,
      () => void counted++,
      async () => 'clinical',
    );
    const doc = begun();
    await expect(store.commit({ pathwayId: 'p', caseId: 'c' }, [{ do: 'put', doc }])).rejects.toThrow('away');
    await new Promise((resolve) => setImmediate(resolve));
    expect(counted).toBe(0);
  });
});
