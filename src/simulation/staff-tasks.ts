import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { FIRST_TERMS } from './pathway.ts';
import { MARK } from './people.ts';
import type { Dice } from './seeded.ts';
import type { Pressed } from './staff-prompts.ts';

const DAY = 24 * 3_600_000;

interface Button {
  readonly verb: string;
  readonly data: object;
}
interface WaitingRow {
  readonly verb: string;
  readonly ref: object;
}
interface Choice {
  readonly value: string;
}

/** What somebody knows who sets an action or moves one. */
export interface Known {
  readonly now: Instant;
  /** A case of the pathway. */
  readonly someCase: () => string;
}

/** Mostly a day of this week, seldom one that is over. */
const dayFrom = (now: Instant, dice: Dice): string =>
  new Date(Date.parse(now) + (dice.happens(0.04) ? -2 : dice.pick([0, 0, 1, 1, 2, 3])) * DAY)
    .toISOString()
    .slice(0, 10);

const words = (text: string, dice: Dice): string => (dice.happens(0.92) ? `${MARK} ${text}` : ' ');

function setting(view: CardView, dice: Dice, { now, someCase }: Known): Pressed {
  const { ref, several, providers, owners } = view.data as unknown as {
    ref: object;
    several: boolean;
    providers: readonly Choice[];
    owners: readonly Choice[];
  };
  const from = dice.pick(['handover', 'case', 'meeting', 'other']);
  const inputs = {
    what: words(`to do ${dice.between(1, 1_000_000_000)}`, dice),
    owner: dice.pick(owners).value,
    due: dayFrom(now, dice),
    from,
    caseId: from === 'handover' || from === 'case' ? someCase() : '',
    ...(several && { by: dice.pick(providers).value }),
  };
  return ['action.set.send', { ...ref, ...inputs }];
}

/** What somebody presses next about an action; undefined: they leave it. */
export function actionNext(view: CardView, dice: Dice, known: Known): Pressed | undefined {
  const { ref, rows = [] } = view.data as unknown as { ref: object; rows?: readonly object[] };
  switch (view.card) {
    case 'actions/set':
      return setting(view, dice, known);
    case 'actions/done':
      return ['action.done.send', { ...ref, proof: words('letter sent', dice) }];
    case 'actions/cancel':
      return ['action.cancel.send', { ...ref, reason: words('not needed', dice) }];
    case 'actions/move': {
      const { owners } = view.data as unknown as { owners: readonly Choice[] };
      const owner = dice.happens(0.6) ? dice.pick(owners).value : '';
      const due = owner === '' || dice.happens(0.5) ? dayFrom(known.now, dice) : '';
      return ['action.move.send', { ...ref, owner, due, reason: words('on leave', dice) }];
    }
    case 'actions/list': {
      if (rows.length === 0) return undefined;
      const { ref: row } = dice.pick(rows) as { ref: object };
      return ['action.view', row];
    }
    case 'core/waiting': {
      const { parts } = view.data as unknown as { parts: readonly { rows: readonly WaitingRow[] }[] };
      const waiting = parts.flatMap((part) => part.rows);
      if (waiting.length === 0) return undefined;
      const row = dice.pick(waiting);
      return [row.verb, row.ref];
    }
    case 'actions/action': {
      const buttons = (rows as readonly { buttons: readonly Button[] }[]).flatMap((row) => row.buttons);
      const undo = buttons.find(({ verb }) => verb === 'action.reopen');
      if (undo) return dice.happens(0.3) ? [undo.verb, undo.data] : undefined;
      if (buttons.length === 0 || dice.happens(0.15)) return undefined;
      const done = buttons.find(({ verb }) => verb === 'action.done');
      const { verb, data } = done && dice.happens(0.5) ? done : dice.pick(buttons);
      return [verb, data];
    }
    default:
      return undefined;
  }
}

/** What somebody presses on a card about cases that nobody holds. */
export function unownedNext(view: CardView, dice: Dice): Pressed | undefined {
  const { may, ref } = view.data as unknown as {
    readonly may: { readonly take?: boolean; readonly show?: boolean };
    readonly ref: object;
  };
  if (view.card === 'register/unowned' && may.take && dice.happens(0.8)) return ['case.take', ref];
  if (view.card === 'register/together' && may.show && dice.happens(0.9)) return ['unowned.list', ref];
  return undefined;
}

/** The presses of somebody who takes some of the cases on a list, and then perhaps looks at the next page. */
export function takingFrom(view: CardView, dice: Dice): readonly Pressed[] {
  const { rows, may, more } = view.data as unknown as {
    readonly rows: readonly { readonly ref: object }[];
    readonly may: { readonly more: boolean };
    readonly more: object;
  };
  const takes = rows.filter(() => dice.happens(0.7)).map(({ ref }): Pressed => ['case.take', ref]);
  return may.more && dice.happens(0.6) ? [...takes, ['unowned.list', more]] : takes;
}

/** Everybody who may take a case that nobody holds, at a provider; anybody there where there is none. */
export const takersAt = (provider: string): readonly string[] =>
  FIRST_TERMS.people.flatMap(({ key, positions }) =>
    positions.some((at) => at.provider === provider && TAKING.has(at.role)) ? [key] : [],
  );
const TAKING = new Set(FIRST_TERMS.roles.flatMap(({ id, can }) => (can.includes('coordinate') ? [id] : [])));
