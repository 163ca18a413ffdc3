import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISMATCH_KINDS, type MismatchKind, rateText } from '../../../src/reconciliation/reconciliation.ts';
import { comparing, isCompared, mismatchesOf, standingOf } from '../../../src/reconciliation/rules.ts';
import { createTally, sumOf } from '../../../src/reconciliation/tally.ts';
import { standingText } from '../../../src/reconciliation/words.ts';
import type { CaseDoc, OnList } from '../../../src/register/case.ts';
import { riverside } from '../agreement/demo.ts';
import { nobodys } from '../register/case-fixture.ts';

const terms = riverside();
const AS_OF = '2026-11-20T18:00:00.000Z';
const BEFORE = '2026-11-01T09:00:00.000Z';
const AFTER = '2026-11-21T09:00:00.000Z';
const NOW = '2026-11-23T09:00:00.000Z';
const newest = { id: '000002', asOf: AS_OF, hash: 'h', state: 'in' } as const;
const standing = (provider: string) => standingOf(provider, { newest }, terms, NOW);
const with_ = comparing([standing('northside'), standing('st-annes')], terms);

const { unowned, ...plain } = nobodys;
const line = (more: Partial<OnList> = {}): OnList => ({
  id: 'A17',
  list: '000002',
  asOf: AS_OF,
  status: 'open',
  holder: 'northside',
  firstContact: '2026-11-02',
  ...more,
});
/** Held by Northside since before the lists, and on its list as that says. */
const agreed: CaseDoc = {
  ...plain,
  holder: { provider: 'northside', role: 'coordinator' },
  heldSince: BEFORE,
  listed: { northside: line() },
};
const offerOf = (from: string): CaseDoc['handovers'][number] => ({
  id: 'h1',
  from,
  to: 'st-annes',
  state: 'offered',
  need: 'n1',
  claim: 'c',
});
const onItsWay = (): CaseDoc => ({
  ...agreed,
  listed: {},
  aliases: {},
  handovers: [offerOf('riverside-general')],
});
const kinds = (caseDoc: CaseDoc): string[] =>
  mismatchesOf(caseDoc, with_).map(({ kind, provider }) => `${kind} ${provider}`);
const listing = (more: Partial<OnList>, seen = true): CaseDoc => {
  const { firstContact, ...unseen } = line(more);
  return { ...agreed, listed: { northside: seen ? line(more) : unseen } };
};

