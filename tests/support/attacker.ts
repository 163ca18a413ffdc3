/** Somebody who works out hidden counts: whole unknowns from 0 on, and what was published as bounds of their sums. */

/** One thing that is known: the sum of some unknowns, each times a factor, lies between two bounds. */
export interface Fact {
  readonly terms: readonly (readonly [unknown: string, factor: number])[];
  readonly from: number;
  readonly to: number;
}

type Ranges = Map<string, readonly [number, number]>;

/** No unknown is looked for above it. */
const MOST = 60;

/** A search that long is a bug of the test: it fails rather than takes "not found" for "impossible". */
const STEPS = 200_000;

/** The bounds of one unknown times its factor. */
const reach = ([low, high]: readonly [number, number], factor: number): readonly [number, number] =>
  factor > 0 ? [low * factor, high * factor] : [high * factor, low * factor];

/** Narrows all ranges by all facts until nothing moves; false when there is a contradiction. */
function narrow(ranges: Ranges, facts: readonly Fact[]): boolean {
  for (let moved = true; moved; ) {
    moved = false;
    for (const { terms, from, to } of facts) {
      const reaches = terms.map(([name, factor]) => reach(ranges.get(name) ?? [0, MOST], factor));
      const low = reaches.reduce((all, [one]) => all + one, 0);
      const high = reaches.reduce((all, [, one]) => all + one, 0);
      if (low > to || high < from) return false;
      for (const [at, [name, factor]] of terms.entries()) {
        const [mine, most] = reaches[at] ?? [0, 0];
        const least = from - (high - most);
        const top = to - (low - mine);
        const [was, till] = ranges.get(name) ?? [0, MOST];
        const ends = factor > 0 ? [least / factor, top / factor] : [top / factor, least / factor];
        const now: [number, number] = [
          Math.max(was, Math.ceil(ends[0] ?? 0)),
          Math.min(till, Math.floor(ends[1] ?? 0)),
        ];
        if (now[0] > now[1]) return false;
        if (now[0] > was || now[1] < till) {
          ranges.set(name, now);
          moved = true;
          break;
        }
      }
    }
  }
  return true;
}

/** A world in which all facts hold, if there is one: the search is complete. */
export function worldOf(facts: readonly Fact[]): ReadonlyMap<string, number> | undefined {
  let steps = 0;
  function look(ranges: Ranges): Ranges | undefined {
    steps += 1;
    if (steps > STEPS) throw new Error('the attacker did not come to an end');
    if (!narrow(ranges, facts)) return undefined;
    const open = [...ranges].filter(([, [low, high]]) => low < high);
    const [next] = open.sort(([, a], [, b]) => a[1] - a[0] - (b[1] - b[0]));
    if (!next) return ranges;
    const [name, [low, high]] = next;
    const middle = Math.floor((low + high) / 2);
    const halves: [number, number][] = [
      [low, middle],
      [middle + 1, high],
    ];
    for (const half of halves) {
      const found = look(new Map(ranges).set(name, half));
      if (found) return found;
    }
    return undefined;
  }
  const names = new Set(facts.flatMap(({ terms }) => terms.map(([name]) => name)));
  const found = look(new Map([...names].map((name) => [name, [0, MOST]])));
  return found && new Map([...found].map(([name, [only]]) => [name, only]));
}

/** The values from 0 to 12 that a sum of unknowns can have; stops when `enough` are found. */
export function valuesOf(target: readonly string[], facts: readonly Fact[], enough: number): number[] {
  const found: number[] = [];
  for (let value = 0; value <= 12 && found.length < enough; value += 1) {
    const guess = { terms: target.map((name) => [name, 1] as const), from: value, to: value };
    if (worldOf([...facts, guess])) found.push(value);
  }
  return found;
}
