import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import type { PersonActor } from '../core/actors.ts';
import type { Change, EventDraft, Key, Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { newRegisterId } from '../core/register-id.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import { type IsLate, type Loaded, type RunTurn, timerDue } from '../store/turn.ts';
import type { Ground } from './ask.ts';
import { chase } from './chase.ts';
import { CONCERN_HEAD, type Concern, concernCase, concernSubject } from './concern.ts';
import { type ConcernAct, type Facts, mayAct, unknownConcern } from './facts.ts';
import { caseMoved, remindMoves } from './move.ts';
import { raise, view, type Wanted } from './rules.ts';
import { tick } from './times.ts';
import { remindTodos } from './todos.ts';
import { answersForSome, type Knows, mayKnow } from './who.ts';

export interface ConcernDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Wakes the sender of this pathway's notices; called after a commit that raised some. */
  readonly kick: (pathwayId: string) => void;
  readonly random: () => number;
  /** Who of these people is on duty in a role there now. */
  readonly duty: (pathwayId: string) => Promise<Ground['onDuty']>;
}

/** Which concern is meant. */
export interface WhichConcern {
  readonly pathwayId: string;
  readonly concernId: string;
}

/** A concern as it stands, for somebody who may know of it. */
export interface PresentConcern {
  readonly concern: Concern;
  readonly knows: Knows;
  readonly today: Agreement;
  readonly now: Instant;
}

export interface ConcernOutcome extends PresentConcern {
  readonly verdict: Verdict['kind'];
}

export const keyOfConcern = ({ pathwayId, concernId }: WhichConcern): Key => ({
  pathwayId,
  caseId: concernCase(concernId),
});

export const notAgreed = (): Refused =>
  new Refused(
    'not-agreed',
    'Concerns cannot be raised on this pathway yet. Ring your safeguarding lead; if somebody is in danger now, ring 999.',
  );
const taken = (): Refused =>
  new Refused('taken', 'This form cannot be used any more. Type /concern to begin again.');

/** The concern as a change leaves it. */
const concernOf = ({ documents = [] }: Change): Concern | undefined =>
  documents.find(({ id }) => id === CONCERN_HEAD) as Concern | undefined;

const exported = ({ concernId }: Concern): EventDraft => ({
  type: 'concern.exported',
  by: { system: 'operator' },
  data: { concern: concernId },
});
const TIMER = { kind: 'system', job: 'timer' } as const;

/** A page of the store's lists is read in portions of this many. */
const PORTION = 200;

