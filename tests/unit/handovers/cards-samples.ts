import { boundCard, peopleCard } from '../../../src/agreement/cards.ts';
import { ladderCard, raciCard, stepCard } from '../../../src/agreement/cards-ladder.ts';
import type { OnDuty } from '../../../src/agreement/deciding.ts';
import { doneCard, helpCard, withTotal } from '../../../src/core/cards.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { escalationList, promptCard, promptForm, whyCard } from '../../../src/escalations/cards.ts';
import type { Escalation, Face } from '../../../src/escalations/escalation.ts';
import { movedOnCard, offerCard, senderCard } from '../../../src/handovers/cards.ts';
import {
  answerForm,
  askForm,
  chooseProviderCard,
  formStep,
  gapForm,
  rejectForm,
} from '../../../src/handovers/cards-forms.ts';
import { caseCard, handoverList, standingCard } from '../../../src/handovers/cards-lists.ts';
import { acceptedAnswer, detailsCard, noteCard } from '../../../src/handovers/cards-private.ts';
import { FORM_STEPS, inputsFromContent, missingProblems } from '../../../src/handovers/form.ts';
import type { Handover } from '../../../src/handovers/handover.ts';
import { flagCard } from '../../../src/handovers/routes-flag.ts';
import { ACTION_SAMPLES } from '../actions/cards-samples.ts';
import { WAITING_SAMPLES } from '../core/waiting-samples.ts';
import { DIGEST_SAMPLES } from '../digests/cards-samples.ts';
import { DUPLICATE_SAMPLES } from '../duplicates/cards-samples.ts';
import { begunOn } from '../escalations/ground.ts';
import { RECONCILIATION_SAMPLES } from '../reconciliation/cards-samples.ts';
import { REGISTER_SAMPLES } from '../register/cards-samples.ts';
import { nobodys, unowned } from '../register/case-fixture.ts';
import { ROTA_SAMPLES } from '../rota/cards-samples.ts';
import { SAFEGUARDING_SAMPLES } from '../safeguarding/cards-samples.ts';
import { TRAINING_SAMPLES } from '../training/cards-samples.ts';
import {
  accepted,
  asked,
  caseOf,
  content,
  NOW,
  offered,
  rejected,
  terms,
  withdrawn,
} from './cards-fixture.ts';

type View = (handover: Handover) => CardView;
const offer: View = (handover) => offerCard(handover, caseOf(handover), terms, NOW);
const sent: View = (handover) => senderCard(handover, caseOf(handover), terms, NOW);
const movedOn: View = (handover) => movedOnCard(handover, caseOf(handover), terms, NOW);
const [, hospice] = terms.providers;
const step = terms.raci[1];
const onDuty: OnDuty = ({ provider }) => (provider === 'st-annes' ? ['sam'] : []);
const nobody: OnDuty = () => [];
const id = '8d8e3f0e-6d1c-4d39-9d0a-6a6f6c2b7a10';
const draft = { id, from: 'northside', inputs: {} };
const typed = {
  id,
  from: 'northside',
  inputs: { ...inputsFromContent(content, terms.zone), to: 'st-annes' },
};
const delivered = { deliveredAt: '2026-11-24T14:31:00.000Z' };
const doubtful = offered({
  urgency: 'day',
  missing: ['allergies', 'plan.nextReview'],
  warnings: ['nhs-number-invalid'],
  answerBy: '2026-11-24T18:30:00.000Z',
});
const bare = offered(
  { missing: ['allergies', 'contacts'], warnings: ['nhs-number-missing'] },
  {
    ...content,
    person: { given: 'Margaret' },
    sbar: {},
    safeguarding: {},
    risk: {},
    contacts: [],
    allergies: undefined,
    adjustments: undefined,
    plan: {},
    author: {},
  },
);

const long = (name: string): string => `${name} of the united community and hospital services`;
const longNames = {
  ...terms,
  providers: terms.providers.map((provider) => ({ ...provider, name: long(provider.name) })),
  urgencies: terms.urgencies.map((urgency) => ({ ...urgency, name: long(urgency.name) })),
};

