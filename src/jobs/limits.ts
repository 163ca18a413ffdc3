import { type Instant, msBetween } from '../core/clock.ts';

/** At most `most` messages within any `ms` milliseconds. */
export interface Window {
  readonly most: number;
  readonly ms: number;
}

/**
 * What Teams lets a bot send to one conversation before it answers 429
 * (learn.microsoft.com, "Rate limiting for bots": 7 in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in an hour).
 */
export const CONVERSATION_LIMITS: readonly Window[] = [
  { most: 7, ms: 1_000 },
  { most: 8, ms: 2_000 },
  { most: 60, ms: 30_000 },
  { most: 1_800, ms: 3_600_000 },
];

/** What Teams surely lets an app send within one tenant: the lower end of "30 to 50 a second". */
export const TENANT_LIMITS: readonly Window[] = [{ most: 30, ms: 1_000 }];

/**
 * How many milliseconds from `now` until one more message keeps within every window; 0 if it may go now.
 * `history`: when earlier messages went, oldest first.
 */
export function waitFor(
  history: readonly Instant[],
  now: Instant,
  windows: readonly Window[] = CONVERSATION_LIMITS,
): number {
  let wait = 0;
  for (const { most, ms } of windows) {
    const blocking = history[history.length - most];
    if (blocking !== undefined) wait = Math.max(wait, ms - msBetween(blocking, now));
  }
  return wait;
}

/** `history` without what no window looks back to any more. */
export function recent(
  history: readonly Instant[],
  now: Instant,
  windows: readonly Window[] = CONVERSATION_LIMITS,
): Instant[] {
  const longest = Math.max(...windows.map((window) => window.ms));
  return history.filter((at) => msBetween(at, now) < longest);
}

/** A message's place within the limits: counted from when it was taken, until it goes or is given back. */
export interface Place {
  /** A message goes now. A second one in the same place counts as well. */
  went(now: Instant): void;
  /** If nothing went, the place is for others. */
  end(): void;
}

/** What shares a pace: a conversation and its tenant, or one paging service. */
export interface Lane {
  readonly tenant: string;
  readonly conversationId: string;
}

/** Remembers what went to each conversation and tenant, in this process: a 429 tells what it forgot in a restart. */
export interface Pace {
  /** Milliseconds until a message may go to the conversation. */
  wait(tenant: string, conversationId: string, now: Instant): number;
  /** Takes a place where `wait` is 0, so that conversations served at the same time share their tenant's limit. */
  take(tenant: string, conversationId: string, now: Instant): Place;
  /** Teams asked to leave the conversation alone for `ms`. */
  hold(conversationId: string, ms: number, now: Instant): void;
}

/** The pace of one process; a new one remembers nothing. */
export function createPace(): Pace {
  const conversations = new Map<string, Instant[]>();
  const tenants = new Map<string, Instant[]>();
  const holds = new Map<string, { from: Instant; ms: number }>();

  const add = (to: Map<string, Instant[]>, name: string, now: Instant, windows: readonly Window[]): void => {
    const history = to.get(name) ?? [];
    history.push(now);
    // Trimmed now and then, not at each message: the longest window holds 1,800.
    to.set(name, history.length % 256 === 0 ? recent(history, now, windows) : history);
  };
  const remove = (from: Map<string, Instant[]>, name: string, at: Instant): void => {
    const history = from.get(name) ?? [];
    const index = history.lastIndexOf(at);
    if (index >= 0) history.splice(index, 1);
  };

  return {
    wait(tenant, conversationId, now) {
      const hold = holds.get(conversationId);
      const held = hold ? hold.ms - msBetween(hold.from, now) : 0;
      if (hold && held <= 0) holds.delete(conversationId);
      return Math.max(
        0,
        held,
        waitFor(conversations.get(conversationId) ?? [], now),
        waitFor(tenants.get(tenant) ?? [], now, TENANT_LIMITS),
      );
    },
    take(tenant, conversationId, now) {
      const count = (at: Instant): void => {
        add(conversations, conversationId, at, CONVERSATION_LIMITS);
        add(tenants, tenant, at, TENANT_LIMITS);
      };
      let taken: Instant | undefined = now;
      const end = (): void => {
        if (taken === undefined) return;
        remove(conversations, conversationId, taken);
        remove(tenants, tenant, taken);
        taken = undefined;
      };
      count(now);
      return {
        went(at) {
          end();
          count(at);
        },
        end,
      };
    },
    hold(conversationId, ms, now) {
      holds.set(conversationId, { from: now, ms });
    },
  };
}
