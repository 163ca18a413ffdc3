import { describe, expect, it } from 'vitest';
import { MISMATCH_KINDS } from '../../../src/reconciliation/reconciliation.ts';
import { type Counted, createTally } from '../../../src/reconciliation/tally.ts';

const some = (kinds: object) => ({
  ...Object.fromEntries(MISMATCH_KINDS.map((kind) => [kind, 0])),
  ...kinds,
});
const nothing = {
  cases: 0,
  matched: 0,
  mismatched: 0,
  settled: 0,
  fresh: 0,
  carriedOver: 0,
  kinds: some({}),
};

describe('what a run counts', () => {
  it('is nothing of a partner without a case', () => {
    expect(createTally(['northside']).result()).toEqual({
      partners: [{ provider: 'northside', ...nothing }],
      all: nothing,
    });
  });

  it.each<[string, readonly Counted[], object]>([
    ['a case without any matches', [], { matched: 1 }],
    [
      'a new one waits',
      [{ kind: 'long-wait', as: 'fresh' }],
      { mismatched: 1, fresh: 1, kinds: some({ 'long-wait': 1 }) },
    ],
    [
      'one from the run before waits still',
      [{ kind: 'differs', as: 'carried-over' }],
      { mismatched: 1, carriedOver: 1, kinds: some({ differs: 1 }) },
    ],
    ['a settled one waits no more', [{ kind: 'differs', as: 'settled' }], { matched: 1, settled: 1 }],
    [
      'one with a card of its own waits, and is neither new nor carried over',
      [{ kind: 'unowned', as: 'elsewhere' }],
      { mismatched: 1, kinds: some({ unowned: 1 }) },
    ],
    [
      'a case with several is one that differs',
      [
        { kind: 'long-wait', as: 'fresh' },
        { kind: 'differs', as: 'carried-over' },
        { kind: 'review-overdue', as: 'settled' },
      ],
      {
        mismatched: 1,
        fresh: 1,
        carriedOver: 1,
        settled: 1,
        kinds: some({ 'long-wait': 1, differs: 1 }),
      },
    ],
  ])('%s', (_, mismatches, counts) => {
    const tally = createTally(['northside', 'st-annes']);
    tally.count('st-annes', mismatches);
    const { partners, all } = tally.result();
    expect(all).toEqual({ ...nothing, cases: 1, ...counts });
    expect(partners).toEqual([
      { provider: 'northside', ...nothing },
      { provider: 'st-annes', ...all },
    ]);
  });

  it('counts a former partner of whom there is a case as a part of its own', () => {
    const tally = createTally(['northside']);
    tally.count('gone', []);
    expect(tally.result().partners.map(({ provider, cases }) => [provider, cases])).toEqual([
      ['northside', 0],
      ['gone', 1],
    ]);
  });
});
