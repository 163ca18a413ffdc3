import { type Agreement, partnerName, providerOf, staffName } from '../agreement/agreement.ts';
import { rungAbove, rungOf } from '../agreement/ladder.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import { dateTime, whenText } from '../core/wording.ts';
import { causeWords } from './causes.ts';
import { type Ended, type Escalation, type Face, live, type Raising } from './escalation.ts';
import { aboutText, askedText, becauseText, inSentence, names, nextText, rungName } from './words.ts';

/** What every button of a prompt carries. */
export interface PromptRef {
  readonly pathway: string;
  readonly caseId: string;
  readonly subject: string;
  readonly n: number;
}

export const refOf = ({ caseId, subject }: Escalation, n: number, terms: Agreement): PromptRef => ({
  pathway: terms.pathway,
  caseId,
  subject,
  n,
});

/**
 * One prompt, in person: what, since when, who was asked before, what happens next and when, with the subject's
 * own buttons. Answered or passed on, it says so and asks for nothing more. `presses`: the reader may press the
 * ladder's own buttons; `paged`: the reference that the paging service was told.
 */
export function promptCard(
  escalation: Escalation,
  raising: Raising,
  face: Face,
  agreed: Agreement,
  today: Agreement,
  now: Instant,
  { paged, presses = true }: { readonly paged?: string | undefined; readonly presses?: boolean } = {},
): CardView {
  const rung = rungOf(agreed.ladder, raising.rung);
  const words = causeWords(escalation.cause);
  const open = escalation.state === 'running' && live(escalation).some(({ n }) => n === raising.n);
  const above = rungAbove(agreed.ladder, raising.rung);
  const last = above === undefined && rung?.beside === undefined;
  const { name, phone } = today.ladder.lastResort;
  const before = escalation.raisings.filter(
    (one) => one.beganAt < raising.beganAt && one.asked.length > 0 && one.state !== 'skipped',
  );
  const { receiver, sender } = escalation.parties;
  const asksOthers = raising.provider !== receiver && sender !== receiver;
  const silent = asksOthers ? providerOf(today, receiver) : undefined;
  const headline = headlineOf(escalation, raising, agreed, today, now);
  const asked = [...new Set(before.map((one) => one.rung))].map((id) => {
    const times = before.filter((one) => one.rung === id);
    const people = [...new Set(times.flatMap((one) => one.asked))];
    const last = times.at(-1)?.beganAt ?? raising.beganAt;
    const often = times.length > 1 ? `${times.length} times, last ` : '';
    return `${rungName(id, agreed)} (${names(people, today)}) ${often}at ${whenText(last, now, today.zone)}`;
  });
  const may = {
    // Once the need's time has passed nobody can put it off.
    acknowledge: open && presses && raising.state === 'waiting' && escalation.needBy > now,
    stepUp: open && presses && above !== undefined,
    resolve: open && presses && words.answeredBy === undefined,
  };
  const lines = [
    ...(raising.late ? ['This comes late: Baton could not say it in time.'] : []),
    ...(open ? [becauseText(raising, escalation, agreed, today)] : []),
    face.standing,
    `Waiting since ${whenText(escalation.since, now, today.zone)}. Needed by ${whenText(escalation.needBy, now, today.zone)}.`,
    ...(asked.length > 0 ? [`Asked before: ${asked.join('; ')}.`] : []),
    ...(open && raising.state === 'waiting' ? [nextText(raising, escalation, agreed, today, now)] : []),
    face.heldBy,
    ...(open && face.ring !== undefined ? [`To talk to whoever holds it, ring ${face.ring}.`] : []),
    ...(open && silent
      ? [`To talk to the service that has not answered, ring ${silent.name}: ${silent.phone}.`]
      : []),
    ...(open && last ? [`There is no rung above this one. If it cannot wait, ring ${name}: ${phone}.`] : []),
    ...(paged === undefined ? [] : [`You were paged with the reference ${paged}.`]),
  ];
  return {
    card: 'escalations/prompt',
    data: {
      kicker: `${rungName(raising.rung, agreed)}: ${words.kicker}`,
      tone: open ? (rung?.kind === 'clinical' ? 'attention' : 'warning') : 'emphasis',
      urgency: face.urgency,
      who: face.who,
      route: face.between,
      headline,
      lines: lines.map((text) => ({ text })),
      rows: open ? rowsOf(face.buttons) : [],
      may: { ...may, press: may.acknowledge || may.stepUp },
      ref: refOf(escalation, raising.n, today),
    },
    summary: `${aboutText(escalation)}. ${rungName(raising.rung, agreed)}. ${headline}`,
  };
}

/** Two buttons a row: on a phone a third would be cut off. */
function rowsOf(buttons: Face['buttons']): object[] {
  const shown = buttons.map(({ title, verb, data, style = 'default' }) => ({ title, verb, data, style }));
  return shown.flatMap((_, at) => (at % 2 === 0 ? [{ buttons: shown.slice(at, at + 2) }] : []));
}

/** What a prompt asks for and by when, or that it asks for nothing more. */
export function headlineOf(
  escalation: Escalation,
  raising: Raising,
  agreed: Agreement,
  today: Agreement,
  now: Instant,
): string {
  if (escalation.state === 'ended') return `${endedText(escalation, today)}. Nothing for you to do.`;
  const held = raising.acknowledged;
  if (raising.state === 'acknowledged' && held) {
    return `${staffName(held.person, today)} is on it until ${whenText(held.until, now, today.zone)}.`;
  }
  if (raising.state === 'waiting') {
    const rung = rungOf(agreed.ladder, raising.rung);
    const words = causeWords(escalation.cause);
    const asks = rung?.kind === 'operational' ? words.asks : words.decides;
    return `${asks ?? rung?.says ?? 'Please answer.'} Answer by ${whenText(raising.due, now, today.zone)}.`;
  }
  if (raising.state === 'ended') return 'Answered. Nothing for you to do.';
  const later = live(escalation).filter(({ n }) => n > raising.n);
  if (later.some(({ rung }) => rung === raising.rung)) return 'Asked again: there is a newer card.';
  const present = later.findLast(({ rung }) => rungOf(agreed.ladder, rung)?.beside === undefined);
  return present ? `Passed on to ${rungName(present.rung, agreed)}.` : 'Passed on. Nothing for you to do.';
}

