import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledge, resolve, stepUp } from '../../../src/escalations/answers.ts';
import type { Cause, Escalation, Raising } from '../../../src/escalations/escalation.ts';
import { createTally, type Figures } from '../../../src/escalations/figures.ts';
import { figuresLines, minutesText, shareText } from '../../../src/escalations/figures-lines.ts';
import { begin, end, step } from '../../../src/escalations/rules.ts';
import { type Measured, OUTCOMES, type Times } from '../../../src/escalations/times.ts';
import type { Rota, Shift } from '../../../src/rota/rota.ts';
import { terms } from '../../support/pathway.ts';
import { at, begun, by, ground, matter, stands } from './ground.ts';

const NOBODY: Rota = { shifts: [], away: [] };
const figuresOf = (escalations: readonly Escalation[], minutes: number, rota: Rota = NOBODY): Figures => {
  const tally = createTally(rota, at(minutes));
  for (const one of escalations) tally.add(one, terms.ladder);
  return tally.figures();
};
const short = ({ asked, medianMinutes, withinTarget, ...outcomes }: Times): string =>
  [
    `${asked} asked`,
    ...OUTCOMES.flatMap((one) => (outcomes[one] > 0 ? [`${one} ${outcomes[one]}`] : [])),
    `median ${medianMinutes}`,
    `within ${withinTarget}`,
  ].join(', ');
const shift = (person: string, from: number, to?: number): Shift => ({
  id: `${person}|${from}`,
  person,
  provider: 'hospice',
  role: 'nurse',
  from: at(from),
  ...(to !== undefined && { to: at(to) }),
});

/** Asked at 0, due at 30 by the ladder; the lead is asked at 30, due at 90. */
const first = begun();
const second = stands(step(ground({ now: at(30) }), first));
/** The number of the last prompt on a rung. */
const promptOf = ({ raisings }: Escalation, rung: string): number =>
  raisings.findLast((one) => one.rung === rung)?.n ?? 0;
const endedBy = (escalation: Escalation, minutes: number, how: string, person = 'nina'): Escalation =>
  stands(end(ground({ now: at(minutes), by: by(person) }), escalation, how));

describe('time to acknowledgement', () => {
  test.each([
    [
      '"I’m on it" in time',
      stands(acknowledge(ground({ now: at(10), by: by('nina') }), first, 1, 'nina')),
      12,
      '1 asked, inTime 1, median 10, within 1',
    ],
    ['an answer in time', endedBy(first, 20, 'accepted'), 21, '1 asked, inTime 1, median 20, within 1'],
    [
      'a step up by somebody asked',
      stands(stepUp(ground({ now: at(5), by: by('nina') }), first, 1, 'Too much')),
      6,
      '1 asked, inTime 1, median 5, within 1',
    ],
    [
      'a step up by the holder, who was not asked',
      stands(stepUp(ground({ now: at(5), by: by('cora') }), first, 1, 'Too much')),
      6,
      '1 asked, waiting 1, median null, within null',
    ],
    ['nothing yet', first, 29, '1 asked, waiting 1, median null, within null'],
    ['nothing when the time is up', first, 30, '1 asked, unanswered 1, median null, within 0'],
    [
      'an answer after its time, when the next rung was asked',
      endedBy(second, 40, 'rejected'),
      41,
      '1 asked, late 1, median 40, within 0',
    ],
    [
      'a withdrawal before its time',
      endedBy(first, 20, 'withdrawn', 'cora'),
      99,
      '1 asked, stopped 1, median null, within null',
    ],
    [
      'a withdrawal after its time',
      endedBy(second, 40, 'withdrawn', 'cora'),
      99,
      '1 asked, unanswered 1, median null, within 0',
    ],
  ])('%s', (_, escalation, now, expected) => {
    const { byRung } = figuresOf([escalation], now).acknowledgement;
    expect(byRung.desk && short(byRung.desk)).toBe(expected);
  });

  test('each time that it ran counts by how that time ended', () => {
    const accepted = endedBy(first, 20, 'accepted');
    const undone = stands(begin(ground({ now: at(60) }), matter(), 'unanswered', undefined, accepted));
    const again = endedBy(undone, 100, 'rejected');
    const { byRung } = figuresOf([again], 200).acknowledgement;
    expect(byRung.desk && short(byRung.desk)).toBe('2 asked, inTime 1, late 1, median 30, within 0.5');
  });

  test('offering it to another answers a rejection, and takes the question away otherwise', () => {
    const open = (cause: Cause): Escalation => endedBy(begun({}, cause), 20, 'offered-again', 'cora');
    expect(short(figuresOf([open('rejected')], 99).acknowledgement.all)).toContain('inTime 1');
    expect(short(figuresOf([open('unanswered')], 99).acknowledgement.all)).toContain('stopped 1');
  });
});

