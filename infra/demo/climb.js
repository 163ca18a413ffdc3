// `npm run climb`: offers a handover that is due in a minute, for watching the ladder in the Playground.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BOT, DEMO, PLAYGROUND, PLAYGROUND_CONFIG } from './places.js';
import { bodyOf } from './seed.js';

const world = parse(readFileSync(PLAYGROUND_CONFIG, 'utf8'));
// The prime's clinical lead, whom the second rung asks, opens Baton once: in the Playground's only personal chat.
const lead = world.users.find(({ name }) => name === 'Megan Bowen');
await post('/api/messages', {
  type: 'conversationUpdate',
  id: randomUUID(),
  timestamp: new Date().toISOString(),
  channelId: 'msteams',
  serviceUrl: `${PLAYGROUND}/_connector`,
  from: { id: lead.id, name: lead.name, aadObjectId: lead.aadObjectId },
  recipient: { id: world.bot.id, name: world.bot.name },
  conversation: { id: world.personalChat.id, conversationType: 'personal', tenantId: world.tenantId },
  channelData: { tenant: { id: world.tenantId } },
  membersAdded: [{ id: world.bot.id, name: world.bot.name }],
});

const example = JSON.parse(readFileSync(join(DEMO, 'examples', '02-community-nursing.json'), 'utf8'));
const body = bodyOf({ ...example, neededInHours: 0.5 }, Date.now());
body.content.ask.urgency = 'watch-it-climb';
delete body.alias;
const { caseId } = await post(`/api/pathways/${example.pathway}/handovers`, body, {
  'idempotency-key': randomUUID(),
});
console.log(`Case ${caseId} is offered to Northside, and nobody has to answer it for a minute.

  after 1 minute   the operational rung asks whoever is on duty, in person
  after 3 minutes  the clinical rung asks the clinical lead, with the contractual one beside it
  then             the clinical rung asks once more, and goes on asking

Watch the personal chat at ${PLAYGROUND} (it shows the chats of everybody in the demo in one) and the
thread of the card in the channel. Press Acknowledge, Step up now or Accept, and type: /why ${caseId}`);

/** Posts to the bot as Teams or a partner's system would. */
async function post(path, what, headers = {}) {
  const response = await fetch(`${BOT}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(what),
  }).catch(() => undefined);
  if (response?.ok) return response.json().catch(() => ({}));
  console.error(
    response
      ? `The bot answered ${response.status}: ${await response.text()}`
      : `No Baton answers at ${BOT}. Start it with npm start, then try again.`,
  );
  process.exit(response ? 1 : 69);
}
