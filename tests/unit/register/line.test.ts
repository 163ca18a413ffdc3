import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { ListTerms } from '../../../src/agreement/lists.ts';
import { csvReader } from '../../../src/core/csv.ts';
import { type Columns, createDays, type Line, readHeader, readLine } from '../../../src/register/line.ts';
import { terms as bare } from '../../support/pathway.ts';

const list = ListTerms.parse({
  provider: 'hospice',
  columns: {
    id: 'Number',
    given: 'First',
    surname: 'Last',
    dob: 'Born',
    nhsNumber: 'NHS',
    postcode: 'Post code',
    holder: 'Held by',
    status: 'State',
    received: 'Came',
    firstContact: 'Seen',
    discharged: 'Left',
    outcome: 'How',
    nextReview: 'Next',
    marked: 'Flag',
  },
  statuses: { 'On caseload': 'open' },
});
const terms: Agreement = {
  ...bare,
  providers: bare.providers.map((one) => (one.id === 'charity' ? { ...one, ods: 'CH4R1' } : one)),
  lists: [list],
};
const against = { terms, list, today: '2026-11-23', dayOf: createDays() };
const FIELDS = Object.keys(list.columns) as (keyof typeof list.columns)[];
const HEADER = FIELDS.map((field) => list.columns[field] ?? field);

function columnsOf(header: readonly string[]): Columns {
  const read = readHeader({ line: 1, values: header }, list);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.columns;
}

const GOOD = {
  id: 'A17',
  given: 'Margaret',
  surname: 'Example',
  dob: '07/03/1942',
  nhsNumber: '999 000 0018',
  holder: 'hospice',
  status: 'on CASELOAD',
};
const read = (cells: Partial<Record<keyof typeof list.columns, string>>) =>
  readLine(
    { line: 7, values: FIELDS.map((field) => cells[field] ?? '') },
    columnsOf(HEADER),
    HEADER.length,
    against,
  );
const good = (cells: Parameters<typeof read>[0]): Line => {
  const line = read(cells);
  if (!('id' in line)) throw new Error(JSON.stringify(line));
  return line;
};

