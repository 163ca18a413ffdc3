import { EDITS } from './edits.ts';
import { DUTY_ACTS, type Happening } from './happening.ts';
import { PAGER_FAULTS } from './pagers.ts';
import { FIRST_TERMS, OMITTED, WORKING } from './pathway.ts';
import { concernsOf } from './script-concerns.ts';
import { tasksOf } from './script-tasks.ts';
import { weeklyOf } from './script-weekly.ts';
import { type Dice, diceOf } from './seeded.ts';
import type { Rates } from './weather.ts';

/** Where weeks begin: a plain one, both clock changes, Easter, Christmas and a bank holiday. All Mondays. */
const MONDAYS = ['2026-11-23', '2026-10-19', '2027-03-22', '2026-12-21', '2027-05-03', '2027-06-07'];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** Handovers of a week. */
const OFFERS = 100;
/** The edits of any week; those of paging come with what befalls pagers. */
const COMMON_EDITS = Object.keys(EDITS).filter((name) => name !== 'paging');

/** When a seed's world begins. */
export const beginning = (seed: number): string =>
  `${MONDAYS[seed % MONDAYS.length] ?? MONDAYS[0]}T00:00:00.000Z`;

/** What befalls the world of a seed in so many weeks, in order. */
export function scriptOf(seed: number, weeks: number): Happening[] {
  const dice = diceOf(seed, 'script');
  const happenings: Happening[] = [];
  for (let week = 0; week < weeks; week++) {
    happenings.push(...weekOf(dice, week * WEEK, week * OFFERS));
    // With dice of their own, so that what else befalls the worlds of before stays as it was.
    happenings.push(...pagingOf(diceOf(seed, 'pagers', week), week * WEEK));
    happenings.push(...tasksOf(diceOf(seed, 'tasks', week), week * WEEK, week));
    happenings.push(...concernsOf(diceOf(seed, 'concerns', week), week * WEEK, week));
    happenings.push(...weeklyOf(diceOf(seed, 'weekly', week), beginning(seed), week * WEEK));
  }
  return happenings.sort((a, b) => a.at - b.at);
}

function weekOf(dice: Dice, from: number, first: number): Happening[] {
  const anytime = (): number => from + dice.between(0, WEEK - 1);
  // Most of the work of a pathway is done in the day.
  const byDay = (): number =>
    from +
    (dice.happens(0.8) ? dice.between(0, 4) : dice.between(5, 6)) * DAY +
    (dice.happens(0.9) ? dice.between(7 * HOUR, 20 * HOUR) : dice.between(0, DAY - 1));
  const times = <T>(least: number, most: number, make: () => T): T[] =>
    Array.from({ length: dice.between(least, most) }, make);
  const worker = (): number => dice.between(0, 2);
  const people = WORKING.map(({ key }) => key);
  const providers = FIRST_TERMS.providers.map(({ id }) => id);
  let n = first;
  return [
    ...times(OFFERS, OFFERS, (): Happening => {
      const by = dice.happens(0.7) ? 'system' : 'person';
      const sender = by === 'system' && dice.happens(0.6) ? 'hospital' : dice.pick(providers);
      const kept = sender === 'hospital' ? 'prime' : sender;
      return {
        at: byDay(),
        kind: 'offer',
        n: ++n,
        by,
        from: sender,
        to: dice.pick(providers.filter((provider) => provider !== kept)),
        urgency: dice.pick(['urgent', 'same-day', 'same-day', 'routine']),
        omit: by === 'system' && dice.happens(0.25) ? [dice.pick(OMITTED), dice.pick(OMITTED)] : [],
      };
    }),
    ...times(10, 16, (): Happening => {
      // None near midnight, so that each day is looked at in the calm after it.
      const at = from + dice.between(0, 6) * DAY + dice.between(2 * HOUR, 18 * HOUR);
      return { at, kind: 'storm', ms: dice.between(10, 150) * 60_000, rates: ratesOf(dice) };
    }),
    ...times(
      2,
      4,
      (): Happening => ({ at: byDay(), kind: 'crash', worker: worker(), ms: dice.between(1_000, HOUR) }),
    ),
    ...times(
      2,
      4,
      (): Happening => ({ at: byDay(), kind: 'pause', worker: worker(), ms: dice.between(1_000, HOUR) }),
    ),
    ...times(0, 1, (): Happening => ({ at: byDay(), kind: 'outage', ms: dice.between(HOUR / 4, 5 * HOUR) })),
    ...times(2, 5, (): Happening => ({ at: anytime(), kind: 'edit', edit: dice.pick(COMMON_EDITS) })),
    ...times(1, 2, (): Happening => ({ at: byDay(), kind: 'bind', provider: dice.pick(providers) })),
    ...times(
      1,
      3,
      (): Happening => ({
        at: byDay(),
        kind: 'uninstall',
        person: dice.pick(people),
        ms: dice.between(HOUR, DAY),
      }),
    ),
    { at: from + 60_000, kind: 'roster', week: from / WEEK },
    ...times(
      12,
      30,
      (): Happening => ({ at: byDay(), kind: 'duty', act: dice.pick(DUTY_ACTS), person: dice.pick(people) }),
    ),
    ...times(1, 4, (): Happening => ({ at: byDay(), kind: 'delete' })),
    ...times(
      15,
      30,
      (): Happening => ({
        at: byDay(),
        kind: 'type',
        person: dice.pick(people),
        command: dice.pick([
          '/mine',
          '/handovers',
          '/case',
          '/people',
          '/help',
          '/escalations',
          '/escalations mine',
          '/escalations all',
          '/oncall',
          '/ladder',
        ]),
      }),
    ),
  ];
}

/** What befalls paging services in a week: away or busy for minutes or hours, and taken out of the agreement or into it. */
function pagingOf(dice: Dice, from: number): Happening[] {
  const providers = FIRST_TERMS.providers.map(({ id }) => id);
  const anytime = (): number => from + dice.between(0, WEEK - 1);
  return [
    ...Array.from(
      { length: dice.between(16, 28) },
      (): Happening => ({
        at: anytime(),
        kind: 'pager',
        provider: dice.pick(providers),
        fault: dice.pick(PAGER_FAULTS),
        ms: dice.happens(0.5) ? dice.between(10 * 60_000, HOUR) : dice.between(HOUR, 10 * HOUR),
        removed: dice.happens(0.25),
      }),
    ),
    ...Array.from(
      { length: dice.between(4, 8) },
      (): Happening => ({ at: anytime(), kind: 'edit', edit: 'paging' }),
    ),
  ];
}

/** What goes wrong in one storm: some of everything, mostly a little. */
function ratesOf(dice: Dice): Partial<Rates> {
  const some = (most: number): number => (dice.happens(0.6) ? dice.random() * most : 0);
  return {
    crash: some(0.012),
    pause: some(0.004),
    lost: some(0.06),
    busy: some(0.1),
    rival: some(0.15),
    slow: some(0.04),
    unanswered: some(0.2),
    vanished: some(0.2),
    late: some(0.1),
    throttled: some(0.3),
    refused: some(0.02),
  };
}

/** One happening in a line, as a history shows it. */
export function told(happening: Happening): string {
  const { at: _, kind, ...rest } = happening;
  const facts = Object.entries(rest).map(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value as Rates)
          .filter(([, rate]) => rate > 0)
          .map(([fault, rate]) => `${fault} ${(rate * 100).toFixed(1)} %`)
          .join(', ')
      : `${name} ${value}`,
  );
  return `${kind}: ${facts.join(', ')}`;
}
