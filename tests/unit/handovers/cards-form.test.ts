import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATASET_FIELDS } from '../../../src/agreement/dataset.ts';
import { groupsOf } from '../../../src/handovers/cards-fields.ts';
import { answerForm, askForm, formStep, gapForm, rejectForm } from '../../../src/handovers/cards-forms.ts';
import {
  contentFromInputs,
  FORM_STEPS,
  formProblems,
  inputsFromContent,
  missingProblems,
  NOTHING,
  stepOf,
} from '../../../src/handovers/form.ts';
import { Content } from '../../../src/handovers/handover.ts';
import { asked, caseOf, content, expand, nodes, offered, terms } from './cards-fixture.ts';

const ZONE = 'Europe/London';
const draft = { id: 'd', from: 'northside', inputs: {} };
const inputsIn = (step: (typeof FORM_STEPS)[number], inputs = {}) =>
  [...nodes(expand(formStep(step, { ...draft, inputs }, terms)))].filter((node) =>
    String(node.type).startsWith('Input.'),
  );

const written = (max: number) =>
  fc.string({ minLength: 1, maxLength: Math.min(max, 40) }).map((text) => `w${text.replaceAll('\0', '')}w`);
const group = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });
const arbitrary = fc.record(
  {
    person: group({
      given: written(90),
      surname: written(90),
      dob: fc.constant('1948-03-07'),
      nhsNumber: written(10),
      address: written(90),
      postcode: fc.constant('NS4 2PQ'),
      phone: written(30),
      safeContact: written(90),
      language: written(90),
      communication: written(90),
    }),
    ask: group({
      what: written(90),
      urgency: fc.constantFrom('urgent', 'day'),
      service: written(90),
      // Outside the hour that autumn repeats, which a clock time cannot tell apart.
      neededBy: fc
        .integer({ min: 0, max: 300 * 24 * 60 })
        .map((minute) => new Date(Date.UTC(2026, 10, 1) + minute * 60_000).toISOString()),
    }),
    sbar: group({
      situation: written(90),
      background: written(90),
      assessment: written(90),
      recommendation: written(90),
    }),
    risk: group({ status: fc.constantFrom('none-identified', 'high'), detail: written(90) }),
    safeguarding: group({
      status: fc.constantFrom('none-identified', 'concern', 'not-known'),
      detail: written(90),
    }),
    consent: group({ status: fc.constantFrom('given', 'public-interest'), reason: written(90) }),
    contacts: fc.array(fc.record({ name: written(90), phone: written(30) }), { maxLength: 5 }),
    plan: group({ interim: written(90), nextReview: fc.constant('2026-12-01') }),
    author: group({ name: written(90), role: written(90), phone: written(30) }),
    allergies: fc.oneof(written(90), fc.constantFrom(...(NOTHING.allergies ?? []))),
    sceneSafety: fc.oneof(written(90), fc.constantFrom(...(NOTHING.sceneSafety ?? []))),
    adjustments: fc.oneof(written(90), fc.constantFrom(...(NOTHING.adjustments ?? []))),
  },
  {
    requiredKeys: ['person', 'ask', 'sbar', 'risk', 'safeguarding', 'consent', 'contacts', 'plan', 'author'],
  },
);

