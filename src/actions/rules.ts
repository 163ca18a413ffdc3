import { type AgreementInForce, primeOf } from '../agreement/agreement.ts';
import { type Actor, type ActorRef, actorRef, type PersonActor } from '../core/actors.ts';
import type { Change, NoticeDraft, Verdict } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import {
  ACTION_HEAD,
  type Action,
  type Cancelled,
  climbs,
  type Done,
  type Open,
  ownerRoute,
  type Setter,
} from './action.ts';
import { timesOf } from './due.ts';
import {
  again,
  changed,
  decided,
  decidedSince,
  type Facts,
  mayAct,
  mustBeGood,
  others,
  ownerData,
  positionsFor,
  requiredText,
  tellAt,
  timerOf,
} from './facts.ts';
import { MAX_PROOF, type Wanted } from './wanted.ts';

/** So long whoever pressed Done can take it back, in milliseconds. */
const REOPEN_MS = 10 * 60_000;

/** A new action: its owner is told with a card. `actionId`: chosen when its form was opened. */
export function set(
  actionId: string,
  wanted: Wanted,
  actor: PersonActor,
  agreement: AgreementInForce,
  now: Instant,
): { readonly action: Open; readonly change: Change } {
  const { position, ...rest } = wanted;
  const setBy = { ...position, person: actor.person, name: actor.name };
  return begun(actionId, rest, setBy, actorRef(actor, position), agreement, now);
}

/** A new action that Baton sets, for the prime: something came that is to be looked at. */
export function setByBaton(
  actionId: string,
  wanted: Omit<Wanted, 'position'>,
  by: ActorRef,
  agreement: AgreementInForce,
  now: Instant,
): { readonly action: Open; readonly change: Change } {
  const { id: provider, holdsAs: role } = primeOf(agreement.terms);
  return begun(actionId, wanted, { provider, role, name: 'Baton' }, by, agreement, now);
}

function begun(
  actionId: string,
  { what, owner, due, from }: Omit<Wanted, 'position'>,
  setBy: Setter,
  by: ActorRef,
  { version, terms }: AgreementInForce,
  now: Instant,
): { readonly action: Open; readonly change: Change } {
  const action: Open = {
    id: ACTION_HEAD,
    kind: 'action',
    schema: 1,
    audit: { seq: 0, hash: '' },
    actionId,
    revision: 1,
    agreementVersion: version,
    what,
    owner,
    from,
    setBy,
    setAt: now,
    ...timesOf(due, owner, terms, now),
    shownTo: [ownerRoute(owner)],
    state: 'open',
  };
  const data = { action: actionId, what, due, from: from.kind, ...caseIn(action), ...ownerData(owner) };
  return { action, change: changed(action, { type: 'action.set', by, data }, []) };
}

const caseIn = ({ from: { caseId } }: Pick<Action, 'from'>) => caseId !== undefined && { case: caseId };

/** It is done, with what shows it. Errors: `Invalid` without proof; `Refused` for somebody whose it is not. */
export function done(facts: Facts, press: { readonly revision: number; readonly proof: string }): Verdict {
  const position = mayAct('action.done', facts);
  const { action, actor, now } = facts;
  if (action.state !== 'open') return closed(facts, 'action.done', press.revision);
  // A press that comes a second time does not do again what was taken back.
  if (action.last?.verb === 'action.reopen' && decidedSince(facts, press.revision)) return { kind: 'moved' };
  mustBeGood(
    'Not done yet.',
    requiredText('proof', press.proof, 'Write what shows that it is done.', MAX_PROOF),
  );
  const by = actorRef(actor, position);
  const proof = press.proof.trim();
  const rest = decided({ ...facts, action }, 'action.done', press.revision);
  const next: Done = { ...rest, state: 'done', doneBy: by, doneAt: now, proof };
  const told = tellAt(next, others(next, actor), 'action.done');
  const event = { type: 'action.done', by, data: { action: action.actionId, proof } };
  return { kind: 'change', change: changed(next, event, told) };
}

/** Until when what was done can be taken back by whoever did it. */
export const reopenUntil = ({ doneAt }: Done): Instant => plusMs(doneAt, REOPEN_MS);

