import { type Agreement, providerNamed } from '../agreement/agreement.ts';
import type { ListField, ListState, ListTerms } from '../agreement/lists.ts';
import type { CsvRecord } from '../core/csv.ts';
import type { Problem } from '../core/errors.ts';
import { MARKS, type Mark, readMark } from '../core/marks.ts';
import { hasText } from '../core/text.ts';
import { readDate } from '../core/wording.ts';
import type { Person } from './case.ts';

/** One line of a partner's list, read: whom it is about, who holds the case, where it stands. Dates are local days. */
export interface Line {
  readonly line: number;
  /** The partner's own id of the case. */
  readonly id: string;
  readonly person: Person;
  /** The provider that holds it; absent where the list says nobody. */
  readonly holder?: string;
  readonly status: ListState;
  readonly received?: string;
  readonly firstContact?: string;
  readonly discharged?: string;
  readonly outcome?: string;
  readonly nextReview?: string;
  readonly marked?: Mark;
}

/** Where each field stands in a record, and what the list calls it. */
export type Columns = ReadonlyMap<ListField, { readonly at: number; readonly name: string }>;

/** What a list is read against. */
export interface Against {
  readonly terms: Agreement;
  readonly list: ListTerms;
  /** The local day of the import. */
  readonly today: string;
  /** A day as it is written, `2026-11-20` or `20/11/2026`; undefined for what is none. */
  readonly dayOf: (written: string) => string | undefined;
}

/** Reads days, and keeps what it read: most of a list's days come again and again. */
export function createDays(): Against['dayOf'] {
  const known = new Map<string, string | undefined>();
  return (written) => {
    if (!/^(?:\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4})$/.test(written)) return undefined;
    if (known.has(written)) return known.get(written);
    if (known.size >= MOST_DAYS) known.clear();
    const day = readDate(written);
    known.set(written, day);
    return day;
  };
}

/** A century has fewer days than this. */
const MOST_DAYS = 40_000;

/** The longest text of each field, as the case keeps it. */
const MOST: Readonly<Partial<Record<ListField, number>>> = {
  id: 64,
  given: 100,
  surname: 100,
  nhsNumber: 20,
  postcode: 10,
  outcome: 200,
};

const EARLIEST = '1890-01-01';

/** Marks of direction and zero width, which files carry from elsewhere: a number is the same with and without. */
const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;

/**
 * Where the columns stand that the agreement names, in any case and order; others are passed over. Or what is
 * wrong with the first line, as instructions.
 */
export function readHeader(
  { values }: CsvRecord,
  { columns }: ListTerms,
): { readonly columns: Columns } | { readonly problems: readonly Problem[] } {
  const names = values.map((name) => name.trim().toLowerCase());
  const found = new Map<ListField, { at: number; name: string }>();
  const problems: Problem[] = [];
  const other = names.length === 1 && /[;\t]/.test(names[0] ?? '');
  for (const [field, name] of Object.entries(columns) as [ListField, string][]) {
    const wanted = name.trim().toLowerCase();
    const at = names.indexOf(wanted);
    if (at < 0) {
      const remedy = other
        ? 'separate the columns with commas'
        : 'add it, or change the columns of this list in the agreement';
      problems.push({ field: 'line 1', message: `there is no column ${name}: ${remedy}` });
    } else if (names.lastIndexOf(wanted) !== at) {
      problems.push({ field: 'line 1', message: `the column ${name} is there twice: leave it once` });
    } else found.set(field, { at, name });
  }
  return problems.length > 0 ? { problems } : { columns: found };
}

