import { type Agreement, partnerName, providerOf } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { whenText } from '../core/wording.ts';
import {
  CATEGORIES,
  type Concern,
  concernLabel,
  isAskedAnew,
  type Mark,
  outsideTold,
  standingOf,
  waitsOutside,
} from './concern.ts';
import { moveLine } from './move.ts';
import { openTodos } from './todo.ts';
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

/** The name of a contact of the map; its id where the map has it no more. */
export const contactName = (id: string | undefined, { safeguarding }: Agreement): string | undefined =>
  safeguarding?.map.find((one) => one.id === id)?.name ?? id;

/** `Financial or material abuse, Neglect and acts of omission` */
export const categoriesText = ({ told }: Pick<Concern, 'told'>): string =>
  told.categories.map((one) => CATEGORIES[one]).join(', ');

/** `Sana Malik, Northside Community Trust` */
export const byText = ({ name, provider }: Mark['by'], today: Agreement): string =>
  provider === undefined ? name : `${name}, ${partnerName(today, provider)}`;

/** Somebody by their key: `Sana Malik, Northside Community Trust` */
export function ownerText(key: string, today: Agreement): string {
  const found = today.people.find((one) => one.key === key);
  const provider = found?.positions[0]?.provider;
  return byText(
    { person: key, name: found?.name ?? key, ...(provider !== undefined && { provider }) },
    today,
  );
}

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
      return decided
        ? `Decided by ${byText(decided.by, today)}, ${when(decided.at)}.${acknowledged ? '' : ' Not acknowledged yet by whom it was handed to.'}`
        : '';
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

/** Lines that matter until it is closed, whoever has it; `numbers`: of which actions. */
const TO_DO = {
  'concern.chase': ({ concernId, chase }: Concern) =>
    chase &&
    `The local authority was told about ${concernLabel(concernId)}, and no answer is recorded. Ring them, then press They have answered on the concern.`,
  'concern.added': ({ concernId }: Concern) =>
    `Something was added to ${concernLabel(concernId)}. Open it to read it.`,
  'concern.works-on-case': ({ concernId }: Concern) =>
    `${concernLabel(concernId)}: somebody whom it may be about, or their manager or team, now works on its case. Arrange for somebody else.`,
  'concern.action': (concern: Concern, numbers: string) =>
    isOpen(concern, numbers)
      ? `You have been given an action of ${concernLabel(concern.concernId)}. Open the concern to read what and by when.`
      : undefined,
  'concern.action-due': (concern: Concern, numbers: string) =>
    isOpen(concern, numbers)
      ? `The day of an action of ${concernLabel(concern.concernId)} has come, and it is not recorded as done. Open the concern, then press An action is done.`
      : undefined,
} as const;

/** Is one of these actions, `1,3`, still to be done? */
const isOpen = (concern: Concern, numbers: string): boolean =>
  openTodos(concern).some(({ n }) => numbers.split(',').includes(String(n)));

/** What is said of a concern in a line; undefined when it no longer matters. */
export function line(
  name: string,
  concern: Concern,
  today: Agreement,
  refs: Readonly<Record<string, string>> = {},
): string | undefined {
  if (name.startsWith('concern.move')) {
    return moveLine(name, refs.n, concern, concernLabel(concern.concernId));
  }
  const { acknowledged, opened, closed, concernId } = concern;
  if (closed) return undefined;
  if (name in TO_DO) return TO_DO[name as keyof typeof TO_DO](concern, refs.n ?? '');
  if (acknowledged) return undefined;
  switch (name) {
    case 'concern.asked':
      return `${concernLabel(concernId)} is not acknowledged yet, and you are asked. Open it now, and press Acknowledge.`;
    case 'concern.danger':
      return `${concernLabel(concernId)}: somebody is in danger now, and it is asked about again. Open it now, and press Acknowledge.`;
    case 'concern.outside': {
      const ring = ringOf(concern, today);
      return waitsOutside(concern) && !outsideTold(concern)
        ? `${concernLabel(concernId)} still waits for you: ring ${ring.name}, ${ring.phone}. Baton cannot tell them. Then press I have told them. If somebody is in danger now, ring 999.`
        : undefined;
    }
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
