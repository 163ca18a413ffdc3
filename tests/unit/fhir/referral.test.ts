import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { MAX_TEXT } from '../../../src/core/text.ts';
import { type Referral, readReferral } from '../../../src/fhir/referral.ts';
import { Content } from '../../../src/handovers/handover.ts';
import { coded, flag, type Parts, referralMessage } from './message.ts';

function read(parts: Parts = {}): Referral {
  const result = readReferral(referralMessage(parts));
  if (result.kind === 'refused') throw new Error(`refused: ${result.code}: ${result.message}`);
  return result;
}

describe('a new referral request', () => {
  it('becomes a handover with everything in its place', () => {
    const referral = read();
    expect(referral).toMatchObject({
      messageId: 'message-1',
      service: 'Wound care at home',
      sentAt: '2026-11-23T10:00:00.123Z',
      sender: { ods: 'RX1', name: 'Sending trust' },
      receiver: { ods: 'A1B2C', name: 'Receiving trust' },
      notes: [],
    });
    expect(referral.content).toMatchObject({
      person: {
        given: 'Ann May',
        surname: 'Exemplar',
        dob: '1948-03-07',
        nhsNumber: '9434765919',
        address: '1 Test Lane, Testford',
        postcode: 'TE5 7ST',
        phone: '07700 900001',
        language: 'Welsh',
      },
      ask: { what: 'Visit at home to look at a leg wound', service: 'Wound care at home' },
      author: { name: 'Cat Writer', role: 'District nurse', phone: '0300 123 4567' },
    });
  });

  it('orders contacts by the rank the message gives them, the unranked last', () => {
    expect(read().content.contacts).toEqual([
      { name: 'Bob Relative', relation: 'nephew', phone: '07700 900002' },
      { name: 'Third in line', phone: '07700 900003' },
    ]);
  });

  it('takes the telephone number from the contact that is the person, who is no contact then', () => {
    const self = {
      relationship: [coded('ONESELF', 'self')],
      telecom: [{ system: 'phone', value: '07700 900009' }],
    };
    const { content } = read({ patient: { telecom: [], contact: [self] } });
    expect(content.person.phone).toBe('07700 900009');
    expect(content.contacts).toEqual([]);
  });

  it('keeps five contacts and says that there were more', () => {
    const contact = Array.from({ length: 7 }, (_, n) => ({ name: { text: `Contact ${n}` } }));
    const { content, notes } = read({ patient: { contact } });
    expect(content.contacts.map((one) => one.name)).toEqual([0, 1, 2, 3, 4].map((n) => `Contact ${n}`));
    expect(notes).toEqual(['2 contacts after the fifth were left out.']);
  });

  it('says that an interpreter is needed only where the message does', () => {
    const interpreter = (valueBoolean: boolean) => ({
      patient: {
        extension: [
          { url: 'http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired', valueBoolean },
        ],
      },
    });
    expect(read(interpreter(true)).content.person.communication).toBe('An interpreter is needed');
    expect(read(interpreter(false)).content.person.communication).toBeUndefined();
  });

  test.each([
    ['fails its check digit', '9434765918', '9434765918'],
    ['is too long to be one', '1'.repeat(30), undefined],
    ['is absent', undefined, undefined],
  ])('is read when the NHS number %s', (_, value, kept) => {
    const identifier = value ? [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value }] : [];
    expect(read({ patient: { identifier } }).content.person.nhsNumber).toBe(kept);
  });

  it('leaves missing what the message lacks, and makes nothing up', () => {
    const bare = {
      resourceType: 'Bundle',
      id: 'bare',
      type: 'message',
      entry: [
        {
          resource: {
            resourceType: 'MessageHeader',
            eventCoding: { code: 'servicerequest-request' },
            reason: coded('new'),
          },
        },
        { resource: { resourceType: 'ServiceRequest', category: [coded('referral')] } },
        { resource: { resourceType: 'Patient' } },
      ],
    };
    const result = readReferral(bare);
    expect(result).toEqual({
      kind: 'referral',
      content: Content.parse({}),
      messageId: 'bare',
      flags: { safeguarding: [], adjustments: [], sceneSafety: [], rejectedServices: [], other: [] },
      sender: {},
      receiver: {},
      notes: [],
    });
  });
});

