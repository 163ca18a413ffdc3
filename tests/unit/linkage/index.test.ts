import { describe, expect, it, test } from 'vitest';
import { createIndex, link, type RegisterIndex } from '../../../src/linkage/linkage.ts';
import { makePeople } from '../../bench/people.ts';
import { columnsOf, person, strangers } from './small.ts';

const people = makePeople(1_200, 11).records;

function indexOf(records: typeof people, model?: RegisterIndex['model']): RegisterIndex {
  const { columns, ids } = columnsOf(records);
  return createIndex(columns, ids, model);
}

describe('one person against a register', () => {
  it('is found with band and reasons, and is not in the register afterwards', () => {
    const index = indexOf(people);
    const one = people.find(({ dob, postcode, nhs }) => dob !== '' && postcode !== '' && nhs !== '');
    if (!one) throw new Error('somebody has everything');
    const asked = { ...one, id: 'new', nhs: '' };
    const [first] = index.find(asked);
    expect([first?.idA, first?.idB]).toContain(one.id);
    expect(first?.band).toBe('certain');
    expect(first?.reasons[0]).toBe('Same names, birth date and postcode');
    expect(index.find(asked)).toEqual(index.find(asked));
    expect(index.size).toBe(people.length);
  });

  it('agrees with linking the whole register, by the same model', () => {
    const { columns, ids } = columnsOf(people);
    const { suggestions, model } = link(columns, ids);
    const index = indexOf(people, model);
    const clear = suggestions.filter(({ band }) => band === 'certain');
    expect(clear.length).toBeGreaterThan(100);
    const byId = new Map(people.map((one) => [one.id, one]));
    for (const { idA, idB } of clear) {
      const asked = byId.get(idA);
      const found = asked && index.find(asked).find((one) => one.idA === idB || one.idB === idB);
      expect(['certain', 'likely']).toContain(found?.band);
    }
  });

  it('after records came and went finds what a fresh index finds', () => {
    const half = people.slice(0, 800);
    const index = indexOf(half);
    for (const one of people.slice(800)) index.add(one);
    for (const one of people.slice(0, 300)) expect(index.remove(one.id)).toBe(true);
    const fresh = indexOf(people.slice(300), index.model);
    expect(index.size).toBe(fresh.size);
    let found = 0;
    for (const one of people) {
      const asked = { ...one, id: 'new' };
      expect(index.find(asked)).toEqual(fresh.find(asked));
      found += index.find(asked).length;
    }
    expect(found).toBeGreaterThan(900);
  });

  it('loses a record for good and takes it again', () => {
    const index = indexOf([...strangers(30)] as typeof people);
    const one = person('a,Tryphena,Featherstone,1951-05-06,AB1 2CD,');
    expect(index.remove('a')).toBe(false);
    index.add(one);
    expect(index.find({ ...one, id: 'b' })).toHaveLength(1);
    expect(() => index.add(one)).toThrow('remove it first');
    expect(index.remove('a')).toBe(true);
    expect(index.find({ ...one, id: 'b' })).toEqual([]);
    index.add(one);
    expect(index.find({ ...one, id: 'b' })).toHaveLength(1);
  });

  it('does not find a record in itself', () => {
    const index = indexOf([...strangers(30)] as typeof people);
    expect(index.find({ ...(strangers(1)[0] as (typeof people)[number]) })).toEqual([]);
  });

  test.each([{}, { given: '\u0000' }, { dob: '9999-99-99', nhs: 'x'.repeat(5_000) }])(
    'an empty register and odd texts give nothing',
    (odd) => {
      const index = indexOf([]);
      expect(index.find({ id: 'a', ...odd })).toEqual([]);
      index.add({ id: 'b', ...odd });
      expect(index.find({ id: 'a', ...odd }).length).toBeLessThan(2);
    },
  );
});
