import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import type { Facts } from '../../../src/duplicates/facts.ts';
import type { Pair } from '../../../src/duplicates/pair.ts';
import { apart, type Verdict } from '../../../src/duplicates/rules.ts';
import { agree, asksOf, disagree, link, merge, undo } from '../../../src/duplicates/same-person.ts';
import type { Facts as HandoverFacts } from '../../../src/handovers/facts.ts';
import { accept, reject, withdraw } from '../../../src/handovers/rules.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import type { Store } from '../../../src/store/store.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { PATHWAY } from '../register/lived-register.ts';
import { type Lister, type Lived, livedDuplicates, margaret } from './lived-duplicates.ts';

const people = [margaret, { ...margaret, given: 'Margret' }];
const deciders = ['alex', 'adele', 'isaiah', 'megan'];

/** One thing that happens to a register; the numbers choose among what there is. */
type Deed =
  | {
      readonly does: 'offers';
      readonly from: string;
      readonly to: string;
      readonly about: number;
      readonly nth: number;
    }
  | {
      readonly does: 'answers';
      readonly how: 'accept' | 'reject' | 'withdraw';
      readonly nth: number;
      readonly who: number;
    }
  | { readonly does: 'lists'; readonly lister: Lister; readonly about: number; readonly holder: string }
  | { readonly does: 'takes'; readonly nth: number; readonly who: number }
  | {
      readonly does: 'decides';
      readonly how: 'merge' | 'agree' | 'disagree' | 'link' | 'apart' | 'undo';
      readonly nth: number;
      readonly first: boolean;
      readonly who: number;
    }
  | { readonly does: 'leaves'; readonly who: number }
  | { readonly does: 'settles' };

const nth = fc.nat(5);
const who = fc.nat(deciders.length - 1);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('offers'),
      from: fc.constantFrom('northside', 'st-annes', 'harbour'),
      to: fc.constantFrom('st-annes', 'harbour', 'northside'),
      about: fc.nat(1),
      nth: fc.nat(8),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('answers'),
      how: fc.constantFrom('accept', 'reject', 'withdraw'),
      nth,
      who,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('lists'),
      lister: fc.constantFrom('st-annes', 'northside'),
      about: fc.nat(1),
      holder: fc.constantFrom('', 'st-annes', 'northside', 'harbour'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('takes'), nth, who }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('decides'),
      how: fc.constantFrom(
        'merge',
        'merge',
        'agree',
        'agree',
        'agree',
        'disagree',
        'disagree',
        'link',
        'apart',
        'undo',
      ),
      nth,
      first: fc.boolean(),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leaves'), who: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('settles') }) },
) as fc.Arbitrary<Deed>;

/** What a sequence met, so that it is known that it met something. */
type Met = Map<string, number>;
const meets = (met: Met, what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);

const allPairs = async (lived: Lived): Promise<Pair[]> => {
  const found: Pair[] = [];
  for await (const { doc } of lived.store.everything(PATHWAY))
    if (doc.kind === 'pair') found.push(doc as Pair);
  return found.sort((one, other) => (one.since + one.a + one.b < other.since + other.a + other.b ? -1 : 1));
};
const handoversOf = async (lived: Lived): Promise<{ caseId: string; handoverId: string }[]> =>
  (await lived.cases()).flatMap(({ caseId, handovers }) =>
    handovers.map(({ id }) => ({ caseId, handoverId: id })),
  );
const chosen = <T>(all: readonly T[], which: number): T | undefined =>
  all[all.length - 1 - (which % Math.max(1, all.length))];

/** The account of whoever comes instead of somebody. */
const another = (account: Agreement['people'][number]['accounts'][number]) => ({
  ...account,
  objectId: account.objectId.replace(/^./, (first) => (first === 'f' ? 'e' : 'f')),
});

/** Those who are still there. */
interface Staff {
  actor(key: string): PersonActor | undefined;
  leave(key: string): void;
  readonly gone: readonly string[];
}

function staffOf(lived: Lived): Staff {
  const gone: string[] = [];
  return {
    gone,
    leave: (key) => void gone.push(key),
    actor: (key) => (gone.includes(key) ? undefined : lived.person(key)),
  };
}

/** The first of those still there whom the rules let do it, from `from` on; nobody: not done. */
async function bySomebody(
  staff: Staff,
  from: number,
  act: (actor: PersonActor) => Promise<{ readonly verdict: string } | { readonly kind: string }>,
): Promise<boolean> {
  for (let at = 0; at < deciders.length; at++) {
    const actor = staff.actor(deciders[(from + at) % deciders.length] ?? '');
    const done = actor && (await act(actor).catch(whenRefused));
    if (done) return ('verdict' in done ? done.verdict : done.kind) === 'change';
  }
  return false;
}

function whenRefused(error: unknown): undefined {
  if (!(error instanceof Refused || error instanceof Invalid)) throw error;
}

