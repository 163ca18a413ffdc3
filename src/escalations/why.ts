import { type Agreement, partnerName, staffName } from '../agreement/agreement.ts';
import { rungAbove } from '../agreement/ladder.ts';
import { timeWords } from '../agreement/ladder-words.ts';
import type { EventDoc, Json } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { dateText, dateTime } from '../core/wording.ts';
import { WORKING_CLOCKS } from '../core/working-time.ts';
import { endedText } from './cards.ts';
import { causeWords } from './causes.ts';
import { type Escalation, live, promptSubject, type Raising } from './escalation.ts';
import { becauseText, names, rungName } from './words.ts';

/** One line of a replay. */
export interface Entry {
  readonly at: Instant;
  readonly text: string;
}

/** What a replay is made from: the record of the case, and both agreements. */
export interface Record {
  readonly escalation: Escalation;
  readonly history: readonly EventDoc[];
  readonly agreed: Agreement;
  readonly today: Agreement;
  /** What people wrote is shown as well: to somebody entitled, in their own chat. */
  readonly written?: boolean;
}

const field = ({ data }: EventDoc, name: string): Json | undefined => data[name];
const personOf = (route: Json | undefined): string | undefined =>
  typeof route === 'string' && route.startsWith('person:') ? route.slice('person:'.length) : undefined;

/**
 * The replay of an escalation, oldest first, from the record alone: which agreement counted, who was due when
 * and on which clock, what was delivered, opened and answered. Names staff only; what people wrote is there for the entitled.
 */
export function replay(record: Record): Entry[] {
  const { escalation, history } = record;
  const about = history.filter(
    (event) =>
      field(event, 'escalation') === escalation.subject ||
      subjectOf(event) === escalation.subject ||
      promptOf(event, escalation) !== undefined,
  );
  const delivered = new Set<string>();
  const entries: Entry[] = [];
  for (const event of about) {
    const text = textOf(event, record, delivered);
    if (text !== undefined) entries.push({ at: event.happenedAt, text });
  }
  return entries;
}

/** `handover:h1` where the event is about that handover, `action:7K2-M4Z` where it is about that action. */
function subjectOf(event: EventDoc): string | undefined {
  for (const kind of ['handover', 'action', 'unowned', 'list']) {
    const id = field(event, kind);
    if (typeof id === 'string') return `${kind}:${id}`;
  }
  return undefined;
}

function promptOf(event: EventDoc, escalation: Escalation): Raising | undefined {
  const subject = field(event, 'subject');
  return escalation.raisings.find(({ n }) => promptSubject(escalation.subject, n) === subject);
}

function textOf(
  event: EventDoc,
  { escalation, agreed, today, written = false }: Record,
  delivered: Set<string>,
): string | undefined {
  const raising = escalation.raisings.find(({ n }) => n === field(event, 'n'));
  const who =
    'person' in event.by
      ? event.by.name
      : 'partner' in event.by
        ? partnerName(today, event.by.partner)
        : 'Baton';
  const zone = today.zone;
  const when = (name: string): string => {
    const at = field(event, name);
    return typeof at === 'string' ? dateTime(at, zone, event.happenedAt) : 'an unknown time';
  };
  switch (event.type) {
    case 'handover.offered':
    case 'handover.received-incomplete':
      return `Offered, answer due ${when('answerBy')}, needed by ${when('neededBy')}.`;
    case 'handover.overdue':
      return 'The time to answer passed with no answer.';
    case 'handover.need-open':
      return 'The time to find somebody else passed.';
    case 'handover.viewed':
      return `${who} opened the details.`;
    case 'handover.accepted':
      return `${who} accepted it.`;
    case 'handover.rejected':
      return `${who} rejected it.`;
    case 'handover.withdrawn':
      return `${who} withdrew it.`;
    case 'handover.undone':
      return `${who} undid the acceptance.`;
    case 'handover.information-requested':
      return `${who} asked for information; the time did not move.`;
    case 'handover.information-given':
      return `${who} gave the information.`;
    case 'case.imported':
      return `It came on the list of ${partnerName(today, String(field(event, 'provider')))}, held by nobody.`;
    case 'case.taken':
      return `${who} took it.`;
    case 'list.taken':
      return 'The last of them was taken.';
    case 'action.set':
      return `${who} set it, to be done by ${dateText(String(field(event, 'due')))}.`;
    case 'action.reminded':
      return 'The owner was reminded.';
    case 'action.overdue':
      return 'Its day passed, and it was not done.';
    case 'action.moved':
      return `${who} changed it: with ${partnerName(today, String(field(event, 'owner')))}, to be done by ${dateText(String(field(event, 'due')))}.`;
    case 'action.done':
      return `${who} said that it is done.`;
    case 'action.cancelled':
      return `${who} cancelled it.`;
    case 'escalation.began':
      return `It began to climb, by agreement version ${escalation.agreementVersion}.`;
    case 'escalation.raised': {
      if (!raising) return undefined;
      const late = raising.late ? ' Late.' : '';
      const asked =
        raising.stood === 'nobody' ? 'nobody was on duty' : `${names(raising.asked, today)} asked`;
      return `${rungName(raising.rung, agreed)} at ${partnerName(today, raising.provider)}: ${becauseText(raising, escalation, agreed, today)} ${asked}; due ${when('due')} (${clockText(field(event, 'clock'))}).${late}`;
    }
    case 'escalation.skipped':
      return (
        raising &&
        `${rungName(raising.rung, agreed)} at ${partnerName(today, raising.provider)} was skipped: nobody was on duty.`
      );
    case 'escalation.asked-too':
      return 'Somebody came on duty and was asked too.';
    case 'escalation.reminded':
      return raising && `${rungName(raising.rung, agreed)} was reminded.`;
    case 'escalation.acknowledged':
      return `${who} said “I’m on it” until ${when('until')}.`;
    case 'escalation.shortened':
      return `Duty ended earlier: on it until ${when('until')}.`;
    case 'escalation.stepped-up':
      return `${who} stepped it up${wrote(event, 'reason', written)}`;
    case 'escalation.turned':
      return `It turned to ${partnerName(today, String(field(event, 'to')))}.`;
    case 'escalation.undelivered':
      return `It could not be brought to ${staffName(String(field(event, 'person')), today)}.`;
    case 'escalation.decided':
      return `${who} recorded a decision${wrote(event, 'decision', written)}`;
    case 'escalation.ended':
      return 'It ended, and nobody was asked any more.';
    case 'notice.sent':
    case 'notice.unknown':
    case 'notice.failed':
    case 'notice.unreached':
      return deliveryText(event, promptOf(event, escalation), agreed, today, delivered);
    default:
      return undefined;
  }
}

