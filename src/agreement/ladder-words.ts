import { parseSpan, type WorkingClock } from '../core/working-time.ts';
import { type Agreement, roleOf } from './agreement.ts';
import type { Party, RungTerms, SideName } from './ladder.ts';

/** The ladder and its steps as people say them. */

const counted = (count: number, one: string): string[] =>
  count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`];

/** `1h30m` as `1 hour 30 minutes`; what is no length of time stays as it is. */
export function spanWords(text: string): string {
  const span = parseSpan(text);
  if (!span) return text;
  const hours = Math.floor(span.minutes / 60);
  return [
    ...counted(span.days, 'day'),
    ...counted(hours, 'hour'),
    ...counted(span.minutes - hours * 60, 'minute'),
  ].join(' ');
}

/** A time to answer on its clock: `2 hours`, `2 hours of opening time`, `2 working days`. */
export function timeWords({
  within,
  clock,
}: {
  readonly within: string;
  readonly clock: WorkingClock;
}): string {
  switch (clock) {
    case 'elapsed':
      return spanWords(within);
    case 'service-hours':
      return `${spanWords(within)} of opening time`;
    case 'working-days':
      return spanWords(within).replace(' day', ' working day');
  }
}

/** `once`, `twice`, `3 times`. */
export const timesWords = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;

/** `a`, `a or b`, `a, b or c`. */
export const orWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1] ?? ''}`;

export const roleName = (terms: Agreement, id: string): string => roleOf(terms, id)?.name ?? id;

/** Whose people a side means: the prime by its name, since there is one. */
export function sideName(terms: Agreement, side: SideName): string {
  if (side !== 'prime') return `the ${side}`;
  return terms.providers.find(({ kind }) => kind === 'prime')?.name ?? 'the prime';
}

/** `Duty manager or Coordinator of the receiver`. */
export const askedWords = (terms: Agreement, { ask }: Pick<RungTerms, 'ask'>): string =>
  `${orWords(ask.roles.map((role) => roleName(terms, role)))} of ${sideName(terms, ask.of)}`;

/** `Clinical lead of Northside`, or `whoever keeps cases at the receiver`. */
export const partyWords = (terms: Agreement, { of, role }: Party): string =>
  role === undefined
    ? `whoever keeps cases at ${sideName(terms, of)}`
    : `${roleName(terms, role)} of ${sideName(terms, of)}`;

/** `30 minutes and 5 minutes before the end`, or `none`. */
export const remindWords = ({ remind }: Pick<RungTerms, 'remind'>): string =>
  remind.length === 0 ? 'none' : `${remind.map(spanWords).join(' and ')} before the end`;

/** The words as the beginning of a line. */
export const capital = (words: string): string => words.charAt(0).toLocaleUpperCase('en-GB') + words.slice(1);
