import { positionCan, primeOf } from '../agreement/agreement.ts';
import type { PersonActor } from '../core/actors.ts';
import { type Act, rule } from '../core/permissions.ts';
import type { Can } from './cards-private.ts';
import type { Present } from './commands.ts';
import { isOpen, waitsFor } from './lists.ts';

/** Is this the person who accepted it, while that can still be undone? */
export function maysUndo({ handover, now }: Present, actor: PersonActor): boolean {
  if (handover.state !== 'accepted' || now > handover.undoUntil) return false;
  return 'person' in handover.acceptedBy && handover.acceptedBy.person === actor.person;
}

/** What this person could press on the handover as it stands. */
export function canOf(found: Present, actor: PersonActor): Can {
  const { handover, today } = found;
  const sides = { receiver: handover.to, sender: handover.sender, prime: primeOf(today).id };
  const may = (act: Act) =>
    rule(act, actor, sides, (position, ability) => positionCan(today, position, ability)).allowed;
  const open = isOpen(handover);
  return {
    accept: open && may('handover.accept') && actor.person !== handover.from.person,
    reject: open && may('handover.reject'),
    ask: handover.state === 'offered' && may('handover.ask'),
    answer: handover.state === 'information-requested' && may('handover.answer'),
    withdraw: open && may('handover.withdraw'),
    undo: maysUndo(found, actor),
    note: handover.state === 'accepted',
    another: !open && waitsFor(handover) !== undefined && may('handover.answer'),
  };
}
