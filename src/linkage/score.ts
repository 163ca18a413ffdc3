import { LEAST } from './bands.ts';
import type { Columns } from './columns.ts';
import { likelihoods, type Model } from './learn.ts';
import { FIELDS, LEVELS, levelOf, PATTERNS, SAME, SWAPPED } from './levels.ts';

/** How likely two rows are one person. */
export interface Scorer {
  /** Does the pattern stay below `LEAST`, however rare the values that agree? */
  hopeless(pattern: number): boolean;
  /** Probability, 0 to 1, of two rows that agree in `pattern`; `holders` of the NHS number where both hold it. */
  probability(columns: Columns, a: number, b: number, pattern: number, holders: number): number;
}

/** A pattern under each of the four that it may be, before values are looked at. */
interface Weighed {
  readonly same: number;
  readonly chance: number;
  readonly household: number;
  readonly twins: number;
  readonly hopeless: boolean;
}

/** A value that only so many others hold counts at the least as if this many more did. */
const UNSEEN = 1;

/**
 * Scores pairs by a model. A value that both share counts by how rare it is (term frequency; Winkler 1989): two
 * people called Smith agree by chance more often than two called Featherstonehaugh.
 */
export function createScorer(model: Model): Scorer {
  const { rows, duplicates, chance } = model;
  const usual = chance.map((levels) => levels[SAME] as number);
  /** How often strangers have a value that `count` rows hold. */
  const rate = (field: number, count: number): number => {
    const others = Math.max(0, count - 1 - duplicates);
    return (others + UNSEEN) / (rows + UNSEEN / (usual[field] as number));
  };
  const factor = (field: number, count: number): number => rate(field, count) / (usual[field] as number);
  /** How often a stranger has this full name, each name as the other. */
  const fullName = ({ names }: Columns, given: number, surname: number): number =>
    rate(0, names.counts[given] as number) * rate(1, names.others[surname] as number);
  const likelihood = likelihoods(model);
  const weighed = new Array<Weighed | undefined>(PATTERNS).fill(undefined);

  function weigh(pattern: number): Weighed {
    const known = weighed[pattern];
    if (known) return known;
    const of = likelihood(FIELDS.map((_, field) => levelOf(pattern, field)));
    let rarest = levelOf(pattern, 0) === SWAPPED ? 0 : 1;
    for (const field of FIELDS.keys()) if (levelOf(pattern, field) === SAME) rarest *= factor(field, 0);
    const date = levelOf(pattern, 2) === SAME ? factor(2, 0) : 1;
    const other = of.chance * rarest + of.household * date + of.twins;
    const made = { ...of, hopeless: of.same < LEAST * (of.same + other) };
    weighed[pattern] = made;
    return made;
  }

  return {
    hopeless: (pattern) => weigh(pattern).hopeless,
    probability(columns, a, b, pattern, holders) {
      let rarity = 1;
      let date = 1;
      let number = 1;
      const first = Math.floor(pattern / 1296);
      if (first === SAME) {
        rarity *= factor(0, columns.names.counts[columns.given[a] as number] as number);
      } else if (first === SWAPPED) {
        // One of the two names is right, either of them: strangers' chance is that of the rarer, twice.
        const left = fullName(columns, columns.given[a] as number, columns.surname[a] as number);
        const right = fullName(columns, columns.given[b] as number, columns.surname[b] as number);
        rarity *= (2 * left * right) / (left + right) / (chance[0]?.[SWAPPED] ?? 1);
      }
      if (Math.floor(pattern / 216) % LEVELS === SAME) {
        rarity *= factor(1, columns.names.others[columns.surname[a] as number] as number);
      }
      if (Math.floor(pattern / 36) % LEVELS === SAME) {
        date = factor(2, columns.dates.counts[columns.dob[a] as number] as number);
      }
      if (Math.floor(pattern / 6) % LEVELS === SAME) {
        rarity *= factor(3, columns.postcodes.counts[columns.postcode[a] as number] as number);
      }
      if (pattern % LEVELS === SAME) number = factor(4, holders);
      const of = weigh(pattern);
      const other = of.chance * rarity * date * number + of.household * date + of.twins;
      return of.same / (of.same + other);
    },
  };
}
