import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../src/core/errors.ts';
import { sayWhom } from '../../../src/safeguarding/about.ts';
import { answered, chase, unanswered } from '../../../src/safeguarding/chase.ts';
import { close, reopen } from '../../../src/safeguarding/closing.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import { decide } from '../../../src/safeguarding/decide.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { sectionsOf } from '../../../src/safeguarding/sections.ts';
import { endTodo, setTodo } from '../../../src/safeguarding/todos.ts';
import { terms } from '../../support/pathway.ts';
import { factsOf, left } from './changes.ts';
import { ground, NOW, raised } from './fixture.ts';

/** A Tuesday, 16:42 in London. */
const DAY = '2026-11-24';
const INPUTS = {
  police: 'no',
  policeWhy: 'No crime is known of yet.',
  authority: 'yes',
  authorityWhy: 'She cannot protect herself.',
  authorityDay: DAY,
  authorityTime: '15:00',
  contact: 'adults',
  basis: 'public-task',
  met: 'fully',
  risk: 'reduced',
  rationale: 'The card is back with her.',
};
type Inputs = Record<string, string>;

const acknowledged = (given: Parameters<typeof raised>[0] = {}): Concern => {
  const concern = raised(given);
  return left(acknowledge(factsOf(concern, 'sana')), concern);
};
const decided = (concern: Concern, over: Inputs = {}, who = 'sana'): Concern =>
  left(decide(factsOf(concern, who), { ...INPUTS, ...over }, 99), concern);
const fieldsOf = (doing: () => unknown): string[] => {
  try {
    doing();
  } catch (error) {
    if (error instanceof Invalid) return error.problems.map(({ field }) => field);
    throw error;
  }
  return [];
};
const words = (concern: Concern, knows: 'raiser' | 'safeguarding' = 'safeguarding'): string =>
  sectionsOf({ concern, knows, today: terms, now: NOW })
    .flatMap(({ title, entries }) => entries.map(({ label, text }) => `${title} / ${label}: ${text}`))
    .join('\n');

describe('the form of a decision', () => {
  const long = 'x'.repeat(1_501);
  const table: readonly [string, Inputs, readonly string[]][] = [
    ['everything', {}, []],
    [
      'nothing chosen',
      { police: '', authority: '', met: '', risk: '' },
      ['police', 'authority', 'met', 'risk'],
    ],
    [
      'choices that are none',
      { police: 'toString', met: 'toString', risk: 'toString' },
      ['police', 'met', 'risk'],
    ],
    [
      'no reasons',
      { policeWhy: ' ', authorityWhy: '\u200b', rationale: '' },
      ['policeWhy', 'authorityWhy', 'rationale'],
    ],
    ['told, and no day', { authorityDay: '' }, ['authorityDay']],
    ['told on no day of the calendar', { authorityDay: '2026-02-30' }, ['authorityDay']],
    ['told in a minute', { authorityTime: '16:43' }, ['authorityDay']],
    ['told before the Romans', { authorityDay: '-000043-01-01' }, ['authorityDay']],
    ['told in another century', { authorityDay: '1926-11-24' }, ['authorityDay']],
    ['a day, and not told', { policeDay: DAY }, ['policeDay']],
    ['shared on no basis', { basis: '' }, ['basis']],
    ['nobody told, and no basis', { authority: 'no', authorityDay: '', basis: '' }, []],
    ['a contact that the map has not', { contact: 'zebedee' }, ['contact']],
    ['a reference that is a letter', { policeReference: 'x'.repeat(201) }, ['policeReference']],
    ['half a character', { authorityReference: '\ud800' }, ['authorityReference']],
    ['reasons too long for a card', { policeWhy: long, wanted: long }, ['policeWhy', 'wanted']],
  ];
  it.each(table)('with %s', (_name, over, fields) => {
    const concern = acknowledged();
    expect(fieldsOf(() => decided(concern, over))).toEqual(fields);
  });

  it('asks about the employer where it is about somebody of a partner', () => {
    const concern = acknowledged({ told: { staff: 'yes' }, named: [{ person: 'nina' }] });
    expect(fieldsOf(() => decided(concern))).toEqual(['employer']);
    expect(decided(concern, { employer: 'Not yet: he is away until Monday.' }).decisions).toHaveLength(1);
  });
});

