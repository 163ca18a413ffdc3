import { markOf } from '../core/marks.ts';
import type { CaseDoc, Person } from './case.ts';

/** What a changed identity replaces: an earlier one of these would name or find the person as they were. */
const IDENTIFYING = ['given', 'surname', 'dob', 'nhsNumber'] as const;
type Identifying = (typeof IDENTIFYING)[number];
const NAMES = ['given', 'surname'] as const;

/** Is the person of this case somebody whose identity was changed, so that no earlier name is shown? */
export const isChanged = (caseDoc: Pick<CaseDoc, 'marked' | 'person'>): boolean =>
  markOf(caseDoc) === 'changed-identity';

/** Does this field say who somebody is, so that of somebody whose identity was changed it may be the earlier one? */
export const isIdentifying = (field: string): boolean => IDENTIFYING.some((one) => one === field);

/** The names in `told` that the person does not have now. */
export const namesBeside = (told: Person, now: Person): readonly string[] =>
  NAMES.flatMap((field) => {
    const name = told[field]?.trim();
    const same = NAMES.some((one) => now[one]?.trim().toLowerCase() === name?.toLowerCase());
    return name === undefined || name === '' || same ? [] : [name];
  });

/** As `told`, but who they are as `now` says. */
export function asNow(told: Person, now: Person): Person {
  const rest = Object.entries(told).filter(([field]) => !isIdentifying(field));
  const identity = IDENTIFYING.flatMap((field): [Identifying, string][] => {
    const value = now[field];
    return value === undefined ? [] : [[field, value]];
  });
  return { ...Object.fromEntries(rest), ...Object.fromEntries(identity) };
}

/**
 * A case that counts from now on with `kept`. Where that is of somebody whose identity was changed, it says of the person
 * what they would be found by no more: all that it has of them is as they were.
 */
export function mergedWith(caseDoc: CaseDoc, kept: Pick<CaseDoc, 'marked' | 'person'>): CaseDoc {
  if (!isChanged(kept) || caseDoc.beforeMerge) return caseDoc;
  const { person, marked, earlierNames = [] } = caseDoc;
  return {
    ...caseDoc,
    person: asNow(person, {}),
    marked: 'changed-identity',
    earlierNames: [...new Set([...earlierNames, ...namesBeside(person, {})])],
    beforeMerge: { person, ...(marked && { marked }), ...(caseDoc.earlierNames && { earlierNames }) },
  };
}

/** The case as it was before it counted with another. */
export function unmerged(caseDoc: CaseDoc): CaseDoc {
  const { beforeMerge, marked: _marked, earlierNames: _names, ...rest } = caseDoc;
  if (!beforeMerge) return caseDoc;
  return { ...rest, ...beforeMerge };
}

/**
 * What a case knows of its person after somebody told of them anew. It is what was told, unless their identity was
 * changed: then only who says so too says who they are now. Earlier names are kept, never shown, to keep them out of
 * what is shown.
 */
export function told(
  before: Pick<CaseDoc, 'marked' | 'person' | 'earlierNames'> | undefined,
  person: Person,
): Pick<CaseDoc, 'person' | 'earlierNames'> {
  if (!before) return { person };
  const says = person.marked === 'changed-identity';
  if (!says && !isChanged(before)) return { person };
  const now = says ? person : asNow(person, before.person);
  const earlier = new Set([
    ...(before.earlierNames ?? []),
    ...namesBeside(before.person, now),
    ...namesBeside(person, now),
  ]);
  const present = namesBeside(now, {}).map((name) => name.toLowerCase());
  const earlierNames = [...earlier].filter((name) => !present.includes(name.toLowerCase()));
  return { person: now, ...((before.earlierNames || earlierNames.length > 0) && { earlierNames }) };
}
