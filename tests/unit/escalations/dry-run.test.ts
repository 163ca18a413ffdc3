import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { Ladder } from '../../../src/agreement/ladder.ts';
import { type RotaThen, type Step, walk } from '../../../src/escalations/dry-run.ts';
import { type Tally, tally } from '../../../src/escalations/dry-run-tally.ts';
import type { Cause, LadderStep } from '../../../src/escalations/escalation.ts';
import { type Shift, shiftId } from '../../../src/rota/rota.ts';
import { terms } from '../../support/pathway.ts';
import { at, matter, START } from './ground.ts';

const ALWAYS = '2026-01-01T00:00:00.000Z';
const duty = (person: string, provider: string, role: string, from = ALWAYS, to?: string): Shift => {
  const entry = { person, provider, role, from, ...(to !== undefined && { to }) };
  return { id: shiftId(entry), ...entry };
};
const STAFFED: RotaThen[] = [
  {
    since: ALWAYS,
    rota: {
      shifts: [
        duty('nina', 'hospice', 'nurse'),
        duty('noah', 'hospice', 'nurse'),
        duty('lena', 'prime', 'lead'),
        duty('cora', 'prime', 'coordinator'),
      ],
      away: [],
    },
  },
];
const begins = (minutes: number, cause: Cause = 'unanswered'): Step => ({
  at: at(minutes),
  step: { do: 'begin', cause, matter: matter() },
});
const ends = (minutes: number): Step => ({
  at: at(minutes),
  step: { do: 'end', how: 'accepted', subject: 'handover:h1' },
});
const END = at(60 * 24 * 40);

const ran = (steps: readonly Step[], history = STAFFED, agreed = terms): string[] =>
  walk(steps, agreed, history, END)
    .filter(({ type }) => /raised|skipped|reminded|asked-too|ended/.test(type))
    .map(({ at: when, type, data }) => {
      const minutes = (Date.parse(when) - Date.parse(START)) / 60_000;
      const asked = Array.isArray(data.asked) ? `: ${data.asked.join(' ')}` : '';
      return `${minutes} ${type.slice('escalation.'.length)} ${data.rung ?? data.n ?? data.how}${asked}`;
    });
const counted = (matters: readonly (readonly Step[])[], history = STAFFED, agreed = terms): Tally =>
  tally(
    matters.map((steps) => ({
      since: at(-15),
      overdue: steps.length > 0 ? [at(0)] : [],
      said: walk(steps, agreed, history, END),
    })),
    agreed,
  );

describe('a recorded matter under a ladder', () => {
  it('climbs at the times of the rungs until its answer came', () => {
    expect(ran([begins(0), ends(100)])).toEqual([
      '0 raised desk: nina noah',
      '20 reminded desk',
      '30 raised contract: cora',
      '30 raised lead: lena cora',
      '90 raised lead: lena cora',
      '100 ended accepted',
    ]);
  });

  it('asks nobody when the answer came at the same moment, and goes on to the end when none came', () => {
    expect(ran([begins(0), ends(30)])).toEqual([
      '0 raised desk: nina noah',
      '20 reminded desk',
      '30 ended accepted',
    ]);
    expect(ran([begins(0)]).length).toBeGreaterThan(10);
    expect(ran([])).toEqual([]);
  });

  it('asks whoever was on duty then, as the rota was known then', () => {
    const nurses = (shifts: Shift[], since: string): RotaThen => ({ since, rota: { shifts, away: [] } });
    const history = [
      nurses([duty('nina', 'hospice', 'nurse', ALWAYS, at(25)), duty('lena', 'prime', 'lead')], ALWAYS),
      nurses([duty('nina', 'hospice', 'nurse', ALWAYS, at(25)), duty('noah', 'hospice', 'nurse')], at(10)),
    ];
    // Noah is entered at 10 and asked then; the lead is off from then on, and nobody is above.
    expect(ran([begins(0), ends(60)], history)).toEqual([
      '0 raised desk: nina',
      '10 asked-too 1: noah',
      '20 reminded desk',
      '30 raised contract: ',
      '30 raised lead: ',
      '60 ended accepted',
    ]);
  });
});

