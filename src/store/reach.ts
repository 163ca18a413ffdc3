import { createHash } from 'node:crypto';
import type { Doc, Key, Route } from '../core/change.ts';
import { type Clock, type Instant, msBetween } from '../core/clock.ts';
import { Conflict } from '../core/errors.ts';
import type { Reach } from '../core/messenger.ts';
import { type Store, type Stored, SYSTEM } from './store.ts';

/** An Entra account. */
export interface Account {
  readonly tenant: string;
  readonly objectId: string;
}

/** The way to one conversation, kept under a hash, so that its id says nothing about whom it reaches. */
export interface ReachDoc extends Doc {
  readonly kind: 'reach';
  readonly reach: Reach;
  readonly succeededAt?: Instant;
  readonly failedAt?: Instant;
}

/** What a caller wants to know of the agreement: who has which accounts and which channel is whose. */
export interface ReachTerms {
  readonly people: readonly { readonly key: string; readonly accounts: readonly Account[] }[];
  readonly channels: readonly { readonly provider: string; readonly conversation: string }[];
}

export interface ReachBook {
  /** An activity came from there: kept when something changed, or once an hour. `account`: whose own chat it is. */
  seen(reach: Reach, account?: Account): Promise<void>;
  /** The way to a route as the agreement has it today; a person's account that worked last comes first. */
  find(route: Route, terms: ReachTerms): Promise<Reach | undefined>;
  /** Is there a way to the route as the agreement has it today that did not fail last? */
  reaches(route: Route, terms: ReachTerms): Promise<boolean>;
  /** A message arrived there. Written after a failure, or once an hour. */
  succeeded(reach: Reach): Promise<void>;
  /** A message did not arrive there and will not. */
  failed(reach: Reach): Promise<void>;
  /** Called when a way becomes known or changes: notices may be waiting for it. Returns how to stop it. */
  onSeen(listener: () => void): () => void;
}

const KEY: Key = { pathwayId: SYSTEM, caseId: '_reach' };
const HOUR_MS = 3_600_000;
/** Before every instant, and as long, so that texts compare as times. */
const NEVER = '0000-00-00T00:00:00.000Z';

const hashed = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
const accountId = ({ tenant, objectId }: Account): string => `account:${hashed(tenant, objectId)}`;
const conversationDocId = (conversationId: string): string => `conversation:${hashed(conversationId)}`;

/** Thread ids are part of a conversation id in Teams: `<channel>;messageid=<root>` is the channel's. */
const withoutThread = (conversationId: string): string =>
  conversationId.split(';messageid=')[0] ?? conversationId;

/** The documents of reachability, one for each person's account and one for each conversation. */
export function createReach(store: Store, clock: Clock): ReachBook {
  const listeners = new Set<() => void>();

  const load = (id: string): Promise<Stored<ReachDoc> | undefined> => store.get<ReachDoc>(KEY, id);

  /** What another worker wrote at the same moment is as good: both saw the same conversation. */
  async function save(before: Stored<ReachDoc> | undefined, doc: ReachDoc): Promise<void> {
    try {
      await store.commit(KEY, [before ? { do: 'replace', doc, etag: before.etag } : { do: 'create', doc }]);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }

  async function sight(id: string, reach: Reach): Promise<boolean> {
    const stands = await load(id);
    const changed = !stands || where(stands.doc.reach) !== where(reach) || failing(stands.doc);
    const old = stands && msBetween(stands.doc.reach.seenAt, reach.seenAt) >= HOUR_MS;
    if (!changed && !old) return false;
    // A new sight ends a failure: the person installed the app again, or the channel is back.
    const { failedAt: _, ...kept } = stands?.doc ?? { id, kind: 'reach' as const, schema: 1 };
    await save(stands, { ...kept, reach });
    return changed;
  }

  /** An answer of Teams about a conversation goes to whichever documents name it. */
  async function note(reach: Reach, change: (doc: ReachDoc) => ReachDoc | undefined): Promise<void> {
    const conversation = await load(conversationDocId(reach.conversationId));
    if (!conversation) return;
    const after = change(conversation.doc);
    if (after) await save(conversation, after);
  }

  /** What is known of each way to a route. */
  async function ways(route: Route, terms: ReachTerms): Promise<ReachDoc[]> {
    const ids =
      route.to === 'channel'
        ? terms.channels
            .filter((channel) => channel.provider === route.provider)
            .map((channel) => conversationDocId(channel.conversation))
        : (terms.people.find((person) => person.key === route.person)?.accounts ?? []).map(accountId);
    const found: ReachDoc[] = [];
    for (const id of ids) {
      const stands = await load(id);
      if (!stands) continue;
      // What became of messages stands with the conversation; the account only says which one it is.
      const said =
        route.to === 'channel' ? stands : await load(conversationDocId(stands.doc.reach.conversationId));
      found.push({ ...(said?.doc ?? stands.doc), reach: stands.doc.reach });
    }
    return found;
  }

  return {
    async seen(seen, account) {
      const reach = { ...seen, conversationId: withoutThread(seen.conversationId) };
      const first = await sight(conversationDocId(reach.conversationId), reach);
      const second = account && reach.scope === 'personal' ? await sight(accountId(account), reach) : false;
      if (first || second) for (const listener of listeners) listener();
    },

    async find(route, terms) {
      return (await ways(route, terms)).sort(newestSuccessFirst)[0]?.reach;
    },

    async reaches(route, terms) {
      return (await ways(route, terms)).some((way) => !failing(way));
    },

    succeeded: (reach) =>
      note(reach, (doc) => {
        const now = clock.now();
        const known = doc.succeededAt && !failing(doc) && msBetween(doc.succeededAt, now) < HOUR_MS;
        return known ? undefined : { ...doc, succeededAt: now };
      }),

    failed: (reach) => note(reach, (doc) => ({ ...doc, failedAt: clock.now() })),

    onSeen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const where = ({ serviceUrl, conversationId, tenant, scope }: Reach): string =>
  JSON.stringify([serviceUrl, conversationId, tenant, scope]);

const failing = ({ failedAt, succeededAt }: ReachDoc): boolean =>
  failedAt !== undefined && failedAt >= (succeededAt ?? '');

/** Ways that work before ways that failed last; among them the newest success, then the newest sight. */
function newestSuccessFirst(a: ReachDoc, b: ReachDoc): number {
  const rank = (doc: ReachDoc): string =>
    `${failing(doc) ? 0 : 1}|${doc.succeededAt ?? NEVER}|${doc.reach.seenAt}`;
  return rank(a) < rank(b) ? 1 : rank(a) > rank(b) ? -1 : 0;
}
