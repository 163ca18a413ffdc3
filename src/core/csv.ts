import { Invalid } from './errors.ts';

/** One record of a CSV text. */
export interface CsvRecord {
  /** The line that it begins on, counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

/** A quoted value longer than this was never closed, and would take the rest of the file with it. */
const MAX_VALUE = 100_000;

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

  const isOpen = (): number | undefined => (state === 'quoted' ? opened : undefined);
  return {
    push(text: string): { readonly records: readonly CsvRecord[]; readonly open: number | undefined } {
      const records: CsvRecord[] = [];
      const start = first && text.startsWith('\uFEFF') ? 1 : 0;
      if (text !== '') first = false;
      for (let at = start; at < text.length; at++) take(text.charAt(at), records);
      return { records, open: value.length > MAX_VALUE ? isOpen() : undefined };
    },
    end(): { readonly records: readonly CsvRecord[]; readonly open: number | undefined } {
      const records: CsvRecord[] = [];
      end(records);
      return { records, open: isOpen() };
    },
  };
}

/** The records of a whole text; undefined while a quote is open. */
export function readCsv(text: string): readonly CsvRecord[] | undefined {
  const reader = csvReader();
  const { records } = reader.push(text);
  const last = reader.end();
  return last.open === undefined ? [...records, ...last.records] : undefined;
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
    throw new Invalid(`It is no text in UTF-8: ${NOT_TEXT}.`, []);
  };
  const checked = ({ records, open }: ReturnType<typeof reader.end>): readonly CsvRecord[] => {
    if (open === undefined) return records;
    throw new Invalid(`A quoted value begins on line ${open} and does not end: close it with ".`, []);
  };
  for await (const chunk of bytes) {
    if (began === 0 && isZip(chunk)) throw new Invalid(`It is a spreadsheet and no CSV: ${NOT_TEXT}.`, []);
    began += chunk.length;
    yield* checked(reader.push(read(chunk)));
  }
  yield* checked(reader.push(read()));
  yield* checked(reader.end());
}

/** Spreadsheets are ZIP archives, which begin with these letters. */
const isZip = (chunk: Uint8Array): boolean => chunk[0] === 0x50 && chunk[1] === 0x4b && chunk[2] === 3;
