import { expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { createOfferDrafts } from '../../../src/handovers/drafts.ts';
import { DRAFT_MS } from '../../../src/store/drafts.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { createTurns } from '../../../src/store/turn.ts';

const START = '2026-11-24T14:00:00.000Z';

function world() {
  let now = START;
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  const store = openEmbedded({ path: ':memory:' });
  const drafts = createOfferDrafts(
    createTurns(store, clock, () => 0.5),
    { uuid: () => 'draft-1' },
  );
  const held = async (): Promise<string> => {
    let all = '';
    for await (const one of store.everything('p')) all += JSON.stringify(one);
    return all;
  };
  return { drafts, store, held, later: (ms: number) => (now = plusMs(now, ms)) };
}

it('forgets what was typed a day after it was last touched, and keeps no timer after that', async () => {
  const { drafts, store, held, later } = world();
  const { draft } = await drafts.start('p', 'nina', { from: 'hospice', inputs: {} });
  await drafts.fill('p', 'nina', draft.id, 'person', { 'person.surname': 'Marked' });
  later(DRAFT_MS / 2);
  await drafts.fill('p', 'nina', draft.id, 'ask', { 'ask.what': 'Visit' });
  later(DRAFT_MS / 2);
  await drafts.due('p', '_draft:nina');
  expect(await held()).toContain('Marked');
  expect(await store.count('p', 'due')).toBe(1);
  later(DRAFT_MS / 2);
  await drafts.due('p', '_draft:nina');
  expect(await held()).not.toContain('Marked');
  expect(await store.count('p', 'due')).toBe(0);
});

it('forgets what was typed as soon as it was sent', async () => {
  const { drafts, store, held } = world();
  const { draft } = await drafts.start('p', 'nina', {
    from: 'hospice',
    inputs: { 'person.surname': 'Marked' },
  });
  await drafts.clear('p', 'nina', draft.id, { caseId: '7K2-M4X', to: 'prime' });
  expect(await held()).not.toContain('Marked');
  expect(await store.count('p', 'due')).toBe(0);
});

it('lets what was typed be taken out again: a client leaves an emptied input out of a whole step', async () => {
  const { drafts, held } = world();
  const begun = { from: 'hospice', inputs: { 'author.name': 'Nina' } };
  const { draft } = await drafts.start('p', 'nina', begun);
  await drafts.fill('p', 'nina', draft.id, 'person', { 'person.surname': 'Kept', 'person.phone': 'Marked' });
  await drafts.fill('p', 'nina', draft.id, 'person', {});
  expect(await held()).toContain('Marked');
  const filled = await drafts.fill('p', 'nina', draft.id, 'ask', { 'person.surname': 'Kept' }, 'person');
  expect(filled?.draft.inputs).toEqual({ 'author.name': 'Nina', 'person.surname': 'Kept' });
  expect(await held()).not.toContain('Marked');
});