describe('the counts', () => {
  it('say by rung and person who was asked, woken and out of hours', () => {
    // 14:30 on a Tuesday: the day's prompts, and from 20:00 on the night's.
    const found = counted([[begins(0), ends(100)], [begins(360), ends(400)], []]);
    expect(found).toMatchObject({ matters: 3, overdue: 2, climbed: 2, prompted: 2, prompts: 7, empty: 0 });
    expect(
      found.rungs.map(({ rung, prompts, outOfHours, matters }) => [rung, prompts, outOfHours, matters]),
    ).toEqual([
      ['desk', 2, 1, 2],
      ['lead', 3, 1, 2],
      ['contract', 2, 1, 2],
    ]);
    expect(found).toMatchObject({ waking: 3, wakingOutOfHours: 1, outOfHours: 3, reminders: 2 });
    expect(found.people[0]).toEqual({ person: 'cora', asked: 5, outOfHours: 2, woken: 3 });
    expect(found.sinceDue).toEqual({ of: 2, median: 180 * 60_000, longest: 360 * 60_000 });
  });

  it('count opening hours of a provider that has them, and a bank holiday as closed where it closes', () => {
    const hours = { open: '09:00', close: '17:00' };
    const closing = (agreed: Agreement): Agreement => ({
      ...agreed,
      providers: agreed.providers.map((one) =>
        one.id === 'hospice'
          ? { ...one, hours: { tue: hours, fri: hours }, closedOnBankHolidays: true }
          : one,
      ),
    });
    const desk = (minutes: number): number | undefined =>
      counted([[begins(minutes), ends(minutes + 1)]], STAFFED, closing(terms)).rungs[0]?.outOfHours;
    expect(desk(0)).toBe(0);
    expect(desk(3 * 60)).toBe(1);
    const friday = 3 * 24 * 60;
    expect(desk(friday)).toBe(0);
    // Christmas Day 2026 is a Friday.
    expect(desk(31 * 24 * 60)).toBe(1);
  });

  it('count a rung with nobody on duty as empty, and as a prompt once somebody comes', () => {
    const nobody: RotaThen[] = [];
    const alone = counted([[begins(0), ends(1)]], nobody);
    expect(alone).toMatchObject({ climbed: 1, prompted: 0, prompts: 0, empty: 3, people: [] });
    expect(alone.sinceDue).toBeUndefined();
    const later = STAFFED.map((one) => ({ ...one, since: at(5) }));
    const found = counted([[begins(0), ends(10)]], later);
    expect(found).toMatchObject({ prompted: 1, prompts: 2, sinceDue: { of: 1, median: 5 * 60_000 } });
  });
});

const span = (most: number) => fc.integer({ min: 1, max: most }).map((minutes) => `${minutes}m`);
const ladders = fc
  .record({
    desk: span(90),
    lead: span(180),
    repeats: fc.integer({ min: 0, max: 3 }),
    remind: fc.option(span(30)),
    wake: fc.boolean(),
    beside: fc.boolean(),
  })
  .map(({ desk, lead, repeats, remind, wake, beside }): Agreement => {
    const [first, second, third] = terms.ladder.rungs;
    if (!first || !second || !third) throw new Error('the test ladder has three rungs');
    const rungs = [
      { ...first, answer: { within: desk, clock: 'elapsed' }, remind: remind ? [remind] : [], wake },
      { ...second, answer: { within: lead, clock: 'elapsed' }, repeats },
      ...(beside ? [third] : []),
    ];
    return { ...terms, ladder: Ladder.parse({ ...terms.ladder, rungs }) };
  });
/** Matters that begin within two weeks and are answered within two days, or never. */
const matters: fc.Arbitrary<Step[][]> = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 14 * 1_440 }), fc.option(fc.integer({ min: 0, max: 2 * 1_440 })))
    .map(([from, lasts]): Step[] => [begins(from), ...(lasts === null ? [] : [ends(from + lasts)])]),
  { minLength: 1, maxLength: 4 },
);
const histories: fc.Arbitrary<RotaThen[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom<[string, string, string]>(
        ['nina', 'hospice', 'nurse'],
        ['noah', 'hospice', 'nurse'],
        ['lena', 'prime', 'lead'],
        ['cora', 'prime', 'coordinator'],
      ),
      fc.integer({ min: -1_440, max: 14 * 1_440 }),
      fc.integer({ min: 60, max: 12 * 1_440 }),
    ),
    { maxLength: 12 },
  )
  .map((shifts) => {
    const all = shifts.map(([who, from, lasts]) => duty(...who, at(from), at(from + lasts)));
    return all.map((_, index) => ({
      since: at(-1_440 + index * 300),
      rota: { shifts: all.slice(0, index + 1), away: [] },
    }));
  });

