import type { SafeguardingTerms } from '../../../src/agreement/safeguarding.ts';
import type { Verdict } from '../../../src/core/change.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { standingCard } from '../../../src/handovers/cards-lists.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import {
  concernList,
  moreCard,
  noticeCard,
  openedCard,
  raiserCard,
} from '../../../src/safeguarding/cards.ts';
import { aboutAsk } from '../../../src/safeguarding/cards-about.ts';
import { addedCard, addForm } from '../../../src/safeguarding/cards-add.ts';
import { caseAsk, holdAsk, personAsk } from '../../../src/safeguarding/cards-corrections.ts';
import { dashboardCard } from '../../../src/safeguarding/cards-dashboard.ts';
import { askCard, DECISION_FORMS } from '../../../src/safeguarding/cards-decision.ts';
import { concernForm } from '../../../src/safeguarding/cards-form.ts';
import { handOnAsk, outsideAsk } from '../../../src/safeguarding/cards-hand-on.ts';
import { mapCard } from '../../../src/safeguarding/cards-map.ts';
import { moveAsk } from '../../../src/safeguarding/cards-move.ts';
import { promptCard } from '../../../src/safeguarding/cards-prompt.ts';
import { receiptCard } from '../../../src/safeguarding/cards-sent.ts';
import { TODO_FORMS } from '../../../src/safeguarding/cards-todos.ts';
import { agendaCard, meetingCard, triageAsk } from '../../../src/safeguarding/cards-triage.ts';
import { answered } from '../../../src/safeguarding/chase.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import { dashboardOf, type Seen } from '../../../src/safeguarding/dashboard.ts';
import { decide } from '../../../src/safeguarding/decide.ts';
import type { ConcernDraft } from '../../../src/safeguarding/form.ts';
import { stepProblems } from '../../../src/safeguarding/form-problems.ts';
import { caseMoved, writeMove } from '../../../src/safeguarding/move.ts';
import { answerPrompt, openPrompt } from '../../../src/safeguarding/prompt.ts';
import { acknowledge, view } from '../../../src/safeguarding/rules.ts';
import { setTodo } from '../../../src/safeguarding/todos.ts';
import { triage } from '../../../src/safeguarding/triage.ts';
import { actor, terms as partners } from '../../support/pathway.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';
import { NOW as RAISED, raised } from './fixture.ts';

const labels = {
  theme: { neglect: 'Neglect and acts of omission', financial: 'Financial or material abuse' },
  outcome: { open: 'Not decided', removed: 'Risk removed' },
};
const one = (over: Partial<Seen> = {}): Seen => ({
  raisedAt: '2026-11-20T10:00:00.000Z',
  partner: 'st-annes',
  themes: ['neglect'],
  acknowledgeBy: '2026-11-21T00:00:00.000Z',
  acknowledgedAt: '2026-11-20T10:35:00.000Z',
  outcome: 'removed',
  ...over,
});
const seen: readonly Seen[] = [
  one(),
  one({ themes: ['neglect', 'financial'], partner: 'goodwill' }),
  one({ acknowledgedAt: '2026-11-21T08:00:00.000Z', outcome: 'open' }),
  one({ raisedAt: '2026-10-02T10:00:00.000Z' }),
];

const LATER = '2026-11-24T17:10:00.000Z';
const concern = raised({
  told: {
    danger: 'yes',
    dangerDone: 'A colleague stays with her.',
    opinion: 'She seems afraid of him.',
    safeContact: 'Ring her daughter, never the house.',
    consent: 'without',
    withoutConsent: 'more-risk',
  },
  named: [{ typed: 'Nobody we know' }],
});
const prompted = openPrompt(undefined, { pathwayId: 'testdale', day: '2026-11-24' }, actor('wim'), [
  '7K2-M4Z',
  '8T4-QX1',
  '9B6-RN2',
]).doc;
const asksOf = (doc: typeof prompted) => ({
  doc,
  cases: prompted.contacts.map(
    (caseId) => ({ caseId, person: { given: 'Joan', surname: 'Smith' } }) as CaseDoc,
  ),
  today: partners,
  now: LATER,
});
const half = answerPrompt(prompted, actor('wim'), { '7K2-M4Z': 'asked', '8T4-QX1': 'not-sure' }, LATER).doc;

const taken = { ...concern, delivered: [{ person: 'sana', at: LATER, late: true as const }] };
const facts = { concern, actor: actor('sana'), knows: 'safeguarding', today: partners, now: LATER } as const;
const after = (change: { readonly documents?: readonly object[] }): Concern =>
  change.documents?.[0] as Concern;
const seenBySana = after(view(facts));
const verdict = acknowledge({ ...facts, concern: seenBySana });
const acknowledged = verdict.kind === 'change' ? after(verdict.change) : seenBySana;

