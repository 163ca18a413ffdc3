import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod/v4';

/** What the service does with a request instead of taking it and answering 202. */
export type PagerAnswer =
  /** Answers so; takes it only where that is a success. */
  | { readonly status: number; readonly retryAfter?: string; readonly location?: string }
  /** Takes it, and the answer never leaves. */
  | 'answer-lost'
  /** Takes nothing and never answers. */
  | 'silence';

const Page = z.object({ reference: z.string(), ring: z.string(), again: z.boolean() }).strict();

export interface PagerCall extends z.infer<typeof Page> {
  readonly provider: string;
  /** Somebody's pager went: the first time that this reference was taken. */
  readonly woke: boolean;
}

export interface PagerService {
  readonly url: string;
  /** Every request whose signature held, in order. */
  readonly calls: readonly PagerCall[];
  /** Why requests were turned away: their signature, time, key or body. */
  readonly wrong: readonly string[];
  /** What becomes of the next requests, one each; after them they are taken again. */
  answers(...next: PagerAnswer[]): void;
  close(): Promise<void>;
}

export interface PagerSetup {
  /** What each provider signs with. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Seconds since 1970; the machine's clock unless given. */
  readonly now?: () => number;
  readonly called?: (call: PagerCall) => void;
}

/** A signature is good for so many seconds. */
const FRESH_S = 300;

/** A paging service on this machine that wakes nobody: it checks signatures and writes down who would be woken. */
export async function startPager(setup: PagerSetup): Promise<PagerService> {
  const { secrets, port = 0, now = () => Date.now() / 1000, called } = setup;
  const calls: PagerCall[] = [];
  const wrong: string[] = [];
  const taken = new Set<string>();
  let next: PagerAnswer[] = [];

  /** The page and whose it is; or what is wrong with the request. */
  function read({ method, headers }: IncomingMessage, body: string) {
    if (method !== 'POST') return { wrong: 'only POST is known' };
    const timestamp = String(headers['baton-timestamp']);
    if (!(Math.abs(now() - Number(timestamp)) <= FRESH_S)) return { wrong: 'the timestamp is not of now' };
    const signature = Buffer.from(String(headers['baton-signature']));
    const provider = Object.keys(secrets).find((id) => {
      const hmac = createHmac('sha256', secrets[id] ?? '').update(`${timestamp}.${body}`);
      const right = Buffer.from(hmac.digest('hex'));
      return right.length === signature.length && timingSafeEqual(right, signature);
    });
    if (provider === undefined) return { wrong: 'the signature is of nobody here' };
    const page = Page.safeParse(JSON.parse(body));
    if (!page.success) return { wrong: 'the body has not exactly a reference, a number and again' };
    if (headers['idempotency-key'] !== page.data.reference) return { wrong: 'the key is not the reference' };
    return { page: { ...page.data, provider } };
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const found = read(request, body);
    if (found.page === undefined) {
      wrong.push(found.wrong);
      response.writeHead(401).end(found.wrong);
      return;
    }
    const { page } = found;
    const what = next.shift() ?? { status: 202 };
    const takes = what === 'answer-lost' || (what !== 'silence' && what.status < 300);
    const call = { ...page, woke: takes && !taken.has(page.reference) };
    if (takes) taken.add(page.reference);
    calls.push(call);
    called?.(call);
    if (what === 'answer-lost') request.socket.destroy();
    if (typeof what === 'string') return;
    const { status, retryAfter, location } = what;
    response
      .writeHead(status, {
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
        ...(location !== undefined && { location }),
      })
      .end();
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => answer(request, response, Buffer.concat(parts).toString('utf8')));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pages`,
    calls,
    wrong,
    answers: (...given) => {
      next = [...next, ...given];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `node tests/support/pager.ts PROVIDER…`: says what to set and write, then every page as it comes. */
if (import.meta.main) {
  const providers = process.argv.slice(2);
  if (providers.length === 0) {
    console.error('Name the providers to listen for, such as: node tests/support/pager.ts northside');
    process.exit(64);
  }
  const secrets = Object.fromEntries(providers.map((id) => [id, randomBytes(24).toString('hex')]));
  const { url } = await startPager({
    secrets,
    port: 3990,
    called: ({ provider, reference, ring, again, woke }) =>
      console.log(
        `${provider}: ${reference}, ring ${ring}${again ? ', again' : ''}${woke ? ' – WAKES' : ''}`,
      ),
  });
  console.log(`paging: { url: "${url}" }   in the agreement, at ${providers.join(' and ')}`);
  console.log(`BATON_PAGING_KEYS=${providers.map((id) => `${id}=${secrets[id]}`).join(',')}   for Baton`);
}
