import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { copyId, type Head } from '../../../src/core/change.ts';
import type { Message, Outcome } from '../../../src/core/messenger.ts';
import { stillUnsure } from '../../../src/jobs/earlier.ts';
import type { EarlierCard, KeptCopy } from '../../../src/jobs/presenter.ts';
import { channel, createWorld, PATHWAY, show, type World } from './world.ts';

const MOVED =
  'This card has moved. Its new copy is the one that is kept up to date. Nothing for you to do here.';
const hospice = channel('hospice');
const place = (activityId: string, conversationId = 'hospice'): EarlierCard => ({
  conversationId,
  activityId,
});
const retires = (activityId: string, outcome?: Outcome) => ({
  by: 'edit' as const,
  to: 'hospice',
  says: MOVED,
  activityId,
  ...(outcome && { outcome }),
});

/** A post that is answered when the test says so. */
function held() {
  let answer = (_: Outcome): void => undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    answer = resolve;
  });
  onTestFinished(() => answer({ kind: 'unknown' }));
  return { outcome: () => outcome, answer: (given: Outcome) => answer(given) };
}

/** A worker that stands still after its first look: the time passes without it. */
const standingStill = ({ clock }: World) => ({
  clock: {
    now: () => clock.now(),
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  },
});

const earlierOf = async (world: World) =>
  ((await world.copy('c1', hospice)) as KeptCopy | undefined)?.earlier ?? [];

const changeCopy = (world: World, more: Partial<KeptCopy>): Promise<void> =>
  world.turn<Head, void>({ pathwayId: PATHWAY, caseId: 'c1' }, 'case', async ({ get }) => {
    const copy = await get<KeptCopy>(copyId('thing:1', hospice));
    if (!copy) throw new Error('no card stands');
    return { change: { documents: [{ ...copy, ...more } as KeptCopy] }, answer: undefined };
  });

/** A world whose card stands at revision 1, with these earlier ones. */
async function standing(earlier: readonly EarlierCard[]) {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await changeCopy(world, { earlier });
  await world.clock.advance(60_000);
  return { world, worker };
}

