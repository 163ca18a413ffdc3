import { type Agreement, partnerName, roleOf, staffName } from '../agreement/agreement.ts';
import type { ActorRef } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { dayText, localDateOf, nextDay, whenText } from '../core/wording.ts';
import { type Action, climbs, isOverdue, type Origin, type Owner } from './action.ts';

export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  handover: 'a handover',
  case: 'a case',
  meeting: 'a meeting',
  mismatch: 'a mismatch of the lists',
  list: 'a caseload list',
  other: 'something else',
};

/** `Adele Vance, St Anne's Hospice`, `Duty manager, St Anne's Hospice`, or the provider alone. */
export function ownerText({ provider, role, person }: Owner, terms: Agreement): string {
  const at = partnerName(terms, provider);
  if (person !== undefined) return `${staffName(person, terms)}, ${at}`;
  return role === undefined ? at : `${roleOf(terms, role)?.name ?? role}, ${at}`;
}

/** `today`, `tomorrow`, `Fri 27 Nov`. */
export function soonText(day: string, now: Instant, zone: string): string {
  const today = localDateOf(now, zone);
  if (day === today) return 'today';
  return day === nextDay(today) ? 'tomorrow' : dayText(day, now, zone);
}

/** `From a handover, case 7K2-M4Z`; what Baton sets for a first list is said where its words are not shown. */
export function fromText({ from: { kind, caseId, provider } }: Pick<Action, 'from'>): string {
  const first = kind === 'list' && provider !== undefined ? ': check that the first one was whole' : '';
  return `From ${ORIGIN_WORDS[kind]}${caseId === undefined ? '' : `, case ${caseId}`}${first}`;
}

const actedBy = (by: ActorRef): string => ('person' in by ? by.name : 'Baton');

/** `Due Fri 27 Nov`, that it is overdue, or how it ended: safe for everybody. */
export function standingText(action: Action, terms: Agreement, now: Instant): string {
  const { zone } = terms;
  switch (action.state) {
    case 'done':
      return `Done by ${actedBy(action.doneBy)}, ${whenText(action.doneAt, now, zone)}`;
    case 'cancelled':
      return `Cancelled by ${actedBy(action.cancelledBy)}, ${whenText(action.cancelledAt, now, zone)}`;
    case 'open': {
      // Never "tomorrow": a card is not redrawn when the day has come.
      const day = dayText(action.due, now, zone);
      if (!isOverdue(action, now)) return `Due ${day}`;
      return `Overdue: it was due ${day}${climbs(action) ? ', and climbs the ladder' : ''}`;
    }
  }
}

/** The first `most` characters of a text; the rest is shown by View. */
export function shortText(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
