import type { Measured, Quality } from '../../src/linkage/linkage.ts';
import { FEBRL_SETS, febrlMissing, linkFebrl } from '../support/febrl.ts';
import { aim, mb, ms, quantile, say } from './figures.ts';
import type { FoundFigures, LinkedFigures } from './linkage-part.ts';
import { startPart } from './part.ts';

const SIZE = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const SEED = 1;
const THREADS = 2;
const ASKED = 5_000;
const WARM = 500;

const LEAST_F1 = 0.98;
const MOST_S = 15;
const MOST_BYTES = 1.5 * 1024 ** 3;
const LEAST_CERTAIN = { precision: 0.999, recall: 0.6 };
const MOST_FIND_MS = 2;
/** F1 at a probability of 0.5, by set: with the id, and without. */
const FEBRL_AIMS: Readonly<Record<string, readonly [number, number]>> = {
  '1': [0.998, 0],
  '2': [0.998, 0],
  '3': [0.996, 0.985],
  '4': [0.999, 0.992],
};

/** Finding the same person: how well on public sets and on a million people, what it costs, and one looked up. */
export async function linkage(): Promise<boolean> {
  say('linkage: the same person found in the FEBRL sets, and among people made up by seed');
  const reached = febrl();
  return (await register()) && reached;
}

function febrl(): boolean {
  const missing = febrlMissing();
  if (missing !== undefined) {
    say(`  ${missing}: left out`);
    return true;
  }
  say('  FEBRL by given name, surname, birth date and postcode, with and without the number as NHS number');
  return FEBRL_SETS.flatMap((set) =>
    [true, false].map((number, at) => {
      const { measured } = linkFebrl(set, number);
      const what = `FEBRL ${set} ${number ? 'with' : 'without'} the id`;
      show(what, measured);
      const least = FEBRL_AIMS[set]?.[at] ?? 0;
      const { f1 } = measured.overall;
      return least === 0 || aim(`${what}: F1 of ${least}`, share(f1), (f1 ?? 0) >= least);
    }),
  ).every((one) => one);
}

async function register(): Promise<boolean> {
  const part = startPart('linkage', new URL('./linkage-part.ts', import.meta.url), [], {
    node: ['--max-old-space-size=1400'],
  });
  const made = await part.ask<number>('make', { size: SIZE, seed: SEED });
  say();
  say(`  ${made} records by seed ${SEED}: 25 % without NHS number, 4 % of these mistyped, people who moved,`);
  say('  were renamed or whose names are swapped, households and twins; a quarter is on two or three lists');
  let figures: LinkedFigures | undefined;
  const cpu = await part.cpuOf(async () => {
    figures = await part.ask<LinkedFigures>('link', { threads: THREADS });
  });
  if (!figures) throw new Error('the linkage gave no figures');
  const { readMs, linkMs, compared, measured } = figures;
  const peak = await part.ask<number>('peak');
  const wall = (readMs + linkMs) / 1_000;
  say(
    `  ${wall.toFixed(1)} s with ${THREADS} threads (${(readMs / 1_000).toFixed(1)} s for the columns), ` +
      `${(cpu / 1_000).toFixed(1)} s of CPU, ${compared} pairs compared`,
  );
  say(`  at most ${mb(peak)}, the ${made} records that were made included`);
  show('the register', measured);

  const built = await part.ask<number>('index');
  await part.ask('find', { count: WARM, seed: SEED + 1 });
  const { times, best, found } = await part.ask<FoundFigures>('find', {
    count: ASKED,
    seed: SEED + 2,
  });
  await part.stop();
  const p99 = quantile(times, 0.99);
  say(`  an index of it in ${(built / 1_000).toFixed(1)} s`);
  say(
    `  one person looked up: p50 ${quantile(times, 0.5).toFixed(3)} ms, p99 ${p99.toFixed(3)} ms, most ` +
      `${ms(Math.max(...times))}; ${found} found for ${ASKED}, with band and reasons`,
  );
  say(
    `  the best of three of each: p50 ${quantile(best, 0.5).toFixed(3)} ms, p99 ${quantile(best, 0.99).toFixed(3)} ms`,
  );

  const { f1 } = measured.overall;
  const certain = measured.bands.find(({ band }) => band === 'certain');
  return [
    aim(`F1 of ${LEAST_F1} with a review band`, share(f1), (f1 ?? 0) >= LEAST_F1),
    aim(
      `certain: precision ${LEAST_CERTAIN.precision} and recall ${LEAST_CERTAIN.recall}`,
      `${share(certain?.precision)} and ${share(certain?.recall)}`,
      (certain?.precision ?? 0) >= LEAST_CERTAIN.precision && (certain?.recall ?? 0) >= LEAST_CERTAIN.recall,
    ),
    aim(`in ${MOST_S} s on two threads`, `${wall.toFixed(1)} s`, wall <= MOST_S),
    aim(`in ${mb(MOST_BYTES)}`, mb(peak), peak <= MOST_BYTES),
    aim(`p99 of one person ${MOST_FIND_MS} ms`, `${p99.toFixed(2)} ms`, p99 <= MOST_FIND_MS),
  ].every((one) => one);
}

function show(what: string, { bands, overall }: Measured): void {
  const line = (name: string, { pairs, precision, recall, f1 }: Quality): void =>
    say(
      `    ${name.padEnd(8)} ${String(pairs).padStart(7)} pairs  precision ${share(precision)}  ` +
        `recall ${share(recall)}  F1 ${share(f1)}`,
    );
  say(`  ${what}`);
  for (const { band, ...quality } of bands) line(band, quality);
  line('p ≥ 0.5', overall);
}

const share = (value: number | null | undefined): string => (value ?? Number.NaN).toFixed(4);
