import type { Route } from './change.ts';
import type { Instant } from './clock.ts';
import type { CardView } from './routes.ts';

/** How to reach one conversation, as the last activity from there said. */
export interface Reach {
  readonly serviceUrl: string;
  readonly conversationId: string;
  readonly tenant: string;
  readonly scope: 'personal' | 'channel' | 'groupChat';
  readonly seenAt: Instant;
}

export type Message =
  | { readonly kind: 'card'; readonly view: CardView }
  | { readonly kind: 'text'; readonly text: string };

/**
 * What became of one message. `unknown`: it may have arrived (timeout, 5xx). `throttled`: it did not, try
 * again after that long. `failed`: it did not and will not; `gone` says that the conversation or the edited
 * message is no longer there.
 */
export type Outcome =
  | { readonly kind: 'sent'; readonly conversationId: string; readonly activityId: string }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly reason: 'gone' | 'refused' };

/** One attempt each; nothing here tries again by itself, or "unknown" would mean nothing. */
export interface Messenger {
  /** Posts; in the thread of message `thread` when given (a conversation `<channel>;messageid=<thread>`). */
  post(reach: Reach, message: Message, thread?: string): Promise<Outcome>;
  edit(reach: Reach, activityId: string, message: Message): Promise<Outcome>;
}

/** Finds the way to a route of a pathway today; undefined where nobody has been reached yet. */
export type FindReach = (pathwayId: string, route: Route) => Promise<Reach | undefined>;
