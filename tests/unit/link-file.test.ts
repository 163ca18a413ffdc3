import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCsv } from '../../src/core/csv.ts';
import { linkOnThreads } from '../../src/link-threads.ts';
import { main } from '../../src/main.ts';
import { operations } from '../../src/operations.ts';
import { makePeople } from '../bench/people.ts';
import { columnsOf, linkPeople } from './linkage/small.ts';

const HEAD = 'id,provider,given,surname,dob,postcode,nhs';
const PEOPLE = [
  HEAD,
  'b1,hospice,Margaret,Whitfeld,19410307,ab12cd,',
  'a1,north,Margaret,"Whitfield",1941-03-07,AB1 2CD,943 476 5919',
  'a2,north,Zoë,"O\'Brien",06/06/1980,AB6 1AA,',
  'b2,hospice,Zoe,OBrien,1980-06-06,AB6 1AA,0000000000',
  'a3,north,"Reed, the younger",Unknown,1977-13-45,,nonsense',
  'b3,hospice,,,,,',
].join('\n');

/** Runs the command over these files; `{people}` and the like in its words are their paths. */
async function baton(words: string[], files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-link-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const out: string[] = [];
  const err: string[] = [];
  const shown: number[] = [];
  const code = await main({
    words: [
      'link',
      ...words.map((word) => (word in files || word.includes('.csv') ? join(folder, word) : word)),
    ],
    env: { LOG_LEVEL: 'silent' },
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    operations: async () => operations,
    compose: () => Promise.reject(new Error('not needed')),
    askedToEnd: async () => undefined,
    progress: (done) => void shown.push(done),
  });
  return { code, out, err: err.join('\n'), shown };
}

