import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { type Action, actionLabel } from './action.ts';
import { ownerText, soonText, standingText } from './words.ts';

/** The lines that Baton says about actions, in the thread of their cards and to whoever set them. */
export const LINES = [
  'action.done',
  'action.reopened',
  'action.cancelled',
  'action.moved',
  'action.reminder',
  'action.not-delivered',
] as const;

/**
 * The words of one line, which begins with its action; undefined when it no longer says what is so. It names
 * staff only, and never what is to be done.
 */
export function line(
  code: string,
  refs: Readonly<Record<string, string>>,
  action: Action,
  terms: Agreement,
  now: Instant,
): string | undefined {
  const said = words(code, refs, action, terms, now);
  return said === undefined ? undefined : `${actionLabel(action.actionId)}: ${said}`;
}

function words(
  code: string,
  refs: Readonly<Record<string, string>>,
  action: Action,
  terms: Agreement,
  now: Instant,
): string | undefined {
  const standing = standingText(action, terms, now);
  const open = action.state === 'open';
  switch (code) {
    case 'action.done':
      return action.state === 'done'
        ? `${standing}. Type /actions ${action.actionId} to read the proof.`
        : undefined;
    case 'action.reopened':
      return open ? `Open again: Done was pressed by mistake. ${standing}.` : undefined;
    case 'action.cancelled':
      return action.state === 'cancelled' ? `${standing}.` : undefined;
    case 'action.moved':
      return open ? `Changed. It is now with ${ownerText(action.owner, terms)}. ${standing}.` : undefined;
    case 'action.reminder':
      if (!open || refs.due !== action.due) return undefined;
      return `Reminder: it is due ${soonText(action.due, now, terms.zone)}. Press Done when it is, or agree a new day.`;
    case 'action.not-delivered': {
      if (!open || action.unreached === undefined) return undefined;
      const { provider } = action.owner;
      const phone = terms.providers.find(({ id }) => id === provider)?.phone;
      return `${ownerText(action.owner, terms)} could not be told. Ring ${partnerName(terms, provider)}${phone === undefined ? '' : `: ${phone}`}.`;
    }
    default:
      return undefined;
  }
}
