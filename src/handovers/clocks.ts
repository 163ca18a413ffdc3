import { type Agreement, providerOf, type UrgencyTerms } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { answerDue, type Calendar } from '../core/working-time.ts';
import type { Content } from './handover.ts';

/** When a provider is open, by the agreement; always, where it names no hours. */
export function calendarOf(terms: Agreement, provider: string): Calendar {
  const found = providerOf(terms, provider);
  return {
    zone: terms.zone,
    hours: found?.hours,
    closedOnBankHolidays: found?.closedOnBankHolidays ?? false,
    extraHolidays: terms.extraHolidays,
  };
}

/** By when the receiver must answer an offer of this urgency made now, on the receiver's own clock. */
export function answerTime(terms: Agreement, to: string, urgency: UrgencyTerms, now: Instant): Instant {
  return answerDue(now, urgency.answer.within, urgency.answer.clock, calendarOf(terms, to));
}

/** By when the need must be met: the sender's own time, or the urgency's, elapsed from now. */
export function needTime(urgency: UrgencyTerms, content: Content, now: Instant, terms: Agreement): Instant {
  if (content.ask.neededBy !== undefined) return new Date(content.ask.neededBy).toISOString();
  const always = { zone: terms.zone, closedOnBankHolidays: false, extraHolidays: [] };
  return answerDue(now, urgency.need, 'elapsed', always);
}
