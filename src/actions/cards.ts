import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { PersonActor } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import type { WaitingRow } from '../core/waiting.ts';
import { whenText } from '../core/wording.ts';
import { type Action, actionLabel, isOverdue } from './action.ts';
import type { Verb } from './cards-verbs.ts';
import { positionsFor } from './facts.ts';
import { mayReopen, reopenUntil } from './rules.ts';
import { fromText, ownerText, shortText, standingText } from './words.ts';

/** What every button of an action carries. */
export const refOf = ({ actionId, revision }: Action, terms: Agreement) => ({
  pathway: terms.pathway,
  action: actionId,
  revision,
});

/** Which buttons a card has, and whether the words of people may stand on it. */
export interface Can {
  readonly done: boolean;
  readonly reopen: boolean;
  readonly move: boolean;
  readonly cancel: boolean;
  readonly view: boolean;
}

/** What this person could do with the action as it stands. */
export function canOf(action: Action, actor: PersonActor, today: Agreement, now: Instant): Can {
  const open = action.state === 'open';
  const may = (act: Parameters<typeof positionsFor>[0]): boolean =>
    positionsFor(act, { action, actor, today }) !== undefined;
  return {
    done: open && may('action.done'),
    reopen: mayReopen({ action, actor, today, now }),
    move: open && may('action.move'),
    cancel: open && may('action.cancel'),
    view: may('action.view'),
  };
}

const NOTHING: Can = { done: false, reopen: false, move: false, cancel: false, view: false };

/** `canOf` for a person by key; nothing for a former colleague. */
export function canOfKey(action: Action, person: string, today: Agreement, now: Instant): Can {
  const member = today.people.find(({ key }) => key === person);
  if (!member) return NOTHING;
  const { name, positions } = member;
  return canOf(action, { kind: 'person', person, name, positions }, today, now);
}

interface Button {
  readonly title: string;
  readonly verb: Verb;
  readonly style?: 'positive';
}

/** Two buttons a row: on a phone a third would be cut off. */
function rowsOf(buttons: readonly Button[], data: object): object[] {
  const shown = buttons.map(({ title, verb, style = 'default' }) => ({ title, verb, style, data }));
  return shown.flatMap((_, at) => (at % 2 === 0 ? [{ buttons: shown.slice(at, at + 2) }] : []));
}

const MOVE = 'Change owner or day';
const buttonsOf = (can: Can): Button[] => [
  ...(can.done ? [{ title: 'Done', verb: 'action.done' as const, style: 'positive' as const }] : []),
  ...(can.move ? [{ title: MOVE, verb: 'action.move' as const }] : []),
  ...(can.cancel ? [{ title: 'Cancel the action', verb: 'action.cancel' as const }] : []),
  ...(can.reopen ? [{ title: 'Undo', verb: 'action.reopen' as const }] : []),
];

/** An action for one person in their own chat, or in the answer to them alone: its words if they may see them. */
export function actionCard(action: Action, can: Can, today: Agreement, now: Instant): CardView {
  return cardOf(action, can, buttonsOf(can), today, now);
}

/** An action as everybody in a channel may see it: no words of anybody, and View for those entitled. */
export function sharedCard(action: Action, today: Agreement, now: Instant): CardView {
  const open = action.state === 'open';
  const can: Can = { ...NOTHING, done: open, move: open };
  const buttons: Button[] = [...buttonsOf(can), { title: 'View details', verb: 'action.view' }];
  return cardOf(action, can, buttons, today, now);
}

const KICKERS = { open: 'To be done', done: 'Done', cancelled: 'Cancelled' } as const;
const LAST_WORDS = { open: '', done: 'Proof: ', cancelled: 'Why it was cancelled: ' } as const;

function cardOf(
  action: Action,
  { view: words, reopen }: Can,
  buttons: readonly Button[],
  today: Agreement,
  now: Instant,
): CardView {
  const { actionId, state, owner, setBy } = action;
  const late = isOverdue(action, now);
  const standing = standingText(action, today, now);
  const last = state === 'done' ? action.proof : state === 'cancelled' ? action.reason : '';
  const undoBy = state === 'done' && whenText(reopenUntil(action), now, today.zone);
  const lines = [
    `Owner: ${ownerText(owner, today)}.`,
    `${fromText(action)}.`,
    `Set by ${setBy.name}, ${partnerName(today, setBy.provider)}.`,
    ...(undoBy && reopen ? [`You can undo this until ${undoBy}.`] : []),
    ...(undoBy && !words ? [`View details has the proof, and Undo until ${undoBy}.`] : []),
  ];
  return {
    card: 'actions/action',
    data: {
      kicker: late ? 'Overdue' : KICKERS[state],
      tone: late ? 'attention' : state === 'open' ? 'accent' : 'emphasis',
      title: actionLabel(actionId),
      standing: `${standing}.`,
      words,
      what: words ? action.what : '',
      closed: words && state !== 'open',
      last: words ? `${LAST_WORDS[state]}${last}` : '',
      lines: lines.map((text) => ({ text })),
      rows: rowsOf(buttons, refOf(action, today)),
    },
    summary: `${actionLabel(actionId)}. ${standing}. Owner: ${ownerText(owner, today)}.`,
  };
}

/** Actions on one page of a list. */
export const ROWS_A_PAGE = 8;
const MOST_IN_ROW = 140;

const rowStanding = (action: Action, today: Agreement, now: Instant): string =>
  `${standingText(action, today, now)}. ${fromText(action)}.`;

/** An action as a row of /mine. `words`: the reader, alone with it, may see what is to be done. */
export const waitingRow = (action: Action, words: boolean, today: Agreement, now: Instant): WaitingRow => ({
  who: actionLabel(action.actionId),
  lines: [...(words ? [shortText(action.what, MOST_IN_ROW)] : []), ownerText(action.owner, today)],
  standing: rowStanding(action, today, now),
  late: isOverdue(action, now),
  button: { title: 'View', verb: 'action.view' satisfies Verb, data: refOf(action, today) },
});

/**
 * A page of actions: id, owner, day and origin, safe for a channel. `entitled`: ids of those whose words the
 * reader, alone with it, may see. `more`: the list that goes on, and after which place.
 */
export function actionList(
  title: string,
  rows: readonly Action[],
  entitled: ReadonlySet<string>,
  today: Agreement,
  now: Instant,
  more?: { readonly list: string; readonly after: string },
): CardView {
  const shown = rows.slice(0, ROWS_A_PAGE);
  return {
    card: 'actions/list',
    data: {
      title,
      empty: rows.length === 0,
      rows: shown.map((action) => ({
        label: actionLabel(action.actionId),
        words: entitled.has(action.actionId),
        what: entitled.has(action.actionId) ? shortText(action.what, MOST_IN_ROW) : '',
        owner: ownerText(action.owner, today),
        standing: rowStanding(action, today, now),
        colour: isOverdue(action, now) ? 'attention' : 'default',
        ref: refOf(action, today),
      })),
      may: { more: more !== undefined },
      more: { pathway: today.pathway, list: more?.list ?? '', after: more?.after ?? '' },
    },
    summary: `${title}: ${rows.length === 0 ? 'nothing' : `${shown.length} shown`}.`,
  };
}
