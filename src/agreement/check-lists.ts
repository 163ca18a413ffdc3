import { parseSpan, spanProblem } from '../core/working-time.ts';
import { type Agreement, providerOf, roleOf } from './agreement.ts';
import { type Finding, finding, twice, unknownProvider, unknownRole } from './finding.ts';

/** Lists that could not be read, and a register that nobody could take from. */
export function checkLists(terms: Agreement): Finding[] {
  return [
    ...twice(
      terms.lists.map(({ provider }) => provider),
      (at) => ['lists', at, 'provider'],
      'the list of',
    ),
    ...terms.lists.flatMap(({ provider }, at) =>
      providerOf(terms, provider) ? [] : [unknownProvider(['lists', at, 'provider'], provider)],
    ),
    ...terms.lists.flatMap(({ columns }, at) => sameColumn(columns, at)),
    ...(terms.register.take ?? []).flatMap((role, at) => takes(terms, role, at)),
    ...twice(terms.register.take ?? [], (at) => ['register', 'take', at], 'the role'),
    ...asksAboutMarked(terms),
    ...length(terms, 'unowned', 'to take a case'),
    ...length(terms, 'mismatch', 'to settle a mismatch'),
    ...longWait(terms),
  ];
}

function length({ register }: Agreement, of: 'unowned' | 'mismatch', what: string): Finding[] {
  const { within, clock } = register[of];
  const span = spanProblem(within, clock);
  return span === undefined
    ? []
    : [finding(['register', of, 'within'], `${within} on ${clock} is no time ${what}`, span)];
}

/** Lists have days and no hours. */
function longWait({ register }: Agreement): Finding[] {
  const span = parseSpan(register.longWait);
  const wrong = `${register.longWait} is no number of days`;
  return span && span.minutes === 0
    ? []
    : [finding(['register', 'longWait'], wrong, 'write whole days, such as 28d')];
}

/** One column read as two things would make a date of birth out of a date of discharge. Names are compared in any case. */
function sameColumn(columns: object, at: number): Finding[] {
  const seen = new Map<string, string>();
  return Object.entries(columns).flatMap(([field, column]) => {
    const name = String(column).trim().toLowerCase();
    const other = seen.get(name);
    if (other === undefined) seen.set(name, field);
    return other === undefined
      ? []
      : [
          finding(
            ['lists', at, 'columns', field],
            `the column ${column} is already read as ${other}`,
            'name another column, or remove one of the two',
          ),
        ];
  });
}

function takes(terms: Agreement, role: string, at: number): Finding[] {
  const path = ['register', 'take', at] as const;
  if (!roleOf(terms, role)) return [unknownRole(path, role)];
  return isHeld(terms, role)
    ? []
    : [
        finding(
          path,
          `nobody has the role ${role}, so nobody could take a case in it`,
          'give it to somebody, or remove it here',
        ),
      ];
}

const isHeld = ({ people }: Agreement, role: string): boolean =>
  people.some(({ positions }) => positions.some((one) => one.role === role));

/** A role that is not there or that nobody has would leave pairs with a marked record to nobody. */
function asksAboutMarked(terms: Agreement): Finding[] {
  const { markedRecords: role } = terms.register;
  const path = ['register', 'markedRecords'] as const;
  if (role === undefined) return [];
  if (!roleOf(terms, role)) return [unknownRole(path, role)];
  return isHeld(terms, role)
    ? []
    : [
        finding(
          path,
          `nobody has the role ${role}, so nobody would be asked about marked records`,
          'give it to somebody, or name a role that somebody has',
        ),
      ];
}
