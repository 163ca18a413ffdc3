import { expect, test } from 'vitest';
import type { Agreements } from '../../src/agreement/current.ts';
import { gaugesOf } from '../../src/gauges.ts';
import { createMemoryStore } from '../../src/simulation/memory-store.ts';
import { duePlace } from '../../src/store/turn.ts';
import { terms } from '../support/pathway.ts';

const NOW = '2026-11-24T10:00:00.000Z';
const pathwayId = terms.pathway;
const agreements = {
  pathways: async () => [pathwayId],
  inForce: async () => ({ version: 1, terms }),
} as unknown as Agreements;

/** What is counted as due, with so many timers of cases and of concerns. */
async function due(cases: number, concerns: number): Promise<number | undefined> {
  const store = createMemoryStore();
  const waits = async (caseId: string, at: string) => {
    const doc = { id: 'timer:t', kind: 'timer', schema: 1, lists: { due: duePlace(at, caseId, 'timer:t') } };
    await store.commit({ pathwayId, caseId }, [{ do: 'put', doc }]);
  };
  for (let n = 0; n < cases; n++) await waits(`C-${n}`, '2026-11-24T09:00:00.000Z');
  for (let n = 0; n < concerns; n++) await waits(`concern:${n}`, '2026-11-24T08:00:00.000Z');
  await waits('C-later', '2026-11-24T11:00:00.000Z');
  const ticker = { behind: () => ({ ms: 0, unknownTimers: 0 }) };
  const gauges = await gaugesOf(store, agreements, ticker, { now: () => NOW, sleep: async () => undefined });
  return gauges.find(({ name }) => name === 'baton_due')?.value;
}

test.each([0, 3, 999, 1_000, 2_500])(
  '%d things that are due are counted, and no concern among them',
  async (cases) => {
    expect(await due(cases, 0)).toBe(cases);
    expect(await due(cases, 7)).toBe(cases);
  },
);

test('the count ends at ten thousand, whatever is kept apart among them', async () => {
  expect(await due(10_050, 0)).toBe(10_000);
  expect(await due(10_050, 1_200)).toBe(10_000);
});
