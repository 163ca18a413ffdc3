import {
  createColumns,
  type GrowingColumns,
  type Linked,
  link,
  type Person,
} from '../../../src/linkage/linkage.ts';

/** A record as `id, given, surname, dob, postcode, nhs`; its list is the first letter of its id. */
export function person(line: string): Person {
  const [id = '', given = '', surname = '', dob = '', postcode = '', nhs = ''] = line
    .split(',')
    .map((value) => value.trim());
  return { id, provider: id.charAt(0), given, surname, dob, postcode, nhs };
}

export function columnsOf(people: readonly Person[]): { columns: GrowingColumns; ids: string[] } {
  const columns = createColumns();
  for (const one of people) columns.add(one);
  return { columns, ids: people.map(({ id }) => id) };
}

export function linkPeople(people: readonly Person[]): Linked {
  const { columns, ids } = columnsOf(people);
  return link(columns, ids);
}

/** `a1 b1` → band, for all suggestions. */
export const bandsOf = ({ suggestions }: Linked): Record<string, string> =>
  Object.fromEntries(suggestions.map(({ idA, idB, band }) => [`${idA} ${idB}`, band]));

const GIVEN =
  'anna ben carla dominic edith farid grace hugo irma jonas kira leon maud nils olive percy'.split(' ');
const SURNAMES =
  'abbott barnes carver dalton eastwood farrow garland hobson ingram jarvis kemp lomax morley norris osborne pruett ' +
  'quick ransome salter tindall underhill verney wexford yardley zeller';

/** Strangers, each with another name and birth date, so that a small register has somebody to compare with. */
export function strangers(count: number, prefix = 'z'): Person[] {
  const surnames = SURNAMES.split(' ');
  return Array.from({ length: count }, (_, n) =>
    person(
      `${prefix}${n}, ${GIVEN[(n * 7) % GIVEN.length]}, ${surnames[(n * 11 + Math.floor(n / 25)) % surnames.length]}, ` +
        `${1930 + ((n * 13) % 80)}-${String(1 + ((n * 5) % 12)).padStart(2, '0')}-${String(1 + ((n * 17) % 28)).padStart(2, '0')}, ` +
        `Q${String.fromCharCode(65 + (n % 26))}${1 + (n % 9)} ${n % 10}XY`,
    ),
  );
}
