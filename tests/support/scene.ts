import type { Person, Post } from './connector.ts';
import { bodyFor, type Partners } from './partners.ts';
import type { Placed } from './posts.ts';
import type { Intake, World } from './world.ts';

/** An offer that came in through the intake, and the two cards that stand for it. */
export interface OfferShown {
  readonly caseId: string;
  readonly intake: Intake;
  /** In the receiver's channel. */
  readonly card: Post;
  /** In the sender's channel. */
  readonly sent: Post;
}

/** The people and channels of one pathway's journey, at their places. */
export interface Scene {
  readonly accepter: Person;
  readonly coordinator: Person;
  readonly lead: Person;
  readonly theirs: Placed;
  readonly ours: Placed;
  /** A partner's system offers, and both cards come. */
  offer(body?: object): Promise<OfferShown>;
}

/** Baton is installed in both channels and in the chats of those who play a part. */
export async function setScene(world: World, partners: Partners): Promise<Scene> {
  const { pathway, receiver, sender } = partners;
  const accepter = world.person(pathway, ...partners.accepter);
  const coordinator = world.person(pathway, partners.coordinator);
  const lead = world.person(pathway, partners.lead);
  const theirs = world.channel(pathway, receiver);
  const ours = world.channel(pathway, sender);
  await world.reaches([accepter], [accepter, theirs], [coordinator], [coordinator, ours], [lead]);
  return {
    accepter,
    coordinator,
    lead,
    theirs,
    ours,
    async offer(body = bodyFor(partners)) {
      const intake = await world.offers(pathway, body);
      if (intake.status !== 201) throw new Error(`the intake answered ${intake.text}`);
      const { caseId } = intake.body;
      return {
        caseId,
        intake,
        card: await world.connector.expect(theirs, caseId),
        sent: await world.connector.expect(ours, caseId),
      };
    },
  };
}
