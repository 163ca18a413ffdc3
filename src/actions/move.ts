import type { Agreement } from '../agreement/agreement.ts';
import { same } from '../agreement/same.ts';
import { actorRef } from '../core/actors.ts';
import { type Route, routeName, type Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import { type Open, type Owner, ownerRoute } from './action.ts';
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
  requiredText,
  tellAt,
} from './facts.ts';
import { type Inputs, MAX_PROOF, readDay, readOwner } from './wanted.ts';

/**
 * Another owner, another day, or both, with a reason. A new day ends the climb. `moved` where somebody else has
 * decided since the card was drawn. Errors: `Invalid` for each field that is wrong, and where nothing would
 * change; `Refused` for somebody who may not.
 */
export function move(facts: Facts, press: { readonly revision: number; readonly typed: Inputs }): Verdict {
  const position = mayAct('action.move', facts);
  const { action, actor, today, now } = facts;
  const { revision, typed } = press;
  if (again(facts, 'action.move', revision)) return { kind: 'done' };
  if (action.state !== 'open' || decidedSince(facts, revision)) return { kind: 'moved' };
  const { owner, due, problems } = readMove(action, typed, today, now);
  mustBeGood('Not changed yet.', problems);
  const {
    remindAt: _,
    overdueAt,
    unreached: _unreached,
    ...rest
  } = decided({ ...facts, action }, 'action.move', revision);
  const route = ownerRoute(owner);
  // What climbs goes on climbing until it has a new day.
  const climbing = overdueAt !== undefined && due === action.due;
  const next: Open = {
    ...rest,
    owner,
    ...(climbing ? { overdueAt } : timesOf(due, owner, today, now)),
    shownTo: withRoute(action.shownTo, route),
  };
  const reason = (typed.reason ?? '').trim();
  const data = { action: action.actionId, due, reason, ...ownerData(owner) };
  // Whoever has it now, and had no card before, gets one that says all this.
  const fresh = next.shownTo.length > action.shownTo.length ? routeName(route) : undefined;
  const heard = [...others(action, actor), ...others(next, actor)];
  const told = tellAt(
    next,
    heard.filter((one) => routeName(one) !== fresh),
    'action.moved',
  );
  const event = { type: 'action.moved', by: actorRef(actor, position), data };
  return { kind: 'change', change: changed(next, event, told) };
}

const withRoute = (routes: readonly Route[], route: Route): readonly Route[] =>
  routes.some((one) => routeName(one) === routeName(route)) ? routes : [...routes, route];

/** Owner and day as they are to be: what is left empty stays. */
function readMove(
  action: Open,
  typed: Inputs,
  today: Agreement,
  now: Instant,
): { readonly owner: Owner; readonly due: string; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const chosen = typed.owner ? readOwner(typed.owner, today) : action.owner;
  if (!chosen) problems.push({ field: 'owner', message: 'Choose whose it is.' });
  const owner = chosen ?? action.owner;
  const day = typed.due?.trim() ? readDay(typed.due, today.zone, now) : { day: action.due };
  if (day.problem !== undefined) problems.push({ field: 'due', message: day.problem });
  const due = day.problem === undefined ? day.day : action.due;
  const stays = due === action.due && same(owner, action.owner);
  if (problems.length === 0 && stays) {
    problems.push({ field: 'owner', message: 'Choose another owner or another day.' });
  }
  problems.push(...requiredText('reason', typed.reason ?? '', 'Write why it changes.', MAX_PROOF));
  return { owner, due, problems };
}
