import { type Agreement, partnerName, positionCan, primeOf } from '../agreement/agreement.ts';
import type { Actor, PersonActor, Position } from '../core/actors.ts';
import {
  type Change,
  type EventDraft,
  type NoticeDraft,
  type Route,
  routeName,
  type TimerDraft,
} from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { type Act, rule } from '../core/permissions.ts';
import { textProblem } from '../core/text.ts';
import {
  type Action,
  actionSubject,
  climbs,
  listed,
  type Open,
  type Owner,
  ownerRoute,
  setterRoute,
} from './action.ts';

/** What a rule about one action decides from; `today` is the agreement in force. */
export interface Facts {
  readonly action: Action;
  readonly actor: Actor;
  readonly today: Agreement;
  readonly now: Instant;
}

/** The verbs about an action that stands. */
export type ActionAct = Extract<
  Act,
  'action.done' | 'action.reopen' | 'action.move' | 'action.cancel' | 'action.view'
>;

/** Is it theirs by name, or by the role that it was given to? */
function owns({ owner }: Pick<Action, 'owner'>, { person, positions }: PersonActor): boolean {
  if (owner.person !== undefined) return owner.person === person;
  const { provider, role } = owner;
  return role !== undefined && positions.some((at) => at.provider === provider && at.role === role);
}

/** What the owner and whoever set it may do whatever their role is; the table of permissions says who else. */
const BY_NAME: Readonly<Record<'owner' | 'setter', readonly ActionAct[]>> = {
  owner: ['action.done', 'action.reopen', 'action.move', 'action.view'],
  setter: ['action.done', 'action.reopen', 'action.move', 'action.cancel', 'action.view'],
};

/** The positions in which this actor may do it; undefined where they may not. */
export function positionsFor(
  act: ActionAct,
  { action, actor, today }: Pick<Facts, 'action' | 'actor' | 'today'>,
): readonly Position[] | undefined {
  const sides = { receiver: action.owner.provider, sender: action.setBy.provider, prime: primeOf(today).id };
  const ruling = rule(act, actor, sides, (position, ability) => positionCan(today, position, ability));
  if (ruling.allowed) return ruling.positions;
  if (actor.kind !== 'person') return undefined;
  const at = (provider: string): Position[] => actor.positions.filter((one) => one.provider === provider);
  if (BY_NAME.owner.includes(act) && owns(action, actor)) return at(action.owner.provider);
  if (BY_NAME.setter.includes(act) && action.setBy.person === actor.person) return at(action.setBy.provider);
  return undefined;
}

/** The position in which the actor does it. Errors: `Refused` `not-yours`, with whom to ask. */
export function mayAct(act: ActionAct, facts: Facts): Position | undefined {
  const positions = positionsFor(act, facts);
  if (positions) return positions[0];
  const { action, today } = facts;
  throw new Refused(
    'not-yours',
    `This action belongs to ${partnerName(today, action.owner.provider)} and was set by ${partnerName(today, action.setBy.provider)}. Ask its owner, or a coordinator there.`,
  );
}

/** Was exactly this press taken already? */
export function again({ action: { last }, actor }: Facts, verb: ActionAct, revision: number): boolean {
  return (
    actor.kind === 'person' &&
    last?.verb === verb &&
    last.person === actor.person &&
    last.fromRevision === revision
  );
}

/** Was something decided since the card of `revision` was drawn? That time passed is no decision. */
export const decidedSince = ({ action: { last } }: Facts, revision: number): boolean =>
  revision < (last?.revision ?? 1);

/** The open action one revision on, with this decision as the last. */
export function decided(facts: Facts & { action: Open }, verb: ActionAct, revision: number): Open {
  const { action, actor } = facts;
  const next = action.revision + 1;
  if (actor.kind !== 'person') return { ...action, revision: next };
  return {
    ...action,
    revision: next,
    last: { verb, person: actor.person, fromRevision: revision, revision: next },
  };
}

/** The problem of a free text that is required, of at most `max` characters. */
export function requiredText(field: string, value: string, ifEmpty: string, max: number): Problem[] {
  const { length } = value.trim();
  const message =
    textProblem(value, ifEmpty) ??
    (length > max ? `Use at most ${max.toLocaleString('en-GB')} characters; this has ${length}.` : undefined);
  return message === undefined ? [] : [{ field, message }];
}

/** Goes on where nothing is wrong. Errors: `Invalid` with all that is. */
export function mustBeGood(message: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Invalid(message, problems);
}

/** The owner as the record says it. */
export const ownerData = ({ provider, role, person }: Owner) => ({
  owner: provider,
  ...(role !== undefined && { role }),
  ...(person !== undefined && { person }),
});

/** `show` for the copies of the card at these routes. */
export const showAt = (action: Action, routes: readonly Route[]): NoticeDraft[] =>
  routes.map((route) => ({ form: 'show', subject: actionSubject(action.actionId), route }));

/** A line at each of these routes, once each. */
export function tellAt(
  action: Action,
  routes: readonly Route[],
  line: string,
  refs: Readonly<Record<string, string>> = {},
): NoticeDraft[] {
  const once = new Map(routes.map((route) => [routeName(route), route]));
  const subject = actionSubject(action.actionId);
  return [...once.values()].map((route) => ({ form: 'tell', subject, route, line, refs }));
}

/**
 * Who hears of a decision: whoever set it and the owner, but not who decided. A channel whose own people
 * decided reads it on its card.
 */
export function others(action: Action, actor: Actor): Route[] {
  const theirs = actor.kind === 'person' ? actor.positions : [];
  const routes: Route[] = [setterRoute(action.setBy), ownerRoute(action.owner)];
  return routes.filter((route) =>
    route.to === 'person'
      ? actor.kind !== 'person' || route.person !== actor.person
      : !theirs.some(({ provider }) => provider === route.provider),
  );
}

/** The next thing that happens by itself: the reminder, or the start of the climb; nothing once it climbs or is closed. */
export function timerOf(action: Action): TimerDraft {
  const waits = action.state === 'open' && !climbs(action);
  const due = waits ? (action.remindAt ?? action.climbsAt) : null;
  return { subject: actionSubject(action.actionId), fires: 'action.overdue', due };
}

/** The change of a decision: the action on its lists, its event and timer, every copy shown anew, what is told. */
export function changed(
  action: Action,
  event: EventDraft,
  notices: readonly NoticeDraft[],
  shown: readonly Route[] = action.shownTo,
): Change {
  return {
    documents: [listed(action)],
    events: [event],
    notices: [...showAt(action, shown), ...notices],
    timers: [timerOf(action)],
  };
}
