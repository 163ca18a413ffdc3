import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPerson, type Person, type Who } from './person.ts';
import { type Card, cardOf, type Placed, type Post } from './posts.ts';

export type { Answer } from './person.ts';
export type { Card, Post } from './posts.ts';
export { actionsOf, inputsOf, titlesOf, wordsOn } from './posts.ts';
export type { Person, Who };

/** What Teams does to a request instead of taking it. */
export type Fault =
  /** Answers with this status; nothing is taken. */
  | { readonly status: number; readonly retryAfter?: string; readonly body?: object }
  /** Ends the connection before anything is taken. */
  | 'reset'
  /** Takes the message, and the answer never leaves. */
  | 'answer-lost'
  /** Takes nothing and never answers. */
  | 'silence';

/** Which requests a fault is for; every request where nothing is said. */
export interface FaultScope {
  readonly method?: 'POST' | 'PUT' | 'GET';
  readonly conversation?: string;
  /** How often; once when absent. */
  readonly times?: number;
}

export interface Connector {
  /** What activities give as `serviceUrl`. */
  readonly serviceUrl: string;
  /** Every message that stands, oldest first; edited ones as they read now. */
  posts(where?: Placed): Post[];
  /** Every request that came, also those that a fault ate. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  /**
   * Waits for a message that nobody has expected yet, and takes it as expected. `matches` is part of its
   * words, or a test. Errors: after `withinMs` (5,000), with what did come.
   */
  expect(
    where: Placed,
    matches?: string | RegExp | ((post: Post) => boolean),
    withinMs?: number,
  ): Promise<Post>;
  /** Waits until a message that came before reads so. Errors: after `withinMs` (5,000), with what it reads. */
  expectEdit(
    post: Post,
    matches: string | RegExp | ((post: Post) => boolean),
    withinMs?: number,
  ): Promise<Post>;
  /** Errors: if any message came that no `expect` took. Waits `settleMs` (50) for stragglers first. */
  expectNothingElse(settleMs?: number): Promise<void>;
  /** The next matching requests go wrong like this. Resolves when they have. */
  fail(fault: Fault, scope?: FaultScope): Promise<void>;
  /** Takes no message and no edit from now on, and answers each with this; again from `undefined` on. */
  refuses(fault: Fault | undefined): void;
  /** Who the roster says is in a conversation. */
  roster(where: Placed, members: readonly { readonly objectId: string; readonly name: string }[]): void;
  /** The channels of a team, as Teams lists them. */
  team(id: string, channels: readonly Placed[]): void;
  /** A message is deleted: editing it answers 404. */
  remove(post: Post): void;
  /** A channel by its id, as a place to speak in. */
  channel(id: string, tenant: string): Placed;
  groupChat(id: string, tenant: string): Placed;
  /** Somebody who speaks to the bot at `botUrl` (its `/api/messages`) over HTTP. */
  person(who: Who, botUrl: string): Person;
  close(): Promise<void>;
}