describe('time to clinical review', () => {
  const review = (escalation: Escalation, minutes: number): string =>
    short(figuresOf([escalation], minutes).review.all);

  test('counts nothing that never reached a clinical rung', () => {
    expect(review(endedBy(first, 20, 'accepted'), 99)).toBe('0 asked, median null, within null');
  });

  test.each([
    [
      '"I’m on it" by the lead',
      stands(acknowledge(ground({ now: at(45), by: by('lena') }), second, promptOf(second, 'lead'), 'lena')),
      '1 asked, inTime 1, median 15, within 1',
    ],
    [
      'an answer by the lead',
      endedBy(second, 50, 'accepted', 'lena'),
      '1 asked, inTime 1, median 20, within 1',
    ],
    [
      'an answer by somebody whom no clinical rung asked',
      endedBy(second, 50, 'accepted', 'nina'),
      '1 asked, stopped 1, median null, within null',
    ],
    ['nobody', second, '1 asked, unanswered 1, median null, within 0'],
  ])('%s', (_, escalation, expected) => {
    expect(review(escalation, 91)).toBe(expected);
  });

  test('a decision by the lead on a rejected need ends it', () => {
    const rejected = stands(begin(ground(), matter(), 'rejected', 'clinical', undefined));
    expect(promptOf(rejected, 'lead')).toBeGreaterThan(0);
    const last = rejected.raisings.length;
    const decided = stands(
      resolve(ground({ now: at(25), by: by('lena') }), rejected, last, 'Northside takes it.'),
    );
    expect(review(decided, 99)).toBe('1 asked, inTime 1, median 25, within 1');
  });

  test('starts at the first time that the rung was asked, however often it is asked again', () => {
    const third = stands(step(ground({ now: at(90) }), second));
    const taken = stands(
      acknowledge(ground({ now: at(100), by: by('lena') }), third, promptOf(third, 'lead'), 'lena'),
    );
    expect(review(taken, 101)).toBe('1 asked, late 1, median 70, within 0');
  });
});

describe('prompts by person and shift', () => {
  test('are counted in the shift that ran, or that began while the prompt waited', () => {
    const acked = stands(acknowledge(ground({ now: at(10), by: by('nina') }), first, 1, 'nina'));
    const rota: Rota = { shifts: [shift('nina', -60, 400), shift('noah', 15)], away: [] };
    const { people, prompts } = figuresOf([acked], 12, rota);
    expect(prompts).toEqual({ asked: 1, acted: 1 });
    expect(people).toEqual([
      {
        person: 'nina',
        provider: 'hospice',
        role: 'nurse',
        from: at(-60),
        to: at(400),
        prompts: 1,
        acted: 1,
      },
      { person: 'noah', provider: 'hospice', role: 'nurse', from: at(15), prompts: 1, acted: 0 },
    ]);
  });

  test('are kept where the rota does not know the shift any more', () => {
    const { people } = figuresOf([first], 12);
    expect(people.map(({ person, from }) => [person, from])).toEqual([
      ['nina', undefined],
      ['noah', undefined],
    ]);
  });
});

