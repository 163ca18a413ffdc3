// A Bot Framework connector over loopback, in a process of its own: takes every message at once, counts them, and
// asks channels to wait when it is told to. It keeps when each came, to see afterwards whether Teams' limits were kept.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONVERSATION_LIMITS, TENANT_LIMITS, type Window } from '../../src/jobs/limits.ts';
import { answering } from './part.ts';

/** What came since the last `forget`. */
export interface Came {
  readonly posts: number;
  readonly edits: number;
  readonly replies: number;
  /** Requests answered 429. */
  readonly putOff: number;
  /** Milliseconds since the last message. */
  readonly quietMs: number;
}

/** How close to a limit messages came: the least time that one more than `most` of them took to arrive. */
export interface Closest extends Window {
  readonly of: 'conversation' | 'tenant';
  /** Undefined where never so many came. */
  readonly spanMs: number | undefined;
}

/** A channel's id, which names its tenant, so that this process can count by tenant. */
const CHANNEL = /^19:(.+)@(.+)$/;

const arrivals = new Map<string, number[]>();
let posts = 0;
let edits = 0;
let replies = 0;
let putOff = 0;
let last = performance.now();
let next = 1;
let holdSeconds = 0;
let lastCard: unknown;

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method, url = '' } = request;
  const json = (status: number, body: object, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const [, raw = '', what] = /^\/v3\/conversations\/([^/]+)\/([^/?]+)/.exec(url) ?? [];
  const [conversation = ''] = decodeURIComponent(raw).split(';');
  if (what === 'pagedmembers') return json(200, { members: [] });
  if (what !== 'activities') return json(404, { error: { code: 'NotFound', message: url } });
  if (!CHANNEL.test(conversation)) {
    replies++;
    return json(201, { id: String(next++) });
  }
  if (holdSeconds > 0) {
    putOff++;
    return json(429, { error: { code: 'TooManyRequests' } }, { 'Retry-After': String(holdSeconds) });
  }
  last = performance.now();
  const came = arrivals.get(conversation) ?? [];
  came.push(last);
  arrivals.set(conversation, came);
  if (method === 'PUT') {
    edits++;
    return json(200, { id: url.slice(url.lastIndexOf('/') + 1) });
  }
  posts++;
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.includes('application/vnd.microsoft.card.adaptive')) lastCard = text;
  json(201, { id: String(next++) });
}

/** The least time in which one more than `most` of these came. */
function spanOf(times: readonly number[], most: number): number | undefined {
  let least: number | undefined;
  for (let n = most; n < times.length; n++) {
    const span = (times[n] ?? 0) - (times[n - most] ?? 0);
    if (least === undefined || span < least) least = span;
  }
  return least;
}

function closest(
  of: Closest['of'],
  groups: Iterable<readonly number[]>,
  windows: readonly Window[],
): Closest[] {
  const all = [...groups];
  return windows.map((window) => {
    const spans = all.flatMap((times) => spanOf(times, window.most) ?? []);
    return { ...window, of, spanMs: spans.length > 0 ? Math.min(...spans) : undefined };
  });
}

const server = createServer((request, response) => {
  take(request, response).catch((error: unknown) => response.destroy(error as Error));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');

answering({
  url: async () => {
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  /** Channels are asked to wait this many seconds; 0 takes messages again. */
  hold: ({ seconds }: { seconds: number }) => {
    holdSeconds = seconds;
  },
  came: (): Came => ({ posts, edits, replies, putOff, quietMs: performance.now() - last }),
  forget: () => {
    posts = edits = replies = putOff = 0;
    last = performance.now();
    arrivals.clear();
  },
  card: () => lastCard,
  limits: (): Closest[] => {
    const tenants = new Map<string, number[]>();
    for (const [conversation, times] of arrivals) {
      const tenant = CHANNEL.exec(conversation)?.[2] ?? '';
      tenants.set(tenant, [...(tenants.get(tenant) ?? []), ...times]);
    }
    for (const times of tenants.values()) times.sort((a, b) => a - b);
    return [
      ...closest('conversation', arrivals.values(), CONVERSATION_LIMITS),
      ...closest('tenant', tenants.values(), TENANT_LIMITS),
    ];
  },
});