/** One record as a line, or all that is wrong with it. No message repeats what stands in the list: it may be a name. */
export function readLine(
  { line, values }: CsvRecord,
  columns: Columns,
  width: number,
  against: Against,
): Line | readonly Problem[] {
  if (values.length !== width) {
    const has = values.length === 1 ? '1 value' : `${values.length} values`;
    const message = `it has ${has} and not ${width}: check its commas`;
    return [{ field: `line ${line}`, message }];
  }
  const problems: Problem[] = [];
  const wrong = (field: ListField, message: string): void => {
    problems.push({ field: `line ${line}, ${columns.get(field)?.name ?? field}`, message });
  };
  const text = (field: ListField): string | undefined => {
    const at = columns.get(field)?.at;
    const value = (at === undefined ? '' : (values[at] ?? '')).trim();
    if (!hasText(value)) return undefined;
    const most = MOST[field];
    if (most === undefined || value.length <= most) return value;
    wrong(field, `it has ${value.length} characters: use at most ${most}`);
    return undefined;
  };
  const day = (field: ListField): string | undefined => {
    const value = text(field);
    if (value === undefined) return undefined;
    const read = against.dayOf(value);
    if (read === undefined) {
      wrong(field, 'this is no day of the calendar: write it as 2026-11-20 or 20/11/2026, or leave it empty');
    }
    return read;
  };
  const id = text('id')?.replace(INVISIBLE, '').trim();
  if (id === undefined && problems.length === 0) {
    wrong('id', 'it is empty: write the number under which you know this case');
  }
  const given = text('given');
  const surname = text('surname');
  const nhsNumber = text('nhsNumber');
  const postcode = text('postcode');
  const dob = day('dob');
  if (dob !== undefined && (dob > against.today || dob < EARLIEST)) wrong('dob', 'check the year');
  const received = day('received');
  const firstContact = day('firstContact');
  const discharged = day('discharged');
  const nextReview = day('nextReview');
  const outcome = text('outcome');
  const status = readStatus(text('status'), discharged, against.list);
  if (status === undefined) wrong('status', statusRemedy(against.list));
  const holder = columns.has('holder')
    ? readHolder(text('holder'), against.terms)
    : { provider: against.list.provider };
  if (holder === undefined) {
    const known = against.terms.providers.map((one) => one.id).join(', ');
    wrong(
      'holder',
      `this is no provider of the agreement: use one of ${known}, or leave it empty where nobody holds the case`,
    );
  }
  const mark = text('marked');
  const marked = mark === undefined ? undefined : readMark(mark);
  if (mark !== undefined && marked === undefined) {
    wrong('marked', `this word is not known: use ${MARKS.join(' or ')}, or leave it empty`);
  }
  if (problems.length > 0 || id === undefined || status === undefined || !holder) return problems;
  return {
    line,
    id,
    person: {
      ...(given !== undefined && { given }),
      ...(surname !== undefined && { surname }),
      ...(dob !== undefined && { dob }),
      ...(nhsNumber !== undefined && { nhsNumber }),
      ...(postcode !== undefined && { postcode }),
    },
    ...(holder.provider !== undefined && { holder: holder.provider }),
    status,
    ...(received !== undefined && { received }),
    ...(firstContact !== undefined && { firstContact }),
    ...(discharged !== undefined && { discharged }),
    ...(outcome !== undefined && { outcome }),
    ...(nextReview !== undefined && { nextReview }),
    ...(marked !== undefined && { marked }),
  };
}

/** The provider that a word means; none for an empty one. */
function readHolder(word: string | undefined, terms: Agreement): { readonly provider?: string } | undefined {
  if (word === undefined) return {};
  const found = providerNamed(terms, word);
  return found && { provider: found.id };
}

const OWN: Readonly<Record<string, ListState>> = { waiting: 'waiting', open: 'open', closed: 'closed' };

/** Without a word a case with a day of discharge is closed, and any other open. */
function readStatus(
  word: string | undefined,
  discharged: string | undefined,
  { statuses }: ListTerms,
): ListState | undefined {
  if (word === undefined) return discharged === undefined ? 'open' : 'closed';
  const said = word.toLowerCase();
  const agreed = Object.entries(statuses).find(([name]) => name.trim().toLowerCase() === said);
  return agreed?.[1] ?? (Object.hasOwn(OWN, said) ? OWN[said] : undefined);
}

const statusRemedy = ({ statuses }: ListTerms): string =>
  `this word is not agreed: use one of ${[...Object.keys(OWN), ...Object.keys(statuses)].join(', ')}, or add it to the statuses of this list in the agreement`;