const minute = fc.integer({ min: 0, max: 500 });
const PEOPLE = ['nina', 'noah', 'lena', 'cora'];
const raisingOf = (n: number): fc.Arbitrary<Raising> =>
  fc
    .record({
      rung: fc.constantFrom('desk', 'lead', 'contract', 'gone'),
      provider: fc.constantFrom('hospice', 'prime', 'charity'),
      began: minute,
      lasts: fc.integer({ min: 1, max: 200 }),
      asked: fc.subarray(PEOPLE),
      ackAfter: fc.option(minute),
      who: fc.constantFrom(...PEOPLE),
      stepped: fc.boolean(),
      skipped: fc.boolean(),
    })
    .map(({ began, lasts, ackAfter, who, stepped, skipped, ...more }) => ({
      n,
      cycle: 0,
      because: 'began',
      beganAt: at(began),
      due: at(began + lasts),
      stood: more.asked.length > 0 ? 'duty' : 'nobody',
      remind: [],
      state: skipped ? 'skipped' : 'passed',
      ...(ackAfter !== null &&
        !skipped && {
          acknowledged: {
            by: by(who),
            person: who,
            at: at(began + ackAfter),
            until: at(began + ackAfter + 9),
          },
        }),
      ...(stepped && { steppedUp: { by: by(who), at: at(began + 3) } }),
      ...more,
    }));
const HOWS = ['accepted', 'rejected', 'withdrawn', 'offered-again', 'completed', 'resolved'];
const anEscalation: fc.Arbitrary<Escalation> = fc
  .integer({ min: 1, max: 6 })
  .chain((many) =>
    fc.record({
      raisings: fc.tuple(...Array.from({ length: many }, (_, index) => raisingOf(index + 1))),
      split: fc.integer({ min: 0, max: many }),
      earlier: fc.option(fc.constantFrom(...HOWS)),
      how: fc.option(fc.constantFrom(...HOWS)),
      cause: fc.constantFrom<Cause>('unanswered', 'incomplete', 'rejected'),
      who: fc.constantFrom(...PEOPLE),
      ended: fc.integer({ min: 500, max: 900 }),
    }),
  )
  .map(({ raisings, split, earlier, how, cause, who, ended }): Escalation => {
    const common = {
      ...first,
      state: 'running' as const,
      cause,
      raisings,
      ...(earlier !== null && {
        endedBefore: [{ upTo: split, cause, at: at(ended - 300), how: earlier, by: by(who) }],
      }),
    };
    return how === null ? common : { ...common, state: 'ended', endedAt: at(ended), how, endedBy: by(who) };
  });

/** Every number of the parts, added up. */
const NUMBERS = ['asked', 'nobody', ...OUTCOMES] as const;
function addsUp({ all, byProvider, byRung }: Measured): void {
  for (const parts of [byProvider, byRung]) {
    for (const number of NUMBERS) {
      const sum = Object.values(parts).reduce((so, one) => so + one[number], 0);
      expect(sum).toBe(all[number]);
    }
  }
  for (const times of [all, ...Object.values(byProvider), ...Object.values(byRung)]) {
    expect(OUTCOMES.reduce((so, outcome) => so + times[outcome], 0)).toBe(times.asked);
    const judged = times.inTime + times.late + times.unanswered;
    expect(times.withinTarget).toBe(judged === 0 ? null : times.inTime / judged);
    expect(times.medianMinutes === null).toBe(times.inTime + times.late === 0);
  }
}