describe('whatever happened', () => {
  it('the parts make the whole', () => {
    let prompts = 0;
    let several = 0;
    fc.assert(
      fc.property(matters, histories, ladders, (given, history, agreed) => {
        const found = counted(given, history, agreed);
        const sum = (of: readonly number[]): number => of.reduce((all, one) => all + one, 0);
        expect(sum(found.rungs.map((one) => one.prompts))).toBe(found.prompts);
        expect(sum(found.rungs.map((one) => one.outOfHours))).toBe(found.outOfHours);
        const asked = sum(found.people.map((one) => one.asked));
        expect(asked).toBeGreaterThanOrEqual(found.prompts);
        expect(sum(found.people.map((one) => one.woken))).toBeGreaterThanOrEqual(found.waking);
        for (const one of found.people) {
          expect(one.outOfHours).toBeLessThanOrEqual(one.asked);
          expect(one.woken).toBeLessThanOrEqual(one.asked);
        }
        for (const one of found.rungs) {
          expect(one.outOfHours).toBeLessThanOrEqual(one.prompts);
          expect(one.matters).toBeLessThanOrEqual(found.prompted);
        }
        expect(found.prompted).toBeLessThanOrEqual(found.climbed);
        expect(found.climbed).toBe(found.matters);
        prompts += found.prompts;
        if (asked > found.prompts) several += 1;
        // Two halves of the record add up to the whole of it.
        const halves = [given.slice(0, 1), given.slice(1)].map((half) => counted(half, history, agreed));
        for (const key of ['prompts', 'outOfHours', 'reminders', 'waking', 'empty', 'climbed'] as const) {
          expect(sum(halves.map((half) => half[key]))).toBe(found[key]);
        }
      }),
      { numRuns: 120 },
    );
    console.log(`${prompts} prompts walked; ${several} runs asked several people at once`);
    expect(prompts).toBeGreaterThan(300);
    expect(several).toBeGreaterThan(10);
  });

  it('nothing is said outside the time between its beginning and its answer', () => {
    let events = 0;
    fc.assert(
      fc.property(matters, histories, ladders, (given, history, agreed) => {
        for (const steps of given) {
          const from = steps[0]?.at ?? '';
          const to = steps[1]?.at ?? END;
          const said = walk(steps, agreed, history, END);
          events += said.length;
          expect(said.every((one) => one.at >= from && one.at <= to)).toBe(true);
          expect(said.map((one) => one.at)).toEqual(said.map((one) => one.at).sort());
          const end = said.filter(({ type }) => type === 'escalation.ended');
          expect(end.map((one) => one.at)).toEqual(steps.slice(1).map((one) => one.at));
        }
      }),
      { numRuns: 120 },
    );
    console.log(`${events} events looked at`);
    expect(events).toBeGreaterThan(500);
  });

  it('an answer that comes sooner never makes more prompts: they are those that came before it', () => {
    let fewer = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_440 }),
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 0, max: 600 }),
        histories,
        ladders,
        (from, lasts, more, history, agreed) => {
          const until = (minutes: number) =>
            walk([begins(from), ends(from + minutes)], agreed, history, END).filter(
              ({ type }) => type !== 'escalation.ended',
            );
          const soon = until(lasts);
          const later = until(lasts + more);
          expect(later.slice(0, soon.length)).toEqual(soon);
          if (later.length > soon.length) fewer += 1;
        },
      ),
      { numRuns: 100 },
    );
    console.log(`${fewer} runs with more prompts for the later answer`);
    expect(fewer).toBeGreaterThan(10);
  });

  // Not so with gaps in the rota: sooner may be before somebody comes on duty, and the rung is passed over.
  it('a shorter first rung asks the second sooner and never makes fewer prompts, with everybody on duty', () => {
    let more = 0;
    const minutes = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(minutes, minutes, fc.integer({ min: 0, max: 3_000 }), (one, other, lasts) => {
        const under = (within: number) => {
          const [first, ...rest] = terms.ladder.rungs;
          if (!first) throw new Error('the test ladder has rungs');
          const answer = { within: `${within}m`, clock: 'elapsed' as const };
          const ladder = { ...terms.ladder, rungs: [{ ...first, answer }, ...rest] };
          const said = walk([begins(0), ends(lasts)], { ...terms, ladder }, STAFFED, END);
          const raised = said.filter(({ type }) => type === 'escalation.raised');
          return { prompts: raised.length, second: raised.find(({ data }) => data.rung === 'lead')?.at };
        };
        const [short, long] = [under(Math.min(one, other)), under(Math.max(one, other))];
        expect(short.prompts).toBeGreaterThanOrEqual(long.prompts);
        expect(short.second).toBe(Math.min(one, other) < lasts ? at(Math.min(one, other)) : undefined);
        if (short.prompts > long.prompts) more += 1;
      }),
      { numRuns: 100 },
    );
    console.log(`${more} runs with more prompts for the shorter rung`);
    expect(more).toBeGreaterThan(0);
  });

  it('the provider that is waited for now is asked once it turns', () => {
    const turns: LadderStep = {
      do: 'turn',
      matter: matter({ parties: { receiver: 'prime', sender: 'prime', prime: 'prime' } }),
    };
    expect(ran([begins(0), { at: at(5), step: turns }, ends(10)])).toEqual([
      '0 raised desk: nina noah',
      '5 raised desk: cora lena',
      '10 ended accepted',
    ]);
  });
});
