import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { Invalid } from '../../src/core/errors.ts';
import type { CaseDoc } from '../../src/register/case.ts';
import { importListFile } from '../../src/register-file.ts';
import { wire } from '../../src/wire.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock, store } = world;
const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
const pathway = 'riverside';

afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const HEADER = 'Ref,Name,Born,NHS,Held by,Status';
const GOOD = 'G1,Canaryson,07/03/1942,999 000 0018,harbour,open';
const csv = (lines: readonly string[], header = HEADER): string => `${[header, ...lines].join('\r\n')}\r\n`;
const bytes = (text: string, encoding: BufferEncoding = 'utf8') =>
  new Uint8Array(Buffer.from(text, encoding));

/** What either way in said: whether it went in, and every line of it. */
interface Said {
  readonly went: boolean;
  readonly text: string;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}
type Way = (list: Uint8Array<ArrayBuffer>, whole: boolean) => Promise<Said>;

const atCommandLine: Way = async (list, allOrNothing) => {
  const file = join(world.folder, 'list.csv');
  writeFileSync(file, list);
  try {
    const said = await importListFile(wired, clock, { pathway, provider: 'harbour', file, allOrNothing });
    return { went: true, text: said.lines.join('\n'), errors: said.problems };
  } catch (error) {
    if (error instanceof Invalid) return { went: false, text: error.message, errors: error.problems };
    throw error;
  }
};

let keys = 0;
const overHttp: Way = async (list, whole) => {
  const response = await fetch(
    `${world.url}/api/pathways/${pathway}/lists/harbour${whole ? '?all-or-nothing=true' : ''}`,
    {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': `bad-${++keys}` },
      body: list,
    },
  );
  const body = (await response.json()) as { detail?: string; errors?: Said['errors'] };
  expect([200, 201, 422]).toContain(response.status);
  const went = response.status !== 422;
  return { went, text: body.detail ?? '', errors: body.errors ?? [] };
};

const BAD: readonly (readonly [what: string, list: Uint8Array<ArrayBuffer>, says: RegExp])[] = [
  ['in UTF-16', bytes(`\uFEFF${csv([GOOD])}`, 'utf16le'), /^Line 1 is no text in UTF-8: save it as/],
  [
    'in Windows-1252',
    bytes(csv([GOOD, 'G2,Ren\u00e9e Canaryson,,,,open']), 'latin1'),
    /^Line 3 is no text in UTF-8/,
  ],
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), /^It is a picture and no CSV/],
  ['a PDF', bytes('%PDF-1.7\n1 0 obj\n'), /^It is a PDF and no CSV/],
  ['a spreadsheet', bytes('PK\u0003\u0004[Content_Types].xml'), /^It is a spreadsheet and no CSV/],
  ['empty', new Uint8Array(), /^The list is empty/],
  ['of a header alone', bytes(csv([])), /^The list has no lines/],
  ['without an agreed column', bytes(csv(['G1,x'], 'Ref,Name')), /line 1: there is no column Born/],
  [
    'with a column twice',
    bytes(csv([`${GOOD},x`], `${HEADER},Name`)),
    /line 1: the column Name is there twice/,
  ],
  [
    'with semicolons',
    bytes(csv([GOOD], HEADER.replaceAll(',', ';')).replaceAll(',', ';')),
    /separate the columns with commas/,
  ],
  ['with a quote that does not end', bytes(csv([GOOD, '"G2,x,,,,open'])), /^A quoted value begins on line 3/],
  [
    'with a day that is none',
    bytes(csv([GOOD, 'G2,Canaryson,31/02/1942,,,open'])),
    /line 3, Born: this is no day of the calendar/,
  ],
  ['with a line that is too short', bytes(csv([GOOD, 'G2,Canaryson'])), /line 3: it has 2 values and not 6/],
  [
    'with a quoted line end before the bad line',
    bytes(csv(['G1,"Canary\r\nson",,,harbour,open', ',x,,,,open'])),
    /line 4, Ref: it is empty/,
  ],
];

describe.each([
  ['at the command line', atCommandLine],
  ['over HTTP', overHttp],
])('a bad list %s', (_, way) => {
  it.each(BAD)('%s is told by its line, and leaves nothing', async (_, list, says) => {
    const before = await world.kept();
    expect(before.length).toBeGreaterThan(2);
    const said = await way(list, true);
    const whole = [said.text, ...said.errors.map(({ field, message }) => `${field}: ${message}`)].join('\n');
    expect(said.went).toBe(false);
    expect(whole).toMatch(new RegExp(says.source, 'm'));
    expect(whole).not.toContain('Canary');
    expect(await world.kept()).toEqual(before);
  });

  it('of a million bad lines is counted, and its first thousand values named', async () => {
    const before = await world.kept();
    const said = await way(bytes(`${HEADER}\n${',x,,,,\n'.repeat(1_000_000)}`), false);
    expect(said.went).toBe(false);
    expect(said.text).toContain('1000000 values are wrong; the first 1000 are named');
    expect(said.errors).toHaveLength(1_000);
    expect(said.errors[999]?.field).toBe('line 1001, Ref');
    expect(await world.kept()).toEqual(before);
  }, 60_000);
});

describe('a list that looks odd', () => {
  const held = async (id: string): Promise<CaseDoc | undefined> => {
    const found = await store.page<CaseDoc>(pathway, 'cases@harbour', { limit: 100 });
    return found.map(({ doc }) => doc).find(({ aliases }) => aliases.harbour === id);
  };
  beforeAll(async () => {
    const odd = csv([GOOD, 'G2,=cmd|calc!A1,,,harbour,open', 'G3,"Canary\r\nson",,,harbour,open']);
    for (const way of [atCommandLine, overHttp]) {
      expect(await way(bytes(`\uFEFF${odd}`), true)).toMatchObject({ went: true, errors: [] });
    }
  });

  it('with a byte order mark goes in from its first column on', async () => {
    expect((await held('G1'))?.person.surname).toBe('Canaryson');
  });
  it('keeps a formula as the text that it is', async () => {
    expect((await held('G2'))?.person.surname).toBe('=cmd|calc!A1');
  });
  it('keeps a line end in quotes', async () => {
    expect((await held('G3'))?.person.surname).toBe('Canary\nson');
  });
});
