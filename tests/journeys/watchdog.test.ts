import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { wordsOn } from '../support/connector.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const opened = openEmbedded({ path: ':memory:' });
/** Set: whatever begins to climb fails for ever, as with a bug in what the timer calls. */
let failing = false;
/** Set: whoever asks where a card stands waits, as with a sender that hangs. */
let hanging: Promise<void> | undefined;
const store: Store = {
  ...opened,
  async get(key, id) {
    if (id.startsWith('copy:')) await hanging;
    return opened.get(key, id);
  },
  async commit(key, writes) {
    const begins = writes.some((write) => write.do !== 'remove' && write.doc.id.startsWith('escalation:'));
    if (failing && begins) throw new TypeError('a bug');
    return opened.commit(key, writes);
  },
};
const world = await startWorld({ store });
const { connector, clock, url } = world;
const { accepter, coordinator, lead, offer, ours, theirs } = await setScene(world, RIVERSIDE);

afterEach(() => connector.expectNothingElse());
afterAll(async () => {
  await world.close();
  await opened.close();
});

/** So many minutes pass, in steps that a watch can follow: each waits for what the one before set going. */
async function passes(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 4; step++) {
    clock.pass(15_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (let turn = 0; turn < 3; turn++) await fetch(`${url}/healthz`);
  }
}
const told = async (first: string) => [
  await connector.expect(coordinator.chat, first),
  await connector.expect(lead.chat, first),
];
const ready = async (): Promise<{ status: number; watchdog: string }> => {
  const response = await fetch(`${url}/readyz`);
  const { checks } = (await response.json()) as { checks: { watchdog: string } };
  return { status: response.status, watchdog: checks.watchdog };
};

describe('whoever leads the pathway', () => {
  it('is told when a timer fails for ever, who holds what and whom to ring, and when it is well again', async () => {
    const { caseId, card } = await offer();
    const due = /Answer by (\d\d:\d\d) today/.exec(wordsOn(card.card))?.[1];
    expect(due).toBeDefined();
    failing = true;
    clock.pass(Date.parse(`2026-11-24T${due}:00.000Z`) - Date.parse(clock.now()));
    await passes(2);
    for (const { text } of await told('Baton is late on Riverside')) {
      expect(text).toContain(`Times have passed and Baton has not acted on them, since ${due} today.`);
      expect(text).toContain(
        `Case ${caseId}: held by Northside Community Trust (0300 123 4501), waiting for St Anne's Hospice (0300 123 4503).`,
      );
      const [, reference] = /“riverside, reference (\w+)”/.exec(text) ?? [];
      expect(reference).toBeDefined();
      expect(world.logged()).toContain(`"reference":"${reference}"`);
    }
    expect(await ready()).toEqual({
      status: 503,
      watchdog: expect.stringContaining(`riverside: timers stuck, the oldest since 2026-11-24T${due}:`),
    });
    // Whoever presses a button is answered all the same.
    expect((await fetch(`${url}/readyz/traffic`)).status).toBe(200);

    failing = false;
    await passes(2);
    // What was late happens now: the holder and the receiver read that nobody answered.
    await connector.expect(theirs, 'Nobody has answered in time');
    await connector.expect(ours, 'Nobody has answered in time');
    expect((await ready()).status).toBe(200);
    await accepter.presses(card, 'Accept');
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(ours, (post) => post.text.includes('Accepted by'));
    await passes(6);
    await told('Baton is well again on Riverside');
  });

  it('is told when the sender hangs, past the sender', async () => {
    let release: () => void = () => undefined;
    hanging = new Promise((resolve) => {
      release = resolve;
    });
    // The half hour in which nothing more is told is over by then.
    clock.pass(31 * 60_000);
    const intake = await world.offers('riverside', bodyFor(RIVERSIDE));
    expect(intake.status).toBe(201);
    await passes(4);
    for (const { text } of await told('Baton is late on Riverside')) {
      expect(text).toContain('Messages wait and Baton has not sent them, since');
      expect(text).toContain(`Case ${intake.body.caseId}`);
    }
    expect(await ready()).toEqual({
      status: 503,
      watchdog: expect.stringContaining('riverside: messages stuck'),
    });
    hanging = undefined;
    release();
    await connector.expect(theirs, intake.body.caseId);
    await connector.expect(ours, intake.body.caseId);
    await passes(6);
    await told('Baton is well again on Riverside');
    expect((await ready()).status).toBe(200);
  });
});
