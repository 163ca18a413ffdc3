import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createColumns } from '../../../src/linkage/columns.ts';
import { datesNear, nearDates, readDate } from '../../../src/linkage/dates.ts';
import { compare, dateLevel, FIELDS, levelOf } from '../../../src/linkage/levels.ts';
import { plainName } from '../../../src/linkage/names.ts';
import { jaroWinkler, oneEdit } from '../../../src/linkage/near.ts';
import { nearNumbers, readNumber } from '../../../src/linkage/numbers.ts';
import { districtOf, plainPostcode } from '../../../src/linkage/postcodes.ts';
import { soundKey } from '../../../src/linkage/sound.ts';
import { person } from './small.ts';

const LEVEL_NAMES = ['missing', 'same', 'near', 'partly', 'different'];
const units = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const likeness = (a: string, b: string): number => jaroWinkler(units(a), 0, a.length, units(b), 0, b.length);

/** The level of one field between two records. */
function level(a: string, b: string, field: (typeof FIELDS)[number]): string {
  const columns = createColumns();
  for (const line of [a, b]) columns.add(person(line));
  const found = levelOf(compare(columns, 0, 1), FIELDS.indexOf(field));
  if (found < 5) return LEVEL_NAMES[found] as string;
  return field === 'nhs' ? 'both valid' : 'swapped';
}

describe('names', () => {
  test.each([
    ['  Zoë ', 'zoe'],
    ["O'Brien", 'obrien'],
    ['O’Brien', 'obrien'],
    ['Smith-Jones', 'smithjones'],
    ['Mrs Jane', 'jane'],
    ['Łukasz Sørensen', 'lukaszsorensen'],
    ['Иван', 'иван'],
    ['Unknown', ''],
    ['N/A', ''],
    ['n.k.', ''],
    ['Baby Boy', ''],
    ['Not known', ''],
    ['---', ''],
    ['Na', 'na'],
  ])('%j is compared as %j', (text, plain) => expect(plainName(text)).toBe(plain));

  test.each([
    ['Anna', 'Anna', 'same'],
    ['Margaret', 'Margret', 'near'],
    ['Margaret', 'Magraret', 'near'],
    ['Elizabeth', 'Beth', 'partly'],
    ['William', 'Bill', 'partly'],
    ['Catherine', 'Katharine', 'partly'],
    ['Anne Marie', 'Marie', 'partly'],
    ['John', 'J', 'missing'],
    ['John', 'K', 'different'],
    ['Emma', 'Ella', 'different'],
    ['Unknown', 'Ella', 'missing'],
    ['', '', 'missing'],
  ])('the first names %j and %j are %s', (a, b, expected) => {
    expect(level(`a,${a}`, `b,${b}`, 'given')).toBe(expected);
    expect(level(`b,${b}`, `a,${a}`, 'given')).toBe(expected);
  });

  test.each([
    ['a,Peter,Okafor', 'b,Okafor,Peter', 'swapped'],
    ['a,Peter,Okafor', 'b,Okaffor,Peter', 'swapped'],
    ['a,Peter,Okafor', 'b,Okafor,Helen', 'different'],
    ['a,James,James', 'b,James,Thomas', 'same'],
  ])('%s beside %s has the first name %s', (a, b, expected) => expect(level(a, b, 'given')).toBe(expected));

  test.each([
    ['philip', 'filip'],
    ['catherine', 'katherine'],
    ['knight', 'nite'],
    ['macdonald', 'mcdonald'],
    ['wright', 'right'],
  ])('%s sounds like %s', (a, b) => expect(soundKey(a)).toBe(soundKey(b)));
  test.each([
    ['smith', 'jones'],
    ['anna', 'emil'],
  ])('%s does not sound like %s', (a, b) => expect(soundKey(a)).not.toBe(soundKey(b)));

  test.each([
    ['martha', 'marhta', 0.9611],
    ['dwayne', 'duane', 0.84],
    ['dixon', 'dicksonx', 0.8133],
    ['abc', 'xyz', 0],
  ])('%s and %s have the likeness that Winkler published', (a, b, expected) =>
    expect(likeness(a, b)).toBeCloseTo(expected, 3),
  );
});

