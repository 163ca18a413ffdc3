import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from 'botbuilder';
import type { Clock } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { Messenger, Reach } from '../core/messenger.ts';
import type { Place } from '../core/routes.ts';
import { type Log, newReference } from '../log.ts';
import { type Heard, hear } from './activity.ts';
import { openAdapter, type Registration } from './adapter.ts';
import type { InvokeAnswer } from './answers.ts';
import { refusalOfUnsigned } from './door.ts';
import { createConnection, type Member } from './messenger.ts';
import type { People } from './pathways.ts';
import { createRenderer } from './render.ts';
import { createReplies, type ReachHooks } from './replies.ts';
import { createTeamsTurns, type Features } from './turns.ts';

export type { Registration } from './adapter.ts';
export type { Features } from './turns.ts';

/** A request whose body is parsed already. */
export type ParsedRequest = IncomingMessage & { readonly body?: unknown };

export interface TeamsOptions {
  readonly config: Registration;
  readonly features: Features;
  readonly people: People;
  readonly reach: ReachHooks;
  readonly clock: Clock;
  readonly log: Log;
  /** The folder of the card templates; `cards/` of this project when absent. */
  readonly cards?: URL;
  /** How long one message to Teams may take, in milliseconds. */
  readonly attemptMs?: number;
}

export interface Teams {
  /** Answers one activity; a handler for Express with the body parsed. Never rejects. */
  process(request: ParsedRequest, response: ServerResponse): Promise<void>;
  readonly messenger: Messenger;
  /** Everybody in a conversation who has an Entra account. */
  members(reach: Reach): Promise<Member[]>;
  /** The way to a place that somebody asked from in this process, bound to a provider or not. */
  reachOf(place: Place): Reach | undefined;
}

const HEARD = Symbol('heard');
/** Conversations whose way is remembered for `reachOf`. */
const REMEMBERED = 1_000;

/**
 * The bot: reads an activity, checks who sent it, runs the feature's route, answers. Loads teams-ai, which
 * takes about a second.
 */
export async function createTeams(options: TeamsOptions): Promise<Teams> {
  const { config, clock, log } = options;
  const signed = Boolean(config.appId);
  const [{ Application }, adapter] = await Promise.all([import('@microsoft/teams-ai'), openAdapter(config)]);
  const { render } = createRenderer(options.cards ?? new URL('../../cards/', import.meta.url));
  const { messenger, postCard, members, channels } = createConnection({
    adapter,
    render,
    clock,
    log,
    signed,
    ...(options.attemptMs && { attemptMs: options.attemptMs }),
  });
  const { features, people, reach } = options;
  const replies = createReplies({ people, reach, messenger, render, postCard, clock, log });
  const turns = createTeamsTurns({ features, people, reach, replies, log });
  const ways = new Map<string, Reach>();

  // One typing timer would be shared by everybody who speaks to the bot, and mentions are read by entity.
  const app = new Application({ startTypingTimer: false, removeRecipientMention: false });
  const heardIn = (turn: { turnState: { get(key: symbol): unknown } }): Heard =>
    turn.turnState.get(HEARD) as Heard;
  app.addRoute(
    async (turn) => turn.activity.type === 'invoke',
    async (turn) => {
      // The answer is set here and never by actionExecute, which keeps a refresh for everybody's next card.
      const answer: InvokeAnswer = await turns.invoke(heardIn(turn));
      await turn.sendActivity({ type: 'invokeResponse', value: answer });
    },
    true,
  );
  app.activity('message', async (turn) => turns.message(heardIn(turn)));
  app.activity(['installationUpdate', 'conversationUpdate'], async (turn) => {
    for (const one of await everyChannel(heardIn(turn))) await turns.arrived(one);
  });

  /** Teams tells of an installation in a team once, naming one of its channels: Baton is in all of them. */
  async function everyChannel(heard: Heard): Promise<Heard[]> {
    if (heard.team === undefined || heard.type !== 'installationUpdate') return [heard];
    try {
      const ids = await channels(heard.reach, heard.team);
      const others = ids.filter((id) => id !== heard.place.conversationId);
      return [
        heard,
        ...others.map((id) => ({
          ...heard,
          place: { ...heard.place, conversationId: id },
          reach: { ...heard.reach, conversationId: id },
        })),
      ];
    } catch (error) {
      log.warn({ err: error }, 'the channels of a team could not be listed');
      return [heard];
    }
  }

  function remember({ reach: way, place }: Heard): void {
    ways.delete(place.conversationId);
    ways.set(place.conversationId, way);
    const [oldest] = ways.keys();
    if (ways.size > REMEMBERED && oldest !== undefined) ways.delete(oldest);
  }

  async function handle(request: ParsedRequest, response: ServerResponse): Promise<void> {
    const understood = hear(request.body, clock.now());
    if ('problems' in understood) {
      return problem(
        response,
        400,
        'not-an-activity',
        'This is not a Bot Framework activity.',
        understood.problems,
      );
    }
    const { heard } = understood;
    if (!signed) {
      const refusal = refusalOfUnsigned(request, heard.reach.serviceUrl);
      if (refusal) return problem(response, 403, 'unsigned', refusal);
    }
    const activity = request.body as Activity;
    let signature: Awaited<ReturnType<typeof adapter.authenticate>>;
    try {
      signature = await adapter.authenticate(activity, signed ? (request.headers.authorization ?? '') : '');
    } catch (error) {
      log.warn({ err: error }, 'an activity without a good token was refused');
      return problem(
        response,
        401,
        'unauthorised',
        'Send the token that the Bot Framework gives for this bot.',
      );
    }
    remember(heard);
    const answer = await adapter.run(signature, activity, async (turn) => {
      turn.turnState.set(HEARD, heard);
      await app.run(turn);
    });
    const body = answer?.body === undefined ? '' : JSON.stringify(answer.body);
    response.writeHead(answer?.status ?? 200, body === '' ? {} : { 'Content-Type': 'application/json' });
    response.end(body);
  }

  return {
    async process(request, response) {
      try {
        await handle(request, response);
      } catch (error) {
        const reference = newReference();
        log.error({ err: error, reference }, 'an activity could not be handled');
        if (response.headersSent) return void response.end();
        problem(
          response,
          500,
          'bug',
          `Something went wrong in Baton. Its log has the reference ${reference}.`,
        );
      }
    },
    messenger,
    members,
    reachOf: (place) => ways.get(place.conversationId),
  };
}

/** An answer after RFC 9457 that says what to do. */
function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  errors?: readonly Problem[],
): void {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(
    JSON.stringify({ status, code, title: TITLES[status] ?? 'Not done', detail, ...(errors && { errors }) }),
  );
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not an activity',
  401: 'Not authorised',
  403: 'Not from here',
  500: 'Something went wrong in Baton',
};
