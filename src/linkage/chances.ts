import type { Columns } from './columns.ts';
import { datesNear, partlySameDates } from './dates.ts';
import {
  BOTH_VALID,
  DIFFERENT,
  LEVELS,
  MISSING,
  NEAR,
  nameLevel,
  PARTLY,
  postcodeLevel,
  SAME,
  SWAPPED,
} from './levels.ts';
import { spellingOf, type Words } from './words.ts';

/**
 * How often two different people agree by chance (the u of Fellegi and Sunter 1969), from the values of the whole
 * register. Everything is computed, nothing sampled: levels that are rare would otherwise be guessed, which costs
 * nothing among a thousand people and precision among a million, and rows drawn at random depend on their order.
 */
export interface Agreeing {
  /** Pairs of rows that have the field. */
  readonly pairs: number;
  /** How many of them agree, by level. */
  readonly agree: readonly number[];
  /** The levels that were counted over all rows, so that pairs of one person's records are among them. */
  readonly counted: readonly number[];
}

/** Words compared with each other for the nearer levels: the most frequent stand for all. */
const MOST_FREQUENT = 400;
const ISSUABLE_IN_TEN = 1 / 11;

/** For each field the pairs that agree by level. The levels that are left over are DIFFERENT. */
export function countAgreeing(columns: Columns): readonly Agreeing[] {
  const { names, postcodes } = columns;
  const given = wordsAgreeing(names, names.counts, (a, b) => nameLevel(names, a, b, true));
  const surname = wordsAgreeing(names, names.others, (a, b) => nameLevel(names, a, b, false));
  // Either way round one of the two may be near.
  const near = 1 + (2 * (given.agree[NEAR] as number)) / Math.max(1, given.agree[SAME] as number);
  given.agree[SWAPPED] = given.pairs * swappedShare(names) * Math.min(4, near);
  const postcode = wordsAgreeing(postcodes, postcodes.counts, (a, b) => postcodeLevel(postcodes, a, b));
  postcode.agree[PARTLY] = districtsAgreeing(postcodes);
  return [given, surname, datesAgreeing(columns), postcode, numbersAgreeing(columns)];
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

function wordsAgreeing(
  words: Words,
  counts: Uint32Array,
  level: (a: number, b: number) => number,
): Agreeing & { agree: number[] } {
  const agree = new Array<number>(LEVELS).fill(0);
  let rows = 0;
  let same = 0;
  for (let id = 1; id < words.size; id++) {
    const count = counts[id] as number;
    rows += count;
    same += pairsOf(count);
  }
  const pairs = pairsOf(rows);
  const top = mostFrequent(words, counts);
  let all = 0;
  for (const [at, a] of top.entries()) {
    for (const b of top.slice(at + 1)) {
      const weight = (counts[a] as number) * (counts[b] as number);
      const found = level(a, b);
      all += weight;
      if (found !== DIFFERENT && found !== MISSING) agree[found] = (agree[found] ?? 0) + weight;
    }
  }
  for (const near of [NEAR, PARTLY])
    agree[near] = all === 0 ? 0 : ((agree[near] ?? 0) / all) * (pairs - same);
  agree[SAME] = same;
  return { pairs, agree, counted: [SAME] };
}

/** The words that stand most often in a column; of those equally often, the ones that sort first. */
function mostFrequent(words: Words, counts: Uint32Array): number[] {
  const used: number[] = [];
  for (let id = 1; id < words.size; id++) if ((counts[id] as number) > 0) used.push(id);
  used.sort((a, b) => (counts[b] as number) - (counts[a] as number));
  const last = used[MOST_FREQUENT - 1];
  const least = last === undefined ? 1 : (counts[last] as number);
  return used
    .filter((id) => (counts[id] as number) >= least)
    .map((id) => ({ id, count: counts[id] as number, spelling: spellingOf(words, id) }))
    .sort((a, b) => b.count - a.count || (a.spelling < b.spelling ? -1 : 1))
    .slice(0, MOST_FREQUENT)
    .map(({ id }) => id);
}

/** The chance that one's given name is the other's surname, both ways round. */
function swappedShare({ size, counts, others }: Words): number {
  let given = 0;
  let surname = 0;
  let both = 0;
  for (let id = 1; id < size; id++) {
    given += counts[id] as number;
    surname += others[id] as number;
    both += (counts[id] as number) * (others[id] as number);
  }
  return given === 0 || surname === 0 ? 0 : (both / given / surname) ** 2;
}

function datesAgreeing({ dates, days }: Columns): Agreeing {
  const byDay = new Map<number, number>();
  for (let id = 1; id < dates.size; id++) {
    const day = days[id] as number;
    const count = dates.counts[id] as number;
    if (count > 0) byDay.set(day, (byDay.get(day) ?? 0) + count);
  }
  let rows = 0;
  let same = 0;
  let near = 0;
  let nearInTwo = 0;
  for (const [day, count] of byDay) {
    rows += count;
    same += pairsOf(count);
    for (const other of datesNear(day)) {
      if (other < day) continue;
      const both = count * (byDay.get(other) ?? 0);
      near += both;
      if (both > 0 && partlySameDates(day, other)) nearInTwo += both;
    }
  }
  const parts: ((day: number) => number)[] = [
    (day) => Math.floor(day / 100),
    (day) => day % 10_000,
    (day) => Math.floor(day / 10_000) * 100 + (day % 100),
  ];
  let inTwo = -3 * same - nearInTwo;
  for (const part of parts) {
    const together = new Map<number, number>();
    for (const [day, count] of byDay) together.set(part(day), (together.get(part(day)) ?? 0) + count);
    for (const count of together.values()) inTwo += pairsOf(count);
  }
  return { pairs: pairsOf(rows), agree: [0, same, near, inTwo, 0, 0], counted: [SAME, NEAR, PARTLY] };
}

/** Numbers are given out once: what two people's share is decided by their length, not by the lists. */
function numbersAgreeing({ nhs, size }: Columns): Agreeing {
  const lengths = new Array<number>(16).fill(0);
  let rows = 0;
  let valid = 0;
  for (let row = 0; row < size; row++) {
    const number = nhs[row] as number;
    if (number === 0) continue;
    rows++;
    if (number > 0) valid++;
    const length = Math.floor(Math.log10(Math.abs(number)) + 1e-9);
    lengths[length] = (lengths[length] ?? 0) + 1;
  }
  const usual = Math.max(1, lengths.indexOf(Math.max(...lengths)));
  const pairs = pairsOf(rows);
  const bothValid = rows === 0 ? 0 : pairs * (valid / rows) ** 2;
  const same = pairs * 10 ** -usual * (usual === 10 ? 1 / ISSUABLE_IN_TEN : 1);
  const near = (pairs - bothValid) * (10 * usual) * 10 ** -usual;
  const agree = new Array<number>(LEVELS).fill(0);
  agree[SAME] = same;
  agree[NEAR] = near;
  agree[BOTH_VALID] = bothValid;
  return { pairs, agree, counted: [] };
}

/** Rows that share a postcode's district, in pairs, are PARTLY the same; counted whole, as there are few districts. */
function districtsAgreeing({ size, counts, kins }: Words): number {
  const together = new Map<number, number>();
  let same = 0;
  for (let id = 1; id < size; id++) {
    const kin = kins[id] as number;
    if (kin === 0) continue;
    together.set(kin, (together.get(kin) ?? 0) + (counts[id] as number));
    same += pairsOf(counts[id] as number);
  }
  let sum = -same;
  for (const count of together.values()) sum += pairsOf(count);
  return sum;
}
