import { type Scope, scopeText } from '../agreement/scope.ts';
import type { Instant } from '../core/clock.ts';
import { listTexts, partTexts } from './cards-more.ts';
import type { Shown } from './commands.ts';
import { KEPT } from './digest.ts';
import { linesIn, seenBy } from './figures.ts';
import { carriedText, countedText, lineText, madeText, titleOf, weekText } from './words.ts';

/** A page of A4 in a letter of 10 points: so many letters in a row, so many rows. */
const LETTERS = 84;
const ROWS = 60;
/** What is said of each partner and list leaves room for lines, or is left to the rows for a spreadsheet. */
const ROWS_OF_HEAD = 45;
const TOO_MANY =
  'Each partner’s figures, and whose list is missing or old, do not fit on one page: see More.';

/** A page of plain text. */
export interface Page {
  readonly title: string;
  /** Paragraphs, each of one or more rows. */
  readonly texts: readonly string[];
  /** How many lines did not fit. */
  readonly left: number;
}

/** How many rows a paragraph takes. */
const rowsOf = (text: string): number => wrapped(text).length;

/** The digest on one page of plain text, by ids: as many of its lines as fit, at most `most`, the first first. */
export function pageOf(shown: Shown, scope: Scope, now: Instant, most: number = KEPT): Page {
  const { findings, today, week } = shown;
  const { lines, figures } = seenBy(findings, scope, most);
  const title = `${today.name}: digest, ${weekText(week).toLowerCase()}`;
  const rows = (texts: readonly string[]): number =>
    [title, '', ...texts].reduce((sum, text) => sum + rowsOf(text), 0);
  const headWith = (parts: readonly string[], lists: readonly string[]): readonly string[] => [
    madeText(shown, now).join(' '),
    `${scopeText(scope, today)}: ${countedText(figures)}`,
    ...parts,
    ...lists,
  ];
  const parts = scope === 'all' || scope.length > 1 ? partTexts(shown, scope) : [];
  const whole = headWith(parts, listTexts(shown, scope));
  const head = rows(whole) <= ROWS_OF_HEAD ? whole : headWith([TOO_MANY], []);
  const all = lines.map((line, at) =>
    [`${at + 1}. ${titleOf(line)}. ${lineText(line, today, findings.at)}`, carriedText(line, findings.before)]
      .filter((text) => text !== '')
      .join(' '),
  );
  const there = linesIn(figures);
  const said = (left: number): string[] => (left === 0 ? [] : [leftText(left, today.pathway)]);
  for (let shownLines = all.length; ; shownLines--) {
    const left = Math.max(0, there - shownLines);
    const texts = [...head, ...all.slice(0, shownLines), ...said(left)];
    if (shownLines === 0 || rows(texts) <= ROWS) return { title, texts, left };
  }
}

/** `31 more are not here. …` */
export const leftText = (left: number, pathway: string): string =>
  `${left} more ${left === 1 ? 'is' : 'are'} not here. /duplicates, /unowned, /actions, /handovers mine and /mismatches list them; whoever runs Baton gets them in one file: baton digest --pathway ${pathway} --csv FILE`;

/** A page as it is printed. */
export const pageText = ({ title, texts }: Page): string => [title, '', ...texts].flatMap(wrapped).join('\n');

/** A text in rows of a page, broken between words. */
function wrapped(text: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > LETTERS) {
      rows.push(row);
      row = `   ${word}`;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  return [...rows, row];
}
