import { type Band, bandOf } from './bands.ts';
import { countHolders, forgetFillers, type Order } from './blocks.ts';
import { countAgreeing } from './chances.ts';
import type { Columns } from './columns.ts';
import { group, type Judged } from './groups.ts';
import { type Answers, createHand, type Scored, type ScoredColumns, type Task } from './hand.ts';
import { KINDS, SLOTS } from './keys.ts';
import { learn, learnLonely, type Model } from './learn.ts';
import { compare, PATTERNS } from './levels.ts';
import { createExplain, type Explain } from './reasons.ts';
import { createScorer } from './score.ts';

/** Two records that may be of one person, for people to decide on. `idA` sorts before `idB`. */
export interface Suggestion {
  readonly idA: string;
  readonly idB: string;
  /** 0 to 1, in millionths. */
  readonly probability: number;
  readonly band: Band;
  /** Why, in words; no value of a field is in them. */
  readonly reasons: readonly string[];
}

export interface Linked {
  /** The surest first, then by id. */
  readonly suggestions: readonly Suggestion[];
  /** Ids of one person, three or more, as far as pairs may be joined. */
  readonly groups: readonly (readonly string[])[];
  readonly model: Model;
  /** Pairs that were compared. */
  readonly compared: number;
}

/** What is done at once, a task for each hand; its answers are given back in the same order. */
export type Step = readonly Task[];

/**
 * Links a register with itself: all pairs of records that may be of one person. The work comes in steps of one task
 * for each hand, so that whoever drives it may spread them over threads; how many hands there are changes nothing.
 */
export function* linking(
  columns: Columns,
  ids: readonly string[],
  keys: Uint32Array,
  hands: number,
): Generator<Step, Linked, readonly unknown[]> {
  const rows = columns.size;
  const each = <K extends Task['do']>(make: (hand: number) => Extract<Task, { do: K }>): Step =>
    Array.from({ length: hands }, (_, hand) => make(hand));
  function* ask<K extends Task['do']>(
    make: (hand: number) => Extract<Task, { do: K }>,
  ): Generator<Step, readonly Answers[K][], readonly unknown[]> {
    return (yield each<K>(make)) as readonly Answers[K][];
  }

  const share = Math.ceil(rows / hands);
  yield* ask<'keys'>((hand) => ({
    do: 'keys',
    from: Math.min(rows, hand * share),
    to: Math.min(rows, (hand + 1) * share),
  }));
  const kindsOf = (hand: number): number[] => [...KINDS.keys()].filter((kind) => kind % hands === hand);
  const sorted = yield* ask<'sort'>((hand) => ({ do: 'sort', kinds: kindsOf(hand) }));
  const orders = [...KINDS.keys()].map((kind) => sorted[kind % hands]?.[Math.floor(kind / hands)] as Order);
  forgetFillers(keys, rows, columns.nhs);
  const compared = yield* ask<'compare'>((part) => ({ do: 'compare', orders, part, parts: hands }));
  const model = learn(rows, summed(compared.map(({ counts }) => counts)), countAgreeing(columns));
  const holders = countHolders(keys, rows, orders[0] as Order);

  const matched = new Uint8Array(new SharedArrayBuffer(rows));
  for (const found of yield* ask<'match'>(() => ({ do: 'match', model, holders }))) {
    for (const row of found) matched[row] = 1;
  }
  const left = rows - matched.reduce((sum, one) => sum + one, 0);
  const counts = yield* ask<'count lonely'>(() => ({ do: 'count lonely', matched }));
  const lonely = learnLonely(model, left, summed(counts));
  const scored = yield* ask<'score'>(() => ({ do: 'score', lonely, matched }));

  const scorer = createScorer(model);
  const grouped = group(ids, scored.flatMap(rowsOf), (a, b) => {
    const pattern = compare(columns, a, b);
    return { a, b, pattern, probability: scorer.probability(columns, a, b, pattern, holders[a] as number) };
  });
  return {
    suggestions: suggestionsOf(columns, ids, grouped.pairs),
    groups: grouped.groups
      .map((one) => one.map((row) => ids[row] as string).sort())
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    model,
    compared: compared.reduce((sum, { pairs }) => sum + pairs, 0),
  };
}

/** Links a register with itself here and now. For what takes long, drive `linking` with threads. */
export function link(columns: Columns, ids: readonly string[]): Linked {
  const keys = createKeys(columns);
  const hand = createHand(columns, keys);
  const steps = linking(columns, ids, keys, 1);
  let step = steps.next();
  while (!step.done) step = steps.next(step.value.map(hand));
  return step.value;
}

/** Room for the keys of all rows, on memory that threads share. */
export const createKeys = ({ size }: Columns): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(Math.max(1, size) * SLOTS * 4));

function summed(all: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(PATTERNS);
  for (const counts of all)
    for (const [at, count] of counts.entries()) sums[at] = (sums[at] as number) + count;
  return sums;
}

const rowsOf = ({ a, b, patterns, probabilities }: ScoredColumns): Scored[] =>
  Array.from(a, (row, at) => ({
    a: row,
    b: b[at] as number,
    pattern: patterns[at] as number,
    probability: probabilities[at] as number,
  }));

function suggestionsOf(columns: Columns, ids: readonly string[], pairs: readonly Judged[]): Suggestion[] {
  const found: Suggestion[] = [];
  const explain = createExplain(columns);
  for (const pair of pairs) {
    const made = suggestionOf(explain, ids, pair);
    if (made) found.push(made);
  }
  return found.sort((p, q) => q.probability - p.probability || order(p.idA, q.idA) || order(p.idB, q.idB));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A pair in words; undefined if it is in no band. */
export function suggestionOf(explain: Explain, ids: readonly string[], pair: Judged): Suggestion | undefined {
  const own = bandOf(pair.probability, pair.pattern);
  if (own === undefined) return undefined;
  const a = ids[pair.a] as string;
  const b = ids[pair.b] as string;
  return {
    idA: a < b ? a : b,
    idB: a < b ? b : a,
    probability: Math.round(pair.probability * 1e6) / 1e6,
    band: own === 'certain' && pair.by ? 'likely' : own,
    reasons: explain(pair),
  };
}
