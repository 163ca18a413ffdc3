import { ACTION_HEAD, type Action, actionCase, actionSubject } from '../../src/actions/action.ts';
import { type Escalation, escalationId } from '../../src/escalations/escalation.ts';
import { type Climb, climbIn } from './climb.ts';
import { type Answer, type Person, type Post, wordsOn } from './connector.ts';
import type { Partners } from './partners.ts';
import type { Placed } from './posts.ts';
import { setScene } from './scene.ts';
import { read, type Start, startWorld } from './world.ts';

/** Free text with a name in it, as people write in spite of being asked not to. */
export const WHAT = 'Send Margaret’s record to the night team';
export const PROOF = 'Sent to the night team, who say that they have it';

/** A pathway on which actions are set: by the prime's lead, for whoever answers at the receiver. */
export interface Acting extends Climb {
  /** The choice of the owner in person, and of their provider as a whole. */
  readonly inPerson: string;
  readonly asAWhole: string;
  /** Somebody of a third provider. */
  readonly outsider: Person;
  /** So many days from now, as a form takes it. */
  day(ahead: number): string;
  stored(actionId: string): Promise<Action>;
  /** How its escalation stands; `none` where it never climbed. */
  climbed(actionId: string): Promise<string>;
  /** Moves the clock to a second after an instant; waits until nothing is under way. */
  passTo(at: string | undefined): Promise<void>;
  opensForm(): Promise<Post>;
  /** Sets an action; gives its id and the card that its owner has then. */
  sets(inputs?: Readonly<Record<string, string>>, at?: Placed): Promise<{ id: string; card: Post }>;
  /** Both taps of Done, with proof. */
  isDone(person: Person, on: Post | Answer): Promise<Answer>;
}

export async function startActing(partners: Partners, start: Start = {}): Promise<Acting> {
  const world = await startWorld(start);
  const { clock, connector, store } = world;
  const { pathway, receiver, accepter: owner } = partners;
  const scene = await setScene(world, partners);
  const outsider = world.person(pathway, pathway === 'riverside' ? 'isaiah' : 'gwen');
  await world.reaches([outsider]);
  clock.pass(31_000);
  const inPerson = `${receiver}||${owner[0]}`;
  const keyOf = (actionId: string) => ({ pathwayId: pathway, caseId: actionCase(actionId) });
  const day = (ahead: number): string =>
    new Date(Date.parse(clock.now()) + ahead * 86_400_000).toISOString().slice(0, 10);

  async function opensForm(): Promise<Post> {
    await scene.lead.says('/action');
    return connector.expect(scene.lead.chat, 'A new action');
  }

  return {
    ...climbIn(world, partners, scene),
    inPerson,
    asAWhole: `${receiver}||`,
    outsider,
    day,
    opensForm,
    async stored(actionId) {
      const found = await store.get<Action>(keyOf(actionId), ACTION_HEAD);
      if (!found) throw new Error(`there is no action ${actionId}`);
      return found.doc;
    },
    async climbed(actionId) {
      const found = await store.get<Escalation>(keyOf(actionId), escalationId(actionSubject(actionId)));
      return found?.doc.state ?? 'none';
    },
    async passTo(at) {
      if (at === undefined) throw new Error('there is no such time');
      clock.pass(Math.max(0, Date.parse(at) - Date.parse(clock.now())) + 1_000);
      // What is due is found at the next look.
      await new Promise((resolve) => setTimeout(resolve, 120));
      await world.kept();
    },
    async sets(inputs = {}, at = scene.accepter.chat) {
      const good = { what: WHAT, owner: inPerson, due: day(3), from: 'meeting' };
      const answer = await scene.lead.presses(await opensForm(), 'Set the action', {
        inputs: { ...good, ...inputs },
      });
      const id = /Action ([0-9A-Z]{3}-[0-9A-Z]{3}) is set/.exec(read(answer))?.[1];
      if (id === undefined) throw new Error(`not set: ${read(answer)}`);
      const card = await connector.expect(at, (post) => wordsOn(post.card).includes(`Action ${id}`));
      clock.pass(5_000);
      return { id, card };
    },
    async isDone(person, on) {
      const form = await person.presses(on, 'Done');
      return person.presses(form, 'Done', { inputs: { proof: PROOF } });
    },
  };
}
