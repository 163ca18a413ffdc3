import type { EventDraft, Head, Key } from '../../../src/core/change.ts';
import type { Clock, Instant } from '../../../src/core/clock.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';

/** The pathway of the tests of the record. */
export const PATHWAY = 'frailty';

/** Records one event in a case at a time, by a turn like any other. */
export async function record(store: Store, caseId: string, at: Instant, n: number): Promise<void> {
  const key: Key = { pathwayId: PATHWAY, caseId };
  const clock: Clock = { now: () => at, sleep: async () => {} };
  const event: EventDraft = { type: 'test.happened', by: { system: 'test' }, data: { n } };
  await createTurns(store, clock)<Head, void>(key, 'case', ({ head }) => ({
    change: {
      documents: [head ?? { id: 'case', kind: 'case', schema: 1, audit: { seq: 0, hash: '' } }],
      events: [event],
    },
    answer: undefined,
  }));
}

/** Three days of three cases: C-1 on all of them, C-2 on the first two, C-3 on the third alone. */
export async function threeDays(store: Store): Promise<void> {
  for (const [day, cases] of [
    ['2026-11-22', ['C-1', 'C-2']],
    ['2026-11-23', ['C-1', 'C-2']],
    ['2026-11-24', ['C-1', 'C-3']],
  ] as const) {
    for (const caseId of cases) {
      await record(store, caseId, `${day}T09:00:00.000Z`, 1);
      await record(store, caseId, `${day}T17:00:00.000Z`, 2);
    }
  }
}