/** The pairs that a button fits. */
const FITS: Readonly<Record<string, readonly Pair['stands']['state'][]>> = {
  agree: ['asked'],
  disagree: ['asked'],
  undo: ['apart', 'asked', 'linked', 'merged'],
};

/** Does one thing; what the rules refuse is no fault. Says whether it was done. */
async function happens(lived: Lived, staff: Staff, one: Deed): Promise<boolean> {
  const { wired } = lived;
  switch (one.does) {
    case 'offers': {
      const about = one.nth < 4 ? chosen(await lived.cases(), one.nth)?.caseId : undefined;
      await lived.offers(people[one.about] ?? margaret, one.from, one.to, about);
      return true;
    }
    case 'answers': {
      const which = chosen(await handoversOf(lived), one.nth);
      if (!which) return false;
      const decide = (facts: HandoverFacts) => {
        const { revision } = facts.handover;
        if (one.how === 'accept') return accept(facts, { revision, gap: lived.terms.acceptWithGap[0]?.code });
        if (one.how === 'withdraw') return withdraw(facts, { revision });
        return reject(facts, { revision, reason: 'no-capacity', next: 'Try another provider' });
      };
      return bySomebody(staff, one.who, (actor) =>
        wired.handovers.press({ pathwayId: PATHWAY, ...which }, actor, decide),
      );
    }
    case 'lists':
      await lived.lists(one.lister, [
        { id: `${one.lister}-${one.about}`, person: people[one.about] ?? margaret, holder: one.holder },
      ]);
      return true;
    case 'takes': {
      const free = (await lived.cases()).filter(({ holder }) => holder === undefined);
      const found = chosen(free, one.nth);
      if (!found) return false;
      return bySomebody(staff, one.who, (actor) => wired.register.take(PATHWAY, found.caseId, actor));
    }
    case 'decides': {
      const fits = FITS[one.how] ?? ['open'];
      const pair = chosen(
        (await allPairs(lived)).filter(({ stands }) => fits.includes(stands.state)),
        one.nth,
      );
      if (!pair) return false;
      const { a, b, revision } = pair;
      const press = { revision, reason: 'Said by both.', keep: one.first ? a : b };
      const rules: Readonly<Record<typeof one.how, (facts: Facts) => Verdict>> = {
        merge: (facts) => merge(facts, press),
        agree: (facts) => agree(facts, press),
        disagree: (facts) => disagree(facts, press),
        link: (facts) => link(facts, press),
        apart: (facts) => apart(facts, press),
        undo: (facts) => undo(facts, press),
      };
      return bySomebody(staff, one.who, (actor) =>
        wired.duplicates.press({ pathwayId: PATHWAY, a, b }, actor, rules[one.how]),
      );
    }
    case 'leaves': {
      const key = ['megan', 'adele'][one.who] ?? '';
      if (staff.gone.includes(key)) return false;
      staff.leave(key);
      await lived.agrees((terms) => {
        const standIns = terms.people
          .filter((person) => staff.gone.includes(person.key))
          .map((person) => ({
            ...person,
            key: `after-${person.key}`,
            accounts: person.accounts.map(another),
          }));
        terms.people = [...terms.people.filter((person) => !staff.gone.includes(person.key)), ...standIns];
      });
      return true;
    }
    case 'settles':
      await lived.settles();
      return true;
  }
}

/** Everything that holds of a register once no errand waits. */
async function holds(lived: Lived, met: Met): Promise<void> {
  const cases = await lived.cases();
  const byId = new Map(cases.map((one) => [one.caseId, one]));
  const climbing = await lived.climbing();
  for (const one of cases) {
    const { caseId, holder, unowned, mergedInto, mergedFrom = [], linkedWith = [], lists = {} } = one;
    const home = Object.keys(lists).filter((list) => list.startsWith('cases@') || list === 'unowned');
    expect(lists.chains, caseId).toBe(caseId);
    if (mergedInto !== undefined) {
      meets(met, 'counts with another');
      expect(home, caseId).toEqual([]);
      expect(byId.get(mergedInto)?.mergedFrom, caseId).toContain(caseId);
      expect(standsFor(byId, caseId), caseId).toMatchObject({ state: 'open' });
    } else if (holder) {
      expect(home, caseId).toEqual([`cases@${holder.provider}`]);
    } else {
      meets(met, 'unowned');
      expect(unowned, caseId).toBeDefined();
      expect(home, caseId).toEqual(['unowned']);
      expect(climbing, caseId).toContain(`${caseId} escalation:unowned:case`);
    }
    for (const from of mergedFrom) expect(byId.get(from)?.mergedInto, caseId).toBe(caseId);
    for (const other of linkedWith) expect(byId.get(other)?.linkedWith, caseId).toContain(caseId);
  }
  for (const pair of await allPairs(lived)) {
    const { stands, a, b } = pair;
    meets(met, stands.state);
    const [one, other] = [byId.get(a), byId.get(b)];
    // Nobody would ever answer otherwise.
    if (stands.state === 'asked' && one && other) expect(asksOf(pair, { a: one, b: other })).not.toEqual([]);
    expect(['open', 'withdrawn', 'apart', 'asked', 'linked', 'merged']).toContain(stands.state);
  }
  expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
}

