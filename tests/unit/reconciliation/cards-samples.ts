import { withTotal } from '../../../src/core/cards.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { batchCard, figuresCard, mismatchList, settleForm } from '../../../src/reconciliation/cards.ts';
import { begunBatch } from '../../../src/reconciliation/climb.ts';
import { type Mismatch, mismatchListed } from '../../../src/reconciliation/mismatch.ts';
import type { Reconciled } from '../../../src/reconciliation/reconciliation.ts';
import { createTally } from '../../../src/reconciliation/tally.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';
import { nobodys } from '../register/case-fixture.ts';

const SETTLE_BY = '2026-12-01T17:00:00.000Z';
const one: Mismatch = mismatchListed({
  id: 'mismatch:7K2-M4X:different-holder',
  kind: 'mismatch',
  schema: 1,
  caseId: '7K2-M4X',
  what: 'different-holder',
  provider: 'st-annes',
  alias: 'SA17',
  says: 'northside/st-annes',
  since: NOW,
  run: '000003',
  settleBy: SETTLE_BY,
});
const late: Mismatch = {
  ...one,
  caseId: '7K2-M51',
  alias: 'SA18',
  what: 'review-overdue',
  says: '2026-11-01',
  settleBy: '2026-11-20T17:00:00.000Z',
};
const tally = createTally(['northside', 'st-annes']);
for (let n = 0; n < 40; n++) tally.count('northside', n < 2 ? [{ kind: 'long-wait', as: 'fresh' }] : []);
for (let n = 0; n < 25; n++) {
  tally.count('st-annes', n === 0 ? [{ kind: 'different-holder', as: 'carried-over' }] : []);
}
const result: Reconciled = {
  id: 'run:000003',
  kind: 'reconciled',
  schema: 1,
  run: '000003',
  week: '2026-W48',
  startedAt: NOW,
  finishedAt: NOW,
  by: { system: 'operator' },
  agreementVersion: 1,
  compared: [
    { provider: 'northside', state: 'fresh', list: '000002', asOf: '2026-11-20T18:00:00.000Z' },
    { provider: 'st-annes', state: 'late', list: '000001', asOf: '2026-11-12T18:00:00.000Z' },
  ],
  gone: 4,
  ...tally.result(),
};
const batch = begunBatch('st-annes', '000003', SETTLE_BY, 1, NOW);
const rows = [late, one].map((mismatch) => ({ mismatch, caseDoc: nobodys }));
const problems = [{ field: 'words', message: 'Write what was found.' }];

export const RECONCILIATION_SAMPLES: Readonly<Record<string, CardView>> = {
  'reconciliation/figures': figuresCard(result, ['st-annes'], terms, NOW),
  'reconciliation/batch': batchCard({ batch, left: 3, today: terms }, NOW),
  'reconciliation/batch.over': batchCard({ batch: { ...batch, ended: NOW }, left: 0, today: terms }, NOW),
  'reconciliation/list': withTotal(
    mismatchList(rows, 'st-annes', 12, terms, NOW, 'x'),
    'St Anne’s: 12 to settle.',
  ),
  'reconciliation/list.empty': mismatchList([], 'st-annes', 0, terms, NOW),
  'reconciliation/settle': settleForm(one, nobodys, terms),
  'reconciliation/settle.again': settleForm(one, nobodys, terms, {
    reason: 'both-right',
    words: '',
    problems,
  }),
};
