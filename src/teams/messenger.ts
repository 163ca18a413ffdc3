import type { Activity } from 'botbuilder';
import type { Clock } from '../core/clock.ts';
import type { Message, Messenger, Outcome, Reach } from '../core/messenger.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import type { Log } from '../log.ts';
import type { Adapter } from './adapter.ts';
import { isLoopbackUrl } from './door.ts';
import type { Card } from './render.ts';

/** How long one attempt may take, in milliseconds; what is not answered by then may have arrived. */
export const ATTEMPT_MS = 5_000;

/** Waited when Teams asks for patience without saying how much, in milliseconds. */
const PATIENCE_MS = 2_000;
/** Waited when Teams cannot be reached at all, or gives Baton no token, in milliseconds. */
const OUTAGE_MS = 10_000;

/** Errors of a connection that never came about: surely nothing was delivered. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

export interface Member {
  readonly objectId: string;
  readonly name: string;
}

/** The messenger, and the roster of a conversation. */
export interface Connected {
  readonly messenger: Messenger;
  /** Posts a card that no template makes. */
  postCard(reach: Reach, card: Card, summary: string, thread?: string): Promise<void>;
  /** Everybody in a conversation who has an Entra account. Errors: those of the connector. */
  members(reach: Reach): Promise<Member[]>;
  /** The conversations of a team's channels. Errors: those of the connector. */
  channels(reach: Reach, team: string): Promise<string[]>;
}

export interface ConnectionOptions {
  readonly adapter: Pick<Adapter, 'connector'>;
  readonly render: (view: Extract<Message, { kind: 'card' }>['view']) => Card;
  readonly clock: Clock;
  readonly log: Log;
  /** Unsigned: answers go to this machine only. */
  readonly signed: boolean;
  readonly attemptMs?: number;
}

/** The way out to Teams: one request for one attempt, and what became of it. */
export function createConnection(options: ConnectionOptions): Connected {
  const { adapter, render, clock, log, signed, attemptMs = ATTEMPT_MS } = options;

  const activityOf = (message: Message): Partial<Activity> =>
    message.kind === 'text'
      ? { type: 'message', text: message.text, textFormat: 'plain' }
      : cardActivity(render(message.view), message.view.summary);

  async function attempt(
    reach: Reach,
    send: (to: Awaited<ReturnType<Adapter['connector']>>) => Promise<{ id?: string } | undefined>,
  ): Promise<Outcome | { readonly kind: 'done'; readonly id: string | undefined }> {
    if (!signed && !isLoopbackUrl(reach.serviceUrl)) return { kind: 'failed', reason: 'refused' };
    try {
      const answer = await send(await adapter.connector(reach.serviceUrl));
      return { kind: 'done', id: answer?.id };
    } catch (error) {
      const outcome = outcomeOf(error, clock);
      log.warn(
        { err: error, outcome: outcome.kind, scope: reach.scope },
        'a message to Teams did not go well',
      );
      return outcome;
    }
  }

  return {
    messenger: {
      async post(reach, message, thread) {
        const activity = activityOf(message);
        const conversationId = thread ? `${reach.conversationId};messageid=${thread}` : reach.conversationId;
        const outcome = await attempt(reach, (connector) =>
          connector.conversations.sendToConversation(conversationId, activity, { timeout: attemptMs }),
        );
        // A success without an id arrived, but can never be edited: the empty id is "gone" at the first edit.
        return outcome.kind === 'done'
          ? { kind: 'sent', conversationId, activityId: outcome.id ?? '' }
          : outcome;
      },

      async edit(reach, activityId, message) {
        if (activityId === '') return { kind: 'failed', reason: 'gone' };
        const activity = { ...activityOf(message), id: activityId };
        const outcome = await attempt(reach, (connector) =>
          connector.conversations.updateActivity(reach.conversationId, activityId, activity, {
            timeout: attemptMs,
          }),
        );
        return outcome.kind === 'done'
          ? { kind: 'sent', conversationId: reach.conversationId, activityId }
          : outcome;
      },
    },

    async postCard(reach, card, summary, thread) {
      const conversationId = thread ? `${reach.conversationId};messageid=${thread}` : reach.conversationId;
      await attempt(reach, (connector) =>
        connector.conversations.sendToConversation(conversationId, cardActivity(card, summary), {
          timeout: attemptMs,
        }),
      );
    },

    async members(reach) {
      const connector = await adapter.connector(reach.serviceUrl);
      const members: Member[] = [];
      let continuationToken = '';
      do {
        const page = await connector.conversations.getConversationPagedMembers(
          reach.conversationId,
          continuationToken ? { pageSize: 200, continuationToken } : undefined,
        );
        for (const member of page.members ?? []) {
          const { aadObjectId, objectId } = member as { aadObjectId?: string; objectId?: string };
          const account = aadObjectId ?? objectId;
          if (account) members.push({ objectId: account, name: member.name ?? '' });
        }
        continuationToken = page.continuationToken ?? '';
      } while (continuationToken);
      return members;
    },

    async channels(reach, team) {
      const { TeamsConnectorClient } = await import('botframework-connector');
      const { credentials } = await adapter.connector(reach.serviceUrl);
      const connector = new TeamsConnectorClient(credentials, { baseUri: reach.serviceUrl });
      const { conversations = [] } = await connector.teams.fetchChannelList(team, { timeout: attemptMs });
      return conversations.flatMap(({ id }) => (id ? [id] : []));
    },
  };
}

/** A card as a message; its summary is the notification. */
const cardActivity = (card: Card, summary: string): Partial<Activity> => ({
  type: 'message',
  summary,
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
});

/** What an error of the connector means for the message. */
function outcomeOf(error: unknown, clock: Clock): Outcome {
  const { statusCode, code, response } = (error ?? {}) as {
    statusCode?: unknown;
    code?: unknown;
    response?: { headers?: { get?(name: string): string | undefined } };
  };
  if (typeof statusCode === 'number') {
    if (statusCode === 429 || statusCode === 412) {
      return {
        kind: 'throttled',
        retryAfterMs: retryAfterMs(response?.headers?.get?.('retry-after'), clock.now()) ?? PATIENCE_MS,
      };
    }
    if (statusCode === 404 || statusCode === 410) return { kind: 'failed', reason: 'gone' };
    if (statusCode >= 500 || statusCode === 408) return { kind: 'unknown' };
    return { kind: 'failed', reason: 'refused' };
  }
  if (typeof code === 'string' && NEVER_CONNECTED.has(code)) {
    return { kind: 'throttled', retryAfterMs: OUTAGE_MS };
  }
  // No token was given to Baton, so nothing was sent.
  if (isAboutTokens(error)) return { kind: 'throttled', retryAfterMs: OUTAGE_MS };
  return { kind: 'unknown' };
}

/** Errors of MSAL and of the managed identity: raised before the request leaves. */
function isAboutTokens(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^(?:ClientAuthError|ServerError|ClientConfigurationError|InteractionRequiredAuthError|AuthError|AuthenticationError|CredentialUnavailableError)$/.test(
    error.name,
  );
}