test('the earlier cards of a copy that changes ask for nothing any more, and each is told so once', async () => {
  const { world, worker } = await standing([place('e1'), place('e2')]);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2', activityId: 'a1' });
  world.teams.expects(retires('e1'), retires('e2'));
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  world.teams.verify();
  expect(world.teams.got.map(({ activityId }) => activityId)).toEqual(['a1', 'a1', 'e1', 'e2']);
  expect(await earlierOf(world)).toEqual([]);
  expect(await world.due()).toEqual([]);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 3', activityId: 'a1' });
  await world.raise('c1', [show(hospice)], { revision: 3 });
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('an earlier card in another conversation is left alone, where it was told at once', async () => {
  const { world, worker } = await standing([place('e1', 'where the channel was')]);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2' });
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  expect(await world.due()).toEqual([]);
  expect(await earlierOf(world)).toEqual([place('e1', 'where the channel was')]);
});

test.each<Outcome>([
  { kind: 'failed', reason: 'gone' },
  { kind: 'failed', reason: 'refused' },
])('an earlier card that cannot be edited is forgotten, and the next is told: %o', async (outcome) => {
  const { world, worker } = await standing([place('e1'), place('e2')]);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2' }, retires('e1', outcome), retires('e2'));
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  world.teams.verify();
  expect(await earlierOf(world)).toEqual([]);
  expect(await world.due()).toEqual([]);
  expect(world.settled.map(({ outcome: what }) => what)).toEqual(['sent', 'sent']);
});

test('an earlier card whose edit has no answer is tried again with the next change, and not before', async () => {
  const { world, worker } = await standing([place('e1'), place('e2')]);
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 at 2' },
    retires('e1', { kind: 'unknown' }),
    retires('e2'),
  );
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  expect(await world.due()).toEqual([]);
  await world.clock.advance(3_600_000);
  await world.raise('c1', [show(hospice)]);
  await worker.tick();
  world.teams.verify();
  expect(await world.due()).toEqual([]);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 3' }, retires('e1'));
  await world.raise('c1', [show(hospice)], { revision: 3 });
  await worker.tick();
  expect(await earlierOf(world)).toEqual([]);
});

test("earlier cards are told within Teams' limits, as long as it takes", async () => {
  const many = Array.from({ length: 12 }, (_, n) => place(`e${n}`));
  const { world, worker } = await standing(many);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2' });
  world.teams.expects(...many.map(({ activityId }) => retires(activityId)));
  const [from, before] = [world.clock.now(), world.teams.got.length];
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  const within = world.teams.got.slice(before).filter(({ at }) => Date.parse(at) - Date.parse(from) < 1_000);
  expect(within.length).toBeGreaterThan(1);
  expect(within.length).toBeLessThanOrEqual(7);
  for (let seconds = 0; seconds < 40; seconds++) {
    await world.clock.advance(1_000);
    await worker.tick();
  }
  world.teams.verify();
  expect(await earlierOf(world)).toEqual([]);
});

test('throttled, an earlier card is told as late as Teams asks for', async () => {
  const { world, worker } = await standing([place('e1')]);
  const throttled: Outcome = { kind: 'throttled', retryAfterMs: 9_000 };
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2' }, retires('e1', throttled));
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  await world.clock.advance(5_000);
  await worker.tick();
  world.teams.verify();
  world.teams.expects(retires('e1'));
  await world.clock.advance(5_000);
  await worker.tick();
  expect(await earlierOf(world)).toEqual([]);
});

test('a first card that is known to have arrived only while it is repeated is told that it moved', async () => {
  const world = createWorld();
  const [first, second] = [held(), held()];
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1', outcome: first.outcome });
  const paused = world.worker(standingStill(world));
  await world.clock.advance(1);
  world.teams.expects({
    by: 'post',
    to: 'hospice',
    says: 'You may have had this already. c1 at 1',
    outcome: second.outcome,
  });
  const other = world.worker();
  await world.clock.advance(20_000);
  for (let seconds = 0; seconds < 5; seconds++) await world.clock.advance(1_000);
  expect(world.teams.got).toHaveLength(2);
  first.answer({ kind: 'sent', conversationId: 'hospice', activityId: 'the first' });
  await paused.stop();
  expect(await world.copy('c1', hospice)).toMatchObject({ activityId: 'the first' });
  second.answer({ kind: 'sent', conversationId: 'hospice', activityId: 'the second' });
  world.teams.expects(retires('the first'));
  await world.clock.advance(1_000);
  await other.tick();
  world.teams.verify();
  expect(await world.copy('c1', hospice)).toMatchObject({ activityId: 'the second' });
  expect(await earlierOf(world)).toEqual([]);
});

test('a card that became known while its copy was being edited is not forgotten', async () => {
  const { world, worker } = await standing([]);
  world.teams.expects({
    by: 'edit',
    to: 'hospice',
    says: 'c1 at 2',
    outcome: async () => {
      await world.turn<Head, void>({ pathwayId: PATHWAY, caseId: 'c1' }, 'case', async ({ get }) => {
        const copy = await get<KeptCopy>(copyId('thing:1', hospice));
        return {
          change: { documents: [{ ...copy, earlier: [place('e1')] } as KeptCopy] },
          answer: undefined,
        };
      });
      return { kind: 'sent', conversationId: 'hospice', activityId: 'a1' };
    },
  });
  world.teams.expects(retires('e1'));
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  world.teams.verify();
  expect(await earlierOf(world)).toEqual([]);
});

test('a card out of sight that was posted anew asks on until the next change alone', async () => {
  const { world, worker } = await standing([]);
  await changeCopy(world, { lost: true });
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await world.raise('c1', [show(hospice)]);
  await worker.tick();
  expect(await world.due()).toEqual([]);
  expect(await earlierOf(world)).toMatchObject([place('a1')]);
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2', activityId: 'a2' }, retires('a1'));
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  expect(await earlierOf(world)).toEqual([]);
});

test('a card that is posted anew because it was gone leaves no other asking', async () => {
  const { world, worker } = await standing([place('e1')]);
  const gone: Outcome = { kind: 'failed', reason: 'gone' };
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 at 2', activityId: 'a1', outcome: gone },
    { by: 'post', to: 'hospice', says: 'c1 at 2' },
    retires('e1'),
  );
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  world.teams.verify();
  // Teams is not always right that a message is gone, so it is tried once more.
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 3' }, retires('a1', gone));
  await world.raise('c1', [show(hospice)], { revision: 3 });
  await worker.tick();
  expect(await earlierOf(world)).toEqual([]);
  expect(await world.due()).toEqual([]);
});

