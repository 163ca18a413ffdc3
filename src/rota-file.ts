import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Invalid } from './core/errors.ts';
import type { Wired } from './wire.ts';

/**
 * Imports the shifts of a CSV file, all of them or none. Gives the lines to print.
 * Errors: `Invalid` with every problem by its line; `Refused` for an unknown pathway; those of the store.
 */
export async function importRotaFile(
  { rota }: Pick<Wired, 'rota'>,
  pathway: string,
  path: string,
): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Invalid(`The rota file ${basename(path)} cannot be read. Check its path.`, []);
  });
  const operator = { kind: 'system', job: 'operator' } as const;
  const { fresh, moved, known, over } = await rota.importFile(pathway, operator, basename(path), text);
  return [
    fresh + moved > 0 ? `On the rota: ${fresh} new, ${moved} with another end.` : 'Nothing changes.',
    ...(known > 0 ? [`${known} were there already, or were imported before.`] : []),
    ...(over > 0 ? [`${over} are over already.`] : []),
  ];
}
