import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import type { Actor, PersonActor } from '../core/actors.ts';
import { type Change, mergeChanges } from '../core/change.ts';
import type { Clock, Instant } from '../core/clock.ts';
import { rule } from '../core/permissions.ts';
import type { Follow, LadderStep } from '../escalations/escalation.ts';
import type { Claims } from '../store/claim.ts';
import type { Listed, Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import {
  CASE_HEAD,
  type CaseDoc,
  type HeldCase,
  identified,
  ownCase,
  UNOWNED_SUBJECT,
  unknownCase,
} from './case.ts';
import { listMatter } from './climb.ts';
import { LIST_HEAD, type ListDoc, listKey, listSubject, type Together, togetherId } from './list.ts';
import { type Took, take } from './rules.ts';

export interface RegisterDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly claims: Claims;
  readonly agreements: Agreements;
  /** Wakes the sender of this pathway's notices; called after a commit that raised some. */
  readonly kick: (pathwayId: string) => void;
  readonly random: () => number;
  /** What follows for the ladder, for the same commit. */
  readonly follow: Follow;
}

/** What an import needs besides. */
export type ImportDeps = RegisterDeps & {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Sets an action by itself; `taken` where its id is another's. The same again changes nothing. */
  readonly setAction: (
    which: { readonly pathwayId: string; readonly actionId: string },
    wanted: {
      readonly what: string;
      readonly owner: { readonly provider: string };
      readonly inDays: number;
      readonly from: { readonly kind: 'list'; readonly provider: string };
    },
  ) => Promise<'set' | 'taken'>;
};

/** What became of a press, and the case as it stands after it. */
export interface Taken {
  readonly kind: Took['kind'];
  readonly caseDoc: HeldCase;
  readonly today: Agreement;
  readonly now: Instant;
}

/** A case as it stands, for its card. */
export interface Present {
  readonly caseDoc: CaseDoc;
  readonly today: Agreement;
}

/** Cases of one list, and how many of them still nobody holds. */
export interface PresentTogether {
  readonly together: Together;
  readonly left: number;
  readonly today: Agreement;
}

/** The list of cases that a provider's lists brought without a holder, by list. */
export const unownedOf = (provider: string): string => `unowned.of@${provider}`;
const within = (list: string) => ({ after: `${list}|`, upTo: `${list}|~` });

