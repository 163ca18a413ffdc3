import type { Clock } from '../core/clock.ts';
import type { FindReach, Message, Messenger, Reach } from '../core/messenger.ts';
import type { CardView, Reply } from '../core/routes.ts';
import type { Log } from '../log.ts';
import type { Account, Heard } from './activity.ts';
import {
  cardAnswer,
  dialogAnswer,
  dialogText,
  type InvokeAnswer,
  STILL_WORKING,
  textAnswer,
  wordsOf,
} from './answers.ts';
import type { People } from './pathways.ts';
import type { Card, RenderOptions } from './render.ts';

/** Where conversations can be reached; kept by others. */
export interface ReachHooks {
  /** A conversation was heard from; `account`: whose own chat it is. */
  seen(reach: Reach, account?: Account): Promise<void>;
  /** The way to a person's own chat. */
  readonly find: FindReach;
  /** Baton was added to a conversation of a pathway: what is open there is to be shown again. */
  installed(
    pathwayId: string,
    at:
      | { readonly to: 'channel'; readonly provider: string }
      | { readonly to: 'person'; readonly person: string },
  ): Promise<void>;
}

export interface ReplyOptions {
  readonly people: People;
  readonly reach: ReachHooks;
  readonly messenger: Messenger;
  readonly render: (view: CardView, options?: RenderOptions) => Card;
  /** Posts a card that is no template's. */
  readonly postCard: (reach: Reach, card: Card, summary: string, thread?: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What came of a button or a command: a reply, or the question which pathway is meant. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'choose'; readonly card: Card };

type Work = () => Promise<Answer>;

/** The ways in which a person is answered; each also says what went wrong, and none rejects for that. */
export interface Replies {
  /** By a message where they asked; in their own chat where others would read what is theirs. */
  message(heard: Heard, work: Work, fromButton: boolean): Promise<void>;
  /** By what the presser alone sees of the card. */
  press(heard: Heard, work: Work): Promise<InvokeAnswer>;
  /** By the dialog's next step. */
  dialog(title: string, work: Work): Promise<InvokeAnswer>;
  /** Says something where the person is; once more if Teams asks for a moment's patience. */
  say(heard: Heard, message: Message): Promise<void>;
}

/** Do others read along there? */
export const shared = (heard: Heard): boolean => heard.place.scope !== 'personal';

/** Teams gives up on an invoke after ten seconds; the turn itself has eight. In milliseconds. */
const INVOKE_MS = 9_000;
const SENT_IN_PERSON = 'I have sent it to you in our personal chat, since everybody here would read it.';
const CANNOT_REACH =
  'I cannot show that here, since everybody would read it, and I do not know your personal chat yet. Open a chat with Baton, say hello, and ask there.';

export function createReplies(options: ReplyOptions): Replies {
  const { people, reach, messenger, render, postCard, clock, log } = options;

  /** Sends a reply to the person's own chat; false where Baton does not reach it. */
  async function inPerson(heard: Heard, reply: Reply): Promise<boolean> {
    const found = heard.account ? await people.find(heard.account.tenant, heard.account.objectId) : [];
    for (const { pathwayId, actor } of found) {
      const own = await reach.find(pathwayId, { to: 'person', person: actor.person });
      if (own?.scope !== 'personal') continue;
      const outcome = await messenger.post(own, messageOf(reply));
      // A lost answer may have arrived: "look there" is true enough, and a second copy would not be.
      return outcome.kind === 'sent' || outcome.kind === 'unknown';
    }
    return false;
  }

  /** What everybody is shown in the place of an answer that is for one person's eyes. */
  async function pointer(heard: Heard, reply: Reply, pressed: boolean): Promise<Message> {
    if (await inPerson(heard, reply)) return { kind: 'text', text: SENT_IN_PERSON };
    if (reply.instead) return { kind: 'card', view: reply.instead };
    // What was pressed is done all the same: a card's summary says so, and is safe for everybody.
    const done = pressed && reply.kind === 'card' ? `${reply.view.summary} ` : '';
    return { kind: 'text', text: `${done}${CANNOT_REACH}` };
  }

  async function say(heard: Heard, message: Message): Promise<void> {
    const outcome = await messenger.post(heard.reach, message, heard.thread);
    if (outcome.kind !== 'throttled' || outcome.retryAfterMs > 3_000) return;
    await clock.sleep(outcome.retryAfterMs);
    await messenger.post(heard.reach, message, heard.thread);
  }

  /** Answers in time, whatever happens: Teams shows a late or failed invoke as a failure of its own. */
  async function inTime(
    inWords: (words: string) => InvokeAnswer,
    work: () => Promise<InvokeAnswer>,
  ): Promise<InvokeAnswer> {
    const stop = new AbortController();
    const late = clock.sleep(INVOKE_MS, stop.signal).then(
      () => inWords(STILL_WORKING),
      () => inWords(STILL_WORKING),
    );
    const answered = work().catch((error: unknown) => inWords(wordsOf(error, log)));
    try {
      return await Promise.race([answered, late]);
    } finally {
      stop.abort();
    }
  }

  return {
    say,

    async message(heard, work, fromButton) {
      try {
        const answer = await work();
        if (answer.kind === 'choose') {
          return await postCard(heard.reach, answer.card, 'Which pathway do you mean?', heard.thread);
        }
        const { reply } = answer;
        // The answer to an old client's button is a message that everybody in the channel would read.
        const own = shared(heard) && (reply.private || fromButton);
        await say(heard, own ? await pointer(heard, reply, fromButton) : messageOf(reply));
        if (reply.beside) await say(heard, { kind: 'card', view: reply.beside });
      } catch (error) {
        await say(heard, { kind: 'text', text: wordsOf(error, log) });
      }
    },

    press: (heard, work) =>
      inTime(textAnswer, async () => {
        const answer = await work();
        if (answer.kind === 'choose') return cardAnswer(answer.card);
        const { reply } = answer;
        if (reply.beside) await say(heard, { kind: 'card', view: reply.beside });
        // Somebody without a chat of their own sees it here: the answer to a press is shown to them alone.
        if (reply.private && shared(heard) && (await inPerson(heard, reply)))
          return textAnswer(SENT_IN_PERSON);
        return reply.kind === 'text' ? textAnswer(reply.text) : cardAnswer(render(reply.view));
      }),

    dialog: (title, work) =>
      inTime(dialogText, async () => {
        const answer = await work();
        if (answer.kind === 'choose') return dialogAnswer(title, inDialog(answer.card));
        const { reply } = answer;
        return reply.kind === 'text'
          ? dialogText(reply.text)
          : dialogAnswer(title, render(reply.view, { dialog: true }));
      }),
  };
}

const messageOf = (reply: Reply): Message =>
  reply.kind === 'text' ? { kind: 'text', text: reply.text } : { kind: 'card', view: reply.view };

/** A dialog knows Action.Submit only. */
function inDialog(card: Card): Card {
  const actions = Array.isArray(card.actions) ? card.actions : [];
  return {
    ...card,
    actions: actions.map((action) => {
      const fallback =
        typeof action === 'object' && action !== null && 'fallback' in action && action.fallback;
      return fallback || action;
    }),
  } as Card;
}
