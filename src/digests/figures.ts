import type { Instant } from '../core/clock.ts';
import {
  FIGURES,
  type Figures,
  type Findings,
  LINES,
  type Line,
  type ListStands,
  type Scope,
} from './digest.ts';

/** The sum of each figure; what none of them counted is missing. */
export function sum(all: readonly Figures[]): Figures {
  const added = FIGURES.flatMap((figure) => {
    const known = all.flatMap((one) => one[figure] ?? []);
    return known.length === 0 ? [] : [[figure, known.reduce((total, one) => total + one, 0)] as const];
  });
  return Object.fromEntries(added);
}

/** What is left of totals when the parts are taken off; never below nothing, as they were not read at one moment. */
export function rest(totals: Figures, parts: Figures): Figures {
  return Object.fromEntries(
    FIGURES.flatMap((figure) => {
      const total = totals[figure];
      return total === undefined ? [] : [[figure, Math.max(0, total - (parts[figure] ?? 0))] as const];
    }),
  );
}

export const isNothing = (figures: Figures): boolean =>
  FIGURES.every((figure) => (figures[figure] ?? 0) === 0);

/** What the reader of a scope sees. */
export interface Seen {
  readonly figures: Figures;
  readonly lines: readonly Line[];
  readonly caseloads: readonly ListStands[];
}

const within = (scope: Scope, provider: string): boolean => scope === 'all' || scope.includes(provider);

/** The figures of a scope and its most urgent lines: the longest past its time first, then by id. */
export function seenBy({ parts, caseloads }: Pick<Findings, 'parts' | 'caseloads'>, scope: Scope): Seen {
  const seen = parts.filter(({ provider }) => within(scope, provider));
  return {
    figures: sum(seen.map(({ figures }) => figures)),
    lines: firstOf(seen.flatMap(({ lines }) => lines)),
    caseloads: caseloads.filter(({ provider }) => within(scope, provider)),
  };
}

/** The most urgent of some lines. */
export const firstOf = (lines: readonly Line[]): readonly Line[] =>
  lines.toSorted((one, other) => (place(one) < place(other) ? -1 : 1)).slice(0, LINES);

const place = ({ needBy, kind, id, handoverId = '' }: Line): string =>
  [needBy, kind, id, handoverId].join('|');

/** Was it open when the digest of the week before was made? */
export const isCarried = ({ since }: Line, before: Instant | undefined): boolean =>
  before !== undefined && since <= before;