/** Does `reopen` take it from this actor now? */
export function mayReopen(facts: Facts): boolean {
  const { action, actor, now } = facts;
  return action.state === 'done' && isBy(action, actor) && now <= reopenUntil(action) && canAct(facts);
}

const isBy = ({ doneBy }: Done, actor: Actor): boolean =>
  actor.kind === 'person' && 'person' in doneBy && doneBy.person === actor.person;
const canAct = (facts: Facts): boolean => positionsFor('action.reopen', facts) !== undefined;

/**
 * Done was pressed by mistake: it is open again as it was, with its day, its reminder and its climb. Errors:
 * `Refused` for anybody but who pressed it, and when its time has passed.
 */
export function reopen(facts: Facts, press: { readonly revision: number }): Verdict {
  const position = mayAct('action.reopen', facts);
  const { action, actor, now } = facts;
  if (again(facts, 'action.reopen', press.revision)) return { kind: 'done' };
  // Of a Done that was taken back already, and came after it once more: that one stays.
  if (action.state !== 'done' || decidedSince(facts, press.revision)) return { kind: 'moved' };
  if (!isBy(action, actor)) {
    throw new Refused(
      'not-yours',
      'Only the person who pressed Done can undo that. Ask them, or set a new action.',
    );
  }
  if (now > reopenUntil(action)) {
    throw new Refused(
      'too-late',
      'The ten minutes to undo have passed, and whoever set it counts on it. Type /action to set a new one.',
    );
  }
  const { doneBy: _by, doneAt: _at, proof: _proof, ...rest } = action;
  const open: Open = { ...rest, state: 'open' };
  const next = decided({ ...facts, action: open }, 'action.reopen', press.revision);
  const told = tellAt(next, others(next, actor), 'action.reopened');
  const event = { type: 'action.reopened', by: actorRef(actor, position), data: { action: action.actionId } };
  return { kind: 'change', change: changed(next, event, told) };
}

/** It is not needed any more. Errors: `Invalid` without a reason; `Refused` for somebody who may not. */
export function cancel(facts: Facts, press: { readonly revision: number; readonly reason: string }): Verdict {
  const position = mayAct('action.cancel', facts);
  const { action, actor, now } = facts;
  if (action.state !== 'open') return closed(facts, 'action.cancel', press.revision);
  mustBeGood(
    'Not cancelled yet.',
    requiredText('reason', press.reason, 'Write why it is not needed any more.', MAX_PROOF),
  );
  const by = actorRef(actor, position);
  const reason = press.reason.trim();
  const { remindAt: _, ...rest } = decided({ ...facts, action }, 'action.cancel', press.revision);
  const next: Cancelled = { ...rest, state: 'cancelled', cancelledBy: by, cancelledAt: now, reason };
  const told = tellAt(next, others(next, actor), 'action.cancelled');
  const event = { type: 'action.cancelled', by, data: { action: action.actionId, reason } };
  return { kind: 'change', change: changed(next, event, told) };
}

const closed = (facts: Facts, verb: 'action.done' | 'action.cancel', revision: number): Verdict =>
  again(facts, verb, revision) ? { kind: 'done' } : { kind: 'moved' };

/**
 * Its timer has fired: the owner is reminded, or it is overdue and begins to climb. After an outage that outlasted
 * both, it is overdue alone. A timer that has nothing to do any more ends, one that was moved stands later.
 * Undefined when nothing is due.
 */
export function tick({ action, now, actor }: Facts): Change | undefined {
  if (action.state !== 'open' || climbs(action)) return { documents: [action], timers: [timerOf(action)] };
  const by = actorRef(actor);
  const { remindAt, ...rest } = action;
  if (action.climbsAt <= now) {
    const next: Open = { ...rest, overdueAt: now, revision: action.revision + 1 };
    return changed(
      next,
      { type: 'action.overdue', by, data: { action: action.actionId, due: action.due } },
      [],
    );
  }
  if (remindAt === undefined || remindAt > now) return undefined;
  const told: NoticeDraft[] = tellAt(rest, [ownerRoute(action.owner)], 'action.reminder', {
    due: action.due,
  });
  // The card reads as before.
  const event = { type: 'action.reminded', by, data: { action: action.actionId, due: action.due } };
  return changed(rest, event, told, []);
}
