import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Instant } from './core/clock.ts';
import { Invalid } from './core/errors.ts';
import type { Wired } from './wire.ts';

/** Where the digest goes; nowhere: its page is printed. */
export interface DigestFiles {
  readonly csv?: string;
  readonly print?: string;
}

/** So many lines are written at a time. */
const PORTION = 1_000;

/**
 * Writes what is open now between all partners: every figure and line as CSV, and as many lines as fit on one page of
 * plain text, by ids. That somebody took it with them is recorded. Gives the lines to print.
 * Errors: `Invalid` where a file cannot be written; `Refused` for an unknown pathway; those of the store.
 */
export async function writeDigest(
  { wholeDigest }: Pick<Wired, 'wholeDigest'>,
  pathway: string,
  { csv, print }: DigestFiles,
  now: Instant,
): Promise<string[]> {
  const { page, left, figures, lines } = await wholeDigest(pathway, { kind: 'system', job: 'operator' }, now);
  const said: string[] = [];
  if (csv === undefined && print === undefined) return page.split('\n');
  if (csv !== undefined) {
    const count = await written(csv, (file) => writeCsv(file, figures, lines));
    said.push(`${csv}: ${linesText(count)} and the figures of each partner.`);
  }
  if (print !== undefined) {
    await written(print, (file) => file.writeFile(`${page}\n`));
    said.push(`${print}: one page${left > 0 ? `, without ${linesText(left)} that do not fit` : ''}.`);
  }
  return said;
}

const linesText = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);

async function writeCsv(
  file: FileHandle,
  figures: readonly string[],
  lines: AsyncIterable<string>,
): Promise<number> {
  let rows = [...figures];
  let count = 0;
  const flush = async (): Promise<void> => {
    await file.writeFile(rows.map((row) => `${row}\r\n`).join(''));
    rows = [];
  };
  // The mark by which a spreadsheet knows UTF-8.
  await file.writeFile('\uFEFF');
  for await (const line of lines) {
    rows.push(line);
    count += 1;
    if (rows.length >= PORTION) await flush();
  }
  await flush();
  return count;
}

/** A file that is there whole or, when it cannot be written, as it was before. */
export async function written<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const beside = `${path}.part`;
  try {
    const file = await open(beside, 'w', 0o600);
    const result = await write(file).finally(() => file.close());
    await rename(beside, path);
    return result;
  } catch (error) {
    await rm(beside, { force: true });
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    throw new Invalid(`The file ${basename(path)} cannot be written. Check its path.`, []);
  }
}
