import { z } from 'zod/v4';

/** Characters that show nothing: white space, controls, zero-width and direction marks. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/gu;

/** Does the text show anything to a reader? */
export function hasText(value: string | undefined): value is string {
  return value !== undefined && value.replace(INVISIBLE, '') !== '';
}

/** Is it text that can be stored and shown again as it is: no NUL, no half of a surrogate pair? */
export function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

/** Up to two initials of a person, such as `M.K.`; empty when there is no name. */
export function initials(given: string | undefined, surname: string | undefined): string {
  return [given, surname]
    .filter(hasText)
    .map((name) => `${[...name.trim().normalize('NFC')][0]?.toLocaleUpperCase('en-GB')}.`)
    .join('');
}

/** The longest free text in one field, in characters; a longer one is refused with this limit. */
export const MAX_TEXT = 4_000;

/** What is wrong with a required free text, as an instruction; undefined when nothing is. */
export function textProblem(value: string, ifEmpty: string): string | undefined {
  if (!hasText(value)) return ifEmpty;
  if (value.trim().length > MAX_TEXT) {
    return `Use at most ${MAX_TEXT.toLocaleString('en-GB')} characters; this has ${value.trim().length.toLocaleString('en-GB')}.`;
  }
  return isStorable(value) ? undefined : 'Remove the characters that cannot be read, and send it again.';
}

/** An optional field of free text, trimmed, of at most `max` characters. */
export const optionalText = (max = MAX_TEXT) =>
  z
    .string()
    .trim()
    .max(max, `use at most ${max.toLocaleString('en-GB')} characters`)
    .optional();