/** The case that one counts with in the end. */
function standsFor(byId: ReadonlyMap<string, CaseDoc>, caseId: string): CaseDoc | undefined {
  let at = byId.get(caseId);
  for (let hops = 0; at?.mergedInto !== undefined && hops < byId.size; hops++) at = byId.get(at.mergedInto);
  return at?.mergedInto === undefined ? at : undefined;
}

describe('whatever is offered, answered, listed, taken, decided, taken back and left', () => {
  it('every open case is held, or climbs as nobody’s; what counts with another is found by it; chains hold', async () => {
    const met: Met = new Map();
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 40 }), async (deeds) => {
        const lived = await livedDuplicates();
        const staff = staffOf(lived);
        await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
        await lived.lists('northside', [{ id: 'N1', person: margaret, holder: 'northside' }]);
        await lived.settles();
        for (const one of deeds) {
          const done = await happens(lived, staff, one).catch(whenRefused);
          if (done) meets(met, one.does === 'decides' || one.does === 'answers' ? one.how : one.does);
        }
        await lived.settles();
        await holds(lived, met);
      }),
      { numRuns: 80 },
    );
    console.log(
      `met: ${[...met]
        .sort()
        .map(([what, times]) => `${what} ${times}`)
        .join(', ')}`,
    );
    for (const what of [
      'merge',
      'agree',
      'disagree',
      'link',
      'undo',
      'accept',
      'reject',
      'takes',
      'leaves',
      'counts with another',
      'unowned',
      'merged',
      'linked',
    ]) {
      expect(met.get(what) ?? 0, what).toBeGreaterThan(0);
    }
  });
});

describe('a decision that is carried to its cases', () => {
  /** A store whose nth commit from now fails: before it took effect, or after. */
  function failing(store: Store) {
    let left = Number.POSITIVE_INFINITY;
    let lost = false;
    const commit: Store['commit'] = async (...args) => {
      left -= 1;
      if (left !== 0) return store.commit(...args);
      if (lost) await store.commit(...args);
      throw new Error('killed');
    };
    const around = new Proxy(store, {
      get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name, target)),
    });
    return {
      around,
      breaks: (nth_: number, answerLost: boolean) => {
        left = nth_;
        lost = answerLost;
      },
    };
  }

  it.each(['merge', 'link'] as const)(
    'comes to the same whenever it is cut off: %s and taken back',
    async (how) => {
      let cut = 0;
      for (const answerLost of [false, true]) {
        for (let at = 1; at <= 6; at++) {
          let faults: ReturnType<typeof failing> | undefined;
          const lived = await livedDuplicates((store) => {
            faults = failing(store);
            return faults.around;
          });
          await lived.lists('northside', [
            { id: 'N1', person: margaret, holder: 'northside' },
            { id: 'N2', person: margaret, holder: 'northside' },
          ]);
          await lived.settles();
          const [pair] = (await lived.pairs()) as [Pair];
          const { a, b } = pair;
          const press = async (decide: (facts: Facts, revision: number) => Verdict) => {
            const revision = (await lived.pair(a, b))?.revision ?? 0;
            return lived.wired.duplicates.press({ pathwayId: PATHWAY, a, b }, lived.person('alex'), (facts) =>
              decide(facts, revision),
            );
          };
          const settles = async () => {
            faults?.breaks(at, answerLost);
            await lived.settles().catch(() => {
              cut += 1;
            });
            faults?.breaks(Number.POSITIVE_INFINITY, false);
            await lived.settles();
          };
          await press((facts, revision) =>
            how === 'merge' ? merge(facts, { revision, keep: a }) : link(facts, { revision }),
          );
          await settles();
          expect(await lived.pair(a, b)).toMatchObject({
            stands: { state: how === 'merge' ? 'merged' : 'linked' },
          });
          if (how === 'merge') {
            expect(await lived.caseOf(b)).toMatchObject({ mergedInto: a });
            expect(await lived.caseOf(a)).toMatchObject({ mergedFrom: [b] });
          } else expect(await lived.caseOf(b)).toMatchObject({ linkedWith: [a] });
          await press((facts, revision) => undo(facts, { revision }));
          await settles();
          expect(await lived.pair(a, b)).toMatchObject({ stands: { state: 'open' } });
          for (const id of [a, b]) {
            const { mergedInto, mergedFrom, linkedWith } = await lived.caseOf(id);
            expect([mergedInto, mergedFrom, linkedWith]).toEqual([undefined, undefined, undefined]);
            const types = (await lived.store.history({ pathwayId: PATHWAY, caseId: id })).map(
              ({ type }) => type,
            );
            expect(types.filter((type) => /merged|linked/.test(type))).toHaveLength(2);
          }
          expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
        }
      }
      console.log(`${how}: cut off ${cut} times`);
      expect(cut).toBeGreaterThan(6);
    },
  );
});
