import { sleep } from '../connector.ts';
import type { Written } from './leases.ts';
import { LEASE_MS } from './times.ts';
import type { Worker } from './workers.ts';

/** What was done to the processes. */
export interface Blows {
  kills: number;
  /** Longer than a lease, so that another takes over meanwhile. */
  pauses: number;
  /** Shorter, so that the same goes on. */
  shortPauses: number;
}

export interface ChaosOptions {
  /** The processes there are; one that was killed is replaced by its successor. */
  readonly workers: Worker[];
  readonly begin: () => Worker;
  readonly written: readonly Written[];
  readonly random: () => number;
  readonly say: (line: string) => void;
  readonly blows: Blows;
  /** Told where a process that was killed could not be started again. */
  readonly failed: (why: string) => void;
}

/** Between two blows at most, and before a process that was killed is started again, in milliseconds. */
const PEACE_MS = 1_600;
const REST_MS = 1_200;
/** Of a hundred blows so many meet whoever holds the lease, and so many may leave nobody running. */
const AT_HOLDER = 0.75;
const ALL_DOWN = 0.1;

/** Kills and pauses processes at random moments for so long, in milliseconds; resolves with all of them running. */
export async function chaos(options: ChaosOptions, forMs: number): Promise<void> {
  const { workers, begin, written, random, say, blows, failed } = options;
  const until = Date.now() + forMs;
  const mending = new Set<Promise<void>>();
  const runs = (worker: Worker): boolean => worker.address !== undefined;

  function mend(work: Promise<void>): void {
    const doing = work.catch((error: unknown) => failed(String(error))).finally(() => mending.delete(doing));
    mending.add(doing);
  }

  async function kill(worker: Worker): Promise<void> {
    blows.kills++;
    await worker.kill();
    await sleep(random() * REST_MS);
    const next = begin();
    workers[workers.indexOf(worker)] = next;
    await next.serving;
  }

  async function pause(worker: Worker): Promise<void> {
    const isShort = random() < 0.2;
    if (isShort) blows.shortPauses++;
    else blows.pauses++;
    worker.pause();
    await sleep(LEASE_MS * (isShort ? 0.1 + 0.7 * random() : 1.1 + random()));
    // Now and then it never goes on.
    if (random() < 0.15) await kill(worker);
    else worker.resume();
  }

  while (Date.now() < until) {
    await sleep(100 + random() * PEACE_MS);
    const able = workers.filter(runs);
    if (able.length === 0 || (able.length === 1 && random() >= ALL_DOWN)) continue;
    const holder = able.find(({ life }) => life.holder === written.at(-1)?.lease.holder);
    const target = holder && random() < AT_HOLDER ? holder : able[Math.floor(random() * able.length)];
    if (!target) continue;
    const kills = random() < 0.5;
    say(
      `${kills ? 'kill' : 'pause'} ${target === holder ? 'the holder' : 'another'} of ${able.length} running`,
    );
    mend(kills ? kill(target) : pause(target));
  }
  await Promise.all(mending);
}