const change = (verdict: Verdict): Concern => (verdict.kind === 'change' ? after(verdict.change) : concern);
const decided = change(
  decide(
    { ...facts, concern: acknowledged },
    {
      police: 'no',
      policeWhy: 'No crime is known of yet.',
      authority: 'yes',
      authorityWhy: 'She cannot protect herself.',
      authorityDay: '2026-11-24',
      authorityTime: '17:00',
      basis: 'public-task',
      met: 'partly',
      risk: 'reduced',
      rationale: 'The card is back with her. He still has a key.',
    },
    99,
  ),
);
const triaged = change(
  triage(
    { ...facts, concern: decided },
    { outcome: 'chase', words: 'Sana rings them tomorrow.', reviewOn: '2026-12-01' },
    99,
  ),
);
const meeting = { n: 1, heldAt: RAISED, people: ['sana', 'dora'], by: concern.raisedBy, at: LATER };
const agenda = [
  { concern, concernId: concern.concernId, items: ['undecided'] as const },
  { concern: triaged, concernId: concern.concernId, items: ['chase', 'review'] as const },
];
const answeredOf = (one: Concern): Concern =>
  change(answered({ ...facts, concern: one }, { answer: 'enquiry', answeredDay: '2026-11-24' }));

const withAction = change(
  setTodo(
    { ...facts, concern: decided },
    { what: 'Visit her on Friday, with her daughter there.', owner: 'dora', due: '2026-11-27' },
    99,
  ),
);
const twice: Concern = {
  ...decided,
  decisions: (decided.decisions ?? []).flatMap((one) => [one, { ...one, n: 2 }]),
};
const movedOn = after(
  caseMoved({ ...acknowledged, named: [], staff: 'no' }, 'hospice', partners, LATER) ?? {},
);
const writtenOn = change(
  writeMove(
    { ...facts, concern: movedOn },
    {
      receiver: 'dora',
      moveContact: 'Ring her daughter, never the house.',
      risks: 'He still has a key.',
      actions: 'The lock is ordered.',
      outstanding: 'Have it fitted.',
      moveBasis: 'public-task',
    },
  ),
);

const [contact] = (partners.safeguarding as SafeguardingTerms).map;
/** As many contacts as an agreement takes. */
const manyContacts = Array.from({ length: 40 }, (_, at) => ({
  ...(contact as NonNullable<typeof contact>),
  id: `contact-${at + 1}`,
  name: `Contact ${at + 1}`,
}));

const draft: ConcernDraft = {
  id: '00000000-0000-4000-8000-000000000001',
  concernId: '7K2-M4Z',
  provider: 'charity',
  role: 'worker',
  inputs: {},
};

const outside = { ...concern, asked: [], outside: { since: RAISED, remindAt: LATER } };

