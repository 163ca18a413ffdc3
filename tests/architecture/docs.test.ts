import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DATASET } from '../../src/agreement/dataset.ts';
import { LIST_FIELDS } from '../../src/agreement/lists.ts';
import { readOffer } from '../../src/http/handover-body.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The rows of a page's tables, as cells. */
const rows = (page: string): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('README.md', () => {
  const page = read('README.md');
  const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

  it('says of every folder of the source what it is', () => {
    const told = rows(page).flatMap(([cell = '']) =>
      [...cell.matchAll(/`src\/(\w+)`/g)].map((match) => match[1]),
    );
    const folders = readdirSync(at('src'), { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => name);
    expect(folders.length).toBeGreaterThan(10);
    expect(told.sort()).toEqual(folders.sort());
  });

  it('names no file that is not there', () => {
    const named = [...page.matchAll(/`((?:src|infra|tests|cards|docs|appPackage)\/[\w./-]*)`/g)].flatMap(
      (match) => match[1] ?? [],
    );
    expect(named.length).toBeGreaterThan(20);
    // Built when it is asked for.
    const gone = named.filter((path) => !existsSync(at(path)) && path !== 'appPackage/build/baton.zip');
    expect(gone).toEqual([]);
  });

  it('names every command of the command line', () => {
    const line = page.split('\n').find((one) => one.startsWith('| `npm run baton -- --help`')) ?? '';
    const said = [...line.matchAll(/`([a-z ]+)`/g)].flatMap((match) => match[1]?.split(' ') ?? []);
    const source = ['src/command-line.ts', 'src/register-command.ts'].map(read).join('');
    const commands = [...source.matchAll(/\.command\('([a-z]+)/g)].flatMap((match) => match[1] ?? []);
    expect(commands.length).toBeGreaterThan(10);
    expect([...new Set(commands)].filter((one) => !said.includes(one))).toEqual([]);
  });
});

describe('docs/minimum-dataset.md', () => {
  it('lists exactly the catalogue, in its order, each with a source', () => {
    const fields = rows(read('docs/minimum-dataset.md')).filter(
      (cells) => cells.length === 4 && cells[0] !== 'Path',
    );
    console.log(`minimum dataset: ${fields.length} fields documented`);
    expect(fields.map(([path, label]) => [path, label])).toEqual(
      Object.entries(DATASET).map(([path, label]) => [`\`${path}\``, label]),
    );
    for (const [path, , source, bars] of fields)
      expect([path, source !== '', bars !== '']).toEqual([path, true, true]);
  });
});

describe('docs/intake.md', () => {
  const page = read('docs/intake.md');

  it('has an example that the intake takes', () => {
    const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((match): unknown =>
      JSON.parse(match[1] ?? ''),
    );
    expect(examples).toHaveLength(2);
    expect(readOffer(examples[0]).content.person.surname).toBe('Example');
  });

  it('names every code that the intake answers, and none that nobody gives', () => {
    const documented = rows(page)
      .filter(([status]) => /^\d{3}$/.test(status ?? ''))
      .flatMap(([, codes = '']) => [...codes.matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1]));
    const answered = ['src/http/intake.ts', 'src/http/partner.ts', 'src/http/problem.ts'].flatMap((path) =>
      [...read(path).matchAll(/(?:code: |^ {2})'([a-z0-9-]+)'(?:,|:| \d)/gm)].map((match) => match[1]),
    );
    const refusals = ['src/handovers/offer.ts', 'src/register/case.ts', 'src/store/claim.ts'].flatMap(
      (path) => [...read(path).matchAll(/new Refused\(\s*'([a-z-]+)'/g)].map((match) => match[1]),
    );
    console.log(`intake: ${documented.length} codes documented`);
    expect(documented.length).toBeGreaterThan(15);
    expect([...new Set(documented)].sort()).toEqual([...new Set([...answered, ...refusals])].sort());
  });
});

describe('docs/lists.md', () => {
  it('names every code that the route of lists answers of its own', () => {
    const documented = rows(read('docs/lists.md'))
      .filter(([status]) => /^\d{3}/.test(status ?? ''))
      .flatMap(([, codes = '']) => [...codes.matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1]));
    const own = [
      ...[...read('src/http/lists.ts').matchAll(/code: '([a-z0-9-]+)'/g)],
      ...[
        'src/register/import.ts',
        'src/register/record.ts',
        'src/register/commands.ts',
        'src/agreement/current.ts',
      ].flatMap((path) => [...read(path).matchAll(/new Refused\(\s*'([a-z-]+)'/g)]),
    ].flatMap((match) => match[1] ?? []);
    // Of roles and cases nothing is asked here.
    const codes = new Set(own.filter((code) => !['role', 'unknown-case'].includes(code)));
    expect(codes.size).toBeGreaterThan(7);
    expect([...codes].filter((code) => !documented.includes(code))).toEqual([]);
  });

  it('explains every field that a list may have, and no other', () => {
    const fields = rows(read('docs/lists.md'))
      .filter(([field]) => field?.startsWith('`'))
      .flatMap(([cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]));
    expect(fields.length).toBeGreaterThan(10);
    expect(fields.sort()).toEqual(Object.keys(LIST_FIELDS).sort());
  });
});
