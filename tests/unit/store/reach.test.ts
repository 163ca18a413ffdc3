import { expect, onTestFinished, test } from 'vitest';
import type { Reach } from '../../../src/core/messenger.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { createReach } from '../../../src/store/reach.ts';
import { fakeClock } from '../jobs/world.ts';

const terms = {
  people: [
    {
      key: 'alex',
      name: 'Alex Reed',
      accounts: [
        { tenant: 'nhs', objectId: 'alex-nhs' },
        { tenant: 'hospice', objectId: 'alex-hospice' },
      ],
      positions: [],
    },
  ],
  channels: [{ provider: 'hospice', tenant: 'nhs', conversation: '19:hospice@thread.tacv2' }],
};

function setUp() {
  const store = openEmbedded({ path: ':memory:' });
  onTestFinished(() => store.close());
  let commits = 0;
  const counting = {
    ...store,
    commit: (...args: Parameters<typeof store.commit>) => {
      commits++;
      return store.commit(...args);
    },
  };
  const clock = fakeClock();
  const book = createReach(counting, clock);
  const reach = (conversationId: string, scope: Reach['scope'], more: Partial<Reach> = {}): Reach => ({
    serviceUrl: 'https://smba.example/uk/',
    conversationId,
    tenant: 'nhs',
    scope,
    seenAt: clock.now(),
    ...more,
  });
  return { book, clock, reach, commits: () => commits };
}

const alex = { to: 'person', person: 'alex' } as const;
const hospice = { to: 'channel', provider: 'hospice' } as const;
const nhs = { tenant: 'nhs', objectId: 'alex-nhs' };
const guest = { tenant: 'hospice', objectId: 'alex-hospice' };

test('nobody is reached before somebody was seen', async () => {
  const { book } = setUp();
  expect(await book.find(alex, terms)).toBeUndefined();
  expect(await book.find(hospice, terms)).toBeUndefined();
  expect(await book.find({ to: 'person', person: 'unheard-of' }, terms)).toBeUndefined();
});

test('a channel is found by the conversation that the agreement names, also when it was seen in a thread', async () => {
  const { book, reach } = setUp();
  await book.seen(reach('19:hospice@thread.tacv2;messageid=1700000000000', 'channel'), nhs);
  expect(await book.find(hospice, terms)).toMatchObject({ conversationId: '19:hospice@thread.tacv2' });
  // A channel message of a person says nothing of their own chat.
  expect(await book.find(alex, terms)).toBeUndefined();
});

test('it is written when something changed, or once an hour', async () => {
  const { book, clock, reach, commits } = setUp();
  let heard = 0;
  const stop = book.onSeen(() => heard++);
  await book.seen(reach('chat', 'personal'), nhs);
  expect(commits()).toBe(2);
  await clock.advance(59 * 60_000);
  await book.seen(reach('chat', 'personal'), nhs);
  expect(commits()).toBe(2);
  await clock.advance(60_000);
  await book.seen(reach('chat', 'personal'), nhs);
  expect(commits()).toBe(4);
  expect(heard).toBe(1);
  await book.seen(reach('chat', 'personal', { serviceUrl: 'https://smba.example/emea/' }), nhs);
  expect(heard).toBe(2);
  stop();
  await book.seen(reach('another', 'personal'), nhs);
  expect(heard).toBe(2);
  expect((await book.find(alex, terms))?.conversationId).toBe('another');
});

test('of a person with several accounts the one that worked last is taken, and one that failed comes last', async () => {
  const { book, clock, reach } = setUp();
  const [first, second] = [reach('chat-nhs', 'personal'), reach('chat-hospice', 'personal')];
  await book.seen(first, nhs);
  await clock.advance(1_000);
  await book.seen({ ...second, seenAt: clock.now() }, guest);
  expect((await book.find(alex, terms))?.conversationId).toBe('chat-hospice');
  await book.succeeded(first);
  expect((await book.find(alex, terms))?.conversationId).toBe('chat-nhs');
  await clock.advance(1_000);
  await book.failed(first);
  expect((await book.find(alex, terms))?.conversationId).toBe('chat-hospice');
  await clock.advance(1_000);
  await book.failed(second);
  expect(await book.find(alex, terms)).toBeDefined();
  await book.seen(reach('chat-nhs', 'personal'), nhs);
  expect((await book.find(alex, terms))?.conversationId).toBe('chat-nhs');
});

test('success is written once an hour, and at once after a failure', async () => {
  const { book, clock, reach, commits } = setUp();
  const chat = reach('chat', 'personal');
  await book.seen(chat, nhs);
  const before = commits();
  for (let i = 0; i < 5; i++) await book.succeeded(chat);
  expect(commits() - before).toBe(1);
  await clock.advance(1_000);
  await book.failed(chat);
  await clock.advance(1_000);
  await book.succeeded(chat);
  expect(commits() - before).toBe(3);
  await book.succeeded(reach('unheard-of', 'personal'));
  expect(commits() - before).toBe(3);
});

test('somebody counts as reached once they were seen, until a message fails there, and again when they are back', async () => {
  const { book, clock, reach } = setUp();
  expect(await book.reaches(alex, terms)).toBe(false);
  await book.seen(reach('a:alex', 'personal'), nhs);
  expect(await book.reaches(alex, terms)).toBe(true);
  await book.failed(reach('a:alex', 'personal'));
  expect(await book.reaches(alex, terms)).toBe(false);
  await book.seen(reach('a:alex-guest', 'personal'), guest);
  expect(await book.reaches(alex, terms)).toBe(true);
  await book.failed(reach('a:alex-guest', 'personal'));
  await clock.advance(60_000);
  await book.seen(reach('a:alex', 'personal'), nhs);
  expect(await book.reaches(alex, terms)).toBe(true);
});
