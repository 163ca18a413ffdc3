import { Agreement } from '../agreement/agreement.ts';
import type { DatasetField } from '../agreement/dataset.ts';
import { Content } from '../handovers/handover.ts';
import { pagingUrl } from './pagers.ts';
import { MARK, personOf } from './people.ts';
import { TENANT } from './worker.ts';

export const PATHWAY = 'vale';

/** Who has a simulated account, by key. */
export const accountOf = (person: string) => ({ tenant: TENANT, objectId: `object-${person}` });
export const personalChat = (person: string): string => `chat-${person}`;
/** The `n`th channel that a provider is bound to. */
export const channelId = (provider: string, n: number): string => `19:${provider}-${n}@thread.tacv2`;

/** Whose conversation it is, by its id. */
export function ownerOf(
  conversationId: string,
): { readonly provider: string } | { readonly person: string } | undefined {
  const provider = /^19:([a-z-]+)-\d+@/.exec(conversationId)?.[1];
  if (provider !== undefined) return { provider };
  const person = /^chat-(.+)$/.exec(conversationId)?.[1];
  return person === undefined ? undefined : { person };
}

export const day = { open: '08:00', close: '20:00' };
export const office = { open: '09:00', close: '17:00' };
const STAFF: Readonly<Record<string, readonly (readonly [provider: string, role: string])[]>> = {
  ada: [['prime', 'coordinator']],
  ben: [['prime', 'coordinator']],
  cleo: [['prime', 'lead']],
  dev: [['prime', 'clinician']],
  eve: [['prime', 'clinician']],
  finn: [
    ['prime', 'coordinator'],
    ['hospice', 'clinician'],
  ],
  gus: [['hospice', 'manager']],
  hana: [['hospice', 'clinician']],
  ian: [['hospice', 'clinician']],
  jo: [['hospice', 'clinician']],
  kim: [['hospice', 'volunteer']],
  lou: [['rapid', 'manager']],
  mia: [['rapid', 'manager']],
  ned: [['rapid', 'clinician']],
  oli: [['rapid', 'clinician']],
  pam: [['rapid', 'clinician']],
  quin: [
    ['rapid', 'clinician'],
    ['charity', 'visitor'],
  ],
  ros: [['charity', 'visitor']],
  sam: [['charity', 'visitor']],
  tess: [['charity', 'volunteer']],
};

/** Who answers for concerns: as lead, deputy, out of hours, and at the prime. They do nothing else. */
const SAFEGUARDING: typeof STAFF = {
  una: [['prime', 'safeguarding']],
  vic: [['hospice', 'safeguarding']],
  wyn: [['charity', 'safeguarding']],
  xan: [['charity', 'safeguarding']],
  yan: [['prime', 'director']],
};

/** When the week's digest is made: by then lists came in, and people had some of what differs settled. */
const DIGEST_DAY = 'tue';
const DIGEST_AT = '15:00';

