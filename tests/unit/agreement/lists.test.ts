import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { diffAgreements } from '../../../src/agreement/diff.ts';
import { problemLine, readAgreement } from '../../../src/agreement/file.ts';
import { readTerms, type StoredTerms } from '../../../src/agreement/older.ts';
import { listOf, takingRoles } from '../../../src/agreement/register.ts';
import { warnMarked } from '../../../src/agreement/warn-marked.ts';
import { at, moorland, riverside } from './demo.ts';

type Spoil = readonly [name: string, spoil: (terms: Agreement) => void, path: string, message: string];

const spoilt: readonly Spoil[] = [
  [
    'of a provider that is not there',
    (t) => {
      at(t.lists, 0).provider = 'ghost';
    },
    'lists.0.provider',
    'the provider ghost is not in the agreement',
  ],
  [
    'of one provider twice',
    (t) => {
      t.lists.push({ ...at(t.lists, 0) });
    },
    'lists.3.provider',
    'the list of northside is there twice',
  ],
  [
    'with one column for two things, in whatever case',
    (t) => {
      at(t.lists, 0).columns.discharged = 'date of BIRTH';
    },
    'lists.0.columns.discharged',
    'the column date of BIRTH is already read as dob',
  ],
  [
    'that a role unknown may take from',
    (t) => {
      t.register.take = ['coordinator', 'wizard'];
    },
    'register.take.1',
    'the role wizard is not in the agreement',
  ],
  [
    'that a role of nobody may take from',
    (t) => {
      t.roles.push({ id: 'spare', name: 'Spare', can: [] });
      t.register.take = ['spare'];
    },
    'register.take.0',
    'nobody has the role spare',
  ],
  [
    'that a role may take from twice',
    (t) => {
      t.register.take = ['coordinator', 'coordinator'];
    },
    'register.take.1',
    'the role coordinator is there twice',
  ],
  [
    'whose marked records a role unknown is asked about',
    (t) => {
      t.register.markedRecords = 'wizard';
    },
    'register.markedRecords',
    'the role wizard is not in the agreement',
  ],
  [
    'whose marked records a role of nobody is asked about',
    (t) => {
      t.roles.push({ id: 'spare', name: 'Spare', can: [] });
      t.register.markedRecords = 'spare';
    },
    'register.markedRecords',
    'nobody has the role spare, so nobody would be asked about marked records',
  ],
  [
    'with a time that its clock cannot count',
    (t) => {
      t.register.unowned = { within: '2h', clock: 'working-days' };
    },
    'register.unowned.within',
    '2h on working-days is no time to take a case',
  ],
  [
    'with a time to settle a mismatch that its clock cannot count',
    (t) => {
      t.register.mismatch = { within: '2h', clock: 'working-days' };
    },
    'register.mismatch.within',
    '2h on working-days is no time to settle a mismatch',
  ],
  [
    'with a long wait of hours, where lists have days',
    (t) => {
      t.register.longWait = '36h';
    },
    'register.longWait',
    '36h is no number of days',
  ],
];

describe('who is asked about marked records', () => {
  it('is warned of where no role is named, and said when it changes', () => {
    const before = riverside();
    const after = riverside();
    delete after.register.markedRecords;
    expect(warnMarked(before)).toEqual([]);
    expect(warnMarked(after).map(({ remedy }) => remedy)).toEqual(['name one under register: markedRecords']);
    const from = 'Who is asked about marked records changes from';
    expect(diffAgreements(before, after)).toEqual([`${from} Clinical lead to nobody.`]);
    expect(diffAgreements(after, before)).toEqual([`${from} nobody to Clinical lead.`]);
  });
});

describe('the lists of an agreement', () => {
  it.each(spoilt)('are refused: a list %s', (_, spoil, path, message) => {
    const terms = riverside();
    expect(checkAgreement(terms)).toEqual([]);
    spoil(terms);
    const found = checkAgreement(terms).filter((one) => one.path.join('.') === path);
    expect(found.map((one) => one.message).join('\n')).toContain(message);
    for (const { remedy } of found) expect(remedy).not.toBe('');
  });

  it.each([
    ['      id: Case ID\n', '', 'lists[0].columns.id', 'this is missing'],
    [
      '      dob: DOB\n',
      '      birthday: DOB\n',
      'lists[1].columns.birthday',
      'the key birthday is not known',
    ],
    ['Died: closed', 'Died: gone', 'lists[1].statuses.Died', 'gone'],
  ])('name what is wrong with their line %j', async (before, after, field, message) => {
    const { readFileSync } = await import('node:fs');
    const file = readFileSync(
      new URL('../../../infra/demo/agreements/riverside.yaml', import.meta.url),
      'utf8',
    );
    expect(file).toContain(before);
    const { problems = [] } = readAgreement(file.replace(before, after), 'riverside.yaml');
    const found = problems.find((one) => one.field === field);
    expect(found, problems.map(problemLine).join('\n')).toBeDefined();
    expect(found?.message).toContain(message);
    expect(found?.line).toBeGreaterThan(200);
  });

  it('can be read under an agreement that was stored before there were lists', () => {
    const { lists, register, ...stored } = riverside();
    expect(lists).not.toEqual([]);
    expect(register.take).toBeDefined();
    const read = readTerms(stored as StoredTerms);
    expect(read.lists).toEqual([]);
    expect(read.register.unowned).toEqual({ within: '1d', clock: 'working-days' });
    expect(checkAgreement(read)).toEqual([]);
  });

  it('say who may take a case that nobody holds: the roles named, or those that coordinate', () => {
    expect(takingRoles(riverside())).toEqual(['coordinator', 'duty-manager', 'visits-coordinator']);
    expect(takingRoles(moorland())).toEqual(['reablement-desk', 'team-leader']);
    expect(listOf(riverside(), 'kindly')).toBeUndefined();
    expect(listOf(riverside(), 'harbour')?.columns.id).toBe('Ref');
  });

  it('are told when they change', () => {
    const after = riverside();
    after.lists = after.lists.filter(({ provider }) => provider !== 'northside');
    at(after.lists, 0).columns.id = 'Number';
    after.lists.push({ provider: 'kindly', columns: { id: 'No' }, statuses: {} });
    after.register = {
      ...after.register,
      take: ['coordinator'],
      unowned: { within: '4h', clock: 'elapsed' },
      longWait: '18d',
    };
    expect(diffAgreements(riverside(), riverside())).toEqual([]);
    expect(diffAgreements(riverside(), after)).toEqual([
      "The columns of the list of St Anne's Hospice change.",
      'The list of Kindly Visits can be imported.',
      'The list of Northside Community Trust is no longer imported.',
      'Who may take a case that nobody holds changes from Coordinator, Duty manager, Visits coordinator to Coordinator.',
      'The time to take a case that nobody holds changes from 1d working-days to 4h elapsed.',
      'What is a long wait changes from 28d to 18d.',
    ]);
  });
});
