import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/core/clock.ts';
import {
  comparing,
  countsWith,
  heldSince,
  isCompared,
  mismatchesOf,
  standingOf,
} from '../../../src/reconciliation/rules.ts';
import { createTally, sumOf } from '../../../src/reconciliation/tally.ts';
import type { CaseDoc, OnList } from '../../../src/register/case.ts';
import { riverside } from '../agreement/demo.ts';
import { nobodys } from '../register/case-fixture.ts';

const terms = riverside();
const AS_OF = '2026-11-20T18:00:00.000Z';
const BEFORE = '2026-11-01T09:00:00.000Z';
const AFTER = '2026-11-21T09:00:00.000Z';
const NOW = '2026-11-23T09:00:00.000Z';
const newest = { id: '000002', asOf: AS_OF, hash: 'h', state: 'in' } as const;
const standings = ['northside', 'st-annes'].map((one) => standingOf(one, { newest }, terms, NOW));
const with_ = comparing(standings, terms);

const { unowned, ...plain } = nobodys;
const line: OnList = {
  id: 'A17',
  list: '000002',
  asOf: AS_OF,
  status: 'open',
  holder: 'northside',
  firstContact: '2026-11-02',
};
const old: OnList = { ...line, list: '000001' };
const held: CaseDoc = {
  ...plain,
  holder: { provider: 'northside', role: 'coordinator' },
  heldSince: BEFORE,
  listed: { northside: line },
};
const closed: CaseDoc = { ...held, state: 'closed', listed: {} };
const { listed: _, ...listless } = closed;
const kinds = (caseDoc: CaseDoc, also: readonly CaseDoc[] = [], against = with_): string[] =>
  mismatchesOf(caseDoc, against, also).map(({ kind, provider }) => `${kind} ${provider}`);

describe('a case is compared', () => {
  it.each<[string, CaseDoc, readonly CaseDoc[], boolean]>([
    ['while it is open, on a list or not', { ...held, listed: {} }, [], true],
    ['closed, while a newest list has it', { ...closed, listed: { northside: line } }, [], true],
    ['closed, while a newest list has one that counts with it', closed, [held], true],
    [
      'no more when it is closed and only on an older list',
      { ...closed, listed: { northside: old } },
      [],
      false,
    ],
    ['no more when it is closed and on no list', listless, [], false],
    ['not by itself while it counts with another', { ...held, mergedInto: '7K2-XYZ' }, [], false],
  ])('%s', (_, caseDoc, also, compared) => {
    expect(isCompared(caseDoc, with_, also)).toBe(compared);
  });
});

describe('since when a case is held as it is', () => {
  const { heldSince: _, ...older } = { ...held, createdAt: AFTER };
  const taken = { by: { system: 'x' }, at: NOW };
  const handover = { id: 'h1', from: 'a', to: 'b', state: 'accepted', need: 'x', claim: 'c' } as const;

  it.each<[string, CaseDoc, string]>([
    ['is known of newer cases', held, BEFORE],
    ['is when somebody took it', { ...older, ...(unowned && { unowned: { ...unowned, taken } }) }, NOW],
    ['is when it came, of one that came by a handover', { ...older, handovers: [handover] }, AFTER],
    ['is when a list first knew of it, of one that a list brought', older, AS_OF],
    ['is when it came, where no list has it', { ...older, listed: {} }, AFTER],
  ])('%s', (_, caseDoc, since) => {
    expect(heldSince(caseDoc)).toBe(since);
  });

  it('counts against a list from the very moment at which that was true', () => {
    const other = { ...held, listed: { northside: { ...line, holder: 'st-annes' } } };
    expect(kinds({ ...other, heldSince: AS_OF })).toEqual(['different-holder northside']);
    expect(kinds({ ...other, heldSince: plusMs(AS_OF, 1) })).toEqual([]);
  });
});

