import type { TypedRoute } from '../core/routes.ts';

/** What a text asks for. `nearest` is a command that looks like the first word. */
export type Typed =
  | { readonly kind: 'command'; readonly route: TypedRoute; readonly args: string }
  | { readonly kind: 'unknown'; readonly nearest: string | undefined }
  | { readonly kind: 'empty' };

/** Reads what was typed, with or without the slash, in any case. */
export function readTyped(text: string, routes: readonly TypedRoute[]): Typed {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const word = first.toLowerCase().replace(/^\/+/, '');
  if (word === '') return { kind: 'empty' };
  const route = routes.find((one) => one.command === `/${word}`);
  if (route) return { kind: 'command', route, args: rest.join(' ') };
  return {
    kind: 'unknown',
    nearest: nearestOf(
      word,
      routes.map((one) => one.command),
    ),
  };
}

/** The command that is the fewest slips away; none where it would take more than a third of the word. */
function nearestOf(word: string, commands: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  let best: { readonly command: string; readonly slips: number } | undefined;
  for (const command of commands) {
    const slips = slipsBetween(word, command.slice(1));
    const allowed = Math.max(1, Math.floor(Math.max(word.length, command.length - 1) / 3));
    if (slips <= allowed && (!best || slips < best.slips)) best = { command, slips };
  }
  return best?.command;
}

/**
 * Letters added, left out, changed or swapped with their neighbour between two words: the optimal string
 * alignment distance.
 */
export function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