describe('birth dates', () => {
  test.each([
    ['1956-04-09', 19560409],
    ['19560409', 19560409],
    ['09/04/1956', 19560409],
    ['9.4.1956', 19560409],
    ['1956-04-09T00:00:00Z', 19560409],
    ['1956-04-31', 19560431],
    ['19561345', 19561345],
    ['1900-01-01', 0],
    ['99999999', 0],
    ['', 0],
    ['1956', 0],
    ['about 1956', 0],
  ])('%j is read as %i', (text, date) => expect(readDate(text)).toBe(date));

  test.each([
    [19560409, 19560409, 'same'],
    [19560409, 19560904, 'near'],
    [19560409, 19560419, 'near'],
    [19560409, 19650409, 'near'],
    [19560409, 19560417, 'partly'],
    [19560409, 19770409, 'partly'],
    [19560409, 19310822, 'different'],
    [19560409, 0, 'missing'],
  ])('%i and %i are %s', (a, b, expected) => {
    expect(LEVEL_NAMES[dateLevel(a, b)]).toBe(expected);
    expect(LEVEL_NAMES[dateLevel(b, a)]).toBe(expected);
  });

  it('lists exactly the dates that are near', () => {
    fc.assert(
      fc.property(fc.integer({ min: 19_000_101, max: 20_261_231 }), (date) => {
        const near = datesNear(date);
        expect(near.length).toBeGreaterThan(70);
        expect(new Set(near).size).toBe(near.length);
        expect(near.filter((other) => !nearDates(date, other) || other === date)).toEqual([]);
      }),
    );
  });
});

describe('NHS numbers', () => {
  test.each([
    ['943 476 5919', 19_434_765_919],
    ['943-476-5919', 19_434_765_919],
    ['943476591O', -19_434_765_910],
    ['9434765918', -19_434_765_918],
    ['6988048', -16_988_048],
    ['0000000000', 0],
    ['9999999999', 0],
    ['1234567890', 0],
    ['4444444443', 0],
    ['unknown', 0],
    ['12', 0],
    ['', 0],
  ])('%j is read as %i: positive only if it can have been issued', (text, number) =>
    expect(readNumber(text)).toBe(number),
  );

  test.each([
    ['9434765919', '9434765919', 'same'],
    ['9434765919', '9434765918', 'near'],
    ['9434765919', '9434756919', 'near'],
    ['9434765919', '943476591', 'near'],
    ['9434765919', '9434765870', 'both valid'],
    ['9434765919', '1112223334', 'different'],
    ['9434765919', '0000000000', 'missing'],
  ])('%s and %s are %s', (a, b, expected) => {
    expect(level(`a,,,,,${a}`, `b,,,,,${b}`, 'nhs')).toBe(expected);
    expect(level(`b,,,,,${b}`, `a,,,,,${a}`, 'nhs')).toBe(expected);
  });

  it('never takes two numbers that can both have been issued for a slip', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4_000_000_00, max: 7_999_999_99 }),
        fc.nat(8),
        fc.nat(9),
        (nine, at, to) => {
          const issued = (digits: string): number =>
            Math.max(0, ...Array.from({ length: 10 }, (_, check) => readNumber(`${digits}${check}`)));
          const other = `${String(nine).slice(0, at)}${to}${String(nine).slice(at + 1)}`;
          expect(nearNumbers(issued(String(nine)) || 1, issued(other) || 1)).toBe(false);
        },
      ),
    );
  });
});

describe('postcodes', () => {
  test.each([
    ['sw1a 1aa', 'SW1A1AA', 'SW1A'],
    ['AB1 2CD', 'AB12CD', 'AB1'],
    ['AB1', 'AB1', 'AB1'],
    ['4011', '4011', ''],
    ['ZZ99 3WZ', '', ''],
    ['n/a', '', ''],
    ['0000', '', ''],
  ])('%j is compared as %j, of district %j', (text, plain, district) => {
    expect(plainPostcode(text)).toBe(plain);
    expect(districtOf(plainPostcode(text))).toBe(district);
  });

  test.each([
    ['AB1 2CD', 'ab12cd', 'same'],
    ['AB1 2CD', 'AB1 2CE', 'near'],
    ['AB1 2CD', 'AB1 9ZZ', 'partly'],
    ['AB1 2CD', 'CD4 5EF', 'different'],
  ])('%s and %s are %s', (a, b, expected) =>
    expect(level(`a,,,,${a}`, `b,,,,${b}`, 'postcode')).toBe(expected),
  );
});

describe('any texts', () => {
  const word = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[ab]{0,7}$/));

  it('are one edit apart, and alike, the same both ways round', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const [p, q] = [units(a), units(b)];
        expect(oneEdit(p, 0, p.length, q, 0, q.length)).toBe(oneEdit(q, 0, q.length, p, 0, p.length));
        const [there, back] = [
          jaroWinkler(p, 0, p.length, q, 0, q.length),
          jaroWinkler(q, 0, q.length, p, 0, p.length),
        ];
        expect(there).toBe(back);
        expect(there).toBeGreaterThanOrEqual(0);
        expect(there).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are read and compared without an error, the same whichever comes first', () => {
    const record = fc.record({ given: word, surname: word, dob: word, postcode: word, nhs: word });
    fc.assert(
      fc.property(record, record, (a, b) => {
        const columns = createColumns();
        columns.add(a);
        columns.add(b);
        expect(compare(columns, 0, 1)).toBe(compare(columns, 1, 0));
      }),
    );
  });
});
