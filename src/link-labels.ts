import { readCsv } from './core/csv.ts';
import { Invalid, type Problem } from './core/errors.ts';

/** Who is who, as a file of labels says. */
export interface Labels {
  same(idA: string, idB: string): boolean;
  /** How many pairs of records are one person. */
  readonly pairs: number;
}

const MAX_PROBLEMS = 50;

/**
 * Reads labels: CSV of pairs that are one person (`id_a,id_b`), or of each record's person (`id,entity`; a record
 * that is not there is a person by itself). Errors: `Invalid` with every line that is wrong.
 */
export function readLabels(file: string, text: string, ids: ReadonlySet<string>): Labels {
  const problems: Problem[] = [];
  const wrong = (line: number, column: string, message: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ field: `${file}:${line} ${column}`, message });
  };
  let columns: readonly [string, string] | undefined;
  let places: readonly [number, number] = [0, 1];
  const rows: [string, string][] = [];
  const open = readCsv(text, (line, values) => {
    if (!columns) {
      const names = values.map((name) => name.trim().toLowerCase());
      columns = names.includes('entity') ? ['id', 'entity'] : ['id_a', 'id_b'];
      places = [names.indexOf(columns[0]), names.indexOf(columns[1])];
      if (places.includes(-1)) wrong(line, columns[0], 'the first line is id_a,id_b or id,entity');
      return;
    }
    const [left, right] = places.map((place) => values[place]?.trim() ?? '') as [string, string];
    for (const [at, value] of [left, right].entries()) {
      const column = columns[at] as string;
      if (value === '') wrong(line, column, 'it is empty: write one');
      else if (column !== 'entity' && !ids.has(value))
        wrong(line, column, 'the file has no record of this id');
    }
    if (columns[0] === 'id_a' && left === right) wrong(line, 'id_b', 'a record is no pair with itself');
    rows.push([left, right]);
  });
  if (open !== undefined) wrong(open, 'value', 'a quoted value is not closed: end it with "');
  if (!columns) wrong(1, 'id_a', 'it is empty: its first line is id_a,id_b or id,entity');
  if (problems.length > 0) throw new Invalid('The labels cannot be used.', problems);
  return columns?.[1] === 'entity' ? byEntity(rows) : byPair(rows);
}

function byEntity(rows: readonly [string, string][]): Labels {
  const entities = new Map(rows);
  const sizes = new Map<string, number>();
  for (const entity of entities.values()) sizes.set(entity, (sizes.get(entity) ?? 0) + 1);
  let pairs = 0;
  for (const size of sizes.values()) pairs += (size * (size - 1)) / 2;
  const same = (idA: string, idB: string): boolean => {
    const entity = entities.get(idA);
    return entity !== undefined && entity === entities.get(idB);
  };
  return { same, pairs };
}

function byPair(rows: readonly [string, string][]): Labels {
  const keyOf = (idA: string, idB: string): string => JSON.stringify(idA < idB ? [idA, idB] : [idB, idA]);
  const known = new Set(rows.map(([idA, idB]) => keyOf(idA, idB)));
  return { same: (idA, idB) => known.has(keyOf(idA, idB)), pairs: known.size };
}
