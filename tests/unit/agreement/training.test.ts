import { expect, it } from 'vitest';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { diffAgreements } from '../../../src/agreement/diff.ts';
import { readTerms, type StoredTerms } from '../../../src/agreement/older.ts';
import { TrainingTerms } from '../../../src/agreement/training.ts';
import { riverside } from './demo.ts';

const course = { id: 'adults', name: 'Adults', roles: ['clinician'] };
const asking = (...courses: object[]) => ({ ...riverside(), training: TrainingTerms.parse({ courses }) });

it('terms stored before training was agreed ask for none', () => {
  const { training: _, ...stored } = riverside();
  const read = readTerms(stored as StoredTerms);
  expect(read.training).toEqual({ courses: [] });
  expect(checkAgreement(read)).toEqual([]);
});

it.each([
  [[{ ...course, roles: ['nobody'] }], 'training.courses.0.roles.0'],
  [[{ ...course, roles: ['clinician', 'clinician'] }], 'training.courses.0.roles.1'],
  [[{ ...course, remind: '12h' }], 'training.courses.0.remind'],
  [[{ ...course, remind: '999d' }], 'training.courses.0.remind'],
  [[course, { ...course, name: 'Other' }], 'training.courses.1.id'],
  [[course, { ...course, id: 'other', name: 'ADULTS' }], 'training.courses.1.name'],
])('finds what is wrong with %j', (courses, path) => {
  expect(checkAgreement(asking(...courses)).map((one) => one.path.join('.'))).toEqual([path]);
});

it('a course asks at least one role, and reminds thirty days before unless it says', () => {
  expect(TrainingTerms.safeParse({ courses: [{ ...course, roles: [] }] }).success).toBe(false);
  expect(TrainingTerms.parse({ courses: [course] }).courses[0]?.remind).toBe('30d');
});

it('what changes in it is told', () => {
  const other = { id: 'lead', name: 'Lead', roles: ['clinical-lead'] };
  const changed = { ...course, name: 'Adults 2', roles: ['duty-manager'], remind: '14d' };
  expect(diffAgreements(asking(course), asking(changed, other))).toEqual([
    'The training Adults is now called Adults 2.',
    'The training Adults 2 is asked of Duty manager where it was asked of Clinician on call.',
    'The reminder of Adults 2 changes from 30d to 14d before it lapses.',
    'The training Lead is asked of Clinical lead.',
  ]);
  expect(diffAgreements(asking(course), asking())).toEqual(['The training Adults is no longer asked for.']);
  expect(diffAgreements(asking(course), asking(course))).toEqual([]);
});
