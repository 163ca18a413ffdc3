import type { Verdict } from '../core/change.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { checkNhsNumber } from '../core/nhs-number.ts';
import { readRegisterId } from '../core/register-id.ts';
import { hasText, isStorable, textProblem } from '../core/text.ts';
import { readDate, typedDate } from '../core/wording.ts';
import type { Concern } from './concern.ts';
import type { Correction } from './entries.ts';
import { answering, changed, type Facts, happened, personOf, positionOf } from './facts.ts';
import type { Inputs } from './form.ts';
import { NO_CASE } from './form-problems.ts';
import type { Told } from './told.ts';

/** Whom a concern is about as it is known now: corrected, or as its raiser sent it. */
export const personAbout = ({
  told,
  corrections = [],
}: Pick<Concern, 'told' | 'corrections'>): Told['person'] =>
  corrections.findLast((one) => one.what === 'person')?.person ?? told.person;

const PERSON = ['given', 'surname', 'nhsNumber', 'whereNow'] as const;
/** The longest of each, in characters. */
const MAX = 200;

/** The form of correcting the person, as it stands now. */
export function personInputs(concern: Concern): Inputs {
  const { dob, ...person } = personAbout(concern);
  const all = { ...person, ...(dob !== undefined && { dob: typedDate(dob) }) };
  return Object.fromEntries(
    Object.entries(all).flatMap(([field, text]) => (text === undefined ? [] : [[field, text]])),
  );
}

/** Do both say the same, in whatever order? */
const isSame = (one: Told['person'], other: Told['person']): boolean =>
  [...PERSON, 'dob' as const].every((field) => one[field] === other[field]);

/**
 * The person is another, or is called otherwise, than its raiser sent: both are kept, only for those entitled. Errors:
 * `Invalid`, `Refused` for whoever raised it.
 */
export function correctPerson(facts: Facts, inputs: Inputs): Verdict {
  answering(facts);
  const { concern } = facts;
  const problems: Problem[] = [];
  const say = (field: string, message: string): void => void problems.push({ field, message });
  for (const field of PERSON) {
    const value = inputs[field] ?? '';
    if (value.trim().length > MAX || !isStorable(value))
      say(field, `Use at most ${MAX} plain characters each.`);
  }
  if (checkNhsNumber(inputs.nhsNumber) === 'invalid')
    say('nhsNumber', 'This is not a valid NHS number. Check the ten digits, or leave it empty.');
  const dob = hasText(inputs.dob) ? readDate(inputs.dob) : undefined;
  if (hasText(inputs.dob) && dob === undefined)
    say('dob', 'Write the date of birth as day, month and year, such as 07/03/1942.');
  const wrong = textProblem(inputs.correctWhy ?? '', 'Write how you know.');
  if (wrong) say('correctWhy', wrong);
  if (problems.length > 0) throw new Invalid('Not corrected yet.', problems);
  const person: Told['person'] = {
    ...Object.fromEntries(
      PERSON.flatMap((field) => (hasText(inputs[field]) ? [[field, inputs[field].trim()]] : [])),
    ),
    ...(dob !== undefined && { dob }),
  };
  const before = personAbout(concern);
  if (isSame(person, before)) return { kind: 'done' };
  return corrected(facts, concern, { what: 'person', person, before, reason: reasonOf(inputs) });
}

/**
 * The case is another one, or none. The wrong one no longer lists the concern; both are kept, only for those entitled.
 * Whether there is such a case is looked up beforehand: `known`. Errors: `Invalid`, `Refused` for whoever raised it.
 */
export function correctCase(facts: Facts, inputs: Inputs, known: boolean): Verdict {
  answering(facts);
  const { concern } = facts;
  const problems: Problem[] = [];
  const caseId = hasText(inputs.caseNumber) ? readRegisterId(inputs.caseNumber) : undefined;
  if (hasText(inputs.caseNumber) && (caseId === undefined || !known))
    problems.push({ field: 'caseNumber', message: NO_CASE });
  const wrong = textProblem(inputs.correctWhy ?? '', 'Write how you know.');
  if (wrong) problems.push({ field: 'correctWhy', message: wrong });
  if (problems.length > 0) throw new Invalid('Not corrected yet.', problems);
  const { caseId: before, ...rest } = concern;
  if (caseId === before) return { kind: 'done' };
  const after: Concern = { ...rest, ...(caseId !== undefined && { caseId }) };
  return corrected(facts, after, {
    what: 'case',
    ...(caseId !== undefined && { caseId }),
    ...(before !== undefined && { before }),
    reason: reasonOf(inputs),
  });
}

const reasonOf = ({ correctWhy = '' }: Inputs): string => correctWhy.trim();

type Said =
  | Omit<Extract<Correction, { what: 'person' }>, 'n' | 'by' | 'at'>
  | Omit<Extract<Correction, { what: 'case' }>, 'n' | 'by' | 'at'>;

function corrected(facts: Facts, concern: Concern, said: Said): Verdict {
  const { actor, today, now } = facts;
  const all = concern.corrections ?? [];
  const by = personOf(actor, positionOf(actor, today));
  const one = { ...said, n: all.length + 1, by, at: now } as Correction;
  const after: Concern = { ...concern, corrections: [...all, one] };
  const event = happened(facts, 'concern.corrected', { n: one.n, what: one.what });
  return { kind: 'change', change: changed(after, [event]) };
}
