import type { Agreement } from '../agreement/agreement.ts';
import { peopleInRole } from '../agreement/agreement.ts';
import type { AskedTerms } from '../agreement/safeguarding.ts';
import { plainName } from '../linkage/names.ts';
import { oneEdit } from '../linkage/near.ts';
import type { Concern } from './concern.ts';

/** As what somebody may know of a concern. */
export type Knows = 'raiser' | 'safeguarding';

type About = Pick<Concern, 'raisedBy' | 'staff' | 'named' | 'moves'>;

/**
 * Do only the lead, the deputy and the raiser know of it? Until a typed name is matched, and while nobody knows
 * whether it is about somebody of a partner.
 */
export const isNarrow = ({ staff, named }: Pick<Concern, 'staff' | 'named'>): boolean =>
  staff === 'unknown' ||
  named.some((one) => 'typed' in one && one.matched === undefined) ||
  (staff === 'yes' && named.length === 0);

/**
 * Keys of the people who must not know of it: those named, whoever manages them or is managed by them where that is
 * known, and, for a typed name that nobody has matched, everybody whom it may mean.
 */
export function inConflict({ named }: Pick<Concern, 'named'>, terms: Agreement): ReadonlySet<string> {
  const theirs = named.flatMap((one) => {
    if ('person' in one) return [one.person];
    if (one.matched) return one.matched;
    return terms.people.filter(({ name }) => mayMean(one.typed, name)).map(({ key }) => key);
  });
  // One person may be entered twice, with an account each.
  const names = new Set(
    terms.people.filter(({ key }) => theirs.includes(key)).map(({ name }) => plainName(name)),
  );
  const all = [
    ...theirs,
    ...terms.people.filter(({ name }) => names.has(plainName(name))).map(({ key }) => key),
  ];
  const around = (terms.safeguarding?.manages ?? []).flatMap(({ manager, of }) => [
    ...(all.includes(manager) ? of : []),
    ...(of.some((one) => all.includes(one)) ? [manager] : []),
  ]);
  return new Set([...all, ...around]);
}

/** As what this person may know of it; undefined for everybody who may not. */
export function mayKnow(concern: About, person: string, terms: Agreement): Knows | undefined {
  if (concern.raisedBy.person === person) return 'raiser';
  return entitled(concern, terms).includes(person) ? 'safeguarding' : undefined;
}

/** Is this somebody who answers for some concerns, whichever? */
export const answersForSome = (person: string, terms: Agreement): boolean =>
  (terms.safeguarding?.ask ?? []).some(({ provider, role }) =>
    peopleInRole(terms, provider, role).includes(person),
  );

/**
 * Keys of the people who answer for it, as the agreement stands today, and of those for whom was written what moved
 * with its case, without those in conflict.
 */
export function entitled(concern: About, terms: Agreement): readonly string[] {
  const steps = stepsFor(concern, terms);
  const conflict = inConflict(concern, terms);
  const receivers = isNarrow(concern)
    ? []
    : (concern.moves ?? []).flatMap(({ written }) => written?.receiver ?? []);
  const there = receivers.filter((key) => !conflict.has(key) && terms.people.some((one) => one.key === key));
  return [...new Set([...steps.flatMap((step) => peopleFor(concern, step, terms)), ...there])];
}

/** The steps of the agreement's way that this concern may take. */
export const stepsFor = (
  concern: Pick<Concern, 'staff' | 'named'>,
  terms: Agreement,
): readonly AskedTerms[] =>
  (terms.safeguarding?.ask ?? []).filter(({ as }) => !isNarrow(concern) || as === 'lead' || as === 'deputy');

/** Keys of the people of one step who may know of it. */
export function peopleFor(
  concern: Pick<Concern, 'named'>,
  { provider, role }: Pick<AskedTerms, 'provider' | 'role'>,
  terms: Agreement,
): readonly string[] {
  const conflict = inConflict(concern, terms);
  return peopleInRole(terms, provider, role).filter((person) => !conflict.has(person));
}

/** The words of a name as linkage compares them; initials and placeholders say nothing. */
const wordsOf = (name: string): string[] =>
  name
    .split(/[\s,]+/u)
    .map(plainName)
    .filter((word) => word.length > 1);

const unitsOf = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0));

/** Words shorter than this are too short for a slip: every other one is one letter apart. */
const LEAST_FOR_SLIP = 4;

/** One begins the other, or they are a slip of one letter apart. */
function alike(one: string, other: string): boolean {
  if (one.startsWith(other) || other.startsWith(one)) return true;
  if (Math.min(one.length, other.length) < LEAST_FOR_SLIP) return false;
  return oneEdit(unitsOf(one), 0, one.length, unitsOf(other), 0, other.length);
}

/**
 * May these typed words mean somebody of this name? Any one word of either will do: who is kept out wrongly is asked
 * once the lead has matched it, and who is told wrongly cannot be untold.
 */
export const mayMean = (typed: string, name: string): boolean =>
  wordsOf(typed).some((word) => wordsOf(name).some((part) => alike(word, part)));
