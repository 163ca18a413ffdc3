import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One provider of the bench's pathway, with its channel and the one clinician who answers there. */
export interface Place {
  readonly provider: string;
  readonly tenant: string;
  readonly channel: string;
  readonly person: { readonly key: string; readonly objectId: string; readonly chat: string };
}

export const PATHWAY = 'bench';
const DEMO = new URL('../../infra/demo/', import.meta.url);
const HOUR_MS = 3_600_000;
const guid = (kind: number, n: number): string =>
  `00000000-0000-0000-000${kind}-${String(n).padStart(12, '0')}`;

/** `count` providers, their channels spread over `tenants` Teams tenants. */
export const makePlaces = (count: number, tenants: number): Place[] =>
  Array.from({ length: count }, (_, n) => {
    const tenant = guid(1, n % tenants);
    const objectId = guid(2, n);
    return {
      provider: `provider-${n}`,
      tenant,
      channel: `19:channel-${n}@${tenant}`,
      person: { key: `clinician-${n}`, objectId, chat: `a:${objectId}` },
    };
  });

/** The demo's agreement with these providers in the place of its own, as JSON, which is YAML as well. */
export function agreementOf(places: readonly Place[]): string {
  const demo = parse(readFileSync(new URL('agreements/riverside.yaml', DEMO), 'utf8'));
  return JSON.stringify({
    ...demo,
    pathway: PATHWAY,
    name: 'Bench',
    providers: places.map(({ provider }, n) => ({
      id: provider,
      name: `Provider ${n}`,
      kind: n === 0 ? 'prime' : 'subcontractor',
      phone: '0300 123 4501',
      holdsAs: 'clinician',
    })),
    people: places.map(({ provider, tenant, person }, n) => ({
      key: person.key,
      name: `Clinician ${n}`,
      accounts: [{ tenant, objectId: person.objectId }],
      positions: [{ provider, role: 'clinician' }, ...(n === 0 ? [{ provider, role: 'clinical-lead' }] : [])],
    })),
    urgencies: demo.urgencies.map((urgency: object) => ({ ...urgency, accept: ['clinician'] })),
    channels: places.map(({ provider, tenant, channel }) => ({ provider, tenant, conversation: channel })),
    outside: [],
    ladder: {
      ...demo.ladder,
      rungs: demo.ladder.rungs.map((rung: { ask: { of: string } }) => ({
        ...rung,
        ask: { of: rung.ask.of, roles: ['clinician'] },
      })),
    },
    raci: [],
  });
}

const EXAMPLE = JSON.parse(readFileSync(new URL('examples/01-hospice-at-home.json', DEMO), 'utf8')).body;

/** A whole handover, as a partner's system sends it (about 2 KB): from one place to the next, round them all. */
export function offerOf(places: readonly Place[], n: number): { readonly to: Place; readonly body: string } {
  const from = places[n % places.length];
  const to = places[(n + 1) % places.length];
  if (!from || !to) throw new Error('a pathway has places');
  const { ask, plan } = EXAMPLE.content;
  const in8Hours = new Date(Date.now() + 8 * HOUR_MS).toISOString();
  const in2Days = new Date(Date.now() + 48 * HOUR_MS).toISOString().slice(0, 10);
  const content = {
    ...EXAMPLE.content,
    ask: { ...ask, neededBy: in8Hours },
    plan: { ...plan, nextReview: in2Days },
  };
  return { to, body: JSON.stringify({ from: from.provider, to: to.provider, alias: `B-${n}`, content }) };
}

const BOT = { id: '28:bench', name: 'Baton' };

/** An activity as Teams sends it: in the place's channel, or in the clinician's own chat. */
export function activityOf(
  place: Place,
  where: 'channel' | 'chat',
  serviceUrl: string,
  more: object,
): string {
  const { tenant, channel, person } = place;
  return JSON.stringify({
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: `29:${person.objectId}`, name: 'Clinician', aadObjectId: person.objectId },
    recipient: BOT,
    conversation:
      where === 'channel'
        ? { id: channel, conversationType: 'channel', isGroup: true, tenantId: tenant }
        : { id: person.chat, conversationType: 'personal', tenantId: tenant },
    channelData: { tenant: { id: tenant } },
    locale: 'en-GB',
    ...more,
  });
}

/** The press of Accept on the card of a new offer. */
export const acceptOf = (caseId: string, handoverId: string): object => ({
  type: 'invoke',
  name: 'adaptiveCard/action',
  value: {
    action: { type: 'Action.Execute', verb: 'handover.accept', data: { caseId, handoverId, revision: 1 } },
    trigger: 'manual',
  },
});
