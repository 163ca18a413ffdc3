import { z } from 'zod/v4';
import type { Clock } from '../core/clock.ts';
import type { FindReach, Message, Messenger, Reach } from '../core/messenger.ts';
import { looksLikeNhsNumber } from '../core/nhs-number.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Log } from '../log.ts';
import type { Account, Heard } from './activity.ts';
import {
  cardAnswer,
  dialogAnswer,
  dialogText,
  type InvokeAnswer,
  invalidInput,
  STILL_WORKING,
  textAnswer,
  wordsOf,
} from './answers.ts';
import { choosePathwayCard, identify, type People } from './pathways.ts';
import type { Card, RenderOptions } from './render.ts';
import { readTyped } from './typed.ts';

/** What the features offer, all tables together. */
export interface Features<Context> {
  readonly verbs: readonly VerbRoute<Context>[];
  /** In the order of /help. */
  readonly typed: readonly TypedRoute<Context>[];
  /** The verb that a message extension's command opens, and the title of its dialog. */
  readonly dialogs?: Readonly<Record<string, { readonly verb: string; readonly title: string }>>;
}

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

export interface TurnOptions<Context> {
  readonly features: Features<Context>;
  /** What routes are run with, made from who asks. */
  readonly context: (asking: Asking) => Context;
  readonly people: People;
  readonly reach: ReachHooks;
  readonly messenger: Messenger;
  readonly render: (view: CardView, options?: RenderOptions) => Card;
  /** Posts a card that is no template's. */
  readonly postCard: (reach: Reach, card: Card, summary: string, thread?: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Answers every kind of activity; an invoke's answer is returned, a message's is posted. */
export interface Turns {
  message(heard: Heard): Promise<void>;
  invoke(heard: Heard): Promise<InvokeAnswer>;
  arrived(heard: Heard): Promise<void>;
}

/** Teams gives up on an invoke after ten seconds; the turn itself has eight. In milliseconds. */
const INVOKE_MS = 9_000;
/** Chosen pathway in hand, does a typed command again. */
const TYPED_VERB = 'teams.typed';

const Executed = z.object({
  action: z.object({ verb: z.string().optional(), data: z.unknown().optional() }).loose(),
});
const Dialog = z.object({ commandId: z.string().optional(), data: z.unknown().optional() }).loose();
const Data = z.record(z.string(), z.unknown());

const GREETING =
  'Hello, this is Baton. It brings handovers between the providers of your pathway to you, and keeps each one held by somebody until it is answered. Type /help to see what it does. Baton is not an emergency route: in an emergency ring 999.';
const SENT_IN_PERSON = 'I have sent you the answer in our personal chat, since everybody here would read it.';
const CANNOT_REACH =
  'I cannot show that here, since everybody would read it, and I do not know your personal chat yet. Open a chat with Baton, say hello, and ask there.';
const NHS_NUMBER_TYPED =
  'That looks like an NHS number, and everybody here can read it. Delete your message, then ask me in our personal chat. Nothing was stored.';
const UNKNOWN_BUTTON =
  'Baton does not know this button; its card may be from another release. Nothing was done. Type /help to see what you can do.';

/** How a reply gets to the person: an invoke gives its answer back, a message is answered in a conversation. */
type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'choose'; readonly card: Card };

export function createTurns<Context>(options: TurnOptions<Context>): Turns {
  const { features, people, reach, messenger, render, postCard, clock, log } = options;
  const verbs = new Map(features.verbs.map((route) => [route.verb, route]));
  if (verbs.size < features.verbs.length) throw new Error('two features answer the same verb');

  const text = (words: string): Reply => ({ kind: 'text', text: words });
  const shared = (heard: Heard): boolean => heard.place.scope !== 'personal';

  /** Keeps where this conversation can be reached; failing at that fails nothing else. */
  async function notice(heard: Heard): Promise<void> {
    try {
      await reach.seen(heard.reach, shared(heard) ? undefined : heard.account);
    } catch (error) {
      log.warn({ err: error }, 'where a conversation can be reached was not kept');
    }
  }

  /** Runs a button: who asks, what the route takes, the route itself. */
  async function press(heard: Heard, verb: string, given: unknown): Promise<Answer> {
    const data = Data.safeParse(given ?? {});
    if (!data.success) throw invalidInput(data.error);
    const { verb: _, msteams: __, pathway, ...input } = data.data;
    const route = verbs.get(verb);
    if (!route && verb !== TYPED_VERB) return { kind: 'reply', reply: text(UNKNOWN_BUTTON) };
    const identified = await identify(people, heard, pathway);
    if (identified.kind === 'choose') {
      return { kind: 'choose', card: choosePathwayCard(identified.from, verb, input) };
    }
    if (!route) {
      return { kind: 'reply', reply: await command(heard, identified.asking, String(input.text ?? '')) };
    }
    const parsed = route.input.safeParse(input);
    if (!parsed.success) throw invalidInput(parsed.error);
    const keeping = notice(heard);
    const reply = await route.run(options.context(identified.asking), parsed.data);
    await keeping;
    return { kind: 'reply', reply };
  }

  /** Runs what was typed. */
  async function command(heard: Heard, asking: Asking, words: string): Promise<Reply> {
    const typed = readTyped(words, features.typed);
    const help = features.typed.find((one) => one.command === '/help');
    if (typed.kind === 'unknown') {
      const meant = typed.nearest ? ` Did you mean ${typed.nearest}?` : '';
      return text(`I do not know that command.${meant} Type /help to see what you can type.`);
    }
    const route = typed.kind === 'command' ? typed.route : help;
    if (!route) return text(helpText(features.typed));
    const reply = await route.run(options.context(asking), typed.kind === 'command' ? typed.args : '');
    return shared(heard) && route.personalOnly ? { ...reply, private: true } : reply;
  }

  async function typed(heard: Heard): Promise<Answer> {
    if (shared(heard) && looksLikeNhsNumber(heard.text))
      return { kind: 'reply', reply: text(NHS_NUMBER_TYPED) };
    const identified = await identify(people, heard, undefined);
    await notice(heard);
    if (identified.kind === 'choose') {
      return { kind: 'choose', card: choosePathwayCard(identified.from, TYPED_VERB, { text: heard.text }) };
    }
    return { kind: 'reply', reply: await command(heard, identified.asking, heard.text) };
  }

  /** Sends a reply to the person's own chat; what to say where they asked. */
  async function inPerson(heard: Heard, reply: Reply): Promise<string> {
    const found = heard.account ? await people.find(heard.account.tenant, heard.account.objectId) : [];
    for (const { pathwayId, actor } of found) {
      const own = await reach.find(pathwayId, { to: 'person', person: actor.person });
      if (own?.scope !== 'personal') continue;
      const outcome = await messenger.post(own, messageOf(reply));
      // A lost answer may have arrived: "look there" is true enough, and a second copy would not be.
      return outcome.kind === 'sent' || outcome.kind === 'unknown' ? SENT_IN_PERSON : CANNOT_REACH;
    }
    return CANNOT_REACH;
  }

  /** Says something where the person asked; once more if Teams asks for a moment's patience. */
  async function say(heard: Heard, message: Message): Promise<void> {
    const outcome = await messenger.post(heard.reach, message, heard.thread);
    if (outcome.kind !== 'throttled' || outcome.retryAfterMs > 3_000) return;
    await clock.sleep(outcome.retryAfterMs);
    await messenger.post(heard.reach, message, heard.thread);
  }

  async function answerMessage(
    heard: Heard,
    work: () => Promise<Answer>,
    fromButton: boolean,
  ): Promise<void> {
    try {
      const answer = await work();
      if (answer.kind === 'choose') {
        return await postCard(heard.reach, answer.card, 'Which pathway do you mean?', heard.thread);
      }
      // The answer to an old client's button is a message that everybody in the channel would read.
      const own = shared(heard) && (answer.reply.private || fromButton);
      const message = own
        ? { kind: 'text' as const, text: await inPerson(heard, answer.reply) }
        : messageOf(answer.reply);
      await say(heard, message);
    } catch (error) {
      await say(heard, { kind: 'text', text: wordsOf(error, log) });
    }
  }

  async function answerPress(heard: Heard, work: () => Promise<Answer>): Promise<InvokeAnswer> {
    const answer = await work();
    if (answer.kind === 'choose') return cardAnswer(answer.card);
    const { reply } = answer;
    if (reply.private && shared(heard)) return textAnswer(await inPerson(heard, reply));
    return reply.kind === 'text' ? textAnswer(reply.text) : cardAnswer(render(reply.view));
  }

  async function answerDialog(title: string, work: () => Promise<Answer>): Promise<InvokeAnswer> {
    const answer = await work();
    if (answer.kind === 'choose') return dialogAnswer(title, inDialog(answer.card));
    const { reply } = answer;
    return reply.kind === 'text'
      ? dialogText(reply.text)
      : dialogAnswer(title, render(reply.view, { dialog: true }));
  }

  /** Answers in time, whatever happens: Teams shows a late or failed invoke as a failure of its own. */
  async function inTime(
    work: Promise<InvokeAnswer>,
    say: (words: string) => InvokeAnswer,
  ): Promise<InvokeAnswer> {
    const stop = new AbortController();
    const late = clock.sleep(INVOKE_MS, stop.signal).then(
      () => say(STILL_WORKING),
      () => say(STILL_WORKING),
    );
    const answered = work.catch((error: unknown) => say(wordsOf(error, log)));
    try {
      return await Promise.race([answered, late]);
    } finally {
      stop.abort();
    }
  }

  return {
    async message(heard) {
      const data = Data.safeParse(heard.value);
      if (heard.text === '' && data.success && typeof data.data.verb === 'string') {
        const { verb } = data.data;
        return answerMessage(heard, () => press(heard, verb, data.data), true);
      }
      // In a channel only what is said to Baton is Baton's; the rest goes by unread.
      if (shared(heard) && !heard.mentioned && !heard.text.startsWith('/')) return;
      return answerMessage(heard, () => typed(heard), false);
    },

    invoke(heard) {
      if (heard.name === 'adaptiveCard/action') {
        const parsed = Executed.safeParse(heard.value);
        const verb = parsed.data?.action.verb ?? '';
        return inTime(
          answerPress(heard, () => press(heard, verb, parsed.data?.action.data)),
          textAnswer,
        );
      }
      const dialog = Dialog.safeParse(heard.value);
      const known = features.dialogs?.[dialog.data?.commandId ?? ''];
      const data = Data.safeParse(dialog.data?.data ?? {});
      const pressed = data.success && typeof data.data.verb === 'string' ? data.data.verb : undefined;
      switch (heard.name) {
        case 'composeExtension/fetchTask':
        case 'task/fetch':
        case 'composeExtension/submitAction':
        case 'task/submit': {
          const opens = heard.name === 'composeExtension/fetchTask';
          const verb = opens ? (known?.verb ?? '') : (pressed ?? '');
          return inTime(
            answerDialog(known?.title ?? 'Baton', () => press(heard, verb, opens ? {} : data.data)),
            dialogText,
          );
        }
        default:
          return Promise.resolve({ status: 501 });
      }
    },

    async arrived(heard) {
      const added = heard.type === 'installationUpdate' ? heard.action.startsWith('add') : heard.joined;
      if (!added) return;
      if (shared(heard)) {
        const channel = await people.channel(heard.reach.tenant, heard.place.conversationId);
        if (!channel) return;
        await notice(heard);
        await reach.installed(channel.pathwayId, { to: 'channel', provider: channel.provider });
        return;
      }
      const found = heard.account ? await people.find(heard.account.tenant, heard.account.objectId) : [];
      if (found.length > 0) await notice(heard);
      // Teams tells of one installation twice; the greeting answers one of them.
      if (heard.type === 'installationUpdate') await say(heard, { kind: 'text', text: GREETING });
      for (const { pathwayId, actor } of found) {
        await reach.installed(pathwayId, { to: 'person', person: actor.person });
      }
    },
  };
}

const messageOf = (reply: Reply): Message =>
  reply.kind === 'text' ? { kind: 'text', text: reply.text } : { kind: 'card', view: reply.view };

/** /help from the table alone, where no feature brings one of its own. */
function helpText(routes: readonly TypedRoute<never>[]): string {
  const lines = routes.map(
    ({ command, usage, help }) => `${[command, usage].filter(Boolean).join(' ')}: ${help}`,
  );
  return ['What you can type:', ...lines].join('\n');
}

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
