import type { PersonActor } from '../core/actors.ts';
import type { Json } from '../core/change.ts';
import { Refused } from '../core/errors.ts';
import type { Asking } from '../core/routes.ts';
import type { Account, Heard } from './activity.ts';
import type { Card } from './render.ts';

/** Who somebody is on one pathway. */
export interface Membership {
  readonly pathwayId: string;
  /** What its people call it; the id where it is not given. */
  readonly name?: string;
  readonly actor: PersonActor;
}

/** Finds people and channels in the agreements in force. */
export interface People {
  find(tenant: string, objectId: string): Promise<readonly Membership[]>;
  channel(
    tenant: string,
    conversationId: string,
  ): Promise<{ readonly pathwayId: string; readonly provider: string } | undefined>;
}

/** Either who asks on which pathway, or the pathways to choose from. */
export type Identified =
  | { readonly kind: 'asking'; readonly asking: Asking }
  | { readonly kind: 'choose'; readonly from: readonly Membership[] };

const NOT_ON_A_PATHWAY =
  'You are not on a pathway that Baton knows. Ask the coordinator of your pathway to add you to its agreement.';

/**
 * Says who asks: the account as the activity has it, on the channel's pathway; elsewhere on their only one or
 * the one they `chose`, if they are on it. Errors: `Refused` for somebody who is not on the pathway.
 */
export async function identify(people: People, heard: Heard, chosen: unknown): Promise<Identified> {
  const memberships = heard.account ? await findAll(people, heard.account) : [];
  const { place, reach } = heard;
  const channel =
    place.scope === 'personal' ? undefined : await people.channel(reach.tenant, place.conversationId);
  const wanted = typeof chosen === 'string' && chosen !== '' ? chosen : undefined;

  if (channel && wanted && wanted !== channel.pathwayId) {
    throw new Refused(
      'other-pathway',
      'This card belongs to another pathway. Use it in that pathway’s channel.',
    );
  }
  if (memberships.length === 0) throw new Refused('not-on-pathway', NOT_ON_A_PATHWAY);
  const pathwayId = channel?.pathwayId ?? wanted;
  if (pathwayId === undefined && memberships.length > 1) return { kind: 'choose', from: memberships };
  const found =
    pathwayId === undefined ? memberships[0] : memberships.find((one) => one.pathwayId === pathwayId);
  if (!found) {
    throw new Refused(
      'not-on-pathway',
      'You are not on this pathway. Ask its coordinator to add you to the agreement.',
    );
  }
  return {
    kind: 'asking',
    asking: {
      pathwayId: found.pathwayId,
      actor: found.actor,
      place: { ...place, ...(channel && { provider: channel.provider }) },
    },
  };
}

const findAll = (people: People, { tenant, objectId }: Account): Promise<readonly Membership[]> =>
  people.find(tenant, objectId);

/** The question which pathway is meant: one button each, which does again what was asked, there. */
export function choosePathwayCard(
  from: readonly Membership[],
  verb: string,
  data: { readonly [key: string]: unknown },
): Card {
  const action = ({ pathwayId, name }: Membership): Card => {
    const carried = { ...data, pathway: pathwayId } as Card;
    return {
      type: 'Action.Execute',
      title: name ?? pathwayId,
      verb,
      data: carried,
      fallback: { type: 'Action.Submit', title: name ?? pathwayId, data: { ...carried, verb } },
    };
  };
  const actions: Json[] = from.map(action);
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    lang: 'en-GB',
    fallbackText: 'Which pathway do you mean?',
    body: [{ type: 'TextBlock', text: 'Which pathway do you mean?', weight: 'Bolder', wrap: true }],
    actions,
  };
}
