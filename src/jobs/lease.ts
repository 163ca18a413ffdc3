import type { Doc, Key } from '../core/change.ts';
import { type Clock, type Instant, msBetween, plusMs } from '../core/clock.ts';
import { Conflict, Unavailable } from '../core/errors.ts';
import type { Store, Stored } from '../store/store.ts';

/** A message that is being posted: the notice, where it lives, and which attempt at which raising of it. */
export interface Sending {
  readonly caseId: string;
  readonly noticeId: string;
  readonly raisedAt: Instant;
  readonly raisedSeq: number;
  readonly attempts: number;
}

/**
 * Who sends for a pathway. `epoch` rises with each new holder. `sending` names the posts under way: a
 * post begins only after this document was replaced under its ETag with the post in it. So whoever takes
 * over after a crash knows exactly which outcomes are unknown, and a worker that lost the lease can begin
 * no post. One such write serves all posts that wait for it, and renews the lease as well; a mark on
 * each notice would cost a write a message.
 */
export interface LeaseDoc extends Doc {
  readonly kind: 'lease';
  readonly holder: string;
  readonly epoch: number;
  readonly until: Instant;
  /** Counts the writes of a holder, so that a lost answer is settled by reading. */
  readonly serial: number;
  readonly sending: readonly Sending[];
}

export const LEASE_CASE = '_lease';
export const LEASE_ID = 'lease';
const LEASE_SECONDS = 15;

export interface Lease {
  /** Takes the lease if it is free or expired, renews it at a third of its time; true while it is held. */
  hold(): Promise<boolean>;
  /** Held as far as is known here, without asking the store. */
  held(): boolean;
  /** The epoch in which it is held here, likewise; each taking begins another. */
  epoch(): number | undefined;
  /**
   * The same lease for what was read in one epoch: when that is over it is not held and nothing begins,
   * even if this worker has it again. Another may have sent meanwhile what was read here.
   */
  within(epoch: number | undefined): Lease;
  /** Posts that an earlier holder began and never settled. */
  inherited(): readonly Sending[];
  /** Records that these posts begin. False: the lease is lost, or was meanwhile; post nothing. */
  begin(posts: readonly Sending[]): Promise<boolean>;
  /** These posts are settled; the store learns of it with the next write. */
  end(posts: readonly Sending[]): void;
  /** Gives the lease back, so that another worker need not wait for it to expire. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly pathwayId: string;
  /** This worker, different at each start of the process. */
  readonly holder: string;
  readonly seconds?: number;
  /** No other worker can be alive (the store's file is locked): take over at once. */
  readonly alone?: boolean;
}

/** The lease of one pathway, for one worker. */
export function createLease(options: LeaseOptions): Lease {
  const { store, clock, holder } = options;
  const key: Key = { pathwayId: options.pathwayId, caseId: LEASE_CASE };
  const lengthMs = (options.seconds ?? LEASE_SECONDS) * 1_000;
  let mine: Stored<LeaseDoc> | undefined;
  let serial = 0;
  let sending: Sending[] = [];
  let carried: Sending[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let waiting: Promise<boolean> | undefined;

  /** One write after another: each is fenced by the ETag of the one before. */
  function queued<T>(job: () => Promise<T>): Promise<T> {
    const next = last.then(job, job);
    last = next.catch(() => undefined);
    return next;
  }

  const epoch = (): number | undefined =>
    mine && msBetween(clock.now(), mine.doc.until) > 0 ? mine.doc.epoch : undefined;
  const held = (): boolean => epoch() !== undefined;

  /**
   * Writes the lease under the ETag of `before` and reads back its new one; false when somebody else has
   * it. An earlier write of ours whose answer was lost may stand there: then ours goes over it.
   */
  async function write(before: Stored<LeaseDoc> | undefined, doc: LeaseDoc): Promise<boolean> {
    const fresh = { ...doc, serial: ++serial };
    let at = before;
    let ours = false;
    for (let tries = 0; tries < 3; tries++) {
      try {
        const doing = at
          ? { do: 'replace' as const, doc: fresh, etag: at.etag }
          : { do: 'create' as const, doc: fresh };
        await store.commit(key, [doing]);
      } catch (error) {
        const settledByReading =
          error instanceof Conflict || (error instanceof Unavailable && error.took === 'unknown');
        if (!settledByReading) throw error;
      }
      const stands = await store.get<LeaseDoc>(key, LEASE_ID);
      ours = stands?.doc.holder === fresh.holder;
      if (stands?.doc.holder !== fresh.holder || stands.doc.epoch !== fresh.epoch) break;
      mine = stands;
      if (stands.doc.serial === fresh.serial) return true;
      at = stands;
    }
    mine = undefined;
    // Nobody was between, and it was not written: what is under way is still known here alone.
    if (ours) return false;
    sending = [];
    carried = [];
    return false;
  }

  const renewed = (doc: LeaseDoc): LeaseDoc => ({
    ...doc,
    until: plusMs(clock.now(), lengthMs),
    sending: [...carried, ...sending],
  });

  async function take(): Promise<boolean> {
    const stands = await store.get<LeaseDoc>(key, LEASE_ID);
    const now = clock.now();
    if (stands && !options.alone && msBetween(now, stands.doc.until) > 0) return false;
    // Nobody was between: what is under way is known here better than from what was last written.
    if (stands?.doc.holder !== holder) {
      carried = [...(stands?.doc.sending ?? [])];
      sending = [];
    }
    return write(stands, {
      id: LEASE_ID,
      kind: 'lease',
      schema: 1,
      holder,
      epoch: (stands?.doc.epoch ?? 0) + 1,
      until: plusMs(now, lengthMs),
      serial,
      sending: [...carried, ...sending],
    });
  }

  function end(posts: readonly Sending[]): void {
    const ended = new Set(posts.map(attemptName));
    sending = sending.filter((post) => !ended.has(attemptName(post)));
    carried = carried.filter((post) => !ended.has(attemptName(post)));
  }

  async function begin(posts: readonly Sending[], under: number | undefined): Promise<boolean> {
    if (under === undefined || epoch() !== under) return false;
    sending.push(...posts);
    // Whoever comes while a write is waiting for its turn goes with it.
    waiting ??= queued(async () => {
      waiting = undefined;
      return mine !== undefined && held() && write(mine, renewed(mine.doc));
    });
    let begun = false;
    try {
      begun = (await waiting) && epoch() === under;
    } finally {
      // These marks and no others: what was inherited meanwhile may be the same attempt, sent by another.
      if (!begun) sending = sending.filter((post) => !posts.includes(post));
    }
    return begun;
  }

  const lease: Lease = {
    hold: () =>
      queued(async () => {
        if (!mine || !held()) {
          mine = undefined;
          return take();
        }
        if (msBetween(clock.now(), mine.doc.until) > (lengthMs * 2) / 3) return true;
        return write(mine, renewed(mine.doc));
      }),
    held,
    epoch,
    within: (one) => ({
      ...lease,
      held: () => one !== undefined && epoch() === one,
      begin: (posts) => begin(posts, one),
    }),
    inherited: () => carried,
    begin: (posts) => begin(posts, epoch()),
    end,
    release: () =>
      queued(async () => {
        if (!mine) return;
        const { doc } = mine;
        await write(mine, { ...renewed(doc), until: clock.now() });
        mine = undefined;
      }),
  };
  return lease;
}

const attemptName = ({ caseId, noticeId, raisedAt, raisedSeq, attempts }: Sending): string =>
  `${caseId}|${noticeId}|${raisedAt}|${raisedSeq}|${attempts}`;
