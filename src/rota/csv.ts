import { type Agreement, staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { readCsv } from '../core/csv.ts';
import type { Problem } from '../core/errors.ts';
import { readTime } from '../core/local-time.ts';
import { unfitCover } from './absence.ts';
import type { Entry } from './entry.ts';
import { holds, placeOf, positionsOf } from './people.ts';
import type { Away } from './rota.ts';

/** The columns of a rota file, in any order. */
export const COLUMNS = ['person', 'provider', 'role', 'from', 'to'] as const;
type Column = (typeof COLUMNS)[number];

/** The most lines of one file; more would not fit the record of one change. */
export const MAX_LINES = 2_000;
/** So many problems are named; who has more puts these right first. */
const MAX_PROBLEMS = 50;

export interface Against {
  /** Today's agreement. */
  readonly terms: Agreement;
  readonly away: readonly Away[];
  readonly now: Instant;
}

/**
 * The shifts of a file: CSV after RFC 4180 with a first line of names (person, provider, role, from, to), times
 * in the pathway's zone or with their offset. Each problem names its line and column and what to do.
 */
export function readRotaFile(
  file: string,
  text: string,
  against: Against,
): { readonly entries: readonly Required<Entry>[]; readonly problems: readonly Problem[] } {
  const problem = (field: string, message: string) => ({ entries: [], problems: [{ field, message }] });
  const records: { readonly line: number; readonly values: readonly string[] }[] = [];
  const open = readCsv(text, (line, values) => records.push({ line, values }));
  if (open !== undefined) return problem(file, 'a quoted value is not closed: end it with "');
  const [header, ...rows] = records;
  if (!header) return problem(file, `it is empty: its first line is ${COLUMNS.join(',')}`);
  const names = header.values.map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    return problem(
      `${file}:${header.line}`,
      `there is no column ${missing.join(', ')}: add it to the first line`,
    );
  }
  if (rows.length === 0) return problem(file, 'it has no shifts: write one a line under the first line');
  if (rows.length > MAX_LINES) {
    return problem(file, `it has more than ${MAX_LINES} lines: split it, such as by month`);
  }
  const entries: Required<Entry>[] = [];
  const problems: Problem[] = [];
  for (const { line, values } of rows) {
    const cell = (column: Column): string => values[names.indexOf(column)]?.trim() ?? '';
    const wrong =
      values.length !== names.length
        ? [{ field: '', message: `it has ${values.length} values and not ${names.length}: check its commas` }]
        : [];
    const read = wrong.length > 0 ? wrong : readRow(cell, against);
    if (!Array.isArray(read)) entries.push(read);
    else {
      const where = (field: string): string => `${file}:${line}${field === '' ? '' : ` ${field}`}`;
      problems.push(...read.map(({ field, message }) => ({ field: where(field), message })));
    }
  }
  return { entries, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** One line as a shift, or all that is wrong with it. */
function readRow(
  cell: (column: Column) => string,
  { terms, away, now }: Against,
): Required<Entry> | Problem[] {
  const problems: Problem[] = [];
  const find = (
    column: Column,
    known: readonly { readonly id: string; readonly name: string }[],
    remedy: string,
  ): string | undefined => {
    const written = cell(column);
    const lower = written.toLowerCase();
    const named = known.filter(({ name }) => name.toLowerCase() === lower);
    const id = known.find((one) => one.id === written)?.id ?? (named.length === 1 ? named[0]?.id : undefined);
    if (id === undefined) {
      const message =
        written === ''
          ? `write the ${column}: ${remedy}`
          : `${short(written)} is no ${column} of the agreement: ${remedy}`;
      problems.push({ field: column, message });
    }
    return id;
  };
  const time = (column: 'from' | 'to'): Instant | undefined => {
    const { at, wrong } = readTime(cell(column), terms.zone);
    if (wrong !== undefined) problems.push({ field: column, message: wrong });
    return at;
  };
  const people = terms.people.map(({ key, name }) => ({ id: key, name }));
  const person = find('person', people, 'use the key or the name that /people shows');
  const provider = find('provider', terms.providers, `use one of ${idsOf(terms.providers)}`);
  const role = find('role', terms.roles, `use one of ${idsOf(terms.roles)}`);
  const from = time('from');
  const to = time('to');
  if (from !== undefined && to !== undefined && to <= from) {
    problems.push({
      field: 'to',
      message: 'the shift ends before it begins: check both times and their dates',
    });
  }
  if (person === undefined || provider === undefined || role === undefined) return problems;
  if (!holds(terms, person, { provider, role })) {
    const theirs = positionsOf(terms, person).map((at) => placeOf(terms, at));
    const message = `${staffName(person, terms)} is not ${placeOf(terms, { provider, role })}: use ${theirs.join(' or ')}, or change the agreement first`;
    problems.push({ field: 'role', message });
  }
  if (from === undefined || to === undefined || problems.length > 0) return problems;
  const entry = { person, provider, role, from, to };
  const unfit = unfitCover(terms, away, entry, now);
  if (unfit?.cover === undefined) return entry;
  return [
    {
      field: 'person',
      message: `${staffName(person, terms)} is away then, and ${staffName(unfit.cover, terms)}, who covers, is not ${placeOf(terms, entry)}: give the shift to a colleague in this role`,
    },
  ];
}

const idsOf = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join(', ');
const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
