import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import type { Mark } from '../../../src/core/marks.ts';
import { type Facts, positionsFor } from '../../../src/duplicates/facts.ts';
import { listed, MARKED_LIST, type Pair, pairCase, pairsOf } from '../../../src/duplicates/pair.ts';
import { apart } from '../../../src/duplicates/rules.ts';
import { agree, merge, undo } from '../../../src/duplicates/same-person.ts';
import { withdraw } from '../../../src/handovers/rules.ts';
import type { Mismatch } from '../../../src/reconciliation/mismatch.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { operator, PATHWAY } from '../register/lived-register.ts';
import { type Lived, livedDuplicates, margaret } from './lived-duplicates.ts';

/** Everybody of the demo; Megan alone is its clinical lead, who is asked about marked records. */
const EVERYBODY = ['alex', 'megan', 'adele', 'isaiah', 'patti', 'lynne'] as const;
const MARKED: readonly Mark[] = ['restricted', 'changed-identity'];

const named = (terms: Agreement): void => {
  terms.register.markedRecords = 'clinical-lead';
};
const unnamed = (terms: Agreement): void => {
  delete terms.register.markedRecords;
};

const sees = async (lived: Lived, who: string, caseId?: string): Promise<string[]> => {
  const { wired, person, now } = lived;
  const own = [...new Set(person(who).positions.map(({ provider }) => provider))];
  const providers = own.includes('northside') ? undefined : own;
  const page = await wired.duplicates.page(
    PATHWAY,
    person(who),
    { caseId, providers, after: '', limit: 50 },
    now,
  );
  return page.map(({ pair }) => pairCase(pair.a, pair.b));
};

const answerTo = (lived: Lived, who: string, a: string, b: string): Promise<string> =>
  lived.wired.duplicates.view({ pathwayId: PATHWAY, a, b }, lived.person(who)).then(
    () => 'the pair',
    (error: Error) => error.message,
  );

/** A pair of two cases, one of which came marked. */
async function pairOf(lived: Lived, marked: Mark): Promise<Pair> {
  await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
  const offered = await lived.offers({ ...margaret, marked });
  await lived.settles();
  const [listedCase] = (await lived.cases()).filter(({ caseId }) => caseId !== offered);
  const pair = await lived.pair(offered, listedCase?.caseId ?? '');
  if (!pair) throw new Error('they are suggested');
  return pair;
}