/** A stand-in for the Bot Framework's connector over loopback: it records, and goes wrong when told to. */
export async function startConnector(): Promise<Connector> {
  const posts: Post[] = [];
  const expected = new Set<Post>();
  const requests: { method: string; path: string; body: unknown }[] = [];
  const faults: { fault: Fault; scope: FaultScope; left: number; met: () => void }[] = [];
  const rosters = new Map<string, readonly { objectId: string; name: string }[]>();
  const teams = new Map<string, readonly string[]>();
  const removed = new Set<string>();
  let next = 1;

  let down: Fault | undefined;
  const faultFor = (method: string, conversation: string): Fault | undefined => {
    if (down !== undefined && method !== 'GET') return down;
    const found = faults.find(
      ({ scope, left }) =>
        left > 0 &&
        (scope.method === undefined || scope.method === method) &&
        (scope.conversation === undefined || conversation.split(';')[0] === scope.conversation),
    );
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) found.met();
    return found.fault;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const path = request.url ?? '';
    const [, rawConversation = '', what = '', rawActivity = ''] =
      /^\/v3\/conversations\/([^/]+)\/([^/?]+)\/?([^/?]*)/.exec(path) ?? [];
    const conversation = decodeURIComponent(rawConversation);
    const activityId = decodeURIComponent(rawActivity);
    const body = await readBody(request);
    requests.push({ method, path, body });
    const json = (status: number, value: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };

    const fault = faultFor(method, conversation);
    if (fault === 'reset') return void request.socket.destroy();
    if (fault === 'silence') return;
    if (typeof fault === 'object') {
      const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
      return json(fault.status, fault.body ?? { error: { code: 'Fault', message: 'as told' } }, headers);
    }
    const team = /^\/v3\/teams\/([^/]+)\/conversations/.exec(path)?.[1];
    if (method === 'GET' && team !== undefined) {
      const ids = teams.get(decodeURIComponent(team));
      if (ids) return json(200, { conversations: ids.map((id) => ({ id })) });
    }
    if (method === 'GET' && what === 'pagedmembers') {
      const members = (rosters.get(conversation) ?? []).map(({ objectId, name }) => ({
        id: `29:${objectId}`,
        name,
        aadObjectId: objectId,
      }));
      return json(200, { members });
    }
    if (method === 'POST' && what === 'activities') {
      const post = postOf(conversation, String(next++), body);
      posts.push(post);
      if (fault === 'answer-lost') return void request.socket.destroy();
      return json(201, { id: post.activityId });
    }
    if (method === 'PUT' && what === 'activities') {
      const post = posts.find((one) => one.activityId === activityId);
      if (!post || removed.has(activityId)) {
        return json(404, { error: { code: 'ActivityNotFound', message: 'not found' } });
      }
      const now = postOf(post.conversationId, activityId, body);
      Object.assign(post, { text: now.text, card: now.card, summary: now.summary, activity: now.activity });
      post.edits += 1;
      if (fault === 'answer-lost') return void request.socket.destroy();
      return json(200, { id: activityId });
    }
    json(404, { error: { code: 'NotFound', message: 'the stand-in does not know this' } });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const serviceUrl = `http://127.0.0.1:${port}`;

  const standing = (where?: Placed): Post[] =>
    where ? posts.filter((post) => post.conversationId.split(';')[0] === where.conversationId) : [...posts];

  const connector: Connector = {
    serviceUrl,
    requests,
    posts: standing,
    async expect(where, matches, withinMs = 5_000) {
      const found = await until(withinMs, () =>
        standing(where).find((post) => !expected.has(post) && fits(post, matches)),
      );
      if (!found) {
        const came = standing(where).filter((post) => !expected.has(post));
        throw new Error(
          `expected ${matches ?? 'a message'} in ${where.conversationId}, and got ${shown(came)}`,
        );
      }
      expected.add(found);
      return found;
    },
    async expectEdit(post, matches, withinMs = 5_000) {
      const found = await until(withinMs, () => (post.edits > 0 && fits(post, matches) ? post : undefined));
      if (!found) throw new Error(`expected an edit to ${matches}, and it reads ${shown([post])}`);
      return found;
    },
    async expectNothingElse(settleMs = 50) {
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      const more = posts.filter((post) => !expected.has(post));
      // Said once: the next test is not to fail for it as well.
      for (const post of more) expected.add(post);
      if (more.length > 0) throw new Error(`expected no other message, and got ${shown(more)}`);
    },
    fail(fault, scope = {}) {
      return new Promise((met) => faults.push({ fault, scope, left: scope.times ?? 1, met }));
    },
    refuses(fault) {
      down = fault;
    },
    roster(where, members) {
      rosters.set(where.conversationId, members);
    },
    team(id, channels) {
      teams.set(
        id,
        channels.map(({ conversationId }) => conversationId),
      );
    },
    remove(post) {
      removed.add(post.activityId);
    },
    channel: (conversationId, tenant) => ({ conversationId, tenant, scope: 'channel' }),
    groupChat: (conversationId, tenant) => ({ conversationId, tenant, scope: 'groupChat' }),
    person: (who, botUrl) => createPerson(who, botUrl, serviceUrl),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return connector;
}

/** What Baton sent to a conversation, as a message that stands there. */
export function postOf(conversationId: string, activityId: string, body: unknown): Post {
  const activity = body as { text?: string; summary?: string };
  const [, thread] = conversationId.split(';messageid=');
  return {
    conversationId,
    thread,
    activityId,
    text: activity.text ?? '',
    summary: activity.summary ?? '',
    card: cardOf(body),
    activity: body as Card,
    edits: 0,
  };
}

const fits = (post: Post, matches?: string | RegExp | ((post: Post) => boolean)): boolean => {
  if (matches === undefined) return true;
  if (typeof matches === 'function') return matches(post);
  const words = JSON.stringify(post.activity);
  return typeof matches === 'string'
    ? words.includes(JSON.stringify(matches).slice(1, -1))
    : matches.test(words);
};

const shown = (posts: readonly Post[]): string =>
  posts.length === 0
    ? 'nothing'
    : posts.map((post) => `\n- ${post.conversationId}: ${post.text || post.summary}`).join('');

async function until<T>(withinMs: number, look: () => T | undefined): Promise<T | undefined> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined || performance.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The JSON of a request; undefined when it has none. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
