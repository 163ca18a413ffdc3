import type { Happening } from './happening.ts';
import { FIRST_TERMS, WORKING } from './pathway.ts';
import type { Dice } from './seeded.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What people type to set actions and to see what is to be done. */
const ASKED = [
  '/action',
  '/action',
  '/action',
  '/actions open',
  '/actions mine',
  '/actions overdue',
  '/unowned',
  '/mine',
] as const;

/** The providers whose lists are imported. */
export const LISTED = FIRST_TERMS.lists.map(({ provider }) => provider);

/** The actions and lists of a week that begins `from` milliseconds after the world; `week` counts from 0. */
export function tasksOf(dice: Dice, from: number, week: number): Happening[] {
  const people = WORKING.map(({ key }) => key);
  const inDay = (least: number, most: number): number =>
    from + dice.between(least, most) * DAY + dice.between(7 * HOUR, 19 * HOUR);
  const asks = Array.from(
    { length: dice.between(30, 40) },
    (): Happening => ({ at: inDay(0, 6), kind: 'ask', person: dice.pick(people), command: dice.pick(ASKED) }),
  );
  const imports = LISTED.flatMap((provider): Happening[] => {
    const list = (at: number, edition: number): Happening => ({
      at,
      kind: 'list',
      provider,
      edition,
      crash: dice.happens(0.4),
      twice: dice.happens(0.3),
      givesUp: dice.happens(0.15),
    });
    const first = 2 * week + 1;
    const lists = [list(inDay(0, 1), first)];
    if (dice.happens(0.6)) lists.push(list(inDay(1, 3), first));
    if (dice.happens(0.8)) lists.push(list(inDay(3, 5), first + 1));
    return lists;
  });
  return [...asks, ...imports];
}