describe('the inputs of the form', () => {
  it('give back the content that filled them', () => {
    expect(contentFromInputs(inputsFromContent(content, ZONE), ZONE)).toEqual(content);
    fc.assert(
      fc.property(arbitrary, (given) => {
        const parsed = Content.parse(given);
        expect(contentFromInputs(inputsFromContent(parsed, ZONE), ZONE)).toEqual(parsed);
      }),
    );
  });

  it('take blanks as nothing, and nothing that the form does not ask', () => {
    const empty = contentFromInputs(
      { 'person.given': ' \u200b\t', 'person.secret': 'x', actor: 'eve' },
      ZONE,
    );
    expect(empty).toEqual(contentFromInputs({}, ZONE));
    expect(Content.parse(empty)).toEqual(Content.parse({}));
  });

  it.each([
    ['2026-07-01', '14:30', '2026-07-01T13:30:00.000Z'],
    ['2026-12-01', '14:30', '2026-12-01T14:30:00.000Z'],
    ['2027-03-28', '01:30', '2027-03-28T01:30:00.000Z'],
    ['2026-10-25', '01:30', '2026-10-25T00:30:00.000Z'],
    ['2026-02-30', '10:00', undefined],
    ['tomorrow', '10:00', undefined],
    ['2026-12-01', '', undefined],
  ])('read %s %s in the zone of the pathway', (date, time, instant) => {
    const inputs = { 'ask.neededBy.date': date, 'ask.neededBy.time': time };
    expect(contentFromInputs(inputs, ZONE).ask.neededBy).toBe(instant);
  });

  it('are asked once each, on the step that their field belongs to', () => {
    const all = FORM_STEPS.flatMap((step) => inputsIn(step).map((input) => ({ step, id: String(input.id) })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { step, id } of all) expect(stepOf(id), id).toBe(step);
    for (const name of DATASET_FIELDS) {
      expect(
        all.some(({ id }) => id === name || id.startsWith(`${name}.`)),
        name,
      ).toBe(true);
    }
  });

  it('stand in rows of their own where half a phone would cut off what is typed: numbers, dates, times', () => {
    const rows = FORM_STEPS.flatMap((step) =>
      groupsOf(step, terms, 'northside', {}).flatMap((group) => group.rows),
    );
    const whole = rows.flatMap((row) =>
      row
        .filter(({ id, kind }) => /^(tel|date|time)$/.test(kind) || /dob|nhsNumber|postcode|role/.test(id))
        .map(({ id }) => [id, row.length]),
    );
    console.log(`${whole.length} of ${rows.flat().length} inputs need the whole width`);
    expect(whole.length).toBeGreaterThan(8);
    expect(whole.filter(([, beside]) => beside !== 1)).toEqual([]);
  });

  it('fill in nothing by themselves', () => {
    const all = FORM_STEPS.flatMap((step) => inputsIn(step));
    expect(all.length).toBeGreaterThan(35);
    expect(all.filter((input) => input.value !== '')).toEqual([]);
  });

  it('are required as the agreement says', () => {
    const required = inputsIn('risk')
      .filter((input) => input.isRequired)
      .map((input) => input.id);
    expect(required).toEqual(['safeguarding.status', 'risk.status', 'allergies.choice', 'consent.status']);
  });

  it('keep what was typed, and show as many contacts as are filled', () => {
    const typed = { 'contacts.3.name': 'Aunt', 'plan.interim': 'Ring at noon' };
    const shown = inputsIn('plan', typed);
    expect(shown.find((input) => input.id === 'plan.interim')?.value).toBe('Ring at noon');
    expect(shown.find((input) => input.id === 'contacts.3.name')?.value).toBe('Aunt');
  });
});

describe('what is wrong with a step', () => {
  const good = { to: 'st-annes', 'ask.urgency': 'urgent' };
  it.each([
    ['person', { 'person.nhsNumber': '943 476 5919' }, []],
    ['person', { 'person.nhsNumber': '9434765918' }, ['person.nhsNumber']],
    ['person', {}, []],
    ['ask', good, []],
    ['ask', {}, ['to', 'ask.urgency']],
    ['ask', { ...good, to: 'nobody' }, ['to']],
    ['ask', { ...good, 'ask.neededBy.date': '2026-12-01' }, ['ask.neededBy']],
    ['risk', { 'consent.status': 'given' }, []],
    ['risk', { 'consent.status': 'public-interest' }, ['consent.reason']],
    ['risk', { 'allergies.choice': 'None known', allergies: 'Nuts' }, ['allergies']],
    ['risk', { 'allergies.choice': 'written' }, ['allergies']],
    ['plan', { 'adjustments.choice': 'None needed' }, []],
  ] as const)('%s %j', (step, inputs, fields) => {
    expect(formProblems(step, inputs, terms).map((problem) => problem.field)).toEqual(fields);
  });

  it('is said on top of the step, field by field', () => {
    const problems = missingProblems(['allergies', 'plan.interim'], 'risk');
    expect(problems.map((problem) => problem.field)).toEqual(['allergies']);
    const card = JSON.stringify(expand(formStep('risk', draft, terms, problems)));
    expect(card).toContain('Please put this right:');
    expect(card).toContain('Allergies: the partners agreed');
  });
});

describe('the forms of an answer', () => {
  it('say who keeps the case, and mark the reasons that close the need', () => {
    const card = JSON.stringify(expand(rejectForm(offered(), caseOf(offered()), terms)));
    expect(card).toContain('"Duplicate of a referral we hold (this closes the need)"');
    expect(card).toContain('"No capacity"');
  });

  it('name the holder, which is another than a sender outside Teams', () => {
    const held = { ...caseOf(offered()), holder: { provider: 'st-annes', role: 'duty-manager' } };
    expect(JSON.stringify(expand(rejectForm(offered(), held, terms)))).toContain(
      'St Anne’s still holds the case',
    );
  });

  it('say who reads what is written: those who act for a sender outside Teams, not the sender', () => {
    const outside = offered({ from: { partner: 'general', outside: true }, sender: 'northside' });
    expect(JSON.stringify(expand(rejectForm(outside, caseOf(outside), terms)))).toContain(
      'Northside sees what you write.',
    );
    expect(JSON.stringify(expand(askForm(outside, caseOf(outside), terms)))).toContain('Goes to Northside.');
    expect(askForm(outside, caseOf(outside), terms).summary).toContain('Ask Northside');
  });

  it('keep what was typed when they are refused', () => {
    const again = {
      typed: { reason: 'unsafe', next: '${x} **b**' },
      problems: [{ field: 'next', message: 'Write more.' }],
    };
    const inputs = [...nodes(expand(rejectForm(offered(), caseOf(offered()), terms, again)))];
    expect(inputs.find((node) => node.id === 'reason')?.value).toBe('unsafe');
    expect(inputs.find((node) => node.id === 'next')?.value).toBe('${x} **b**');
  });

  it('ask the sender for each missing field, and for nothing that would not be kept', () => {
    const missing = ['consent.status', 'contacts', 'allergies', 'ask.neededBy'] as const;
    const handover = asked({ askedBy: 'dataset', questions: [], missing });
    const ids = [...nodes(expand(answerForm(handover, caseOf(handover), terms)))]
      .filter((node) => String(node.type).startsWith('Input.'))
      .map((node) => node.id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'consent.status',
        'consent.reason',
        'contacts.0.phone',
        'allergies.choice',
        'allergies',
        'ask.neededBy.date',
      ]),
    );
    expect(ids).not.toContain('answer');
  });

  it('take a reason of the agreement for accepting with a gap', () => {
    const gap = offered({ missing: ['allergies'] });
    const choices = [...nodes(expand(gapForm(gap, caseOf(gap), terms)))].find((node) => node.id === 'reason');
    expect(choices).toMatchObject({
      isRequired: true,
      value: '',
      choices: [{ value: 'known' }, { value: 'visit' }],
    });
  });
});