/** What somebody wrote, where the reader may see it. */
function wrote(event: EventDoc, name: string, written: boolean): string {
  const text = field(event, name);
  return written && typeof text === 'string'
    ? `: ${text}`
    : '; the record says why, to those entitled, in their own chat.';
}

/** Whether Teams took a prompt; its later changes are no news. */
function deliveryText(
  event: EventDoc,
  raising: Raising | undefined,
  agreed: Agreement,
  today: Agreement,
  delivered: Set<string>,
): string | undefined {
  if (!raising) return undefined;
  const rung = rungName(raising.rung, agreed);
  const person = personOf(field(event, 'route'));
  const pager = String(field(event, 'route')).startsWith('pager:');
  const to = pager
    ? `the paging service of ${partnerName(today, raising.paged ?? raising.provider)}`
    : staffName(person ?? '', today);
  const key = `${event.type}|${raising.n}|${to}|${pager ? '' : String(field(event, 'form'))}`;
  if (delivered.has(key)) return undefined;
  delivered.add(key);
  const reminder = field(event, 'line') === 'escalation.reminder';
  switch (event.type) {
    case 'notice.sent':
      return pager
        ? `The paging service of ${partnerName(today, raising.paged ?? raising.provider)} took the call for ${rung}.`
        : `Teams took the ${reminder ? 'reminder' : 'prompt'} of ${rung} for ${to}.`;
    case 'notice.unknown':
      return `No answer for the ${reminder ? 'reminder' : 'prompt'} of ${rung} to ${to}: it may have arrived.`;
    case 'notice.failed':
      return `${rung} did not reach ${to}.`;
    default:
      return `${to} could not be reached yet.`;
  }
}

/** A time to answer as the record has it, `30m elapsed`, in words. */
function clockText(recorded: Json | undefined): string {
  const [within = '', name = ''] = String(recorded).split(' ');
  const clock = WORKING_CLOCKS.find((one) => one === name);
  return clock === undefined ? within : timeWords({ within, clock });
}

/** What would have stopped it, or would stop it now. */
export function stopping({ escalation, agreed, today }: Record): string {
  const { parties, cause } = escalation;
  const answer = causeWords(cause).stops(
    partnerName(today, parties.sender),
    partnerName(today, parties.receiver),
  );
  if (escalation.state === 'ended')
    return `${endedText(escalation, today)}. Before that it would have been stopped by ${answer}.`;
  const [next] = live(escalation).flatMap(({ rung }) => rungAbove(agreed.ladder, rung) ?? []);
  return `It stops with ${answer}.${next ? ` Otherwise it goes to ${next.name}.` : ' There is no rung above.'}`;
}
