import { doubtOf, MATCH } from './bands.ts';
import type { Scored } from './hand.ts';
import { LARGEST } from './keys.ts';

/** How much one pair can say for or against joining two groups, in natural log odds. */
const LOUDEST = 8;
/** Against it less: errors come several in one record, and a pair that shares no key was hardly looked at. */
const LOUDEST_AGAINST = 3;
/** A pair in doubt and less likely than this keeps two groups apart, whatever the others say. */
const VETO = 0.02;
/** A pair that only a third record speaks for is never more than likely. */
const MOST_IMPLIED = 0.95;
/** A pair whose records belong to two people by all the others. */
const MOST_RIVALLED = 0.49;

/** A pair after its neighbours were heard. */
export interface Judged extends Scored {
  /** Why its probability is not its own: a third record matches both, or one of them matches others better. */
  readonly by?: 'third' | 'rival';
}

export interface Grouped {
  readonly pairs: readonly Judged[];
  /** Rows of one person, three or more, as far as pairs may be joined. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * Joins pairs into groups, and lets the groups speak on pairs. To follow every pair wherever it leads puts whole
 * households into one person, since one wrong pair is enough. So groups grow from the surest pair on, and two are
 * joined only if all the pairs between them together speak for it and none that is in doubt speaks against it. A
 * pair within a group that is no match by itself gains by the record that matches both; one between two groups that
 * did not join goes to review. `score` gives any other pair. Ties go by id, so that the order of the lines cannot
 * matter.
 */
export function group(
  ids: readonly string[],
  pairs: readonly Scored[],
  score: (a: number, b: number) => Scored,
): Grouped {
  const rows = ids.length;
  const keyOf = (a: number, b: number): number => (a < b ? a * rows + b : b * rows + a);
  const known = new Map<number, Scored>();
  for (const pair of pairs) known.set(keyOf(pair.a, pair.b), pair);
  const between = (a: number, b: number): Scored => known.get(keyOf(a, b)) ?? score(a, b);

  const members = new Map<number, readonly number[]>();
  const groupOf = (row: number): readonly number[] => members.get(row) ?? [row];
  for (const { a, b } of surestFirst(ids, pairs)) {
    const left = groupOf(a);
    const right = groupOf(b);
    if (left === right || !mayJoin(left, right, between)) continue;
    const joined = [...left, ...right];
    for (const row of joined) members.set(row, joined);
  }

  const judged = new Map<number, Judged>(known);
  for (const [key, pair] of known) {
    if (!isSure(pair) || groupOf(pair.a) === groupOf(pair.b)) continue;
    judged.set(key, { ...pair, probability: Math.min(pair.probability, MOST_RIVALLED), by: 'rival' });
  }
  const groups = [...new Set(members.values())].filter((one) => one.length > 2);
  for (const one of groups) {
    for (const [at, a] of one.entries()) {
      for (const b of one.slice(at + 1)) {
        const pair = between(a, b);
        const implied = impliedBy(one, a, b, between);
        if (pair.probability >= MATCH || implied < MATCH) continue;
        judged.set(keyOf(a, b), { ...pair, probability: implied, by: 'third' });
      }
    }
  }
  return { pairs: [...judged.values()], groups };
}

const isSure = ({ probability, pattern }: Scored): boolean =>
  probability >= MATCH && doubtOf(pattern) === undefined;

function surestFirst(ids: readonly string[], pairs: readonly Scored[]): Scored[] {
  const sure = pairs.filter(isSure).map((pair) => {
    const left = ids[pair.a] as string;
    const right = ids[pair.b] as string;
    return left < right ? { pair, first: left, second: right } : { pair, first: right, second: left };
  });
  return sure
    .sort((p, q) => {
      const by = q.pair.probability - p.pair.probability;
      if (by !== 0) return by;
      if (p.first !== q.first) return p.first < q.first ? -1 : 1;
      return p.second < q.second ? -1 : 1;
    })
    .map(({ pair }) => pair);
}

function mayJoin(
  left: readonly number[],
  right: readonly number[],
  between: (a: number, b: number) => Scored,
): boolean {
  if (left.length + right.length > LARGEST) return false;
  // One by one in order of size, since sums of fractions depend on their order and the order of a group on the lines.
  const odds: number[] = [];
  for (const a of left) {
    for (const b of right) {
      const { probability, pattern } = between(a, b);
      const doubt = doubtOf(pattern);
      if (doubt === 'two numbers' || (probability < VETO && doubt !== undefined)) return false;
      odds.push(Math.max(-LOUDEST_AGAINST, Math.min(LOUDEST, Math.log(probability / (1 - probability)))));
    }
  }
  return odds.sort((p, q) => p - q).reduce((sum, one) => sum + one, 0) > 0;
}

/** How likely two of a group are one person by the record that speaks best for both. */
function impliedBy(
  one: readonly number[],
  a: number,
  b: number,
  between: (a: number, b: number) => Scored,
): number {
  let best = 0;
  for (const third of one) {
    if (third === a || third === b) continue;
    best = Math.max(best, between(a, third).probability * between(third, b).probability);
  }
  return Math.min(best, MOST_IMPLIED);
}
