import type { PersonActor } from '../core/actors.ts';
import type { Act } from '../core/permissions.ts';
import type { Present } from './commands.ts';
import { type Facts, rulingOn } from './facts.ts';
import { waitsFor } from './handover.ts';
import { isOpen } from './lists.ts';
import { mayAccept, mayUndo } from './rules.ts';

/** Which buttons the reader of the details may press; what is absent is not offered. */
export interface Can {
  readonly accept?: boolean;
  readonly reject?: boolean;
  readonly ask?: boolean;
  readonly answer?: boolean;
  readonly withdraw?: boolean;
  readonly another?: boolean;
  readonly undo?: boolean;
  /** The handover note is theirs to copy. */
  readonly note?: boolean;
}

/** What this person could press on the handover as it stands. */
export function canOf(found: Present, actor: PersonActor): Can {
  const facts: Facts = { ...found, actor };
  const { handover } = found;
  const may = (act: Act): boolean => rulingOn(act, facts).allowed;
  const open = isOpen(handover);
  return {
    accept: mayAccept(facts),
    reject: open && may('handover.reject'),
    ask: handover.state === 'offered' && may('handover.ask'),
    answer: handover.state === 'information-requested' && may('handover.answer'),
    withdraw: open && may('handover.withdraw'),
    undo: mayUndo(facts),
    note: handover.state === 'accepted',
    another: !open && waitsFor(handover) !== undefined && may('handover.answer'),
  };
}
