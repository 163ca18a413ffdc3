import type { Agreement } from '../agreement/agreement.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import { caseLabel } from '../register/case.ts';
import type { Present, Row } from './commands.ts';
import { type Pair, waits } from './pair.ts';
import { BAND_WORDS, sideBySide, standingText } from './words.ts';

/** Pairs on one page of the list. */
export const ROWS_A_PAGE = 6;

/** What a button about a pair carries. */
export const refOf = ({ a, b, revision }: Pair, terms: Agreement) => ({
  pathway: terms.pathway,
  a,
  b,
  revision,
});

/** `7K2-M4X · J.S. and 9T1-0KV · J.S.` */
const labelOf = ({ a, b, today }: Present): string =>
  `${caseLabel(a.caseId, a.person, today)} and ${caseLabel(b.caseId, b.person, today)}`;
/** The same without initials, for what is read out. */
const idsOf = ({ pair }: Present): string => `${pair.a} and ${pair.b}`;

/** Pairs that wait, or those of one case: register ids and initials only. */
export function pairList(
  rows: readonly Row[],
  terms: Agreement,
  more?: { readonly caseId: string; readonly after: string },
): CardView {
  const shown = rows.slice(0, ROWS_A_PAGE);
  return {
    card: 'duplicates/list',
    data: {
      title: 'Cases that may be one person',
      empty: shown.length === 0,
      rows: shown.map((row) => ({
        who: labelOf(row),
        band: `${BAND_WORDS[row.pair.band]}. ${standingText(row.pair, terms, row.now)}`,
        reasons: `${row.pair.reasons.join('. ')}.`,
        label: idsOf(row),
        ref: refOf(row.pair, terms),
      })),
      may: { more: more !== undefined },
      more: { pathway: terms.pathway, caseId: more?.caseId ?? '', after: more?.after ?? '' },
    },
    summary:
      shown.length === 0
        ? 'No pairs of cases wait for you.'
        : `Cases that may be one person: ${shown.length} ${shown.length === 1 ? 'pair' : 'pairs'} shown.`,
  };
}

/** Both records side by side, for somebody who may decide: never a card that others see. */
export function pairCard(present: Present): CardView {
  const { pair, a, b, today, now } = present;
  const open = pair.stands.state === 'open';
  const reason = pair.stands.state === 'apart' ? pair.stands.reason : '';
  return {
    card: 'duplicates/pair',
    data: {
      title: open ? 'Is this one person?' : 'Two cases that may be one person',
      band: BAND_WORDS[pair.band],
      reasons: pair.reasons.map((text) => ({ text })),
      idA: pair.a,
      idB: pair.b,
      rows: sideBySide(a, b, today, now),
      standing: standingText(pair, today, now),
      told: reason !== '',
      reason,
      may: { apart: waits(pair) },
      ref: refOf(pair, today),
    },
    summary: `Cases ${idsOf(present)}: both records, side by side.`,
  };
}

/** Why these are two people. */
export function apartForm(
  present: Present,
  { typed = '', problems = [] }: { readonly typed?: string; readonly problems?: readonly Problem[] } = {},
): CardView {
  return {
    card: 'duplicates/apart',
    data: {
      label: labelOf(present),
      reason: typed,
      wrong: problems.length > 0,
      problems: problems.map(({ message }) => ({ text: message })),
      ref: refOf(present.pair, present.today),
    },
    summary: `Cases ${idsOf(present)}: say why they are not duplicates.`,
  };
}
