import { afterAll, beforeEach, expect, it } from 'vitest';
import { titlesOf } from '../support/connector.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const { pathway, receiver, sender } = RIVERSIDE;
const coordinator = world.person(pathway, RIVERSIDE.coordinator);
const theirs = world.channel(pathway, receiver);
const ours = world.channel(pathway, sender);
const TEAM = '19:team@thread.tacv2';
/** Teams tells of an installation in a team once, naming one of its channels. */
const installedIn = { type: 'installationUpdate', action: 'add' };
const inTeam = (id: string) => ({
  ...installedIn,
  channelData: { tenant: { id: coordinator.who.tenant }, team: { id } },
});

// Only what is recorded as sent can be shown again.
beforeEach(async () => {
  await world.kept();
  clock.pass(60_000);
});
afterAll(() => world.close());

it('in one channel of a team is installed in every bound channel of it', async () => {
  connector.team(TEAM, [ours, theirs]);
  const intake = await world.offers(pathway, bodyFor(RIVERSIDE));
  expect(intake.status).toBe(201);
  await coordinator.sends(inTeam(TEAM), ours);
  for (const channel of [ours, theirs]) await connector.expect(channel, 'offer a handover.');
  await connector.expect(theirs, intake.body.caseId);
  await connector.expectEdit(await connector.expect(ours, intake.body.caseId), 'Delivered');
});

it('again shows what is open again, and leaves alone the copies that its client may have lost', async () => {
  const edits = (): number => connector.requests.filter(({ method }) => method === 'PUT').length;
  const before = edits();
  await coordinator.sends(inTeam(TEAM), theirs);
  for (const channel of [theirs, ours]) await connector.expect(channel, 'offer a handover.');
  const again = await connector.expect(theirs, 'Handover');
  expect(titlesOf(again.card)).toContain('Accept');
  await connector.expect(ours, 'Your handover');
  expect(edits()).toBe(before);
});

it('in one channel is heard where the channels of its team cannot be listed', async () => {
  await coordinator.sends(inTeam('19:unknown@thread.tacv2'), ours);
  await connector.expect(ours, 'offer a handover.');
  await connector.expect(ours, 'Your handover');
  await connector.expectNothingElse();
});
