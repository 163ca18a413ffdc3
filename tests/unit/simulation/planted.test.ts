import { expect, test } from 'vitest';
import { INVARIANTS } from '../../../src/simulation/invariants.ts';
import { run } from '../../../src/simulation/run.ts';
import { simulate, simulatedLines } from '../../../src/simulation/simulate.ts';
import { FAULTS as OF_HANDOVERS } from './planted.ts';
import { CONCERN_FAULTS } from './planted-concerns.ts';
import { LADDER_FAULTS } from './planted-ladder.ts';
import { PAGING_FAULTS } from './planted-paging.ts';
import { PAIR_FAULTS } from './planted-pairs.ts';
import { TASK_FAULTS } from './planted-tasks.ts';
import { WEEKLY_FAULTS } from './planted-weekly.ts';

const FAULTS = [
  ...OF_HANDOVERS,
  ...LADDER_FAULTS,
  ...PAGING_FAULTS,
  ...TASK_FAULTS,
  ...WEEKLY_FAULTS,
  ...PAIR_FAULTS,
  ...CONCERN_FAULTS,
];

/** Worlds that are looked at for each fault, at most. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

test('every invariant has a fault that breaks it', () => {
  const broken = new Set(FAULTS.map(({ breaks }) => breaks));
  console.log(`${FAULTS.length} faults for ${Object.keys(INVARIANTS).length} invariants`);
  expect([...broken].sort()).toEqual(Object.keys(INVARIANTS).sort());
});

test.each(FAULTS)('the simulation finds $what', async ({ breaks, planted, days = 7, from = 1 }) => {
  for (const seed of SEEDS.filter((one) => one >= from)) {
    const { broken } = await run({ seed, weeks: 1, until: days * 86_400_000, planted });
    if (!broken) continue;
    expect(broken).toMatchObject({ invariant: breaks });
    return;
  }
  expect.fail(`no seed of ${SEEDS.length} found it`);
});

test('a broken world is told by a shorter history, which breaks it again', async () => {
  const fault = FAULTS.find(({ breaks }) => breaks === 'timer');
  if (!fault) throw new Error('no fault of timers');
  const { planted } = fault;
  const found = await simulate({ seeds: 3, weeks: 1, planted });
  const { broken } = found;
  if (!broken) throw new Error('nothing broke');
  console.log(`shortened to ${broken.only.length} happenings`);
  expect(broken.only.length).toBeLessThanOrEqual(3);
  expect(broken.history.join('\n')).toContain('world: offer');
  const lines = simulatedLines(found);
  expect(lines.at(-1)).toContain(`--from ${broken.seed} --weeks 1 --only ${broken.only.join(',')}`);
  const again = await run({ seed: broken.seed, weeks: 1, only: broken.only, planted });
  expect(again.broken).toMatchObject({ invariant: 'timer' });
});