describe('a decision', () => {
  it('is for those who have it, and never for whoever raised it', () => {
    const concern = raised();
    expect(() => decided(concern)).toThrow('Acknowledge the concern first');
    const own = { ...factsOf(acknowledged(), 'sana'), knows: 'raiser' as const };
    for (const act of [
      () => decide(own, INPUTS, 99),
      () => answered(own, {}),
      () => close(own, { reason: 'protected' }),
      () => reopen(own, { reopening: 'More is known.' }),
      () => setTodo(own, {}, 99),
      () => endTodo(own, {}),
    ]) {
      expect(act).toThrow('You raised this concern');
    }
  });

  it('is one when its form is sent twice, and another where anything differs or somebody else says so', () => {
    const concern = acknowledged();
    const once = decided(concern);
    expect(decide(factsOf(once, 'sana'), INPUTS, concern.revision)).toEqual({ kind: 'done' });
    const other = decide(factsOf(once, 'sana'), { ...INPUTS, risk: 'removed' }, concern.revision);
    expect(left(other, once).decisions?.map(({ risk }) => risk)).toEqual(['reduced', 'removed']);
    const hers = decide(factsOf(once, 'dora'), INPUTS, concern.revision);
    expect(left(hers, once).decisions?.map(({ by }) => by.person)).toEqual(['sana', 'dora']);
  });

  it('leaves no word of it in its event, and tells the raiser the time alone', () => {
    const concern = acknowledged();
    const verdict = decide(factsOf(concern, 'sana'), INPUTS, 99);
    const events = verdict.kind === 'change' ? (verdict.change.events ?? []) : [];
    expect(events.map(({ data }) => data)).toEqual([
      {
        concern: '7K2-M4Z',
        n: 1,
        police: 'no',
        authority: 'yes',
        met: 'fully',
        risk: 'reduced',
        basis: 'public-task',
      },
    ]);
    const twice = decided(decided(concern), { rationale: 'He gave up the key.' });
    expect(words(twice)).toContain('He gave up the key.');
    expect(words(twice, 'raiser').match(/Decided/g)).toEqual(['Decided']);
    for (const word of ['key', 'Sana', 'protect', 'social care'])
      expect(words(twice, 'raiser').replace(/Facts.*/g, '')).not.toContain(word);
  });

  it('shows what is written as it is, also where it reads like a code', () => {
    const concern = decided(acknowledged(), { authority: 'no', authorityDay: '', basis: '' });
    const closed = left(close(factsOf(concern, 'sana'), { reason: 'protected' }), concern);
    expect(words(closed)).toContain('The person is protected');
    for (const reopening of ['toString', 'protected']) {
      const open = left(reopen(factsOf(closed, 'dora'), { reopening }), closed);
      expect(words(open)).toContain(`, 16:42 today: ${reopening}`);
      expect(open.closed).toBeUndefined();
      expect(words(open)).toContain('Timeline / Opened again: Dora');
    }
  });
});

describe('a decision of somebody who may not know of it, as it turns out', () => {
  it('is kept and said not to stand, and another is recorded beside it', () => {
    const concern = decided(acknowledged({ told: { staff: 'unknown' } }), {}, 'dora');
    const known = left(
      sayWhom(factsOf(concern, 'sana'), { staff: 'yes', people: 'dora' }, ground()),
      concern,
    );
    expect(known.decided).toBeUndefined();
    expect(words(known)).toContain('Decision (does not stand any more)');
    expect(words(known)).not.toContain('Timeline / Decided');
    expect(() => close(factsOf(known, 'sana'), { reason: 'protected' })).toThrow('Record a decision first');
    const again = decided(known, { employer: 'Told this morning.' });
    expect(again.decided?.by.person).toBe('sana');
    expect(words(again)).toContain('Timeline / Decided: Sana');
    expect(words(again)).not.toContain('Decision 2 (does not');
  });
});