describe('baton link', () => {
  test('prints a pair a line with its reasons, the surest first, and what there is', async () => {
    const { code, out, shown } = await baton(['people.csv'], { 'people.csv': PEOPLE });
    expect(code).toBe(0);
    expect(shown).not.toEqual([]);
    expect(out.slice(0, 2).map((line) => line.split(/ {2,}/))).toEqual([
      [
        'certain',
        expect.stringMatching(/^(?:0\.99|1\.00)/),
        'a1',
        'b1',
        expect.stringContaining('Surnames one letter apart; NHS number missing in one list'),
      ],
      [
        'certain',
        expect.stringMatching(/^(?:0\.99|1\.00)/),
        'a2',
        'b2',
        'Same names, birth date and postcode; NHS number missing in both lists',
      ],
    ]);
    expect(out.at(-1)).toBe(
      '6 records, pairs: 2 certain, 0 likely, 0 review. They are suggestions: people decide.',
    );
    expect(out.join(' ')).not.toMatch(/Marg|Whit|9434765919|1941/);
  });

  test('prints JSON Lines, the same bytes each time and the same pairs in any order of the lines', async () => {
    const { out } = await baton(['people.csv', '--json'], { 'people.csv': PEOPLE });
    expect(out.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['id_a', 'id_b', 'probability', 'band', 'reasons'],
      ['id_a', 'id_b', 'probability', 'band', 'reasons'],
    ]);
    const [head = '', ...rows] = PEOPLE.split('\n');
    const reversed = [head, ...rows.reverse()].join('\r\n');
    expect((await baton(['people.csv', '--json'], { 'people.csv': PEOPLE })).out).toEqual(out);
    expect((await baton(['people.csv', '--json'], { 'people.csv': reversed })).out).toEqual(out);
  });

  test.each([
    ['pairs', 'id_a,id_b\nb1,a1\na2,b3\n'],
    ['entities', 'id,entity\na1,p1\nb1,p1\na2,p2\nb3,p2\nb2,p3\n'],
  ])('with labels as %s the last line tells how good it is', async (_, labels) => {
    const files = { 'people.csv': PEOPLE, 'labels.csv': labels };
    const { code, out } = await baton(['people.csv', '--labels', 'labels.csv', '--json'], files);
    expect(code).toBe(0);
    expect(JSON.parse(out.at(-1) ?? '')).toEqual({
      bands: [
        { band: 'certain', pairs: 2, precision: 0.5, recall: 0.5, f1: 0.5 },
        { band: 'likely', pairs: 0, precision: null, recall: 0, f1: 0 },
        { band: 'review', pairs: 0, precision: null, recall: 0, f1: 0 },
      ],
      overall: { pairs: 2, precision: 0.5, recall: 0.5, f1: 0.5 },
    });
    const shown = await baton(['people.csv', '--labels', 'labels.csv'], files);
    expect(shown.out.at(-1)).toBe(
      'overall (0.5 and more): 2 pairs, precision 0.5000, recall 0.5000, F1 0.5000',
    );
  });

  test.each([
    ['', 'people.csv:1: it is empty'],
    ['id,provider,given,surname,dob,nhs\na,b,c,d,e,f', 'people.csv:1 postcode: there is no such column'],
    [`${HEAD}\na,b,c\n`, 'people.csv:2: it has 3 values and not 7'],
    [`${HEAD}\n\n,north,Ann,Lee,,,\n`, 'people.csv:3 id: it is empty'],
    [`${HEAD}\na,,,,,,\n\na,,,,,,\n`, 'people.csv:4 id: line 2 has the same'],
    [`${HEAD}\na,,"Ann\nLee,,,,\n`, 'people.csv:2: a quoted value is not closed'],
  ])('what is no such file exits 65 with line and column (%#)', async (text, says) => {
    const { code, out, err } = await baton(['people.csv', '--json'], { 'people.csv': text });
    expect(code).toBe(65);
    expect(err).toContain(says);
    expect(out).toEqual([]);
  });

  test.each([
    ['', 'labels.csv:1 id_a: it is empty'],
    ['one,two\na1,b1', 'labels.csv:1 id_a: the first line is id_a,id_b or id,entity'],
    ['id_a,id_b\na1,zz', 'labels.csv:2 id_b: the file has no record of this id'],
    ['id_a,id_b\na1,a1', 'labels.csv:2 id_b: a record is no pair with itself'],
    ['id,entity\na1,', 'labels.csv:2 entity: it is empty'],
    ['id,entity\n"a1,', 'labels.csv:2 value: a quoted value is not closed'],
  ])('labels that are wrong exit 65 with line and column (%#)', async (labels, says) => {
    const files = { 'people.csv': PEOPLE, 'labels.csv': labels };
    const { code, out, err } = await baton(['people.csv', '--labels', 'labels.csv'], files);
    expect(code).toBe(65);
    expect(err).toContain(says);
    expect(out).toEqual([]);
  });

  test('a file that is not there exits 65 and says so', async () => {
    const { code, err } = await baton(['nowhere.csv'], {});
    expect(code).toBe(65);
    expect(err).toContain('nowhere.csv cannot be read');
  });

  test('the first line alone is a register of nobody', async () => {
    const { code, out } = await baton(['people.csv', '--json'], { 'people.csv': `\uFEFF${HEAD}\n` });
    expect([code, out]).toEqual([0, []]);
  });

  test('reads what Windows writes, with other columns and another order of columns', async () => {
    const text =
      'NHS,Ward,ID,Provider,Given,Surname,DOB,Postcode\n,x,a,n,Zoë,Lee,1950-02-03,AB1 2CD\n,y,b,s,Zoe,Lee,1950-02-03,AB1 2CD';
    const { out } = await baton(['people.csv', '--json'], { 'people.csv': Buffer.from(text, 'latin1') });
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? '').reasons[0]).toBe('Same names, birth date and postcode');
  });

  test('shows no progress in a pipe', () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-link-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'people.csv'), PEOPLE);
    const script = join(import.meta.dirname, '..', '..', 'src', 'baton.js');
    const ran = spawnSync(process.execPath, [script, 'link', join(folder, 'people.csv'), '--json'], {
      encoding: 'utf8',
    });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout.trim().split('\n')).toHaveLength(2);
  });
});

test('threads find what one finds', async () => {
  const people = makePeople(3_000, 5).records;
  const alone = linkPeople(people);
  const { columns, ids } = columnsOf(people);
  const shares: number[] = [];
  const threaded = await linkOnThreads(columns, ids, {
    threads: 2,
    least: 0,
    progress: (share) => void shares.push(share),
  });
  expect(alone.suggestions.length).toBeGreaterThan(500);
  expect(threaded.suggestions).toEqual(alone.suggestions);
  expect(threaded.groups).toEqual(alone.groups);
  expect(shares.length).toBeGreaterThan(4);
});

describe('a CSV text', () => {
  const read = (text: string): { records: unknown[]; open: number | undefined } => {
    const records: unknown[] = [];
    const open = readCsv(text, (line, values) => records.push([line, ...values]));
    return { records, open };
  };

  test.each([
    [
      'a,b\nc,d',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      '\uFEFFa\r\n\r\n"b\r\nc",d\re',
      [
        [1, 'a'],
        [3, 'b\nc', 'd'],
        [5, 'e'],
      ],
    ],
    ['"a ""b""",c', [[1, 'a "b"', 'c']]],
    ['a "b" c,"d"', [[1, 'a "b" c', 'd']]],
    [',,\n""\n', []],
    ['', []],
  ])('%j is read by record and line', (text, records) =>
    expect(read(text)).toEqual({ records, open: undefined }),
  );

  test('tells the line of a quote that is never closed', () => {
    expect(read('a\nb,"c\nd').open).toBe(2);
  });
});
