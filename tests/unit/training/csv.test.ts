import { expect, it } from 'vitest';
import { TrainingTerms } from '../../../src/agreement/training.ts';
import { readCsv } from '../../../src/core/csv.ts';
import { MAX_LINES, readTrainingFile } from '../../../src/training/csv.ts';
import { terms as bare } from '../../support/pathway.ts';

const training = TrainingTerms.parse({
  courses: [{ id: 'adults', name: 'Adults, level 2', roles: ['nurse'] }],
});
const terms = { ...bare, training };

function read(text: string, against = terms) {
  const records: { line: number; values: readonly string[] }[] = [];
  expect(readCsv(text, (line, values) => records.push({ line, values }))).toBeUndefined();
  return readTrainingFile('t.csv', records, { terms: against, today: '2026-11-24' });
}
const HEAD = 'person,course,done,expires';

it('takes people and courses by key or name, columns in any order, a byte order mark, quotes and spaces', () => {
  const text =
    '\uFEFFCourse, Person ,expires,done\r\n"Adults, level 2",nina,2027-01-01,2026-01-01\r\nadults,Noah TEST, 2027-01-02 ,2026-01-02\r\n';
  expect(read(text)).toEqual({
    entries: [
      { person: 'nina', course: 'adults', done: '2026-01-01', expires: '2027-01-01' },
      { person: 'noah', course: 'adults', done: '2026-01-02', expires: '2027-01-02' },
    ],
    problems: [],
  });
});

it.each([
  ['', 't.csv', 'empty'],
  ['person,course,done', 't.csv:1', 'no column expires'],
  [HEAD, 't.csv', 'no dates'],
  [`${HEAD}\nzoe,adults,2026-01-01,2027-01-01`, 't.csv:2 person', 'no person of the agreement'],
  [`${HEAD}\n,adults,2026-01-01,2027-01-01`, 't.csv:2 person', 'it is empty'],
  [`${HEAD}\nnina,piano,2026-01-01,2027-01-01`, 't.csv:2 course', 'use one of adults'],
  [`${HEAD}\nnina,adults,01/01/2026,2027-01-01`, 't.csv:2 done', 'write it as 2026-11-30'],
  [`${HEAD}\nnina,adults,2026-01-01,2027-02-29`, 't.csv:2 expires', 'no day'],
  [`${HEAD}\nnina,adults,2026-01-01,`, 't.csv:2 expires', 'no day'],
  [`${HEAD}\nnina,adults,2026-11-25,2027-02-28`, 't.csv:2 done', 'still to come'],
  [`${HEAD}\nnina,adults,2026-01-01,2026-01-01`, 't.csv:2 expires', 'check both days'],
  [`${HEAD}\nnina,adults,2026-01-01`, 't.csv:2', 'it has 3 values and not 4'],
  [
    `${HEAD}\nnina,adults,2026-01-01,2027-01-01\nnina,adults,2026-01-01,2028-01-01`,
    't.csv:3 expires',
    'line 2 has another day',
  ],
])('names what is wrong with %j', (text, field, message) => {
  const { problems } = read(text);
  expect(problems).toEqual([{ field, message: expect.stringContaining(message) }]);
  expect(JSON.stringify(problems)).not.toContain('zoe');
});

it('names every bad line, and takes no more than a commit holds', () => {
  const two = read(`${HEAD}\nzoe,adults,2026-01-01,2027-01-01\nnina,piano,2026-01-01,2027-01-01`);
  expect(two.problems.map(({ field }) => field)).toEqual(['t.csv:2 person', 't.csv:3 course']);
  const line = '\nnina,adults,2026-01-01,2027-01-01';
  expect(read(HEAD + line.repeat(MAX_LINES + 1)).problems).toHaveLength(1);
  expect(read(HEAD + line.repeat(MAX_LINES)).problems).toEqual([]);
});

it('says where the agreement asks for no training', () => {
  expect(read(HEAD, bare as typeof terms).problems).toEqual([
    { field: 'training', message: expect.stringContaining('asks for no training') },
  ]);
});
