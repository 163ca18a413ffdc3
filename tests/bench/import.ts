import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCaseload } from './caseload.ts';
import { aim, mb, ms, quantile, say } from './figures.ts';
import type { ImportFigures } from './import-part.ts';
import { startPart } from './part.ts';

const LINES = Number(process.env.BENCH_LINES ?? 1_000_000);
const SEED = 1;
const NOBODYS = 0.1;
const ASKED = 1_000;
const WARM = 50;
/** For 1,000,000 lines; fewer have their share of it. */
const MOST_S = 120;
const MOST_BYTES = 1.5 * 1024 ** 3;
const MOST_ASKED_MS = 50;

/** A caseload list goes in, the next week's after it, and somebody asks what nobody holds. */
export async function importing(): Promise<boolean> {
  say(`import: a caseload list of ${LINES} lines by seed ${SEED} into the embedded store, on disk`);
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'baton-import-'));
  const part = startPart('import', new URL('./import-part.ts', import.meta.url), [folder]);
  try {
    const file = (week: number): string => join(folder, `week-${week}.csv`);
    for (const week of [1, 2]) {
      await writeCaseload(file(week), { lines: LINES, seed: SEED, nobodys: NOBODYS, week });
    }
    await part.ask('agree');
    const took: number[] = [];
    for (const [what, week] of [
      ['into an empty register', 1],
      ['the same file again', 1],
      ['next week’s', 2],
    ] as const) {
      let figures: ImportFigures | undefined;
      const cpu = await part.cpuOf(async () => {
        figures = await part.ask<ImportFigures>('import', { file: file(week) });
      });
      if (!figures) throw new Error('the import gave no figures');
      const { fresh, updated, same, unowned, lines } = figures.counts;
      if (lines !== LINES || fresh + updated + same !== LINES) throw new Error('not all of it went in');
      took.push(figures.ms / 1_000);
      say(
        `  ${what}: ${(figures.ms / 1_000).toFixed(1)} s, ${(cpu / 1_000).toFixed(1)} s of CPU, ` +
          `${Math.round(LINES / (figures.ms / 1_000))} lines a second; ${fresh} new (${unowned} nobody’s), ` +
          `${updated} brought up to date, ${same} the same; the store has ${mb(figures.bytes)}`,
      );
    }
    const peak = await part.ask<number>('peak');
    await part.ask('typed', { command: '/unowned', times: WARM });
    const asked = await part.ask<number[]>('typed', { command: '/unowned', times: ASKED });
    const p99 = quantile(asked, 0.99);
    say(
      `  /unowned, its first page: p50 ${ms(quantile(asked, 0.5))}, p99 ${ms(p99)}, most ${ms(Math.max(...asked))}`,
    );
    const most = (MOST_S * LINES) / 1_000_000;
    const slowest = Math.max(...took);
    return [
      aim(`${LINES} lines under ${most.toFixed(1)} s`, `${slowest.toFixed(1)} s`, slowest < most),
      aim(`under ${mb(MOST_BYTES)}`, mb(peak), peak < MOST_BYTES),
      aim(`/unowned at p99 under ${MOST_ASKED_MS} ms`, ms(p99), p99 < MOST_ASKED_MS),
    ].every((one) => one);
  } finally {
    await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
