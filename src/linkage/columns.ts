import { readDate } from './dates.ts';
import { plainName } from './names.ts';
import { readNumber } from './numbers.ts';
import type { Person } from './person.ts';
import { districtOf, plainPostcode } from './postcodes.ts';
import { soundKey } from './sound.ts';
import { createWords, type GrowingWords, grown, type Words } from './words.ts';

/** People as columns of numbers, a row each, on memory that threads can share. 0 is missing everywhere. */
export interface Columns {
  readonly size: number;
  /** Numbers of `names`. */
  readonly given: Uint32Array;
  readonly surname: Uint32Array;
  /** Numbers of `dates`. */
  readonly dob: Uint32Array;
  /** Numbers of `postcodes`. */
  readonly postcode: Uint32Array;
  /** As `readNumber` gives them. */
  readonly nhs: Float64Array;
  /** The list that each row is of; 0 for none. */
  readonly provider: Uint32Array;
  /** Given names and surnames: `counts` are those of given names, `others` those of surnames. */
  readonly names: Words;
  readonly postcodes: Words;
  /** The spelling of a date is its eight digits. */
  readonly dates: Words;
  /** Each date of `dates` as YYYYMMDD. */
  readonly days: Uint32Array;
}

export interface GrowingColumns extends Columns {
  /** Adds a person as the next row, and gives its number. Takes any text. */
  add(person: Omit<Person, 'id'>): number;
  /** Takes a row out of the counts; its values stay where they are. */
  uncount(row: number): void;
  /** Takes the last row away again. */
  drop(): void;
}

const FIRST = 1_024;
/** Raw spellings that are remembered with their word, so that each is worked on once. */
const REMEMBERED = 500_000;

/** No people yet. */
export function createColumns(): GrowingColumns {
  const names = createWords();
  const postcodes = createWords();
  const dates = createWords();
  const providers = createWords();
  const nameOf = remembering(plainName, names, soundKey);
  const postcodeOf = remembering(plainPostcode, postcodes, districtOf);
  const dateOf = remembering(
    (text) => {
      const date = readDate(text);
      return date === 0 ? '' : String(date);
    },
    dates,
    () => '',
  );
  const providerOf = remembering(
    (text) => text.trim(),
    providers,
    () => '',
  );
  const columns = {
    size: 0,
    given: grown(new Uint32Array(0), FIRST),
    surname: grown(new Uint32Array(0), FIRST),
    dob: grown(new Uint32Array(0), FIRST),
    postcode: grown(new Uint32Array(0), FIRST),
    nhs: grown(new Float64Array(0), FIRST),
    provider: grown(new Uint32Array(0), FIRST),
    names,
    postcodes,
    dates,
    days: grown(new Uint32Array(0), FIRST),
    add(person: Omit<Person, 'id'>): number {
      const row = columns.size;
      if (row === columns.given.length) {
        for (const name of ['given', 'surname', 'dob', 'postcode', 'provider'] as const) {
          columns[name] = grown(columns[name], row * 2);
        }
        columns.nhs = grown(columns.nhs, row * 2);
      }
      columns.given[row] = nameOf(person.given);
      columns.surname[row] = nameOf(person.surname);
      columns.dob[row] = dateOf(person.dob);
      columns.postcode[row] = postcodeOf(person.postcode);
      columns.provider[row] = providerOf(person.provider);
      columns.nhs[row] = person.nhs ? readNumber(person.nhs) : 0;
      if (dates.size > columns.days.length) columns.days = grown(columns.days, columns.days.length * 2);
      const dob = columns.dob[row] as number;
      if (columns.days[dob] === 0) columns.days[dob] = readDate(person.dob ?? '');
      columns.size = row + 1;
      count(columns, row, 1);
      return row;
    },
    uncount: (row: number): void => count(columns, row, -1),
    drop(): void {
      columns.size -= 1;
      count(columns, columns.size, -1);
    },
  };
  return columns;
}

function count({ names, postcodes, dates, ...columns }: Columns, row: number, by: 1 | -1): void {
  const bump = (counts: Uint32Array, id: number): void => {
    if (id !== 0) counts[id] = (counts[id] as number) + by;
  };
  bump(names.counts, columns.given[row] as number);
  bump(names.others, columns.surname[row] as number);
  bump(postcodes.counts, columns.postcode[row] as number);
  bump(dates.counts, columns.dob[row] as number);
}

/** From a raw text to its word's number, working on each spelling once. */
function remembering(
  plain: (text: string) => string,
  words: GrowingWords,
  kin: (spelling: string) => string,
): (text: string | undefined) => number {
  const known = new Map<string, number>();
  let lastText = '';
  let lastId = 0;
  return (text) => {
    if (!text) return 0;
    if (text === lastText) return lastId;
    const found = known.get(text);
    if (found !== undefined) {
      lastText = text;
      lastId = found;
      return found;
    }
    const spelling = plain(text);
    const id = spelling === '' ? 0 : words.add(spelling, kin);
    if (known.size === REMEMBERED) known.clear();
    known.set(text, id);
    return id;
  };
}