describe('a pair with a marked record', () => {
  it.each(MARKED)('is for the one named role, and for nobody else, when %s', async (marked) => {
    const lived = await livedDuplicates();
    await lived.agrees(named);
    const pair = await pairOf(lived, marked);
    expect(pair).toMatchObject({ marked: true, stands: { state: 'open' } });
    const open = [
      'duplicates',
      ...['northside', 'st-annes'].flatMap((one) => [`duplicates@${one}`, `duplicates.of@${one}`]),
    ];
    for (const list of open) expect(await lived.pairs(list), list).toEqual([]);
    expect(await lived.pairs(MARKED_LIST)).toEqual([pair]);
    const none = await answerTo(lived, 'alex', pair.a, '9ZZ-ZZZ');
    for (const who of EVERYBODY) {
      const theirs = who === 'megan' ? [pairCase(pair.a, pair.b)] : [];
      expect(await sees(lived, who), who).toEqual(theirs);
      for (const caseId of [pair.a, pair.b]) expect(await sees(lived, who, caseId), who).toEqual(theirs);
      // What is hidden from them answers as what is not there.
      expect(await answerTo(lived, who, pair.a, pair.b)).toBe(who === 'megan' ? 'the pair' : none);
    }
    const decide = (who: string) =>
      lived.wired.duplicates.press(
        { pathwayId: PATHWAY, a: pair.a, b: pair.b },
        lived.person(who),
        (facts: Facts) => apart(facts, { revision: pair.revision, reason: 'Two people.' }),
      );
    for (const who of EVERYBODY.filter((one) => one !== 'megan'))
      await expect(decide(who)).rejects.toThrow(none);
    expect((await decide('megan')).verdict).toBe('change');
    expect(await lived.pairs(MARKED_LIST)).toEqual([]);
  });

  it('is kept for when a role is named, and asks nobody until then', async () => {
    const lived = await livedDuplicates();
    await lived.agrees(unnamed);
    const pair = await pairOf(lived, 'restricted');
    for (const who of EVERYBODY) expect(await sees(lived, who), who).toEqual([]);
    await lived.agrees(named);
    expect(await sees(lived, 'megan')).toEqual([pairCase(pair.a, pair.b)]);
  });

  it('moves from the lists of all when a record is marked later, and is hidden before it has moved', async () => {
    const lived = await livedDuplicates();
    await lived.agrees((terms) => {
      named(terms);
      for (const list of terms.lists) if (list.provider === 'harbour') list.columns.marked = 'Marked';
    });
    const header = 'Ref,Name,Born,NHS,Held by,Status,Marked';
    const line = (marked: string) =>
      [header, `H1,Canaryson,1942-03-07,9990000018,harbour,open,${marked}`].join('\n');
    const tell = (marked: string, asOf: string) =>
      lived.imports([], { bytes: lived.bytesOf(line(marked)), asOf });
    await tell('', '2026-11-20T09:00:00.000Z');
    await lived.offers(margaret);
    await lived.settles();
    const [pair] = (await lived.pairs()) as [Pair];
    expect(await sees(lived, 'alex')).toHaveLength(1);
    const mismatches = async (): Promise<number> => {
      const found = await lived.store.page<Mismatch>(PATHWAY, 'mismatches', { limit: 100 });
      return found.filter(({ doc }) => doc.what === 'duplicate').length;
    };
    await lived.wired.reconciliation.run(PATHWAY, operator);
    expect(await mismatches()).toBe(1);
    await tell('Restricted', '2026-11-21T09:00:00.000Z');
    expect(await lived.pairs()).toHaveLength(1);
    for (const who of EVERYBODY.filter((one) => one !== 'megan')) {
      expect(await sees(lived, who), who).toEqual([]);
      expect(await answerTo(lived, who, pair.a, pair.b)).toMatch('There is no such pair');
    }
    const { all } = await lived.wired.reconciliation.run(PATHWAY, operator);
    expect(all.kinds.duplicate ?? 0).toBe(0);
    await lived.settles();
    expect(await mismatches()).toBe(0);
    expect(await lived.pairs()).toEqual([]);
    expect(await lived.pairs('duplicates.of@northside')).toEqual([]);
    expect(await sees(lived, 'megan')).toEqual([pairCase(pair.a, pair.b)]);
    // A later list that is silent about it takes nothing back.
    await tell('', '2026-11-22T09:00:00.000Z');
    await lived.settles();
    expect(await lived.pairs()).toEqual([]);
    expect((await lived.cases()).map(({ marked }) => marked).filter(Boolean)).toEqual(['restricted']);
    expect(
      await lived.told([], { bytes: lived.bytesOf(line('secret')), asOf: '2026-11-22T10:00:00.000Z' }),
    ).toMatch(
      /line 2, Marked: this word is not known: use restricted or changed-identity, or leave it empty/,
    );
  });

  it('stands on its own list alone while it waits, whatever it is', () => {
    const marks = fc.record({
      marked: fc.constantFrom(undefined, true as const),
      open: fc.boolean(),
      providers: fc.uniqueArray(fc.constantFrom('northside', 'st-annes', 'harbour'), {
        minLength: 1,
        maxLength: 2,
      }),
    });
    let seen = 0;
    fc.assert(
      fc.property(marks, ({ marked, open, providers }) => {
        const at = '2026-11-23T09:00:00.000Z';
        const pair: Pair = {
          ...({ id: 'pair', kind: 'pair', schema: 1, audit: { seq: 1, hash: '' }, band: 'likely' } as const),
          ...{ a: 'A', b: 'B', revision: 1, reasons: [], said: { a: '', b: '' }, since: at },
          ...{ providers, owner: providers[0] ?? '', ...(marked && { marked }) },
          stands: open ? { state: 'open' } : { state: 'withdrawn', at },
        };
        const always = ['chains', pairsOf('A'), pairsOf('B')];
        const waiting = marked
          ? [MARKED_LIST]
          : ['duplicates', `duplicates.of@${pair.owner}`, ...providers.map((one) => `duplicates@${one}`)];
        expect(Object.keys(listed(pair).lists ?? {}).sort()).toEqual(
          [...always, ...(open ? waiting : [])].sort(),
        );
        seen += open && marked ? 1 : 0;
      }),
    );
    expect(seen).toBeGreaterThan(5);
  });

  it('is decided by the marks of the cases, in every combination', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [
      { id: 'SA1', person: margaret, holder: 'st-annes' },
      { id: 'SA2', person: { ...margaret, given: 'Winifred' }, holder: 'harbour' },
    ]);
    const [one, other] = (await lived.cases()) as [CaseDoc, CaseDoc];
    const with_ = (caseDoc: CaseDoc, marked: Mark | undefined): CaseDoc => ({
      ...caseDoc,
      ...(marked && { marked }),
    });
    const all: readonly (Mark | undefined)[] = [undefined, ...MARKED];
    for (const first of all) {
      for (const second of all) {
        const pair = { a: with_(one, first), b: with_(other, second) };
        const may = EVERYBODY.filter(
          (who) => positionsFor('duplicate.decide', lived.person(who), pair, lived.terms).length > 0,
        );
        expect(may).toEqual(first || second ? ['megan'] : ['alex', 'adele', 'isaiah']);
      }
    }
  });
});

