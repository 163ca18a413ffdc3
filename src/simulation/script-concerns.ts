import type { Happening } from './happening.ts';
import { ANSWERING, WORKING } from './pathway.ts';
import type { Dice } from './seeded.ts';

const HOUR = 3_600_000;
const WEEK_HOURS = 7 * 24;
/** More concerns than this are raised in no week. */
export const MOST_CONCERNS = 12;

const NOBODY_LEFT = { person: 'vic', urgent: false, about: 'typed', who: 'una' } as const;

/** The concerns of a week, by day and by night: some about partners' staff, also about those who would be asked. */
export function concernsOf(dice: Dice, from: number, week: number): Happening[] {
  const people = [...WORKING.map(({ key }) => key), ...ANSWERING];
  return Array.from({ length: dice.between(7, MOST_CONCERNS) }, (_, at): Happening => {
    if (at === 0) {
      // The deputy, about the lead: nobody is left who may be asked.
      const when = from + dice.between(HOUR, 5 * 24 * HOUR);
      return { at: when, kind: 'concern', n: week * MOST_CONCERNS + 1, ...NOBODY_LEFT };
    }
    const about = dice.pick(['nobody', 'nobody', 'nobody', 'picked', 'typed', 'unknown'] as const);
    const who = dice.happens(0.4) ? dice.pick(ANSWERING) : dice.pick(people);
    return {
      at: from + dice.between(HOUR, (WEEK_HOURS - 14) * HOUR),
      kind: 'concern',
      n: week * MOST_CONCERNS + at + 1,
      person: dice.pick(people),
      urgent: dice.happens(0.3),
      about,
      who: about === 'nobody' ? '' : who,
    };
  });
}
