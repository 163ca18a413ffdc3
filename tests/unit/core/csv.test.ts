import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, csvRecords, readCsv } from '../../../src/core/csv.ts';

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
    ['with a quote that takes the rest', bytes(`id\n"${'x'.repeat(200_000)}`), 'begins on line 2'],
  ])('is refused %s, with what to do', async (_, whole, message) => {
    await expect(all(whole, 4_096)).rejects.toThrow(message);
  });

  it('reads a formula as plain text', () => {
    expect(wholeOf('id\n"=HYPERLINK(""http://x"")"')?.[1]).toEqual(['=HYPERLINK("http://x")']);
  });
});
