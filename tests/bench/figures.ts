/** The middle of the figures, between two where they are even. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

/** The figure that `share` (0 to 1) of all do not exceed, by nearest rank. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** `1.23 (1.10–1.40)`: median, least and most. */
export function spread(figures: readonly number[], digits = 2): string {
  const by = (figure: number): string => figure.toFixed(digits);
  return `${by(median(figures))} (${by(Math.min(...figures))}–${by(Math.max(...figures))})`;
}

export const mb = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
export const ms = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The last line of a bench: what was to be reached, what was, and whether. */
export function aim(what: string, found: string, reached: boolean): boolean {
  say(`aim: ${what}: ${found}: ${reached ? 'reached' : 'missed'}`);
  return reached;
}

export const sleep = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs));

/** Runs `count` jobs, so many at once. */
export async function several(
  count: number,
  atOnce: number,
  job: (n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await job(n);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}
