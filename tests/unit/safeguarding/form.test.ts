import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { concernForm } from '../../../src/safeguarding/cards-form.ts';
import { receiptCard } from '../../../src/safeguarding/cards-sent.ts';
import {
  type ConcernDraft,
  type Inputs,
  NOBODY,
  namedOf,
  ON,
  STEPS,
  toldOf,
} from '../../../src/safeguarding/form.ts';
import { stepProblems } from '../../../src/safeguarding/form-problems.ts';
import { Told, WITHOUT_CONSENT } from '../../../src/safeguarding/told.ts';
import { createRenderer, MAX_CARD_BYTES } from '../../../src/teams/render.ts';
import { terms } from '../../support/pathway.ts';
import { NOW, raised } from './fixture.ts';

const renderer = createRenderer(new URL('../../../cards/', import.meta.url));
const draftOf = (inputs: Inputs): ConcernDraft => ({
  id: '00000000-0000-4000-8000-000000000001',
  concernId: '7K2-M4Z',
  provider: 'charity',
  role: 'worker',
  inputs,
});
const LEAST: Inputs = {
  danger: 'no',
  age: 'unknown',
  categories: 'financial,neglect',
  facts: 'She said: “He keeps my card.”',
  when: 'This morning',
  consent: 'unknown',
  staff: 'no',
};
const wrong = (inputs: Inputs, agreed: Agreement = terms): string[] =>
  STEPS.flatMap((step) => stepProblems(step, inputs, agreed, NOW)).map(({ field }) => field);

describe('the form of a concern', () => {
  it('asks on its steps for all that a concern can say', () => {
    const { person, categories: _, withoutConsent: __, happenedAt: ___, ...plain } = Told.shape;
    const all = STEPS.flatMap((step) => ON[step]);
    const said = [
      ...Object.keys(plain),
      ...Object.keys(person.shape),
      'categories',
      'happenedDay',
      'consent',
    ];
    expect(said.filter((field) => !all.includes(field))).toEqual([]);
    expect(said.length).toBeGreaterThan(25);
    for (const step of STEPS) {
      const shown = concernForm(step, draftOf({}), terms).data as { fields: { id: string }[] };
      expect(shown.fields.map(({ id }) => id).sort()).toEqual([...ON[step]].sort());
    }
  });

  it('takes what is required and no more', () => {
    expect(wrong(LEAST)).toEqual([]);
    expect(toldOf(LEAST, 'Europe/London')).toMatchObject({ consent: 'unknown', person: {} });
    for (const field of Object.keys(LEAST)) {
      const { [field]: _, ...rest } = LEAST;
      expect(wrong(rest)).toEqual([field]);
    }
  });

  it.each([
    ['an answer of another release', { danger: 'maybe' }, 'danger'],
    ['a category of another release', { categories: 'neglect,gone' }, 'categories'],
    ['nobody named', { staff: 'yes' }, 'staffPerson'],
    ['nobody on the list, and no name', { staff: 'yes', staffPerson: NOBODY }, 'staffPerson'],
    ['somebody who has left', { staff: 'yes', staffPerson: 'gone' }, 'staffPerson'],
    ['a name beside No', { staff: 'no', staffTyped: 'Sam' }, 'staff'],
    ['a pick beside No', { staff: 'no', staffPerson: 'sana' }, 'staff'],
    ['no case', { caseNumber: '7K2-M4Y' }, 'caseNumber'],
    ['a slip in the NHS number', { nhsNumber: '943 476 5918' }, 'nhsNumber'],
    ['no date', { dob: '31/02/1950' }, 'dob'],
    ['a time alone', { happenedTime: '10:00' }, 'happenedDay'],
    ['no day', { happenedDay: 'yesterday' }, 'happenedDay'],
    ['a day to come', { happenedDay: '2026-11-25' }, 'happenedDay'],
    ['half a character', { views: 'odd \ud83d' }, 'views'],
    ['a line that is too long', { alleged: 'x'.repeat(201) }, 'alleged'],
  ])('says what to do about %s', (_, inputs, field) => {
    expect(wrong({ ...LEAST, ...inputs })).toEqual([field]);
  });

  it('keeps out whoever is named, also beside Don’t know', () => {
    for (const staff of ['yes', 'unknown']) {
      const inputs = { ...LEAST, staff, staffPerson: 'sana', staffTyped: ' Sam ' };
      expect(wrong(inputs)).toEqual([]);
      expect(namedOf(inputs, terms)).toEqual([{ person: 'sana' }, { typed: 'Sam' }]);
    }
  });

  it.each(Object.keys(WITHOUT_CONSENT))('takes the reason %s as going on without consent', (reason) => {
    const inputs = { ...LEAST, consent: reason };
    expect(wrong(inputs)).toEqual([]);
    expect(toldOf(inputs, terms.zone)).toMatchObject({ consent: 'without', withoutConsent: reason });
  });

  const text = fc.oneof(
    fc.string({ maxLength: 30, unit: 'binary' }),
    fc.constantFrom(
      'yes',
      'no',
      'unknown',
      'adult',
      'neglect',
      'given',
      'emergency',
      'sana',
      NOBODY,
      '2026-11-20',
    ),
    fc
      .constantFrom('x', '"', '\n', 'ß', '字', '😀')
      .chain((one) => fc.integer({ min: 1, max: 6_000 }).map((n) => one.repeat(n))),
  );
  const typed = fc.dictionary(fc.constantFrom(...STEPS.flatMap((step) => ON[step])), text, { maxKeys: 40 });

  it('sends whatever it finds nothing wrong with, and shows whatever was typed on a card that Teams takes', () => {
    let sent = 0;
    let shown = 0;
    fc.assert(
      fc.property(typed, fc.boolean(), (some, least) => {
        const inputs = least ? { ...some, ...LEAST, staffPerson: '', staffTyped: '' } : some;
        if (wrong(inputs).length === 0) {
          expect(() => toldOf(inputs, terms.zone)).not.toThrow();
          sent += 1;
        }
        for (const step of STEPS) {
          const problems = stepProblems(step, inputs, terms, NOW);
          const view = concernForm(step, draftOf(inputs), terms, problems, [{ text: 'Begun.', anew: {} }]);
          const bytes = Buffer.byteLength(JSON.stringify(renderer.render(view)));
          expect(bytes).toBeLessThanOrEqual(MAX_CARD_BYTES);
          shown += 1;
        }
      }),
      { numRuns: 300 },
    );
    console.log(`${sent} forms that could be sent, ${shown} steps shown`);
    expect(sent).toBeGreaterThan(5);
  });
});

describe('the receipt', () => {
  const words = (named: readonly string[], danger: 'yes' | 'no' = 'no'): string => {
    const concern = raised({ told: { staff: 'yes', danger }, named: named.map((person) => ({ person })) });
    return JSON.stringify(receiptCard(concern, terms, NOW).data);
  };
  it.each([
    [[], 'Prime Trust: 0300 000 0001'],
    [['sana'], 'St Test Hospice: 0300 000 0002'],
    [['sana', 'dora', 'olu', 'petra'], 'Testshire safeguarding team: 0300 000 0800'],
  ])('names whom to ring where %j are in conflict', (named, expected) => {
    expect(words(named)).toContain(`ring ${expected}`);
    expect(words(named)).toContain('Nobody has seen it yet');
    expect(words(named)).toContain('says when it is seen');
  });
  it('says not to wait where somebody is in danger', () => {
    expect(words([], 'yes')).toContain('Do not wait for an answer: ring Prime Trust now');
  });
});
