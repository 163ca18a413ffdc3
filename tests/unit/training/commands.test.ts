import { expect, it } from 'vitest';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { createAgreements } from '../../../src/agreement/current.ts';
import type { EventDoc, NoticeDoc, TimerDoc } from '../../../src/core/change.ts';
import { timerId } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { createTraining } from '../../../src/training/commands.ts';
import { TRAINING_SUBJECT, trainingKey } from '../../../src/training/training.ts';
import { riverside } from '../agreement/demo.ts';

const operator = { kind: 'system', job: 'operator' } as const;
const DAY = 24 * 3_600_000;

it('an outage over the morning of a lapse: told once when it ends, and an import meanwhile does not put it off', async () => {
  let now = '2026-11-24T12:00:00.000Z';
  const clock = { now: () => now, sleep: async () => {} };
  const store = createMemoryStore();
  const run = createTurns(store, clock);
  const agreements = createAgreements(store, clock);
  await applyAgreement({ store, run }, riverside(), { system: 'operator' }, { yes: true });
  const training = createTraining({ store, run, agreements, kick: () => {} });
  const key = trainingKey('riverside');
  const imports = (line: string) =>
    training.importFile('riverside', operator, 'training.csv', [
      { line: 1, values: ['person', 'course', 'done', 'expires'] },
      { line: 2, values: line.split(',') },
    ]);
  const due = async () => (await store.get<TimerDoc>(key, timerId(TRAINING_SUBJECT)))?.doc.due;

  await imports('alex,basic-life-support,2023-11-25,2026-11-25');
  expect(await due()).toBe('2026-11-25T09:00:00.000Z');

  now = plusMs(now, 2 * DAY);
  await imports('lynne,basic-life-support,2025-12-20,2027-12-20');
  expect(await due()).toBe('2026-11-25T09:00:00.000Z');

  await training.watch('riverside');
  await training.watch('riverside');
  const told = (await store.history(key)).filter(({ type }: EventDoc) => type === 'training.told');
  expect(told).toHaveLength(1);
  const waiting = await store.page<NoticeDoc>('riverside', 'due', { limit: 100 });
  const lines = waiting.flatMap(({ doc }) => (doc.kind === 'notice' ? [doc.notice] : []));
  expect(lines.map(({ route }) => route)).toContainEqual({ to: 'person', person: 'alex' });
  expect(lines.filter(({ route }) => route.to === 'channel')).toEqual([]);
  expect(await due()).toBe('2026-11-27T09:00:00.000Z');
});
