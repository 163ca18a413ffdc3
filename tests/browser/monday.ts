/**
 * One Monday on a ward's pathway: 40 handovers, 8 people, two hours, over the real HTTP server and adapter
 * with a recording connector, and its end on a phone-wide window of the Playground. Prints what each person
 * got to read, what was read twice, and what a decision costs in presses and typed characters.
 * `node tests/browser/monday.ts [--no-phone]`
 */

import { startClock } from '../support/clock.ts';
import type { Answer, Person, Post } from '../support/connector.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { cardOf, type Placed } from '../support/posts.ts';
import { startWorld } from '../support/world.ts';
import { createDemo, openClient } from './playground.ts';

const MONDAY = '2026-11-23T10:00:00.000Z';
const HANDOVERS = 40;
const EVERY_MS = (2 * 3_600_000) / HANDOVERS;
const TENANT = '00000000-0000-0000-0000-000000000001';
const CHANNELS = {
  northside: 'team-riverside',
  'st-annes': 'channel-st-annes',
  harbour: '19:harbour@thread.tacv2',
  kindly: '19:kindly@thread.tacv2',
} as const;
type Provider = keyof typeof CHANNELS;
/** Two more than the demo has, and channels for everybody. */
const MORE_PEOPLE = `
  - { key: nina, name: Nina Osei, accounts: [{ tenant: ${TENANT}, objectId: object-nina }], positions: [{ provider: st-annes, role: clinician }] }
  - { key: omar, name: Omar Aziz, accounts: [{ tenant: ${TENANT}, objectId: object-omar }], positions: [{ provider: northside, role: coordinator }] }
`;
const MORE_CHANNELS = `
  - { provider: harbour, tenant: ${TENANT}, conversation: "${CHANNELS.harbour}" }
  - { provider: kindly, tenant: ${TENANT}, conversation: "${CHANNELS.kindly}" }
`;

const clock = startClock(MONDAY);
const world = await startWorld({
  clock,
  agreed: {
    riverside: (text) =>
      text
        .replace(/\npeople:\n/, `\npeople:${MORE_PEOPLE}`)
        .replace(/\nchannels:\n/, `\nchannels:${MORE_CHANNELS}`),
  },
});
const { connector } = world;
const demo = (key: string): Person => world.person('riverside', key);
const added = (name: string, objectId: string): Person =>
  connector.person({ name, tenant: TENANT, objectId }, `${world.url}/api/messages`);
const people = {
  alex: demo('alex'),
  megan: demo('megan'),
  adele: demo('adele'),
  isaiah: demo('isaiah'),
  patti: demo('patti'),
  lynne: demo('lynne'),
  nina: added('Nina Osei', 'object-nina'),
  omar: added('Omar Aziz', 'object-omar'),
};
type Who = keyof typeof people;
const STAFF: Record<Provider, Who[]> = {
  northside: ['alex', 'omar', 'megan'],
  'st-annes': ['adele', 'nina', 'alex'],
  harbour: ['isaiah', 'lynne'],
  kindly: ['patti'],
};
const channel = (provider: Provider): Placed => connector.channel(CHANNELS[provider], TENANT);

/** What one kind of decision cost, all its doers together. */
const costs = new Map<string, { times: number; presses: number; characters: number }>();
/** Whose press led to the newest lines of a case. */
const actors = new Map<string, Who>();

async function decides(
  kind: string,
  who: Who,
  caseId: string,
  ...presses: (readonly [button: string, inputs?: Record<string, string>])[]
): Promise<void> {
  const card = await shown(who, caseId, presses[0]?.[0] ?? '');
  let at: Post | Answer = card;
  const cost = costs.get(kind) ?? { times: 0, presses: 0, characters: 0 };
  cost.times += 1;
  for (const [button, inputs = {}] of presses) {
    at = await people[who].presses(at, button, { inputs });
    if (at.status !== 200) throw new Error(`${kind}: ${button} was answered ${at.status}`);
    if (at.text) throw new Error(`${kind}: ${button}: ${at.text}`);
    // A choice is a press of its own; what is typed is counted by the character.
    const [chosen, typed] = [inputs.reason ? 1 : 0, inputs.next ?? inputs.question ?? inputs.answer ?? ''];
    cost.presses += 1 + chosen;
    cost.characters += typed.length;
  }
  costs.set(kind, cost);
  actors.set(caseId, who);
  await world.kept();
}

/** The card of a case that this person sees and that has the button. */
async function shown(who: Who, caseId: string, button: string): Promise<Post> {
  for (const provider of Object.keys(STAFF) as Provider[]) {
    if (!STAFF[provider].includes(who)) continue;
    const card = connector
      .posts(channel(provider))
      .findLast(
        (post) =>
          JSON.stringify(post.card ?? {}).includes(caseId) &&
          JSON.stringify(post.card).includes(`"${button}"`),
      );
    if (card) return card;
  }
  throw new Error(`${who} sees no card of ${caseId} with ${button}`);
}

const FROM = ['riverside-general', 'harbour', 'kindly', 'northside'] as const;
const TO: readonly Provider[] = ['st-annes', 'northside', 'harbour', 'st-annes', 'st-annes'];
const ANSWERERS: Record<Provider, Who> = {
  northside: 'megan',
  'st-annes': 'adele',
  harbour: 'isaiah',
  kindly: 'patti',
};
const NEXT = 'Ring the evening team on 0300 123 4501';

