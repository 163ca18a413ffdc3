import type { PersonActor } from '../../../src/core/actors.ts';
import { withTotal } from '../../../src/core/cards.ts';
import type { CardView } from '../../../src/core/routes.ts';
import {
  apartForm,
  askCard,
  disagreeForm,
  pairCard,
  pairList,
  sameForm,
} from '../../../src/duplicates/cards.ts';
import type { Present, Row } from '../../../src/duplicates/commands.ts';
import type { Pair, Standing } from '../../../src/duplicates/pair.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';

const caseOf = (caseId: string, provider: string, own: string, person: CaseDoc['person']): CaseDoc => ({
  id: 'case',
  kind: 'case',
  schema: 1,
  audit: { seq: 4, hash: 'h' },
  caseId,
  state: 'open',
  holder: { provider, role: provider === 'northside' ? 'coordinator' : 'nurse' },
  person,
  aliases: { [provider]: own },
  createdAt: NOW,
  handovers: [],
});

const a = caseOf('3T9-XQ0', 'northside', 'N-1041', {
  given: 'Margaret',
  surname: 'Example',
  dob: '1942-03-07',
  nhsNumber: '9990001014',
  postcode: 'RV1 2AB',
});
const b = caseOf('7K2-M4Z', 'st-annes', 'SA-77', {
  given: 'Margret',
  surname: 'Example',
  dob: '1942-03-07',
  postcode: 'RV1 2AB',
});

const reader: PersonActor = {
  kind: 'person',
  person: 'alex',
  name: 'Alex Kim',
  positions: [{ provider: 'northside', role: 'coordinator' }],
};

const pair: Pair = {
  id: 'pair',
  kind: 'pair',
  schema: 1,
  audit: { seq: 1, hash: 'h' },
  a: a.caseId,
  b: b.caseId,
  revision: 1,
  band: 'likely',
  reasons: [
    'Same surname, birth date and postcode',
    'First names one letter apart',
    'NHS number missing in one list',
  ],
  said: { a: '1', b: '2' },
  providers: ['northside', 'st-annes'],
  owner: 'northside',
  since: NOW,
  stands: { state: 'open' },
};
export const present = (stands: Standing): Present => ({
  pair: { ...pair, stands },
  a,
  b,
  busy: [],
  today: terms,
  now: NOW,
});
const alex = { person: 'alex', name: 'Alex Kim', provider: 'northside', role: 'coordinator' };
export const decidedBy = { by: alex, person: 'alex', at: NOW };
const open = present({ state: 'open' });
const asked = present({ state: 'asked', agreed: [], keep: a.caseId, ...decidedBy });
const merged = present({ state: 'merged', keep: a.caseId, ...decidedBy });
const row = (one: Present): Row => ({ ...one, place: `${NOW}|${a.caseId}:${b.caseId}` });

/** Every sample of the cards about pairs, by its name. */
export const DUPLICATE_SAMPLES: Readonly<Record<string, CardView>> = {
  'duplicates/list': withTotal(
    pairList([row(open)], terms, reader, { caseId: '', after: row(open).place }),
    'St Anne’s: 7 pairs to get decided. Those of others are listed too where you may decide them.',
  ),
  'duplicates/list.empty': pairList([], terms, reader),
  'duplicates/pair': pairCard(open, { same: true, apart: true, agree: false, undo: false }),
  'duplicates/pair.apart': pairCard(
    present({ state: 'apart', reason: 'Twin sisters: different first names, seen together.', ...decidedBy }),
  ),
  'duplicates/pair.asked': pairCard(asked, { same: false, apart: false, agree: true, undo: false }),
  'duplicates/pair.merged': pairCard(merged, { same: false, apart: false, agree: false, undo: true }),
  'duplicates/pair.linked': pairCard(present({ state: 'linked', ...decidedBy })),
  'duplicates/same': sameForm(open),
  'duplicates/same.again': sameForm(open, {
    typed: 'link',
    problems: [{ field: 'how', message: 'Nobody holds case 7K2-M4X. Take it first: /take 7K2-M4X' }],
  }),
  'duplicates/ask': askCard(asked, 'st-annes'),
  'duplicates/ask.over': askCard(merged, 'st-annes'),
  'duplicates/disagree': disagreeForm(asked),
  'duplicates/disagree.again': disagreeForm(asked, {
    problems: [{ field: 'reason', message: 'Write why these are not one referral.' }],
  }),
  'duplicates/apart': apartForm(open),
  'duplicates/apart.again': apartForm(open, {
    problems: [{ field: 'reason', message: 'Write why these are two people.' }],
  }),
};
