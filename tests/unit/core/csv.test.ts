import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, csvCell, csvLine, csvRecords, readCsv } from '../../../src/core/csv.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* inPieces(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function all(whole: Uint8Array, size = 7): Promise<CsvRecord[]> {
  const found: CsvRecord[] = [];
  for await (const record of csvRecords(inPieces(whole, size))) found.push(record);
  return found;
}

/** The values of each record of a whole text; undefined where a quote is open. */
function wholeOf(text: string): (readonly string[])[] | undefined {
  const found: (readonly string[])[] = [];
  return readCsv(text, (_, values) => found.push(values)) === undefined ? found : undefined;
}

const cell = fc.stringMatching(/^[a-zé ,"\n]{0,6}$/);
const row = fc.array(cell, { minLength: 1, maxLength: 4 });
const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

describe('a CSV file', () => {
  it('gives back whatever was written into it, whole and in pieces of any size, with any line end', async () => {
    const written = fc.array(row, { minLength: 1, maxLength: 6 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(written, ends, fc.integer({ min: 1, max: 9 }), async (rows, end, size) => {
        // Where no value needs quotes, they may be left out.
        const plainly = (values: string[]): string =>
          values.map((one) => (/["\n,]/.test(one) ? quoted(one) : one)).join(',');
        expect(wholeOf(rows.map(plainly).join(end))).toEqual(
          rows.filter((values) => values.some((value) => value.trim() !== '')),
        );
        const shown = rows.filter((values) => values.some((value) => value.trim() !== ''));
        const text = `\uFEFF${rows.map((values) => values.map(quoted).join(',')).join(end)}${end}`;
        expect(wholeOf(text)).toEqual(shown);
        expect((await all(bytes(text), size)).map(({ values }) => values)).toEqual(shown);
      }),
    );
  });

  it('knows on which line each record begins, past quoted line ends and blank lines', async () => {
    const text = 'a,b\r\n"one\r\ntwo",2\r\n\r\n ,\r\nx,"y"\n';
    expect(await all(bytes(text), 3)).toEqual([
      { line: 1, values: ['a', 'b'] },
      { line: 2, values: ['one\ntwo', '2'] },
      { line: 6, values: ['x', 'y'] },
    ]);
  });

  it.each([
    ['in UTF-16 with its mark', Buffer.from('\uFEFFid,name\n1,A', 'utf16le'), 'no text in UTF-8'],
    ['in UTF-16 without it', Buffer.from('id,name\n1,A', 'utf16le'), 'no text in UTF-8'],
    ['in Windows-1252', Buffer.from([0x69, 0x64, 0x0a, 0xe9, 0x0a]), 'no text in UTF-8'],
    ['cut inside a letter', Buffer.from([0x69, 0x64, 0x0a, 0xc3]), 'no text in UTF-8'],
    ['that is a spreadsheet', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), 'a spreadsheet and no CSV'],
    ['with a quote left open', bytes('id\nA\n"B\nC\n'), 'A quoted value begins on line 3 and does not end'],
    ['of one value without end', bytes(`id\n${'x'.repeat(200_000)}`), 'Line 2 is too long'],
    ['of commas without end', bytes(`id\n${','.repeat(100_000)}`), 'Line 2 is too long'],
    ['with a quote that takes the rest', bytes(`id\n"${'x'.repeat(200_000)}`), 'begins on line 2'],
  ])('is refused %s, with what to do', async (_, whole, message) => {
    await expect(all(whole, 4_096)).rejects.toThrow(message);
  });

  it('reads a formula as plain text', () => {
    expect(wholeOf('id\n"=HYPERLINK(""http://x"")"')?.[1]).toEqual(['=HYPERLINK("http://x")']);
  });
});

describe('what is written as CSV', () => {
  it.each([
    ['Northside', 'Northside'],
    ['', ''],
    ['a, b', '"a, b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    [' edge', '" edge"'],
    [-3, '-3'],
    [0.5, '0.5'],
    ['=cmd|calc!A1', `"'=cmd|calc!A1"`],
    ['+44 1632', `"'+44 1632"`],
    ['-1+1', `"'-1+1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['  =1+1', `"'  =1+1"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['＝1+1', `"'＝1+1"`],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['a=b', 'a=b'],
  ])('%j is %s', (value, written) => expect(csvCell(value)).toBe(written));

  it('reads back as it was, but for the apostrophe, and begins no cell as a formula', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[=+\-@\t\r ,"\nab]{0,6}$/));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
        const line = csvLine([...values, 'end']);
        const [read] = wholeOf(line) ?? [];
        const plain = (one: string): string => one.replace(/\r\n?/g, '\n');
        expect(read?.map((one) => one.replace(/^'(?=\s*[=+\-@＝＋－＠]|[\t\n])/u, ''))).toEqual(
          [...values, 'end'].map((one) => plain(one).replace(/^'(?=\s*[=+\-@＝＋－＠]|[\t\n])/u, '')),
        );
        for (const one of read ?? []) expect(one).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
});

describe('a file that is no CSV', () => {
  it.each([
    ['a new spreadsheet', Buffer.from('PK\u0003\u0004xl/workbook'), 'It is a spreadsheet'],
    ['an old spreadsheet', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'It is a spreadsheet'],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj'), 'It is a PDF'],
    ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'It is a picture'],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'It is a picture'],
    ['other bytes', Buffer.from([1, 2, 0, 3]), 'Line 1 is no text in UTF-8'],
    [
      'Windows-1252 from line 3 on',
      Buffer.from('id,name\n1,A\n2,Ren\u00e9\n', 'latin1'),
      'Line 3 is no text in UTF-8',
    ],
  ])('is told as %s', async (_, whole, says) => {
    for (const size of [5, 1_000]) await expect(all(whole, size)).rejects.toThrow(says);
  });
});
