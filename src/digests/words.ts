import { type Agreement, partnerName } from '../agreement/agreement.ts';
import { partText } from '../agreement/scope.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import { dayText, localDateOf, whenText } from '../core/wording.ts';
import type { Arrivals } from '../handovers/arrivals.ts';
import { KIND_WORDS, rateText } from '../reconciliation/reconciliation.ts';
import type { Shown } from './commands.ts';
import type { Figures, Findings, Line, ListStands } from './digest.ts';
import { isCarried, isNothing, type Seen } from './figures.ts';

/** A number and what it counts. */
export interface Counted {
  readonly number: string;
  readonly words: string;
}

const many = (number: number, one: string): string => (number === 1 ? one : `${one}s`);

/** The five numbers of a digest, each with the words that stand beside it. What was not counted is left out. */
export function counted(figures: Figures): Counted[] {
  const { duplicates, unowned, actionsOpen, actionsOverdue, longWaits } = figures;
  const { handoversUnanswered, handoversRejected = 0, mismatches } = figures;
  const one = (number: number | undefined, words: (number: number) => string): Counted[] =>
    number === undefined ? [] : [{ number: String(number), words: words(number) }];
  const waiting = handoversUnanswered === undefined ? undefined : handoversUnanswered + handoversRejected;
  // Nobody's cases count in the rate, and have a list of their own.
  const settle = mismatches === undefined ? '' : `; ${mismatches} on /mismatches`;
  const found = one(longWaits, (number) => `${many(number, 'long wait')}; ${differText(figures)}${settle}`);
  return [
    ...one(duplicates, (number) => `${many(number, 'pair')} of cases that may be one person`),
    ...one(unowned, (number) => `${many(number, 'case')} that nobody holds`),
    ...one(actionsOverdue, (number) => `${many(number, 'action')} overdue, of ${actionsOpen} open`),
    ...one(
      waiting,
      (number) =>
        `${many(number, 'handover')} waiting: ${handoversUnanswered} unanswered, ${handoversRejected} rejected and not taken on`,
    ),
    ...(found.length === 0 && mismatches !== undefined
      ? [{ number: '?', words: 'long waits: the lists were not compared yet' }]
      : found),
  ];
}

/** `12 of 340 cases (3.5 %) have something to settle` */
export const differText = ({ cases = 0, mismatched = 0 }: Figures): string =>
  cases === 0 ? 'no case was compared' : `${rateText({ cases, mismatched })} have something to settle`;

const settleText = (mismatches: number): string =>
  `${mismatches} ${mismatches === 1 ? 'mismatch' : 'mismatches'} to settle`;

/** `3 cases that nobody holds. 1 action overdue, of 4 open. …` */
export const countedText = (figures: Figures): string =>
  counted(figures)
    .map(({ number, words }) => `${number} ${words}.`)
    .join(' ');

/** The same of one partner among others, in few words: what there is, and of how many cases how many differ. */
export function shortText(figures: Figures): string {
  const { actionsOpen = 0, actionsOverdue = 0, mismatches = 0, cases } = figures;
  const some = (number: number | undefined, words: (number: number) => string): string[] =>
    (number ?? 0) === 0 ? [] : [`${number} ${words(number ?? 0)}`];
  const there = [
    ...some(figures.duplicates, (number) => `${many(number, 'pair')} of cases that may be one person`),
    ...some(figures.unowned, (number) => `${many(number, 'case')} that nobody holds`),
    ...(actionsOpen === 0
      ? []
      : [`${actionsOverdue} of ${actionsOpen} open ${many(actionsOpen, 'action')} overdue`]),
    ...some(figures.handoversUnanswered, (number) => `${many(number, 'handover')} unanswered`),
    ...some(figures.handoversRejected, (number) => `${many(number, 'handover')} rejected and not taken on`),
    ...some(figures.longWaits, (number) => many(number, 'long wait')),
    ...(mismatches === 0 ? [] : [settleText(mismatches)]),
  ];
  const text = there.length === 0 ? 'nothing open' : there.join(', ');
  return cases === undefined ? `${text}.` : `${text}; ${differText(figures)}.`;
}

/** `Not known for Harbour: last list Thu 12 Nov.` */
export function notKnownText(
  { provider, asOf, fresh, importing }: ListStands,
  terms: Agreement,
  now: Instant,
): string {
  const who = `Not known for ${partnerName(terms, provider)}`;
  if (asOf === undefined) return `${who}: no list yet.`;
  const day = dayOf(asOf, now, terms.zone);
  if (importing) return `${who}: its list of ${day} is still going in.`;
  return fresh ? `${who}: its list of ${day} was not compared yet.` : `${who}: last list ${day}.`;
}

