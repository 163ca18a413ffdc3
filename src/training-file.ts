import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { type CsvRecord, csvRecords } from './core/csv.ts';
import { Invalid } from './core/errors.ts';
import type { Wired } from './wire.ts';

/**
 * Imports the training dates of a CSV file, all of them or none. Gives the lines to print.
 * Errors: `Invalid` with every problem by its line; `Refused` for an unknown pathway; those of the store.
 */
export async function importTrainingFile(
  { training }: Pick<Wired, 'training'>,
  pathway: string,
  path: string,
): Promise<string[]> {
  const records: CsvRecord[] = [];
  const cannot = new Invalid(`The training file ${basename(path)} cannot be read. Check its path.`, []);
  await access(path).catch(() => {
    throw cannot;
  });
  try {
    for await (const record of csvRecords(createReadStream(path))) records.push(record);
  } catch (error) {
    throw error instanceof Invalid ? error : cannot;
  }
  const operator = { kind: 'system', job: 'operator' } as const;
  const { fresh, newer, known, older } = await training.importFile(
    pathway,
    operator,
    basename(path),
    records,
  );
  return [
    fresh + newer > 0 ? `Training dates: ${fresh} new, ${newer} newer than before.` : 'Nothing changes.',
    ...(known > 0 ? [`${known} were there already.`] : []),
    ...(older > 0 ? [`${older} are older than what is held, and were left out.`] : []),
  ];
}
