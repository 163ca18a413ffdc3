import { type Agreement, positionCan } from '../agreement/agreement.ts';
import type { Actor, Position } from '../core/actors.ts';
import { type Change, type Head, mergeChanges } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type Act, rule } from '../core/permissions.ts';
import type { Store } from '../store/store.ts';
import type { Loaded, RunTurn } from '../store/turn.ts';
import { acknowledge, mayResolve, mayStepUp, resolve, stepUp } from './answers.ts';
import type { Ground } from './draft.ts';
import { type Escalation, escalationId, type Raising } from './escalation.ts';
import type { createGrounds, GroundDeps } from './grounds.ts';

export interface EscalationDeps extends GroundDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly kick: (pathwayId: string) => void;
}

/** Which escalation is meant. */
export interface Which {
  readonly pathwayId: string;
  readonly caseId: string;
  readonly subject: string;
}

/** What became of a press, and the escalation as it stands after it. */
export interface Pressed {
  readonly verdict: 'change' | 'done' | 'moved';
  readonly escalation: Escalation;
  readonly now: Instant;
}

export const unknownEscalation = () =>
  new Refused('unknown-escalation', 'There is no such escalation that you may see. Check the case number.');

/** What people may press on a prompt. `headOf`: the head document of a subject's partition. */
export function createPresses(
  { run, agreements, kick }: EscalationDeps,
  { subjectOf, loadedGround }: ReturnType<typeof createGrounds>,
  headOf: (subject: string) => string,
) {
  /** One press by a person on a prompt. Throws `Refused` for somebody who was not asked and stands nowhere near it. */
  async function press(
    which: Which,
    n: number,
    actor: Actor,
    act: Act,
    decide: (
      ground: Ground,
      escalation: Escalation,
      loaded: Loaded<Head>,
    ) => Change | 'done' | 'moved' | Promise<Change | 'moved'>,
  ): Promise<Pressed> {
    const { pathwayId, caseId, subject } = which;
    const pressed = await run<Head, Pressed>({ pathwayId, caseId }, headOf(subject), async (loaded, now) => {
      const escalation = await loaded.get<Escalation>(escalationId(subject));
      if (!loaded.head || !escalation) throw unknownEscalation();
      const terms = (await agreements.inForce(pathwayId))?.terms;
      if (!terms) throw unknownEscalation();
      const raising = escalation.raisings.find((one) => one.n === n);
      const [position] = allowed(act, actor, escalation, raising, (at, ability) =>
        positionCan(terms, at, ability),
      );
      const ground = await loadedGround(loaded, escalation, actor, position, now);
      const decided = await decide(ground, escalation, loaded);
      if (typeof decided === 'string') return { answer: { verdict: decided, escalation, now } };
      const after = decided.documents?.find((doc) => doc.id === escalation.id) ?? escalation;
      return {
        change: decided,
        answer: { verdict: 'change', escalation: after as Escalation, now },
      };
    });
    if (pressed.verdict === 'change') kick(pathwayId);
    return pressed;
  }

  return {
    acknowledge(which: Which, n: number, actor: Actor & { kind: 'person' }): Promise<Pressed> {
      return press(which, n, actor, 'escalation.acknowledge', (ground, escalation) =>
        acknowledge(ground, escalation, n, actor.person),
      );
    },

    stepUp(which: Which, n: number, actor: Actor, reason: string): Promise<Pressed> {
      return press(which, n, actor, 'escalation.step-up', (ground, escalation) =>
        stepUp(ground, escalation, n, reason),
      );
    },

    /** May this person step it up now? `moved` where the prompt is no longer the one that counts. */
    mayStepUp(which: Which, n: number, actor: Actor): Promise<Pressed> {
      return press(which, n, actor, 'escalation.step-up', (ground, escalation) => {
        const raising = escalation.raisings.find((one) => one.n === n);
        const open = raising?.state === 'waiting' || raising?.state === 'acknowledged';
        if (escalation.state !== 'running' || !raising || !open) return 'moved';
        mayStepUp(ground, raising);
        return 'done';
      });
    },

    /** May this person say what was decided? `moved` where nothing is to be decided any more. */
    mayResolve(which: Which, n: number, actor: Actor): Promise<Pressed> {
      return press(which, n, actor, 'escalation.resolve', (_, escalation) => {
        if (escalation.state !== 'running') return 'moved';
        mayResolve(escalation);
        return 'done';
      });
    },

    resolve(which: Which, n: number, actor: Actor, decision: string): Promise<Pressed> {
      return press(which, n, actor, 'escalation.resolve', async (ground, escalation, loaded) => {
        const change = resolve(ground, escalation, n, decision);
        if (change === 'moved') return change;
        const subject = subjectOf(escalation.subject);
        const settled = await subject?.resolved(loaded, escalation.subject, ground.by);
        return mergeChanges(change, settled ?? {});
      });
    },

    /** Whether the ladder's own buttons of a prompt are this person's to press. */
    mayPress(escalation: Escalation, raising: Raising, actor: Actor, today: Agreement): boolean {
      try {
        allowed('escalation.acknowledge', actor, escalation, raising, (at, ability) =>
          positionCan(today, at, ability),
        );
        return true;
      } catch (error) {
        if (error instanceof Refused) return false;
        throw error;
      }
    },
  };
}

/** The positions that allow it: of somebody who was asked, at the provider asked, or where the table says. */
function allowed(
  act: Act,
  actor: Actor,
  { parties }: Escalation,
  raising: Raising | undefined,
  has: Parameters<typeof rule>[3],
): readonly Position[] {
  const sides = {
    receiver: raising?.provider ?? parties.receiver,
    sender: parties.sender,
    prime: parties.prime,
  };
  const ruling = rule(act, actor, sides, has);
  if (ruling.allowed) return ruling.positions;
  if (actor.kind === 'person' && raising?.asked.includes(actor.person)) {
    return actor.positions.filter(({ provider }) => provider === raising.provider);
  }
  throw new Refused(
    'not-asked',
    ruling.because === 'role'
      ? 'This is not part of your role. Ask a colleague who is on duty.'
      : 'This is asked of another service. Ring them if you can help; the number is on the card.',
  );
}
