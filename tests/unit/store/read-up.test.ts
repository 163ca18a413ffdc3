import { describe, expect, it } from 'vitest';
import { readNothingUp, readUpWith, WrittenByNewer } from '../../../src/store/read-up.ts';

const readUp = readUpWith({
  plan: {
    1: ({ goal, ...rest }) => ({ ...rest, goals: [goal] }),
    2: (plan) => ({ ...plan, reviewed: false }),
  },
  broken: { 2: (doc) => doc },
  thief: { 1: () => ({ id: 'stolen', kind: 'other', schema: 9, lists: { due: 'x' } }) },
});

describe('reading up', () => {
  it.each([
    [
      { id: 'a', kind: 'plan', schema: 1, goal: 'walk' },
      { goals: ['walk'], reviewed: false },
    ],
    [
      { id: 'a', kind: 'plan', schema: 2, goals: ['walk'] },
      { goals: ['walk'], reviewed: false },
    ],
    [
      { id: 'a', kind: 'plan', schema: 3, goals: ['walk'], reviewed: true },
      { goals: ['walk'], reviewed: true },
    ],
  ])('takes %j step by step to the present version', (old, fields) => {
    const before = structuredClone(old);
    expect(readUp(old)).toEqual({ id: 'a', kind: 'plan', schema: 3, ...fields });
    expect(old).toEqual(before);
  });

  it('leaves kinds without steps as they are', () => {
    const doc = { id: 'a', kind: 'note', schema: 1 };
    expect(readUp(doc)).toBe(doc);
    expect(readNothingUp(doc)).toBe(doc);
  });

  it('keeps the id, kind and lists, which the index still holds', () => {
    const doc = { id: 'a', kind: 'thief', schema: 1, lists: { due: '1' } };
    expect(readUp(doc)).toEqual({ ...doc, schema: 2 });
    expect(readUp({ id: 'a', kind: 'thief', schema: 1 }).lists).toBeUndefined();
  });

  it('refuses what a newer Baton wrote, and says which to run', () => {
    expect(() => readUp({ id: 'a', kind: 'plan', schema: 4 })).toThrow(WrittenByNewer);
    expect(() => readUp({ id: 'a', kind: 'note', schema: 2 })).toThrow('run the newer Baton');
  });

  it('says which step is missing', () => {
    expect(() => readUp({ id: 'a', kind: 'broken', schema: 1 })).toThrow(
      'a broken document up from version 1',
    );
  });
});
