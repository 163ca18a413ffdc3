import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { CONVERSATION_LIMITS, recent, waitFor } from '../../src/jobs/limits.ts';
import { type Card, cardOf, type Post } from '../support/posts.ts';

/** A message that was taken, as it reads now, and which life of the bot sent it. */
export interface Taken extends Post {
  readonly life: number;
  /** Its summary as it was posted, before any edit. */
  readonly first: string;
  /** When its request came, in milliseconds since 1970. */
  readonly came: number;
}

/** Teams, as far as the bot's kills are concerned. */
export interface TortureConnector {
  readonly serviceUrl: string;
  /** Every message that was taken, oldest first. */
  readonly posts: readonly Taken[];
  /** Messages and edits that came and are not answered at this moment. */
  readonly underWay: number;
  readonly throttled: number;
  readonly edits: number;
  /** Every message and edit that a conversation was asked to take, oldest first; in milliseconds since 1970. */
  readonly asked: readonly { readonly conversation: string; readonly at: number; readonly edit: boolean }[];
  /** The most messages and edits that one conversation took within its longest window, an hour. */
  readonly busiest: number;
  /** The bot was started anew: what comes from here on comes from another life. */
  nextLife(): void;
  /** Called with each message that is taken. */
  onPost(listener: (post: Taken) => void): void;
  close(): Promise<void>;
}

/** Waited before a message is taken, and again before it is answered: at least and at most, in milliseconds. */
const SLOW_MS = [10, 110] as const;

/**
 * A connector that is as slow as the real one, so that kills fall into sends: half of the time it waits
 * before it takes a message, half after. It keeps to Teams' limits for one conversation and answers 429 beyond;
 * `clock`: in whose time they count.
 */
export async function startTortureConnector(
  random: () => number,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<TortureConnector> {
  const posts: Taken[] = [];
  const byId = new Map<string, Taken>();
  const went = new Map<string, string[]>();
  const listeners: ((post: Taken) => void)[] = [];
  const asked: { conversation: string; at: number; edit: boolean }[] = [];
  const slow = (): number => SLOW_MS[0] + random() * (SLOW_MS[1] - SLOW_MS[0]);
  const counts = { underWay: 0, throttled: 0, edits: 0, busiest: 0, life: 0 };

  function patience(conversation: string): number {
    const now = clock.now();
    const history = recent(went.get(conversation) ?? [], now);
    const wait = waitFor(history, now, CONVERSATION_LIMITS);
    went.set(conversation, wait > 0 ? history : [...history, now]);
    counts.busiest = Math.max(counts.busiest, history.length + 1);
    return wait;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const came = Date.now();
    const body = await bodyOf(request);
    const { life } = counts;
    const [, id = '', activity = ''] =
      /^\/v3\/conversations\/([^/]+)\/activities\/?([^/?]*)/.exec(request.url ?? '') ?? [];
    const conversationId = decodeURIComponent(id);
    const [root = '', thread] = conversationId.split(';messageid=');
    const json = (status: number, value: object, headers = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    asked.push({ conversation: root, at: came, edit: request.method === 'PUT' });
    const wait = patience(root);
    if (wait > 0) {
      counts.throttled++;
      return json(429, { error: { code: 'Throttled' } }, { 'Retry-After': String(Math.ceil(wait / 1_000)) });
    }
    await sleep(slow());
    // The bot was killed meanwhile: this request never got through.
    if (request.socket.destroyed) return;
    const said = { text: String(body.text ?? ''), summary: String(body.summary ?? ''), card: cardOf(body) };
    if (request.method === 'PUT') {
      const post = byId.get(decodeURIComponent(activity));
      if (!post) return json(404, { error: { code: 'ActivityNotFound' } });
      Object.assign(post, said, { activity: body, edits: post.edits + 1 });
      counts.edits++;
      await sleep(slow());
      return json(200, { id: post.activityId });
    }
    const activityId = String(posts.length + 1);
    const place = { conversationId: root, thread, activityId };
    const post: Taken = { ...place, ...said, activity: body, edits: 0, life, first: said.summary, came };
    posts.push(post);
    byId.set(activityId, post);
    for (const listener of listeners) listener(post);
    await sleep(slow());
    json(201, { id: activityId });
  }

  const server = createServer((request, response) => {
    counts.underWay++;
    response.once('close', () => {
      counts.underWay--;
    });
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    serviceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    asked,
    get underWay() {
      return counts.underWay;
    },
    get throttled() {
      return counts.throttled;
    },
    get edits() {
      return counts.edits;
    },
    get busiest() {
      return counts.busiest;
    },
    nextLife() {
      counts.life++;
    },
    onPost: (listener) => void listeners.push(listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The case that a card is about, from its summary. */
export const caseOn = ({ summary }: Post): string | undefined =>
  /[Hh]andover (\S+) (?:from|to) /.exec(summary)?.[1];

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function bodyOf(request: IncomingMessage): Promise<Card> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Card) : {};
}
