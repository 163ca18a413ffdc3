import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { dayText, localDateOf, whenText } from '../core/wording.ts';
import type { Shown } from './commands.ts';
import type { Figures, Line, ListStands, Scope } from './digest.ts';
import { isCarried, isNothing, type Seen } from './figures.ts';

/** `All partners`, or the providers by name. */
export const scopeText = (scope: Scope, terms: Agreement): string =>
  scope === 'all' ? 'All partners' : scope.map((one) => partText(one, terms)).join(' and ');

export const partText = (provider: string, terms: Agreement): string =>
  provider === '' ? 'Former partners' : partnerName(terms, provider);

/** A number and what it counts. */
export interface Counted {
  readonly number: number;
  readonly words: string;
}

/** The numbers of a digest, each with the words that stand beside it. What was not counted is left out. */
export function counted(figures: Figures): Counted[] {
  const { unowned, actionsOpen, actionsOverdue, handoversUnanswered, handoversRejected = 0 } = figures;
  const waiting = handoversUnanswered === undefined ? undefined : handoversUnanswered + handoversRejected;
  return [
    ...(unowned === undefined
      ? []
      : [{ number: unowned, words: `${many(unowned, 'case')} that nobody holds` }]),
    ...(actionsOverdue === undefined
      ? []
      : [
          {
            number: actionsOverdue,
            words: `${many(actionsOverdue, 'action')} overdue, of ${actionsOpen} open`,
          },
        ]),
    ...(waiting === undefined
      ? []
      : [
          {
            number: waiting,
            words: `${many(waiting, 'handover')} waiting: ${handoversUnanswered} unanswered, ${handoversRejected} rejected and not taken on`,
          },
        ]),
  ];
}

const many = (number: number, one: string): string => (number === 1 ? one : `${one}s`);

/** `3 cases that nobody holds. 1 action overdue, of 4 open. …` */
export const countedText = (figures: Figures): string =>
  counted(figures)
    .map(({ number, words }) => `${number} ${words}.`)
    .join(' ');

/** `Not known for Harbour: last list Thu 12 Nov`. */
export function notKnownText({ provider, asOf }: ListStands, terms: Agreement, now: Instant): string {
  const when = asOf === undefined ? 'no list yet' : `last list ${dayOf(asOf, now, terms.zone)}`;
  return `Not known for ${partnerName(terms, provider)}: ${when}.`;
}

/** `today`, or `Thu 12 Nov`; with the year where it is another. */
function dayOf(at: Instant, now: Instant, zone: string): string {
  const day = localDateOf(at, zone);
  return day === localDateOf(now, zone) ? 'today' : dayText(day, now, zone);
}

/**
 * What the numbers alone do not say: for whom they are not known, since a list is missing or old, and that nothing is
 * outstanding, only where every list is in and fresh.
 */
export function standingTexts({ figures, caseloads }: Seen, terms: Agreement, at: Instant): string[] {
  const stale = caseloads.filter(({ fresh }) => !fresh);
  if (stale.length > 0) return stale.map((one) => notKnownText(one, terms, at));
  if (!isNothing(figures)) return [];
  return [
    caseloads.length === 0
      ? 'Nothing outstanding in Baton. No caseload list is agreed here, so it knows nothing of what is not in Baton.'
      : 'Nothing outstanding: every case is held, no action is open and no handover waits.',
  ];
}

/** What a line is about: an id, and no name. */
export function titleOf({ kind, id }: Pick<Line, 'kind' | 'id'>): string {
  if (kind === 'action') return `Action ${id}`;
  return kind === 'unowned' ? `Case ${id}` : `Handover of case ${id}`;
}

/** Where it stands, safe for everybody. */
export function lineText({ kind, provider, needBy, rejected }: Line, terms: Agreement, at: Instant): string {
  const who = partText(provider, terms);
  const by = whenText(needBy, at, terms.zone);
  const late = needBy <= at;
  switch (kind) {
    case 'unowned':
      return `Nobody holds it. On the list of ${who}. Somebody ${late ? 'was' : 'is'} to take it by ${by}.`;
    case 'action': {
      // Due at the end of a day, which is the first moment of the next.
      const date = localDateOf(new Date(Date.parse(needBy) - 1).toISOString(), terms.zone);
      const day = dayText(date, at, terms.zone);
      return `${who}. ${late ? 'Overdue: it was due' : 'Due'} ${day}.`;
    }
    case 'handover':
      if (rejected) return `Rejected, and nobody has taken it on. It waits for ${who}.`;
      return `It waits for ${who}. The time to answer ${late ? 'ended' : 'ends'} ${by}.`;
  }
}

/** Said of what was open a week before as well. */
export const CARRIED = 'Carried over from last week.';
export const carriedText = (line: Line, before: Instant | undefined): string =>
  isCarried(line, before) ? CARRIED : '';

/** When it was made, and that it comes late. */
export function madeText({ findings: { at }, dueAt, live, today }: Shown, now: Instant): string[] {
  const { zone } = today;
  if (live) return [`As of ${whenText(at, now, zone)}.`];
  const late = Date.parse(at) - Date.parse(dueAt) > LATE_MS;
  return [
    `As of ${whenText(at, now, zone)}.`,
    ...(late ? [`It comes late: it was due ${whenText(dueAt, now, zone)}, and Baton was not running.`] : []),
  ];
}

/** The calendar wakes within minutes; what is an hour late was held up, in milliseconds. */
const LATE_MS = 60 * 60_000;

/** `Week 48 of 2026`. */
export const weekText = (week: string): string => `Week ${Number(week.slice(6))} of ${week.slice(0, 4)}`;