describe('the parts add up to the whole', () => {
  test('by partner and by rung, whatever happened', () => {
    let asked = 0;
    const met = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(anEscalation, { maxLength: 8 }),
        fc.integer({ min: 0, max: 1_000 }),
        (many, now) => {
          const { acknowledgement, review, prompts, people, skipped, escalations } = figuresOf(many, now);
          addsUp(acknowledgement);
          addsUp(review);
          asked += acknowledgement.all.asked;
          for (const one of OUTCOMES) {
            if (acknowledgement.all[one] > 0) met.add(one);
            if (review.all[one] > 0) met.add(`review ${one}`);
          }
          const raised = many.flatMap(({ raisings }) => raisings);
          const skips = Object.values(skipped).reduce((so, one) => so + one, 0);
          expect(escalations).toBe(many.length);
          expect(acknowledgement.all.asked + skips).toBe(raised.length);
          const live = raised.filter(({ state }) => state !== 'skipped');
          expect(acknowledgement.all.asked - acknowledgement.all.nobody).toBe(prompts.asked);
          expect(people.reduce((so, one) => so + one.prompts, 0)).toBe(
            live.reduce((so, one) => so + one.asked.length, 0),
          );
          expect(prompts.acted).toBeLessThanOrEqual(people.reduce((so, one) => so + one.acted, 0));
        },
      ),
      { numRuns: 500 },
    );
    console.log(`figures: ${asked} prompts, met ${[...met].sort().join(', ')}`);
    expect(asked).toBeGreaterThan(1_000);
    expect(met.size).toBe(2 * OUTCOMES.length);
  });

  test('and the order in which they are added makes no difference', () => {
    fc.assert(
      fc.property(fc.array(anEscalation, { maxLength: 6 }), (many) => {
        expect(figuresOf([...many].reverse(), 700)).toEqual(figuresOf(many, 700));
      }),
    );
  });

  test('the median is the one that counting by hand finds', () => {
    let checked = 0;
    fc.assert(
      fc.property(fc.array(minute, { minLength: 1, maxLength: 9 }), (waits) => {
        const answered = waits.map((wait) => endedBy(first, wait, 'accepted'));
        const { medianMinutes } = figuresOf(answered, 999).acknowledgement.all;
        // As many are not longer as are not shorter.
        const median = medianMinutes ?? -1;
        const shorter = waits.filter((wait) => wait < median).length;
        const longer = waits.filter((wait) => wait > median).length;
        expect(shorter).toBeLessThanOrEqual(waits.length / 2);
        expect(longer).toBeLessThanOrEqual(waits.length / 2);
        const middle = [...waits]
          .sort((a, b) => a - b)
          .slice((waits.length - 1) >> 1, (waits.length >> 1) + 1);
        expect(median).toBe(middle.reduce((so, one) => so + one, 0) / middle.length);
        checked += 1;
      }),
    );
    expect(checked).toBe(100);
  });
});

describe('the figures as lines', () => {
  const days = { from: '2026-11-01', to: '2026-11-30' };
  test('say "none" of nothing, and never 0 %', () => {
    const lines = figuresLines(figuresOf([], 0), terms, days, at(0));
    expect(lines.join('\n')).not.toContain('%');
    expect(lines.find((line) => line.startsWith('All'))).toMatch(/^All\s+0\s+none\s+none\s+0/);
    expect(lines[0]).toBe(
      'Testdale: escalations that began from 1 Nov 2026 to 30 Nov 2026: 0, 0 of them running.',
    );
    expect(lines.at(-1)).toBe('Prompts by person and shift: none');
  });

  test('name partners and rungs as people know them, and staff by key', () => {
    const lines = figuresLines(figuresOf([endedBy(second, 40, 'rejected')], 99), terms, days, at(99));
    const text = lines.join('\n');
    expect(text).toMatch(/St Test Hospice\s+1\s+40 min\s+0 % \(0 of 1\)/);
    expect(text).toMatch(/Rung Clinical\s+1\s+10 min\s+100 % \(1 of 1\)/);
    expect(text).toContain('nina at St Test Hospice, shift not known');
    expect(text).not.toContain('Nina Test');
  });

  test.each([
    [null, 'none'],
    [0.2, '0 min'],
    [59.6, '1 h'],
    [41, '41 min'],
    [200, '3 h 20 min'],
  ])('%s minutes read %s', (minutes, text) => expect(minutesText(minutes)).toBe(text));
  test('a share names its parts', () => expect(shareText(19, 31)).toBe('61 % (19 of 31)'));
});
