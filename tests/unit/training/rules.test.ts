import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { TrainingTerms } from '../../../src/agreement/training.ts';
import { nextMorning } from '../../../src/training/days.ts';
import { added, coverOf, dueOn, needsOf, standingOf } from '../../../src/training/rules.ts';
import { nameOf, type Trained } from '../../../src/training/training.ts';
import { trainingLine } from '../../../src/training/words.ts';
import { terms as bare } from '../../support/pathway.ts';

const training = TrainingTerms.parse({
  courses: [
    { id: 'adults', name: 'Safeguarding adults', roles: ['nurse', 'coordinator'] },
    { id: 'lead', name: 'Safeguarding lead', roles: ['lead'], remind: '60d' },
  ],
});
const terms: Agreement = { ...bare, training };
const [adults] = training.courses;
if (!adults) throw new Error('there is a course');
const date = (person: string, expires: string, more: Partial<Trained> = {}): Trained => ({
  person,
  course: 'adults',
  done: '2024-01-01',
  expires,
  ...more,
});
const routes = (found: ReturnType<typeof dueOn>): string[] =>
  found.notices.map(({ route }) => (route.to === 'person' ? route.person : route.to));

describe('how a training stands', () => {
  it.each([
    ['2026-11-23', 'lapsed'],
    ['2026-11-24', 'lapsed'],
    ['2026-11-25', 'soon'],
    ['2026-12-24', 'soon'],
    ['2026-12-25', 'in-date'],
  ])('that expires on %s, on 24 November: %s', (expires, stands) => {
    expect(standingOf(date('nina', expires), adults, '2026-11-24')).toBe(stands);
  });

  it('is nothing where no date is held', () => {
    expect(standingOf(undefined, adults, '2026-11-24')).toBe('none');
  });
});

describe('what is due on a morning', () => {
  it('reminds the person alone, and tells a lapse to them and their coordinators, each once', () => {
    const [soon, lapsed] = [date('cora', '2026-12-24'), date('cora', '2026-11-24')];
    const first = dueOn([soon], terms, '2026-11-24');
    expect(routes(first)).toEqual(['cora']);
    expect(first.told).toEqual([{ ...soon, told: 'soon' }]);
    expect(dueOn(first.told, terms, '2026-12-23').notices).toEqual([]);
    const then = dueOn(first.told, terms, '2026-12-24');
    expect(routes(then)).toEqual(['cora', 'both']);
    expect(dueOn(then.told, terms, '2027-06-01').notices).toEqual([]);
    // What an outage kept from being told in time is told once, as what it is by then.
    expect(routes(dueOn([lapsed], terms, '2027-02-01'))).toEqual(['cora', 'both']);
  });

  it('tells nothing of somebody who has left, or whose role does not need it', () => {
    const all = [
      date('gone', '2026-11-01'),
      date('wim', '2026-11-01'),
      date('nina', '2026-11-01', { course: 'old' }),
    ];
    expect(dueOn(all, terms, '2026-11-24')).toEqual({ told: [], notices: [], more: false });
  });

  it('goes on in another commit where one has no room', () => {
    const people = Array.from({ length: 500 }, (_, n) => ({
      key: `p${n}`,
      name: `P ${n}`,
      accounts: [{ tenant: 't', objectId: `p${n}` }],
      positions: [{ provider: 'prime', role: n < 3 ? 'coordinator' : 'nurse' }],
    }));
    let dates: readonly Trained[] = people.map(({ key }) => date(key, '2026-11-01'));
    const many = { ...terms, people };
    let told = 0;
    for (let turns = 0; ; turns++) {
      expect(turns).toBeLessThan(100);
      const due = dueOn(dates, many, '2026-11-24');
      expect(due.notices.length).toBeLessThanOrEqual(80);
      told += due.told.length;
      const marked = new Map(due.told.map((one) => [nameOf(one), one]));
      dates = dates.map((one) => marked.get(nameOf(one)) ?? one);
      if (!due.more) break;
      expect(due.told.length).toBeGreaterThan(0);
    }
    expect(told).toBe(500);
    expect(JSON.stringify(dates).length).toBeLessThan(100_000);
  });
});

