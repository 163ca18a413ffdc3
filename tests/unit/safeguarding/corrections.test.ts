import { describe, expect, it } from 'vitest';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import { correctCase, correctPerson, personAbout } from '../../../src/safeguarding/corrections.ts';
import { deleteDue, hold, isHeld, keepingOf } from '../../../src/safeguarding/retention.ts';
import type { Told } from '../../../src/safeguarding/told.ts';
import { terms } from '../../support/pathway.ts';
import { factsOf, left } from './changes.ts';
import { raised } from './fixture.ts';

const facts = (concern: Concern) => factsOf(concern, 'sana');
const WHY = { correctWhy: 'Read her letter' };
const closedAt = (at: string, age: Told['age'], dob?: string): Concern => ({
  ...raised({ told: { age, person: dob === undefined ? {} : { dob } } }),
  closed: { by: { person: 'sana', name: 'Sana Test' }, at },
});

describe('what its raiser sent', () => {
  it('is corrected by an entry that keeps it, and not a word of it is changed', () => {
    const concern = raised();
    const person = { given: 'Maud', surname: 'Other', dob: '07/03/1942' };
    const known = left(correctPerson(facts(concern), { ...person, ...WHY }), concern);
    expect(known.told).toEqual(concern.told);
    expect(personAbout(known)).toEqual({ ...person, dob: '1942-03-07' });
    expect(known.corrections).toMatchObject([{ n: 1, what: 'person', before: concern.told.person }]);
    expect(correctPerson(facts(known), { ...person, ...WHY })).toEqual({ kind: 'done' });
  });

  it('is on the list of the right case alone, and both are kept', () => {
    const concern = raised({ caseId: '4R2-X1A' });
    const known = left(correctCase(facts(concern), { caseNumber: '7K2-M4Z', ...WHY }, true), concern);
    expect(Object.keys(known.lists ?? {})).toContain('concerns.case@7K2-M4Z');
    expect(Object.keys(known.lists ?? {})).not.toContain('concerns.case@4R2-X1A');
    expect(known.corrections).toMatchObject([{ what: 'case', before: '4R2-X1A', caseId: '7K2-M4Z' }]);
    const none = left(correctCase(facts(known), { ...WHY }, false), known);
    expect(none.caseId).toBeUndefined();
    expect(Object.keys(none.lists ?? {}).filter((list) => list.startsWith('concerns.case@'))).toEqual([]);
  });

  it.each([
    ['no reason', { given: 'Maud' }],
    ['an NHS number that is none', { ...WHY, nhsNumber: '123 456 7890' }],
    ['a date that is none', { ...WHY, dob: 'last spring' }],
  ])('is not corrected with %s', (_name, inputs) => {
    expect(() => correctPerson(facts(raised()), inputs)).toThrow('Not corrected yet');
  });

  it('is not said to be of a case that there is not, nor corrected by its raiser', () => {
    expect(() => correctCase(facts(raised()), { ...WHY, caseNumber: '7K2-M4Z' }, false)).toThrow(
      'Not corrected',
    );
    const own = { ...facts(raised()), knows: 'raiser' as const };
    expect(() => correctPerson(own, WHY)).toThrow('You raised this concern');
  });
});

describe('how long it is kept', () => {
  const at = '2026-11-24T17:00:00.000Z';
  it.each([
    ['an adult: eight years', closedAt(at, 'adult', '1942-03-07'), '2034-11-24'],
    ['a child: the 25th birthday', closedAt(at, 'child', '2015-06-01'), '2040-06-01'],
    ['seventeen when it ended: the 26th', closedAt(at, 'child', '2009-06-01'), '2035-06-01'],
    ['a child of unknown birth date', closedAt(at, 'child'), '2051-11-24'],
    ['unknown: the longer', closedAt(at, 'unknown', '1942-03-07'), '2034-11-24'],
    ['open: no day yet', raised(), undefined],
  ])('%s', (_name, concern, day) => expect(keepingOf(concern, terms).reviewOn).toBe(day));

  it('is due on its day, but not under a legal hold, which is set and lifted with a reason', () => {
    const concern = closedAt(at, 'adult');
    expect(deleteDue([concern], terms, '2034-11-23T12:00:00.000Z')).toEqual([]);
    expect(deleteDue([concern], terms, '2034-11-24T12:00:00.000Z')).toEqual([concern]);
    expect(() => hold(facts(concern), { hold: 'set' })).toThrow('Not recorded yet');
    const held = left(hold(facts(concern), { hold: 'set', holdWhy: 'The coroner asked' }), concern);
    expect(isHeld(held)).toBe(true);
    expect(deleteDue([held], terms, '2040-01-01T12:00:00.000Z')).toEqual([]);
    const lifted = left(hold(facts(held), { hold: 'lifted', holdWhy: 'The inquest is over' }), held);
    expect(lifted.holds?.map(({ state }) => state)).toEqual(['set', 'lifted']);
    expect(deleteDue([lifted], terms, '2040-01-01T12:00:00.000Z')).toEqual([lifted]);
  });
});
