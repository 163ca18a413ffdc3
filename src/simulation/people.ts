import { type Dice, diceOf } from './seeded.ts';

/** In every name and free text of a simulated person: where it is seen, somebody reads what names them. */
export const MARK = 'CANARY';

/** Who a simulated person is, as a record says it. */
export interface Identity {
  readonly given: string;
  readonly surname: string;
  readonly dob?: string;
}

const CONSONANTS = [...'bdfghklmnprstvwz'];
const VOWELS = [...'aeiou'];

/** A name that is like few others. */
const nameOf = (dice: Dice, syllables: number): string => {
  const word = Array.from({ length: syllables }, () => `${dice.pick(CONSONANTS)}${dice.pick(VOWELS)}`).join(
    '',
  );
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${MARK}`;
};

const two = (number: number): string => String(number).padStart(2, '0');

function somebody(dice: Dice): Identity {
  const given = nameOf(dice, 2);
  const surname = nameOf(dice, 4);
  const dob = `${dice.between(1922, 1960)}-${two(dice.between(1, 12))}-${two(dice.between(1, 28))}`;
  return { given, surname, dob };
}

/** How one person comes a second time: as before, without a date, with a slip; a twin is somebody else. */
function again(before: Identity, dice: Dice): Identity {
  const { dob, ...named } = before;
  if (dice.happens(0.3)) return { ...before, given: nameOf(dice, 2) };
  if (dice.happens(0.2)) return named;
  if (dice.happens(0.2)) return { ...before, surname: before.surname.replace(/^(.)(.)(.)/, '$1$3$2') };
  return before;
}

/** Whom the `n`th handover is about: some come twice, some have a twin. `corrected`: as the record says it later. */
export function personOf(n: number, corrected = false): Identity {
  const dice = diceOf('person', n);
  const fresh = somebody(dice);
  if (corrected) return { ...fresh, dob: '1931-07-14' };
  if (n < 8 || !dice.happens(0.3)) return fresh;
  return again(somebody(diceOf('person', n - dice.between(1, 7))), dice);
}

/** Whom a line of a caseload list is about: some came by a handover as well, or stand on another list. */
export function personOfLine(id: string): Identity {
  const dice = diceOf('line', id);
  const fresh = somebody(dice);
  if (dice.happens(0.25)) return again(somebody(diceOf('person', dice.between(1, 60))), dice);
  if (dice.happens(0.12)) return again(somebody(diceOf('listed', dice.between(1, 8))), dice);
  return fresh;
}
