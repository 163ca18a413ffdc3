import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postOf, readBody } from '../support/connector.ts';
import type { Placed, Post } from '../support/posts.ts';

/**
 * Teams between Baton and its clients: what goes to a conversation that the Playground shows goes on to it,
 * every other conversation is kept here, and of both every message is recorded.
 */
export interface Tap {
  /** What activities give as `serviceUrl`; the Playground's own go in at `${url}/api/messages`. */
  readonly url: string;
  /** Every message that stands, oldest first; edited ones as they read now. */
  posts(where?: Placed): Post[];
  /** Where the Playground is, once it runs. */
  shows(playgroundUrl: string): void;
  close(): Promise<void>;
}

/** `botUrl` takes activities; `conversations` are those of the Playground, by id. */
export async function openTap(botUrl: string, conversations: ReadonlySet<string>): Promise<Tap> {
  const posts: Post[] = [];
  let playground = '';
  let next = 1;

  async function onwards(url: string, method: string, body: unknown): Promise<[number, string]> {
    const response = await fetch(url, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return [response.status, await response.text()];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    const body = await readBody(request);
    const reply = (status: number, text: string): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(text);
    };
    if (path === '/api/messages') {
      // Without a body the Playground asks whether anybody listens.
      const activity = body === undefined ? undefined : { ...body, serviceUrl: url };
      return reply(...(await onwards(botUrl, method, activity)));
    }
    const [, rawConversation = '', what = '', activityId = ''] =
      /^\/v3\/conversations\/([^/]+)\/([^/?]+)\/?([^/?]*)/.exec(path) ?? [];
    const conversation = decodeURIComponent(rawConversation);
    const [root = ''] = conversation.split(';');
    const isMessage = what === 'activities' && (body as { type?: string } | undefined)?.type === 'message';
    if (conversations.has(root) || path.startsWith('/v3/teams/')) {
      const [status, text] = await onwards(`${playground}/_connector${path}`, method, body);
      if (status < 300 && isMessage) {
        const id = method === 'PUT' ? decodeURIComponent(activityId) : String(JSON.parse(text).id);
        keep(method, conversation, id, body);
      }
      return reply(status, text);
    }
    if (what !== 'activities') return reply(404, '{"error":{"code":"NotFound","message":"not here"}}');
    const id = method === 'PUT' ? decodeURIComponent(activityId) : `tap-${next++}`;
    if (isMessage) keep(method, conversation, id, body);
    reply(method === 'PUT' ? 200 : 201, JSON.stringify({ id }));
  }

  function keep(method: string, conversation: string, id: string, body: unknown): void {
    const now = postOf(conversation, id, body);
    const post = posts.find(({ activityId }) => activityId === id);
    if (method === 'POST') posts.push(now);
    else if (post) {
      Object.assign(post, { text: now.text, card: now.card, summary: now.summary, activity: now.activity });
      post.edits += 1;
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    posts: (where) =>
      where ? posts.filter((post) => post.conversationId.split(';')[0] === where.conversationId) : [...posts],
    shows(playgroundUrl) {
      playground = playgroundUrl;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
