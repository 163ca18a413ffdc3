import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import { scopeOf, scopeText, totalIn } from '../agreement/scope.ts';
import { actorRef, type PersonActor } from '../core/actors.ts';
import type { Doc } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { rule } from '../core/permissions.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Listed, Store } from '../store/store.ts';
import type { Loaded, RunTurn } from '../store/turn.ts';
import { isBusy } from './busy.ts';
import { type Facts, type PairAct, positionsFor, unknownPair } from './facts.ts';
import { inOrder, MARKED_LIST, PAIR_HEAD, type Pair, pairKey, pairsOf, waits } from './pair.ts';
import type { Verdict } from './rules.ts';
import { type Since, since } from './since.ts';

export interface DuplicateDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Wakes timers and sender of the pathway after a commit. */
  readonly kick: (pathwayId: string) => void;
}

/** Which pair is meant: by its two cases, in any order. */
export interface Which {
  readonly pathwayId: string;
  readonly a: string;
  readonly b: string;
}

/** A pair as it stands with both its cases: what cards are made from. */
export interface Present {
  readonly pair: Pair;
  readonly a: CaseDoc;
  readonly b: CaseDoc;
  /** Those of the two cases of which a handover waits for somebody. */
  readonly busy: readonly string[];
  readonly today: Agreement;
  readonly now: Instant;
}

/** What became of a press, and the pair as it stands after it. */
export type Outcome = Present & { readonly verdict: Verdict['kind'] };

/** A pair among others, with its cases. */
export type Row = Present & { readonly place: string };

const PAGE = 100;

