import { written } from './digest-file.ts';
import type { Wired } from './wire.ts';

/**
 * A month's published figures about concerns: the lines to print, and, with `csv`, the same into a file. They are drawn
 * once and the same ever after. Errors: as `pack.month`; `Invalid` where the file cannot be written.
 */
export async function writeSafeguarding(
  { pack }: Pick<Wired, 'pack'>,
  pathway: string,
  month: string,
  csv?: string,
): Promise<string[]> {
  const { lines, csv: rows } = await pack.month(pathway, month);
  if (csv === undefined) return [...lines];
  // The mark by which a spreadsheet knows UTF-8.
  await written(csv, (file) => file.writeFile(`\uFEFF${rows.join('')}`));
  return [...lines, '', `${csv}: ${rows.length - 1} figures.`];
}