describe('times', () => {
  const wrong = 'The time by which it is needed has no hour or offset and was left out.';
  const startOnly = 'The request has a start and no end; the start stands as the time by which it is needed.';
  test.each([
    ['the end of the period', {}, '2026-11-24T16:30:00.000Z', []],
    [
      'a time of its own',
      { occurrenceDateTime: '2026-07-01T08:00:00-05:00' },
      '2026-07-01T13:00:00.000Z',
      [],
    ],
    [
      'the start, if there is no end',
      { occurrencePeriod: { start: '2026-11-24T00:30:00+10:00' } },
      '2026-11-23T14:30:00.000Z',
      [startOnly],
    ],
    ['nothing, for a date alone', { occurrenceDateTime: '2026-11-24' }, undefined, [wrong]],
    ['nothing, for a time without offset', { occurrenceDateTime: '2026-11-24T10:00:00' }, undefined, [wrong]],
    ['nothing, for no time at all', { occurrenceDateTime: 'soon' }, undefined, [wrong]],
    ['nothing, if none is given', { occurrencePeriod: undefined }, undefined, []],
  ])('needed by: %s', (_, request, neededBy, notes) => {
    const referral = read({ request });
    expect(referral.content.ask.neededBy).toBe(neededBy);
    expect(referral.notes).toEqual(notes);
  });

  it('are the same moment whatever the offset they came with', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (ms, offset) => {
          const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
          const size = Math.abs(offset);
          const pad = (n: number): string => String(n).padStart(2, '0');
          const sign = offset < 0 ? '-' : '+';
          const written = `${local}${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
          const { content } = read({ request: { occurrenceDateTime: written } });
          expect(content.ask.neededBy).toBe(new Date(ms).toISOString());
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each(['1948', '1948-03', '1948-02-30', 'unknown'])(
    'a date of birth of %s is left out and noted',
    (birthDate) => {
      const { content, notes } = read({ patient: { birthDate } });
      expect(content.person.dob).toBeUndefined();
      expect(notes).toHaveLength(1);
      expect(notes.join()).not.toContain(birthDate);
    },
  );
});

describe('what it warns of', () => {
  it('a safeguarding flag is a concern, whatever its period says', () => {
    const old = { ...flag('SG', 'Adult at risk'), period: { end: '2001-01-01' } };
    expect(read({ more: [old] }).content.safeguarding).toEqual({
      status: 'concern',
      detail: 'Adult at risk',
    });
  });

  it('no safeguarding flag is no statement that there is no concern', () => {
    expect(read().content.safeguarding).toEqual({});
    expect(read({ more: [flag('SG', 'Adult at risk', 'entered-in-error')] }).content.safeguarding).toEqual(
      {},
    );
  });

  it('flags go where they are looked for', () => {
    const { content, flags } = read({
      more: [
        flag('RA', 'Needs more time'),
        flag('SS', 'Unknown'),
        flag('ZZ', 'Dog loose'),
        flag('RS', 'Patient choice'),
      ],
    });
    expect(content.adjustments).toBe('Needs more time');
    expect(content.sceneSafety).toBe('Unknown');
    expect(content.risk).toEqual({ detail: 'Category ZZ: Dog loose' });
    expect(content.sbar.background).toContain('Other services not chosen: Patient choice');
    expect(flags.other).toEqual(['Category ZZ: Dog loose']);
  });

  it('special patient notes are risks, at whatever depth they stand', () => {
    const note = { linkId: 'SPNDetail', answer: [{ valueString: 'Visit in pairs' }] };
    const nested = [1, 2, 3].reduce<object>((item) => ({ linkId: 'group', item: [item] }), note);
    const more = [{ resourceType: 'QuestionnaireResponse', status: 'completed', item: [nested] }];
    expect(read({ more }).content.risk).toEqual({ detail: 'Visit in pairs' });
  });

  const allergy = (fields: object) => ({
    resourceType: 'AllergyIntolerance',
    code: coded('1', 'Penicillin'),
    reaction: [{ manifestation: [coded('2', 'Rash')], severity: 'severe' }],
    ...fields,
  });
  test.each([
    ['with its reaction', {}, 'Penicillin (Rash, severe)'],
    ['not if it was refuted', { verificationStatus: coded('refuted') }, undefined],
    ['not if it was entered in error', { verificationStatus: coded('entered-in-error') }, undefined],
    ['not if it is somebody else’s', { patient: { reference: 'urn:uuid:somebody-else' } }, undefined],
    ['of the person themselves', { patient: { reference: 'urn:uuid:patient' } }, 'Penicillin (Rash, severe)'],
  ])('an allergy is read %s', (_, fields, expected) => {
    expect(read({ more: [allergy(fields)] }).content.allergies).toBe(expected);
  });

  it('says so when the person has died', () => {
    expect(read({ patient: { deceasedBoolean: true } }).content.sbar.situation).toContain('has died');
    expect(read({ patient: { deceasedBoolean: false } }).content.sbar.situation).toBeUndefined();
  });
});

describe('consent', () => {
  const consent = (fields: object) => [{ resourceType: 'Consent', status: 'active', ...fields }];
  test.each([
    ['implied', { policyRule: coded('IMPLIED'), category: [coded('DRC', 'Direct Care')] }, 'given'],
    ['opted in', { policyRule: coded('OPTIN') }, 'given'],
    ['opted out', { policyRule: coded('OPTOUT') }, undefined],
    ['denied by provision', { policyRule: coded('IMPLIED'), provision: { type: 'deny' } }, undefined],
    ['of a form not known here', { policyRule: coded('EMRGONLY') }, undefined],
    ['no longer in force', { status: 'inactive', policyRule: coded('OPTIN') }, undefined],
  ])('%s', (_, fields, status) => {
    expect(read({ more: consent(fields) }).content.consent.status).toBe(status);
  });
  it('a refusal is shown and fills in no status', () => {
    const { content, notes } = read({ more: consent({ policyRule: coded('OPTOUT') }) });
    expect(content.consent.reason).toBe('The message says that the person refused consent.');
    expect(notes).toHaveLength(1);
  });
});

describe('what is asked and why', () => {
  it('falls back to the disposition that the assessment came to', () => {
    const outcome = coded('DX02', 'See within one hour', 'https://fhir.nhs.uk/CodeSystem/pathways-dx-codes');
    const more = [
      {
        resourceType: 'CarePlan',
        activity: [{ outcomeCodeableConcept: [outcome, { text: 'Notes:/n  Walks with a stick' }] }],
      },
    ];
    const { content } = read({ request: { code: undefined }, more });
    expect(content.ask.what).toBe('See within one hour');
    expect(content.sbar.assessment).toContain('Notes:\nWalks with a stick');
  });

  it('puts the presenting complaint into the situation and other conditions into the background', () => {
    const condition = (text: string, category?: string) => ({
      resourceType: 'Condition',
      code: { text },
      ...(category ? { category: [coded(category)] } : {}),
    });
    const { sbar } = read({ more: [condition('Fell twice', '33962009'), condition('Diabetes')] }).content;
    expect(sbar.situation).toBe('Fell twice');
    expect(sbar.background).toBe('Condition: Diabetes');
  });

  it('never cuts a character in half', () => {
    for (const start of ['', 'x']) {
      const { content } = read({ request: { patientInstruction: start + '😀'.repeat(3_000) } });
      expect(content.sbar.recommendation?.isWellFormed()).toBe(true);
    }
  });

  it('shows where somebody’s words were cut', () => {
    const { content, notes } = read({ request: { patientInstruction: 'word '.repeat(2_000) } });
    expect(content.sbar.recommendation?.length).toBeLessThanOrEqual(MAX_TEXT);
    expect(content.sbar.recommendation).toMatch(/… \(cut; see the referral\)$/);
    expect(notes).toEqual([
      `The recommendation is longer than ${MAX_TEXT} characters; its end was left out.`,
    ]);
  });
});

describe('what is not a new referral is refused with what it is', () => {
  const refusals: [string, Parts, string, RegExp][] = [
    [
      'a booking',
      { header: { eventCoding: { code: 'booking-request' } } },
      'booking',
      /^This is a booking, not a referral\./,
    ],
    ['an answer', { header: { eventCoding: { code: 'servicerequest-response' } } }, 'response', /answer/],
    [
      'another event',
      { header: { eventCoding: { code: 'patient-merge' } } },
      'not-a-referral',
      /servicerequest-request/,
    ],
    [
      'a revoked request',
      { header: { reason: coded('update') }, request: { status: 'revoked' } },
      'cancellation',
      /takes back/,
    ],
    ['an entry in error', { request: { status: 'entered-in-error' } }, 'cancellation', /takes back/],
    ['a deletion', { header: { reason: coded('delete') } }, 'cancellation', /takes back/],
    ['a change', { header: { reason: coded('update') } }, 'update', /not a new referral/],
    ['a validation request', { request: { category: [coded('validation')] } }, 'validation', /validation/],
    ['another category', { request: { category: [coded('other')] } }, 'not-a-referral', /category referral/],
    ['a draft', { request: { status: 'draft' } }, 'not-active', /active/],
    ['two people', { more: [{ resourceType: 'Patient' }] }, 'which-person', /several people/],
    [
      'two headers',
      { more: [{ resourceType: 'MessageHeader' }] },
      'not-a-message',
      /exactly one MessageHeader/,
    ],
    ['a bundle of another type', { bundle: { type: 'searchset' } }, 'not-a-message', /type message/],
    ['a message without an id', { bundle: { id: undefined } }, 'no-id', /id/],
    ['a message without entries', { bundle: { entry: [] } }, 'not-a-message', /MessageHeader/],
  ];
  test.each(refusals)('%s', (_, parts, code, message) => {
    const result = readReferral(referralMessage(parts));
    expect(result).toMatchObject({ kind: 'refused', code, message: expect.stringMatching(message) });
  });

  it('names the place of what cannot be read, and never its value', () => {
    const result = readReferral(referralMessage({ patient: { birthDate: 19480307, name: 'Secret Person' } }));
    expect(result).toMatchObject({ kind: 'refused', code: 'unreadable' });
    expect(JSON.stringify(result)).toContain('entry 3, Patient.birthDate');
    expect(JSON.stringify(result)).not.toMatch(/1948|Secret/);
  });

  it('whatever JSON comes is read or refused, never a crash', () => {
    let refusedCount = 0;
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (any, field) => {
        for (const json of [
          any,
          referralMessage({ more: [any] }),
          referralMessage({ patient: { name: field, contact: any } }),
        ]) {
          const result = readReferral(json);
          if (result.kind === 'refused') refusedCount += 1;
          else expect(Content.safeParse(result.content).success).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
    expect(refusedCount).toBeGreaterThanOrEqual(300);
  });

  it('questions nested without end are read to a bounded depth', () => {
    const deep = Array.from({ length: 2_000 }).reduce<object>((item) => ({ item: [item] }), {});
    const more = [{ resourceType: 'QuestionnaireResponse', item: [deep] }];
    expect(readReferral(referralMessage({ more })).kind).toBe('referral');
  });
});
