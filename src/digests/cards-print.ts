import type { Scope } from '../agreement/scope.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import type { Shown } from './commands.ts';
import { figureRows, lineRow } from './csv.ts';
import { KEPT } from './digest.ts';
import { linesIn, seenBy } from './figures.ts';
import { leftText, type Page, pageOf } from './page.ts';

/** What the texts of a card may take, in bytes of JSON, each with what stands around it: a message holds 28 KB. */
const MOST_BYTES = 24_000;
const AROUND = 130;
/** A page that takes too much of it is tried with so many lines fewer. */
const FEWER = 5;
const bytesOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)) + AROUND, 0);

/** As many of some texts as fit, from the first on. */
function fitting(texts: readonly string[], most: number): readonly string[] {
  let sum = 0;
  const end = texts.findIndex((text) => {
    sum += bytesOf([text]);
    return sum > most;
  });
  return end === -1 ? texts : texts.slice(0, end);
}

/**
 * The digest to take along: one page of plain text to print, and the same as CSV to copy, by ids alone. Whatever
 * does not fit into the page or the message is said, with how to get it.
 */
export function printCard(shown: Shown, scope: Scope, now: Instant): CardView {
  const { findings, today } = shown;
  const { title, ...page } = pageFitting(shown, scope, now);
  const { lines, figures } = seenBy(findings, scope, linesIn(seenBy(findings, scope).figures));
  const heads = figureRows(shown, scope);
  const rows = lines.map((line) => lineRow(shown, line));
  const csv = fitting([...heads, ...rows], MOST_BYTES - bytesOf(page.texts));
  const left = Math.max(0, heads.length + linesIn(figures) - csv.length);
  return {
    card: 'digests/print',
    data: {
      title,
      page: page.texts.map((text) => ({ text })),
      csv: csv.map((text) => ({ text })),
      cut: left > 0,
      left: left > 0 ? leftText(left, today.pathway) : '',
    },
    summary: `${title}, to print or to copy.`,
  };
}

/** The page, with fewer lines where it would take more than half of the message. */
function pageFitting(shown: Shown, scope: Scope, now: Instant): Page {
  for (let most = KEPT; ; most -= FEWER) {
    const page = pageOf(shown, scope, now, most);
    if (most <= FEWER || bytesOf(page.texts) <= MOST_BYTES / 2) return page;
  }
}