describe('a line of a list', () => {
  it('is read with days as spreadsheets write them and the provider’s own words', () => {
    expect(good({ ...GOOD, received: '2026-11-02', nextReview: '1/12/2026', postcode: ' RV1 2AB ' })).toEqual(
      {
        line: 7,
        id: 'A17',
        person: {
          given: 'Margaret',
          surname: 'Example',
          dob: '1942-03-07',
          nhsNumber: '999 000 0018',
          postcode: 'RV1 2AB',
        },
        holder: 'hospice',
        status: 'open',
        received: '2026-11-02',
        nextReview: '2026-12-01',
      },
    );
  });

  it('has every column that the agreement names', () => {
    const days = {
      received: '2026-11-02',
      firstContact: '2026-11-03',
      discharged: '2026-11-20',
      nextReview: '2026-12-01',
    };
    const said = { ...GOOD, ...days, status: 'closed', outcome: 'Died at home', marked: 'Restricted' };
    expect(good(said)).toMatchObject({
      ...days,
      status: 'closed',
      outcome: 'Died at home',
      marked: 'restricted',
    });
    const { person: _, ...empty } = good({ id: 'A17' });
    expect(empty).toEqual({ line: 7, id: 'A17', status: 'open' });
  });

  it.each([
    ['changed identity', 'changed-identity'],
    ['RESTRICTED', 'restricted'],
  ])('marked %j is %s', (marked, mark) => {
    expect(good({ ...GOOD, marked }).marked).toBe(mark);
  });

  it('may be of somebody born today, or as long ago as anybody who lives', () => {
    for (const dob of ['2026-11-23', '1890-01-01']) expect(good({ ...GOOD, dob }).person.dob).toBe(dob);
  });

  it.each<[keyof typeof list.columns, number]>([
    ['id', 64],
    ['given', 100],
    ['surname', 100],
    ['nhsNumber', 20],
    ['postcode', 10],
    ['outcome', 200],
  ])('holds a %s of %i characters, and no longer one', (field, most) => {
    expect(good({ ...GOOD, [field]: 'x'.repeat(most) }).id).toBeDefined();
    expect(read({ ...GOOD, [field]: 'x'.repeat(most + 1) })).toMatchObject([
      { field: `line 7, ${list.columns[field]}`, message: expect.stringContaining(`use at most ${most}`) },
    ]);
  });

  it.each([
    ['Charity', 'charity'],
    ['charity', 'charity'],
    ['CH4r1', 'charity'],
    ['TEST CHARITY', 'charity'],
    ['', 'nobody'],
    ['\u200b ', 'nobody'],
  ])('with the holder %j is held by %s', (holder, held) => {
    if (held !== 'nobody') expect(good({ ...GOOD, holder }).holder).toBe(held);
    else expect(good({ ...GOOD, holder })).not.toHaveProperty('holder');
  });

  it.each([
    ['waiting', '', 'waiting'],
    ['Closed', '', 'closed'],
    ['', '', 'open'],
    ['', '20/11/2026', 'closed'],
  ])('with the status %j and discharged %j is %s', (status, discharged, stands) => {
    expect(good({ ...GOOD, status, discharged }).status).toBe(stands);
  });

  it('has the same number with and without what nobody sees', () => {
    for (const id of ['A17\u200b', '\u202eA17', '\u00a0A17\ufeff ', 'A\u00ad17 \u200d'])
      expect(good({ ...GOOD, id }).id).toBe('A17');
    expect(read({ ...GOOD, id: '\u200b' })).toMatchObject([{ field: 'line 7, Number' }]);
  });

  it('takes a formula for plain text', () => {
    expect(good({ ...GOOD, surname: '=cmd|calc', id: '=1+1' })).toMatchObject({
      id: '=1+1',
      person: { surname: '=cmd|calc' },
    });
  });

  it.each([
    ['without a number', { id: '' }, 'Number', 'it is empty: write the number'],
    ['with a day that is none', { dob: '31/02/1942' }, 'Born', 'no day of the calendar'],
    ['with a day in words', { received: 'last Tuesday' }, 'Came', 'no day of the calendar'],
    ['with a month first', { nextReview: '11/23/2026' }, 'Next', 'no day of the calendar'],
    ['with a mark that is none', { marked: 'secret' }, 'Flag', 'this word is not known'],
    ['with a birth to come', { dob: '2027-01-01' }, 'Born', 'check the year'],
    ['with a birth long ago', { dob: '1742-03-07' }, 'Born', 'check the year'],
    [
      'with a status that nobody agreed',
      { status: 'paused' },
      'State',
      'use one of waiting, open, closed, On caseload',
    ],
    [
      'with an unknown holder',
      { holder: 'Mrs Secret' },
      'Held by',
      'use one of prime, hospice, charity, or leave it empty',
    ],
    ['with a number too long', { id: 'x'.repeat(65) }, 'Number', 'it has 65 characters: use at most 64'],
    [
      'with a name too long',
      { surname: 'Secret'.repeat(30) },
      'Last',
      'it has 180 characters: use at most 100',
    ],
    ['with an outcome too long', { outcome: 'x'.repeat(201) }, 'How', 'use at most 200'],
  ])('is told %s by line and column, without what stands there', (_, cells, column, message) => {
    const wrong = read({ ...GOOD, ...cells });
    expect(wrong).toEqual([{ field: `line 7, ${column}`, message: expect.stringContaining(message) }]);
    expect(JSON.stringify(wrong)).not.toMatch(/Secret|Margaret|paused/);
  });

  it('is told all that is wrong with it, and when its commas are', () => {
    expect(read({ ...GOOD, id: '', dob: 'x', status: 'y' })).toHaveLength(3);
    expect(readLine({ line: 9, values: ['A'] }, columnsOf(HEADER), HEADER.length, against)).toEqual([
      { field: 'line 9', message: 'it has 1 value and not 14: check its commas' },
    ]);
  });

  it('never repeats a name, whatever is wrong', () => {
    const mark = 'Zaphodqx';
    const field = fc.constantFrom(...FIELDS);
    fc.assert(
      fc.property(fc.dictionary(field, fc.constantFrom(mark, mark.repeat(40), '', '1/1/2020')), (cells) => {
        const line = read(cells);
        if (!('id' in line)) expect(JSON.stringify(line)).not.toContain(mark);
      }),
    );
  });
});

describe('the columns of a list', () => {
  it('are found in any order and case, beside others', () => {
    const header = ['Other', ...HEADER.map((name) => ` ${name.toUpperCase()} `).reverse()];
    expect(columnsOf(header).get('id')?.at).toBe(14);
  });

  it.each([
    [
      'one is missing',
      HEADER.filter((name) => name !== 'Held by').join(','),
      'there is no column Held by: add it',
    ],
    ['one is there twice', [...HEADER, 'number'].join(','), 'the column Number is there twice'],
    ['semicolons part them', HEADER.join(';'), 'separate the columns with commas'],
    ['tabs part them', HEADER.join('\t'), 'separate the columns with commas'],
  ])('are refused when %s', (_, text, message) => {
    const [first] = csvReader().push(`${text}\n`).records;
    const found = first && readHeader(first, list);
    expect(found).toHaveProperty('problems');
    expect(JSON.stringify(found)).toContain(message);
  });

  it('need not name a holder: then the list is of those whom its provider holds', () => {
    const short = ListTerms.parse({ provider: 'hospice', columns: { id: 'No' } });
    const header = readHeader({ line: 1, values: ['No'] }, short);
    if ('problems' in header) throw new Error('the column is there');
    const line = readLine({ line: 2, values: ['1'] }, header.columns, 1, { ...against, list: short });
    expect(line).toMatchObject({ id: '1', holder: 'hospice', status: 'open' });
  });
});
