// `npm run as -- PERSON 'TEXT'`: says something to the bot as another person of the demo, by the route
// that Teams uses. The answer shows in the Playground's page.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { BOT, PLAYGROUND, PLAYGROUND_CONFIG } from './places.js';

const usage = "npm run as -- PERSON 'TEXT' [--channel NAME], such as: npm run as -- megan '/handovers'";
const words = process.argv.slice(2);
const channelAt = words.indexOf('--channel');
const channelName = channelAt < 0 ? undefined : words.splice(channelAt, 2)[1];
const [who, ...rest] = words;
const text = rest.join(' ').trim();

if (!existsSync(PLAYGROUND_CONFIG))
  stop('The demo has no people yet: the Playground’s settings are missing.', 78);
const world = parse(readFileSync(PLAYGROUND_CONFIG, 'utf8'));
const people = [world.currentUser, ...world.users];
if (!who || !text || (channelAt >= 0 && !channelName)) stop(usage, 64);

const matching = people.filter((person) => namesOf(person).includes(who.toLowerCase()));
if (matching.length !== 1) {
  stop(`Nobody here is called ${who}. Choose one of: ${people.map((person) => person.name).join(', ')}.`, 64);
}
const [person] = matching;
const channels = world.team.channels;
const channel = channelName && channels.find((one) => [one.id, one.name].includes(channelName));
if (channelName && !channel) {
  stop(
    `There is no channel ${channelName}. Choose one of: ${channels.map((one) => one.name).join(', ')}.`,
    64,
  );
}

const response = await fetch(`${BOT}/api/messages`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(activity()),
}).catch(() => stop(`No Baton answers at ${BOT}. Start it with npm start, then try again.`, 69));
if (!response.ok) stop(`The bot answered ${response.status}: ${await response.text()}`, 1);
const place = channel ? `the channel ${channel.name}` : 'the personal chat';
console.log(`${person.name} said ${JSON.stringify(text)}. The answer shows at ${PLAYGROUND}, in ${place}.`);

/** A message as the Playground makes it (msteams). Alone in the personal chat, in a channel only with --channel. */
function activity() {
  const conversation = channel
    ? { id: channel.id, conversationType: 'channel', isGroup: true, tenantId: world.tenantId }
    : { id: world.personalChat.id, conversationType: 'personal', tenantId: world.tenantId };
  const team = channel && {
    team: { id: world.team.id, name: world.team.name, aadGroupId: world.team.aadGroupId },
    channel: { id: channel.id },
    teamsTeamId: world.team.id,
    teamsChannelId: channel.id,
  };
  return {
    type: 'message',
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl: `${PLAYGROUND}/_connector`,
    from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
    recipient: { id: world.bot.id, name: world.bot.name },
    conversation,
    channelData: { tenant: { id: world.tenantId }, ...team },
    text,
    textFormat: 'plain',
    locale: 'en-GB',
  };
}

/** What a person may be called at the prompt: id, full name, or given name. */
function namesOf({ id, name, givenName }) {
  return [id, name, givenName].filter(Boolean).map((one) => one.toLowerCase());
}

function stop(line, code) {
  console.error(line);
  process.exit(code);
}
