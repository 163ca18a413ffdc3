import type { Done, Open } from '../../../src/actions/action.ts';
import { actionCard, actionList, canOfKey, sharedCard } from '../../../src/actions/cards.ts';
import { actionForm, setForm } from '../../../src/actions/cards-forms.ts';
import { timesOf } from '../../../src/actions/due.ts';
import { withTotal } from '../../../src/core/cards.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';

const owner = { provider: 'st-annes', person: 'sam' };

export const action: Open = {
  id: 'action',
  kind: 'action',
  schema: 1,
  audit: { seq: 1, hash: '' },
  actionId: '7K2-M4Z',
  revision: 1,
  agreementVersion: 1,
  what: 'Send the record of the last review to the district nurses, and agree who rings the family.',
  owner,
  from: { kind: 'handover', caseId: '7K2-04V' },
  setBy: { person: 'alex', name: 'Alex Kim', provider: 'northside', role: 'coordinator' },
  setAt: NOW,
  ...timesOf('2026-11-27', owner, terms, NOW),
  shownTo: [{ to: 'person', person: 'sam' }],
  state: 'open',
};
const later = '2026-11-30T10:00:00.000Z';
export const overdue: Open = {
  ...action,
  owner: { provider: 'st-annes', role: 'nurse' },
  revision: 2,
  overdueAt: '2026-11-28T09:00:00.000Z',
};
const done: Done = {
  ...action,
  revision: 2,
  state: 'done',
  doneBy: { person: 'sam', name: 'Sam Okafor', provider: 'st-annes', role: 'nurse' },
  doneAt: NOW,
  proof: 'Sent by secure mail on 24 November; the district nurses answered that they have it.',
};
const meeting: Open = {
  ...action,
  actionId: '3T9-XQ0',
  owner: { provider: 'goodwill' },
  from: { kind: 'meeting' },
};
const alex = [
  { provider: 'northside', role: 'coordinator' },
  { provider: 'st-annes', role: 'nurse' },
];
const sees = (one: Open | Done, person: string) => canOfKey(one, person, terms, NOW);

/** Every sample of the actions' cards, by its name. */
export const ACTION_SAMPLES: Readonly<Record<string, CardView>> = {
  'actions/action': actionCard(action, sees(action, 'sam'), terms, NOW),
  'actions/action.setter': actionCard(action, sees(action, 'alex'), terms, NOW),
  'actions/action.overdue': sharedCard(overdue, terms, later),
  'actions/action.done': actionCard(done, sees(done, 'alex'), terms, NOW),
  'actions/action.undo': actionCard(done, sees(done, 'sam'), terms, NOW),
  'actions/set': setForm('7K2-M4Z', alex.slice(0, 1), terms),
  'actions/set.filled': setForm('7K2-M4Z', alex.slice(0, 1), terms, {
    typed: { caseId: '7K2-04V', from: 'case' },
  }),
  'actions/set.again': setForm('7K2-M4Z', alex, terms, {
    typed: { by: 'northside', owner: 'st-annes||sam', due: '2026-11-20', from: 'meeting' },
    problems: [
      { field: 'what', message: 'Write what is to be done.' },
      { field: 'due', message: 'Choose a day that is not over.' },
    ],
  }),
  'actions/done': actionForm('done', action, terms, NOW),
  'actions/done.again': actionForm('done', overdue, terms, later, {
    typed: { proof: ' ' },
    problems: [{ field: 'proof', message: 'Write what shows that it is done.' }],
  }),
  'actions/move': actionForm('move', action, terms, NOW),
  'actions/cancel': actionForm('cancel', action, terms, NOW),
  'actions/list': withTotal(
    actionList('Open actions', [overdue, meeting], new Set(['3T9-XQ0']), terms, later, {
      list: 'open',
      after: '2026-11-28T00:00:00.000Z|3T9-XQ0',
    }),
    'St Anne’s: 12 open, 1 of them overdue.',
  ),
  'actions/list.empty': actionList('Overdue actions', [], new Set(), terms, NOW),
};
