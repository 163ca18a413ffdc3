import type { Agreement } from '../agreement/agreement.ts';
import { partText } from '../agreement/scope.ts';
import { dateText, localDateOf } from '../core/wording.ts';
import { type Categories, type Published, TABLES, type Table } from './published.ts';
import { figureText, together, totalOf } from './suppress.ts';

const HEADINGS: Readonly<Record<Table, string>> = {
  theme: 'By theme',
  time: 'By when they were acknowledged',
  outcome: 'By outcome',
};

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

/** The month as it goes into the contract pack, with how it was counted and what is not in it. */
export function publishedText(published: Published, categories: Categories, today: Agreement): string {
  const { month, at, parts } = published;
  const all = together(Object.values(parts));
  const partners = Object.entries(parts).map(([id, tables]): Line => [partText(id, today), totalOf(tables)]);
  const tables = TABLES.flatMap((table) =>
    tableLines(
      HEADINGS[table],
      Object.entries(all[table] ?? {}).map(([key, figure]): Line => [categories[table][key] ?? key, figure]),
    ),
  );
  return [
    `Safeguarding concerns raised in ${monthText(month)}: ${figureText(totalOf(all))}`,
    ...tableLines('By partner of whoever raised them', partners),
    ...tables,
    '',
    "How this was counted: of each partner's concerns every fifth counts, for five. A figure is right on average;",
    "each partner's part of it may be up to 4 too high or too low. So no small number can be worked out.",
    'Not in it: concerns about people who work or volunteer for a partner, or where that is not known. The',
    'safeguarding lead reports on these in person.',
    `As known on ${dateText(localDateOf(at, today.zone))}. What is known since is not added, here or later.`,
  ].join('\n');
}
