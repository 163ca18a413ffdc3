import type { Instant } from '../core/clock.ts';
import { dateTime } from '../core/wording.ts';
import { answerDue } from '../core/working-time.ts';
import type { Agreement, ProviderTerms, UrgencyTerms } from './agreement.ts';
import { answerBy, calendarOf, needBy } from './calendar.ts';
import { type Finding, finding } from './finding.ts';
import { climbOf, type RungTerms } from './ladder.ts';
import { meantBy } from './sides.ts';

/** An ordinary week's beginning, and the Saturday of a bank-holiday weekend: when most is open, and when least is. */
const STARTS: readonly { readonly at: Instant; readonly says: string }[] = [
  { at: '2026-11-23T09:00:00.000Z', says: 'on a Monday at 09:00' },
  { at: '2027-03-27T09:00:00.000Z', says: 'on the Saturday before a bank holiday' },
];

interface Late {
  readonly receiver: ProviderTerms;
  /** Absent: the answer itself is late. */
  readonly rung?: RungTerms;
  readonly due: Instant;
}

/**
 * Urgencies whose need can pass while the ladder is still being climbed: the answer's time, then every rung to its
 * end with its repeats. One finding an urgency, at the start and for the receivers that show it.
 */
export function warnLate(terms: Agreement): Finding[] {
  return terms.urgencies.flatMap((urgency, at) => {
    for (const start of STARTS) {
      const needed = needBy(terms, urgency.id, start.at);
      if (needed === undefined) continue;
      const late = meantBy(terms, 'receiver').flatMap((receiver) => {
        const found = lateAt(terms, urgency, receiver, start.at, needed);
        return found ? [found] : [];
      });
      const worst = late.find(({ due }) => late.every((other) => other.due <= due));
      if (!worst) continue;
      const what = worst.rung ? `the rung ${worst.rung.id} is` : 'the answer is';
      const others = late.length > 1 ? `, and likewise at ${namesBut(late, worst.receiver)}` : '';
      return [
        finding(
          ['urgencies', at, 'need'],
          `${what} due after the need: offered to ${worst.receiver.name} ${start.says}, it is due ${dateTime(worst.due, terms.zone)}, and ${urgency.name} has ${urgency.need}${others}`,
          'shorten the time to answer or the rungs, use the clock elapsed, or offer such needs to a service that is open',
        ),
      ];
    }
    return [];
  });
}

/** What is still running when the need passes, for an offer to this receiver that nobody ever answers. */
function lateAt(
  terms: Agreement,
  urgency: UrgencyTerms,
  receiver: ProviderTerms,
  start: Instant,
  needed: Instant,
): Late | undefined {
  const answer = answerBy(terms, urgency.id, receiver.id, start);
  if (answer === undefined) return undefined;
  if (answer > needed) return { receiver, due: answer };
  let due = answer;
  for (const rung of climbOf(terms.ladder)) {
    due = endOf(terms, rung, receiver, due);
    if (due > needed) return { receiver, rung, due };
  }
  return undefined;
}

/** When a rung that begins at `start` ends, at the slowest provider that it can mean. */
function endOf(terms: Agreement, rung: RungTerms, receiver: ProviderTerms, start: Instant): Instant {
  const { within, clock } = rung.answer;
  const asked = rung.ask.of === 'receiver' ? [receiver] : meantBy(terms, rung.ask.of);
  const ends = asked.map((provider) => {
    let due = start;
    for (let cycle = 0; cycle <= rung.repeats; cycle += 1) {
      due = answerDue(due, within, clock, calendarOf(terms, provider.id));
    }
    return due;
  });
  return ends.reduce((latest, end) => (end > latest ? end : latest), start);
}

const namesBut = (late: readonly Late[], known: ProviderTerms): string =>
  late
    .filter(({ receiver }) => receiver !== known)
    .map(({ receiver }) => receiver.name)
    .join(' and ');
