import type { Doc } from '../core/change.ts';

/** What is wrong with the lists that a document stands on, in words; undefined when they are exactly these. */
export function listedAs(
  { lists = {} }: Doc,
  expected: Readonly<Record<string, string>>,
): string | undefined {
  for (const name of new Set([...Object.keys(lists), ...Object.keys(expected)])) {
    if (lists[name] === expected[name]) continue;
    return `on the list ${name} it stands at ${lists[name] ?? 'no place'} and not at ${expected[name] ?? 'none'}`;
  }
  return undefined;
}
