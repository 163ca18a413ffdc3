import { Agreement, type AgreementInForce } from '../../src/agreement/agreement.ts';
import type { Actor, PersonActor } from '../../src/core/actors.ts';
import { Content } from '../../src/handovers/handover.ts';

/** A small pathway for tests of rules: a prime, a hospice, a charity, and a hospital outside. */
export const terms: Agreement = Agreement.parse({
  pathway: 'testdale',
  name: 'Testdale',
  providers: [
    { id: 'prime', name: 'Prime Trust', kind: 'prime', phone: '0300 000 0001', holdsAs: 'coordinator' },
    { id: 'hospice', name: 'St Test Hospice', kind: 'hospice', phone: '0300 000 0002', holdsAs: 'nurse' },
    { id: 'charity', name: 'Test Charity', kind: 'charity', phone: '0300 000 0003', holdsAs: 'worker' },
  ],
  roles: [
    { id: 'coordinator', name: 'Coordinator', can: ['offer', 'answer', 'coordinate', 'bind'] },
    { id: 'lead', name: 'Clinical lead', can: ['clinical', 'clinical-lead'] },
    { id: 'nurse', name: 'Duty nurse', can: ['offer', 'answer', 'clinical'] },
    { id: 'worker', name: 'Worker', can: ['offer', 'answer'] },
    { id: 'volunteer', name: 'Volunteer', can: [] },
    { id: 'safeguarding', name: 'Safeguarding lead', can: ['safeguard'] },
    { id: 'deputy', name: 'Deputy safeguarding lead', can: ['safeguard'] },
    { id: 'on-call', name: 'Safeguarding on call', can: ['safeguard'] },
    { id: 'director', name: 'Director of nursing', can: ['safeguard'] },
  ],
  people: [
    person('cora', [['prime', 'coordinator']]),
    person('lena', [['prime', 'lead']]),
    person('nina', [['hospice', 'nurse']]),
    person('noah', [['hospice', 'nurse']]),
    person('vera', [['hospice', 'volunteer']]),
    person('wim', [['charity', 'worker']]),
    person('sana', [['prime', 'safeguarding']]),
    person('dora', [['hospice', 'deputy']]),
    person('olu', [['charity', 'on-call']]),
    person('petra', [['prime', 'director']]),
    person('both', [
      ['prime', 'coordinator'],
      ['hospice', 'nurse'],
    ]),
  ],
  dataset: ['person.surname', 'ask.what', 'risk.status', 'consent.status', 'contacts', 'plan.nextReview'],
  urgencies: [
    {
      id: 'urgent',
      name: 'Urgent',
      need: '2h',
      answer: { within: '15m', clock: 'elapsed' },
      accept: ['nurse'],
    },
    {
      id: 'routine',
      name: 'Routine',
      need: '3d',
      answer: { within: '1d', clock: 'elapsed' },
      accept: ['nurse', 'worker', 'coordinator'],
    },
  ],
  rejection: [
    { code: 'duplicate', text: 'Duplicate', closes: true, firstRung: 'operational', national: '01' },
    { code: 'no-capacity', text: 'No capacity', closes: false, firstRung: 'operational' },
    { code: 'unsafe', text: 'Unsafe to accept', closes: false, firstRung: 'clinical' },
  ],
  acceptWithGap: [{ code: 'known', text: 'Known to us already' }],
  ladder: {
    lastResort: { name: 'Director on call', phone: '0300 000 0999' },
    rungs: [
      {
        id: 'desk',
        name: 'Operational',
        kind: 'operational',
        ask: { of: 'receiver', roles: ['nurse', 'worker', 'coordinator'] },
        answer: { within: '30m', clock: 'elapsed' },
        remind: ['10m'],
        says: 'Accept or reject this handover.',
      },
      {
        id: 'lead',
        name: 'Clinical',
        kind: 'clinical',
        ask: { of: 'prime', roles: ['lead'] },
        answer: { within: '1h', clock: 'elapsed' },
        repeats: 1,
        wake: true,
        says: 'Decide who takes this case.',
      },
      {
        id: 'contract',
        name: 'Contractual',
        kind: 'contractual',
        ask: { of: 'prime', roles: ['coordinator'] },
        answer: { within: '2d', clock: 'working-days' },
        beside: 'lead',
        says: 'Take this up with the receiver’s contract lead.',
      },
    ],
  },
  safeguarding: {
    ask: [
      { as: 'lead', provider: 'prime', role: 'safeguarding' },
      { as: 'deputy', provider: 'hospice', role: 'deputy', within: '1h' },
      { as: 'out-of-hours', provider: 'charity', role: 'on-call', within: '1h' },
      { as: 'prime-lead', provider: 'prime', role: 'director', within: '1h' },
    ],
    outside: { name: 'Testshire safeguarding team', phone: '0300 000 0800', hours: 'Day and night' },
    map: [
      {
        id: 'adults',
        name: 'Testshire adult social care',
        kind: 'local-authority',
        for: 'adults',
        phone: '0300 000 0801',
        hours: 'Mon to Fri 09:00 to 17:00',
        threshold: 'An adult with care and support needs who may be abused or neglected.',
      },
    ],
  },
  outside: [
    {
      id: 'hospital',
      name: 'Test Hospital',
      phone: '0300 000 0009',
      keptBy: { provider: 'prime', role: 'coordinator' },
    },
  ],
});

function person(key: string, positions: [string, string][]) {
  return {
    key,
    name: `${key[0]?.toUpperCase()}${key.slice(1)} Test`,
    accounts: [{ tenant: 'tenant-1', objectId: `object-${key}` }],
    positions: positions.map(([provider, role]) => ({ provider, role })),
  };
}

export const inForce: AgreementInForce = { version: 1, since: '2026-01-01T00:00:00.000Z', terms };

export function actor(key: string): PersonActor {
  const found = terms.people.find((one) => one.key === key);
  if (!found) throw new Error(`no person ${key} in the test pathway`);
  return { kind: 'person', person: key, name: found.name, positions: found.positions };
}

export const system = (partner: string): Actor => ({ kind: 'partner', partner });

/** A handover with everything that the test pathway asks for. */
export const complete: Content = Content.parse({
  person: { given: 'Margaret', surname: 'Example', dob: '1942-03-07', nhsNumber: '9990000018' },
  ask: { what: 'Overnight visits', urgency: 'urgent' },
  risk: { status: 'none-identified' },
  safeguarding: { status: 'none-identified' },
  consent: { status: 'given' },
  contacts: [{ name: 'Anna Example', relation: 'Daughter', phone: '01632 960002' }],
  plan: { interim: 'Nurses visit', nextReview: '2026-12-08' },
});
