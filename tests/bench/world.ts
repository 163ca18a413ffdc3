import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Came, Closest } from './connector.ts';
import { say, several, sleep } from './figures.ts';
import { type Part, type PartOptions, startPart } from './part.ts';
import { acceptOf, activityOf, agreementOf, makePlaces, offerOf, PATHWAY, type Place } from './places.ts';

export interface Offered {
  readonly caseId: string;
  readonly handoverId: string;
  readonly to: Place;
}

/** Baton as it is served, with an embedded store in a folder of its own, and a connector to talk to. */
export interface World {
  readonly baton: Part;
  readonly url: string;
  readonly serviceUrl: string;
  readonly places: readonly Place[];
  /** What channels do with messages: take them, or ask to wait so many seconds. */
  hold(seconds: number): Promise<void>;
  came(): Promise<Came>;
  /** Counts messages anew. */
  forget(): Promise<void>;
  limits(): Promise<Closest[]>;
  /** The last card that came to a channel, as JSON of its activity. */
  card(): Promise<string>;
  /** Offers so many handovers, several at once. */
  offer(count: number): Promise<Offered[]>;
  /** Presses Accept in the receiver's channel. Errors: if the answer is not the card for whoever accepted. */
  accept(offered: Offered): Promise<void>;
  /** Types `/case ID` in the receiver's own chat. Errors: unless it is taken. */
  look(offered: Offered): Promise<void>;
  /** Waits until nothing waits to be sent and the connector is quiet. Errors: after `withinMs`. */
  drained(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

const AT_ONCE = 4;
/** No message for so long: perhaps all are sent. */
const QUIET_MS = 1_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request; the status and the text of its answer. */
export function send(
  url: string,
  method: 'GET' | 'POST',
  body = '',
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const length = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, agent, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const BATON = new URL('../../src/baton.js', import.meta.url);
const CONNECTOR = new URL('./connector.ts', import.meta.url);

/** Starts `baton serve` on any free port over `folder`; its address once it listens. */
export async function startBaton(
  folder: string,
  options: PartOptions = {},
): Promise<{ baton: Part; url: string }> {
  let listens: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    listens = resolve;
  });
  const baton = startPart('baton', BATON, ['serve'], {
    ...options,
    env: {
      PORT: '0',
      BATON_DATA_DIR: join(folder, 'data'),
      BATON_AGREEMENTS: join(folder, 'agreements'),
      BATON_STORE: 'embedded',
      BATON_INTAKE_KEYS: '',
      MICROSOFT_APP_ID: '',
      LOG_LEVEL: 'info',
      ...options.env,
    },
    line: (line) => {
      const { url: found, level, msg } = JSON.parse(line);
      if (found) listens(found.replace('localhost', '127.0.0.1'));
      if (level >= 50) say(`  baton says: ${msg}`);
    },
  });
  const ended = new Promise<never>((_, failed) => {
    baton.process.once('exit', (code) => failed(new Error(`baton did not start (${code})`)));
  });
  ended.catch(() => undefined);
  return { baton, url: await Promise.race([url, ended]) };
}

/** A folder with an agreement over these places in it, to serve from. */
export function makeFolder(places: readonly Place[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'agreements'));
  writeFileSync(join(folder, 'agreements', 'bench.yaml'), agreementOf(places));
  return folder;
}

/**
 * A new world of `channels` providers over `tenants` Teams tenants; Baton knows the way to each channel.
 */
export async function createWorld(channels: number, tenants: number): Promise<World> {
  const places = makePlaces(channels, tenants);
  const folder = makeFolder(places);
  const connector = startPart('connector', CONNECTOR, []);
  const serviceUrl = await connector.ask<string>('url');
  const { baton, url } = await startBaton(folder);
  let offers = 0;

  const speak = (place: Place, where: 'channel' | 'chat', more: object) =>
    send(`${url}/api/messages`, 'POST', activityOf(place, where, serviceUrl, more));

  const world: World = {
    baton,
    url,
    serviceUrl,
    places,
    hold: (seconds) => connector.ask('hold', { seconds }),
    came: () => connector.ask('came'),
    forget: () => connector.ask('forget'),
    limits: () => connector.ask('limits'),
    card: () => connector.ask('card'),

    async offer(count) {
      const first = offers;
      offers += count;
      const offered: Offered[] = [];
      await several(count, AT_ONCE, async (n) => {
        const { to, body } = offerOf(places, first + n);
        const { status, text } = await send(`${url}/api/pathways/${PATHWAY}/handovers`, 'POST', body, {
          'Idempotency-Key': `bench-${first + n}`,
        });
        if (status !== 201) throw new Error(`an offer was answered ${status}: ${text}`);
        const { caseId, handoverId } = JSON.parse(text);
        offered.push({ caseId, handoverId, to });
      });
      return offered;
    },

    async accept({ caseId, handoverId, to }) {
      const { status, text } = await speak(to, 'channel', acceptOf(caseId, handoverId));
      if (status !== 200 || !text.includes('handover.undo')) {
        throw new Error(`an Accept was answered ${status}: ${text.slice(0, 300)}`);
      }
    },

    async look({ caseId, to }) {
      const { status } = await speak(to, 'chat', { type: 'message', text: `/case ${caseId}` });
      if (status !== 200) throw new Error(`a message was answered ${status}`);
    },

    async drained(withinMs) {
      const until = performance.now() + withinMs;
      // Asked only when it looks done, and seldom: reading the figures is work of the process that is measured.
      for (;;) {
        const { quietMs } = await world.came();
        if (quietMs > QUIET_MS && (await waiting(url)) === 0) return;
        if (performance.now() > until) throw new Error(`${await waiting(url)} notices were not sent in time`);
        await sleep(QUIET_MS);
      }
    },

    async stop() {
      await baton.stop();
      await connector.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };

  for (const place of places) {
    await speak(place, 'channel', { type: 'installationUpdate', action: 'add' });
  }
  // What greets a channel is an answer, and none of the messages that are measured.
  await world.drained(30_000);
  await world.forget();
  return world;
}

/** Notices that are due and not sent, as Baton counts them. */
export async function waiting(url: string): Promise<number> {
  const { text } = await send(`${url}/metrics`, 'GET');
  const due = /^baton_due\{[^}]*\} (\d+)$/m.exec(text)?.[1];
  if (due === undefined) throw new Error('the metrics do not say what is due');
  return Number(due);
}
