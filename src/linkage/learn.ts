import type { Agreeing } from './chances.ts';
import {
  BELIEF,
  BELIEVED_CHANCE,
  BELIEVED_ROWS,
  BELIEVED_SAME,
  CHANCE_BELIEF,
  HOUSEHOLD,
  LEAST_HOUSEHOLD,
  LEAST_SAME,
  LEAST_TWINS,
  MOST_DIFFERENT,
  MOST_TWINS,
  TWINS,
} from './defaults.ts';
import { DIFFERENT, FIELDS, LEVELS, levelOf, MISSING, PATTERNS, SAME } from './levels.ts';

/**
 * What is known of a register: how often records agree, by field and level, when they are of one person, of
 * strangers, of a household and of twins, and how usual each of these is among all pairs. Fellegi and Sunter
 * (1969) know the first two; without the others a whole household looks like one person to them.
 */
export interface Model {
  /** Rows that it was learnt from. */
  readonly rows: number;
  /** Other records that a record has of its own person, on average. */
  readonly duplicates: number;
  readonly same: readonly (readonly number[])[];
  readonly chance: readonly (readonly number[])[];
  /** Shares of all pairs of rows. */
  readonly share: { readonly same: number; readonly household: number; readonly twins: number };
}

const ROUNDS = 40;
const FEWEST = 1e-12;
/** Of all pairs; a register of two may seem to have none. */
const FEWEST_STRANGERS = 0.01;
/** Pairs of one person that are believed in before any is seen: one for ten records, half a pair at the most. */
const leastSame = (rows: number): number => Math.min(0.5, rows / 10);
/** Records of one person beside a record, on average, at the most. */
const MOST_DUPLICATES = 5;
/** Among records that match nothing, at the most so many pairs are of one person. */
const MOST_LONELY = 0.05;

/**
 * Learns a model from how often each pattern came among the pairs that share a key (expectation–maximisation,
 * as Winkler 1988), starting from what is believed, which counts on. No chance is in it and sums are taken in a
 * fixed order: the same counts give the same model.
 */
export function learn(rows: number, counts: ArrayLike<number>, agreeing: readonly Agreeing[]): Model {
  const pairs = Math.max(1, (rows * (rows - 1)) / 2);
  const seen = seenIn(counts);
  const believed = Math.min(rows, BELIEVED_ROWS);
  const leastHousehold = (LEAST_HOUSEHOLD * believed) / pairs;
  const leastTwins = (LEAST_TWINS * believed) / pairs;
  let model: Model = {
    rows,
    duplicates: 0,
    same: BELIEVED_SAME,
    chance: chances(agreeing, 0, BELIEVED_SAME),
    share: { same: Math.min(0.3, rows / 10 / pairs), household: leastHousehold, twins: leastTwins },
  };
  for (let round = 0; round < ROUNDS; round++) {
    const { found, tally } = expected(model, seen);
    const same = tally.map((sums, field) => bounded(sums, field));
    const household = Math.max(leastHousehold, found.household / pairs);
    model = {
      rows,
      duplicates: rows === 0 ? 0 : Math.min(MOST_DUPLICATES, (2 * found.same) / rows),
      same,
      chance: chances(agreeing, found.same / pairs, same),
      share: {
        same: Math.min(0.5, Math.max(leastSame(rows), found.same) / pairs),
        household,
        twins: Math.min(
          Math.max(leastTwins, found.twins / pairs),
          Math.max(leastTwins, household * MOST_TWINS),
        ),
      },
    };
  }
  return model;
}

interface Seen {
  readonly count: number;
  readonly levels: readonly number[];
}

/** The patterns that came, in their own order. */
function seenIn(counts: ArrayLike<number>): Seen[] {
  const seen: Seen[] = [];
  for (let pattern = 0; pattern < PATTERNS; pattern++) {
    const count = counts[pattern] as number;
    if (count > 0) seen.push({ count, levels: FIELDS.map((_, field) => levelOf(pattern, field)) });
  }
  return seen;
}

/** How many of the pairs are of one person, of a household and of twins by the model, and how those of one agree. */
function expected(
  model: Model,
  seen: readonly Seen[],
): { readonly found: Model['share']; readonly tally: readonly (readonly number[])[] } {
  const tally = BELIEVED_SAME.map((shares) => shares.map((share) => share * BELIEF));
  const found = { same: 0, household: 0, twins: 0 };
  const likelihood = likelihoods(model);
  for (const { count, levels } of seen) {
    const of = likelihood(levels);
    const whole = of.same + of.chance + of.household + of.twins;
    const same = (count * of.same) / whole;
    found.same += same;
    found.household += (count * of.household) / whole;
    found.twins += (count * of.twins) / whole;
    for (const [field, level] of levels.entries()) {
      const sums = tally[field] as number[];
      if (level !== MISSING) sums[level] = (sums[level] as number) + same;
    }
  }
  return { found, tally };
}