await world.reaches(
  ...Object.values(people).map((person) => [person] as const),
  [people.alex, channel('northside')],
  [people.adele, channel('st-annes')],
  [people.isaiah, channel('harbour')],
  [people.patti, channel('kindly')],
);
const before = new Set(connector.posts());
/** Who said each line, by what led to it. */
const said = new Map<Post, Who>();
let unanswered = 0;
for (let index = 0; index < HANDOVERS; index++) {
  const to = TO[index % TO.length] ?? 'st-annes';
  const picked = FROM[index % FROM.length] ?? 'riverside-general';
  const from = picked === to ? 'riverside-general' : picked;
  const offered = { ...(bodyFor(RIVERSIDE, `Person ${index}`) as object), from, to };
  const sent = from === 'riverside-general' && to === 'northside' ? { ...offered, from: 'harbour' } : offered;
  const { status, body } = await world.offers('riverside', sent);
  if (status !== 201) throw new Error(`handover ${index} was answered ${status}: ${JSON.stringify(body)}`);
  await world.kept();
  const who = index % 2 === 0 && to === 'st-annes' ? 'nina' : ANSWERERS[to];
  const sender: Who = from === 'harbour' ? 'lynne' : from === 'kindly' ? 'patti' : 'omar';
  const already = new Set(connector.posts());
  switch (index % 10) {
    case 2:
    case 6:
      await decides(
        'reject',
        who,
        body.caseId,
        ['Reject'],
        ['Reject', { reason: 'no-capacity', next: NEXT }],
      );
      break;
    case 4:
      await decides(
        'ask',
        who,
        body.caseId,
        ['Ask for information'],
        ['Ask for information', { question: 'Is there a key safe?' }],
      );
      for (const post of connector.posts()) if (!already.has(post)) said.set(post, who);
      await decides(
        'give information',
        sender,
        body.caseId,
        ['Give information'],
        ['Give information', { answer: 'Yes, 1234, by the door' }],
      );
      await decides('accept', who, body.caseId, ['Accept']);
      break;
    case 8:
      unanswered += 1;
      break;
    case 1:
    case 5:
      await decides('look, then accept', who, body.caseId, ['View details'], ['Accept']);
      break;
    default:
      await decides('accept', who, body.caseId, ['Accept']);
  }
  for (const post of connector.posts()) {
    const actor = actors.get(body.caseId);
    if (!already.has(post) && !said.has(post) && actor) said.set(post, actor);
  }
  clock.pass(EVERY_MS);
  await world.kept();
}

const posts = connector.posts().filter((post) => !before.has(post));
console.log(
  `${HANDOVERS} handovers in two hours, ${unanswered} left unanswered; ${posts.length} messages to conversations`,
);
console.log(
  'person    messages  cards  lines  in person  own words back  same line twice  edits without a sound',
);
let total = 0;
for (const [key, person] of Object.entries(people) as [Who, Person][]) {
  const places = new Set(
    (Object.keys(STAFF) as Provider[])
      .filter((one) => STAFF[one].includes(key))
      .map((one) => CHANNELS[one] as string),
  );
  const got = posts.filter((post) => {
    const [place = ''] = post.conversationId.split(';');
    return places.has(place) || place === person.chat.conversationId;
  });
  const cards = got.filter((post) => post.card !== undefined);
  const lines = got.filter((post) => post.card === undefined);
  const own = lines.filter((post) => said.get(post) === key).length;
  const texts = lines.map(({ text }) => text);
  const twice = texts.length - new Set(texts).size;
  const personal = got.filter((post) => post.conversationId === person.chat.conversationId).length;
  const edits = cards.reduce((sum, post) => sum + post.edits, 0);
  total += got.length;
  const columns = [got.length, cards.length, lines.length, personal, own, twice, edits];
  console.log(`${key.padEnd(10)}${columns.map((one) => String(one).padEnd(10)).join('')}`);
}
console.log(`read by all: ${total} messages, ${(total / HANDOVERS).toFixed(1)} for each handover`);
const lines = posts.filter((post) => post.card === undefined);
const kinds = new Map<string, number>();
for (const { text } of lines) {
  const kind = text
    .replace(/^Case \S+: /, '')
    .replace(/[.:,].*$/s, '')
    .replace(/by .*$/, 'by …');
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}
for (const [kind, times] of [...kinds].sort((a, b) => b[1] - a[1])) console.log(`  line ×${times}: ${kind}`);
for (const [kind, { times, presses, characters }] of costs) {
  console.log(
    `${kind}: ×${times}, ${(presses / times).toFixed(1)} presses and ${Math.round(characters / times)} characters each`,
  );
}
if (posts.length < HANDOVERS || posts.every((post) => cardOf(post.activity) === undefined))
  process.exitCode = 1;
await world.close();

if (!process.argv.includes('--no-phone')) await onAPhone();

/** The same decisions with a thumb: 360 pixels wide, in the real client. */
async function onAPhone(): Promise<void> {
  const live = await createDemo();
  try {
    await live.start();
    const client = await openClient(live.playgroundUrl, 360);
    try {
      await client.goes("St Anne's Hospice");
      const offer = await client.card('M.E.', 'Handover offered');
      await client.presses(offer, 'Reject');
      const form = await client.card('Reject this handover');
      await client.chooses(form, 'Why?', 'No capacity');
      await client.types(form, 'What should the sender do next?', NEXT);
      await client.presses(form, 'Reject');
      await client.card('M.E.', 'Rejected: no capacity');
      console.log(
        `reject on a phone: ${client.effort.presses} presses and ${client.effort.characters} characters`,
      );
    } finally {
      await client.close();
    }
  } finally {
    await live.end();
  }
}