const escalation = begunOn(terms);
const passed: Escalation = {
  ...escalation,
  raisings: escalation.raisings.map((one) => ({ ...one, state: 'passed' as const })),
};
const taken: Escalation = {
  ...escalation,
  raisings: escalation.raisings.map((one) => ({
    ...one,
    state: 'acknowledged' as const,
    acknowledged: {
      by: { person: 'sam', name: 'Sam Okafor' },
      person: 'sam',
      at: NOW,
      until: '2026-11-24T15:20:00.000Z',
    },
  })),
};
const accepting: Escalation = {
  ...passed,
  state: 'ended',
  how: 'accepted',
  endedAt: NOW,
  endedBy: { person: 'sam', name: 'Sam Okafor' },
};
const face: Face = {
  who: '7K2-04 · M.K.',
  between: 'Northside → St Anne’s',
  urgency: 'Urgent: within 2 hours',
  standing: 'Answer was due Tue 24 Nov, 14:30.',
  heldBy: 'Held by Northside (coordinator)',
  ring: 'Northside: 0300 123 1000',
  buttons: [
    { title: 'Accept', verb: 'handover.accept', data: { pathway: 'frailty' }, style: 'positive' },
    { title: 'Reject', verb: 'handover.reject', data: { pathway: 'frailty' } },
    { title: 'Ask for information', verb: 'handover.ask', data: { pathway: 'frailty' } },
    { title: 'View details', verb: 'handover.view', data: { pathway: 'frailty' } },
  ],
};
const prompt = (one: Escalation, of: Face = face): CardView | undefined => {
  const raising = one.raisings[0];
  return raising && promptCard(one, raising, of, terms, terms, NOW);
};

/** Every sample under cards/, by its name: what the views make of the fixture. */
const OWN_NUMBERS = { 'st-annes': 'SA-1041', northside: 'N-104' };

