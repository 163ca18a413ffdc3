import { type Agreement, outsideOf } from '../agreement/agreement.ts';
import { type Scope, within } from '../agreement/scope.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import type { Arrivals } from '../handovers/arrivals.ts';
import {
  FIGURES,
  type Figure,
  type Figures,
  type Findings,
  KEPT,
  LINE_KINDS,
  LINES,
  type Line,
  type ListStands,
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

/** A hundred cases compared leave nothing to do. */
const TO_DO = FIGURES.filter((figure) => figure !== 'cases');

/** Is nothing of it left to do, as far as it was counted? */
export const isNothing = (figures: Figures): boolean => TO_DO.every((figure) => (figures[figure] ?? 0) === 0);

/** What the reader of a scope sees. */
export interface Seen {
  readonly figures: Figures;
  readonly lines: readonly Line[];
  readonly caseloads: readonly ListStands[];
}

/** The figures of a scope and its first lines. */
export function seenBy(
  { parts, caseloads }: Pick<Findings, 'parts' | 'caseloads'>,
  scope: Scope,
  most: number = LINES,
): Seen {
  const seen = parts.filter(({ provider }) => within(scope, provider));
  return {
    figures: sum(seen.map(({ figures }) => figures)),
    lines: firstOf(
      seen.flatMap(({ lines }) => lines),
      most,
    ),
    caseloads: caseloads.filter(({ provider }) => within(scope, provider)),
  };
}

/**
 * The first of some lines, in their order: of each kind the most urgent, so that none is hidden behind another,
 * and then the most urgent of all. Of parts the first of their first lines are those of the whole.
 */
export function firstOf(lines: readonly Line[], most: number = KEPT): readonly Line[] {
  const sorted = inOrder(lines);
  const heads = new Set(
    LINE_KINDS.flatMap((kind) => sorted.find((line) => line.kind === kind && !isOfPair(line)) ?? []).slice(
      0,
      most,
    ),
  );
  const others = sorted.filter((line) => !heads.has(line)).slice(0, most - heads.size);
  return inOrder([...heads, ...others]);
}

/** That two cases may be one person is a mismatch as well; the pair stands for it. */
const isOfPair = ({ kind, what }: Line): boolean => kind === 'mismatch' && what === 'duplicate';

/** The longest past its time first, then by id. */
export const inOrder = (lines: readonly Line[]): readonly Line[] =>
  lines.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));

const WEEK_MS = 7 * 24 * 60 * 60_000;

const place = ({ needBy, since, kind, id, handoverId, other, what }: Line): string =>
  // What nobody was given a time for is to be looked at by the next weekly meeting.
  [needBy ?? plusMs(since, WEEK_MS), kind, id, handoverId ?? other ?? what ?? ''].join('|');

/** Was it open when the digest of the week before was made? */
export const isCarried = ({ since }: Line, before: Instant | undefined): boolean =>
  before !== undefined && since <= before;

/** The figures that add up to how many lines there are. */
const OF_LINES: readonly Figure[] = [
  'duplicates',
  'unowned',
  'actionsOpen',
  'handoversUnanswered',
  'handoversRejected',
  'mismatches',
];

/** How many lines there are in all, kept or not. */
export const linesIn = (figures: Figures): number =>
  OF_LINES.reduce((total, figure) => total + (figures[figure] ?? 0), 0);

/** How what the senders of a scope offered came: a provider's own, and those of the senders whose cases it keeps. */
export const arrivalsIn = (
  { arrivals = [] }: Findings,
  scope: Scope,
  terms: Agreement,
): readonly Arrivals[] =>
  arrivals.filter(({ from }) => within(scope, outsideOf(terms, from)?.keptBy.provider ?? from));
