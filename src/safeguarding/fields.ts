import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/clock.ts';
import { hasText } from '../core/text.ts';

/** The inputs of the forms about concerns, as their templates read them. */
export type Kind = 'text' | 'long' | 'choice' | 'pick' | 'several' | 'date' | 'time';
export interface Choice {
  readonly title: string;
  readonly value: string;
}
export interface Field {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  readonly required: boolean;
  readonly error: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
}

/** One input of a form; nothing is preselected. */
export const field = (id: string, kind: Kind, label: string, more: Partial<Field> = {}): Field => ({
  id,
  kind,
  label,
  required: false,
  error: 'Answer this',
  placeholder: '',
  choices: [],
  ...more,
});
/** One that must be answered. */
export const must = (id: string, kind: Kind, label: string, more: Partial<Field> = {}): Field =>
  field(id, kind, label, { ...more, required: true });
/** Codes with their words, as the choices of an input. */
export const choicesOf = (words: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(words).map(([value, title]) => ({ value, title }));
export const YES_NO = choicesOf({ yes: 'Yes', no: 'No', unknown: "Don't know" });
export const yesNo = (id: string, label: string): Field => field(id, 'pick', label, { choices: YES_NO });

/** Fields with what is typed in them, as the templates read them. */
export const filledIn = (
  fields: readonly Field[],
  inputs: Readonly<Record<string, string>>,
): readonly (Field & { readonly value: string })[] =>
  fields.map((one) => ({ ...one, value: inputs[one.id] ?? '' }));

/** The moment of a day and a time as inputs give them, the day's begin where there is no time; undefined for none. */
export function typedInstant(
  day: string | undefined,
  time: string | undefined,
  zone: string,
): Instant | undefined {
  if (!hasText(day)) return undefined;
  try {
    return Temporal.PlainDateTime.from(`${day}T${hasText(time) ? time : '00:00'}`)
      .toZonedDateTime(zone)
      .toInstant()
      .toString({ fractionalSecondDigits: 3 });
  } catch {
    return undefined;
  }
}