/** What the partners of the simulated pathway agreed at first: four providers, three of them with a pager, twenty staff, a hospital outside. */
export const FIRST_TERMS: Agreement = Agreement.parse({
  pathway: PATHWAY,
  name: 'Vale community response',
  providers: [
    {
      id: 'prime',
      name: 'Vale Trust',
      kind: 'prime',
      phone: '0300 000 0001',
      holdsAs: 'coordinator',
      paging: { url: pagingUrl('prime') },
    },
    {
      id: 'rapid',
      name: 'Rapid Response',
      kind: 'subcontractor',
      phone: '0300 000 0002',
      holdsAs: 'manager',
      paging: { url: pagingUrl('rapid') },
      hours: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day },
    },
    {
      id: 'hospice',
      name: 'Vale Hospice',
      kind: 'hospice',
      phone: '0300 000 0003',
      holdsAs: 'manager',
      paging: { url: pagingUrl('hospice') },
    },
    {
      id: 'charity',
      name: 'Kind Visits',
      kind: 'charity',
      phone: '0300 000 0004',
      holdsAs: 'visitor',
      closedOnBankHolidays: true,
      hours: { mon: office, tue: office, wed: office, thu: office, fri: office },
    },
  ],
  roles: [
    { id: 'coordinator', name: 'Coordinator', can: ['offer', 'answer', 'coordinate', 'bind'] },
    { id: 'manager', name: 'Duty manager', can: ['offer', 'answer', 'coordinate', 'bind'] },
    { id: 'clinician', name: 'Clinician', can: ['offer', 'answer', 'clinical'] },
    { id: 'lead', name: 'Clinical lead', can: ['offer', 'answer', 'clinical', 'clinical-lead', 'assure'] },
    { id: 'visitor', name: 'Visits coordinator', can: ['offer', 'answer', 'coordinate', 'bind'] },
    { id: 'volunteer', name: 'Volunteer', can: [] },
    { id: 'safeguarding', name: 'Safeguarding', can: ['safeguard'] },
    { id: 'director', name: 'Director of nursing', can: ['safeguard'] },
  ],
  people: Object.entries({ ...STAFF, ...SAFEGUARDING }).map(([key, positions]) => ({
    key,
    name: `${key.charAt(0).toUpperCase()}${key.slice(1)} Staff`,
    accounts: [accountOf(key)],
    positions: positions.map(([provider, role]) => ({ provider, role })),
  })),
  channels: ['prime', 'rapid', 'hospice'].map((provider) => ({
    provider,
    tenant: TENANT,
    conversation: channelId(provider, 0),
  })),
  dataset: [
    'person.surname',
    'person.safeContact',
    'ask.what',
    'risk.status',
    'consent.status',
    'contacts',
    'plan.nextReview',
  ],
  urgencies: [
    {
      id: 'urgent',
      name: 'Urgent',
      need: '2h',
      answer: { within: '15m', clock: 'elapsed' },
      accept: ['clinician', 'lead'],
    },
    {
      id: 'same-day',
      name: 'Same day',
      need: '12h',
      answer: { within: '1h', clock: 'service-hours' },
      accept: ['clinician', 'lead', 'manager', 'coordinator', 'visitor'],
    },
    {
      id: 'routine',
      name: 'Routine',
      need: '5d',
      answer: { within: '1d', clock: 'working-days' },
      accept: ['clinician', 'lead', 'manager', 'coordinator', 'visitor'],
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
        name: 'Duty desk',
        kind: 'operational',
        ask: { of: 'receiver', roles: ['manager', 'coordinator', 'visitor'] },
        answer: { within: '30m', clock: 'elapsed' },
        remind: ['20m', '10m'],
        says: 'Accept or reject this handover.',
      },
      {
        id: 'clinician',
        name: 'Clinician on call',
        kind: 'clinical',
        ask: { of: 'receiver', roles: ['clinician', 'visitor'] },
        answer: { within: '45m', clock: 'elapsed' },
        remind: ['15m'],
        wake: true,
        says: 'Decide whether you can take this case.',
      },
      {
        id: 'lead',
        name: 'Clinical lead',
        kind: 'clinical',
        ask: { of: 'prime', roles: ['lead'] },
        answer: { within: '1h', clock: 'elapsed' },
        repeats: 1,
        wake: true,
        hold: '2h',
        says: 'Decide who takes this case.',
      },
      {
        id: 'contract',
        name: 'Contract',
        kind: 'contractual',
        ask: { of: 'sender', roles: ['coordinator', 'manager', 'visitor'] },
        answer: { within: '2d', clock: 'working-days' },
        beside: 'lead',
        hold: '8h',
        says: 'Take this up between the organisations.',
      },
    ],
  },
  lists: ['hospice', 'rapid', 'charity'].map((provider) => ({
    provider,
    columns: {
      id: 'Ref',
      given: 'First',
      surname: 'Surname',
      dob: 'Born',
      holder: 'Held by',
      status: 'Status',
      outcome: 'Outcome',
    },
  })),
  register: { mismatch: { within: '8h', clock: 'elapsed' } },
  digest: { day: DIGEST_DAY, at: DIGEST_AT },
  safeguarding: {
    ask: [
      { as: 'lead', provider: 'prime', role: 'safeguarding' },
      { as: 'deputy', provider: 'hospice', role: 'safeguarding', within: '3h' },
      { as: 'out-of-hours', provider: 'charity', role: 'safeguarding', urgentWithin: '10m', wake: false },
      { as: 'prime-lead', provider: 'prime', role: 'director', within: '1h' },
    ],
    outside: { name: 'Vale safeguarding partnership', phone: '0300 000 0998', hours: 'Day and night' },
    map: [
      {
        id: 'council',
        name: 'Vale Council',
        kind: 'local-authority',
        phone: '0300 000 0997',
        hours: 'Day and night',
        threshold: 'Any.',
      },
    ],
    manages: [
      { manager: 'cleo', of: ['dev', 'eve'] },
      { manager: 'yan', of: ['una'] },
    ],
  },
  outside: [
    {
      id: 'hospital',
      name: 'Vale Hospital',
      phone: '0300 000 0009',
      keptBy: { provider: 'prime', role: 'coordinator' },
    },
  ],
});

/** Those who do the work of the pathway. */
export const WORKING = FIRST_TERMS.people.filter(({ key }) => Object.hasOwn(STAFF, key));
/** Keys of those who answer for concerns. */
export const ANSWERING = Object.keys(SAFEGUARDING);

/** The fields that a partner's system may leave out: those that some version of the dataset asks for. */
export const OMITTED: readonly DatasetField[] = [
  'person.safeContact',
  'risk.status',
  'consent.status',
  'contacts',
  'plan.nextReview',
  'allergies',
];

/** The whole of what the `n`th handover says, without `omit`. `corrected`: with who the person is put right. */
export function contentOf(
  n: number,
  urgency: string,
  omit: readonly DatasetField[],
  corrected = false,
): Content {
  const given = (field: DatasetField): boolean => !omit.includes(field);
  return Content.parse({
    person: {
      ...personOf(n, corrected),
      ...(given('person.safeContact') && { safeContact: `${MARK} ring the daughter` }),
      language: 'English',
    },
    ask: { what: `${MARK} visits`, urgency },
    sbar: { situation: `${MARK} situation`, background: `n${n}` },
    risk: given('risk.status') ? { status: 'low', detail: `${MARK} stairs` } : {},
    safeguarding: { status: 'none-identified' },
    consent: given('consent.status') ? { status: 'given' } : {},
    contacts: given('contacts')
      ? [{ name: `${MARK} Anna`, relation: 'Daughter', phone: '01632 960002' }]
      : [],
    plan: { interim: `${MARK} nurses`, ...(given('plan.nextReview') && { nextReview: '2028-12-08' }) },
    ...(given('allergies') && { allergies: 'None known' }),
    author: { name: `${MARK} Author`, role: 'Nurse', phone: '0300 000 0009' },
  });
}

/** Which handover of the script a content was made for. */
export const numberOf = (content: Content): number => Number(content.sbar.background?.slice(1) ?? '0');
