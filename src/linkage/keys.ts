import type { Columns } from './columns.ts';
import { joined, mixed } from './words.ts';

/**
 * Blocking keys: only rows that share one are compared. Each row has a key in every slot, 0 where a part is missing.
 * Keys are hashes of spellings and sounds, never of numbers of words: the order of the lines cannot matter.
 */
export interface Kind {
  readonly name: string;
  /** The slots of a row that are looked up in each other; two where either name may be the other's. */
  readonly slots: readonly number[];
  /** A larger block says nothing about its rows (a filler, everybody's birthday) and is passed over. */
  readonly most: number;
  /** Registers of more rows do without: it would cost more than it finds. */
  readonly upTo?: number;
}

/** Nobody is on more lists than this, or so rarely that people should look. */
export const LARGEST = 12;

const MOST = 300;
/** A key of one thing only: while few share it, which small registers can afford and need most. */
const FEW = 16;
const SMALL = 50_000;

/** In the order in which a pair is looked for. */
export const KINDS: readonly Kind[] = [
  // Held by more records than a person has, it is a filler that nobody knew of; see `forgetFillers`.
  { name: 'NHS number', slots: [0], most: LARGEST },
  // Either name: finds the renamed, and those whose names stand in each other's place.
  { name: 'birth date and a name’s sound', slots: [1, 2], most: MOST },
  { name: 'birth date and postcode', slots: [3], most: MOST },
  { name: 'birth date and initials', slots: [4], most: MOST },
  { name: 'both names’ sounds and birth year', slots: [5], most: MOST },
  { name: 'both names’ sounds and birthday', slots: [6], most: MOST },
  // Finds whole households too, from which the model learns how usual they are.
  { name: 'postcode and a name’s sound', slots: [7, 8], most: MOST },
  { name: 'postcode and initials', slots: [9], most: MOST },
  { name: 'both names’ sounds', slots: [10], most: FEW },
  { name: 'birth date', slots: [11], most: FEW, upTo: SMALL },
  { name: 'postcode', slots: [12], most: FEW, upTo: SMALL },
  { name: 'a postcode’s beginning and a name’s sound', slots: [13, 14], most: FEW, upTo: SMALL },
];

/** Keys of a row. */
export const SLOTS = 15;

/** Writes the keys of one row to `keys` from `to` on. */
export function writeKeys(columns: Columns, row: number, keys: Uint32Array, to: number): void {
  const { names, postcodes, dates } = columns;
  const given = columns.given[row] as number;
  const surname = columns.surname[row] as number;
  const dob = columns.dob[row] as number;
  const date = dates.hashes[dob] as number;
  const postcode = postcodes.hashes[columns.postcode[row] as number] as number;
  const givenSound = names.kins[given] as number;
  const surnameSound = names.kins[surname] as number;
  const second = givenSound === surnameSound ? 0 : surnameSound;
  const both = unordered(givenSound, surnameSound);
  const initials = unordered(initialOf(columns, given), initialOf(columns, surname));
  const day = columns.days[dob] as number;
  const area = areaOf(columns, columns.postcode[row] as number);
  keys[to] = numberKey(columns.nhs[row] as number);
  keys[to + 1] = joined(date, givenSound);
  keys[to + 2] = joined(date, second);
  keys[to + 3] = joined(date, postcode);
  keys[to + 4] = joined(date, initials);
  keys[to + 5] = joined(both, day === 0 ? 0 : Math.floor(day / 10_000));
  keys[to + 6] = joined(both, day === 0 ? 0 : 10_000 + (day % 10_000));
  keys[to + 7] = joined(postcode, givenSound);
  keys[to + 8] = joined(postcode, second);
  keys[to + 9] = joined(postcode, initials);
  keys[to + 10] = both;
  keys[to + 11] = date;
  keys[to + 12] = postcode;
  keys[to + 13] = joined(area, givenSound);
  keys[to + 14] = joined(area, second);
}

/** Of two names, whichever stands where, so that swapped names meet. */
const unordered = (a: number, b: number): number => joined(Math.min(a, b), Math.max(a, b));

const initialOf = ({ names }: Columns, name: number): number =>
  name === 0 ? 0 : (names.units[names.starts[name] as number] as number);

/** The first two characters of a postcode: its area, or half of it where it is one letter. */
function areaOf({ postcodes }: Columns, postcode: number): number {
  const from = postcodes.starts[postcode] as number;
  return postcode === 0 ? 0 : joined(postcodes.units[from] as number, postcodes.units[from + 1] ?? 1);
}

function numberKey(nhs: number): number {
  const number = Math.abs(nhs);
  const high = Math.floor(number / 0x1_0000_0000);
  return number === 0 ? 0 : mixed((number % 0x1_0000_0000) ^ Math.imul(high, 0x9e3779b1));
}

/** Is a kind of key looked at in a register of so many rows? */
export const isUsed = ({ upTo = Number.POSITIVE_INFINITY }: Kind, rows: number): boolean => rows <= upTo;

/** The keys of the rows from `from` up to `to`, written into `keys`. */
export function fillKeys(columns: Columns, keys: Uint32Array, from: number, to: number): void {
  for (let row = from; row < to; row++) writeKeys(columns, row, keys, row * SLOTS);
}

/**
 * The first key that two rows share, as a number that grows in the order of `KINDS`; -1 for none. `a` and `b` say
 * where the keys of each begin. A pair that several keys find is taken where it is found first, so that it comes
 * once and nothing has to be remembered.
 */
export function firstShared(keys: Uint32Array, a: number, b: number): number {
  let code = 0;
  for (const { slots } of KINDS) {
    for (const left of slots) {
      const key = keys[a + left] as number;
      for (const right of slots) {
        if (key !== 0 && key === keys[b + right]) return code;
        code++;
      }
    }
  }
  return -1;
}