describe('what lists say of cases that count with another', () => {
  const merged: CaseDoc = { ...held, caseId: '7K2-XYZ', mergedInto: held.caseId };
  const kept: CaseDoc = { ...held, listed: {} };
  const elsewhere = { ...line, holder: 'st-annes' };

  it('is said of the one that stayed', () => {
    expect(kinds(kept)).toEqual(['not-on-list northside']);
    expect(kinds(kept, [merged])).toEqual([]);
    expect(kinds(kept, [{ ...merged, listed: { northside: elsewhere } }])).toEqual([
      'different-holder northside',
    ]);
  });

  it('is not held against it where the list could not know that they are one', () => {
    const listed = { northside: elsewhere };
    expect(kinds(kept, [{ ...merged, listed, mergedAt: AFTER }])).toEqual([]);
    expect(kinds(kept, [{ ...merged, listed, mergedAt: AS_OF }])).toEqual(['different-holder northside']);
  });

  it('counts once where a list has both', () => {
    const listed = { northside: elsewhere };
    expect(kinds({ ...held, listed }, [{ ...merged, listed }])).toEqual(['different-holder northside']);
  });

  it('counts for each provider whose list says so', () => {
    const listed = { northside: elsewhere, 'st-annes': { ...line, holder: 'harbour' } };
    expect(kinds({ ...held, listed })).toEqual(['different-holder northside', 'different-holder st-annes']);
  });
});

it('a pair that waits is the mismatch of whose job it is, and names the other cases', () => {
  const undecided = new Map([[held.caseId, { owner: 'st-annes', others: ['7K2-ABC', '7K2-XYZ'] }]]);
  expect(mismatchesOf(held, comparing(standings, terms, undecided))).toEqual([
    { kind: 'duplicate', provider: 'st-annes', says: '7K2-ABC,7K2-XYZ' },
  ]);
  expect(kinds({ ...held, caseId: '7K2-ABC' }, [], comparing(standings, terms, undecided))).toEqual([]);
});

it('of somebody whose identity was changed only what names nobody is told to differ', () => {
  const listed = { northside: { ...line, differs: ['surname', 'dob', 'postcode'] } };
  const says = (caseDoc: CaseDoc) => mismatchesOf(caseDoc, with_).map((one) => one.says);
  expect(says({ ...held, listed })).toEqual(['dob,postcode,surname']);
  expect(says({ ...held, listed, marked: 'changed-identity' })).toEqual(['postcode']);
});

it('counts with its holder, or with whose list brought it', () => {
  expect(countsWith(held)).toBe('northside');
  expect(countsWith(nobodys)).toBe('hospice');
});

it('a list is late from the moment at which it is older than agreed', () => {
  const limit = plusMs(NOW, -terms.digest.listDays * 24 * 60 * 60_000);
  const state = (asOf: string) => standingOf('northside', { newest: { ...newest, asOf } }, terms, NOW).state;
  expect([state(limit), state(plusMs(limit, -1))]).toEqual(['fresh', 'late']);
});

it('waits for its first contact by its status, where a list has no column for that', () => {
  const without = { ...terms, lists: terms.lists.map((one) => ({ ...one, columns: { id: 'No' } })) };
  const bare = comparing(standings, without);
  const { firstContact: _, ...unseen } = { ...line, received: '2026-09-01' };
  const listed = (more: Partial<OnList>) => ({ ...held, listed: { northside: { ...unseen, ...more } } });
  expect(kinds(listed({ status: 'waiting' }), [], bare)).toEqual(['long-wait northside']);
  expect(kinds(listed({}), [], bare)).toEqual([]);
  expect(kinds(listed({}))).toEqual(['long-wait northside']);
});

