import type { Agreement } from '../agreement/agreement.ts';
import type { CsvRecord } from '../core/csv.ts';
import type { Problem } from '../core/errors.ts';
import { nameOf, type Trained } from './training.ts';

/** The columns of a training file, in any order. */
export const COLUMNS = ['person', 'course', 'done', 'expires'] as const;
type Column = (typeof COLUMNS)[number];

/** The most lines of one file: its event is about half a megabyte of the two that a commit may have. */
export const MAX_LINES = 5_000;
/** So many problems are named; who has more puts these right first. */
const MAX_PROBLEMS = 50;

export interface Against {
  readonly terms: Agreement;
  /** The local day, `2026-11-24`. */
  readonly today: string;
}

/**
 * The dates of a file: a first line of names (person, course, done, expires), days as 2026-11-30. Each problem
 * names its line and column and what to do; a name that is not in the agreement is not repeated.
 */
export function readTrainingFile(
  file: string,
  [header, ...rows]: readonly CsvRecord[],
  against: Against,
): { readonly entries: readonly Trained[]; readonly problems: readonly Problem[] } {
  const problem = (field: string, message: string) => ({ entries: [], problems: [{ field, message }] });
  if (against.terms.training.courses.length === 0) {
    return problem('training', 'the agreement asks for no training: add its courses first, under training');
  }
  if (!header) return problem(file, `it is empty: its first line is ${COLUMNS.join(',')}`);
  const names = header.values.map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    const message = `there is no column ${missing.join(', ')}: add it to the first line`;
    return problem(`${file}:${header.line}`, message);
  }
  if (rows.length === 0) return problem(file, 'it has no dates: write one training a line under the first');
  if (rows.length > MAX_LINES) {
    return problem(file, `it has more than ${MAX_LINES} lines: split it, such as by provider`);
  }
  const entries: Trained[] = [];
  const problems: Problem[] = [];
  const ends = new Map<string, { readonly line: number; readonly expires: string }>();
  for (const { line, values } of rows) {
    const cell = (column: Column): string => values[names.indexOf(column)]?.trim() ?? '';
    const count = `it has ${values.length} values and not ${names.length}: check its commas`;
    const read = values.length === names.length ? readRow(cell, against) : [{ field: '', message: count }];
    if (Array.isArray(read)) {
      const where = (field: string): string => `${file}:${line}${field === '' ? '' : ` ${field}`}`;
      problems.push(...read.map(({ field, message }) => ({ field: where(field), message })));
      continue;
    }
    const name = `${nameOf(read)}|${read.done}`;
    const other = ends.get(name);
    if (other && other.expires !== read.expires) {
      const message = `line ${other.line} has another day for the same training: leave the right one`;
      problems.push({ field: `${file}:${line} expires`, message });
    }
    ends.set(name, { line, expires: read.expires });
    entries.push(read);
  }
  return { entries, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** One line as a date, or all that is wrong with it. */
function readRow(cell: (column: Column) => string, { terms, today }: Against): Trained | Problem[] {
  const problems: Problem[] = [];
  const find = (column: Column, known: readonly Named[], remedy: string): string => {
    const written = cell(column);
    const named = known.filter(({ name }) => name.toLowerCase() === written.toLowerCase());
    const id = known.find((one) => one.id === written)?.id ?? (named.length === 1 ? named[0]?.id : undefined);
    if (id !== undefined) return id;
    const wrong = written === '' ? 'it is empty' : `this is no ${column} of the agreement`;
    problems.push({ field: column, message: `${wrong}: ${remedy}` });
    return '';
  };
  const day = (column: Column): string => {
    const written = cell(column);
    if (isDay(written)) return written;
    problems.push({ field: column, message: 'this is no day: write it as 2026-11-30' });
    return '';
  };
  const people = terms.people.map(({ key, name }) => ({ id: key, name }));
  const { courses } = terms.training;
  const person = find('person', people, 'use the key or the name that /people shows');
  const course = find('course', courses, `use one of ${courses.map(({ id }) => id).join(', ')}`);
  const done = day('done');
  const expires = day('expires');
  if (done > today)
    problems.push({ field: 'done', message: 'this day is still to come: import it when it is done' });
  if (done !== '' && expires !== '' && expires <= done) {
    problems.push({ field: 'expires', message: 'it lapses before it was done: check both days' });
  }
  return problems.length > 0 ? problems : { person, course, done, expires };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A day of the calendar as ISO 8601 writes it. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
