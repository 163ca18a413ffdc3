import { type Agreement, partnerName, roleOf } from './agreement.ts';
import { digestChanges } from './check-digest.ts';
import { safeguardingChanges } from './check-safeguarding.ts';
import { ladderChanges, raciChanges } from './diff-ladder.ts';
import { listChanges } from './diff-lists.ts';
import { trainingChanges } from './diff-training.ts';
import { same } from './same.ts';

/**
 * What changes from one agreement to the next, as plain sentences in the order of the file: what is added,
 * removed and changed, and which people leave. Empty when nothing changes.
 */
export function diffAgreements(before: Agreement | undefined, after: Agreement): string[] {
  if (!before) {
    return [
      `The pathway ${after.name} begins, with ${after.providers.length} providers and ${after.people.length} people.`,
    ];
  }
  const place = (terms: Agreement) => (at: Agreement['people'][number]['positions'][number]) =>
    `${roleOf(terms, at.role)?.name ?? at.role} at ${partnerName(terms, at.provider)}`;
  return [
    ...SETTINGS.flatMap(({ key, name }) =>
      same(before[key], after[key])
        ? []
        : [`The ${name} changes from ${wordFor(before[key])} to ${wordFor(after[key])}.`],
    ),
    ...entries(
      'The provider',
      before.providers,
      after.providers,
      (one) => one.id,
      (one) => one.name,
    ),
    ...entries(
      'The role',
      before.roles,
      after.roles,
      (one) => one.id,
      (one) => one.name,
    ),
    ...people(before, after, place(before), place(after)),
    ...channels(before, after),
    ...fields(before, after),
    ...entries(
      'The urgency',
      before.urgencies,
      after.urgencies,
      (one) => one.id,
      (one) => one.name,
    ),
    ...entries(
      'The rejection reason',
      before.rejection,
      after.rejection,
      (one) => one.code,
      (one) => one.text,
    ),
    ...entries(
      'The reason to accept with a gap',
      before.acceptWithGap,
      after.acceptWithGap,
      (one) => one.code,
      (one) => one.text,
    ),
    ...entries(
      'The outside sender',
      before.outside,
      after.outside,
      (one) => one.id,
      (one) => one.name,
    ),
    ...ladderChanges(before, after),
    ...raciChanges(before, after),
    ...listChanges(before, after),
    ...digestChanges(before, after),
    ...trainingChanges(before, after),
    ...safeguardingChanges(before, after),
    ...listed(before.extraHolidays, after.extraHolidays).map(
      ({ value, added }) =>
        `${value} ${added ? 'becomes' : 'is no longer'} a day closed like a bank holiday.`,
    ),
  ];
}

const SETTINGS = [
  { key: 'name', name: 'name of the pathway' },
  { key: 'zone', name: 'time zone' },
  { key: 'initialsOnCards', name: 'showing of initials on cards' },
] as const;

const wordFor = (value: string | boolean): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : value;

function entries<T extends object>(
  what: string,
  before: readonly T[],
  after: readonly T[],
  id: (one: T) => string,
  name: (one: T) => string,
): string[] {
  const sentences: string[] = [];
  for (const one of after) {
    const old = before.find((each) => id(each) === id(one));
    if (!old) sentences.push(`${what} ${name(one)} (${id(one)}) is added.`);
    else if (!same(old, one))
      sentences.push(`${what} ${name(one)} (${id(one)}) changes: ${changedKeys(old, one)}.`);
  }
  for (const one of before) {
    if (!after.some((each) => id(each) === id(one)))
      sentences.push(`${what} ${name(one)} (${id(one)}) is removed.`);
  }
  return sentences;
}

/** Says the old and new value of plain keys, and only the name of the others. */
function changedKeys(before: object, after: object): string {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .flatMap((key) => {
      const [old, now]: unknown[] = [Reflect.get(before, key), Reflect.get(after, key)];
      if (same(old, now)) return [];
      const plain = [old, now].every((value) => typeof value !== 'object');
      return [plain ? `${key} from ${plainWord(old)} to ${plainWord(now)}` : key];
    })
    .join(', ');
}

const plainWord = (value: unknown): string => (value === undefined ? 'nothing' : String(value));

type Placed = (at: Agreement['people'][number]['positions'][number]) => string;

function people(before: Agreement, after: Agreement, placeBefore: Placed, placeAfter: Placed): string[] {
  const sentences: string[] = [];
  for (const person of after.people) {
    const old = before.people.find((each) => each.key === person.key);
    if (!old) {
      sentences.push(`${person.name} (${person.key}) joins: ${person.positions.map(placeAfter).join(', ')}.`);
      continue;
    }
    if (old.name !== person.name) sentences.push(`${old.name} (${person.key}) is now called ${person.name}.`);
    if (!same(old.accounts, person.accounts))
      sentences.push(`${person.name} (${person.key}) has other accounts.`);
    for (const at of person.positions) {
      if (!old.positions.some((one) => same(one, at))) {
        sentences.push(`${person.name} (${person.key}) becomes ${placeAfter(at)}.`);
      }
    }
    for (const at of old.positions) {
      if (!person.positions.some((one) => same(one, at))) {
        sentences.push(`${person.name} (${person.key}) is no longer ${placeBefore(at)}.`);
      }
    }
  }
  for (const old of before.people) {
    if (!after.people.some((each) => each.key === old.key)) {
      sentences.push(`${old.name} (${old.key}) leaves: ${old.positions.map(placeBefore).join(', ')}.`);
    }
  }
  return sentences;
}

function channels(before: Agreement, after: Agreement): string[] {
  const providers = [...new Set([...after.channels, ...before.channels].map((one) => one.provider))];
  return providers.flatMap((provider) => {
    const of = (terms: Agreement) => terms.channels.filter((one) => one.provider === provider);
    if (same(of(before), of(after))) return [];
    const name = partnerName(of(after).length > 0 ? after : before, provider);
    if (of(before).length === 0) return [`${name} gets a channel.`];
    return [of(after).length === 0 ? `${name} loses its channel.` : `${name} gets another channel.`];
  });
}

function fields(before: Agreement, after: Agreement): string[] {
  return listed(before.dataset, after.dataset).map(
    ({ value, added }) => `The field ${value} ${added ? 'joins' : 'leaves'} the minimum dataset.`,
  );
}

function listed(before: readonly string[], after: readonly string[]): { value: string; added: boolean }[] {
  return [
    ...after.filter((value) => !before.includes(value)).map((value) => ({ value, added: true })),
    ...before.filter((value) => !after.includes(value)).map((value) => ({ value, added: false })),
  ];
}
