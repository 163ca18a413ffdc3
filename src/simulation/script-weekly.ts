import { dueAt, weeksBefore } from '../digests/period.ts';
import { weekOf } from '../reconciliation/reconciliation.ts';
import type { Happening } from './happening.ts';
import { FIRST_TERMS, WORKING } from './pathway.ts';
import type { Dice } from './seeded.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Who may have the lists compared. */
const COMPARING = FIRST_TERMS.people.flatMap(({ key, positions }) =>
  positions.some(({ provider, role }) => provider === 'prime' && role !== 'clinician') ? [key] : [],
);

/** Who may decide about pairs. */
const DECIDING = FIRST_TERMS.people.flatMap(({ key, positions }) =>
  positions.some(({ role }) => /^(?:coordinator|manager|visitor)$/.test(role)) ? [key] : [],
);

/** When the digest of the `week`th week of a world that begins at `start` is due, in milliseconds after the start. */
export function digestAt(start: string, week: number): number {
  const first = weekOf(new Date(Date.parse(start) + 12 * HOUR).toISOString(), FIRST_TERMS.zone);
  return Date.parse(dueAt(weeksBefore(first, -week), FIRST_TERMS)) - Date.parse(start);
}

/** What people ask of the lists in a week, and what goes wrong while the digest is made. */
export function weeklyOf(dice: Dice, start: string, from: number): Happening[] {
  const people = WORKING.map(({ key }) => key);
  const inDay = (least: number, most: number): number =>
    from + dice.between(least, most) * DAY + dice.between(7 * HOUR, 19 * HOUR);
  const many = <T>(least: number, most: number, make: () => T): T[] =>
    Array.from({ length: dice.between(least, most) }, make);
  const ask = (at: number, person: string, command: string): Happening => ({
    at,
    kind: 'ask',
    person,
    command,
  });
  const compared = many(3, 5, (): Happening[] => {
    const at = inDay(1, 6);
    const first = ask(at, dice.pick(COMPARING), '/reconcile');
    // Two at the same moment, on workers that may be different ones.
    return dice.happens(0.4)
      ? [first, ask(at + dice.between(0, 300), dice.pick(COMPARING), '/reconcile')]
      : [first];
  }).flat();
  const looks = many(14, 20, () =>
    ask(inDay(1, 6), dice.pick(people), dice.pick(['/mismatches', '/mismatches', '/digest', '/reconcile'])),
  );
  const pairs = many(24, 32, () =>
    ask(inDay(0, 6), dice.pick(DECIDING), dice.pick(['/duplicates', '/duplicates', '/duplicates decided'])),
  );
  return [...compared, ...looks, ...pairs, ...troubleAt(digestAt(start, from / (7 * DAY)), dice)];
}

/** Somebody compares at the same time; workers die over it, are away when it is due, or the store is ill. */
function troubleAt(due: number, dice: Dice): Happening[] {
  const trouble: Happening[] = [];
  const person = dice.pick(COMPARING);
  if (dice.happens(0.3)) {
    trouble.push({ at: due + dice.between(-500, 2_000), kind: 'ask', person, command: '/reconcile' });
  }
  for (let worker = 0; worker < 3; worker++) {
    if (!dice.happens(0.4)) continue;
    trouble.push({ at: due + dice.between(5, 400), kind: 'crash', worker, ms: dice.between(1_000, HOUR) });
  }
  if (dice.happens(0.25)) {
    const ms = dice.between(HOUR / 2, 4 * HOUR);
    trouble.push({ at: due - dice.between(0, HOUR / 2), kind: 'outage', ms });
  }
  if (dice.happens(0.5)) {
    const ms = dice.between(10 * MINUTE, 90 * MINUTE);
    const rates = { crash: 0.004, lost: 0.02, busy: 0.05, rival: 0.2, slow: 0.02 };
    trouble.push({ at: due - MINUTE, kind: 'storm', ms, rates });
  }
  return trouble;
}
