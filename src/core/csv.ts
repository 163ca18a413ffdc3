import { Invalid } from './errors.ts';

/** One record of a CSV text. */
export interface CsvRecord {
  /** The line that it begins on, counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

/** A quoted value longer than this was never closed, and would take the rest of the file with it. */
const MAX_VALUE = 100_000;
/** A record of more values than this is none of a list that people keep. */
const MAX_VALUES = 10_000;

/**
 * Reads CSV (RFC 4180) piece by piece: line ends of any kind, also inside quotes; a byte order mark and blank
 * records are passed over. `open`: the line of a quote that is still open, and too long for a value or at the end.
 */
export function csvReader() {
  let values: string[] = [];
  let value = '';
  let state: 'plain' | 'quoted' | 'quote' = 'plain';
  let line = 1;
  let began = 1;
  let opened = 1;
  let after = '';
  let first = true;

  function end(records: CsvRecord[]): void {
    values.push(value);
    if (values.some((one) => one.trim() !== '')) records.push({ line: began, values });
    values = [];
    value = '';
    began = line;
  }

  function take(letter: string, records: CsvRecord[]): void {
    // A line end is one, however it is written.
    const known = after === '\r' && letter === '\n';
    after = letter;
    if (known) return;
    const symbol = letter === '\r' ? '\n' : letter;
    if (symbol === '\n') line += 1;
    if (state === 'quoted') {
      if (symbol === '"') state = 'quote';
      else value += symbol;
      return;
    }
    if (symbol === '"' && state === 'quote') {
      value += '"';
      state = 'quoted';
      return;
    }
    const opens = symbol === '"' && value === '' && state === 'plain';
    state = opens ? 'quoted' : 'plain';
    if (opens) opened = line;
    else if (symbol === ',') {
      values.push(value);
      value = '';
    } else if (symbol === '\n') end(records);
    else value += symbol;
  }

  function takeOne(text: string, at: number, records: CsvRecord[]): number {
    take(text.charAt(at), records);
    return at + 1;
  }

  /** A whole line without quotes at once, which is most of most files; undefined where it is not one. */
  function takeLine(text: string, at: number, records: CsvRecord[]): number | undefined {
    if (state !== 'plain' || value !== '' || values.length > 0 || after === '\r') return undefined;
    const end = text.indexOf('\n', at);
    if (end === -1) return undefined;
    const whole = text.slice(at, text[end - 1] === '\r' && end > at ? end - 1 : end);
    if (whole.includes('"') || whole.includes('\r')) return undefined;
    if (!/^[\s,]*$/.test(whole)) records.push({ line: began, values: whole.split(',') });
    line += 1;
    began = line;
    after = '\n';
    return end + 1;
  }

  const isOpen = (): number | undefined => (state === 'quoted' ? opened : undefined);
  return {
    /** The line that comes next. */
    line: (): number => line,
    /** Does what is being read of a record go past all that a list may hold? */
    isTooMuch: (): boolean => value.length > MAX_VALUE || values.length > MAX_VALUES,

    push(text: string): { readonly records: readonly CsvRecord[]; readonly open: number | undefined } {
      const records: CsvRecord[] = [];
      const start = first && text.startsWith('\uFEFF') ? 1 : 0;
      if (text !== '') first = false;
      for (let at = start; at < text.length; ) at = takeLine(text, at, records) ?? takeOne(text, at, records);
      return { records, open: value.length > MAX_VALUE ? isOpen() : undefined };
    },
    end(): { readonly records: readonly CsvRecord[]; readonly open: number | undefined } {
      const records: CsvRecord[] = [];
      end(records);
      return { records, open: isOpen() };
    },
  };
}

/** So many letters of a text are read at a time. */
const PIECE = 1_000_000;

/**
 * Hands on each record of a whole text with the line that it begins on. Gives the line of a quote that is still
 * open at the end, undefined when all is well.
 */
export function readCsv(
  text: string,
  take: (line: number, values: readonly string[]) => void,
): number | undefined {
  const reader = csvReader();
  for (let at = 0; at < text.length; at += PIECE) {
    const { records, open } = reader.push(text.slice(at, at + PIECE));
    for (const { line, values } of records) take(line, values);
    if (open !== undefined) return open;
  }
  const { records, open } = reader.end();
  if (open === undefined) for (const { line, values } of records) take(line, values);
  return open;
}

/** What a byte of a text in another encoding, or of a spreadsheet's own file, looks like. */
const NOT_TEXT = 'save it as “CSV UTF-8 (comma delimited)” and try again';

/**
 * The records of a CSV file in UTF-8 as its bytes come. Errors: `Invalid` for another encoding, for what is no
 * text, and for a quote that does not end.
 */
export async function* csvRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const reader = csvReader();
  let began = 0;
  const read = (chunk?: Uint8Array): string => {
    try {
      const text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
      if (!text.includes('\0')) return text;
    } catch {
      // Told below: what is wrong with it is the same.
    }
    throw new Invalid(`Line ${reader.line() + badLine(chunk)} is no text in UTF-8: ${NOT_TEXT}.`, []);
  };
  const checked = ({ records, open }: ReturnType<typeof reader.end>): readonly CsvRecord[] => {
    if (open === undefined) return records;
    throw new Invalid(`A quoted value begins on line ${open} and does not end: close it with ".`, []);
  };
  for await (const chunk of bytes) {
    const other = began === 0 ? otherKind(chunk) : undefined;
    if (other !== undefined) throw new Invalid(`It is ${other} and no CSV: ${NOT_TEXT}.`, []);
    began += chunk.length;
    yield* checked(reader.push(read(chunk)));
    if (reader.isTooMuch()) {
      throw new Invalid(
        `Line ${reader.line()} is too long for a line of a list: check that it is the right file.`,
        [],
      );
    }
  }
  yield* checked(reader.push(read()));
  yield* checked(reader.end());
}

/** How many lines into these bytes the first stands that is no text. */
function badLine(bytes: Uint8Array = new Uint8Array()): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const good = text.slice(0, Math.max(0, text.search(/[\uFFFD\0]/)));
  return good.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** What files that are sent for a CSV by mistake begin with. Newer spreadsheets are ZIP archives. */
const OTHER_KINDS: readonly (readonly [what: string, begins: readonly number[]])[] = [
  ['a spreadsheet', [0x50, 0x4b, 0x03]],
  ['a spreadsheet', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a picture', [0x89, 0x50, 0x4e, 0x47]],
  ['a picture', [0xff, 0xd8, 0xff]],
];

const otherKind = (chunk: Uint8Array): string | undefined =>
  OTHER_KINDS.find(([, begins]) => begins.every((byte, at) => chunk[at] === byte))?.[0];

/**
 * A value as CSV (RFC 4180), quoted where it has to be. Text that a spreadsheet would run as a formula gets an
 * apostrophe before it, as OWASP advises against CSV injection; numbers are written as they are.
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const runs = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u.test(value);
  const text = runs ? `'${value}` : value;
  return runs || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of a CSV file that is written for people, with its end. */
export const csvLine = (values: readonly (string | number)[]): string =>
  `${values.map(csvCell).join(',')}\r\n`;
