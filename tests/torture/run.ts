import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { ensureCosmos, openCosmos } from '../../src/store/cosmos.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { embeddedPath } from '../../src/store/embedded-file.ts';
import type { Store } from '../../src/store/store.ts';
import { spawnStandin } from '../support/cosmos-standin/spawned.ts';
import { manyProviders, PATHWAY } from './agreement.ts';
import { command, type Settings } from './bot.ts';
import { type Checked, check } from './check.ts';
import { sleep, startTortureConnector, type TortureConnector } from './connector.ts';
import { type Fell, NAMES, tell } from './figures.ts';
import { type Ledger, newLedger } from './ledger.ts';
import { type Lives, livesOf } from './lives.ts';
import { createLoad, type Load, postOffer } from './load.ts';
import { mulberry32 } from './random.ts';
import { noticesWaiting, readRecord } from './record.ts';

export interface TortureOptions {
  readonly store: Settings['store'];
  readonly kills: number;
  /** Chooses the moments, the partners and the clicks; the machine's own timing is never the same twice. */
  readonly seed: number;
  /** A life lasts up to so many times what starting took, evenly; 1.5. */
  readonly life?: number;
  readonly say: (line: string) => void;
}

export interface Tortured extends Checked {
  readonly fell: Fell;
  readonly kills: number;
  readonly seconds: number;
}

/** Channels; each takes two messages a second over half a minute, and a handover makes seven on two of them. */
const PROVIDERS = 48;
/** So many kills of a hundred are meant to fall before the bot serves. */
const AT_START = 0.1;
/**
 * Otherwise a life lasts up to so many times what starting took, evenly: a busy machine needs longer for both.
 * It begins with what the life before left behind, and then the load comes through.
 */
const LIFE = 1.5;
/** The last life goes on until so many clicks in all were answered, or so long, in milliseconds. */
const CLICKS = 10;
const LAST_MS = 20_000;
/** The record is verified while the bot lies dead, after each so many kills. */
const VERIFY_EVERY = 10;
/** What waits at the end is sent within this, in milliseconds. */
const DRAIN_MS = 120_000;
/** So many first answers are asked for again at the end, evenly over all. */
const REPLAYED = 200;

/** Kills the bot at random moments under load, and holds it to everything that it answered. */
export async function torture(options: TortureOptions): Promise<Tortured> {
  const { store, kills, seed, say, life = LIFE } = options;
  const started = performance.now();
  const random = mulberry32(seed);
  const folder = mkdtempSync(join(tmpdir(), 'baton-torture-'));
  const place = await recordAt(store, folder);
  const connector = await startTortureConnector(random);
  const ledger = newLedger();
  const fell: Fell = { atStart: 0, inCommit: 0, inSend: 0, inRequest: 0, idle: 0 };
  const lives = livesOf(place.settings, connector);
  try {
    const terms = manyProviders(PROVIDERS);
    writeFileSync(join(place.settings.agreements, 'torture.yaml'), JSON.stringify(terms));
    const load = createLoad({ terms, connector, ledger, random, address: lives.address });
    let startMs = await lives.begin();
    await load.install();
    load.start();
    for (let kill = 1; kill <= kills; kill++) {
      if (kill > 1) {
        const atStart = random() < AT_START;
        const serving = lives.begin();
        if (atStart) await Promise.race([sleep(random() * startMs), serving]);
        else startMs = await serving;
      }
      if (lives.isServing) await sleep(random() * startMs * life);
      const where = await fallOf(lives, connector, load);
      fell[where.fell]++;
      say(`${kill}: ${where.says}`);
      if (kill % VERIFY_EVERY === 0) await verify(place.settings, ledger);
    }
    await lives.begin();
    for (let waited = 0; waited < LAST_MS && ledger.clicks.length < CLICKS; waited += 50) await sleep(50);
    await load.finish();
    await drain(place.open, ledger, say);
    await replay(await lives.address(), ledger);
    const code = await lives.end();
    if (code !== 0) ledger.unexpected.push(`asked to end, the bot ended with ${code}`);
    await verify(place.settings, ledger);
    const reader = await place.open();
    const cases = await readRecord(reader, PATHWAY);
    await reader.close();
    const checked = check({ terms, ledger, cases, posts: connector.posts });
    const seconds = (performance.now() - started) / 1_000;
    tell(say, { store, kills, fell, checked, ledger, connector, errors: lives.errors, seconds });
    return { ...checked, fell, kills, seconds };
  } finally {
    await lives.end();
    await connector.close();
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The record: where the bot finds it, and how to read it beside the bot. It outlives every kill. */
async function recordAt(
  store: Settings['store'],
  folder: string,
): Promise<{ settings: Settings; open: () => Promise<Store>; close: () => Promise<void> }> {
  const agreements = join(folder, 'agreements');
  mkdirSync(agreements);
  const settings: Settings = { store, folder, agreements };
  if (store === 'embedded') {
    const path = embeddedPath(join(folder, 'data'));
    return { settings, open: async () => openEmbedded({ path }), close: async () => undefined };
  }
  const standin = await spawnStandin();
  const { endpoint } = standin;
  const options = {
    endpoint,
    key: Buffer.alloc(32).toString('base64'),
    database: 'baton',
    clock: systemClock,
  };
  await ensureCosmos(options);
  return {
    settings: { ...settings, cosmosEndpoint: endpoint },
    open: () => openCosmos(options),
    close: () => standin.stop(),
  };
}

/** Kills, and says where that fell: what was under way is read in the same moment. */
async function fallOf(
  lives: Lives,
  connector: TortureConnector,
  load: Load,
): Promise<{ fell: keyof Fell; says: string }> {
  const { isServing } = lives;
  const sends = connector.underWay;
  const requests = load.underWay;
  const { inCommit } = await lives.kill();
  const fell = !isServing
    ? 'atStart'
    : inCommit
      ? 'inCommit'
      : sends > 0
        ? 'inSend'
        : requests > 0
          ? 'inRequest'
          : 'idle';
  const also = `${sends} sends and ${requests} requests under way${inCommit ? ', inside a commit' : ''}`;
  return { fell, says: `${NAMES[fell]} (${also})` };
}

async function verify(settings: Settings, ledger: Ledger): Promise<void> {
  const { code, said } = await command(settings, 'verify', '--pathway', PATHWAY);
  if (code !== 0) ledger.unexpected.push(`verify ended with ${code}: ${said}`);
}

async function drain(open: () => Promise<Store>, ledger: Ledger, say: (line: string) => void): Promise<void> {
  const reader = await open();
  const from = performance.now();
  let left = await noticesWaiting(reader, PATHWAY);
  while (left > 0 && performance.now() - from < DRAIN_MS) {
    await sleep(250);
    left = await noticesWaiting(reader, PATHWAY);
  }
  await reader.close();
  say(`drained in ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  if (left > 0) ledger.unexpected.push(`${left} notices wait after ${DRAIN_MS / 1_000} s without a kill`);
}

/** The same key again gives the first answer. */
async function replay(url: string, ledger: Ledger): Promise<void> {
  const step = Math.max(1, Math.ceil(ledger.offers.length / REPLAYED));
  for (const offered of ledger.offers.filter((_, at) => at % step === 0)) {
    const answer = await postOffer(url, offered, ledger);
    if (JSON.stringify(answer) !== JSON.stringify(offered.answer)) {
      ledger.unexpected.push(`offer ${offered.key} got another answer the second time`);
    }
  }
}