/** What people may do with the pairs of cases that may be about one person. */
export function createDuplicates({ store, run, agreements, kick }: DuplicateDeps) {
  const inForce = inForceOf(agreements);

  async function caseOf(pathwayId: string, caseId: string): Promise<CaseDoc> {
    const found = await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD);
    if (!found) throw unknownPair();
    return found.doc;
  }

  async function present({ key, head }: Pick<Loaded<Pair>, 'key' | 'head'>, now: Instant): Promise<Present> {
    if (!head) throw unknownPair();
    const [a, b, { terms: today }] = await Promise.all([
      caseOf(key.pathwayId, head.a),
      caseOf(key.pathwayId, head.b),
      inForce(key.pathwayId),
    ]);
    return { pair: head, a, b, busy: await busyOf(key.pathwayId, [a, b]), today, now };
  }

  async function busyOf(pathwayId: string, cases: readonly CaseDoc[]): Promise<readonly string[]> {
    const busy: string[] = [];
    for (const one of cases) {
      const key = { pathwayId, caseId: one.caseId };
      const waits = await isBusy(
        one,
        async <T extends Doc>(id: string) => (await store.get<T>(key, id))?.doc,
      );
      if (waits) busy.push(one.caseId);
    }
    return busy;
  }

  /** A page of these lists together, oldest first: only the pairs that the actor may decide. */
  async function rows(
    pathwayId: string,
    lists: readonly string[],
    actor: PersonActor,
    { after, limit }: Pick<Pages, 'after' | 'limit'>,
    now: Instant,
  ): Promise<Row[]> {
    const { terms: today } = await inForce(pathwayId);
    const found = new Map<string, Row>();
    for (const list of lists) {
      // Those of others are passed over, so there may be more to read.
      for (let from = after, own = 0; own < limit; ) {
        const page: Listed<Pair>[] = await store.page<Pair>(pathwayId, list, { after: from, limit });
        for (const { doc: pair, place } of page) {
          from = place;
          const [a, b] = await Promise.all([caseOf(pathwayId, pair.a), caseOf(pathwayId, pair.b)]);
          if (positionsFor('duplicate.view', actor, { a, b }, today).length === 0) continue;
          found.set(place, { pair, a, b, busy: [], today, now, place });
          own += 1;
        }
        if (page.length < limit) break;
      }
    }
    return [...found.values()].sort((one, other) => (one.place < other.place ? -1 : 1)).slice(0, limit);
  }

  const keyOf = ({ pathwayId, a, b }: Which) => pairKey(pathwayId, ...inOrder(a, b));

  return {
    inForce,

    /** Opens a pair for somebody entitled, and records that they saw it. Errors: `Refused` for anybody else. */
    async view(which: Which, actor: PersonActor, act: PairAct = 'duplicate.view'): Promise<Present> {
      return run<Pair, Present>(keyOf(which), PAIR_HEAD, async (loaded, now) => {
        const answer = await present(loaded, now);
        const { pair, today } = answer;
        const [position] = positionsFor(act, actor, answer, today);
        if (!position) throw unknownPair();
        const by = actorRef(actor, position);
        const viewed = { type: 'pair.viewed', by, data: { cases: [pair.a, pair.b] } };
        return { change: { documents: [pair], events: [viewed] }, answer };
      });
    },

    /** The pair as it stands, for a card that everybody may see; undefined when there is none. */
    async present({ pathwayId, a, b }: Which, now: Instant): Promise<Present | undefined> {
      const head = (await store.get<Pair>(keyOf({ pathwayId, a, b }), PAIR_HEAD))?.doc;
      return head && present({ key: keyOf({ pathwayId, a, b }), head }, now);
    },

    /** What came to the case that stays since the two were made one. */
    since: ({ pair, today }: Present): Promise<Since> => since(store, today.pathway, pair),

    /** One press by a person: load, ask the rule, commit. The answer says how the pair stands then. */
    async press(which: Which, actor: PersonActor, decide: (facts: Facts) => Verdict): Promise<Outcome> {
      const outcome = await run<Pair, Outcome>(keyOf(which), PAIR_HEAD, async (loaded, now) => {
        const found = await present(loaded, now);
        const verdict = decide({ ...found, actor });
        if (verdict.kind !== 'change') return { answer: { ...found, verdict: verdict.kind } };
        return { change: verdict.change, answer: { ...found, pair: verdict.pair, verdict: 'change' } };
      });
      if (outcome.verdict === 'change') kick(which.pathwayId);
      return outcome;
    },

    /** `St Anne's Hospice: 3 pairs to get decided.`: as the digest counts them. */
    async totals(pathwayId: string, actor: PersonActor): Promise<string> {
      const { terms } = await inForce(pathwayId);
      const scope = scopeOf(actor, terms);
      const own = await totalIn(store, pathwayId, scope, 'duplicates', { of: 'duplicates.of' });
      const others = scope === 'all' ? '' : ' Those of others are listed too where you may decide them.';
      const marked = isAsked(actor, terms) ? await store.count(pathwayId, MARKED_LIST) : 0;
      const more = marked > 0 ? ` With a marked record: ${marked}, yours to decide.` : '';
      return `${scopeText(scope, terms)}: ${own} ${own === 1 ? 'pair' : 'pairs'} to get decided.${others}${more}`;
    },

    /** Is there a pair of this case that waits for a decision by this person? */
    async waitsFor(pathwayId: string, caseId: string, actor: PersonActor): Promise<boolean> {
      const { terms: today } = await inForce(pathwayId);
      for (let after = ''; ; ) {
        const page = await store.page<Pair>(pathwayId, pairsOf(caseId), { after, limit: PAGE });
        for (const { doc: pair } of page.filter(({ doc }) => waits(doc))) {
          const [a, b] = await Promise.all([caseOf(pathwayId, pair.a), caseOf(pathwayId, pair.b)]);
          if (positionsFor('duplicate.decide', actor, { a, b }, today).length > 0) return true;
        }
        const last = page.at(-1);
        if (!last || page.length < PAGE) return false;
        after = last.place;
      }
    },

    /**
     * A page of pairs, oldest first: those of a case, decided or not, where one is named; otherwise those that wait for
     * a decision at these providers (all, where none is named), with those of marked records for whoever is asked about
     * them. Only those that the actor may decide.
     */
    async page(
      pathwayId: string,
      actor: PersonActor,
      { caseId, providers, after, limit }: Pages,
      now: Instant,
    ): Promise<Row[]> {
      const { terms: today } = await inForce(pathwayId);
      const names =
        caseId !== undefined
          ? [pairsOf(caseId)]
          : [...(providers?.map((one) => `duplicates@${one}`) ?? ['duplicates']), MARKED_LIST];
      const lists = names.filter((list) => list !== MARKED_LIST || isAsked(actor, today));
      return rows(pathwayId, lists, actor, { after, limit }, now);
    },

    rows,
  };
}

/** Does this person have the role that is asked about marked records? */
function isAsked(actor: PersonActor, { register }: Agreement): boolean {
  const { markedRecords } = register;
  return rule('duplicate.marked', actor, { markedRecords }, () => false).allowed;
}

export interface Pages {
  readonly caseId?: string | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly after: string;
  readonly limit: number;
}

export type Duplicates = ReturnType<typeof createDuplicates>;
