import { abreast } from '../core/abreast.ts';
import type { Clock } from '../core/clock.ts';
import { CASE_HEAD, type CaseDoc, isCandidate } from '../register/case.ts';
import { MAX_PAGE } from '../store/store.ts';
import type { DuplicateDeps } from './commands.ts';
import { isMarked, laterOf } from './facts.ts';
import type { Look } from './look.ts';
import { inOrder, type Pair, pairCase, pairsOf, waits } from './pair.ts';
import type { People } from './people.ts';

/** So many pairs are suggested, or cases looked for, at the same time. */
const AT_ONCE = 64;
/** Partitions of pairs among all chains. */
const PAIRS = { from: '_pair:', upTo: '_pair:~' };

/** What waits to be decided of one case: whose job it is, and the other case of each pair. */
export interface Undecided {
  readonly owner: string;
  readonly others: readonly string[];
}

/** The whole register looked through for people who are on it twice, and what of that waits for a decision. */
export function createWhole(
  { store, clock }: Pick<DuplicateDeps, 'store'> & { readonly clock: Pick<Clock, 'sleep'> },
  look: Pick<Look, 'suggestFor' | 'suggestPair'>,
  people: Pick<People, 'whole'>,
) {
  const caseOf = async (pathwayId: string, caseId: string): Promise<CaseDoc | undefined> =>
    (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;

  /** Every page of a list, from `after` on. */
  async function* pages<T extends CaseDoc | Pair>(
    pathwayId: string,
    list: string,
    after: string,
    upTo: string,
  ) {
    for (let from = after; ; ) {
      const page = await store.page<T>(pathwayId, list, { after: from, upTo, limit: MAX_PAGE });
      yield page.map(({ doc }) => doc);
      const last = page.at(-1);
      if (!last || page.length < MAX_PAGE) return;
      from = last.place;
    }
  }

  return {
    /** Sees that everybody who is on the register twice is suggested as such. The same again changes nothing. */
    async lookThrough(pathwayId: string): Promise<void> {
      const { index, suggestions } = await people.whole(pathwayId);
      if (!suggestions) {
        for await (const page of pages<CaseDoc>(pathwayId, 'chains', '', '_')) {
          const cases = page.filter(({ kind }) => kind === 'case');
          await abreast(cases, AT_ONCE, clock, (one) =>
            look.suggestFor(pathwayId, one, index, Number.POSITIVE_INFINITY),
          );
        }
        return;
      }
      const known = new Map<string, Pair>();
      for await (const page of pages<Pair>(pathwayId, 'chains', PAIRS.from, PAIRS.upTo)) {
        for (const pair of page) known.set(pairCase(pair.a, pair.b), pair);
      }
      await abreast(suggestions, AT_ONCE, clock, async (found) => {
        const [a, b] = inOrder(found.idA, found.idB);
        const [one, other] = await Promise.all([caseOf(pathwayId, a), caseOf(pathwayId, b)]);
        if (!one || !other || !isCandidate(one) || !isCandidate(other)) return;
        await look.suggestPair(pathwayId, found, one, other, known.get(pairCase(a, b)));
      });
    },

    /** The pairs that wait, by the case that came later, whose provider is to have them decided; marked ones are not among them. */
    async undecided(pathwayId: string): Promise<ReadonlyMap<string, Undecided>> {
      const found = new Map<string, { owner: string; others: string[] }>();
      for await (const page of pages<Pair>(pathwayId, 'duplicates', '', '~')) {
        for (const pair of page) {
          const [a, b] = await Promise.all([caseOf(pathwayId, pair.a), caseOf(pathwayId, pair.b)]);
          // Marked since, and not moved yet.
          if (!a || !b || isMarked({ a, b })) continue;
          const later = laterOf(a, b);
          const before = found.get(later.caseId);
          const other = later === a ? pair.b : pair.a;
          found.set(later.caseId, { owner: pair.owner, others: [...(before?.others ?? []), other].sort() });
        }
      }
      return found;
    },

    /** Does the case that came later of this pair still have a pair that waits? */
    async isUndecided(pathwayId: string, caseId: string): Promise<boolean> {
      const page = await store.page<Pair>(pathwayId, pairsOf(caseId), { limit: MAX_PAGE });
      for (const { doc: pair } of page) {
        if (!waits(pair)) continue;
        const [a, b] = await Promise.all([caseOf(pathwayId, pair.a), caseOf(pathwayId, pair.b)]);
        if (a && b && !isMarked({ a, b }) && laterOf(a, b).caseId === caseId) return true;
      }
      return false;
    },
  };
}

export type Whole = ReturnType<typeof createWhole>;