test('whatever becomes of its edits, an earlier card is told until it knows or cannot, once a change, and not again', async () => {
  const outcome = fc.constantFrom<Outcome>(
    { kind: 'sent', conversationId: 'hospice', activityId: 'edited' },
    { kind: 'unknown' },
    { kind: 'failed', reason: 'gone' },
  );
  let told = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(outcome, { maxLength: 4 }), { maxLength: 3 }), async (fates) => {
      const world = createWorld();
      const tries = new Map<string, { revision: number; outcome: Outcome['kind'] }[]>();
      let revision = 1;
      const answers = (message: Message, activityId: string): Outcome => {
        const card = Number(/^e(\d)$/.exec(activityId)?.[1] ?? Number.NaN);
        const moved = message.kind === 'card' && message.view.summary === MOVED;
        expect(moved).toBe(!Number.isNaN(card));
        const before = tries.get(activityId) ?? [];
        const given = fates[card]?.[before.length] ?? { kind: 'sent', conversationId: 'hospice', activityId };
        if (moved) tries.set(activityId, [...before, { revision, outcome: given.kind }]);
        return moved ? given : { kind: 'sent', conversationId: 'hospice', activityId };
      };
      const messenger = {
        post: async (_: unknown, message: Message) => answers(message, 'the copy'),
        edit: async (_: unknown, activityId: string, message: Message) => answers(message, activityId),
      };
      const worker = await world.idleWorker({ messenger });
      await world.raise('c1', [show(hospice)]);
      await worker.tick();
      await changeCopy(world, { earlier: fates.map((_, n) => place(`e${n}`)) });
      for (revision = 2; revision < 8; revision++) {
        await world.clock.advance(60_000);
        await world.raise('c1', [show(hospice)], { revision });
        await worker.tick();
        expect(await world.due()).toEqual([]);
      }
      expect(await earlierOf(world)).toEqual([]);
      expect(tries.size).toBe(fates.length);
      for (const each of tries.values()) {
        told++;
        expect(each.map((one) => one.revision)).toEqual(each.map((_, n) => n + 2));
        expect(each.slice(0, -1).every((one) => one.outcome === 'unknown')).toBe(true);
        expect(each.at(-1)?.outcome).not.toBe('unknown');
      }
      await worker.stop();
    }),
    { numRuns: 40 },
  );
  expect(told).toBeGreaterThan(20);
});

test('what another worker found unsure about a card stays so when an edit of before is recorded', () => {
  const now = '2026-11-24T14:30:00.000Z';
  const later = '2026-11-24T14:30:30.000Z';
  const card: KeptCopy = {
    ...{ id: copyId('thing:1', hospice), kind: 'copy', schema: 1, subject: 'thing:1', route: hospice },
    ...{ conversationId: 'hospice', activityId: 'a1', serviceUrl: 'https://teams.example', tenant: 'nhs' },
    ...{ revision: 1, viewHash: '', sentAt: now },
  };
  expect(stillUnsure(card, { ...card, unsureUntil: later }, now)).toMatchObject({ unsureUntil: later });
  expect(stillUnsure(card, { ...card, unsureUntil: now }, later)).toEqual(card);
  expect(stillUnsure(card, { ...card, activityId: 'a2', unsureUntil: later }, now)).toEqual(card);
});
