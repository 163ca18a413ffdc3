import { expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import type { Message } from '../../../src/core/messenger.ts';
import { createLog } from '../../../src/log.ts';
import { hear } from '../../../src/teams/activity.ts';
import { createReplies } from '../../../src/teams/replies.ts';

const NOW = '2026-11-24T14:30:00.000Z';

function heardInPerson() {
  const understood = hear(
    {
      type: 'message',
      channelId: 'msteams',
      serviceUrl: 'http://127.0.0.1:1',
      from: { id: '29:alex', aadObjectId: 'alex' },
      recipient: { id: '28:baton' },
      conversation: { id: 'a:alex', conversationType: 'personal', tenantId: 't' },
    },
    NOW,
  );
  if (!('heard' in understood)) throw new Error('the activity of this test is not one');
  return understood.heard;
}

/** Replies on a clock whose every wait is over at once, over a Teams that answers as told. */
function repliesOver(outcomes: readonly ('sent' | 'throttled')[]) {
  const posted: Message[] = [];
  const waits: number[] = [];
  const clock: Clock = {
    now: () => NOW,
    sleep: async (ms) => {
      waits.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const replies = createReplies({
    people: { find: async () => [], channel: async () => undefined },
    reach: { seen: async () => {}, find: async () => undefined, installed: async () => {} },
    messenger: {
      post: async (_, message) => {
        posted.push(message);
        return outcomes[posted.length - 1] === 'throttled'
          ? { kind: 'throttled', retryAfterMs: 1_000 }
          : { kind: 'sent', conversationId: 'a:alex', activityId: '1' };
      },
      edit: async () => ({ kind: 'unknown' }),
    },
    render: () => {
      throw new Error('card things/one: no data for ${Margaret}');
    },
    postCard: async () => {},
    clock,
    log: createLog('silent'),
  });
  return { replies, posted, waits };
}

it('answers a press in nine seconds although the work goes on, and does not say what it does not know', async () => {
  const { replies, waits } = repliesOver([]);
  const answer = await replies.press(heardInPerson(), () => new Promise(() => {}));
  expect(waits).toEqual([9_000]);
  expect(answer).toMatchObject({ status: 200, body: { value: expect.stringContaining('Look again') } });
});

it('answers a card that cannot be made with words, and none of its data', async () => {
  const { replies } = repliesOver([]);
  const view = { card: 'things/one', data: {}, summary: 's' };
  const answer = await replies.dialog('A thing', async () => ({
    kind: 'reply',
    reply: { kind: 'card', view },
  }));
  expect(JSON.stringify(answer.body)).toContain('tell whoever runs Baton the reference');
  expect(JSON.stringify(answer.body)).not.toContain('Margaret');
});

it('sends an answer once more after the moment that Teams asked for, and then no more', async () => {
  const { replies, posted, waits } = repliesOver(['throttled', 'throttled', 'sent']);
  await replies.say(heardInPerson(), { kind: 'text', text: 'hello' });
  expect([posted.length, waits]).toEqual([2, [1_000]]);
});
