import { expect, it } from 'vitest';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { digestChannel } from '../../../src/agreement/check-digest.ts';
import { diffAgreements } from '../../../src/agreement/diff.ts';
import { DigestTerms } from '../../../src/agreement/digest.ts';
import { readTerms, type StoredTerms } from '../../../src/agreement/older.ts';
import { riverside } from './demo.ts';

it('terms stored before digests were agreed have one on Monday at 08:00, for the prime', () => {
  const { digest: _, ...stored } = riverside();
  const read = readTerms(stored as StoredTerms);
  expect(read.digest).toEqual({ day: 'mon', at: '08:00', listDays: 8 });
  expect(digestChannel(read)).toBe('northside');
  expect(checkAgreement(read)).toEqual([]);
});

it('a digest to somebody who is not there is found, and what changes in it is told', () => {
  const wrong = { ...riverside(), digest: DigestTerms.parse({ channel: 'nobody' }) };
  expect(checkAgreement(wrong).map(({ path }) => path.join('.'))).toEqual(['digest.channel']);
  const after = {
    ...riverside(),
    digest: DigestTerms.parse({ day: 'fri', at: '16:30', channel: 'st-annes', listDays: 15 }),
  };
  expect(diffAgreements(riverside(), after)).toEqual([
    'The time of the weekly digest changes from Monday, 08:00 to Friday, 16:30.',
    "Whose channel gets the whole digest changes from Northside Community Trust to St Anne's Hospice.",
    'How long a list counts as fresh changes from 8 days to 15 days.',
  ]);
  expect(DigestTerms.safeParse({ at: '24:00' }).success).toBe(false);
  expect(DigestTerms.safeParse({ listDays: 0 }).success).toBe(false);
});
