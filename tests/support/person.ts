import { randomUUID } from 'node:crypto';
import { type Action, actionsOf, type Card, inputsOf, type Placed, type Post } from './posts.ts';

/** An Entra account of a person. */
export interface Who {
  readonly name: string;
  readonly tenant: string;
  readonly objectId: string;
}

/** What came back from one activity. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The card that replaces the pressed one, or the dialog's next step. */
  readonly card: Card | undefined;
  /** The line beside the card, or the dialog's last words. */
  readonly text: string | undefined;
  /** Where it was pressed, so that the answer can be pressed in turn. */
  readonly where: Placed;
  readonly activityId: string | undefined;
}

export interface PressOptions {
  /** Values typed into inputs, by their id. An input that the card does not have is an error. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Put over what the button carries: a forged or replayed payload. */
  readonly forged?: Card;
  /** An old client: Action.Submit, a message with a value. */
  readonly oldClient?: true;
  /** The activity's id; a new one when absent. */
  readonly id?: string;
  /** Where it is pressed; the card's own conversation when absent. */
  readonly where?: Placed;
  /** Which of several buttons of one title: the one that carries this. */
  readonly carrying?: Card;
}

export interface Person {
  readonly who: Who;
  /** Their own chat with Baton. */
  readonly chat: Placed;
  /** Types something: in their own chat, or in a channel, where Baton hears it only with RSC. */
  says(text: string, where?: Placed): Promise<Answer>;
  /** Types it after @Baton. */
  mentions(text: string, where: Placed): Promise<Answer>;
  /** Presses the button of that title on a message, or on the card that an earlier press was answered with. */
  presses(on: Post | Answer, title: string, options?: PressOptions): Promise<Answer>;
  /** Opens the dialog of a message extension's command; press its buttons with `submits`. */
  opensDialog(commandId: string, where?: Placed): Promise<Answer>;
  submits(dialog: Answer, title: string, inputs?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Adds Baton to their own chat, or to a channel. */
  installs(where?: Placed): Promise<Answer>;
  /** Sends any activity in their name, laid over a message in `where`. */
  sends(activity: Card, where?: Placed): Promise<Answer>;
}

const BOT = { id: '28:baton', name: 'Baton' };

/** A person at a Teams client that speaks to the bot over HTTP. */
export function createPerson(who: Who, botUrl: string, serviceUrl: string): Person {
  const chat: Placed = { conversationId: `a:${who.objectId}`, tenant: who.tenant, scope: 'personal' };

  async function send(activity: Card, where: Placed): Promise<Answer> {
    const response = await fetch(botUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        type: 'message',
        id: randomUUID(),
        channelId: 'msteams',
        serviceUrl,
        from: { id: `29:${who.objectId}`, name: who.name, aadObjectId: who.objectId },
        recipient: BOT,
        conversation: {
          id: where.thread ? `${where.conversationId};messageid=${where.thread}` : where.conversationId,
          conversationType: where.scope,
          ...(where.scope !== 'personal' && { isGroup: true }),
        },
        channelData: { tenant: { id: where.tenant } },
        ...activity,
      }),
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, body, ...readAnswer(body), where, activityId: undefined };
  }

  function pressed(on: Post | Answer, title: string, carrying: Card = {}): Action {
    const found = actionsOf(on.card).filter(
      ({ title: words, data }) =>
        words === title && Object.entries(carrying).every(([name, value]) => data[name] === value),
    );
    const [action] = found;
    if (action && found.length === 1) return action;
    const titles = actionsOf(on.card).map((one) => one.title);
    const words = 'status' in on && on.text ? ` (it says: ${on.text})` : '';
    throw new Error(
      `${found.length === 0 ? 'no' : 'more than one'} button "${title}" among ${titles.join(', ') || 'none'}${words}`,
    );
  }

  function withInputs(on: Post | Answer, action: Action, typed: Readonly<Record<string, string>> = {}): Card {
    const inputs = inputsOf(on.card);
    for (const id of Object.keys(typed)) {
      if (!(id in inputs))
        throw new Error(`no input "${id}" among ${Object.keys(inputs).join(', ') || 'none'}`);
    }
    return { ...action.data, ...(action.withInputs && { ...inputs, ...typed }) };
  }

  const placeOf = (on: Post | Answer): Placed => {
    if ('where' in on) return on.where;
    const [conversationId = ''] = on.conversationId.split(';');
    const own = conversationId === chat.conversationId;
    return {
      conversationId,
      tenant: who.tenant,
      scope: own ? 'personal' : 'channel',
      ...(!own && { thread: on.thread ?? on.activityId }),
    };
  };

  return {
    who,
    chat,
    sends: (activity, where = chat) => send(activity, where),
    says: (text, where = chat) => send({ text }, where),
    mentions: (text, where) =>
      send(
        {
          text: `<at>${BOT.name}</at> ${text}`,
          entities: [{ type: 'mention', text: `<at>${BOT.name}</at>`, mentioned: BOT }],
        },
        where,
      ),
    async presses(on, title, options = {}) {
      const action = pressed(on, title, options.carrying);
      const where = options.where ?? placeOf(on);
      const data = { ...withInputs(on, action, options.inputs), ...options.forged };
      const { activityId } = on;
      const common = {
        ...(activityId !== undefined && { replyToId: activityId }),
        ...(options.id !== undefined && { id: options.id }),
      };
      const answer =
        options.oldClient || action.type === 'Action.Submit'
          ? await send({ ...common, value: { verb: action.verb, ...data } }, where)
          : await send(
              {
                ...common,
                type: 'invoke',
                name: 'adaptiveCard/action',
                value: { action: { type: 'Action.Execute', verb: action.verb, data } },
              },
              where,
            );
      return { ...answer, activityId };
    },
    opensDialog: (commandId, where = chat) =>
      send(
        {
          type: 'invoke',
          name: 'composeExtension/fetchTask',
          value: { commandId, commandContext: 'compose', context: { theme: 'default' } },
        },
        where,
      ),
    submits: (dialog, title, inputs) => {
      const action = pressed(dialog, title);
      return send(
        {
          type: 'invoke',
          name: 'composeExtension/submitAction',
          value: { commandContext: 'compose', data: withInputs(dialog, action, inputs) },
        },
        dialog.where,
      );
    },
    installs: (where = chat) => send({ type: 'installationUpdate', action: 'add' }, where),
  };
}

/** The card or the words in the answer to an invoke. */
function readAnswer(body: unknown): Pick<Answer, 'card' | 'text'> {
  const { type, value, task } = (body ?? {}) as {
    type?: string;
    value?: unknown;
    task?: { type?: string; value?: unknown };
  };
  if (task?.type === 'continue') {
    const { card } = (task.value ?? {}) as { card?: { content?: Card } };
    return { card: card?.content, text: undefined };
  }
  if (task?.type === 'message') return { card: undefined, text: String(task.value) };
  if (type === 'application/vnd.microsoft.card.adaptive') return { card: value as Card, text: undefined };
  if (type === 'application/vnd.microsoft.activity.message') return { card: undefined, text: String(value) };
  return { card: undefined, text: undefined };
}
