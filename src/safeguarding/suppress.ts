/**
 * Figures about concerns for people who may not know of a single one: from them no small number (1 to 4) can be worked
 * out, neither from totals nor by comparing partners, tables or months.
 *
 * NHS England's rule for hospital statistics (hide small counts, round the others to the nearest 5, each by itself) is
 * not enough here: two hidden counts under a total that rounds to 10 are 4 and 4. Rounding at random, each figure by
 * itself, is not enough either: see "Random (Un)rounding", arXiv 2307.13859, on the Canadian census. So the figures are
 * not hidden one by one. Of each partner's concerns in a month every fifth counts, for five, and everything that is
 * published is a sum of these. Why that is safe, for one partner and month:
 *
 * - What is published could be true as it stands: all tables have one total. Then any of its figures may really be up
 *   to 4 more (the total with it, and one figure of each other table), or, if it is not 0, up to 4 less, and the same
 *   could have been published. So each figure has at least five possible values, and 1 to 4 are among them for a 0
 *   and for a 5, which are all that a small number can be published as.
 * - Partners and months are drawn by themselves. Whoever knows all figures of all partners but one, or of all months
 *   but one, knows no more of that one.
 *
 * Two conditions, which the caller keeps: a month is published once, and what was published is what is shown ever
 * after (two draws of the same would tell more than one); and no table's category follows from another table's.
 */

/** Small numbers end below it, and every published figure is a multiple of it. */
export const BASE = 5;

/** How often each category of a table occurs; whole numbers, 0 or more. */
export type Counts = Readonly<Record<string, number>>;

/** One table of one partner's month by the name of what it counts by, as `theme`; all tables add up to one total. */
export type Tables = Readonly<Record<string, Counts>>;

/** A number from 0 up to but not including 1 that nobody can foresee. */
export type Draw = () => number;

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/** The categories in an order by chance, all orders equally likely (Fisher and Yates). */
function shuffled<T>(things: readonly T[], draw: Draw): T[] {
  const order = [...things];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(draw() * (at + 1));
    [order[at], order[other]] = [order[other] as T, order[at] as T];
  }
  return order;
}

/** How many of the first `count` concerns are counted, when the first that counts is number `start` (1 to 5). */
const hits = (count: number, start: number): number =>
  count < start ? 0 : Math.floor((count - start) / BASE) + 1;

/** One table, in which every fifth concern counts for five: each figure is right on average, and less than 5 off. */
function thinned(counts: Counts, start: number, draw: Draw): Counts {
  const published: Record<string, number> = Object.fromEntries(Object.keys(counts).map((key) => [key, 0]));
  let before = 0;
  for (const [key, count] of shuffled(Object.entries(counts), draw)) {
    published[key] = BASE * (hits(before + count, start) - hits(before, start));
    before += count;
  }
  return published;
}

/**
 * What may be published of one partner's month.
 * @throws RangeError if a count is no whole number from 0 on, or the tables do not add up to the same.
 */
export function publishable(tables: Tables, draw: Draw): Tables {
  const each = Object.values(tables).map((counts) => Object.values(counts));
  if (each.flat().some((count) => !Number.isSafeInteger(count) || count < 0))
    throw new RangeError('counts are whole numbers from 0 on');
  if (new Set(each.map(sum)).size > 1) throw new RangeError('all tables count the same concerns');
  const start = 1 + Math.floor(draw() * BASE);
  return Object.fromEntries(
    Object.entries(tables).map(([name, counts]) => [name, thinned(counts, start, draw)]),
  );
}

/** The sum of what was published of several partners or months; of nothing, nothing. */
export function together(parts: readonly Tables[]): Tables {
  const all: Record<string, Record<string, number>> = {};
  for (const part of parts) {
    for (const [name, counts] of Object.entries(part)) {
      all[name] ??= {};
      const table = all[name];
      for (const [key, count] of Object.entries(counts)) table[key] = (table[key] ?? 0) + count;
    }
  }
  return all;
}

/** The total of published tables: that of any of them. */
export const totalOf = (tables: Tables): number => sum(Object.values(Object.values(tables)[0] ?? {}));

/** A published figure as it reads: 0 would read as none, and may be some. */
export const figureText = (published: number): string =>
  published === 0 ? 'few or none' : `about ${published}`;
