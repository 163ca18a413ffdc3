import { z } from 'zod/v4';
import { looksLikeNhsNumber } from '../core/nhs-number.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Heard } from './activity.ts';
import { type InvokeAnswer, invalidInput, wordsOf } from './answers.ts';
import { choosePathwayCard, identify } from './pathways.ts';
import { type Answer, type Replies, type ReplyOptions, shared } from './replies.ts';
import { readTyped } from './typed.ts';

/** What the features offer, all tables together. */
export interface Features {
  readonly verbs: readonly VerbRoute[];
  /** In the order of /help. */
  readonly typed: readonly TypedRoute[];
  /** The card that stands in a provider's channel, posted when Baton is installed there. */
  readonly standing?: (pathwayId: string, provider: string) => Promise<CardView | undefined>;
  /** The verb that a message extension's command opens, and the title of its dialog. */
  readonly dialogs?: Readonly<Record<string, { readonly verb: string; readonly title: string }>>;
}

export interface TurnOptions extends Pick<ReplyOptions, 'people' | 'reach' | 'log'> {
  readonly features: Features;
  readonly replies: Replies;
}

/** Answers every kind of activity; an invoke's answer is returned, a message's is posted. */
export interface Turns {
  message(heard: Heard): Promise<void>;
  invoke(heard: Heard): Promise<InvokeAnswer>;
  arrived(heard: Heard): Promise<void>;
}

/** Chosen pathway in hand, does a typed command again. */
const TYPED_VERB = 'teams.typed';

const Executed = z.object({
  action: z.object({ verb: z.string().optional(), data: z.unknown().optional() }).loose(),
});
const Dialog = z.object({ commandId: z.string().optional(), data: z.unknown().optional() }).loose();
const Data = z.record(z.string(), z.unknown());

const GREETING =
  'Hello, this is Baton. It brings handovers between the providers of your pathway to you, and keeps each one held by somebody until it is answered. Type /help to see what it does. Baton is not an emergency route: in an emergency ring 999.';
const NHS_NUMBER_TYPED =
  'That looks like an NHS number, and everybody here can read it. Delete your message, then ask me in our personal chat. Nothing was stored.';
const UNKNOWN_BUTTON =
  'Baton does not know this button; its card may be from another release. Nothing was done. Type /help to see what you can do.';

/** The turns of Teams, over the tables of the features. */
export function createTeamsTurns(options: TurnOptions): Turns {
  const { features, people, reach, replies, log } = options;
  const verbs = new Map(features.verbs.map((route) => [route.verb, route]));
  if (verbs.size < features.verbs.length) throw new Error('two features answer the same verb');

  const text = (words: string): Reply => ({ kind: 'text', text: words });

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
    const reply = await route.run(identified.asking, parsed.data);
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
    const run = () => route.run(asking, typed.kind === 'command' ? typed.args : '');
    return shared(heard) && route.personalOnly ? unseen(run) : run();
  }

  /** Whoever reads along sees the same, whatever the answer is: also when it is that there is nothing. */
  async function unseen(run: () => Promise<Reply>): Promise<Reply> {
    const reply = await run().catch((error: unknown) => text(wordsOf(error, log)));
    const { instead: _, ...alike } = reply;
    return { ...alike, private: true };
  }

  /** A command with dots for what follows it, where that is not to be repeated. */
  function withoutWords(words: string): string {
    const typed = readTyped(words, features.typed);
    const hides = typed.kind === 'command' && typed.route.unrepeated && typed.args !== '';
    return hides ? `${typed.route.command} …` : words;
  }

  async function typed(heard: Heard): Promise<Answer> {
    if (shared(heard) && looksLikeNhsNumber(heard.text))
      return { kind: 'reply', reply: text(NHS_NUMBER_TYPED) };
    const identified = await identify(people, heard, undefined);
    await notice(heard);
    if (identified.kind === 'choose') {
      const carried = { text: shared(heard) ? withoutWords(heard.text) : heard.text };
      return { kind: 'choose', card: choosePathwayCard(identified.from, TYPED_VERB, carried) };
    }
    return { kind: 'reply', reply: await command(heard, identified.asking, heard.text) };
  }

  return {
    async message(heard) {
      const data = Data.safeParse(heard.value);
      if (heard.text === '' && data.success && typeof data.data.verb === 'string') {
        const { verb } = data.data;
        return replies.message(heard, () => press(heard, verb, data.data), true);
      }
      // In a channel only what is said to Baton is Baton's; the rest goes by unread.
      if (shared(heard) && !heard.mentioned && !heard.text.startsWith('/')) return;
      return replies.message(heard, () => typed(heard), false);
    },

    invoke(heard) {
      if (heard.name === 'adaptiveCard/action') {
        const parsed = Executed.safeParse(heard.value);
        const verb = parsed.data?.action.verb ?? '';
        return replies.press(heard, () => press(heard, verb, parsed.data?.action.data));
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
          return replies.dialog(known?.title ?? 'Baton', () => press(heard, verb, opens ? {} : data.data));
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
        // Teams tells of one installation twice; the standing card answers one of them.
        if (heard.type === 'installationUpdate') {
          const view = await features.standing?.(channel.pathwayId, channel.provider);
          if (view) await replies.say(heard, { kind: 'card', view });
        }
        await reach.installed(channel.pathwayId, { to: 'channel', provider: channel.provider });
        return;
      }
      const found = heard.account ? await people.find(heard.account.tenant, heard.account.objectId) : [];
      if (found.length > 0) await notice(heard);
      if (heard.type === 'installationUpdate') await replies.say(heard, { kind: 'text', text: GREETING });
      for (const { pathwayId, actor } of found) {
        await reach.installed(pathwayId, { to: 'person', person: actor.person });
      }
    },
  };
}

/** /help from the table alone, where no feature brings one of its own. */
function helpText(routes: readonly TypedRoute[]): string {
  const lines = routes.map(
    ({ command, usage, help }) => `${[command, usage].filter(Boolean).join(' ')}: ${help}`,
  );
  return ['What you can type:', ...lines].join('\n');
}