/** The views of the samples, by the sample’s file. */
export const SAFEGUARDING_SAMPLES: Readonly<Record<string, CardView>> = {
  'safeguarding/dashboard': dashboardCard(dashboardOf(seen, '2026-11', 'Europe/London', NOW), labels, terms),
  'safeguarding/dashboard.nothing': dashboardCard(
    dashboardOf([], '2026-11', 'Europe/London', NOW),
    labels,
    terms,
  ),
  'safeguarding/prompt': promptCard(asksOf(prompted)),
  'safeguarding/prompt.answered': promptCard(asksOf(half), {
    problem: 'Choose an answer for at least one person, then press Send answers.',
  }),
  'safeguarding/notice': noticeCard(concern, 'sana', partners, RAISED),
  'safeguarding/notice.late': noticeCard(taken, 'sana', partners, LATER),
  'safeguarding/notice.acknowledged': noticeCard(acknowledged, 'sana', partners, LATER),
  'safeguarding/notice.raiser': raiserCard(concern, partners, RAISED),
  'safeguarding/notice.told-to-ring': raiserCard({ ...concern, toldToRing: LATER }, partners, LATER),
  'safeguarding/notice.seen': raiserCard(seenBySana, partners, LATER),
  'safeguarding/opened': openedCard({ ...facts, concern: seenBySana }),
  'safeguarding/opened.raiser': openedCard({ ...facts, concern: seenBySana, knows: 'raiser' }),
  'handovers/standing.concern': standingCard(
    partners.providers[0] as (typeof partners.providers)[number],
    partners,
  ),
  'safeguarding/form': concernForm('danger', draft, partners),
  'safeguarding/form.again': concernForm(
    'danger',
    draft,
    partners,
    stepProblems('danger', {}, partners, RAISED),
  ),
  'safeguarding/form.facts': concernForm('facts', draft, partners),
  'safeguarding/form.consent': concernForm('consent', { ...draft, caseId: '7K2-M4Z' }, partners),
  'safeguarding/form.person': concernForm('person', draft, partners),
  'safeguarding/form.more': concernForm('more', draft, partners),
  'safeguarding/form.begun': concernForm(
    'facts',
    draft,
    partners,
    [],
    [
      {
        text: 'You began this form and have not sent it: nobody has seen it. You last changed it at 16:42.',
        anew: { pathway: 'testdale', caseId: '7K2-M4Z' },
      },
    ],
  ),
  'safeguarding/ask.add': addForm(concern, partners),
  'safeguarding/ask.add-again': addForm(concern, partners, {
    typed: { danger: 'yes' },
    problems: [{ field: 'facts', message: 'Write what was seen or said, or what you think; one of them.' }],
  }),
  'safeguarding/notice.added': addedCard({ ...facts, knows: 'raiser' }, true),
  'safeguarding/notice.sent': receiptCard(concern, partners, RAISED),
  'safeguarding/ask.move': askCard(moveAsk(movedOn, partners), movedOn, partners),
  'safeguarding/opened.moved': openedCard({ ...facts, concern: movedOn }),
  'safeguarding/opened.written': openedCard({ ...facts, concern: writtenOn }),
  'safeguarding/map': mapCard(partners, partners.safeguarding as SafeguardingTerms),
  'safeguarding/map.page': mapCard(
    partners,
    { ...(partners.safeguarding as SafeguardingTerms), map: manyContacts },
    2,
  ),
  'safeguarding/ask': askCard(
    DECISION_FORMS['concern.decide'](acknowledged, partners),
    acknowledged,
    partners,
  ),
  'safeguarding/ask.again': askCard(
    DECISION_FORMS['concern.answered'](decided, partners),
    acknowledged,
    partners,
    {
      typed: { answerReference: 'MASH 12' },
      problems: [{ field: 'answer', message: 'Choose what they answered.' }],
    },
  ),
  'safeguarding/ask.about': askCard(aboutAsk(concern, partners), concern, partners),
  'safeguarding/ask.hand-on': askCard(handOnAsk(concern, partners, 'sana'), concern, partners),
  'safeguarding/ask.correct-person': askCard(personAsk(), concern, partners),
  'safeguarding/ask.correct-case': askCard(caseAsk(), concern, partners),
  'safeguarding/ask.hold': askCard(holdAsk(concern), concern, partners),
  'safeguarding/ask.outside': askCard(outsideAsk(concern, partners), concern, partners),
  'safeguarding/notice.outside': raiserCard(outside, partners, LATER),
  'safeguarding/notice.more': moreCard(concern, partners, LATER),
  'safeguarding/ask.close': askCard(DECISION_FORMS['concern.close'](), acknowledged, partners),
  'safeguarding/ask.reopen': askCard(DECISION_FORMS['concern.reopen'](), acknowledged, partners),
  'safeguarding/opened.acknowledged': openedCard({ ...facts, concern: acknowledged }),
  'safeguarding/ask.which': askCard(DECISION_FORMS['concern.answered'](twice, partners), twice, partners),
  'safeguarding/ask.action': askCard(
    TODO_FORMS['concern.action'](acknowledged, partners),
    acknowledged,
    partners,
  ),
  'safeguarding/ask.action-over': askCard(
    TODO_FORMS['concern.action-over'](withAction),
    withAction,
    partners,
  ),
  'safeguarding/opened.action': openedCard({ ...facts, concern: withAction }),
  'safeguarding/opened.decided': openedCard({ ...facts, concern: decided }),
  'safeguarding/opened.answered': openedCard({ ...facts, concern: answeredOf(decided) }),
  'safeguarding/opened.closed': openedCard({
    ...facts,
    concern: { ...answeredOf(decided), closed: { by: decided.raisedBy, at: LATER } },
  }),
  'safeguarding/ask.triage': askCard(triageAsk(), acknowledged, partners),
  'safeguarding/agenda': agendaCard(agenda, 1, meeting, partners, LATER),
  'safeguarding/agenda.pages': agendaCard(Array(13).fill(agenda[0]), 2, undefined, partners, LATER),
  'safeguarding/agenda.empty': agendaCard([], 1, undefined, partners, LATER),
  'safeguarding/meeting': meetingCard(partners, LATER),
  'safeguarding/meeting.again': meetingCard(partners, LATER, {
    typed: { heldDay: '2026-11-25', heldTime: '10:00' },
    problems: [
      { field: 'heldDay', message: 'This day and time have not come yet.' },
      { field: 'people', message: 'Choose who was there.' },
    ],
  }),
  'safeguarding/opened.triaged': openedCard({ ...facts, concern: triaged }),
  'safeguarding/list': concernList([concern, acknowledged], 'Open concerns', 'sana', partners, LATER, {
    list: 'open',
    after: '',
  }),
  'safeguarding/list.empty': concernList([], 'Open concerns', 'sana', partners, LATER),
};
