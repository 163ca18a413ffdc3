import { isApart } from '../core/apart.ts';
import type { Doc, TimerDoc } from '../core/change.ts';
import { type Clock, type Instant, msBetween, plusMs } from '../core/clock.ts';
import type { Listed, Store } from '../store/store.ts';
import type { Lease } from './lease.ts';
import type { JobLog, Outbox } from './outbox.ts';
import type { WaitingNotice } from './presenter.ts';

export interface TimerFired {
  readonly pathwayId: string;
  readonly caseId: string;
  readonly subject: string;
  readonly now: Instant;
  /**
   * Is what was due at `due` and is decided at `at` later than the worst case of a working system? Then what follows
   * says so. Asked in the turn, of the timer as it stands there.
   */
  late(due: Instant | undefined, at: Instant): boolean;
}

/** What a timer calls, by its `fires`. Its commit removes or replaces the timer; called again, it does no harm. */
export type Timers = Readonly<Record<string, (fired: TimerFired) => Promise<void>>>;

/** Timers of these subjects go before all others that are due: safeguarding. */
export type GoesFirst = (subject: string) => boolean;

export interface DueDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: JobLog;
  /** Whether what was due so long ago is late, in milliseconds. */
  readonly lateMs: number;
  readonly first?: GoesFirst;
}

/** The list `due` of one pathway: fires its timers one after another, and feeds its notices to the sender. */
export interface Due {
  /** `poll` finds everything; `kick` only what was committed since the last look, which is cheap. */
  read(why: 'poll' | 'kick', stopped: AbortSignal): Promise<void>;
  /** The time of the oldest timer that is due and did not go; what is kept apart does not count. */
  readonly overdue: Instant | undefined;
  readonly unknownTimers: number;
  clear(): void;
}

const PAGE = 200;
/** After so many timers, what they raised is given to the sender: a long list must not hold it back. */
const BETWEEN = 100;
/** While so few notices wait, each poll reads the whole list; beyond, only its end, and all of it at times. */
const FEW = 500;
const WHOLE_MS = 60_000;
/** A commit may land so much later than the time that it was decided at: a turn has 8 s. */
const OVERLAP_MS = 10_000;
/** The same within this process, for kicks; what they miss the next poll finds. */
const KICK_OVERLAP_MS = 200;
/** A timer that did not go is tried again after this, doubled each time up to a minute. */
const TRY_AGAIN_MS = 1_000;

/** Reads what is due on one pathway, for the worker that holds its lease. */
export function createDue(deps: DueDeps, pathwayId: string, lease: Lease, outbox: Outbox): Due {
  const { store, clock, log } = deps;
  /** Timers whose command failed or left them where they were: not again before. */
  const resting = new Map<
    string,
    { readonly etag: string; readonly tries: number; readonly until: Instant }
  >();
  const unknown = new Map<string, Instant>();
  const said = new Set<string>();
  const waiting = new Map<string, Instant>();
  let readTo = '';
  let wholeAt = '';

  const isLate: TimerFired['late'] = (due, at) => due !== undefined && msBetween(due, at) > deps.lateMs;

  async function fire({ doc, key, etag }: Listed<TimerDoc>): Promise<void> {
    const name = `${key.caseId}|${doc.id}`;
    const now = clock.now();
    const named = isApart(key.caseId) ? {} : { fires: doc.fires };
    const run = Object.hasOwn(deps.timers, doc.fires) ? deps.timers[doc.fires] : undefined;
    if (!run) {
      if (!said.has(doc.fires)) log.error({ pathwayId, ...named }, 'nothing fires this timer');
      said.add(doc.fires);
      unknown.set(name, doc.due);
      return;
    }
    const rest = resting.get(name);
    const same = rest?.etag === etag;
    waiting.set(name, doc.due);
    if (same && rest.until > now) return;
    const tries = same ? rest.tries + 1 : 1;
    const until = plusMs(now, Math.min(60_000, TRY_AGAIN_MS * 2 ** Math.min(tries, 6)));
    // Kept after success as well: a command that leaves its timer must not run at every look.
    resting.set(name, { etag, tries, until });
    try {
      await run({ pathwayId, caseId: key.caseId, subject: doc.subject, now, late: isLate });
      waiting.delete(name);
    } catch (error) {
      log.error({ err: error, pathwayId, ...named }, 'a timer did not go and is tried again');
    }
  }

  /** Gives the sender what is due after a place, and returns the timers among it, in order. */
  async function feed(from: string, now: Instant): Promise<Listed<TimerDoc>[]> {
    const timers: Listed<TimerDoc>[] = [];
    for (let after = from; ; ) {
      const listed = await store.page<Doc>(pathwayId, 'due', { after, upTo: `${now}|~`, limit: PAGE });
      outbox.feed(listed.filter(isNotice));
      timers.push(...listed.filter(isTimer));
      const last = listed.at(-1);
      if (listed.length < PAGE || !last) return timers;
      after = last.place;
    }
  }

  function start(why: 'poll' | 'kick', now: Instant): string {
    if (why === 'kick' && readTo !== '') return plusMs(readTo, -KICK_OVERLAP_MS);
    const whole = readTo === '' || outbox.held < FEW || msBetween(wholeAt, now) >= WHOLE_MS;
    if (!whole) return plusMs(readTo, -OVERLAP_MS);
    wholeAt = now;
    return '';
  }

  return {
    async read(why, stopped) {
      const now = clock.now();
      const after = start(why, now);
      const whole = after === '';
      const timers = await feed(after, now);
      const seen = new Set(timers.map(({ key, doc }) => `${key.caseId}|${doc.id}`));
      const rank = ({ doc }: Listed<TimerDoc>): number => (deps.first?.(doc.subject) ? 0 : 1);
      timers.sort((a, b) => rank(a) - rank(b) || (a.place < b.place ? -1 : 1));
      let fedTo = now;
      for (const [index, timer] of timers.entries()) {
        if (stopped.aborted || !lease.held()) return;
        await fire(timer);
        if ((index + 1) % BETWEEN > 0) continue;
        const until = clock.now();
        await feed(plusMs(fedTo, -KICK_OVERLAP_MS), until);
        fedTo = until;
      }
      readTo = now;
      if (!whole) return;
      for (const kept of [resting, unknown, waiting]) {
        for (const name of kept.keys()) if (!seen.has(name)) kept.delete(name);
      }
    },
    get overdue() {
      const open = [...waiting, ...unknown].filter(([name]) => !isApart(name));
      return open.map(([, due]) => due).sort()[0];
    },
    get unknownTimers() {
      return unknown.size;
    },
    clear() {
      for (const kept of [resting, unknown, waiting]) kept.clear();
      readTo = '';
    },
  };
}

const isNotice = (listed: Listed): listed is Listed<WaitingNotice> => listed.doc.kind === 'notice';
const isTimer = (listed: Listed): listed is Listed<TimerDoc> => listed.doc.kind === 'timer';
