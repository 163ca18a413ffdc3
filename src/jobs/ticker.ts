import { msBetween } from '../core/clock.ts';
import { createDue, type Due, type Timers } from './due.ts';
import { createLease, type Lease } from './lease.ts';
import { createPace } from './limits.ts';
import { createOutbox, type Outbox, type OutboxDeps } from './outbox.ts';
import { presenterOf } from './presenter.ts';

export type { TimerFired, Timers } from './due.ts';

export interface TickerDeps extends OutboxDeps {
  /** The pathways there are now. */
  readonly pathways: () => Promise<readonly string[]>;
  readonly timers: Timers;
  /** This worker, different at each start of the process. */
  readonly holder: string;
  /** How long a lease holds without renewal, in seconds; 15. */
  readonly leaseSeconds?: number;
  /** No other worker can be alive (the store's file is locked): take over at once. */
  readonly alone?: boolean;
  /** How often it looks, in milliseconds; 1,000. */
  readonly pollMs?: number;
}

export interface Behind {
  /** How long the oldest due timer waits, or no look succeeded, whichever is more; in milliseconds. */
  readonly ms: number;
  /** Timers that nothing here knows how to fire. */
  readonly unknownTimers: number;
}

export interface Ticker {
  /** Ends looking and sending, records what is under way, and gives the leases back. */
  stop(): Promise<void>;
  /** Looks at every pathway held until nothing more can go now. */
  tick(): Promise<void>;
  /** Something of the pathway was just committed here: look at once. */
  kick(pathwayId: string): void;
  /** Somebody was seen where nobody was: what waits for them goes now. */
  reached(): void;
  behind(): Behind;
}

const POLL_MS = 1_000;
const LEASE_SECONDS = 15;
const LATE_MARGIN_MS = 5_000;
/** What is due is late after the lease of a worker that died, one poll, and a margin for the turn; in milliseconds. */
export const lateAfter = (leaseSeconds = LEASE_SECONDS, pollMs = POLL_MS): number =>
  leaseSeconds * 1_000 + pollMs + LATE_MARGIN_MS;
/** Kicks that come closer than this share a look: each reads again what was committed shortly before it. */
const KICK_GAP_MS = 100;

interface Pathway {
  readonly lease: Lease;
  readonly outbox: Outbox;
  readonly due: Due;
  last: Promise<unknown>;
  kicking: boolean;
  again: boolean;
}

/**
 * Fires the timers and sends the notices of the pathways whose lease it gets: looks every `pollMs`, and
 * at once when kicked. Timers go one after another in order of their time; sending goes on beside them.
 */
export function startTicker(deps: TickerDeps): Ticker {
  const { store, clock, log, holder, timers, alone = false } = deps;
  const pollMs = deps.pollMs ?? POLL_MS;
  const seconds = deps.leaseSeconds ?? LEASE_SECONDS;
  const lateMs = lateAfter(seconds, pollMs);
  const first = (subject: string): boolean => presenterOf(deps.presenters, subject)?.first === true;
  const pace = createPace();
  const pathways = new Map<string, Pathway>();
  const ended = new AbortController();
  let lookedAt = clock.now();

  function pathwayOf(id: string): Pathway {
    const known = pathways.get(id);
    if (known) return known;
    const lease = createLease({ store, clock, pathwayId: id, holder, seconds, alone });
    const outbox = createOutbox(deps, id, lease, pace, () => kick(id));
    const due = createDue({ store, clock, timers, log, lateMs, first }, id, lease, outbox);
    const pathway = { lease, outbox, due, last: Promise.resolve(), kicking: false, again: false };
    pathways.set(id, pathway);
    return pathway;
  }

  /** One look at a time for each pathway. */
  function lookAt(pathway: Pathway, why: 'poll' | 'kick'): Promise<void> {
    const job = () => look(pathway, why);
    const mine = pathway.last.then(job, job);
    pathway.last = mine.catch(() => undefined);
    return mine;
  }

  async function look({ lease, outbox, due }: Pathway, why: 'poll' | 'kick'): Promise<void> {
    if (ended.signal.aborted) return;
    // What another holder did, or does from here on, is not known here: all is read again when it is ours.
    const forget = (): void => {
      outbox.clear();
      due.clear();
    };
    const epoch = lease.epoch();
    if (epoch === undefined) forget();
    const holds = await lease.hold();
    // Lost, or lost and taken anew while this waited for its turn.
    if (lease.epoch() !== epoch) forget();
    if (!holds) return;
    if (lease.inherited().length > 0) await outbox.recover(lease.inherited());
    await due.read(why, ended.signal);
  }

  async function lookAtAll(): Promise<void> {
    const ids = await deps.pathways();
    const looks = await Promise.allSettled(ids.map((id) => lookAt(pathwayOf(id), 'poll')));
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
    lookedAt = clock.now();
  }

  function kick(pathwayId: string): void {
    const pathway = pathways.get(pathwayId);
    if (!pathway || ended.signal.aborted) return;
    pathway.again = true;
    if (pathway.kicking) return;
    pathway.kicking = true;
    void kicked(pathway);
  }

  async function kicked(pathway: Pathway): Promise<void> {
    try {
      while (pathway.again && !ended.signal.aborted) {
        pathway.again = false;
        await lookAt(pathway, 'kick');
        if (pathway.again) await clock.sleep(KICK_GAP_MS, ended.signal);
      }
    } catch (error) {
      if (!ended.signal.aborted) away(error);
    } finally {
      pathway.kicking = false;
    }
  }

  const away = (error: unknown): void =>
    log.warn({ err: error }, 'what is due could not be read and is looked at again');

  const loop = (async () => {
    while (!ended.signal.aborted) {
      await lookAtAll().catch(away);
      await clock.sleep(pollMs, ended.signal).catch(() => undefined);
    }
  })();

  const all = (): Pathway[] => [...pathways.values()];

  return {
    kick,
    async stop() {
      ended.abort();
      await loop;
      for (const { last, outbox, lease } of all()) {
        await last;
        outbox.clear();
        await outbox.idle();
        await lease.release().catch(away);
      }
    },
    async tick() {
      // What was recorded may have raised more.
      for (let before = -1, after = 0; before !== after && !ended.signal.aborted; ) {
        before = all().reduce((sum, { outbox }) => sum + outbox.recorded, 0);
        await lookAtAll();
        await Promise.all(all().map(({ outbox }) => outbox.idle()));
        after = all().reduce((sum, { outbox }) => sum + outbox.recorded, 0);
      }
    },
    reached() {
      for (const { outbox } of all()) outbox.reached();
    },
    behind() {
      const now = clock.now();
      const since = [lookedAt, ...all().flatMap(({ due }) => due.overdue ?? [])];
      return {
        ms: Math.max(0, ...since.map((at) => msBetween(at, now))),
        unknownTimers: all().reduce((sum, { due }) => sum + due.unknownTimers, 0),
      };
    },
  };
}
