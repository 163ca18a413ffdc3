import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createHand, createKeys, type Linked, linking, type Person } from '../../../src/linkage/linkage.ts';
import { makePeople } from '../../bench/people.ts';
import { columnsOf, linkPeople, person, strangers } from './small.ts';

/** Links two records among thirty strangers. */
function beside(a: string, b: string, others = 30): { band: string | undefined; reasons: readonly string[] } {
  const linked = linkPeople([person(a), ...strangers(others), person(b)]);
  const found = linked.suggestions.find(({ idA, idB }) => idA === 'a' && idB === 'b');
  expect(linked.suggestions.length - (found ? 1 : 0)).toBe(0);
  return { band: found?.band, reasons: found?.reasons ?? [] };
}

describe('two records in a small register', () => {
  test.each([
    [
      'a,Margaret,Whitfield,1941-03-07,AB1 2CD,943 476 5919',
      'b,Margaret,Whitfeld,1941-03-07,AB1 2CD,',
      'certain',
      [
        'Same first name, birth date and postcode',
        'Surnames one letter apart',
        'NHS number missing in one list',
      ],
    ],
    [
      'a,Margret,Whitfeld,1941-03-07,AB1 2CD,943 476 5919',
      'b,Margaret,Whitfield,1941-03-07,AB1 2CD,',
      'likely',
      ['Same birth date and postcode', 'Names one letter apart', 'NHS number missing in one list'],
    ],
    [
      'a,John,Carter,1950-11-02,AB1 3EF,4010232137',
      'b,John,Carter,1950-02-11,AB1 3EF,4010232137',
      'certain',
      ['Same names, postcode and NHS number', 'Birth dates with day and month swapped'],
    ],
    [
      'a,Peter,Okafor,1962-08-19,AB3 4GH,',
      'b,Okafor,Peter,1962-08-19,AB3 4GH,',
      'certain',
      [
        'Same birth date and postcode',
        'First name and surname stand in each other’s place',
        'NHS number missing in both lists',
      ],
    ],
    [
      'a,Zoë,"O\'Brien",1980-06-06,AB6 1AA,9434765919',
      'b,Zoe,OBrien,06/06/1980,ab61aa,9434765918',
      'certain',
      ['Same names, birth date and postcode', 'NHS numbers one slip apart, at least one of them not valid'],
    ],
    ['a,William,Ash,1948-12-12,AB5 2ZZ,', 'b,Bill,Ash,1948-12-12,AB5 2ZZ,', 'likely', undefined],
    [
      'a,Sarah,Lane,1975-04-04,AB8 1AA,4010232137',
      'b,Sarah,Barton,1975-04-04,CD9 9ZZ,4010232137',
      'certain',
      ['Same first name, birth date and NHS number', 'Surnames differ', 'Postcodes differ'],
    ],
    ['a,Sarah,Lane,1975-04-04,AB8 1AA,', 'b,Sarah,Barton,1975-04-04,CD9 9ZZ,', 'likely', undefined],
    [
      'a,Joan,Smith,1939-01-30,AB4 1AB,9434765870',
      'b,Joan,Smith,1939-01-30,AB4 1AB,4010232137',
      'review',
      ['Same names, birth date and postcode', 'Two different valid NHS numbers'],
    ],
    [
      'a,Ella,Marsh,2016-05-04,AB2 1AA,',
      'b,Emma,Marsh,2016-05-04,AB2 1AA,',
      'review',
      [
        'Same surname, birth date and postcode',
        'First names differ',
        'NHS number missing in both lists',
        'May be twins or relatives at one address',
      ],
    ],
    [
      'a,Ella,Marsh,2016-05-04,AB2 1AA,4010232137',
      'b,Emma,Marsh,2016-05-04,AB2 1AA,4010232137',
      'review',
      undefined,
    ],
    [
      'a,David,Hughes,1944-02-02,AB7 1AA,',
      'b,David,Hughes,1971-09-15,AB7 1AA,',
      'review',
      [
        'Same names and postcode',
        'Birth dates differ',
        'NHS number missing in both lists',
        'May be parent and child at one address',
      ],
    ],
    [
      'a,John,Carter,1950-11-02,AB1 3EF,4010232137',
      'b,Olga,Swift,1991-03-21,CD4 1AB,4010232137',
      'review',
      undefined,
    ],
    [
      'a,Tryphena,Featherstone,,,',
      'b,Tryphena,Featherstone,,,',
      'review',
      [
        'Same names',
        'Birth date, postcode and NHS number missing in both lists',
        'Nothing but the names agrees',
      ],
    ],
    ['a,Tom,Reed,1977-07-07,AB8 2AA,', 'b,Ann,Field,1931-05-23,AB8 3AA,', undefined, undefined],
    ['a,John,Reed,1977-07-07,,', 'b,Ann,Reed,1931-05-23,,', undefined, undefined],
    [
      'a,Unknown,Unknown,,ZZ99 3WZ,0000000000',
      'b,Unknown,Unknown,,ZZ99 3WZ,0000000000',
      undefined,
      undefined,
    ],
    ['a,,,1900-01-01,,', 'b,,,1900-01-01,,', undefined, undefined],
    ['a,,,,,', 'b,,,,,', undefined, undefined],
  ])('%s and %s: %s', (a, b, band, reasons) => {
    const found = beside(a, b);
    expect(found.band).toBe(band);
    if (reasons) expect(found.reasons).toEqual(reasons);
  });

  test('the reasons hold no value of a record', () => {
    const { reasons } = beside(
      'a,Margaret,Whitfield,1941-03-07,AB1 2CD,943 476 5919',
      'b,Margret,Whitfeld,1941-03-17,AB1 2CE,943 476 5918',
    );
    expect(reasons.length).toBeGreaterThan(2);
    expect(reasons.join(' ')).not.toMatch(/marg|whit|\d|AB1/i);
  });

  test('a rare name says more than a common one', () => {
    const common = Array.from({ length: 40 }, (_, n) =>
      person(`c${n},Anna,Smith,${1930 + n}-01-0${1 + (n % 9)},QA1 ${n % 10}ZZ,`),
    );
    const linked = linkPeople([
      ...common,
      person('a1,Anna,Smith,1944-05-06,,'),
      person('b1,Anna,Smith,1944-06-05,,'),
      person('a2,Tryphena,Featherstone,1951-05-06,,'),
      person('b2,Tryphena,Featherstone,1951-06-05,,'),
    ]);
    const of = (id: string): number => linked.suggestions.find(({ idA }) => idA === id)?.probability ?? 0;
    expect(of('a2')).toBeGreaterThan(0.9);
    expect(of('a1')).toBeLessThan(of('a2'));
  });
});