export const SAMPLES: Readonly<Record<string, CardView | undefined>> = {
  'escalations/prompt': prompt(escalation),
  'escalations/prompt.taken': prompt(taken),
  'escalations/prompt.passed': prompt(passed),
  'escalations/prompt.ended': prompt(accepting),
  'escalations/prompt.rejected': prompt(
    { ...escalation, cause: 'rejected' },
    { ...face, standing: 'Rejected: no capacity.', buttons: face.buttons.slice(-1) },
  ),
  'escalations/step-up': promptForm('step-up', escalation, 1, terms),
  'escalations/step-up.again': promptForm('step-up', escalation, 1, terms, {
    problems: [{ field: 'reason', message: 'Write why it cannot wait.' }],
  }),
  'escalations/resolve': promptForm('resolve', escalation, 1, terms),
  'escalations/why': whyCard(
    escalation,
    Array.from({ length: 30 }, (_, index) => ({
      at: NOW,
      text:
        index % 2 === 0
          ? 'Teams took the prompt of Operational for Sam Okafor.'
          : 'Operational was reminded.',
    })),
    'It stops with Accept, Reject or Ask for information at St Anne’s. Otherwise it goes to Clinical.',
    terms,
    NOW,
  ),
  'escalations/list': escalationList(
    'Open escalations',
    [
      { escalation, agreed: terms },
      { escalation: taken, agreed: terms },
    ],
    terms,
    NOW,
    { list: 'open', after: '2026-11-24T14:30:00.000Z|7K2-04|handover:h1' },
  ),
  'escalations/list.empty': escalationList('Escalations that ask you', [], terms, NOW),
  'handovers/offer': offer(offered()),
  'handovers/offer.doubtful': offer(doubtful),
  'handovers/offer.routine': offer(offered({ urgency: 'routine', answerBy: '2026-11-26T16:00:00.000Z' })),
  'handovers/offer.overdue': offer(offered({ answerBy: '2026-11-24T14:20:00.000Z' })),
  'handovers/offer.long-names': offerCard(doubtful, caseOf(doubtful), longNames, NOW),
  'handovers/offer.information-requested': offer(asked()),
  'handovers/offer.accepted': offer(accepted()),
  'handovers/offer.accepted-with-gap': offer(
    accepted({ gap: { reason: 'known', missing: ['allergies'] }, missing: ['allergies'] }),
  ),
  'handovers/offer.rejected': offer(rejected()),
  'handovers/offer.withdrawn': offer(withdrawn()),
  'handovers/sent': sent(offered()),
  'handovers/sent.opened': sent(
    offered({ delivery: { ...delivered, openedAt: '2026-11-24T14:33:00.000Z' } }),
  ),
  'handovers/sent.undelivered': sent(offered({ delivery: { failed: true } })),
  'handovers/sent.asked': sent(asked({ delivery: delivered })),
  'handovers/sent.missing': sent(
    asked({ askedBy: 'dataset', questions: [], missing: ['allergies', 'contacts'] }),
  ),
  'handovers/sent.accepted': sent(accepted({ delivery: delivered })),
  'handovers/sent.rejected': sent(rejected({ delivery: delivered })),
  'handovers/moved-on': movedOn(accepted()),
  'handovers/moved-on.open': movedOn(asked()),
  'handovers/accepted': acceptedAnswer(accepted(), caseOf(accepted()), terms, NOW),
  'handovers/flag': flagCard('h1', caseOf(accepted()), terms),
  'handovers/note': noteCard(accepted(), caseOf(accepted()), terms, 1),
  'handovers/details': detailsCard(offered(), caseOf(offered()), terms, NOW, {
    accept: true,
    reject: true,
    ask: true,
  }),
  'handovers/details.bare': detailsCard(bare, caseOf(bare), terms, NOW, {
    accept: true,
    reject: true,
    ask: true,
  }),
  'handovers/details.double': detailsCard(offered(), caseOf(offered()), terms, NOW, {}, { double: true }),
  'handovers/details.rejected': detailsCard(rejected(), caseOf(rejected()), terms, NOW, { another: true }),
  'handovers/reject': rejectForm(offered(), caseOf(offered()), terms),
  'handovers/reject.again': rejectForm(offered(), caseOf(offered()), terms, {
    typed: { reason: 'no-capacity' },
    problems: [{ field: 'next', message: 'Write what the sender should do next.' }],
  }),
  'handovers/ask': askForm(offered(), caseOf(offered()), terms),
  'handovers/answer': answerForm(asked(), caseOf(asked()), terms),
  'handovers/answer.missing': answerForm(
    asked({ askedBy: 'dataset', questions: [], missing: ['allergies', 'contacts', 'plan.nextReview'] }),
    caseOf(asked()),
    terms,
  ),
  'handovers/gap': gapForm(doubtful, caseOf(doubtful), terms),
  'core/choose-provider': chooseProviderCard(
    'handover.accept',
    { pathway: 'frailty', caseId: '7K2-04', handoverId: 'h1', revision: 3 },
    terms.people[0]?.positions ?? [],
    terms,
  ),
  'handovers/form': formStep('person', draft, terms),
  'handovers/form.ask': formStep('ask', draft, terms),
  'handovers/form.risk': formStep('risk', draft, terms, missingProblems(['risk.status', 'allergies'])),
  'handovers/form.plan': formStep('plan', draft, terms),
  ...Object.fromEntries(
    FORM_STEPS.map((step) => [`handovers/form.${step}-filled`, formStep(step, typed, terms)]),
  ),
  'handovers/list': withTotal(
    handoverList(
      'Open handovers',
      [offered(), offered({ answerBy: '2026-11-24T14:20:00.000Z' }), doubtful, asked()],
      terms,
      NOW,
      { list: 'handovers.open', after: 'p1' },
    ),
    'St Anne’s: 2 unanswered, 1 rejected and not taken on.',
  ),
  'handovers/list.empty': handoverList('Waiting for you', [], terms, NOW),
  'handovers/case': caseCard({ ...caseOf(rejected()), aliases: OWN_NUMBERS }, terms, NOW, {
    entitled: true,
    onDuty,
    climbing: true,
    setsActions: true,
  }),
  'handovers/case.unowned': caseCard({ ...nobodys, unowned }, terms, NOW, {
    entitled: false,
    onDuty: nobody,
    climbing: true,
    setsActions: true,
  }),
  ...WAITING_SAMPLES,
  'handovers/case.channel': caseCard(caseOf(offered()), terms, NOW, { entitled: false, onDuty: nobody }),
  'core/help': helpCard([
    { command: '/mine', usage: '', help: 'Everything that waits for you' },
    { command: '/handover', usage: '', help: 'Offer a handover' },
    { command: '/handovers', usage: '[open|mine|all]', help: 'Handovers of the pathway' },
    { command: '/case', usage: 'ID', help: 'Who holds a case and what is open' },
    { command: '/people', usage: '', help: 'Who is who on the pathway' },
    { command: '/bind', usage: 'PROVIDER', help: 'Make this the channel of a provider' },
    { command: '/help', usage: '', help: 'This list' },
  ]),
  'agreement/people': peopleCard(terms),
  'agreement/ladder': ladderCard(terms),
  'agreement/raci': raciCard(terms, onDuty),
  'agreement/raci.step': step && stepCard(terms, step, nobody),
  'agreement/bound': hospice && boundCard(hospice, ['Chris Vance', 'Ola Berg']),
  ...ACTION_SAMPLES,
  ...DUPLICATE_SAMPLES,
  ...RECONCILIATION_SAMPLES,
  ...REGISTER_SAMPLES,
  ...DIGEST_SAMPLES,
  ...ROTA_SAMPLES,
  ...SAFEGUARDING_SAMPLES,
  ...TRAINING_SAMPLES,
  'handovers/standing': hospice && standingCard(hospice, terms),
  'core/notice': doneCard('Your question went to Northside. The time to answer does not move.'),
};
