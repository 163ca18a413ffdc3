/** A referral message written for these tests: small, whole, and about nobody. */

export const NHS = 'https://fhir.nhs.uk';

export const coded = (code: string, display?: string, system = `${NHS}/CodeSystem/test`) => ({
  coding: [{ system, code, ...(display ? { display } : {}) }],
});

type Resource = { resourceType: string; [field: string]: unknown };

export const header: Resource = {
  resourceType: 'MessageHeader',
  eventCoding: { code: 'servicerequest-request' },
  reason: coded('new'),
  definition: `${NHS}/MessageDefinition/bars-message-servicerequest-request-referral`,
  focus: [{ reference: 'urn:uuid:request' }],
  sender: { reference: 'urn:uuid:sender' },
  destination: [{ receiver: { reference: 'urn:uuid:receiver' } }],
  source: { contact: { system: 'phone', value: '0300 123 4567' } },
};

export const request: Resource = {
  resourceType: 'ServiceRequest',
  status: 'active',
  category: [coded('referral')],
  code: { text: 'Visit at home to look at a leg wound' },
  subject: { reference: 'urn:uuid:patient' },
  requester: { reference: 'urn:uuid:role' },
  performer: [{ reference: 'urn:uuid:service' }],
  occurrencePeriod: { start: '2026-11-24T09:00:00+00:00', end: '2026-11-24T18:30:00+02:00' },
};

export const patient: Resource = {
  resourceType: 'Patient',
  identifier: [{ system: `${NHS}/Id/nhs-number`, value: '943 476 5919' }],
  name: [
    { use: 'old', family: 'Formerly', given: ['Ann'] },
    { use: 'official', family: 'Exemplar', given: ['Ann', 'May'] },
  ],
  birthDate: '1948-03-07',
  address: [{ use: 'home', line: ['1 Test Lane'], city: 'Testford', postalCode: 'TE5 7ST' }],
  telecom: [
    { system: 'email', value: 'ann@example.org', rank: 1 },
    { system: 'phone', value: '01632 960001', rank: 3 },
    { system: 'phone', value: '07700 900001', rank: 2 },
  ],
  communication: [{ language: coded('cy', 'Welsh'), preferred: true }, { language: coded('en', 'English') }],
  contact: [
    { name: { text: 'Third in line' }, telecom: [{ system: 'phone', value: '07700 900003' }] },
    {
      extension: [{ url: 'https://example.org/Extension-UKCore-ContactRank', valuePositiveInt: 1 }],
      relationship: [coded('NEPHEW')],
      name: { family: 'Relative', given: ['Bob'] },
      telecom: [{ system: 'phone', value: '07700 900002' }],
    },
  ],
};

export const organisations: Record<string, Resource> = {
  'urn:uuid:sender': {
    resourceType: 'Organization',
    identifier: [{ system: `${NHS}/id/ods-organization-code`, value: 'rx1' }],
    name: 'Sending trust',
  },
  'urn:uuid:receiver': {
    resourceType: 'Organization',
    identifier: [{ system: `${NHS}/Id/ods-organization-code`, value: 'A1B2C' }],
    name: 'Receiving trust',
  },
  'urn:uuid:service': {
    resourceType: 'HealthcareService',
    name: 'Wound care at home',
    providedBy: { reference: 'urn:uuid:receiver' },
  },
  'urn:uuid:role': {
    resourceType: 'PractitionerRole',
    practitioner: { reference: 'urn:uuid:writer' },
    code: [coded('nurse', 'District nurse')],
  },
  'urn:uuid:writer': { resourceType: 'Practitioner', name: [{ family: 'Writer', given: ['Cat'] }] },
};

export const flag = (category: string, display: string, status = 'active'): Resource => ({
  resourceType: 'Flag',
  status,
  category: [coded(category, `Category ${category}`)],
  code: coded('x', display),
});

export interface Parts {
  header?: object;
  request?: object;
  patient?: object;
  /** More resources, after those every message has. */
  more?: readonly unknown[];
  bundle?: object;
}

/** The whole message with some of its parts changed. */
export function referralMessage({ header: h, request: r, patient: p, more = [], bundle }: Parts = {}) {
  const entries: [string | undefined, unknown][] = [
    ['urn:uuid:header', { ...header, ...h }],
    ['urn:uuid:request', { ...request, ...r }],
    ['urn:uuid:patient', { ...patient, ...p }],
    ...Object.entries(organisations),
    ...more.map((resource): [undefined, unknown] => [undefined, resource]),
  ];
  return {
    resourceType: 'Bundle',
    id: 'message-1',
    type: 'message',
    timestamp: '2026-11-23T10:00:00.1234567+00:00',
    entry: entries.map(([fullUrl, resource]) => ({ ...(fullUrl ? { fullUrl } : {}), resource })),
    ...bundle,
  };
}