describe('every case of any register', () => {
  const provider = fc.constantFrom('northside', 'st-annes', 'harbour', 'gone-from-the-agreement');
  const day = fc.option(fc.constantFrom('2026-10-01', '2026-11-19', '2026-12-01'), { nil: undefined });
  const anyLine = fc.record({
    list: fc.constantFrom('000001', '000002'),
    status: fc.constantFrom('waiting', 'open', 'closed' as const),
    holder: fc.option(provider, { nil: undefined }),
    received: day,
    firstContact: day,
    nextReview: day,
    outcome: fc.option(fc.constant('well'), { nil: undefined }),
    differs: fc.option(fc.constant(['surname']), { nil: undefined }),
  });
  const anyCase = fc.record({
    keeps: fc.option(provider, { nil: undefined }),
    brought: provider,
    state: fc.constantFrom('open', 'closed' as const),
    since: fc.constantFrom(BEFORE, AFTER),
    lines: fc.dictionary(provider, anyLine, { maxKeys: 4 }),
    /** Counts with the case before it, where there is one. */
    merged: fc.boolean(),
    twice: fc.boolean(),
  });
  type Any = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

  /** The cases of a register, each merged one with what it counts with. */
  function registerOf(all: readonly Any[]): CaseDoc[] {
    const cases: CaseDoc[] = [];
    for (const [n, { keeps, brought, state, since, lines, merged }] of all.entries()) {
      const listed = Object.entries(lines).map(([of, { holder, ...said }]) => {
        const known = Object.entries({ ...said, holder }).filter(([, value]) => value !== undefined);
        return [of, { id: `${of}-${n}`, asOf: AS_OF, ...Object.fromEntries(known) }];
      });
      const stays = merged ? cases.findIndex((one) => one.mergedInto === undefined) : -1;
      const stayed = cases[stays];
      const caseDoc = {
        ...plain,
        caseId: `C${n}`,
        state,
        heldSince: since,
        listed: Object.fromEntries(listed),
        ...(keeps === undefined
          ? { unowned: { ...unowned, provider: brought } }
          : { holder: { provider: keeps, role: 'coordinator' } }),
        ...(stayed && { mergedInto: stayed.caseId, mergedAt: BEFORE }),
      } as CaseDoc;
      if (stayed) cases[stays] = { ...stayed, mergedFrom: [...(stayed.mergedFrom ?? []), caseDoc.caseId] };
      cases.push(caseDoc);
    }
    return cases;
  }

  it('counts once and with one provider, so that the parts add up, whoever holds it and whatever it was merged into', () => {
    const sizes: number[] = [];
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 1, maxLength: 25 }), (all) => {
        const cases = registerOf(all);
        const undecided = new Map(
          cases
            .filter(({ mergedInto }, at) => all[at]?.twice && mergedInto === undefined)
            .map(({ caseId }) => [caseId, { owner: 'st-annes', others: ['C99'] }]),
        );
        const against = comparing(standings, terms, undecided);
        const tally = createTally(terms.providers.map(({ id }) => id));
        const seen: string[] = [];
        let mismatches = 0;
        for (const one of cases) {
          const also = cases.filter(({ caseId }) => one.mergedFrom?.includes(caseId));
          if (!isCompared(one, against, also)) continue;
          const found = mismatchesOf(one, against, also);
          const names = found.map(({ kind, provider: of }) => `${kind} ${of}`);
          expect(new Set(names).size).toBe(names.length);
          tally.count(
            countsWith(one),
            found.map(({ kind }) => ({ kind, as: 'fresh' })),
          );
          seen.push(one.caseId);
          mismatches += found.length;
        }
        const open = cases.filter(({ state, mergedInto }) => state === 'open' && mergedInto === undefined);
        expect(seen).toEqual(expect.arrayContaining(open.map(({ caseId }) => caseId)));
        expect(seen.filter((id) => cases.find(({ caseId }) => caseId === id)?.mergedInto)).toEqual([]);
        const { partners, all: whole } = tally.result();
        expect(sumOf(partners)).toEqual(whole);
        expect(partners.map(({ provider: of }) => of)).not.toContain('');
        expect(whole.cases).toBe(seen.length);
        expect(Object.values(whole.kinds).reduce((sum, count) => sum + count, 0)).toBe(mismatches);
        for (const part of partners) expect(part.matched + part.mismatched).toBe(part.cases);
        sizes.push(mismatches);
      }),
    );
    expect(Math.max(...sizes)).toBeGreaterThan(0);
  });
});