describe('registers of any size', () => {
  test.each([0, 1, 2])('a register of %i strangers has no duplicates', (size) => {
    expect(linkPeople(strangers(size)).suggestions).toEqual([]);
  });

  const people = makePeople(1_000, 7).records;
  const text = (linked: Linked): string => JSON.stringify([linked.suggestions, linked.groups, linked.model]);
  const whole = linkPeople(people);

  it('gives the same bytes for the same input', () => {
    expect(whole.suggestions.length).toBeGreaterThan(150);
    expect(text(linkPeople(people))).toBe(text(whole));
  });

  it('gives the same pairs, bands, probabilities and reasons in any order of the lines', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...people], { minLength: people.length }), (shuffled) => {
        expect(text(linkPeople(shuffled))).toBe(text(whole));
      }),
      { numRuns: 4 },
    );
  });

  test.each([2, 3])('gives the same with %i hands as with one', (count) => {
    const { columns, ids } = columnsOf(people);
    const keys = createKeys(columns);
    const hands = Array.from({ length: count }, () => createHand(columns, keys));
    const steps = linking(columns, ids, keys, count);
    let step = steps.next();
    let tasks = 0;
    while (!step.done) {
      tasks += step.value.length;
      step = steps.next(step.value.map((task, hand) => hands[hand]?.(task)));
    }
    expect(tasks % count).toBe(0);
    expect(text(step.value)).toBe(text(whole));
  });

  it('takes any texts without an error', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'Anna', 'Smith', '1950-01-01', 'AB1 2CD', '9434765919'),
    );
    const record: fc.Arbitrary<Omit<Person, 'id'>> = fc.record({
      provider: word,
      given: word,
      surname: word,
      dob: word,
      postcode: word,
      nhs: word,
    });
    let found = 0;
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const { suggestions } = linkPeople(records.map((one, n) => ({ ...one, id: `${n}` })));
        found += suggestions.length;
        for (const { probability, reasons } of suggestions) {
          expect(probability).toBeGreaterThan(0);
          expect(probability).toBeLessThanOrEqual(1);
          expect(reasons.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 50 },
    );
    expect(found).toBeGreaterThan(0);
  });

  it('passes over a block that everybody is in', () => {
    const crowd = strangers(390).map((one) => ({ ...one, dob: '1970-01-01', nhs: '4010232137' }));
    const linked = linkPeople(crowd);
    expect(linked.compared).toBeGreaterThan(0);
    expect(linked.compared).toBeLessThan(20_000);
    expect(linked.suggestions.filter(({ band }) => band === 'certain')).toEqual([]);
  });
});
