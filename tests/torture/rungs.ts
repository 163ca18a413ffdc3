import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemChance } from '../../src/core/chance.ts';
import { plusMs, systemClock } from '../../src/core/clock.ts';
import { importRotaFile } from '../../src/rota-file.ts';
import { ensureCosmos, openCosmos } from '../../src/store/cosmos.ts';
import type { Store } from '../../src/store/store.ts';
import { wire } from '../../src/wire.ts';
import { listen } from '../support/cosmos-standin/loopback.ts';
import { command, type Settings } from './bot.ts';
import { sleep, startTortureConnector } from './connector.ts';
import { mulberry32 } from './random.ts';
import { noticesWaiting, readRecord } from './record.ts';
import { PATHWAY, rotaFile, shortRungs } from './rungs/agreement.ts';
import { type Blows, chaos } from './rungs/chaos.ts';
import { type Checked, check, type Evidence } from './rungs/check.ts';
import { fastClock } from './rungs/clock.ts';
import { watchLeases } from './rungs/leases.ts';
import { createLoad, type Load } from './rungs/load.ts';
import { serviceOf } from './rungs/service.ts';
import type { Span } from './rungs/spans.ts';
import { LEASE_MS, MARGIN_MS, POLL_MS, STALL_MS } from './rungs/times.ts';
import { type Waits, waitsOf } from './rungs/waits.ts';
import { type Life, startWorker, type Worker } from './rungs/workers.ts';

export interface RungsOptions {
  /** Chooses the moments, the partners and the presses; the machine's own timing is never the same twice. */
  readonly seed: number;
  /** So many seconds of its clock pass in one: a rung lasts a minute to four, a lease and a poll stay as long. */
  readonly faster: number;
  /** One after another: so many processes, for so long, in milliseconds. */
  readonly phases: readonly { readonly processes: number; readonly ms: number }[];
  /** Between two offers on average, in milliseconds. */
  readonly everyMs: number;
  readonly say: (line: string) => void;
}

export interface Run extends Checked {
  readonly blows: Blows;
  readonly takeovers: number;
  /** What all this was checked against. */
  readonly evidence: Evidence;
  readonly offers: number;
  readonly seconds: number;
}

/** Teams takes 1,800 messages an hour in one conversation; near that, what does not come is not the bot's. */
const MOST_AN_HOUR = 1_700;
/** What waits at the end is sent within this, in milliseconds. */
const DRAIN_MS = 120_000;
/** Then they run on undisturbed, so that what is due at the very end has its time, in milliseconds. */
const CALM_MS = POLL_MS + MARGIN_MS;

/**
 * Lets cases climb a ladder of short rungs while several processes on one database are killed and paused, and
 * holds every rung against the ladder's own clock and against who held the lease when.
 */