describe('the cover', () => {
  const needs = needsOf(terms);

  it('is out of all who need it, and who works for two counts at both', () => {
    expect(needs.map(({ person, provider, course }) => `${person} ${provider} ${course.id}`)).toEqual([
      'cora prime adults',
      'both prime adults',
      'lena prime lead',
      'nina hospice adults',
      'noah hospice adults',
      'both hospice adults',
    ]);
    const dates = [date('both', '2026-12-01'), date('nina', '2027-12-01'), date('cora', '2026-11-24')];
    expect(coverOf(needs, dates, '2026-11-24')).toEqual({ trained: 3, needed: 6 });
  });

  it('adds up over the providers, whatever is held', () => {
    const day = fc.constantFrom('2026-11-01', '2026-11-24', '2026-11-25', '2027-12-01');
    const one = fc.record({
      person: fc.constantFrom(...terms.people.map(({ key }) => key)),
      course: fc.constantFrom('adults', 'lead'),
      expires: day,
    });
    fc.assert(
      fc.property(fc.array(one), (some) => {
        const dates = some.map((each) => date(each.person, each.expires, { course: each.course }));
        const whole = coverOf(needs, dates, '2026-11-24');
        const parts = terms.providers.map(({ id }) =>
          coverOf(
            needs.filter(({ provider }) => provider === id),
            dates,
            '2026-11-24',
          ),
        );
        const sum = (of: 'trained' | 'needed') => parts.reduce((total, part) => total + part[of], 0);
        expect({ trained: sum('trained'), needed: sum('needed') }).toEqual(whole);
        expect(whole.trained).toBeLessThanOrEqual(whole.needed);
      }),
    );
  });
});

describe('a file’s dates', () => {
  it('the same again changes nothing, an older one neither, and a newer one is told anew', () => {
    const held = [date('nina', '2026-11-01', { told: 'lapsed' })];
    expect(added(held, [date('nina', '2026-11-01')])).toMatchObject({ changed: [], counts: { known: 1 } });
    const older = date('nina', '2029-01-01', { done: '2023-01-01' });
    expect(added(held, [older])).toMatchObject({ changed: [], counts: { older: 1 } });
    const newer = date('nina', '2029-01-01', { done: '2026-01-01' });
    const after = added(held, [newer, older, date('noah', '2027-01-01')]);
    expect(after.dates).toEqual([newer, date('noah', '2027-01-01')]);
    expect(after.counts).toEqual({ fresh: 1, newer: 1, known: 0, older: 1 });
    expect(dueOn(after.dates, terms, '2026-11-24').notices).toEqual([]);
  });

  it('gives another end of the same day of training as a correction', () => {
    const right = date('nina', '2027-11-01');
    expect(added([date('nina', '2026-11-01', { told: 'lapsed' })], [right]).dates).toEqual([right]);
  });
});

describe('the time of a morning', () => {
  it.each([
    ['2026-11-24T08:59:59.000Z', '2026-11-24T09:00:00.000Z'],
    ['2026-11-24T09:00:00.000Z', '2026-11-25T09:00:00.000Z'],
    // Summer time ends on 25 October and begins on 28 March.
    ['2026-10-24T12:00:00.000Z', '2026-10-25T09:00:00.000Z'],
    ['2027-03-27T12:00:00.000Z', '2027-03-28T08:00:00.000Z'],
  ])('after %s is nine in London: %s', (now, due) => {
    expect(nextMorning(now, 'Europe/London')).toBe(due);
  });
});

describe('the line', () => {
  const now = '2026-11-24T09:00:00.000Z';

  it('says what the day means when it is sent', () => {
    expect(trainingLine('training.own', date('nina', '2026-11-24'), 'nina', terms, now)).toContain(
      'Your training “Safeguarding adults” lapsed on Tue 24 Nov.',
    );
    expect(trainingLine('training.own', date('nina', '2026-12-01'), 'nina', terms, now)).toContain(
      'lapses on Tue 1 Dec',
    );
    expect(trainingLine('training.colleague', date('cora', '2026-11-24'), 'both', terms, now)).toContain(
      'of Cora Test lapsed',
    );
  });

  it('is not sent to who coordinates no more, or of who has left', () => {
    expect(
      trainingLine('training.colleague', date('nina', '2026-11-24'), 'both', terms, now),
    ).toBeUndefined();
    expect(trainingLine('training.own', date('gone', '2026-11-24'), 'gone', terms, now)).toBeUndefined();
  });
});
