import { type Agreement, partnerName, providerOf } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { whenText } from '../core/wording.ts';
import { CATEGORIES, type Concern, concernLabel, isAskedAnew, type Mark, standingOf } from './concern.ts';
import { peopleFor, stepsFor } from './who.ts';

/** Whom somebody rings about a concern, with the number. */
export interface Ring {
  readonly name: string;
  readonly phone: string;
}

/** Whom whoever raised it rings: the service of the first who may know of it, or the outside contact. */
export function ringOf(concern: Concern, today: Agreement): Ring {
  const outside = today.safeguarding?.outside ?? today.ladder.lastResort;
  const { person } = concern.raisedBy;
  const step = stepsFor(concern, today).find((one) =>
    peopleFor(concern, one, today).some((key) => key !== person),
  );
  const found = step && providerOf(today, step.provider);
  return found ? { name: found.name, phone: found.phone } : { name: outside.name, phone: outside.phone };
}

/** `Financial or material abuse, Neglect and acts of omission` */
export const categoriesText = ({ told }: Pick<Concern, 'told'>): string =>
  told.categories.map((one) => CATEGORIES[one]).join(', ');

/** `Sana Malik, Northside Community Trust` */
export const byText = ({ name, provider }: Mark['by'], today: Agreement): string =>
  provider === undefined ? name : `${name}, ${partnerName(today, provider)}`;

/** Where it stands, to those who answer for it: who has done what, and by when it is to be acknowledged. */
export function standingText(concern: Concern, today: Agreement, now: Instant): string {
  const when = (at: Instant): string => whenText(at, now, today.zone);
  const { closed, decided, acknowledged, opened, acknowledgeBy } = concern;
  if (isAskedAnew(concern) && !closed) {
    return `Somebody is in danger now. Not acknowledged again yet. Acknowledge by ${when(acknowledgeBy)}.`;
  }
  switch (standingOf(concern)) {
    case 'closed':
      return closed ? `Closed by ${byText(closed.by, today)}, ${when(closed.at)}.` : '';
    case 'decided':
      return decided ? `Decided by ${byText(decided.by, today)}, ${when(decided.at)}.` : '';
    case 'acknowledged':
      return acknowledged
        ? `Acknowledged by ${byText(acknowledged.by, today)}, ${when(acknowledged.at)}.`
        : '';
    case 'opened':
      return `Opened by ${opened ? byText(opened.by, today) : ''}, not acknowledged yet. Acknowledge by ${when(acknowledgeBy)}.`;
    case 'sent':
      return `Not acknowledged yet. Acknowledge by ${when(acknowledgeBy)}.`;
  }
}

/** Where it stands, to whoever raised it: times alone. */
export function raiserText(concern: Concern, today: Agreement, now: Instant): string {
  const when = (at: Instant): string => whenText(at, now, today.zone);
  const { closed, decided, acknowledged, opened, raisedAt } = concern;
  if (closed) return `Closed, ${when(closed.at)}.`;
  const again = isAskedAnew(concern) ? concern.asked.at(-1) : undefined;
  if (again) return `Asked about again ${when(again.at)}. Nobody has answered it yet.`;
  if (decided) return `Decided, ${when(decided.at)}.`;
  if (acknowledged) return `Seen, and answered for, ${when(acknowledged.at)}.`;
  if (opened) return `Seen ${when(opened.at)}.`;
  return `Sent ${when(raisedAt)}. Nobody has seen it yet.`;
}

/** What is said of a concern in a line; undefined when it no longer matters. */
export function line(name: string, concern: Concern, today: Agreement): string | undefined {
  const { acknowledged, opened, closed, concernId, chase } = concern;
  if (name === 'concern.chase') {
    return chase && !closed
      ? `The local authority was told about ${concernLabel(concernId)}, and no answer is recorded. Ring them, then press They have answered on the concern.`
      : undefined;
  }
  if (name === 'concern.added') {
    return closed ? undefined : `Something was added to ${concernLabel(concernId)}. Open it to read it.`;
  }
  if (acknowledged || closed) return undefined;
  switch (name) {
    case 'concern.asked':
      return `${concernLabel(concernId)} is not acknowledged yet, and you are asked. Open it now, and press Acknowledge.`;
    case 'concern.danger':
      return `${concernLabel(concernId)}: somebody is in danger now, and it is asked about again. Open it now, and press Acknowledge.`;
    case 'concern.ring': {
      const ring = ringOf(concern, today);
      return opened
        ? undefined
        : `Nobody has seen ${concernLabel(concernId)} yet. Do not wait: ring ${ring.name}, ${ring.phone}. If somebody is in danger now, ring 999.`;
    }
    default:
      return undefined;
  }
}