/** What may be done with the cases that nobody holds. */
export function createRegister({ store, run, agreements, kick, follow }: RegisterDeps) {
  const inForce = inForceOf(agreements);

  async function isAnyLeft(pathwayId: string, { provider, list }: Together): Promise<boolean> {
    const page = await store.page(pathwayId, unownedOf(provider), { ...within(list), limit: 1 });
    return page.length > 0;
  }

  /**
   * Ends what climbs for a list when the last of its cases was taken, begins it again when there are more after
   * all, and shows its card anew. `changed`: how many are left is another number than before.
   */
  async function lookAtList(
    pathwayId: string,
    provider: string,
    list: string,
    changed = true,
  ): Promise<void> {
    const timer: Actor = { kind: 'system', job: 'timer' };
    if (!rule('register.watch', timer, {}, () => false).allowed) throw unknownCase();
    await run<ListDoc, void>(listKey(pathwayId, provider), LIST_HEAD, async (loaded, now) => {
      const together = await loaded.get<Together>(togetherId(list));
      if (!loaded.head || !together) return { answer: undefined };
      const left = await isAnyLeft(pathwayId, together);
      // While its lines still go in, the next may bring one more.
      const { newest } = loaded.head;
      const importing = newest?.id === list && newest.state === 'importing';
      const ends = !together.ended && !importing && !left;
      // Two lists went in at a time, and one brought more after all of it were taken.
      const again = together.ended !== undefined && left;
      const moves = changed && together.ended === undefined;
      if (!ends && !again && !moves) return { answer: undefined };
      const by = { system: 'timer' };
      const { ended: _, ...open } = together;
      const next: Together = {
        ...open,
        revision: together.revision + 1,
        ...(ends && { ended: { by, at: now } }),
      };
      const { terms } = await inForce(pathwayId);
      const matter = again ? listMatter(next, terms) : undefined;
      const steps: LadderStep[] = [
        ...(ends ? [{ do: 'end' as const, how: 'taken', subject: listSubject(list) }] : []),
        ...(matter ? [{ do: 'begin' as const, cause: 'unowned' as const, matter }] : []),
      ];
      const change: Change = {
        documents: [loaded.head, next],
        events: ends ? [{ type: 'list.taken', by, data: { provider, list } }] : [],
        notices: next.shownTo.map((route) => ({ form: 'show', subject: listSubject(list), route })),
      };
      return {
        change: mergeChanges(change, ...(await follow(loaded, steps, timer, now))),
        answer: undefined,
      };
    });
    kick(pathwayId);
  }

  return {
    inForce,

    /**
     * Takes a case that nobody holds. `at`: the provider they act for. Errors: `Refused` for an unknown case, and
     * as the rule says.
     */
    async take(pathwayId: string, caseId: string, actor: PersonActor, at?: string): Promise<Taken> {
      const { terms: today } = await inForce(pathwayId);
      const taken = await run<CaseDoc, Taken>({ pathwayId, caseId }, CASE_HEAD, async (loaded, now) => {
        if (!loaded.head) throw unknownCase();
        const took = take({ caseDoc: ownCase(loaded.head), actor, today, now, at });
        const answer: Taken = { kind: took.kind, caseDoc: took.caseDoc, today, now };
        if (took.kind !== 'change') return { answer };
        const steps: LadderStep[] =
          loaded.head.unowned?.climbs === 'alone'
            ? [{ do: 'end', how: 'taken', subject: UNOWNED_SUBJECT }]
            : [];
        const followed = await follow(loaded, steps, actor, now);
        const change = identified(loaded.head, mergeChanges(took.change, ...followed), now);
        return { change, answer };
      });
      if (taken.kind === 'change') kick(pathwayId);
      return taken;
    },

    /** A case of a list was taken: the card of all says how many are left, and the ladder ends with the last. */
    async taken(pathwayId: string, caseId: string): Promise<void> {
      const key = { pathwayId, caseId };
      const found = await store.get<CaseDoc>(key, CASE_HEAD);
      const { provider, list } = found?.doc.unowned ?? {};
      if (provider !== undefined && list !== undefined) await lookAtList(pathwayId, provider, list);
      await run<CaseDoc, void>(key, CASE_HEAD, ({ head }) => ({
        ...(head && {
          change: {
            documents: [head],
            timers: [{ subject: UNOWNED_SUBJECT, fires: 'register.taken', due: null }],
          },
        }),
        answer: undefined,
      }));
    },

    lookAtList,

    /** Another list followed this one before it was all in: what climbs for it ends, or goes on, as its cases stand. */
    async look(pathwayId: string, provider: string, list: string): Promise<void> {
      await lookAtList(pathwayId, provider, list, false);
      await run<ListDoc, void>(listKey(pathwayId, provider), LIST_HEAD, ({ head }) => ({
        ...(head && {
          change: {
            documents: [head],
            timers: [{ subject: listSubject(list), fires: 'register.look', due: null }],
          },
        }),
        answer: undefined,
      }));
    },

    /** The case as it stands, for a card that everybody may see; undefined when there is none. */
    async present(pathwayId: string, caseId: string): Promise<Present | undefined> {
      const found = await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD);
      return found && { caseDoc: found.doc, today: (await inForce(pathwayId)).terms };
    },

    /** The cases of a list that came without a holder; undefined when they are not alerted as one. */
    async presentTogether(
      pathwayId: string,
      provider: string,
      list: string,
    ): Promise<PresentTogether | undefined> {
      const found = await store.get<Together>(listKey(pathwayId, provider), togetherId(list));
      if (!found) return undefined;
      const name = unownedOf(provider);
      const { after, upTo } = within(list);
      const [to, before] = await Promise.all([
        store.count(pathwayId, name, upTo),
        store.count(pathwayId, name, after),
      ]);
      return { together: found.doc, left: to - before, today: (await inForce(pathwayId)).terms };
    },

    /** A page of the cases that nobody holds, oldest first; of one provider's lists, if it is named. */
    async page(
      pathwayId: string,
      provider: string | undefined,
      after: string,
      limit: number,
    ): Promise<Listed<CaseDoc>[]> {
      const list = provider === undefined ? 'unowned' : `unowned@${provider}`;
      return store.page<CaseDoc>(pathwayId, list, { after, limit });
    },
  };
}

export type Register = ReturnType<typeof createRegister>;