describe('a list that says that an identity was changed', () => {
  it('says who they are now; what other lists still say of them is neither added nor held against them', async () => {
    const lived = await livedDuplicates();
    await lived.agrees((terms) => {
      named(terms);
      for (const list of terms.lists) if (list.provider === 'harbour') list.columns.marked = 'Marked';
    });
    const header = 'Ref,Name,Born,NHS,Held by,Status,Marked';
    const tell = (lines: string, asOf: string) =>
      lived.imports([], { bytes: lived.bytesOf(`${header}\n${lines}`), asOf });
    await tell('H1,Canaryson,1942-03-07,9990000018,harbour,open,', '2026-11-20T09:00:00.000Z');
    const h1 = async (): Promise<CaseDoc> => {
      const found = (await lived.cases()).find(({ aliases }) => aliases.harbour === 'H1');
      if (!found) throw new Error('it is on the list');
      return found;
    };
    await tell('H1,Present,1942-03-07,9990000026,harbour,open,changed identity', '2026-11-21T09:00:00.000Z');
    const now = { surname: 'Present', dob: '1942-03-07', nhsNumber: '9990000026' };
    expect((await h1()).person).toMatchObject(now);
    expect(await h1()).toMatchObject({ marked: 'changed-identity', earlierNames: ['Canaryson'] });
    // Silent about it, and with the earlier name: neither is believed.
    await tell('H1,Canaryson,1942-03-07,9990000018,harbour,open,', '2026-11-22T09:00:00.000Z');
    expect((await h1()).person).toMatchObject(now);
    expect((await h1()).listed?.harbour?.differs).toBeUndefined();
    const events = await lived.store.history({ pathwayId: PATHWAY, caseId: (await h1()).caseId });
    expect(events.map(({ type }) => type)).toEqual([
      'case.imported',
      'case.listed',
      'case.marked',
      'case.listed',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Canaryson|Present|99900000/);
    await tell('H1,Newest,1942-03-07,9990000026,harbour,open,changed-identity', '2026-11-23T08:00:00.000Z');
    await tell('H1,Newer,1942-03-07,9990000026,harbour,open,changed-identity', '2026-11-23T08:30:00.000Z');
    expect(await h1()).toMatchObject({
      person: { surname: 'Newer' },
      earlierNames: ['Canaryson', 'Present', 'Newest'],
    });
  });
});

describe('two cases made one, of somebody whose identity was changed', () => {
  const deed = (lived: Lived, pair: Pair, who: string, decide: (facts: Facts) => ReturnType<typeof merge>) =>
    lived.wired.duplicates.press({ pathwayId: PATHWAY, a: pair.a, b: pair.b }, lived.person(who), decide);
  const now = async (lived: Lived, { a, b }: Pair): Promise<Pair> => {
    const found = await lived.pair(a, b);
    if (!found) throw new Error('there is such a pair');
    return found;
  };
  const NAME = /Margaret|Canaryson|9990000018|1942-03-07/;

  it('go on under the present identity, asked of nobody else; the other says no more who they were, until it is undone', async () => {
    const lived = await livedDuplicates();
    await lived.agrees(named);
    const pair = await pairOf(lived, 'changed-identity');
    const [keep, lost] = (await lived.caseOf(pair.a)).marked ? [pair.a, pair.b] : [pair.b, pair.a];
    const before = await lived.caseOf(lost);
    const press = (which: string, revision: number) => (facts: Facts) =>
      merge(facts, { revision, keep: which });
    await expect(deed(lived, pair, 'alex', press(keep, pair.revision))).rejects.toThrow(
      'There is no such pair',
    );
    await expect(deed(lived, pair, 'megan', press(lost, pair.revision))).rejects.toMatchObject({
      problems: [
        { message: `The person of case ${keep} had their identity changed. Keep that case.` },
        expect.anything(),
      ],
    });
    expect((await deed(lived, pair, 'megan', press(keep, pair.revision))).verdict).toBe('change');
    await lived.settles();
    const after = await lived.caseOf(lost);
    expect(after.mergedInto).toBe(keep);
    const { beforeMerge, earlierNames: _, ...shown } = after;
    expect(JSON.stringify(shown)).not.toMatch(NAME);
    expect(beforeMerge).toEqual({ person: before.person });
    const { revision } = await now(lived, pair);
    expect((await deed(lived, pair, 'megan', (facts) => undo(facts, { revision }))).verdict).toBe('change');
    await lived.settles();
    const again = await lived.caseOf(lost);
    expect([again.person, again.marked, again.earlierNames, again.beforeMerge]).toEqual([
      before.person,
      ...[undefined, undefined, undefined],
    ]);
    expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
  });

  it('say no more who they were also when the identity of the one that stayed changes later', async () => {
    const lived = await livedDuplicates();
    await lived.agrees(named);
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'northside' }]);
    const keep = await lived.offers(margaret, 'harbour', 'st-annes');
    const moved = await lived.caseOf(keep);
    expect(moved.holder?.provider).toBe('harbour');
    await lived.settles();
    const [pair] = (await lived.pairs()) as [Pair];
    const lost = pair.a === keep ? pair.b : pair.a;
    await deed(lived, pair, 'alex', (facts) => merge(facts, { revision: pair.revision, keep }));
    const asked = await now(lived, pair);
    await deed(lived, pair, 'isaiah', (facts) => agree(facts, { revision: asked.revision }));
    await lived.settles();
    expect((await lived.caseOf(lost)).mergedInto).toBe(keep);
    expect(JSON.stringify((await lived.caseOf(lost)).person)).toMatch(NAME);
    await withdrawOffer(lived, keep);
    await lived.offers(
      { given: 'Robin', surname: 'Present', marked: 'changed-identity' },
      'harbour',
      'st-annes',
      keep,
    );
    await lived.settles();
    expect(JSON.stringify((await lived.caseOf(lost)).person)).not.toMatch(NAME);
    expect((await lived.caseOf(lost)).marked).toBe('changed-identity');
  });

  async function withdrawOffer(lived: Lived, caseId: string): Promise<void> {
    const handoverId = (await lived.caseOf(caseId)).handovers.at(-1)?.id ?? '';
    const which = { pathwayId: PATHWAY, caseId, handoverId };
    await lived.wired.handovers.press(which, lived.person('isaiah'), (facts) =>
      withdraw(facts, { revision: facts.handover.revision }),
    );
  }
});