describe('the chase', () => {
  const at = (concern: Concern) => concern.chase;
  const due: readonly [string, 'adult' | 'child' | 'unknown', Inputs, string, string][] = [
    ['an adult on a Tuesday', 'adult', {}, '2026-11-27T23:59', '2026-11-30T09:00'],
    ['a child on a Tuesday', 'child', {}, '2026-11-25T23:59', '2026-11-26T09:00'],
    ['a child on a Friday', 'child', { authorityDay: '2026-11-20' }, '2026-11-23T23:59', '2026-11-25T09:00'],
    [
      'a child, told weeks ago,',
      'child',
      { authorityDay: '2026-11-02' },
      '2026-11-03T23:59',
      '2026-11-25T09:00',
    ],
    ['somebody whose age is not known', 'unknown', {}, '2026-11-25T23:59', '2026-11-26T09:00'],
  ];
  it.each(due)('of %s is due in working days, and reminds in the morning', (_name, age, over, by, next) => {
    const concern = decided(acknowledged({ told: { age } }), over);
    expect(at(concern)).toMatchObject({ n: 1, reminded: 0 });
    expect([concern.chase?.due.slice(0, 16), concern.chase?.next.slice(0, 16)]).toEqual([by, next]);
  });

  it('leaves bank holidays out', () => {
    const now = '2026-12-24T12:00:00.000Z';
    const concern = acknowledged({ told: { age: 'child' } });
    const inputs = { ...INPUTS, authorityDay: '2026-12-24' };
    const after = left(
      decide({ ...factsOf(concern, 'sana', now) }, { ...inputs, authorityTime: '11:00' }, 99),
      concern,
    );
    expect(after.chase).toMatchObject({ due: '2026-12-29T23:59:00.000Z', next: '2026-12-30T09:00:00.000Z' });
  });

  it('reminds each working morning whoever decided, or the lead and the deputy where they have left', () => {
    const concern = decided(acknowledged());
    const first = concern.chase?.next ?? '';
    expect(chase(concern, terms, NOW)).toBeUndefined();
    const change = chase(concern, terms, first);
    expect(change?.notices?.filter(({ form }) => form === 'tell').map(({ route }) => route)).toEqual([
      { to: 'person', person: 'sana' },
    ]);
    const after = change?.documents?.[0] as Concern;
    expect(after.chase).toMatchObject({ next: '2026-12-01T09:00:00.000Z', reminded: 1 });
    expect(chase(after, terms, first)).toBeUndefined();
    const gone = { ...terms, people: terms.people.filter(({ key }) => key !== 'sana') };
    const others = chase(concern, gone, first)?.notices?.filter(({ form }) => form === 'tell');
    expect(others?.map(({ route }) => route)).toEqual([{ to: 'person', person: 'dora' }]);
  });

  it('goes on for each authority until it has answered, the soonest first', () => {
    const one = decided(acknowledged());
    // The same telling, said once more, does not begin again.
    const same = decided(one, { rationale: 'Nothing has changed.' });
    expect(same.chase).toEqual(one.chase);
    const two = decided(same, { contact: '', authorityTime: '16:00' });
    expect(unanswered(two).map(({ n }) => n)).toEqual([1, 3]);
    expect(two.chase).toEqual(one.chase);
    const said = { answer: 'enquiry', answeredDay: DAY };
    expect(fieldsOf(() => answered(factsOf(two, 'sana'), said))).toEqual(['which']);
    const half = left(answered(factsOf(two, 'sana'), { ...said, which: '1' }), two);
    expect(half.chase).toMatchObject({ n: 3 });
    expect(() => close(factsOf(half, 'sana'), { reason: 'protected' })).toThrow('has not answered yet');
    const whole = left(answered(factsOf(half, 'dora'), { ...said, which: '3' }), half);
    expect(whole.chase).toBeUndefined();
    expect(whole.answers).toHaveLength(2);
    expect(left(close(factsOf(whole, 'sana'), { reason: 'protected' }), whole).closed).toBeDefined();
  });

  it('keeps the first answer: the same again is done, another is said to be too late', () => {
    const concern = decided(acknowledged());
    const said = { which: '1', answer: 'enquiry', answeredDay: DAY };
    const after = left(answered(factsOf(concern, 'sana'), said), concern);
    expect(answered(factsOf(after, 'sana'), said)).toEqual({ kind: 'done' });
    expect(() => answered(factsOf(after, 'dora'), { ...said, answer: 'advice' })).toThrow('and yours is not');
  });

  const wrong: readonly [string, Inputs, readonly string[]][] = [
    ['nothing', {}, ['answer', 'answeredDay']],
    ['a day to come', { answer: 'enquiry', answeredDay: '2026-11-25' }, ['answeredDay']],
    ['a day before they were told', { answer: 'enquiry', answeredDay: '2026-11-23' }, ['answeredDay']],
    ['the day itself', { answer: 'enquiry', answeredDay: DAY }, []],
    ['no such decision', { which: '7', answer: 'enquiry', answeredDay: DAY }, ['which']],
  ];
  it.each(wrong)('takes an answer with %s', (_name, inputs, fields) => {
    const concern = decided(acknowledged());
    expect(fieldsOf(() => answered(factsOf(concern, 'sana'), inputs))).toEqual(fields);
  });
});
