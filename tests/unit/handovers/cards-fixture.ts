import { readFileSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';
import { Agreement } from '../../../src/agreement/agreement.ts';
import type { ActorRef } from '../../../src/core/actors.ts';
import type { CardView } from '../../../src/core/routes.ts';
import type {
  Accepted,
  Content,
  Handover,
  InformationRequested,
  Offered,
  Rejected,
  Withdrawn,
} from '../../../src/handovers/handover.ts';
import type { HeldCase } from '../../../src/register/case.ts';

/** A Tuesday afternoon in winter, so that London's clock is UTC. */
export const NOW = '2026-11-24T14:40:00.000Z';

export const terms = Agreement.parse({
  pathway: 'frailty',
  name: 'Northside community frailty pathway',
  providers: [
    { id: 'northside', name: 'Northside', kind: 'prime', phone: '0300 123 1000', holdsAs: 'coordinator' },
    { id: 'st-annes', name: 'St Anne’s', kind: 'hospice', phone: '0300 123 2000', holdsAs: 'nurse' },
    { id: 'goodwill', name: 'Goodwill Homes', kind: 'charity', phone: '0300 123 3000', holdsAs: 'worker' },
  ],
  roles: [
    { id: 'coordinator', name: 'Coordinator', can: ['offer', 'answer', 'coordinate'] },
    { id: 'nurse', name: 'Nurse', can: ['answer', 'clinical'] },
    { id: 'worker', name: 'Support worker', can: ['answer'] },
  ],
  people: [
    {
      key: 'alex',
      name: 'Alex Kim',
      accounts: [{ tenant: 't', objectId: 'a' }],
      positions: [
        { provider: 'northside', role: 'coordinator' },
        { provider: 'st-annes', role: 'nurse' },
      ],
    },
    {
      key: 'sam',
      name: 'Sam Okafor',
      accounts: [{ tenant: 't', objectId: 's' }],
      positions: [{ provider: 'st-annes', role: 'nurse' }],
    },
    {
      key: 'jo',
      name: 'Jo Winter',
      accounts: [{ tenant: 't', objectId: 'j' }],
      positions: [{ provider: 'goodwill', role: 'worker' }],
    },
  ],
  dataset: [
    'person.given',
    'person.surname',
    'person.dob',
    'ask.what',
    'ask.urgency',
    'risk.status',
    'safeguarding.status',
    'consent.status',
    'contacts',
    'plan.interim',
    'plan.nextReview',
    'allergies',
    'author.name',
    'author.phone',
  ],
  urgencies: [
    {
      id: 'urgent',
      name: 'Urgent: within 2 hours',
      need: '2h',
      answer: { within: '30m', clock: 'elapsed' },
      accept: ['nurse'],
    },
    {
      id: 'day',
      name: 'Within a day',
      need: '24h',
      answer: { within: '4h', clock: 'service-hours' },
      accept: ['nurse', 'worker'],
    },
    {
      id: 'routine',
      name: 'Routine',
      need: '10d',
      answer: { within: '2d', clock: 'working-days' },
      accept: ['nurse', 'worker'],
    },
  ],
  rejection: [
    { code: 'no-capacity', text: 'No capacity', closes: false, firstRung: 'operational' },
    { code: 'out-of-area', text: 'Out of area', closes: false, firstRung: 'operational' },
    {
      code: 'duplicate',
      text: 'Duplicate of a referral we hold',
      closes: true,
      firstRung: 'operational',
      national: '01',
    },
    { code: 'unsafe', text: 'Unsafe for us to accept', closes: false, firstRung: 'clinical' },
  ],
  acceptWithGap: [
    { code: 'known', text: 'We know this person already' },
    { code: 'visit', text: 'We will ask at the first visit' },
  ],
  ladder: {
    lastResort: { name: 'Director on call', phone: '0300 123 9000' },
    rungs: [
      {
        id: 'operational',
        name: 'Operational',
        kind: 'operational',
        ask: { of: 'receiver', roles: ['nurse', 'worker', 'coordinator'] },
        answer: { within: '30m', clock: 'elapsed' },
        remind: ['10m'],
        says: 'Accept or reject this handover.',
      },
      {
        id: 'clinical',
        name: 'Clinical',
        kind: 'clinical',
        ask: { of: 'prime', roles: ['coordinator'] },
        answer: { within: '2h', clock: 'service-hours' },
        repeats: 1,
        wake: true,
        says: 'Ring both services and decide who takes this case.',
      },
      {
        id: 'contractual',
        name: 'Contractual',
        kind: 'contractual',
        ask: { of: 'prime', roles: ['coordinator'] },
        answer: { within: '2d', clock: 'working-days' },
        beside: 'clinical',
        hold: '1d',
        says: 'Take up with the receiver why nobody answered.',
      },
    ],
  },
  raci: [
    {
      step: 'offer',
      name: 'Offering a handover',
      accountable: { of: 'sender' },
      informed: [{ of: 'receiver' }, { of: 'prime', role: 'coordinator' }],
    },
    {
      step: 'triage',
      name: 'Triage of an offered handover',
      accountable: { of: 'receiver' },
      responsible: [{ of: 'receiver', role: 'nurse' }],
    },
    {
      step: 'risk',
      name: 'Decisions about risk',
      accountable: { of: 'prime', role: 'coordinator' },
    },
  ],
});

export const content: Content = {
  person: {
    given: 'Margaret',
    surname: 'Kowalska',
    dob: '1941-03-07',
    nhsNumber: '9434765919',
    address: '14 Mill Lane, Northside',
    postcode: 'NS4 2PQ',
    phone: '01632 960 001',
    safeContact: 'Ring her daughter first; the husband must not learn of the visit.',
    language: 'Polish',
    communication: 'Hard of hearing: speak slowly, face to face.',
  },
  ask: {
    what: 'Assess pain at home tonight and start a syringe driver if needed.',
    urgency: 'urgent',
    neededBy: '2026-11-24T16:30:00.000Z',
    service: 'Hospice at home',
  },
  sbar: {
    situation: 'Pain has grown since Sunday, oral morphine no longer holds it.',
    background: 'Pancreatic cancer, at home by her own wish. Lives with her husband.',
    assessment: 'Last days or weeks. Comfortable only when lying still.',
    recommendation: 'Visit this evening with a nurse who can prescribe.',
  },
  risk: { status: 'high', detail: 'Falls at night when she goes to the bathroom alone.' },
  safeguarding: { status: 'concern', detail: 'The husband withholds medicine; the team has seen it twice.' },
  consent: { status: 'best-interests', reason: 'Drowsy, not able to weigh the decision today.' },
  contacts: [
    { name: 'Ewa Kowalska', relation: 'Daughter', phone: '01632 960 002' },
    { name: 'Dr Patel', relation: 'Family doctor', phone: '01632 960 003' },
  ],
  plan: { interim: 'District nurse rings at 16:00. Morphine as charted.', nextReview: '2026-11-25' },
  adjustments: 'Interpreter for Polish if the daughter is away.',
  sceneSafety: 'Key safe at the side door. Two to visit after dark.',
  allergies: 'Penicillin: rash.',
  author: { name: 'Priya Shah', role: 'District nurse', phone: '01632 960 004' },
};

export const sam: ActorRef = { person: 'sam', name: 'Sam Okafor', provider: 'st-annes', role: 'nurse' };
export const alex: ActorRef = {
  person: 'alex',
  name: 'Alex Kim',
  provider: 'northside',
  role: 'coordinator',
};

const common = (given: Content) =>
  ({
    id: 'handover:h1',
    kind: 'handover',
    schema: 1,
    handoverId: 'h1',
    caseId: '7K2-04',
    revision: 3,
    agreementVersion: 1,
    need: 'h1',
    from: { partner: 'northside', person: 'alex', outside: false },
    sender: 'northside',
    to: 'st-annes',
    content: given,
    urgency: 'urgent',
    warnings: [],
    missing: [],
    offeredAt: '2026-11-24T14:30:00.000Z',
    answerBy: '2026-11-24T15:00:00.000Z',
    neededBy: '2026-11-24T16:30:00.000Z',
    delivery: {},
    shownTo: [],
    questions: [],
    first: { status: 'offered', missing: [] },
  }) as const;

export const offered = (more: Partial<Offered> = {}, given = content) =>
  ({
    ...common(given),
    state: 'offered',
    ...more,
  }) as Offered;
export const asked = (more: Partial<InformationRequested> = {}, given = content) =>
  ({
    ...common(given),
    state: 'information-requested',
    askedBy: 'receiver',
    questions: [{ asked: 'Which morphine dose is she on, and since when?', by: sam, at: NOW }],
    ...more,
  }) as InformationRequested;
export const accepted = (more: Partial<Accepted> = {}, given = content) =>
  ({
    ...common(given),
    state: 'accepted',
    acceptedBy: sam,
    acceptedAt: '2026-11-24T14:38:00.000Z',
    undoUntil: '2026-11-24T14:48:00.000Z',
    holderBefore: { provider: 'northside', role: 'coordinator' },
    ...more,
  }) as Accepted;
export const rejected = (more: Partial<Rejected> = {}, given = content) =>
  ({
    ...common(given),
    state: 'rejected',
    rejectedBy: sam,
    rejectedAt: '2026-11-24T14:38:00.000Z',
    reason: 'no-capacity',
    next: 'Try the night team of Goodwill Homes; we have a bed from Thursday.',
    needOpen: true,
    ...more,
  }) as Rejected;
export const withdrawn = (more: Partial<Withdrawn> = {}, given = content) =>
  ({
    ...common(given),
    state: 'withdrawn',
    withdrawnBy: alex,
    withdrawnAt: '2026-11-24T14:38:00.000Z',
    ...more,
  }) as Withdrawn;

export function caseOf(handover: Handover): HeldCase {
  return {
    id: 'case',
    kind: 'case',
    schema: 1,
    audit: { seq: 1, hash: '00' },
    caseId: handover.caseId,
    state: 'open',
    holder:
      handover.state === 'accepted'
        ? { provider: 'st-annes', role: 'nurse', person: 'sam' }
        : { provider: 'northside', role: 'coordinator' },
    person: handover.content.person,
    aliases: {},
    createdAt: '2026-11-20T09:12:00.000Z',
    handovers: [
      {
        id: handover.handoverId,
        from: 'northside',
        to: 'st-annes',
        state: handover.state,
        need: 'h1',
        claim: 'c1',
      },
    ],
  };
}

/** Every free-text field filled with `text`. */
export function filledWith(text: string): Content {
  return {
    ...content,
    person: {
      given: text,
      surname: text,
      dob: '1941-03-07',
      nhsNumber: text,
      address: text,
      postcode: text,
      phone: text,
      safeContact: text,
      language: text,
      communication: text,
    },
    ask: { ...content.ask, what: text, service: text },
    sbar: { situation: text, background: text, assessment: text, recommendation: text },
    risk: { status: 'high', detail: text },
    safeguarding: { status: 'concern', detail: text },
    consent: { status: 'best-interests', reason: text },
    contacts: [{ name: text, relation: text, phone: text }],
    plan: { interim: text, nextReview: '2026-11-25' },
    adjustments: text,
    sceneSafety: text,
    allergies: text,
    author: { name: text, role: text, phone: text },
  };
}

const templates = new Map<string, Template>();

/** The card as Teams gets it, without the fallbacks that the renderer adds. */
export function expand(view: CardView): Record<string, unknown> {
  const template =
    templates.get(view.card) ??
    new Template(
      JSON.parse(readFileSync(new URL(`../../../cards/${view.card}.json`, import.meta.url), 'utf8')),
    );
  templates.set(view.card, template);
  return template.expand({ $root: view.data }) as Record<string, unknown>;
}

/** Every object inside a card, with what it stands in. */
export function* nodes(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const one of value) yield* nodes(one);
  else if (typeof value === 'object' && value !== null) {
    yield value as Record<string, unknown>;
    for (const one of Object.values(value)) yield* nodes(one);
  }
}
