import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyPathway } from '../../src/store/verify.ts';
import { startClock } from '../support/clock.ts';
import { startConnector, titlesOf, wordsOn } from '../support/connector.ts';
import { climbsAtOnce, PARTNERS } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { read, START, startWorld } from '../support/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-restart-'));
const connector = await startConnector();
const clock = startClock(START);
const start = () => startWorld({ store: 'file', folder, connector, clock });
afterAll(async () => {
  await connector.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))(
  'finds everything on %s after a restart: offers, answers, lists and cards that were there before',
  async (pathway, partners) => {
    clock.pass(31_000);
    const before = await start();
    const { accepter, coordinator, theirs, ours, offer } = await setScene(before, partners);
    const open = await offer();
    const taken = await offer();
    const refused = await offer();
    const accepted = await accepter.presses(taken.card, 'Accept');
    const form = await accepter.presses(refused.card, 'Reject');
    clock.pass(5_000);
    await accepter.presses(form, 'Reject', { inputs: { reason: partners.reasons.open, next: 'Ask again' } });
    for (const [words, { card }] of [
      ['Accepted by', taken],
      ['Rejected: ', refused],
    ] as const) {
      await connector.expectEdit(card, words);
      await connector.expect(ours, words);
    }
    if (climbsAtOnce(partners, partners.reasons.open)) {
      await connector.expect(
        ours,
        `Case ${refused.caseId}: Nobody has taken it on, and the need is still open.`,
      );
    }
    // This one is offered when Teams is away: it is sent by the next process.
    const away = connector.fail({ status: 429, retryAfter: '60' }, { times: 2 });
    const waiting = await before.offers(pathway, {
      from: partners.outside,
      to: partners.receiver,
      content: { person: { surname: 'Latecomer' } },
    });
    expect(waiting.status).toBe(201);
    await away;
    const kept = await before.events(pathway, taken.caseId);
    await before.close();

    clock.pass(61_000);
    const after = await start();
    try {
      const who = after.person(pathway, ...partners.accepter);
      const senders = after.person(pathway, partners.coordinator);
      expect((await connector.expect(theirs, waiting.body.caseId)).card).toBeDefined();
      expect((await connector.expect(ours, waiting.body.caseId)).card).toBeDefined();
      expect(await after.holder(pathway, taken.caseId)).toBe(partners.receiver);
      expect(await after.holder(pathway, refused.caseId)).toBe(partners.sender);
      expect((await after.events(pathway, taken.caseId)).slice(0, kept.length)).toEqual(kept);

      await who.says('/handovers open', theirs);
      const list = await connector.expect(theirs, 'Open handovers');
      expect(wordsOn(list.card)).toContain(open.caseId);
      expect(wordsOn(list.card)).not.toContain(taken.caseId);

      clock.pass(5_000);
      const undone = await who.presses(accepted, 'Undo');
      expect(wordsOn(undone.card)).toContain('Answer by');
      expect((await connector.expect(theirs, 'undone')).thread).toBe(taken.card.activityId);
      expect((await connector.expect(ours, 'undone')).thread).toBe(taken.sent.activityId);
      clock.pass(5_000);
      const answer = await who.presses(open.card, 'Accept');
      expect(wordsOn(answer.card)).toContain('Margaret Example');
      expect((await connector.expect(ours, 'Accepted by')).thread).toBe(open.sent.activityId);
      await connector.expectEdit(open.card, 'Accepted by');

      const details = await senders.presses(refused.sent, 'View details');
      expect(read(details)).toContain('Ask again');
      expect(titlesOf(refused.sent.card)).toContain('Offer to another');
      expect((await verifyPathway(after.store, pathway)).holds).toBe(true);
    } finally {
      await after.close();
    }
    expect(coordinator.who.name).not.toBe('');
    await connector.expectNothingElse();
  },
);
