import { type Agreement, staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { whenText } from '../core/wording.ts';
import { type Escalation, live } from './escalation.ts';
import {
  aboutText,
  askedAndNextText,
  becauseText,
  besideText,
  heldText,
  lastResort,
  lastResortText,
  nextText,
  numberOf,
  unwokenText,
} from './words.ts';

/** The lines that Baton says about what climbs, in the thread of what it is about and to those who were asked. */
export const LINES = [
  'escalation.raised',
  'escalation.acknowledged',
  'escalation.reminder',
  'escalation.unreached',
  'escalation.unpaged',
  'escalation.resolved',
] as const;

/**
 * The words of one line; undefined when it no longer says what is so. It begins with its case and names staff
 * only. `to`: `holder` where it goes to whoever holds the case.
 */
export function line(
  code: string,
  refs: Readonly<Record<string, string>>,
  escalation: Escalation,
  agreed: Agreement,
  today: Agreement,
  now: Instant,
): string | undefined {
  if (code === 'escalation.resolved') return resolvedText(escalation, today);
  const raising = live(escalation).find(({ n }) => n === Number(refs.n));
  if (escalation.state !== 'running' || !raising) return undefined;
  const about = `${aboutText(escalation)}: `;
  switch (code) {
    case 'escalation.raised': {
      if (raising.state !== 'waiting') return undefined;
      const late = raising.late ? 'This comes late. ' : '';
      const holds =
        refs.to === 'holder'
          ? ` ${heldText(escalation, today, 'holder')}${lastResortText(raising, escalation, agreed, today)}${unwokenText(raising, agreed, today)}`
          : ` ${heldText(escalation, today, 'others')}`;
      const because = becauseText(raising, escalation, agreed, today);
      const asked = askedAndNextText(raising, escalation, agreed, today, now);
      return `${about}${late}${because} ${asked}${besideText(raising, escalation, agreed, today, now)}${holds}`;
    }
    case 'escalation.acknowledged': {
      const held = raising.acknowledged;
      if (raising.state !== 'acknowledged' || !held) return undefined;
      return `${about}${staffName(held.person, today)} is on it until ${whenText(held.until, now, today.zone)}. ${heldText(escalation, today, 'others')}`;
    }
    case 'escalation.unreached':
      if (raising.state !== 'waiting') return undefined;
      return `${about}Nobody who was asked could be reached.${lastResort(today)}`;
    case 'escalation.unpaged':
      if (raising.state !== 'waiting') return undefined;
      return `${about}The paging service did not take the call.${numberOf(raising, today)}`;
    case 'escalation.reminder':
      if (raising.state !== 'waiting') return undefined;
      return `${about}${refs.late ? 'This comes late. ' : ''}Reminder: nobody has answered yet. ${nextText(raising, escalation, agreed, today, now)}`;
    default:
      return undefined;
  }
}

function resolvedText(escalation: Escalation, today: Agreement): string | undefined {
  if (escalation.state !== 'ended' || escalation.how !== 'resolved') return undefined;
  const { endedBy } = escalation;
  const who = 'person' in endedBy ? endedBy.name : 'Somebody';
  return `${aboutText(escalation)}: ${who} recorded a decision, and nobody is asked any more. ${heldText(escalation, today, 'others')}`;
}
