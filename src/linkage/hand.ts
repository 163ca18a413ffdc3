import { LEAST, MATCH } from './bands.ts';
import { type Order, sortKind } from './blocks.ts';
import type { Columns } from './columns.ts';
import { fillKeys } from './keys.ts';
import type { Model } from './learn.ts';
import { PATTERNS } from './levels.ts';
import { comparePart, type Pairs } from './pairs.ts';
import { createScorer, type Scorer } from './score.ts';

/** Two rows, how they agree, and how likely they are one person. */
export interface Scored {
  readonly a: number;
  readonly b: number;
  readonly pattern: number;
  readonly probability: number;
}

/** Scored pairs as columns, which travel between threads. */
export interface ScoredColumns {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly patterns: Uint16Array;
  readonly probabilities: Float64Array;
}

/** One part of linking a register. Whoever does them, all parts together give the same. */
export type Task =
  | { readonly do: 'keys'; readonly from: number; readonly to: number }
  | { readonly do: 'sort'; readonly kinds: readonly number[] }
  | {
      readonly do: 'compare';
      readonly orders: readonly Order[];
      readonly part: number;
      readonly parts: number;
    }
  | { readonly do: 'match'; readonly model: Model; readonly holders: Uint8Array }
  | { readonly do: 'count lonely'; readonly matched: Uint8Array }
  | { readonly do: 'score'; readonly lonely: Model; readonly matched: Uint8Array };

/** What each task gives. */
export interface Answers {
  readonly keys: undefined;
  readonly sort: readonly Order[];
  readonly compare: { readonly counts: Float64Array; readonly pairs: number };
  readonly match: Uint32Array;
  readonly 'count lonely': Float64Array;
  readonly score: ScoredColumns;
}
export type Answer = Answers[keyof Answers];

/** Does the tasks of a part, and keeps the pairs it found from one to the next. */
export function createHand(columns: Columns, keys: Uint32Array): (task: Task) => Answer {
  let pairs: Pairs | undefined;
  let scorer: Scorer | undefined;
  let shared: Uint8Array = new Uint8Array(0);

  const probability = (by: Scorer, { a, b, patterns }: Pairs, at: number): number => {
    const left = a[at] as number;
    const pattern = patterns[at] as number;
    return by.probability(columns, left, b[at] as number, pattern, shared[left] as number);
  };
  const needed = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('a task came before the one that it needs');
    return value;
  };

  return (task) => {
    switch (task.do) {
      case 'keys':
        fillKeys(columns, keys, task.from, task.to);
        return undefined;
      case 'sort':
        return task.kinds.map((kind) => sortKind(keys, columns.size, kind));
      case 'compare':
        pairs = comparePart(columns, keys, task.orders, task.part, task.parts);
        return { counts: pairs.counts, pairs: pairs.a.length };
      case 'match': {
        const all = needed(pairs);
        scorer = createScorer(task.model);
        shared = task.holders;
        const rows = new Set<number>();
        for (let at = 0; at < all.a.length; at++) {
          if (scorer.hopeless(all.patterns[at] as number) || probability(scorer, all, at) < MATCH) continue;
          rows.add(all.a[at] as number).add(all.b[at] as number);
        }
        return Uint32Array.from(rows);
      }
      case 'count lonely': {
        const { a, b, patterns } = needed(pairs);
        const counts = new Float64Array(PATTERNS);
        for (let at = 0; at < a.length; at++) {
          if (task.matched[a[at] as number] === 1 || task.matched[b[at] as number] === 1) continue;
          const pattern = patterns[at] as number;
          counts[pattern] = (counts[pattern] as number) + 1;
        }
        return counts;
      }
      case 'score': {
        const all = needed(pairs);
        const usual = needed(scorer);
        const lonely = createScorer(task.lonely);
        const kept: number[] = [];
        const probabilities: number[] = [];
        for (let at = 0; at < all.a.length; at++) {
          if (lonely.hopeless(all.patterns[at] as number)) continue;
          const alone = task.matched[all.a[at] as number] === 0 && task.matched[all.b[at] as number] === 0;
          const found = probability(alone ? lonely : usual, all, at);
          if (found < LEAST) continue;
          kept.push(at);
          probabilities.push(found);
        }
        return {
          a: Uint32Array.from(kept, (at) => all.a[at] as number),
          b: Uint32Array.from(kept, (at) => all.b[at] as number),
          patterns: Uint16Array.from(kept, (at) => all.patterns[at] as number),
          probabilities: Float64Array.from(probabilities),
        };
      }
    }
  };
}
