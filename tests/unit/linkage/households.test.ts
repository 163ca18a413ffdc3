import { describe, expect, test } from 'vitest';
import type { Person } from '../../../src/linkage/linkage.ts';
import { diceOf } from '../../../src/simulation/seeded.ts';
import { makePeople } from '../../bench/people.ts';
import { bandsOf, linkPeople, person, strangers } from './small.ts';

const NAMES = strangers(400).map(({ given, surname }) => ({ given, surname }));

/** So many households of four, each wholly on both of two lists, without NHS numbers. Ids end in who it is. */
function households(count: number): Person[] {
  const dice = diceOf('households', count);
  const date = (): string => `${dice.between(1930, 2020)}-${dice.between(10, 12)}-${dice.between(10, 28)}`;
  return Array.from({ length: count }, (_, home) => {
    const { surname = '' } = NAMES[home % NAMES.length] ?? {};
    const postcode = `H${String.fromCharCode(65 + (home % 26))}${1 + (home % 9)} ${home % 10}AB`;
    return Array.from({ length: 4 }, (_, n) => {
      const { given = '' } = dice.pick(NAMES);
      const dob = date();
      return ['a', 'b'].map((list) => person(`${list}${home}-${n},${given},${surname},${dob},${postcode},`));
    }).flat();
  }).flat();
}

describe('people who live together', () => {
  test('lists full of whole households are matched person by person, never household by household', () => {
    const people = households(150);
    const { suggestions, model } = linkPeople(people);
    const who = (id: string): string => id.slice(1);
    const matches = suggestions.filter(({ probability }) => probability >= 0.5);
    const right = matches.filter(({ idA, idB }) => who(idA) === who(idB));
    expect(right.length).toBeGreaterThan(590);
    expect(matches.length - right.length).toBeLessThan(6);
    expect(suggestions.filter(({ band, idA, idB }) => band === 'certain' && who(idA) !== who(idB))).toEqual(
      [],
    );
    expect(model.same[0]?.[1]).toBeGreaterThan(0.8);
    expect(model.share.household * people.length).toBeGreaterThan(model.share.same * people.length);
  });

  test('twins on both lists are two people, and only the doubtful pairs come to review', () => {
    const bands = bandsOf(
      linkPeople([
        ...strangers(40),
        person('a1,Ella,Marsh,2016-05-04,AB2 1AA,'),
        person('a2,Noah,Marsh,2016-05-04,AB2 1AA,'),
        person('b1,Ella,Marsh,2016-05-04,AB2 1AA,'),
        person('b2,Noah,Marsh,2016-05-04,AB2 1AA,'),
      ]),
    );
    expect(bands['a1 b1']).toBe('certain');
    expect(bands['a2 b2']).toBe('certain');
    for (const pair of ['a1 a2', 'a1 b2', 'a2 b1', 'b1 b2'])
      expect([undefined, 'review']).toContain(bands[pair]);
  });

  test('a record that fits both twins joins them neither in a group nor as a match', () => {
    const { suggestions, groups } = linkPeople([
      ...strangers(40),
      person('a1,Ella,Marsh,2016-05-04,AB2 1AA,9434765919'),
      person('a2,Noah,Marsh,2016-05-04,AB2 1AA,4010232137'),
      person('b1,,Marsh,2016-05-04,AB2 1AA,'),
    ]);
    expect(groups).toEqual([]);
    const twins = suggestions.find(({ idA, idB }) => idA === 'a1' && idB === 'a2');
    expect(twins?.band ?? 'review').toBe('review');
    expect(suggestions.filter(({ band }) => band !== 'review').length).toBeLessThan(2);
  });

  test('three records of one person are a group, and the pair that hardly agrees gains by the third', () => {
    const { suggestions, groups } = linkPeople([
      ...strangers(40),
      person('a,Harriet,Underwood,1951-02-03,AB2 1AA,4010232137'),
      person('b,Harriet,Underwood,1951-02-03,CD7 9ZZ,4010232137'),
      person('c,Harriet,Lomas,1951-02-13,CD7 9ZZ,'),
    ]);
    expect(groups).toEqual([['a', 'b', 'c']]);
    expect(suggestions.map(({ idA, idB }) => idA + idB).sort()).toEqual(['ab', 'ac', 'bc']);
  });

  test('in a synthetic register nearly all certain pairs are right, and most of the duplicates are certain', () => {
    const { records, truth } = makePeople(6_000, 3);
    const { suggestions } = linkPeople(records);
    const one = (id: string): number | undefined => truth[Number(id.slice(1))];
    const certain = suggestions.filter(({ band }) => band === 'certain');
    const wrong = certain.filter(({ idA, idB }) => one(idA) !== one(idB));
    expect(certain.length).toBeGreaterThan(900);
    expect(wrong.length).toBeLessThan(2);
  });
});
