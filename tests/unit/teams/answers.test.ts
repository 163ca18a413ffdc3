import { expect, it } from 'vitest';
import { z } from 'zod/v4';
import { invalidInput } from '../../../src/teams/answers.ts';

const Input = z.object({
  provider: z.string().regex(/^[a-z]+$/),
  proof: z.string().max(20_000),
  day: z.iso.date('write a date such as 1948-03-07'),
  n: z.number(),
});

it('what a button carries is told wrong in words for people, and none of it is repeated', () => {
  const read = Input.safeParse({ provider: '../x', proof: 'y'.repeat(20_001), day: 'Secret', n: 'Secret' });
  if (read.success) throw new Error('all of it is wrong');
  const { problems } = invalidInput(read.error);
  expect(problems).toEqual([
    { field: 'provider', message: 'is missing or not what the form sends' },
    { field: 'proof', message: 'use at most 20,000 characters' },
    { field: 'day', message: 'write a date such as 1948-03-07' },
    { field: 'n', message: 'is missing or not what the form sends' },
  ]);
});
