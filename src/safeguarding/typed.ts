import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import { hasText, MAX_TEXT, textProblem } from '../core/text.ts';
import { localDateOf } from '../core/wording.ts';
import type { Concern } from './concern.ts';
import type { Facts } from './facts.ts';
import { typedInstant } from './fields.ts';
import type { Inputs } from './form.ts';

/** Reading what somebody typed into a form about a concern: what is wrong is said, field by field. */

/** Says what is wrong with an input, as an instruction. */
export type Say = (field: string, message: string) => void;
export const sayInto =
  (problems: Problem[]): Say =>
  (field, message) =>
    void problems.push({ field, message });

/** Is it one of the codes of these words? */
export const isOf = <T extends object>(words: T, code: string | undefined): code is keyof T & string =>
  code !== undefined && Object.hasOwn(words, code);

/** Longer ago than this before a concern was raised, a day is a slip of the pen. */
const MOST_YEARS_BEFORE = 1;

/**
 * The moment at which something happened, of a day and a time of the pathway's zone; the day's begin where no time is
 * given. Undefined where something is wrong, which is said: not given, not come yet, or long before the concern.
 */
export function readMoment(
  [day, time]: readonly [day: string, time: string],
  inputs: Inputs,
  { concern, today, now }: Pick<Facts, 'concern' | 'today' | 'now'>,
  { missing, future }: { readonly missing: string; readonly future: string },
  say: Say,
): Instant | undefined {
  const at = typedInstant(inputs[day], inputs[time], today.zone);
  if (at === undefined) {
    say(day, missing);
    return undefined;
  }
  if (at > now) {
    say(day, future);
    return undefined;
  }
  if (Date.parse(at) < earliest(concern, today.zone)) {
    say(day, `Check the year: this is more than ${MOST_YEARS_BEFORE} year before the concern was raised.`);
    return undefined;
  }
  return at;
}

const earliest = ({ raisedAt }: Pick<Concern, 'raisedAt'>, zone: string): number =>
  Temporal.PlainDate.from(localDateOf(raisedAt, zone))
    .subtract({ years: MOST_YEARS_BEFORE })
    .toZonedDateTime(zone).epochMilliseconds;

/** The longest reference, in characters. */
export const MOST_REFERENCE = 200;

/** A reference as it was typed; undefined where there is none, or where something is wrong, which is said. */
export function readReference(field: string, inputs: Inputs, say: Say): string | undefined {
  const typed = inputs[field];
  if (!hasText(typed)) return undefined;
  const wrong =
    textProblem(typed, '') ??
    (typed.trim().length > MOST_REFERENCE
      ? `Shorten the reference to ${MOST_REFERENCE} characters.`
      : undefined);
  if (wrong) say(field, wrong);
  return wrong ? undefined : typed.trim();
}

/** The longest of several texts on one form, in characters: together they are shown again on one card. */
export const MOST_OF_SEVERAL = 1_500;

/** A text of at most `most` characters, trimmed; what is wrong with it is said. `ifEmpty` absent: it may be empty. */
export function readText(
  field: string,
  inputs: Inputs,
  ifEmpty: string | undefined,
  say: Say,
  most = MAX_TEXT,
): string {
  const typed = inputs[field] ?? '';
  const text = hasText(typed) ? typed.trim() : '';
  if (text === '' && ifEmpty === undefined) return '';
  const wrong =
    textProblem(text, ifEmpty ?? '') ??
    (text.length > most
      ? `Use at most ${most.toLocaleString('en-GB')} characters; this has ${text.length.toLocaleString('en-GB')}.`
      : undefined);
  if (wrong) say(field, wrong);
  return text;
}
