import { type Doubt, doubtOf } from './bands.ts';
import type { Columns } from './columns.ts';
import type { Judged } from './groups.ts';
import { BOTH_VALID, DIFFERENT, FIELDS, levelOf, MISSING, NEAR, PARTLY, SAME, SWAPPED } from './levels.ts';
import { oneEdit } from './near.ts';

/** Tells why two rows may be one person. */
export type Explain = (pair: Judged) => readonly string[];

/**
 * Tells why two rows may be one person, in words that somebody who decides understands: what is the same, what is not
 * quite, what differs, what is missing. No value of a field is in them, and they are the same whichever row is first.
 * Most pairs of a large register are alike, and share their words.
 */
export function createExplain(columns: Columns): Explain {
  const known = new Map<number, readonly string[]>();
  return (pair) => {
    const key = likeness(columns, pair);
    const words = key === undefined ? undefined : known.get(key);
    if (words) return words;
    const made = reasonsOf(columns, pair);
    if (key !== undefined) known.set(key, made);
    return made;
  };
}

/** All that the words of a pair depend on, as one number; undefined where they depend on spellings. */
function likeness(columns: Columns, { a, b, pattern, by }: Judged): number | undefined {
  if (by || [0, 1, 2].some((field) => levelOf(pattern, field) === NEAR)) return undefined;
  let key = pattern * 2 + (columns.provider[a] === columns.provider[b] ? 1 : 0);
  key = key * 2 + ((columns.nhs[a] as number) < 0 ? 1 : 0);
  for (const values of [columns.given, columns.surname, columns.dob, columns.postcode, columns.nhs]) {
    key = key * 3 + (values[a] === 0 ? 1 : 0) + (values[b] === 0 ? 1 : 0);
  }
  return key;
}

function reasonsOf(columns: Columns, { a, b, pattern, by }: Judged): string[] {
  const [given, surname, date, place, number] = FIELDS.map((_, field) => levelOf(pattern, field)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const same = [
    ...(given === SAME && surname === SAME
      ? ['names']
      : [...(given === SAME ? ['first name'] : []), ...(surname === SAME ? ['surname'] : [])]),
    ...(date === SAME ? ['birth date'] : []),
    ...(place === SAME ? ['postcode'] : []),
    ...(number === SAME ? ['NHS number'] : []),
  ];
  const words = [
    ...(same.length > 0 ? [`Same ${listed(same)}`] : []),
    ...nameWords(columns, a, b, given, surname),
    ...dateWords(columns, a, b, date),
    ...placeWords(place),
    ...numberWords(columns, a, number),
    ...missing(columns, a, b),
    ...doubts(pattern),
  ];
  if (by === 'third') words.push('A third record matches both');
  if (by === 'rival') words.push('One of them matches another record better');
  return words;
}

function nameWords(columns: Columns, a: number, b: number, given: number, surname: number): string[] {
  if (given === SWAPPED) return ['First name and surname stand in each other’s place'];
  const { names } = columns;
  const apart = (left: number, right: number, level: number): string | undefined => {
    if (level === DIFFERENT) return 'differ';
    if (level === PARTLY) return 'are alike, or one is a short form';
    if (level !== NEAR) return undefined;
    const ends = [names.starts[left], names.starts[left + 1], names.starts[right], names.starts[right + 1]];
    const [leftFrom, leftTo, rightFrom, rightTo] = ends as [number, number, number, number];
    return oneEdit(names.units, leftFrom, leftTo, names.units, rightFrom, rightTo)
      ? 'one letter apart'
      : 'are spelt alike';
  };
  const first = apart(columns.given[a] as number, columns.given[b] as number, given);
  const last = apart(columns.surname[a] as number, columns.surname[b] as number, surname);
  if (first !== undefined && first === last) return [`Names ${first}`];
  return [
    ...(first === undefined ? [] : [`First names ${first}`]),
    ...(last === undefined ? [] : [`Surnames ${last}`]),
  ];
}

function dateWords({ days, dob }: Columns, a: number, b: number, level: number): string[] {
  if (level === DIFFERENT) return ['Birth dates differ'];
  if (level === PARTLY) return ['Birth dates agree in two of day, month and year'];
  if (level !== NEAR) return [];
  const left = days[dob[a] as number] as number;
  const right = days[dob[b] as number] as number;
  const swapped = (right % 100) * 100 + Math.floor((right % 10_000) / 100);
  if (left % 10_000 === swapped && Math.floor(left / 10_000) === Math.floor(right / 10_000)) {
    return ['Birth dates with day and month swapped'];
  }
  const digits = [...String(left)].filter((digit, at) => digit !== String(right)[at]).length;
  return [digits === 1 ? 'Birth dates one digit apart' : 'Birth dates with two digits swapped'];
}

function placeWords(level: number): string[] {
  if (level === NEAR) return ['Postcodes one character apart'];
  if (level === PARTLY) return ['Postcodes of one district'];
  return level === DIFFERENT ? ['Postcodes differ'] : [];
}

function numberWords({ nhs }: Columns, a: number, level: number): string[] {
  if (level === SAME) return (nhs[a] as number) < 0 ? ['That NHS number cannot have been issued'] : [];
  if (level === NEAR) return ['NHS numbers one slip apart, at least one of them not valid'];
  if (level === DIFFERENT) return ['NHS numbers differ, at least one of them not valid'];
  return level === BOTH_VALID ? ['Two different valid NHS numbers'] : [];
}

function missing(columns: Columns, a: number, b: number): string[] {
  const fields: readonly [ArrayLike<number>, string][] = [
    [columns.given, 'first name'],
    [columns.surname, 'surname'],
    [columns.dob, 'birth date'],
    [columns.postcode, 'postcode'],
    [columns.nhs, 'NHS number'],
  ];
  const lacking = (count: number): string[] =>
    fields
      .filter(([values]) => [a, b].filter((row) => values[row] === MISSING).length === count)
      .map(([, name]) => name);
  const lists = columns.provider[a] !== columns.provider[b];
  const phrase = (names: readonly string[], where: string): string[] =>
    names.length === 0 ? [] : [capital(`${listed(names)} missing in ${where}`)];
  return [
    ...phrase(lacking(1), lists ? 'one list' : 'one record'),
    ...phrase(lacking(2), lists ? 'both lists' : 'both records'),
  ];
}

/** What else it may be; two numbers speak for themselves. */
const INSTEAD: Readonly<Partial<Record<Doubt, string>>> = {
  'one number': 'That number may have been written on another person’s record',
  'first names': 'May be twins or relatives at one address',
  'birth dates': 'May be parent and child at one address',
  'only names': 'Nothing but the names agrees',
};

function doubts(pattern: number): string[] {
  const doubt = doubtOf(pattern);
  const instead = doubt && INSTEAD[doubt];
  return instead === undefined ? [] : [instead];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
