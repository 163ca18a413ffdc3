import type { Columns } from './columns.ts';
import { nearDates, partlySameDates } from './dates.ts';
import { jaroWinkler, oneEdit } from './near.ts';
import { familiesOf, mayHaveFamily } from './nicknames.ts';
import { nearNumbers } from './numbers.ts';
import { spellingOf, type Words } from './words.ts';

/** How far two values of a field agree. */
export const MISSING = 0;
export const SAME = 1;
/** One edit or a likeness of 0.92 apart; for a date one slip, for a number one digit. */
export const NEAR = 2;
/** For a name alike, a nickname or a part; for a date two of its three parts; for a postcode its district. */
export const PARTLY = 3;
export const DIFFERENT = 4;
/** Of the given name: given name and surname stand in each other's place. The surname is MISSING then. */
export const SWAPPED = 5;
/** Of the NHS number: both can have been issued, so that they are two people's unless one is another's. */
export const BOTH_VALID = 5;

export const LEVELS = 6;
export const FIELDS = ['given', 'surname', 'dob', 'postcode', 'nhs'] as const;
export type Field = (typeof FIELDS)[number];
/** So many patterns there are: one level for each field. */
export const PATTERNS = LEVELS ** FIELDS.length;

const PLACES = FIELDS.map((_, field) => LEVELS ** (FIELDS.length - 1 - field));

/** The level of a field in a pattern. */
export const levelOf = (pattern: number, field: number): number =>
  Math.floor(pattern / (PLACES[field] as number)) % LEVELS;

const NEAR_LIKENESS = 0.92;
const PART_LIKENESS = 0.82;
/** Shorter names are one edit from too many others. */
const EDITABLE = 4;
const PART = 3;

/** How far two names agree, whichever comes first. `given` takes nicknames and initials into account. */
export function nameLevel(names: Words, a: number, b: number, given: boolean): number {
  if (a === 0 || b === 0) return MISSING;
  if (a === b) return SAME;
  const { units, starts, kins } = names;
  const aFrom = starts[a] as number;
  const aTo = starts[a + 1] as number;
  const bFrom = starts[b] as number;
  const bTo = starts[b + 1] as number;
  const least = Math.min(aTo - aFrom, bTo - bFrom);
  // An initial says too little to count for or against, unless it is another letter.
  if (least === 1) return units[aFrom] === units[bFrom] ? MISSING : DIFFERENT;
  const most = Math.max(aTo - aFrom, bTo - bFrom);
  if (most >= EDITABLE && oneEdit(units, aFrom, aTo, units, bFrom, bTo)) return NEAR;
  const likeness = jaroWinkler(units, aFrom, aTo, units, bFrom, bTo);
  if (likeness >= NEAR_LIKENESS) return NEAR;
  if (likeness >= PART_LIKENESS || kins[a] === kins[b]) return PARTLY;
  if (least >= PART && isPart(units, aFrom, aTo, bFrom, bTo)) return PARTLY;
  if (given && related(names, a, b)) return PARTLY;
  return DIFFERENT;
}

/** Is the shorter the beginning of the longer, or (of four letters) its end, as one half of a double name is? */
function isPart(units: Uint16Array, aFrom: number, aTo: number, bFrom: number, bTo: number): boolean {
  const least = Math.min(aTo - aFrom, bTo - bFrom);
  let head = 0;
  while (head < least && units[aFrom + head] === units[bFrom + head]) head++;
  if (head === least) return true;
  let tail = 0;
  while (tail < least && units[aTo - 1 - tail] === units[bTo - 1 - tail]) tail++;
  return tail === least && least > PART;
}

function related(names: Words, a: number, b: number): boolean {
  if (!mayHaveFamily(names.hashes[a] as number) || !mayHaveFamily(names.hashes[b] as number)) return false;
  const left = familiesOf(spellingOf(names, a));
  const right = left && familiesOf(spellingOf(names, b));
  if (!left || !right) return false;
  for (const family of left) if (right.has(family)) return true;
  return false;
}

/** How far two birth dates (YYYYMMDD, 0 for none) agree. */
export function dateLevel(a: number, b: number): number {
  if (a === 0 || b === 0) return MISSING;
  if (a === b) return SAME;
  if (nearDates(a, b)) return NEAR;
  return partlySameDates(a, b) ? PARTLY : DIFFERENT;
}

/** How far two postcodes agree. */
export function postcodeLevel({ units, starts, kins }: Words, a: number, b: number): number {
  if (a === 0 || b === 0) return MISSING;
  if (a === b) return SAME;
  const aFrom = starts[a] as number;
  const bFrom = starts[b] as number;
  if (oneEdit(units, aFrom, starts[a + 1] as number, units, bFrom, starts[b + 1] as number)) return NEAR;
  return kins[a] !== 0 && kins[a] === kins[b] ? PARTLY : DIFFERENT;
}

/** How far two NHS numbers (as `readNumber` gives them) agree. */
export function numberLevel(a: number, b: number): number {
  if (a === 0 || b === 0) return MISSING;
  if (a === b) return SAME;
  if (nearNumbers(a, b)) return NEAR;
  return a > 0 && b > 0 ? BOTH_VALID : DIFFERENT;
}

/** The pattern in which two rows agree. The same whichever row comes first. */
export function compare(columns: Columns, a: number, b: number): number {
  const { names, given, surname, dob, postcode, nhs, days } = columns;
  const givenA = given[a] as number;
  const givenB = given[b] as number;
  const surnameA = surname[a] as number;
  const surnameB = surname[b] as number;
  let first = nameLevel(names, givenA, givenB, true);
  let last = nameLevel(names, surnameA, surnameB, false);
  if ((first === DIFFERENT || last === DIFFERENT) && swapped(names, givenA, surnameA, givenB, surnameB)) {
    first = SWAPPED;
    last = MISSING;
  }
  const date = dateLevel(days[dob[a] as number] as number, days[dob[b] as number] as number);
  const place = postcodeLevel(columns.postcodes, postcode[a] as number, postcode[b] as number);
  const number = numberLevel(nhs[a] as number, nhs[b] as number);
  return (((first * LEVELS + last) * LEVELS + date) * LEVELS + place) * LEVELS + number;
}

/** Do given name and surname stand in each other's place, one of them perhaps near? */
function swapped(names: Words, givenA: number, surnameA: number, givenB: number, surnameB: number): boolean {
  if (givenA === surnameA || givenB === surnameB) return false;
  const cross = nameLevel(names, givenA, surnameB, false);
  if (cross !== SAME && cross !== NEAR) return false;
  const back = nameLevel(names, surnameA, givenB, false);
  return (cross === SAME && (back === SAME || back === NEAR)) || (cross === NEAR && back === SAME);
}