/** What may be done with the concerns of a store, by people who may know of them. */
export function createConcerns({ store, run, agreements, kick, random, duty }: ConcernDeps) {
  const inForce = inForceOf(agreements);

  const factsOf = async (
    { key, head }: Loaded<Concern>,
    act: ConcernAct,
    actor: PersonActor,
    now: Instant,
  ): Promise<Facts> => {
    const { terms: today } = await inForce(key.pathwayId);
    return { ...mayAct(act, head, actor, today), actor, today, now };
  };

  const groundOf = async (pathwayId: string, now: Instant): Promise<Ground> => {
    const [{ terms: today }, onDuty] = await Promise.all([inForce(pathwayId), duty(pathwayId)]);
    return { today, now, onDuty };
  };

  return {
    inForce,
    run,
    kick,

    /** Is there a case with this number? */
    isCase: async (pathwayId: string, caseId: string): Promise<boolean> =>
      (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD)) !== undefined,

    /** An id for a new concern, to travel with its form: a form that is sent twice raises one concern. */
    newId: (): string => newRegisterId(random),

    /**
     * Raises what a form asks for. Sent again by the same person it is answered with what stands. Errors: `Refused`
     * where the pathway has no terms for concerns, or the id is another's.
     */
    async raise(which: WhichConcern, actor: PersonActor, wanted: Wanted): Promise<PresentConcern> {
      const agreement = await inForce(which.pathwayId);
      if (!agreement.terms.safeguarding) throw notAgreed();
      const onDuty = await duty(which.pathwayId);
      const present = await run<Concern, PresentConcern>(
        keyOfConcern(which),
        CONCERN_HEAD,
        ({ head }, now) => {
          const { terms: today } = agreement;
          if (head) {
            if (head.raisedBy.person !== actor.person) throw taken();
            return { answer: { concern: head, knows: 'raiser', today, now } };
          }
          const ground = { today, now, onDuty };
          const { concern, change } = raise(which.concernId, wanted, actor, agreement, ground);
          return { change, answer: { concern, knows: 'raiser', today, now } };
        },
      );
      kick(which.pathwayId);
      return present;
    },

    /** One press by a person: load, ask the rule, commit. Errors: `Refused` as for an unknown id where they may not. */
    async press(
      which: WhichConcern,
      act: ConcernAct,
      actor: PersonActor,
      decide: (facts: Facts) => Verdict,
    ): Promise<ConcernOutcome> {
      const outcome = await run<Concern, ConcernOutcome>(
        keyOfConcern(which),
        CONCERN_HEAD,
        async (loaded, now) => {
          const facts = await factsOf(loaded, act, actor, now);
          const { concern, knows, today } = facts;
          const verdict = decide(facts);
          if (verdict.kind !== 'change')
            return { answer: { concern, knows, today, now, verdict: verdict.kind } };
          const after = concernOf(verdict.change);
          return {
            change: verdict.change,
            answer: { concern: after ?? concern, knows, today, now, verdict: 'change' },
          };
        },
      );
      if (outcome.verdict === 'change') kick(which.pathwayId);
      return outcome;
    },

    /** The concern for somebody who may do this with it; nothing is recorded. */
    forAct: (which: WhichConcern, act: ConcernAct, actor: PersonActor): Promise<PresentConcern> =>
      run<Concern, PresentConcern>(keyOfConcern(which), CONCERN_HEAD, async (loaded, now) => ({
        answer: await factsOf(loaded, act, actor, now),
      })),

    /** Opens its words, and records that they were seen: the first time by whom it is seen. */
    async view(which: WhichConcern, actor: PersonActor): Promise<PresentConcern> {
      const present = await run<Concern, PresentConcern>(
        keyOfConcern(which),
        CONCERN_HEAD,
        async (loaded, now) => {
          const facts = await factsOf(loaded, 'concern.view', actor, now);
          const change = view(facts);
          return { change, answer: { ...facts, concern: concernOf(change) ?? facts.concern } };
        },
      );
      kick(which.pathwayId);
      return present;
    },

    groundOf,

    /** Its time has come; asked in the turn, `late` says whether what follows is late. */
    async due(which: WhichConcern, late: IsLate): Promise<void> {
      if (!rule('concern.due', TIMER, {}, () => false).allowed) throw unknownConcern();
      await run<Concern, void>(keyOfConcern(which), CONCERN_HEAD, async (loaded, now) => {
        const { head } = loaded;
        if (!head) return { answer: undefined };
        const due = await timerDue(loaded, concernSubject(which.concernId));
        const ground = await groundOf(which.pathwayId, now);
        const change = tick(head, { ...ground, late: late(due, now) });
        return { ...(change && { change }), answer: undefined };
      });
      kick(which.pathwayId);
    },

    /** Each concern's chain says that whoever runs Baton takes its words out of the store. */
    async exported(pathwayId: string): Promise<void> {
      if (!rule('concern.export', { kind: 'system', job: 'operator' }, {}, () => false).allowed)
        throw unknownConcern();
      for (let after = ''; ; ) {
        const page = await store.page<Concern>(pathwayId, 'concerns', { after, limit: PORTION });
        for (const { key } of page) {
          await run<Concern, void>(key, CONCERN_HEAD, ({ head }) => ({
            ...(head && { change: { documents: [head], events: [exported(head)] } }),
            answer: undefined,
          }));
        }
        const last = page.at(-1);
        if (!last || page.length < PORTION) return;
        after = last.place;
      }
    },

    /** An authority has not answered by its day, or the day of an action has come. */
    async remind(act: 'concern.chase' | 'concern.remind', which: WhichConcern): Promise<void> {
      if (!rule(act, TIMER, {}, () => false).allowed) throw unknownConcern();
      const { terms: today } = await inForce(which.pathwayId);
      const reminding = act === 'concern.chase' ? chase : remindTodos;
      await run<Concern, void>(keyOfConcern(which), CONCERN_HEAD, ({ head }, now) => {
        const change = head && reminding(head, today, now);
        return { ...(change && { change }), answer: undefined };
      });
      kick(which.pathwayId);
    },

    /** What moves with a case waits to be written, or to be read. */
    async remindMoves(which: WhichConcern): Promise<void> {
      if (!rule('concern.move', TIMER, {}, () => false).allowed) throw unknownConcern();
      const { terms: today } = await inForce(which.pathwayId);
      await run<Concern, void>(keyOfConcern(which), CONCERN_HEAD, ({ head }, now) => {
        const change = head && remindMoves(head, today, now);
        return { ...(change && { change }), answer: undefined };
      });
      kick(which.pathwayId);
    },

    /** A case is with this provider now: for each open concern about it what moves with it is to be written. */
    async caseMoved(pathwayId: string, caseId: string, to: string): Promise<void> {
      const { terms: today } = await inForce(pathwayId);
      const about = await store.page<Concern>(pathwayId, `concerns.case@${caseId}`, { limit: PORTION });
      for (const { key } of about) {
        await run<Concern, void>(key, CONCERN_HEAD, ({ head }, now) => {
          const change = head && caseMoved(head, to, today, now);
          return { ...(change && { change }), answer: undefined };
        });
      }
      if (about.length > 0) kick(pathwayId);
    },

    /** The concern as it stands and today's agreement, for its own notices and timers. */
    present: (which: WhichConcern): Promise<Omit<PresentConcern, 'knows'> | undefined> =>
      run<Concern, Omit<PresentConcern, 'knows'> | undefined>(
        keyOfConcern(which),
        CONCERN_HEAD,
        async ({ head }, now) => ({
          answer: head && { concern: head, today: (await inForce(which.pathwayId)).terms, now },
        }),
      ),

    /**
     * Those on a list that this person may know of, oldest first. Of whoever answers for none only their own are
     * read, so that how long it takes tells nothing of the others.
     */
    async known(pathwayId: string, list: string, person: string): Promise<readonly Concern[]> {
      const { terms } = await inForce(pathwayId);
      const own = [`concerns.by@${person}`, `concerns.to@${person}`];
      const lists = answersForSome(person, terms) ? [list, ...own] : own;
      const found = new Map<string, Concern>();
      for (const from of lists) {
        for (let after = ''; ; ) {
          const page = await store.page<Concern>(pathwayId, from, { after, limit: PORTION });
          for (const { doc } of page) {
            const here = doc.lists?.[list] !== undefined && mayKnow(doc, person, terms);
            if (here) found.set(doc.concernId, doc);
          }
          const last = page.at(-1);
          if (!last || page.length < PORTION) break;
          after = last.place;
        }
      }
      return [...found.values()].sort((a, b) =>
        `${a.raisedAt}|${a.concernId}` < `${b.raisedAt}|${b.concernId}` ? -1 : 1,
      );
    },
  };
}

export type Concerns = ReturnType<typeof createConcerns>;
