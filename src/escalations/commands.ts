import { type Actor, actorRef, type Position } from '../core/actors.ts';
import type { Change, Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { rule } from '../core/permissions.ts';
import type { IsLate, Loaded } from '../store/turn.ts';
import { type Ground, shownAnew } from './draft.ts';
import { type Escalation, escalationId, type LadderStep, nextAt, readPrompt } from './escalation.ts';
import { createGrounds, NOWHERE } from './grounds.ts';
import { createPresses, type EscalationDeps, unknownEscalation, type Which } from './press.ts';
import { begin, end, ladderVersion, review, step, turn, undelivered, unpaged } from './rules.ts';

const PAGE = 100;

/** What may be done with the escalations of a store: followed, stepped by their timer, answered by people. */
export function createEscalations(deps: EscalationDeps) {
  const { store, run, kick } = deps;
  const grounds = createGrounds(deps);
  const { subjectOf, groundOf, loadedGround } = grounds;
  const headOf = (subject: string): string => {
    const known = subjectOf(subject);
    if (!known) throw unknownEscalation();
    return known.head;
  };
  const presses = createPresses(deps, grounds, headOf);

  /** Runs a rule on one escalation without a person: timers and the rota. */
  async function byItself(
    which: Which,
    job: string,
    decide: (ground: Ground, escalation: Escalation) => Change | undefined,
    late: IsLate = () => false,
  ): Promise<void> {
    const { pathwayId, caseId, subject } = which;
    const actor: Actor = { kind: 'system', job };
    if (!rule('escalation.step', actor, {}, () => false).allowed) throw unknownEscalation();
    const changed = await run<Head, boolean>({ pathwayId, caseId }, headOf(subject), async (loaded, now) => {
      const escalation = await loaded.get<Escalation>(escalationId(subject));
      if (!loaded.head || !escalation) return { answer: false };
      const ground = await loadedGround(loaded, escalation, actor, undefined, now);
      const change = decide({ ...ground, late: late(nextAt(escalation), now) }, escalation);
      return { ...(change && { change }), answer: change !== undefined };
    });
    if (changed) kick(pathwayId);
  }

  /** What the outcome of a prompt's delivery means, for the commit that records it. */
  async function ofPrompt(
    loaded: Loaded<Head>,
    prompt: string,
    now: Instant,
    decide: (ground: Ground, escalation: Escalation, n: number) => Change | undefined,
  ): Promise<Change> {
    const named = readPrompt(prompt);
    const escalation = named && (await loaded.get<Escalation>(escalationId(named.subject)));
    if (!escalation) return {};
    const sender: Actor = { kind: 'system', job: 'sender' };
    const ground = await loadedGround(loaded, escalation, sender, undefined, now);
    return decide(ground, escalation, named.n) ?? {};
  }

  return {
    /**
     * What follows for the ladder when a subject changes, to go into the same commit. `steps` are taken in their
     * order, each on what the one before left; what is told goes to the routes of its matter. `late`: the timer
     * that brought the change fired after its time.
     */
    async follow(
      loaded: Loaded<Head>,
      steps: readonly LadderStep[],
      actor: Actor,
      now: Instant,
      late = false,
    ): Promise<Change[]> {
      const changes: Change[] = [];
      for (const one of steps) {
        const subject = 'subject' in one ? one.subject : one.matter.subject;
        const stands = lastOf(changes, subject) ?? (await loaded.get<Escalation>(escalationId(subject)));
        if (one.do === 'show') {
          const shown = stands && shownAnew(stands);
          if (shown) changes.push(shown);
          continue;
        }
        if (one.do !== 'begin' && stands?.state !== 'running') continue;
        const routes = one.do === 'end' ? NOWHERE : one.matter.routes;
        const version =
          one.do === 'begin' ? ladderVersion(stands, one.matter) : (stands?.agreementVersion ?? 0);
        const ground = {
          ...(await groundOf(loaded.key.pathwayId, version, routes, actor, undefined, now)),
          late,
        };
        const change =
          one.do === 'begin'
            ? begin(ground, one.matter, one.cause, one.from, stands)
            : one.do === 'turn'
              ? turn(ground, stands, one.matter)
              : end(ground, stands, one.how);
        if (change) changes.push(change);
      }
      return changes;
    },

    /** The timer of an escalation has fired; asked in the turn, `late` says whether what follows is late. */
    step: (which: Which, late: IsLate): Promise<void> =>
      byItself(
        which,
        'timer',
        (ground, escalation) =>
          step(ground, escalation) ??
          // A timer that has nothing to do any more ends; one that was moved stands later.
          (escalation.state === 'ended'
            ? { timers: [{ subject: escalationId(which.subject), fires: 'escalation.step', due: null }] }
            : undefined),
        late,
      ),

    /**
     * Duty on a pathway has changed: what is running there is looked at again. One that fails holds up no other;
     * the first error is thrown when all were looked at, so that whoever called tries again.
     */
    async moved(pathwayId: string): Promise<void> {
      const errors: unknown[] = [];
      for (let after = ''; ; ) {
        const page = await store.page<Escalation>(pathwayId, 'escalations.open', { after, limit: PAGE });
        for (const { key, doc } of page) {
          const which = { pathwayId, caseId: key.caseId, subject: doc.subject };
          await byItself(which, 'rota', review).catch((error: unknown) => errors.push(error));
        }
        const last = page.at(-1);
        if (!last || page.length < PAGE) break;
        after = last.place;
      }
      if (errors.length > 0) throw errors[0];
    },

    /** What to record when the paging service did not take a page: whoever holds the case is told. */
    unpaged: (loaded: Loaded<Head>, prompt: string, now: Instant): Promise<Change> =>
      ofPrompt(loaded, prompt, now, unpaged),

    /** What to record when a prompt could not be brought to somebody. */
    undelivered: (loaded: Loaded<Head>, prompt: string, person: string, now: Instant): Promise<Change> =>
      ofPrompt(loaded, prompt, now, (...given) => undelivered(...given, person)),

    ...presses,

    /** Somebody entitled opens what people wrote when they stepped it up or decided: an event of the case. */
    async readWritten({ pathwayId, caseId, subject }: Which, actor: Actor, position: Position | undefined) {
      const by = actorRef(actor, position);
      await run<Head, void>({ pathwayId, caseId }, headOf(subject), ({ head }) =>
        head
          ? {
              change: {
                documents: [head],
                events: [{ type: 'escalation.viewed', by, data: { escalation: subject } }],
              },
              answer: undefined,
            }
          : { answer: undefined },
      );
    },

    /** An escalation as it stands; undefined when there is none. */
    async present(which: Which): Promise<Escalation | undefined> {
      const key: Key = { pathwayId: which.pathwayId, caseId: which.caseId };
      return (await store.get<Escalation>(key, escalationId(which.subject)))?.doc;
    },

    /** Where what people name by this id can be: in the case, or in a partition of its own. */
    partitionsOf: (id: string): string[] => [
      id,
      ...Object.values(deps.subjects).flatMap(({ partition }) => partition?.(id) ?? []),
    ],

    subjectOf,
    headOf,
  };
}

export type Escalations = ReturnType<typeof createEscalations>;

const lastOf = (changes: readonly Change[], subject: string): Escalation | undefined =>
  changes.flatMap(({ documents = [] }) => documents).findLast((doc) => doc.id === escalationId(subject)) as
    | Escalation
    | undefined;
