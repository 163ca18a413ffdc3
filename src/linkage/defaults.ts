import { BOTH_VALID, DIFFERENT, LEVELS, NEAR, PARTLY, SAME, SWAPPED } from './levels.ts';

/**
 * What is believed of a register before it is looked at, by field and level: how often two records of one person
 * agree so far (the m of Fellegi and Sunter 1969). Reasoned, not measured: of a hundred fields that people type, one to
 * five have a slip, fewer in dates than in names. Two or three of a hundred go by quite another first name. A marriage
 * changes a surname. Addresses age: about one in ten people moves in a year, and lists are of different years. A
 * register of a few hundred people keeps to these; a large one overrules them (`BELIEF`).
 */
export const BELIEVED_SAME: readonly (readonly number[])[] = [
  levels({ [SAME]: 0.9, [NEAR]: 0.045, [PARTLY]: 0.025, [DIFFERENT]: 0.024, [SWAPPED]: 0.006 }),
  levels({ [SAME]: 0.9, [NEAR]: 0.04, [PARTLY]: 0.02, [DIFFERENT]: 0.04 }),
  levels({ [SAME]: 0.95, [NEAR]: 0.03, [PARTLY]: 0.01, [DIFFERENT]: 0.01 }),
  levels({ [SAME]: 0.75, [NEAR]: 0.03, [PARTLY]: 0.05, [DIFFERENT]: 0.17 }),
  levels({ [SAME]: 0.93, [NEAR]: 0.04, [DIFFERENT]: 0.02, [BOTH_VALID]: 0.01 }),
];

/**
 * The bounds that learning keeps to: beyond them it has settled on something other than people, such as
 * households, whose given names and birth dates differ.
 */
export const LEAST_SAME: readonly number[] = [0.5, 0.5, 0.6, 0.3, 0.6];
export const MOST_DIFFERENT: readonly (readonly number[])[] = [
  levels({ [DIFFERENT]: 0.15, [SWAPPED]: 0.15 }),
  levels({ [DIFFERENT]: 0.15 }),
  levels({ [DIFFERENT]: 0.08 }),
  levels({ [DIFFERENT]: 0.6 }),
  levels({ [DIFFERENT]: 0.15, [BOTH_VALID]: 0.02 }),
];

/** The belief counts as much as so many pairs that are surely one person. */
export const BELIEF = 40;

/**
 * How often two strangers agree, believed before a register is looked at: common names
 * for common, dates over some 80 years, postcodes within one town, numbers by their ten digits.
 */
export const BELIEVED_CHANCE: readonly (readonly number[])[] = [
  levels({ [SAME]: 0.006, [NEAR]: 0.006, [PARTLY]: 0.015, [SWAPPED]: 1e-7 }),
  levels({ [SAME]: 0.0015, [NEAR]: 0.002, [PARTLY]: 0.008 }),
  levels({ [SAME]: 4e-5, [NEAR]: 1.2e-3, [PARTLY]: 0.0035 }),
  levels({ [SAME]: 5e-4, [NEAR]: 1e-3, [PARTLY]: 0.05 }),
  levels({ [SAME]: 1e-9, [NEAR]: 2e-9, [BOTH_VALID]: 0.9 }),
];
/** That belief counts as much as so many pairs of strangers: those of about 150 people. */
export const CHANCE_BELIEF = 10_000;

/** Two of one household: one address and surname, each to their own otherwise. */
export const HOUSEHOLD = {
  given: levels({ [SAME]: 0.01 }),
  surname: levels({ [SAME]: 0.93, [NEAR]: 0.04, [PARTLY]: 0.02, [DIFFERENT]: 0.01 }),
  postcode: levels({ [SAME]: 0.94, [NEAR]: 0.04, [PARTLY]: 0.01, [DIFFERENT]: 0.01 }),
  /** One's number written on the other's record. */
  sameNumber: 1e-4,
} as const;

/** Twins: a household's birth date too. Their names are more often alike than those of others. */
export const TWINS = {
  given: levels({ [SAME]: 0.002, [NEAR]: 0.03, [PARTLY]: 0.06, [DIFFERENT]: 0.908, [SWAPPED]: 1e-5 }),
  dob: levels({ [SAME]: 0.985, [NEAR]: 0.01, [PARTLY]: 0.0025, [DIFFERENT]: 0.0025 }),
} as const;

/** Pairs of one household, and of twins, for each person, at the least, for up to so many people. */
export const BELIEVED_ROWS = 1_000;
export const LEAST_HOUSEHOLD = 0.02;
export const LEAST_TWINS = 0.001;
/** At the most so many twin pairs to a household pair: about three of a hundred children are twins. */
export const MOST_TWINS = 0.1;

function levels(of: Readonly<Record<number, number>>): readonly number[] {
  return Array.from({ length: LEVELS }, (_, level) => of[level] ?? 0);
}
