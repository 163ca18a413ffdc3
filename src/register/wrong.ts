import type { Problem } from '../core/errors.ts';

/** What is wrong with a list: a million bad lines are counted, and so many of their values named. */
export interface Wrong {
  readonly first: readonly Problem[];
  readonly values: number;
  readonly lines: number;
}

/** So many wrong values are named. */
export const MOST_NAMED = 1_000;

/** Counts what is wrong with a list, a line at a time. */
export function createWrong() {
  const first: Problem[] = [];
  let values = 0;
  let lines = 0;
  return {
    add(problems: readonly Problem[]): void {
      values += problems.length;
      lines += 1;
      first.push(...problems.slice(0, MOST_NAMED - first.length));
    },
    sum: (): Wrong => ({ first, values, lines }),
  };
}
