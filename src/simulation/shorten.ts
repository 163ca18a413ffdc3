import type { Broken } from './invariants.ts';
import { type RunOptions, run } from './run.ts';
import { beginning } from './script.ts';

/** A history that breaks the same invariant with as little as could be found. */
export interface Shortened {
  /** The happenings of the script that it takes, by their places. */
  readonly only: readonly number[];
  readonly broken: Broken;
  /** What happened, a line each. */
  readonly trace: readonly string[];
}

/**
 * Leaves out happenings, halves first and then ever smaller parts, while the same invariant still breaks.
 * Runs the world at most `tries` times, and once more to tell the history.
 */
export async function shorten(options: RunOptions, broken: Broken, tries = 40): Promise<Shortened> {
  const { script } = await run({ ...options, until: 0, only: [] });
  const until = Date.parse(broken.at) - Date.parse(beginning(options.seed));
  const given = options.only ?? script.map((_, at) => at);
  let only = given.filter((at) => (script[at]?.at ?? Number.POSITIVE_INFINITY) <= until);
  let least = broken;
  let left = tries;
  for (let parts = 2; parts <= only.length && left > 0; ) {
    const size = Math.ceil(only.length / parts);
    let smaller = false;
    for (let from = 0; from < only.length && left > 0; from += size) {
      const without = [...only.slice(0, from), ...only.slice(from + size)];
      left--;
      const found = (await run({ ...options, only: without, traced: false })).broken;
      if (found?.invariant !== broken.invariant) continue;
      only = without;
      least = found;
      smaller = true;
      break;
    }
    if (smaller) parts = Math.max(2, parts - 1);
    else if (size === 1) break;
    else parts = Math.min(only.length, parts * 2);
  }
  const told = await run({ ...options, only, traced: true });
  return { only, broken: told.broken ?? least, trace: told.trace };
}

/** How many lines of a history are shown at most: its end. */
const LINES = 80;

/** The lines of a history that bear on what broke: its case, the workers and what befell the world. */
export function historyOf({ trace, broken }: Pick<Shortened, 'trace' | 'broken'>): string[] {
  const { caseId } = broken;
  const bears = (line: string): boolean =>
    caseId === undefined || line.includes(caseId) || /Z (?:world|worker \d+|agreement|mistake): /.test(line);
  return trace
    .filter(bears)
    .slice(-LINES)
    .map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line));
}
