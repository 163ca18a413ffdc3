import { withTotal } from '../../../src/core/cards.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { togetherCard, unownedCard, unownedList } from '../../../src/register/cards.ts';
import type { CaseDoc, Unowned } from '../../../src/register/case.ts';
import type { Together } from '../../../src/register/list.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';
import { nobodys, unowned } from './case-fixture.ts';

const theirs: Unowned = {
  ...unowned,
  provider: 'st-annes',
  asOf: '2026-11-20T18:00:00.000Z',
  since: NOW,
  needBy: '2026-11-25T17:00:00.000Z',
};
const caseDoc: CaseDoc = { ...nobodys, unowned: theirs, createdAt: NOW };
const taken: CaseDoc = {
  ...caseDoc,
  holder: { provider: 'st-annes', role: 'nurse', person: 'sam' },
  unowned: {
    ...theirs,
    revision: 2,
    taken: { by: { person: 'sam', name: 'Sam Okafor', provider: 'st-annes', role: 'nurse' }, at: NOW },
  },
};
export const together: Together = {
  id: 'together:000003',
  kind: 'together',
  schema: 1,
  provider: 'st-annes',
  list: '000003',
  asOf: theirs.asOf,
  brought: 34,
  since: NOW,
  needBy: theirs.needBy,
  agreementVersion: 1,
  revision: 1,
  shownTo: [{ to: 'channel', provider: 'st-annes' }],
};
const overdue = { ...caseDoc, caseId: '7K2-M51', unowned: { ...theirs, needBy: '2026-11-23T17:00:00.000Z' } };

/** Each sample of the register's cards, by the name of its file. */
export const REGISTER_SAMPLES: Readonly<Record<string, CardView>> = {
  'register/unowned': unownedCard(caseDoc, terms, NOW),
  'register/unowned.taken': unownedCard(taken, terms, NOW),
  'register/together': togetherCard(together, 21, terms, NOW),
  'register/together.taken': togetherCard(
    { ...together, ended: { by: { system: 'timer' }, at: NOW } },
    0,
    terms,
    NOW,
  ),
  'register/list': withTotal(
    unownedList([overdue, caseDoc], terms, NOW, {
      provider: 'st-annes',
      after: `${NOW}|7K2-M4X`,
    }),
    'St Anne’s: 9 of 14 on the pathway.',
  ),
  'register/list.empty': unownedList([], terms, NOW),
};
