import type { ActorRef } from './actors.ts';
import type { Instant } from './clock.ts';

/** Where a document lives: the hierarchical partition key. Ids of what belongs to no case start with `_`. */
export interface Key {
  readonly pathwayId: string;
  readonly caseId: string;
}

/**
 * What the store keeps. `lists` says on which lists it stands and at which place; a place is unique
 * in its list of a pathway and sorts as text, so that paging is "after this place".
 */
export interface Doc {
  readonly id: string;
  readonly kind: string;
  /** The version of the shape that this kind was written in; older ones are read up on load. */
  readonly schema: number;
  readonly lists?: Readonly<Record<string, string>>;
}

/** The document that every commit to its partition replaces: `case` of a case, and its like elsewhere. */
export interface Head extends Doc {
  readonly audit: AuditHead;
}

/** The last link of a partition's chain of events. `seq` counts from 1; 0 and '' when there is none yet. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Something that happened, before it has its place in the chain. */
export interface EventDraft {
  readonly type: string;
  readonly by: ActorRef;
  /** When it happened, if that is not when it was recorded (an answer given by phone). */
  readonly happenedAt?: Instant;
  readonly data: { readonly [key: string]: Json };
}

/** An event as stored: insert-only, chained by hash over its canonical JSON. */
export interface EventDoc extends Doc {
  readonly kind: 'event';
  readonly seq: number;
  readonly type: string;
  readonly by: ActorRef;
  readonly happenedAt: Instant;
  readonly recordedAt: Instant;
  readonly data: { readonly [key: string]: Json };
  readonly prev: string;
  readonly hash: string;
}

/** Where a notice goes: a provider's channel, or one person in their own chat. */
export type Route =
  | { readonly to: 'channel'; readonly provider: string }
  | { readonly to: 'person'; readonly person: string };

/** The paging or SMS service of a provider. No card stands there, and it learns a reference and a number only. */
export interface PagerRoute {
  readonly to: 'pager';
  readonly provider: string;
}

/** `channel:hospice`, `person:alex`, `pager:hospice`: a route as part of an id. */
export function routeName(route: Route | PagerRoute): string {
  return route.to === 'person' ? `person:${route.person}` : `${route.to}:${route.provider}`;
}

/**
 * Something to be said, by reference; the words are made when it is sent.
 * `show` collapses: it brings the copy of `subject` at `route` to its present state, posting or editing.
 * `tell` is a line in the thread of that copy (or a message of its own where there is no copy).
 */
export type NoticeDraft =
  | {
      readonly form: 'show';
      readonly subject: string;
      readonly route: Route;
      /** It asks nobody for anything any more: sent after whatever still does. */
      readonly isOver?: true;
    }
  | {
      readonly form: 'tell';
      readonly subject: string;
      /** The subject in whose thread it is said, where that is another. */
      readonly under?: string;
      readonly route: Route | PagerRoute;
      /** Which line, such as `handover.rejected`; its words are made by the feature from the event and the state. */
      readonly line: string;
      /** Small references the line needs (codes, provider ids, instants); never a name or free text. */
      readonly refs?: { readonly [key: string]: string };
    };

/** A notice as stored until its outcome is known. */
export interface NoticeDoc extends Doc {
  readonly kind: 'notice';
  readonly notice: NoticeDraft;
  readonly raisedAt: Instant;
  /** The case's last event when it was raised: tells a notice from the same one raised again. */
  readonly raisedSeq: number;
  /** Its place among the lines of its change, which are said in that order; absent on shows. */
  readonly nth?: number;
  /** Not before this; moved on after a throttled, failed or unknown attempt. */
  readonly due: Instant;
  readonly attempts: number;
  /** Set when an earlier attempt may have arrived: the next says "You may have had this already". */
  readonly maybeSent?: true;
}

/** Something to happen at a time. One a subject: a new one replaces the old, `due: null` removes it. */
export interface TimerDraft {
  readonly subject: string;
  /** Which timer route fires, such as `handover.overdue`. */
  readonly fires: string;
  readonly due: Instant | null;
}

export interface TimerDoc extends Doc {
  readonly kind: 'timer';
  readonly subject: string;
  readonly fires: string;
  readonly due: Instant;
}

/** Where a card stands: the copy of `subject` at a route. */
export interface CopyDoc extends Doc {
  readonly kind: 'copy';
  readonly subject: string;
  readonly route: Route;
  readonly conversationId: string;
  readonly activityId: string;
  /** The subject's revision that it shows. */
  readonly revision: number;
  readonly sentAt: Instant;
}

/**
 * The one currency between the parts: what a rule wants to be true afterwards. Committed as one atomic
 * batch to one partition, fenced by its head document.
 */
export interface Change {
  /** Documents created or replaced; the head among them when it changes in itself. */
  readonly documents?: readonly Doc[];
  /** Ids of documents to remove (notices sent, timers fired). */
  readonly removed?: readonly string[];
  readonly events?: readonly EventDraft[];
  readonly notices?: readonly NoticeDraft[];
  readonly timers?: readonly TimerDraft[];
}

/** What a rule about one subject answers when it does not refuse. */
export type Verdict<C = Change> =
  | { readonly kind: 'change'; readonly change: C }
  /** The same press again: it has been done, and nothing changes. */
  | { readonly kind: 'done' }
  /** The card that was pressed is older than the subject: show how it stands now. */
  | { readonly kind: 'moved' };

/** Both changes in one commit; of two documents with one id the later wins. */
export function mergeChanges(...changes: readonly Change[]): Change {
  const documents = new Map<string, Doc>();
  for (const change of changes) for (const doc of change.documents ?? []) documents.set(doc.id, doc);
  return {
    documents: [...documents.values()],
    removed: [...new Set(changes.flatMap((change) => change.removed ?? []))],
    events: changes.flatMap((change) => change.events ?? []),
    notices: changes.flatMap((change) => change.notices ?? []),
    timers: changes.flatMap((change) => change.timers ?? []),
  };
}

/** A show has one id a copy, so that it collapses; a tell has one for each raising (`seq`: the last event then). */
export const noticeId = (notice: NoticeDraft, seq: number): string =>
  notice.form === 'show'
    ? `notice:${notice.subject}:show:${routeName(notice.route)}`
    : `notice:${notice.subject}:tell:${routeName(notice.route)}:${seq}`;
export const timerId = (subject: string): string => `timer:${subject}`;
export const copyId = (subject: string, route: Route): string => `copy:${subject}:${routeName(route)}`;
export const eventId = (seq: number): string => `event:${String(seq).padStart(8, '0')}`;
