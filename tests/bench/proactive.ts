// What a message costs without Baton: botbuilder's continueConversation and sendActivity, the card given.
import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
} from 'botbuilder';
import { answering } from './part.ts';

interface Send {
  readonly serviceUrl: string;
  readonly conversations: readonly string[];
  readonly count: number;
  readonly atOnce: number;
  /** An activity as JSON. */
  readonly message: string;
}

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));

answering({
  send: async ({ serviceUrl, conversations, count, atOnce, message }: Send) => {
    const { type, summary, attachments } = JSON.parse(message) as Activity;
    let next = 0;
    const one = async (): Promise<void> => {
      for (let n = next++; n < count; n = next++) {
        const id = conversations[n % conversations.length] ?? '';
        const reference = {
          channelId: 'msteams',
          serviceUrl,
          bot: { id: '28:bench', name: 'Bench' },
          conversation: { id, isGroup: true, conversationType: 'channel', name: '' },
        } satisfies Partial<ConversationReference>;
        await adapter.continueConversationAsync(
          '',
          reference as Partial<ConversationReference>,
          async (turn) => {
            await turn.sendActivity({ type, summary, attachments } as Partial<Activity>);
          },
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  },
});
// Only the channel keeps this process: it must stay until it is told to end.
process.channel?.ref();