const HOW: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  'offered-again': 'Offered to another service',
  completed: 'Completed and offered anew',
  resolved: 'Resolved',
  done: 'Done',
  cancelled: 'Cancelled',
  moved: 'Changed',
  taken: 'Taken',
  settled: 'Settled',
  gone: 'Gone from the lists',
};

/** `Accepted by Adele Vance`. */
export function endedText({ how, endedBy }: Ended, today: Agreement): string {
  const who =
    'person' in endedBy
      ? ` by ${endedBy.name}`
      : 'partner' in endedBy
        ? ` by ${partnerName(today, endedBy.partner)}`
        : '';
  return `${HOW[how] ?? 'Ended'}${who}`;
}

/** What a form about a prompt is shown with the second time. */
export interface Again {
  readonly typed?: string;
  readonly problems?: readonly Problem[];
}

/** The forms about a prompt: the input that each needs, and what it is for. */
export const FORMS = {
  'step-up': { input: 'reason', summary: ['Step up', 'say why it cannot wait'] },
  resolve: { input: 'decision', summary: ['Resolve', 'say what was decided'] },
} as const;
export type PromptForm = keyof typeof FORMS;

/** A form about a prompt, with what was typed and what is wrong with it when it comes again. */
export function promptForm(
  form: PromptForm,
  escalation: Escalation,
  n: number,
  today: Agreement,
  { typed = '', problems = [] }: Again = {},
): CardView {
  const { input, summary } = FORMS[form];
  const [doing, asks] = summary;
  return {
    card: `escalations/${form}`,
    data: {
      label: aboutText(escalation),
      ref: refOf(escalation, n, today),
      [input]: typed,
      problems: problems.map(({ message }) => ({ text: message })),
      wrong: problems.length > 0,
    },
    summary: `${doing} ${inSentence(escalation)}: ${asks}.`,
  };
}

/** Escalations on one page of a list. */
export const ROWS_A_PAGE = 8;

/** A page of escalations, safe for a channel: case, between whom, who is asked and by when. */
export function escalationList(
  title: string,
  rows: readonly { readonly escalation: Escalation; readonly agreed: Agreement }[],
  today: Agreement,
  now: Instant,
  more?: { readonly list: string; readonly after: string },
): CardView {
  return {
    card: 'escalations/list',
    data: {
      title,
      empty: rows.length === 0,
      rows: rows.slice(0, ROWS_A_PAGE).map(({ escalation, agreed }) => ({
        who: aboutText(escalation),
        route: betweenParties(escalation, today),
        standing: standingOf(escalation, agreed, today, now),
        colour: escalation.state === 'running' ? 'attention' : 'default',
        label: aboutText(escalation),
        ref: refOf(escalation, escalation.raisings.at(-1)?.n ?? 0, today),
      })),
      may: { more: more !== undefined },
      more: { pathway: today.pathway, list: more?.list ?? '', after: more?.after ?? '' },
    },
    summary: `${title}: ${rows.length === 0 ? 'nothing' : `${Math.min(rows.length, ROWS_A_PAGE)} shown`}.`,
  };
}

function standingOf(escalation: Escalation, agreed: Agreement, today: Agreement, now: Instant): string {
  if (escalation.state === 'ended') {
    return `${endedText(escalation, today)}, ${dateTime(escalation.endedAt, today.zone, now)}.`;
  }
  return live(escalation)
    .map((raising) => {
      const held = raising.acknowledged;
      return raising.state === 'acknowledged' && held
        ? `${staffName(held.person, today)} is on it until ${whenText(held.until, now, today.zone)}.`
        : askedText(raising, agreed, today, now);
    })
    .join(' ');
}

/** Lines of a replay on one card; what is older is on the page before. */
const LINES_A_PAGE = 25;

/**
 * The replay of an escalation: the newest lines, oldest first, and what would stop it. `page` 0 is the newest.
 * Safe for a channel.
 */
export function whyCard(
  escalation: Escalation,
  entries: readonly { readonly at: Instant; readonly text: string }[],
  stops: string,
  today: Agreement,
  now: Instant,
  page = 0,
): CardView {
  const end = Math.max(0, entries.length - page * LINES_A_PAGE);
  const from = Math.max(0, end - LINES_A_PAGE);
  return {
    card: 'escalations/why',
    data: {
      title: `Why ${inSentence(escalation)} climbed`,
      route: betweenParties(escalation, today),
      standing: stops,
      entries: entries.slice(from, end).map(({ at, text }) => ({ at: dateTime(at, today.zone, now), text })),
      may: { older: from > 0 },
      older: {
        pathway: today.pathway,
        caseId: escalation.caseId,
        subject: escalation.subject,
        n: page + 1,
      },
    },
    summary: `Why ${inSentence(escalation)} climbed. ${stops}`,
  };
}

/** Who waits for whom; one name where the holder waits for itself to find somebody. */
function betweenParties({ parties: { sender, receiver } }: Escalation, today: Agreement): string {
  const holder = partnerName(today, sender);
  return sender === receiver ? holder : `${holder} → ${partnerName(today, receiver)}`;
}