/** `today`, or `Thu 12 Nov`; with the year where it is another. */
function dayOf(at: Instant, now: Instant, zone: string): string {
  const day = localDateOf(at, zone);
  return day === localDateOf(now, zone) ? 'today' : dayText(day, now, zone);
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * For whom it is not known what is outstanding: a list is missing, old or was not compared, or the lists were never
 * compared, or too long ago. Empty where every list is in and fresh and was compared.
 */
export function unknownTexts(
  { caseloads, reconciled }: Pick<Seen, 'caseloads'> & Pick<Findings, 'reconciled'>,
  terms: Agreement,
  at: Instant,
): string[] {
  if (caseloads.length === 0) return [];
  const stale = caseloads.filter(({ fresh }) => !fresh).map((one) => notKnownText(one, terms, at));
  if (!reconciled) return [...stale, 'Not known: the lists were not compared yet.'];
  const old = msBetween(reconciled.at, at) > terms.digest.listDays * DAY_MS;
  if (old) {
    return [...stale, `Not known: the lists were last compared ${dayOf(reconciled.at, at, terms.zone)}.`];
  }
  const since = caseloads.filter(({ fresh, compared }) => fresh && !compared);
  return [...stale, ...since.map((one) => notKnownText(one, terms, at))];
}

/**
 * What the numbers alone do not say: for whom they are not known, and that nothing is outstanding, only where every
 * list is in and fresh and was compared.
 */
export function standingTexts(
  seen: Seen & Pick<Findings, 'reconciled'>,
  terms: Agreement,
  at: Instant,
): string[] {
  const unknown = unknownTexts(seen, terms, at);
  if (unknown.length > 0) return unknown;
  if (!isNothing(seen.figures)) return [];
  return [
    seen.caseloads.length === 0
      ? 'Nothing outstanding in Baton. No caseload list is agreed here, so it knows nothing of what is not in Baton.'
      : 'Nothing outstanding: every case is held, no pair or mismatch is to be decided, no action is open and no handover waits.',
  ];
}

/** What a line is about: ids, and no name. */
export function titleOf({ kind, id, other = '' }: Line): string {
  switch (kind) {
    case 'action':
      return `Action ${id}`;
    case 'handover':
      return `Handover of case ${id}`;
    case 'duplicate':
      return `Cases ${id} and ${other}`;
    default:
      return `Case ${id}`;
  }
}

/** Is the time up by which somebody was to act? */
export const isLate = ({ needBy }: Line, at: Instant): boolean => needBy !== undefined && needBy <= at;

/** The local day by whose end an action is due, which is the first moment of the next. */
export const dueDay = (needBy: Instant, zone: string): string => localDateOf(plusMs(needBy, -1), zone);

/** Where it stands, safe for everybody. */
export function lineText(line: Line, terms: Agreement, at: Instant): string {
  const { kind, provider, since, needBy = since, rejected, what } = line;
  const who = partText(provider, terms);
  const by = whenText(needBy, at, terms.zone);
  const late = isLate(line, at);
  switch (kind) {
    case 'duplicate':
      return `They may be one person. ${who} is to have it decided. Suggested ${dayOf(since, at, terms.zone)}.`;
    case 'unowned':
      return `Nobody holds it. On the list of ${who}. Somebody ${late ? 'was' : 'is'} to take it by ${by}.`;
    case 'action': {
      const day = dayText(dueDay(needBy, terms.zone), at, terms.zone);
      return `${who}. ${late ? 'Overdue: it was due' : 'Due'} ${day}.`;
    }
    case 'handover':
      if (rejected) return `Rejected, and nobody has taken it on. It waits for ${who}.`;
      return `It waits for ${who}. The time to answer ${late ? 'ended' : 'ends'} ${by}.`;
    case 'mismatch': {
      const found = what === undefined ? 'It differs from a list' : KIND_WORDS[what];
      const settle = what === 'duplicate' ? 'have it decided' : 'settle it';
      return `${found}. ${who} ${late ? 'was' : 'is'} to ${settle} by ${by}.`;
    }
  }
}

/** Said of what was open a week before as well. */
export const CARRIED = 'Carried over from last week.';
export const carriedText = (line: Line, before: Instant | undefined): string =>
  isCarried(line, before) ? CARRIED : '';

/** When it was made, that it comes late, and when the lists were compared. */
export function madeText(
  { findings: { at, reconciled }, dueAt, live, today }: Shown,
  now: Instant,
): string[] {
  const { zone } = today;
  const late = !live && Date.parse(at) - Date.parse(dueAt) > LATE_MS;
  return [
    `As of ${whenText(at, now, zone)}.`,
    ...(late ? [`It comes late: it was due ${whenText(dueAt, now, zone)}, and Baton was not running.`] : []),
    ...(reconciled ? [`Lists compared ${whenText(reconciled.at, now, zone)}.`] : []),
  ];
}

/** The calendar wakes within minutes; what is an hour late was held up, in milliseconds. */
const LATE_MS = 60 * 60_000;

/** `Week 48 of 2026`. */
export const weekText = (week: string): string => `Week ${Number(week.slice(6))} of ${week.slice(0, 4)}`;

/** `Riverside General Hospital: 12 of 15 complete on arrival (80 %).` */
export function arrivalText({ from, offered, complete }: Arrivals, terms: Agreement): string {
  const rate = Math.round((100 * complete) / offered);
  return `${partnerName(terms, from)}: ${complete} of ${offered} complete on arrival (${rate} %).`;
}
