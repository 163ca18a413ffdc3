import type { Agreement, UrgencyTerms } from '../agreement/agreement.ts';
import { answerBy, needBy } from '../agreement/calendar.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import type { Content } from './handover.ts';

/** An offer's two times: by when the receiver must answer, on its own clock, and by when the need must be met. */
export function timesOf(
  terms: Agreement,
  urgency: UrgencyTerms,
  to: string,
  content: Content,
  now: Instant,
): { readonly answerBy: Instant; readonly neededBy: Instant } {
  const given = content.ask.neededBy;
  return {
    answerBy: answerBy(terms, urgency.id, to, now) ?? now,
    neededBy: given === undefined ? (needBy(terms, urgency.id, now) ?? now) : plusMs(given, 0),
  };
}
