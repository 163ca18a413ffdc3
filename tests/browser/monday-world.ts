import { type JourneyClock, startClock } from '../support/clock.ts';
import { createPerson, type Person } from '../support/person.ts';
import { type Placed, titlesOf } from '../support/posts.ts';
import { startWorld, TERMS, type World } from '../support/world.ts';
import { type Client, openClient } from './playground.ts';
import { startPlayground } from './playground-alone.ts';
import { openTap, type Tap } from './tap.ts';

const MONDAY = '2026-11-23T10:00:00.000Z';
const TENANT = '00000000-0000-0000-0000-000000000001';
/** The conversations of the signed-in person's client; Harbour and Kindly have clients of their own. */
const CHANNELS = {
  northside: 'team-riverside',
  'st-annes': 'channel-st-annes',
  harbour: '19:harbour@thread.tacv2',
  kindly: '19:kindly@thread.tacv2',
} as const;
const ALEX = '00000000-0000-0000-0000-000000000020';
const ALEX_CHAT = 'chat-alex-baton';
/** Teams' narrowest; longer than any card where pictures are kept, so that each shows whole. */
const PHONE = { width: 360, height: process.env.BATON_PICTURES === undefined ? 900 : 2400 };
/** The Playground's column of messages is 600 pixels wide at least; Teams' is as wide as the phone. */
const AS_TEAMS = `
  div:has(.ac-adaptiveCard) { min-width: 0 !important; max-width: 100vw !important; margin-left: 0 !important; margin-right: 0 !important; }
  div:has(> .ac-preview-panel), .ac-preview-panel, .ac-adaptiveCard { width: 100% !important; box-sizing: border-box; }
`;
export type Provider = keyof typeof CHANNELS;
export type Who = 'alex' | 'megan' | 'adele' | 'isaiah' | 'patti' | 'lynne' | 'nina' | 'omar';

/** Who sees the channel of a provider. */
export const STAFF: Readonly<Record<Provider, readonly Who[]>> = {
  northside: ['alex', 'omar', 'megan'],
  'st-annes': ['adele', 'nina', 'alex'],
  harbour: ['isaiah', 'lynne'],
  kindly: ['patti'],
};
export const PROVIDERS = Object.keys(STAFF) as Provider[];

/** Two more than the demo has, and channels for everybody. */
const MORE_PEOPLE = `
  - { key: nina, name: Nina Osei, accounts: [{ tenant: ${TENANT}, objectId: object-nina }], positions: [{ provider: st-annes, role: clinician }] }
  - { key: omar, name: Omar Aziz, accounts: [{ tenant: ${TENANT}, objectId: object-omar }], positions: [{ provider: northside, role: coordinator }] }
`;
const MORE_CHANNELS = `
  - { provider: harbour, tenant: ${TENANT}, conversation: "${CHANNELS.harbour}" }
  - { provider: kindly, tenant: ${TENANT}, conversation: "${CHANNELS.kindly}" }
`;

/** The pathway on a Monday morning: eight people, of whom Alex Wilber has a phone. */
export interface Monday {
  readonly world: World;
  readonly clock: JourneyClock;
  readonly tap: Tap;
  /** Those who speak to Baton over HTTP: everybody but Alex. */
  readonly people: Readonly<Record<Exclude<Who, 'alex'>, Person>>;
  /** Alex's phone: the Playground in Chromium, 360 pixels wide. */
  readonly phone: Client;
  channel(provider: Provider): Placed;
  chatOf(who: Who): Placed;
  close(): Promise<void>;
}

/** Starts Baton, the Playground and everybody's clients; Baton is installed everywhere and has said so. */
export async function startMonday(): Promise<Monday> {
  const clock = startClock(MONDAY);
  const world = await startWorld({
    clock,
    agreed: {
      // On this Monday Alex works on one pathway, so that Baton need not ask which.
      moorland: (text) => text.replaceAll(ALEX, 'object-of-another'),
      riverside: (text) =>
        text
          .replace(/\npeople:\n/, `\npeople:${MORE_PEOPLE}`)
          .replace(/\nchannels:\n/, `\nchannels:${MORE_CHANNELS}`),
    },
  });
  const botUrl = `${world.url}/api/messages`;
  const tap = await openTap(botUrl, new Set([CHANNELS.northside, CHANNELS['st-annes'], ALEX_CHAT]));
  const channel = (provider: Provider): Placed => ({
    conversationId: CHANNELS[provider],
    tenant: TENANT,
    scope: 'channel',
  });
  const added = (name: string, objectId: string): Person =>
    createPerson({ name, tenant: TENANT, objectId }, botUrl, tap.url);
  const demo = (key: string): Person => {
    const found = TERMS.riverside.people.find((one) => one.key === key);
    return added(found?.name ?? key, found?.accounts[0]?.objectId ?? key);
  };
  const people = {
    megan: demo('megan'),
    adele: demo('adele'),
    isaiah: demo('isaiah'),
    patti: demo('patti'),
    lynne: demo('lynne'),
    nina: added('Nina Osei', 'object-nina'),
    omar: added('Omar Aziz', 'object-omar'),
  };
  const chatOf = (who: Who): Placed =>
    who === 'alex' ? { conversationId: ALEX_CHAT, tenant: TENANT, scope: 'personal' } : people[who].chat;

  const playground = await startPlayground(`${tap.url}/api/messages`);
  tap.shows(playground.url);
  const phone = await openClient(playground.url, PHONE.width);
  await phone.page.setViewportSize(PHONE);
  await phone.page.addStyleTag({ content: AS_TEAMS });
  // The calendar of the form is to open on this Monday.
  await phone.page.clock.setFixedTime(new Date(MONDAY));
  for (const person of Object.values(people)) await person.installs();
  await people.isaiah.installs(channel('harbour'));
  await people.patti.installs(channel('kindly'));
  // The Playground installs Baton in a channel when somebody opens it.
  for (const place of ['General', "St Anne's Hospice"] as const) await phone.goes(place);
  for (const provider of PROVIDERS) await standing(tap, channel(provider));
  await world.kept();

  return {
    world,
    clock,
    tap,
    people,
    phone,
    channel,
    chatOf,
    async close() {
      await phone.close();
      await playground.end();
      await world.close();
      await tap.close();
    },
  };
}

/** Waits for the card by which Baton says that it is in a channel. */
async function standing(tap: Tap, place: Placed): Promise<void> {
  const until = performance.now() + 30_000;
  while (!tap.posts(place).some(({ card }) => titlesOf(card).includes('Offer a handover'))) {
    if (performance.now() > until) throw new Error(`Baton is not in ${place.conversationId}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
