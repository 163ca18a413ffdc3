import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import { same } from '../agreement/same.ts';
import { type Actor, actorRef, type PersonActor } from '../core/actors.ts';
import { type Change, type Key, mergeChanges, type Verdict } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { newRegisterId } from '../core/register-id.ts';
import { localDateOf } from '../core/wording.ts';
import type { Follow } from '../escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import { type IsLate, type Loaded, type RunTurn, timerDue } from '../store/turn.ts';
import { ACTION_HEAD, type Action, actionCase, actionSubject } from './action.ts';
import { ladderSteps } from './climb.ts';
import { type ActionAct, type Facts, mayAct, positionsFor } from './facts.ts';
import { set, setByBaton, tick } from './rules.ts';
import { type Inputs, readWanted, type Wanted } from './wanted.ts';

const DAY_MS = 24 * 60 * 60_000;

export interface ActionDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Wakes the sender of this pathway's notices; called after a commit that raised some. */
  readonly kick: (pathwayId: string) => void;
  readonly random: () => number;
  /** What follows for the ladder, for the same commit. */
  readonly follow: Follow;
}

/** Which action is meant. */
export interface Which {
  readonly pathwayId: string;
  readonly actionId: string;
}

/** An action as it stands, and today's agreement: what cards are made from. */
export interface Present {
  readonly action: Action;
  readonly today: Agreement;
  readonly now: Instant;
}

/** What became of a press, and the action as it stands after it. */
export interface Outcome extends Present {
  readonly verdict: Verdict['kind'];
}

const keyOf = ({ pathwayId, actionId }: Which): Key => ({ pathwayId, caseId: actionCase(actionId) });

/** Somebody may have given it to another owner since. */
const isThatOfBaton = ({ setBy, from }: Action, wanted: Pick<Wanted, 'from'>): boolean =>
  setBy.person === undefined && same(from, wanted.from);

const unknownAction = () =>
  new Refused(
    'unknown-action',
    'There is no such action on this pathway. Type /actions to see those there are.',
  );

