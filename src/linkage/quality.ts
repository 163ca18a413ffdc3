import { BANDS, type Band, MATCH } from './bands.ts';
import type { Suggestion } from './link.ts';

/** How good suggestions are, measured against who is who. null where there is nothing to measure. */
export interface Quality {
  readonly pairs: number;
  /** The share of the pairs that are one person. */
  readonly precision: number | null;
  /** The share of all pairs of one person that are among them. */
  readonly recall: number | null;
  readonly f1: number | null;
}

export interface Measured {
  readonly bands: readonly (Quality & { readonly band: Band })[];
  /** All pairs of a probability of at least 0.5, in whatever band. */
  readonly overall: Quality;
}

/** Measures suggestions; `same` says whether two ids are one person, `truth` how many such pairs there are. */
export function measure(
  suggestions: readonly Suggestion[],
  same: (idA: string, idB: string) => boolean,
  truth: number,
): Measured {
  const of = (chosen: readonly Suggestion[]): Quality => {
    const right = chosen.filter(({ idA, idB }) => same(idA, idB)).length;
    const precision = chosen.length === 0 ? null : right / chosen.length;
    const recall = truth === 0 ? null : right / truth;
    const f1 = chosen.length + truth === 0 ? null : (2 * right) / (chosen.length + truth);
    return { pairs: chosen.length, precision: rounded(precision), recall: rounded(recall), f1: rounded(f1) };
  };
  return {
    bands: BANDS.map((band) => ({ band, ...of(suggestions.filter((one) => one.band === band)) })),
    overall: of(suggestions.filter(({ probability }) => probability >= MATCH)),
  };
}

const rounded = (share: number | null): number | null =>
  share === null ? null : Math.round(share * 1e6) / 1e6;
