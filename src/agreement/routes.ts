import { actorRef } from '../core/actors.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import type { Asking, CardView, Place, Reply, TypedRoute } from '../core/routes.ts';
import { type Agreement, positionCan, primeOf, providerNamed } from './agreement.ts';
import { type AgreementDeps, bindChannel } from './apply.ts';
import { boundCard, peopleCard } from './cards.ts';
import { type Agreements, inForceOf } from './current.ts';

export interface AgreementRouteDeps extends AgreementDeps {
  readonly agreements: Agreements;
  /** The tenant of the place, and the members of its channel; undefined where they cannot be asked. */
  readonly channel: (place: Place) => Promise<
    | {
        readonly tenant: string;
        readonly members: readonly { readonly objectId: string; readonly name: string }[];
      }
    | undefined
  >;
  /** The card that stands in a provider's channel. */
  readonly standing: (pathwayId: string, provider: string) => Promise<CardView | undefined>;
  /** What is open at the provider is shown in its channel again. */
  readonly shownAgain: (pathwayId: string, provider: string) => Promise<void>;
}

/** `/people` and `/bind`: who is on the pathway, and whose channel this is. */
export function agreementRoutes(deps: AgreementRouteDeps): TypedRoute[] {
  const termsOf = async (pathwayId: string): Promise<Agreement> =>
    (await inForceOf(deps.agreements)(pathwayId)).terms;

  async function bind(asking: Asking, args: string): Promise<Reply> {
    const { pathwayId, actor, place } = asking;
    const terms = await termsOf(pathwayId);
    const ruling = rule('/bind', actor, {}, (position, ability) => positionCan(terms, position, ability));
    if (!ruling.allowed) {
      throw new Refused(
        'role',
        'Binding a channel is for coordinators. Ask the coordinator of your service.',
      );
    }
    if (place.scope !== 'channel') {
      throw new Refused('not-a-channel', 'Type /bind in the channel that is to be the provider’s.');
    }
    const provider = providerNamed(terms, args);
    if (!provider) {
      const known = terms.providers.map((one) => one.id).join(', ');
      throw new Refused('unknown-provider', `Type /bind and one of: ${known}.`);
    }
    const position = ruling.positions.find(
      (one) => one.provider === provider.id || one.provider === primeOf(terms).id,
    );
    if (!position) {
      throw new Refused(
        'provider',
        `Only ${provider.name} and ${primeOf(terms).name} can bind a channel for ${provider.name}.`,
      );
    }
    const found = await deps.channel(place);
    if (!found) {
      throw new Refused('cannot-read', 'Baton could not read this channel’s members. Try again in a minute.');
    }
    await bindChannel(
      deps,
      pathwayId,
      { provider: provider.id, tenant: found.tenant, conversation: place.conversationId },
      actorRef(actor, position),
    );
    await deps.shownAgain(pathwayId, provider.id);
    const known = new Set(
      terms.people.flatMap((person) => person.accounts.map((account) => account.objectId)),
    );
    const strangers = found.members
      .filter((member) => !known.has(member.objectId))
      .map((member) => member.name);
    const beside = await deps.standing(pathwayId, provider.id);
    return { kind: 'card', view: boundCard(provider, strangers), ...(beside && { beside }) };
  }

  return [
    {
      command: '/people',
      usage: '',
      help: 'Who is on the pathway, and whom to ring',
      run: async ({ pathwayId }) => ({ kind: 'card', view: peopleCard(await termsOf(pathwayId)) }),
    },
    {
      command: '/bind',
      usage: 'PROVIDER',
      help: 'Make this channel a provider’s, for its coordinator',
      run: bind,
    },
  ];
}
