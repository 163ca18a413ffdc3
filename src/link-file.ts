import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readCsv } from './core/csv.ts';
import { Invalid, type Problem } from './core/errors.ts';
import { readLabels } from './link-labels.ts';
import { linkOnThreads } from './link-threads.ts';
import {
  BANDS,
  createColumns,
  type GrowingColumns,
  type Linked,
  type Measured,
  measure,
  type Person,
} from './linkage/linkage.ts';

export interface LinkOptions {
  /** A file that says who is who. */
  readonly labels?: string | undefined;
  /** JSON Lines in place of a table. */
  readonly json?: boolean | undefined;
  /** Called with how many hundredths are done. */
  readonly progress?: (done: number) => void;
}

/** The columns of a file to link, in any order; others are passed over. */
export const COLUMNS = ['id', 'provider', 'given', 'surname', 'dob', 'postcode', 'nhs'] as const;
type Places = Readonly<Record<keyof Person, number>>;
const MAX_PROBLEMS = 50;
const SHOWN_EACH = 20_000;
/** Reading takes about so many hundredths of the time. */
const READING = 30;

/**
 * Finds the duplicates in a CSV file and gives the lines to print: a pair a line, the surest first, and with labels how
 * good they are. Errors: `Invalid` with every line that is wrong, or where a file cannot be read.
 */
export async function linkFile(
  path: string,
  { labels, json = false, progress = () => undefined }: LinkOptions,
): Promise<string[]> {
  const { columns, ids } = readPeople(basename(path), await textOf(path), progress);
  progress(READING);
  const known =
    labels === undefined ? undefined : readLabels(basename(labels), await textOf(labels), new Set(ids));
  const linked = await linkOnThreads(columns, ids, {
    progress: (share) => progress(READING + Math.round(share * (100 - READING))),
  });
  const measured = known && measure(linked.suggestions, known.same, known.pairs);
  return json ? jsonLines(linked, measured) : tableOf(linked, ids.length, measured);
}

/** The text of a file; where it is not UTF-8, as Windows in Western Europe writes it. */
async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(() => {
    throw new Invalid(`The file ${basename(path)} cannot be read. Check its path.`, []);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function readPeople(
  file: string,
  text: string,
  progress: (done: number) => void,
): { readonly columns: GrowingColumns; readonly ids: string[] } {
  const columns = createColumns();
  const ids: string[] = [];
  const lines = new Map<string, number>();
  const problems: Problem[] = [];
  const wrong = (line: number, column: string, message: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ field: `${file}:${line} ${column}`.trim(), message });
  };
  let width = 0;
  let places: Places | undefined;
  const open = readCsv(text, (line, values) => {
    if (!places) {
      const names = values.map((name) => name.trim().toLowerCase());
      for (const name of COLUMNS) {
        if (!names.includes(name)) wrong(line, name, 'there is no such column: add it to the first line');
      }
      width = names.length;
      places = Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as Places;
      return;
    }
    const at = places;
    const id = values[at.id]?.trim() ?? '';
    const before = lines.get(id);
    if (values.length !== width) {
      wrong(line, '', `it has ${values.length} values and not ${width}: check its commas and quotes`);
    } else if (id === '') wrong(line, 'id', 'it is empty: give each record an id of its own');
    else if (before !== undefined) wrong(line, 'id', `line ${before} has the same: give each record its own`);
    if (problems.length > 0) return;
    lines.set(id, line);
    ids.push(id);
    const cell = (name: keyof Person): string => values[at[name]] ?? '';
    columns.add({
      provider: cell('provider'),
      given: cell('given'),
      surname: cell('surname'),
      dob: cell('dob'),
      postcode: cell('postcode'),
      nhs: cell('nhs'),
    });
    if (ids.length % SHOWN_EACH === 0)
      progress(Math.round((READING * ids.length) / (ids.length + SHOWN_EACH)));
  });
  if (open !== undefined) wrong(open, '', 'a quoted value is not closed: end it with "');
  if (!places) wrong(1, '', `it is empty: its first line is ${COLUMNS.join(',')}`);
  if (problems.length > 0) throw new Invalid('The file cannot be linked.', problems);
  return { columns, ids };
}

function jsonLines({ suggestions }: Linked, measured: Measured | undefined): string[] {
  const lines = suggestions.map(({ idA, idB, probability, band, reasons }) =>
    JSON.stringify({ id_a: idA, id_b: idB, probability, band, reasons }),
  );
  return measured ? [...lines, JSON.stringify(measured)] : lines;
}

function tableOf({ suggestions }: Linked, records: number, measured: Measured | undefined): string[] {
  let wide = 0;
  for (const { idA, idB } of suggestions) wide = Math.max(wide, idA.length, idB.length);
  const lines = suggestions.map(({ idA, idB, probability, band, reasons }) =>
    [band.padEnd(7), probability.toFixed(4), idA.padEnd(wide), idB.padEnd(wide), reasons.join('; ')].join(
      '  ',
    ),
  );
  const counts = BANDS.map((band) => `${suggestions.filter((one) => one.band === band).length} ${band}`);
  const share = (value: number | null): string => (value === null ? 'none' : value.toFixed(4));
  const quality = measured
    ? [...measured.bands, { band: 'overall (0.5 and more)', ...measured.overall }].map(
        ({ band, pairs, precision, recall, f1 }) =>
          `${band}: ${pairs} pairs, precision ${share(precision)}, recall ${share(recall)}, F1 ${share(f1)}`,
      )
    : [];
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    `${records} records, pairs: ${counts.join(', ')}. They are suggestions: people decide.`,
    ...quality,
  ];
}
