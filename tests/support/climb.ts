import { type Escalation, escalationId, live, nextAt } from '../../src/escalations/escalation.ts';
import { type Handover, handoverDocId } from '../../src/handovers/handover.ts';
import type { Answer, Person, Post } from './connector.ts';
import { wordsOn } from './connector.ts';
import type { Partners } from './partners.ts';
import { type OfferShown, type Scene, setScene } from './scene.ts';
import { type Start, startWorld, type World } from './world.ts';

/** A duty: a role at a provider. */
export interface Duty {
  readonly provider: string;
  readonly role: string;
}

/**
 * The duties of each pathway's ladder: on its first rung, on its clinical one, and that of a colleague who is on
 * shift at the receiver in another role.
 */
export const DUTIES: Readonly<
  Record<
    Partners['pathway'],
    { readonly first: Duty; readonly clinical: Duty; readonly shift: Duty & { readonly person: string } }
  >
> = {
  riverside: {
    first: { provider: 'st-annes', role: 'duty-manager' },
    clinical: { provider: 'northside', role: 'clinical-lead' },
    shift: { person: 'alex', provider: 'st-annes', role: 'clinician' },
  },
  moorland: {
    first: { provider: 'fell-therapy', role: 'team-leader' },
    clinical: { provider: 'moorland-council', role: 'principal-therapist' },
    shift: { person: 'alex-wilber', provider: 'fell-therapy', role: 'therapist' },
  },
};

/** A pathway on which nothing is offered yet, and what it takes to see an offer climb. */
export interface Climb extends Scene {
  readonly world: World;
  /** Takes somebody on duty with two taps; `first`: the receiver's, `clinical`: the prime's lead. */
  onDuty(person: Person, duty: Duty): Promise<void>;
  /** Ends the one duty that this person has. */
  offDuty(person: Person): Promise<void>;
  /** An offer, and the clock a second after its time to answer. */
  unanswered(): Promise<OfferShown>;
  /** A second after what happens next by itself to the escalation of this case. */
  passNext(caseId: string): Promise<void>;
  /** The escalation of the case's first handover; it must be there. */
  escalation(caseId: string): Promise<Escalation>;
  /** The words of each prompt that waits or is held, by rung: `operational adele`. */
  live(caseId: string): Promise<string[]>;
  /** The next card in person that asks about a case. */
  prompt(person: Person, caseId: string): Promise<Post>;
  /** Lines and cards that anybody got since the last call of this. */
  since(): Post[];
}

export async function startClimb(partners: Partners, start: Start = {}): Promise<Climb> {
  const world = await startWorld(start);
  return climbIn(world, partners, await setScene(world, partners));
}

export function climbIn(world: World, partners: Partners, scene: Scene): Climb {
  const { clock, connector, store } = world;
  const pathwayId = partners.pathway;
  let seen = connector.posts().length;

  const passTo = (instant: string): void =>
    clock.pass(Math.max(0, Date.parse(instant) - Date.parse(clock.now())) + 1_000);
  const stood = async (caseId: string): Promise<Escalation | undefined> =>
    (await store.get<Escalation>({ pathwayId, caseId }, escalationId('handover:h1')))?.doc;
  const found = async (caseId: string): Promise<Escalation> => {
    const escalation = await stood(caseId);
    if (!escalation) throw new Error(`nothing of ${caseId} climbs`);
    return escalation;
  };
  /** Waits until the ladder moved, and nothing is under way. */
  async function moved(caseId: string, revision: number): Promise<void> {
    const end = performance.now() + 5_000;
    while (((await stood(caseId))?.revision ?? 0) <= revision) {
      if (performance.now() > end) throw new Error(`nothing happened to ${caseId} by itself`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await world.kept();
  }
  async function oncall(person: Person): Promise<Post | Answer> {
    await person.says('/oncall');
    const card = await connector.expect(person.chat, /Who is on duty|Which pathway do you mean/);
    if (wordsOn(card.card).includes('Who is on duty')) return card;
    return person.presses(card, partners.terms.name);
  }

  return {
    ...scene,
    world,
    async onDuty(person, duty) {
      const opened = await person.presses(await oncall(person), 'I’m on duty');
      await person.presses(opened, 'Until I say so', {
        carrying: { provider: duty.provider, role: duty.role },
      });
      clock.pass(31_000);
      await world.kept();
    },
    async offDuty(person) {
      const opened = await person.presses(await oncall(person), 'I’m off duty');
      await person.presses(opened, 'I’m off duty');
    },
    async unanswered() {
      const offered = await scene.offer();
      const { caseId } = offered;
      const handover = await store.get<Handover>({ pathwayId, caseId }, handoverDocId('h1'));
      if (!handover) throw new Error(`${caseId} was not offered`);
      passTo(handover.doc.answerBy);
      await moved(caseId, 0);
      return offered;
    },
    async passNext(caseId) {
      const escalation = await found(caseId);
      const next = nextAt(escalation);
      if (escalation.state === 'ended' || next === undefined) throw new Error(`nothing is next in ${caseId}`);
      passTo(next);
      await moved(caseId, escalation.revision);
    },
    escalation: found,
    live: async (caseId) => live(await found(caseId)).map(({ rung, asked }) => [rung, ...asked].join(' ')),
    prompt: (person, caseId) =>
      connector.expect(person.chat, (post) => post.card !== undefined && post.summary.includes(caseId)),
    since() {
      const posts = connector.posts();
      const fresh = posts.slice(seen);
      seen = posts.length;
      return fresh;
    },
  };
}
