import type { Agreement } from '../agreement/agreement.ts';
import { partText } from '../agreement/scope.ts';
import { csvLine } from '../core/csv.ts';
import { dateText, localDateOf } from '../core/wording.ts';
import { type Categories, type Published, TABLES, type Table } from './published.ts';
import { figureText, together, totalOf } from './suppress.ts';

const HEADINGS: Readonly<Record<Table, string>> = {
  theme: 'By theme',
  time: 'By when they were acknowledged',
  outcome: 'By outcome',
};

const PARTNERS = 'By partner of whoever raised them';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `November 2026`. */
export const monthText = (month: string): string =>
  `${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;

type Line = readonly [name: string, figure: number];

/** The figures of a table, and in one line those that are few or none. */
function tableLines(heading: string, lines: readonly Line[]): string[] {
  const few = lines.filter(([, figure]) => figure === 0).map(([name]) => name);
  return [
    '',
    heading,
    ...lines.filter(([, figure]) => figure > 0).map(([name, figure]) => `  ${name}: ${figureText(figure)}`),
    ...(few.length > 0 ? [`  ${figureText(0)}: ${few.join(', ')}`] : []),
  ];
}

const partLines = ({ parts }: Published, today: Agreement): Line[] =>
  Object.entries(parts).map(([id, tables]) => [partText(id, today), totalOf(tables)]);

const categoryLines = ({ parts }: Published, table: Table, categories: Categories): Line[] =>
  Object.entries(together(Object.values(parts))[table] ?? {}).map(([key, figure]) => [
    categories[table][key] ?? key,
    figure,
  ]);

/** The month as CSV lines (RFC 4180), with the header; the same figures as the text, in the same words. */
export function publishedRows(published: Published, categories: Categories, today: Agreement): string[] {
  const rows = (by: string, lines: readonly Line[]): string[] =>
    lines.map(([name, figure]) => csvLine([published.month, by, name, figureText(figure)]));
  return [
    csvLine(['Month', 'By', 'What', 'Concerns']),
    csvLine([published.month, 'All', 'All', figureText(totalOf(together(Object.values(published.parts))))]),
    ...rows(PARTNERS, partLines(published, today)),
    ...TABLES.flatMap((table) => rows(HEADINGS[table], categoryLines(published, table, categories))),
  ];
}

/** The month as it goes into the contract pack, with how it was counted and what is not in it. */
export function publishedText(published: Published, categories: Categories, today: Agreement): string {
  const { month, at, parts } = published;
  const all = together(Object.values(parts));
  const tables = TABLES.flatMap((table) =>
    tableLines(HEADINGS[table], categoryLines(published, table, categories)),
  );
  return [
    `Safeguarding concerns raised in ${monthText(month)}: ${figureText(totalOf(all))}`,
    ...tableLines(PARTNERS, partLines(published, today)),
    ...tables,
    '',
    "How this was counted: of each partner's concerns every fifth counts, for five. A figure is right on average;",
    "each partner's part of it may be up to 4 too high or too low. So no small number can be worked out.",
    'Not in it: concerns about people who work or volunteer for a partner, or where that is not known. The',
    'safeguarding lead reports on these in person.',
    `As known on ${dateText(localDateOf(at, today.zone))}. What is known since is not added, here or later.`,
  ].join('\n');
}
