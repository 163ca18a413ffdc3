import type { Instant } from '../core/clock.ts';
import { answerDue, type Calendar } from '../core/working-time.ts';
import { type Agreement, providerOf, urgencyOf } from './agreement.ts';

/** When a provider is open, for the clocks of working time. A provider no longer there counts as always open. */
export function calendarOf(terms: Agreement, provider: string): Calendar {
  const { hours, closedOnBankHolidays = false } = providerOf(terms, provider) ?? {};
  return { zone: terms.zone, hours, closedOnBankHolidays, extraHolidays: terms.extraHolidays };
}

/** By when `receiver` must answer an offer of this urgency that was made at `start`; undefined for an unknown urgency. */
export function answerBy(
  terms: Agreement,
  urgency: string,
  receiver: string,
  start: Instant,
): Instant | undefined {
  const answer = urgencyOf(terms, urgency)?.answer;
  return answer && answerDue(start, answer.within, answer.clock, calendarOf(terms, receiver));
}

/** By when the need itself must be met if the sender gives no time; undefined for an unknown urgency. */
export function needBy(terms: Agreement, urgency: string, start: Instant): Instant | undefined {
  const need = urgencyOf(terms, urgency)?.need;
  const always: Calendar = { zone: terms.zone, closedOnBankHolidays: false, extraHolidays: [] };
  return need === undefined ? undefined : answerDue(start, need, 'elapsed', always);
}
