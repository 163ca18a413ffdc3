import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DATASET_FIELDS } from '../../../src/agreement/dataset.ts';
import { problemLine, readAgreement } from '../../../src/agreement/file.ts';

const folder = (path: string): URL => new URL(`../../../${path}/`, import.meta.url);
const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const RIVERSIDE = text('infra/demo/agreements/riverside.yaml');
const lines = RIVERSIDE.split('\n');
/** The number of the first line that holds `part`, counted from 1. */
const lineOf = (part: string, from = RIVERSIDE): number =>
  from.split('\n').findIndex((line) => line.includes(part)) + 1;

function problems(yaml: string) {
  const read = readAgreement(yaml, 'a.yaml');
  expect(read.problems).toBeDefined();
  return read.problems ?? [];
}

/** The demo agreement with one text replaced by another, which must be there. */
function changed(from: string, to: string): string {
  expect(RIVERSIDE).toContain(from);
  return RIVERSIDE.replace(from, to);
}

describe('the agreement files that come with Baton', () => {
  const files = ['infra/demo/agreements', 'tests/support/agreements'].flatMap((path) =>
    readdirSync(folder(path))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `${path}/${name}`),
  );
  it('are there', () => expect(files.length, files.join(', ')).toBeGreaterThanOrEqual(2));
  it.each(files)('%s is good', (path) => {
    expect((readAgreement(text(path), path).problems ?? []).map(problemLine)).toEqual([]);
  });

  it('never make the NHS number a condition of a handover', () => {
    for (const path of files) {
      const { agreement } = readAgreement(text(path), path);
      expect(DATASET_FIELDS).toContain('person.nhsNumber');
      expect(agreement?.dataset).not.toContain('person.nhsNumber');
    }
  });
});

describe('an agreement file that is wrong', () => {
  it('is met with the line, what is wrong and what to do', () => {
    const [first, ...more] = problems(changed('kind: hospice', 'kind: hospital'));
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      file: 'a.yaml',
      field: 'providers[2].kind',
      line: lineOf('kind: hospice'),
    });
    expect(first && problemLine(first)).toMatch(
      /^a\.yaml:\d+:11 providers\[2\]\.kind: hospital is not one of the choices — use one of prime, .*hospice/,
    );
  });

  it.each([
    [
      'an unknown key',
      'holdsAs: coordinator',
      'heldAs: coordinator',
      'heldAs',
      'the key heldAs is not known here',
    ],
    ['a number where a text must be', 'name: Coordinator', 'name: 12', 'name: 12', 'this must be a text'],
    ['a bad telephone number', '0300 123 4503', 'ask Ann', 'ask Ann', 'ask Ann cannot be used'],
    ['a bad time', 'close: 16:00', 'close: 25:00', '25:00', '25:00 cannot be used'],
    ['a field outside the catalogue', '- allergies', '- shoes', '- shoes', 'shoes is not one of the choices'],
    ['an unquoted national code', '"02"', '02', 'code: inappropriate', '2 is not one of the choices'],
    ['an unknown day', 'fri: { open: 09:00', 'fry: { open: 09:00', 'fry:', ''],
    [
      'a second key of the same name',
      'name: Coordinator',
      'name: A\n    name: B',
      'name: B',
      'this key is there twice',
    ],
    ['a tab', '    name: Coordinator', '\tname: Coordinator', '\tname', 'a tab stands where spaces must'],
    [
      'an open bracket',
      'can: [offer, answer, clinical]',
      'can: [offer, answer, clinical',
      '',
      'this is not YAML',
    ],
    ['an alias without an anchor', 'zone: Europe/London', 'zone: *home', '', ''],
  ])('%s', (_name, from, to, where, message) => {
    const yaml = changed(from, to);
    const found = problems(yaml);
    expect(found.length).toBeGreaterThan(0);
    for (const each of found) {
      expect(each.remedy).not.toBe('');
      expect(each.message).not.toBe('');
      expect(each.line).toBeGreaterThan(0);
    }
    if (where !== '') expect(found.map((each) => each.line)).toContain(lineOf(where, yaml));
    expect(found.map((each) => each.message).join('\n')).toContain(message);
  });

  it('names what is missing where it should stand', () => {
    const yaml = lines.filter((line) => !line.includes('phone: 0300 123 4503')).join('\n');
    expect(problems(yaml)).toMatchObject([
      {
        field: 'providers[2].phone',
        line: lineOf('- id: st-annes'),
        message: 'this is missing',
        remedy: 'add it: a text',
      },
    ]);
  });

  it('gives all problems at once, in the order of the lines', () => {
    const found = problems(
      changed('kind: hospice', 'kind: hospital')
        .replace('zone: Europe/London', 'zone: 3')
        .replace('- allergies', '- shoes'),
    );
    expect(found.map((each) => each.field)).toEqual([
      'zone',
      'providers[2].kind',
      expect.stringMatching(/^dataset/),
    ]);
  });

  it.each(['', '# nothing\n', 'just words', '- a\n- list\n', 'a: 1\n---\nb: 2\n', 'null'])(
    'is refused when it is %j',
    (yaml) => {
      const [first] = problems(yaml);
      expect(first?.remedy).toBeTruthy();
    },
  );

  it('shows at its line what no single entry can show', () => {
    const yaml = changed(
      'can: [offer, answer, clinical, clinical-lead, assure, safeguard]',
      'can: [offer, answer, clinical, safeguard]',
    );
    expect(problems(yaml)).toMatchObject([
      {
        field: 'providers[0]',
        line: lineOf('- id: northside'),
        message: expect.stringContaining('clinical lead'),
      },
    ]);
  });
});