export async function rungs(options: RungsOptions): Promise<Run> {
  const { seed, faster, phases, everyMs, say } = options;
  const start = Date.now();
  const clock = fastClock(start, faster);
  const random = mulberry32(seed);
  const folder = mkdtempSync(join(tmpdir(), 'baton-rungs-'));
  const agreements = join(folder, 'agreements');
  mkdirSync(agreements);
  const { endpoint, standin, close } = await listen(0, { pageSize: 100 });
  const written = watchLeases(standin);
  const connector = await startTortureConnector(random, clock);
  const settings: Settings = { store: 'cosmos', folder, agreements, cosmosEndpoint: endpoint };
  const key = Buffer.alloc(32).toString('base64');
  const cosmos = { endpoint, key, database: 'baton', clock: systemClock };
  const workers: Worker[] = [];
  const lives: Life[] = [];
  const fallen: string[] = [];
  const blows: Blows = { kills: 0, pauses: 0, shortPauses: 0 };
  const stalls = watchMachine(lives);
  const begin = (): Worker => {
    const worker = startWorker(settings, start, faster);
    lives.push(worker.life);
    return worker;
  };
  const address = async (): Promise<string> => {
    for (;;) {
      const able = workers.flatMap((worker) => worker.address ?? []);
      const one = able[Math.floor(random() * able.length)];
      if (one !== undefined) return one;
      await sleep(20);
    }
  };
  let store: Store | undefined;
  try {
    await ensureCosmos(cosmos);
    store = await openCosmos(cosmos);
    const terms = shortRungs();
    writeFileSync(join(agreements, 'rungs.yaml'), JSON.stringify(terms));
    const load = createLoad({ terms, connector, random, address, everyMs });
    for (const { processes, ms } of phases) {
      const isFirst = workers.length === 0;
      // The first of all puts the agreement in force; the others find it.
      while (workers.length < processes) workers.push(begin());
      await Promise.all(workers.map(({ serving }) => serving));
      if (isFirst) {
        await load.install();
        const file = join(folder, 'rota.csv');
        writeFileSync(
          file,
          rotaFile(terms, plusMs(clock.now(), -60_000), plusMs(clock.now(), 3 * 86_400_000)),
        );
        const ground = { store, clock, chance: systemChance, channel: async () => undefined };
        for (const line of await importRotaFile(wire(ground), PATHWAY, file)) say(line);
        load.start();
      }
      say(`${processes} processes for ${ms / 1_000} s`);
      await chaos(
        { workers, begin, written, random, say, blows, failed: (why) => void fallen.push(why) },
        ms,
      );
    }
    await load.stop();
    await load.acceptAll();
    const waiting = await drain(store);
    await sleep(CALM_MS);
    const ends = clock.now();
    const codes = await Promise.all(workers.map((worker) => worker.end()));
    const verified = await command(settings, 'verify', '--pathway', PATHWAY);
    const cases = await readRecord(store, PATHWAY);
    const service = serviceOf(written, lives, stalls.spans, stalls.waits, clock.real);
    const evidence: Evidence = {
      terms,
      cases,
      prompts: load.prompts,
      asked: connector.asked,
      service,
      real: clock.real,
      ends,
      faster,
    };
    const checked = check(evidence);
    const broken = [
      ...checked.broken,
      ...load.unexpected,
      ...fallen,
      ...codes.filter((code) => code !== 0).map((code) => `asked to end, a process ended with ${code}`),
      ...(verified.code === 0 ? [] : [`verify ended with ${verified.code}: ${verified.said}`]),
      ...(connector.busiest < MOST_AN_HOUR
        ? []
        : [
            `one conversation had ${connector.busiest} messages in an hour: what Teams then refuses proves nothing`,
          ]),
      ...(waiting === 0 ? [] : [`${waiting} notices wait after ${DRAIN_MS / 1_000} s without a blow`]),
      ...(cases.size === load.offers ? [] : [`${load.offers} offers made ${cases.size} cases`]),
    ];
    const seconds = (Date.now() - start) / 1_000;
    const { takeovers } = service;
    const { offers } = load;
    const run: Run = { ...checked, broken, blows, takeovers, offers, evidence, seconds };
    say(`the busiest conversation took ${connector.busiest} messages and edits in an hour of its clock`);
    tell(say, run, seed, load, lives);
    return run;
  } finally {
    stalls.end();
    await Promise.all(workers.map((worker) => worker.kill()));
    await store?.close();
    await connector.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until nothing is left to be sent; gives what is left after too long. */
async function drain(store: Store): Promise<number> {
  const from = Date.now();
  let left = await noticesWaiting(store, PATHWAY);
  while (left > 0 && Date.now() - from < DRAIN_MS) {
    await sleep(200);
    left = await noticesWaiting(store, PATHWAY);
  }
  return left;
}

/** The database and Teams stand in this process: while it does not run, nothing does. */
function watchMachine(lives: readonly Life[]): {
  readonly spans: readonly Span[];
  readonly waits: Waits;
  end(): void;
} {
  const spans: Span[] = [];
  const waits = waitsOf(process.pid);
  let before = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - before > STALL_MS) spans.push({ from: before, to: now });
    before = now;
    for (const one of [waits, ...lives.map((life) => life.waits)]) one.note();
  }, 50);
  return { spans, waits, end: () => clearInterval(timer) };
}

function tell(say: RungsOptions['say'], run: Run, seed: number, load: Load, lives: readonly Life[]): void {
  const { blows, takeovers, offers, escalations, rungs, skipped, reminders, prompts, repeats } = run;
  const ms = (length: number): string => `${Math.round(length)} ms`;
  const errors = lives.flatMap((life) => life.errors);
  const pressed = [...load.presses].map(([title, count]) => `${count} ${title}`).join(', ');
  for (const line of [
    `seed ${seed}: ${blows.kills} kills, ${blows.pauses} pauses past the lease and ${blows.shortPauses} shorter, ${takeovers} takeovers of the lease, ${lives.length} processes started`,
    `${offers} offers, ${escalations} escalations, ${rungs} rungs raised, ${skipped} skipped, ${reminders} reminders; pressed: ${pressed}`,
    `${prompts} prompts came, ${repeats} of them marked repeats; ${run.overtaken} were overtaken before they could be sent, ${run.afterPause} came after an accept from a process that was paused`,
    `while one holder lived: ${run.inTime.count} rungs and reminders, late by ${ms(run.inTime.median)} (median), ${ms(run.inTime.most)} (most), of ${POLL_MS} + ${MARGIN_MS} ms`,
    `over a holder's end: ${run.late.count}, late by ${ms(run.late.median)} (median), ${ms(run.late.most)} (most)`,
    `longest without a holder while one process ran: ${ms(run.gap)}, of ${LEASE_MS} + ${POLL_MS} + ${MARGIN_MS} ms`,
    `${errors.length} errors logged; ${run.broken.length} promises broken, in ${run.seconds.toFixed(0)} s`,
    ...run.broken
      .filter((_, at) => at % Math.ceil(run.broken.length / 20) === 0)
      .map((each) => `BROKEN ${each}`),
    // The last ones stand nearest to what did not come at the end.
    ...[...errors.slice(0, 5), ...errors.slice(5).slice(-15)].map((each) => `LOGGED ${each}`),
  ]) {
    say(line);
  }
}