describe('a case and the lists', () => {
  const table: readonly (readonly [string, CaseDoc, readonly string[]])[] = [
    ['agree', agreed, []],
    [
      'nobody holds it',
      { ...plain, unowned: { ...nobodysOf(), provider: 'northside' }, listed: {} },
      ['unowned northside'],
    ],
    ['on no list', { ...agreed, listed: {} }, ['not-on-list northside']],
    ['only on an older list of its own', listing({ list: '000001' }), ['not-on-list northside']],
    ['only on another’s list', { ...agreed, listed: { 'st-annes': line() } }, ['only-on-list northside']],
    ['a referral from outside that nobody has accepted yet', onItsWay(), []],
    [
      'one that its keeper has a number for',
      { ...onItsWay(), aliases: { northside: 'A17' } },
      ['not-on-list northside'],
    ],
    [
      'one that was accepted',
      { ...onItsWay(), handovers: [{ ...offerOf('riverside-general'), state: 'accepted' }] },
      ['not-on-list northside'],
    ],
    [
      'a case of its own that is on offer',
      { ...onItsWay(), handovers: [offerOf('northside')] },
      ['not-on-list northside'],
    ],
    ['came to it after the list', { ...agreed, listed: {}, heldSince: AFTER }, []],
    ['another holder', listing({ holder: 'st-annes' }), ['different-holder northside']],
    ['another holder, handed on since', { ...listing({ holder: 'st-annes' }), heldSince: AFTER }, []],
    ['closed there', listing({ status: 'closed', outcome: 'well' }), ['different-status northside']],
    [
      'closed by somebody who handed it on',
      {
        ...agreed,
        listed: { northside: line(), 'st-annes': line({ status: 'closed', holder: 'northside' }) },
      },
      [],
    ],
    ['closed here', { ...agreed, state: 'closed' }, ['different-status northside']],
    ['another name', listing({ differs: ['surname'] }), ['differs northside']],
    [
      'closed without an outcome',
      { ...listing({ status: 'closed' }), state: 'closed' },
      ['missing-outcome northside'],
    ],
    [
      'no outcome from a list without that column',
      { ...agreed, state: 'closed', listed: { 'st-annes': line({ status: 'closed', holder: 'st-annes' }) } },
      [],
    ],
    [
      'a day too long without a first contact',
      listing({ received: '2026-10-22' }, false),
      ['long-wait northside'],
    ],
    ['just within the time for it', listing({ received: '2026-10-23' }, false), []],
    ['a review of the day before', listing({ nextReview: '2026-11-19' }), ['review-overdue northside']],
    ['a review of the day', listing({ nextReview: '2026-11-20' }), []],
  ];
  it.each(table)('%s', (_, caseDoc, expected) => {
    expect(kinds(caseDoc)).toEqual(expected);
  });

  it('are not compared where the list is half in', () => {
    expect(isCompared(agreed, with_)).toBe(true);
    const half = standingOf('northside', { newest: { ...newest, state: 'importing' } }, terms, NOW);
    expect(half.state).toBe('importing');
    expect(mismatchesOf({ ...agreed, listed: {} }, comparing([half], terms))).toEqual([]);
  });

  it('know how fresh a list is', () => {
    expect(standing('northside').state).toBe('fresh');
    expect(
      standingOf('northside', { newest: { ...newest, asOf: '2026-11-12T18:00:00.000Z' } }, terms, NOW).state,
    ).toBe('late');
    expect(standingOf('northside', {}, terms, NOW).state).toBe('missing');
    const by = { person: 'alex', name: 'Alex Wilber' };
    const held = { hash: 'h', doubts: [], by, at: AFTER };
    expect(standingText(standingOf('northside', { newest, held }, terms, NOW), terms, NOW)).toBe(
      'Northside Community Trust: list of Fri 20 Nov, 18:00; a newer one looks wrong, and is held since Sat 21 Nov, 09:00 until somebody confirms it',
    );
  });
});

function nobodysOf() {
  if (!unowned) throw new Error('the fixture is held by nobody');
  return unowned;
}

it('partner figures add up to the pathway’s, for any data', () => {
  const kind = fc.constantFrom<MismatchKind>(...MISMATCH_KINDS);
  const as = fc.constantFrom('fresh', 'carried-over', 'settled', 'elsewhere' as const);
  const one = fc.record({
    provider: fc.constantFrom('a', 'b', 'c', 'gone-from-the-agreement'),
    mismatches: fc.array(fc.record({ kind, as }), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 60 }), (cases) => {
      const tally = createTally(['a', 'b', 'c']);
      for (const { provider, mismatches } of cases) tally.count(provider, mismatches as never);
      const { partners, all } = tally.result();
      expect(all).toEqual(sumOf(partners));
      expect(all.cases).toBe(cases.length);
      expect(all.matched + all.mismatched).toBe(cases.length);
      const waits = cases.flatMap(({ mismatches }) => mismatches.filter((m) => m.as !== 'settled'));
      expect(Object.values(all.kinds).reduce((sum, n) => sum + n, 0)).toBe(waits.length);
      for (const part of partners) expect(part.matched + part.mismatched).toBe(part.cases);
    }),
  );
});

it('the rate is said with its cases, of one too', () => {
  expect(rateText({ cases: 1, mismatched: 0 })).toBe('0 of 1 case (0 %)');
  expect(rateText({ cases: 6, mismatched: 3 })).toBe('3 of 6 cases (50 %)');
  expect(rateText({ cases: 0, mismatched: 0 })).toBe('no cases');
});