/**
 * The model for records that match nothing so far. Where nearly everybody is on both of two lists, one that has found
 * nobody likely has its fellow among the others that have not; among people who are mostly listed once it is the
 * other way round, and the model stays as it was.
 */
export function learnLonely(model: Model, rows: number, counts: ArrayLike<number>): Model {
  const pairs = Math.max(1, (rows * (rows - 1)) / 2);
  const seen = seenIn(counts);
  // Those who match nothing live together as often as others do, or, whole households at most, so much more often.
  const most = model.rows / Math.max(1, rows);
  const within = (usual: number, found: number): number => Math.min(usual * most, Math.max(usual, found));
  let share = model.share;
  for (let round = 0; round < ROUNDS; round++) {
    const { found } = expected({ ...model, share }, seen);
    share = {
      same: Math.min(MOST_LONELY, found.same / pairs),
      household: within(model.share.household, found.household / pairs),
      twins: within(model.share.twins, found.twins / pairs),
    };
  }
  return share.same > model.share.same ? { ...model, share } : model;
}

/** Shares that sum to 1 and keep to the bounds. */
function bounded(sums: readonly number[], field: number): number[] {
  const all = sums.reduce((sum, one) => sum + one, 0);
  const most = MOST_DIFFERENT[field] as readonly number[];
  const shares = sums.map((one, level) => {
    const share = one / all;
    const bound = most[level] as number;
    return bound > 0 && share > bound ? bound : share;
  });
  const others = shares.reduce((sum, one, level) => (level === SAME ? sum : sum + one), 0);
  const room = 1 - (LEAST_SAME[field] as number);
  const scale = others > room ? room / others : 1;
  return shares.map((share, level) => (level === SAME ? 1 - others * scale : share * scale));
}

/** How often strangers agree: what the register shows, less the pairs of one person, beside what is believed. */
function chances(agreeing: readonly Agreeing[], sameShare: number, same: Model['same']): number[][] {
  return agreeing.map(({ pairs, agree, counted }, field) => {
    const believed = BELIEVED_CHANCE[field] as readonly number[];
    const strangers = pairs * (1 - sameShare);
    const levels = agree.map((count, level) => {
      if (level === MISSING || level === DIFFERENT) return 0;
      const own = pairs * sameShare * ((same[field] as readonly number[])[level] as number);
      const left = counted.includes(level) ? Math.max(0, count - own) : count;
      return (left + (believed[level] as number) * CHANCE_BELIEF) / (strangers + CHANCE_BELIEF);
    });
    const known = levels.reduce((sum, one) => sum + one, 0);
    levels[DIFFERENT] = Math.max(1e-3, 1 - known);
    return levels;
  });
}

/** The likelihood of a pattern under each of the four, with how usual it is. A missing field says nothing. */
export function likelihoods({
  same,
  chance,
  share,
}: Model): (levels: readonly number[]) => Record<'same' | 'chance' | 'household' | 'twins', number> {
  const strangers = Math.max(FEWEST_STRANGERS, 1 - share.same - share.household - share.twins);
  const numbers = withSame(chance[4] as readonly number[], HOUSEHOLD.sameNumber);
  const relations = {
    same,
    chance,
    household: [
      withSame(
        chance[0] as readonly number[],
        Math.max(HOUSEHOLD.given[SAME] as number, chance[0]?.[SAME] ?? 0),
      ),
      HOUSEHOLD.surname,
      chance[2] as readonly number[],
      HOUSEHOLD.postcode,
      numbers,
    ],
    twins: [TWINS.given, HOUSEHOLD.surname, TWINS.dob, HOUSEHOLD.postcode, numbers],
  };
  const product = (table: readonly (readonly number[])[], levels: readonly number[]): number => {
    let value = 1;
    for (let field = 0; field < levels.length; field++) {
      const level = levels[field] as number;
      if (level !== MISSING) value *= Math.max(FEWEST, table[field]?.[level] ?? 0);
    }
    return value;
  };
  return (levels) => ({
    same: share.same * product(relations.same, levels),
    chance: strangers * product(relations.chance, levels),
    household: share.household * product(relations.household, levels),
    twins: share.twins * product(relations.twins, levels),
  });
}

const withSame = (levels: readonly number[], same: number): readonly number[] =>
  Array.from({ length: LEVELS }, (_, level) => (level === SAME ? same : (levels[level] ?? 0)));
