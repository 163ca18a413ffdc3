import type { ActorRef, Position } from '../core/actors.ts';
import type { Head, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';

/**
 * Something that somebody is to do by a day, agreed between partners: a partition of its own, whose head is the
 * action itself. What is to be done and the proof of it are free text, for those entitled and never for a channel.
 */

/** Whose it is: a provider, and within it a role or a person by key, never both. */
export interface Owner {
  readonly provider: string;
  readonly role?: string;
  readonly person?: string;
}

/** What an action came out of. */
export const ORIGINS = ['handover', 'case', 'meeting', 'mismatch', 'list', 'other'] as const;
export type Origin = (typeof ORIGINS)[number];
/** Nothing to look at without the case. */
export const ORIGINS_WITH_CASE: readonly Origin[] = ['handover', 'case'];

export interface From {
  readonly kind: Origin;
  readonly caseId?: string;
  /** Whose list it was. */
  readonly provider?: string;
}

/** The instants of a day to be done by, fixed when the day is set; see `timesOf`. */
export interface Times {
  /** The local day, `2026-11-27`. */
  readonly due: string;
  /** The end of that day: not done by then, it is overdue. */
  readonly dueAt: Instant;
  /** Still to come; absent once it was said, and where the day is too near for one. Kept while done, in case that is undone. */
  readonly remindAt?: Instant;
  /** When it begins to climb: the owner's first open time after `dueAt`. */
  readonly climbsAt: Instant;
}

/** The last decision of a person, so that the same press again is known as such. `revision`: what it made. */
interface Last {
  readonly verb: string;
  readonly person: string;
  readonly fromRevision: number;
  readonly revision: number;
}

/** Who set it; no person where Baton did, for the prime. */
export type Setter = Position & { readonly person?: string; readonly name: string };

export interface Common extends Head, Times {
  readonly kind: 'action';
  readonly actionId: string;
  readonly revision: number;
  /** Whose ladder it climbs. */
  readonly agreementVersion: number;
  /** Free text. */
  readonly what: string;
  readonly owner: Owner;
  readonly from: From;
  readonly setBy: Setter;
  readonly setAt: Instant;
  /** It began to climb. */
  readonly overdueAt?: Instant;
  /** Where its card stands or is on its way. */
  readonly shownTo: readonly Route[];
  /** Its owner could not be told. */
  readonly unreached?: true;
  readonly last?: Last;
}

export type Open = Common & { readonly state: 'open' };
export type Done = Common & {
  readonly state: 'done';
  readonly doneBy: ActorRef;
  readonly doneAt: Instant;
  /** Free text. */
  readonly proof: string;
};
export type Cancelled = Common & {
  readonly state: 'cancelled';
  readonly cancelledBy: ActorRef;
  readonly cancelledAt: Instant;
  /** Free text. */
  readonly reason: string;
};
export type Action = Open | Done | Cancelled;

/** The id of an action's head document. */
export const ACTION_HEAD = 'action';
const PREFIX = '_action:';
/** The partition of an action by its id, which looks like a case's (`7K2-M4Z`). */
export const actionCase = (actionId: string): string => `${PREFIX}${actionId}`;
export const actionSubject = (actionId: string): string => `action:${actionId}`;
/** The id in a subject or in a partition's name. */
export const actionIdOf = (name: string): string => name.replace(/^_?action:/, '');
/** How people name it: `Action 7K2-M4Z`. */
export const actionLabel = (actionId: string): string => `Action ${actionId}`;

/** Does it climb the ladder? */
export const climbs = ({ state, overdueAt }: Pick<Action, 'state' | 'overdueAt'>): boolean =>
  state === 'open' && overdueAt !== undefined;
/** Is it open after its day? */
export const isOverdue = ({ state, dueAt }: Pick<Action, 'state' | 'dueAt'>, now: Instant): boolean =>
  state === 'open' && dueAt <= now;

/** Where it is told of: the owner in person, otherwise the channel of their provider. */
export const ownerRoute = ({ provider, person }: Owner): Route =>
  person === undefined ? { to: 'channel', provider } : { to: 'person', person };

/** The last place on a list of open actions that is overdue at `now`: counts and pages of overdue ones end there. */
export const overdueUpTo = (now: Instant): string => `${now}|~`;

/** Where whoever set it is told of it. */
export const setterRoute = ({ provider, person }: Setter): Route =>
  person === undefined ? { to: 'channel', provider } : { to: 'person', person };

/**
 * The action with its places. `actions` all of them by when they were set; `actions.open` the open ones by when
 * they are due; both also by the owner's provider (`@hospice`), so that the parts add up. Whose turn it is:
 * `actions.mine@<person>`, `actions.role@<provider>/<role>`, `actions.provider@<provider>`.
 */
export function listed<A extends Action>(action: A): A {
  const { actionId, owner, setAt, dueAt, state } = action;
  const set = `${setAt}|${actionId}`;
  const due = `${dueAt}|${actionId}`;
  const lists = {
    chains: actionCase(actionId),
    actions: set,
    [`actions@${owner.provider}`]: set,
    ...(state === 'open' && {
      'actions.open': due,
      [`actions.open@${owner.provider}`]: due,
      [listOf(owner)]: due,
    }),
  };
  return { ...action, lists };
}

/** The list of the open actions of exactly this owner. */
export function listOf({ provider, role, person }: Owner): string {
  if (person !== undefined) return `actions.mine@${person}`;
  return role === undefined ? `actions.provider@${provider}` : `actions.role@${provider}/${role}`;
}
