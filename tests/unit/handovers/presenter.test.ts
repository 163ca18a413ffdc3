import { expect, test } from 'vitest';
import type { Change, Route } from '../../../src/core/change.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { createHandovers, type Handovers } from '../../../src/handovers/commands.ts';
import { type Handover, handoverDocId } from '../../../src/handovers/handover.ts';
import { handoverPresenter } from '../../../src/handovers/presenter.ts';
import type { Presenter, Settled } from '../../../src/jobs/presenter.ts';
import { CASE_HEAD, type CaseDoc } from '../../../src/register/case.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { complete, inForce, system } from '../../support/pathway.ts';

const toPerson = (person: string): Route => ({ to: 'person', person });

/** A handover of the prime to the hospice, and what its presenter makes of it. */
async function offered() {
  const store = openEmbedded({ path: ':memory:' });
  const run = createTurns(store, systemClock);
  const handovers: Handovers = createHandovers({
    run,
    claims: {
      name: async () => 'claim',
      find: async () => undefined,
      take: async (_pathway, _name, _hash, propose) => propose(systemClock.now()),
      rename: async (_pathway, _name, _from, to) => to,
      answered: async () => undefined,
      answer: async () => undefined,
    },
    agreements: {
      inForce: async () => inForce,
      version: async () => inForce,
      termsAt: async () => inForce.terms,
      pathways: async () => ['testdale'],
      findAccount: async () => [],
      findChannel: async () => undefined,
      forget: () => undefined,
    },
    kick: () => undefined,
    follow: async () => [],
    random: Math.random,
  });
  const offer = { from: 'prime', to: 'hospice', content: complete };
  const asked = { idempotencyKey: 'k', bodyHash: 'b' };
  const { caseId, handoverId } = await handovers.offer(system('prime'), 'testdale', offer, asked);
  const key = { pathwayId: 'testdale', caseId };
  const subject = `handover:${handoverId}`;
  const presenter: Presenter = handoverPresenter(handovers);
  return {
    shownAs: async (route: Route) =>
      (await presenter.show(key, subject, route, systemClock.now()))?.view.card,
    /** Records the outcome of a card that was sent there. */
    settle: (route: Route, outcome: Settled['outcome'] = 'sent') =>
      run<CaseDoc, Change>(key, CASE_HEAD, async (loaded, now) => {
        const what = { subject, route, form: 'show' as const, outcome, now };
        const change = await presenter.settled(loaded, what);
        return { change: { documents: loaded.head ? [loaded.head] : [], ...change }, answer: change };
      }),
    handover: async () => (await store.get<Handover>(key, handoverDocId(handoverId)))?.doc,
  };
}

test('everybody reached in person instead of the channel keeps a copy that changes with the others', async () => {
  const { settle, handover } = await offered();
  await settle(toPerson('nina'));
  await settle(toPerson('noah'));
  expect((await handover())?.shownTo).toEqual(
    expect.arrayContaining([
      { view: 'receiver', route: toPerson('nina') },
      { view: 'receiver', route: toPerson('noah') },
    ]),
  );
});

test('a card that was posted while its handover changed is looked at again', async () => {
  const { settle } = await offered();
  const { notices } = await settle(toPerson('nina'));
  expect(notices).toContainEqual({ form: 'show', subject: 'handover:h1', route: toPerson('nina') });
});

test.each([
  ['nina', 'handovers/offer'],
  ['cora', 'handovers/sent'],
  ['both', 'handovers/offer'],
])('%s, reached in person, sees the card of the side they work for', async (person, card) => {
  const { shownAs } = await offered();
  expect(await shownAs(toPerson(person))).toBe(card);
});

test.each(['sent', 'failed'] as const)(
  'a card %s to the sender’s people says nothing about its way to the receiver',
  async (outcome) => {
    const { settle, handover } = await offered();
    await settle(toPerson('cora'), outcome);
    expect((await handover())?.delivery).toEqual({});
  },
);

test.each(['failed', 'unknown'] as const)(
  'the sender is told when the last that could be told of it is %s',
  async (outcome) => {
    const { settle, handover } = await offered();
    const { notices } = await settle(toPerson('nina'), outcome);
    expect((await handover())?.delivery).toEqual({ failed: true });
    expect(notices).toContainEqual(expect.objectContaining({ line: 'handover.not-delivered' }));
  },
);
