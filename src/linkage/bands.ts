import { BOTH_VALID, DIFFERENT, FIELDS, levelOf, MISSING, NEAR, PARTLY, SAME, SWAPPED } from './levels.ts';

/** What people are told of a pair: surely one person; probably one; look at it. */
export type Band = 'certain' | 'likely' | 'review';
export const BANDS: readonly Band[] = ['certain', 'likely', 'review'];

/** From here on a pair is held for one person. */
export const MATCH = 0.5;
/** Less than this is not worth anybody's time. */
export const LEAST = 0.1;
const CERTAIN = 0.999;

/**
 * What speaks against a pair however much else agrees, since the fields of relatives are not independent and numbers
 * are written on the wrong record: numbers of two people; one number on records of two; first names of twins; birth
 * dates of parent and child. Names alone are shared by too many outside a small register.
 */
export type Doubt = 'two numbers' | 'one number' | 'first names' | 'birth dates' | 'only names';

type Levels = readonly [given: number, surname: number, date: number, place: number, number: number];
const levelsOf = (pattern: number): Levels =>
  FIELDS.map((_, field) => levelOf(pattern, field)) as unknown as Levels;

const agrees = (level: number): boolean => level === SAME || level === NEAR;
const nameAgrees = (level: number): boolean => agrees(level) || level === PARTLY || level === SWAPPED;

export function doubtOf(pattern: number): Doubt | undefined {
  const [given, surname, date, place, number] = levelsOf(pattern);
  if (number === BOTH_VALID) return 'two numbers';
  if (number === SAME && date === DIFFERENT && (given === DIFFERENT || surname === DIFFERENT))
    return 'one number';
  if (given === DIFFERENT && agrees(date) && agrees(place)) return 'first names';
  if (date === DIFFERENT && agrees(place) && number !== SAME) return 'birth dates';
  if (![date, place, number].some((level) => agrees(level) || level === PARTLY)) return 'only names';
  return undefined;
}

/** The band of a pair, or none. What is in doubt is for people to decide, whatever its probability. */
export function bandOf(probability: number, pattern: number): Band | undefined {
  if (probability < LEAST) return undefined;
  if (probability < MATCH || doubtOf(pattern) !== undefined) return 'review';
  return probability >= CERTAIN && identifies(pattern) ? 'certain' : 'likely';
}

/**
 * Does enough agree to tell one person from everybody outside the register too? In a small one two of a name and birth
 * date are surely one person by the figures; in a county they need not be.
 */
function identifies(pattern: number): boolean {
  const [given, surname, date, place, number] = levelsOf(pattern);
  // A surname that stands in the given name's place is missing in its own.
  const surnameAgrees = nameAgrees(surname) || given === SWAPPED;
  if (number === SAME) {
    const agreeing = [nameAgrees(given), surnameAgrees, agrees(date)].filter((one) => one).length;
    return agreeing >= 2 && given !== DIFFERENT && (agrees(date) || date === MISSING);
  }
  return nameAgrees(given) && surnameAgrees && agrees(date) && agrees(place);
}
