import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCaseloads } from './caseload.ts';
import { aim, mb, say } from './figures.ts';
import type { ImportFigures, Ran } from './import-part.ts';
import { startPart } from './part.ts';

const CASES = Number(process.env.BENCH_LINES ?? 1_000_000);
const SEED = 1;
const NOBODYS = 0.02;
/** For 1,000,000 cases; fewer have their share of it. */
const MOST_S = 60;
/** However many cases there are. */
const DIGEST_S = 5;
const DIGESTS = 5;

const PROVIDERS = 5;

/**
 * A register of so many cases is compared with the lists of five providers, and again; then the digest is made, as
 * `/digest` does.
 */
export async function reconciling(): Promise<boolean> {
  say(
    `reconciliation: a register of ${CASES} cases on the lists of ${PROVIDERS} providers by seed ${SEED} in the embedded store, on disk`,
  );
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'baton-reconciliation-'));
  const part = startPart('reconciliation', new URL('./import-part.ts', import.meta.url), [folder]);
  try {
    const providers = await part.ask<string[]>('agree', { lists: PROVIDERS });
    await writeCaseloads(folder, providers, { lines: CASES, seed: SEED, nobodys: NOBODYS });
    // Some lines have a birth date that is none, and do not go in.
    let cases = 0;
    for (const provider of providers) {
      const { counts } = await part.ask<ImportFigures>('import', {
        file: join(folder, `${provider}.csv`),
        provider,
      });
      cases += counts.fresh;
    }
    say(`  ${cases} cases are in`);
    const took: number[] = [];
    for (const what of ['the first run', 'the same again']) {
      let ran: Ran | undefined;
      const cpu = await part.cpuOf(async () => {
        ran = await part.ask<Ran>('reconcile');
      });
      if (ran?.all.cases !== cases) throw new Error('not all of it was compared');
      took.push(ran.ms / 1_000);
      const { mismatched, fresh, carriedOver } = ran.all;
      const { pairs } = ran;
      say(
        `  ${what}: ${(ran.ms / 1_000).toFixed(1)} s, ${(cpu / 1_000).toFixed(1)} s of CPU; ${mismatched} mismatched ` +
          `cases, ${fresh} mismatches new, ${carriedOver} carried over, ${pairs} pairs of cases undecided`,
      );
    }
    const digests = await part.ask<number[]>('typed', { command: '/digest', times: DIGESTS });
    const slowestDigest = Math.max(...digests) / 1_000;
    say(`  the digest after it: ${digests.map((ms) => `${(ms / 1_000).toFixed(2)} s`).join(', ')}`);
    say(`  memory at its peak: ${mb(await part.ask<number>('peak'))}`);
    const most = (MOST_S * CASES) / 1_000_000;
    const slowest = Math.max(...took);
    const aims = [
      aim(`${CASES} cases under ${most.toFixed(1)} s`, `${slowest.toFixed(1)} s`, slowest < most),
      aim(
        `the digest after it under ${DIGEST_S} s`,
        `${slowestDigest.toFixed(2)} s`,
        slowestDigest < DIGEST_S,
      ),
    ];
    return aims.every((good) => good);
  } finally {
    await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