/** What may be done with the actions of a store: set, moved, done and cancelled by people, overdue by time. */
export function createActions({ store, run, agreements, kick, random, follow }: ActionDeps) {
  const inForce = inForceOf(agreements);

  async function factsOf({ key, head }: Loaded<Action>, actor: Actor, now: Instant): Promise<Facts> {
    const { terms } = await inForce(key.pathwayId);
    if (!head) throw unknownAction();
    return { action: head, actor, today: terms, now };
  }

  /** A change with what it means for the ladder, in one commit. */
  async function climbing(
    loaded: Loaded<Action>,
    change: Change,
    { actor, today, now }: Omit<Facts, 'action'>,
    late = false,
  ): Promise<Change> {
    const after = change.documents?.find((doc) => doc.id === ACTION_HEAD) as Action | undefined;
    const steps = after ? ladderSteps(loaded.head, after, today) : [];
    if (steps.length === 0) return change;
    return mergeChanges(change, ...(await follow(loaded, steps, actor, now, late)));
  }

  return {
    inForce,

    /** An id for a new action, to travel with its form: a form that is sent twice sets one action. */
    newId: (): string => newRegisterId(random),

    /**
     * Sets the action that a form asks for. Sent again by the same person it is answered with what stands.
     * Errors: `Invalid` with a problem for each field; `Refused` `taken` where the id is another's.
     */
    async set(which: Which, actor: PersonActor, inputs: Inputs): Promise<Present> {
      const { pathwayId, actionId } = which;
      const agreement = await inForce(pathwayId);
      const caseOf = async (caseId: string): Promise<CaseDoc | undefined> =>
        (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;
      const present = await run<Action, Present>(keyOf(which), ACTION_HEAD, async (loaded, now) => {
        const { terms: today } = agreement;
        const { head } = loaded;
        if (head) {
          if (head.setBy.person === actor.person) return { answer: { action: head, today, now } };
          throw new Refused('taken', 'This form cannot be used any more. Type /action to begin again.');
        }
        const wanted = await readWanted(inputs, actor, today, now, caseOf);
        const { action, change } = set(actionId, wanted, actor, agreement, now);
        return { change, answer: { action, today, now } };
      });
      kick(pathwayId);
      return present;
    },

    /**
     * Sets an action by itself, due in so many days: `taken` where another action has this id. The same again
     * changes nothing.
     */
    async setItself(
      which: Which,
      { inDays, ...wanted }: Pick<Wanted, 'what' | 'owner' | 'from'> & { readonly inDays: number },
    ): Promise<'set' | 'taken'> {
      const { pathwayId, actionId } = which;
      const actor: Actor = { kind: 'system', job: wanted.from.kind };
      if (!rule('action.set', actor, {}, () => false).allowed) throw unknownAction();
      const agreement = await inForce(pathwayId);
      const answer = await run<Action, 'set' | 'taken'>(keyOf(which), ACTION_HEAD, ({ head }, now) => {
        if (head) return { answer: isThatOfBaton(head, wanted) ? 'set' : 'taken' };
        const due = localDateOf(plusMs(now, inDays * DAY_MS), agreement.terms.zone);
        const { change } = setByBaton(actionId, { ...wanted, due }, actorRef(actor), agreement, now);
        return { change, answer: 'set' };
      });
      kick(pathwayId);
      return answer;
    },

    /** One press by a person: load, ask the rule, commit. The answer says how the action stands then. */
    async press(which: Which, actor: PersonActor, decide: (facts: Facts) => Verdict): Promise<Outcome> {
      const outcome = await run<Action, Outcome>(keyOf(which), ACTION_HEAD, async (loaded, now) => {
        const facts = await factsOf(loaded, actor, now);
        const { action, today } = facts;
        const verdict = decide(facts);
        if (verdict.kind !== 'change') return { answer: { action, today, now, verdict: verdict.kind } };
        const change = await climbing(loaded, verdict.change, facts);
        const after = change.documents?.find((doc) => doc.id === ACTION_HEAD) as Action;
        return { change, answer: { action: after, today, now, verdict: 'change' } };
      });
      if (outcome.verdict === 'change') kick(which.pathwayId);
      return outcome;
    },

    /** The action, for somebody who may do this with it. Errors: `Refused` for anybody else. */
    async forAct(which: Which, act: ActionAct, actor: Actor): Promise<Present> {
      return run<Action, Present>(keyOf(which), ACTION_HEAD, async (loaded, now) => {
        const facts = await factsOf(loaded, actor, now);
        mayAct(act, facts);
        return { answer: facts };
      });
    },

    /** The action as it stands, for a card that everybody may see; undefined when there is none. */
    async present(which: Which): Promise<Present | undefined> {
      return run<Action, Present | undefined>(keyOf(which), ACTION_HEAD, async (loaded, now) =>
        loaded.head
          ? { answer: await factsOf(loaded, { kind: 'system', job: 'card' }, now) }
          : { answer: undefined },
      );
    },

    /**
     * Opens an action's words, and records that they were seen. `entitled` is false for somebody who may see the
     * rest alone. Errors: `Refused` `unknown-action`.
     */
    async view(which: Which, actor: PersonActor): Promise<Present & { readonly entitled: boolean }> {
      return run(keyOf(which), ACTION_HEAD, async (loaded: Loaded<Action>, now) => {
        const facts = await factsOf(loaded, actor, now);
        const { action, today } = facts;
        const positions = positionsFor('action.view', facts);
        const answer = { action, today, now, entitled: positions !== undefined };
        if (!positions) return { answer };
        const by = actorRef(actor, positions[0]);
        const viewed = { type: 'action.viewed', by, data: { action: action.actionId } };
        return { change: { documents: [action], events: [viewed] }, answer };
      });
    },

    /** The timer of an action has fired; asked in the turn, `late` says whether what follows is late. */
    async overdue(which: Which, late: IsLate): Promise<void> {
      const timer: Actor = { kind: 'system', job: 'timer' };
      if (!rule('action.overdue', timer, {}, () => false).allowed) throw unknownAction();
      await run<Action, void>(keyOf(which), ACTION_HEAD, async (loaded, now) => {
        const facts = await factsOf(loaded, timer, now);
        const decided = tick(facts);
        if (!decided) return { answer: undefined };
        const due = await timerDue(loaded, actionSubject(which.actionId));
        return { change: await climbing(loaded, decided, facts, late(due, now)), answer: undefined };
      });
      kick(which.pathwayId);
    },
  };
}

export type Actions = ReturnType<typeof createActions>;
