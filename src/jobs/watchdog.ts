import { type Clock, type Instant, inTime, msBetween } from '../core/clock.ts';
import { type AlarmDeps, createAlarm } from './alarm.ts';
import { type BacklogDeps, readOverdue } from './backlog.ts';
import { type Look, lookAgain, type Overdue, stuckAt, toldOf } from './overdue.ts';

export interface WatchdogDeps extends AlarmDeps, BacklogDeps {
  readonly pathways: () => Promise<readonly string[]>;
  /** Looks whether Teams takes messages at all, and has paging services called where it does not. */
  readonly away?: (pathwayId: string) => Promise<void>;
  /** How often it looks, in milliseconds; 15,000. */
  readonly everyMs?: number;
}

/** What sorts of things are stuck on a pathway and since when; how many would tell of what is kept apart. */
export interface Late {
  readonly pathwayId: string;
  readonly what: readonly Overdue['what'][];
  readonly since: Instant;
}

export interface Watchdog {
  /** What the last look at each pathway found. */
  late(): readonly Late[];
  /** When a look last went through every pathway. */
  lookedAt(): Instant;
  stop(): Promise<void>;
}

const EVERY_MS = 15_000;
/** A look that takes longer is not waited for, in milliseconds. */
const LOOK_MS = 30_000;
/** It is well when nothing was late for so long, in milliseconds. */
const CALM_MS = 5 * 60_000;
/** A watch that did not look for so long sees nothing, in milliseconds. */
const BLIND_MS = 90_000;

interface Watched {
  look?: Look;
  calmSince?: Instant;
  late: readonly Overdue[];
  /** A look that did not come back yet. */
  under?: Promise<void>;
  telling?: Promise<void>;
  calling?: Promise<void> | undefined;
}

/**
 * Watches timers and sender from outside, in every worker: it reads what stands in the store, and shares no
 * queue, lease or pace with them. A pathway without a holder, a holder that hangs, a timer that nothing
 * fires and a message that nothing sends all look the same from here: late, and not moving.
 */
export function startWatchdog(deps: WatchdogDeps): Watchdog {
  const { clock, log } = deps;
  const alarm = createAlarm(deps);
  const pathways = new Map<string, Watched>();
  const ended = new AbortController();
  let lookedAt = clock.now();

  async function look(pathwayId: string, watched: Watched): Promise<void> {
    const now = clock.now();
    const found = await readOverdue(deps, pathwayId, now);
    const here = lookAgain(watched.look, found, now);
    watched.look = here;
    watched.late = toldOf(stuckAt(here), deps.lateMs);
    if (found.length > 0) delete watched.calmSince;
    else watched.calmSince ??= now;
    watched.calling ??= deps
      .away?.(pathwayId)
      .catch((error) =>
        log.warn({ err: error, pathwayId }, 'whether Teams takes messages is looked at again'),
      )
      .finally(() => {
        delete watched.calling;
      });
    const { late, calmSince } = watched;
    const calm = calmSince !== undefined && msBetween(calmSince, now) >= CALM_MS;
    // Telling may take as long as Teams likes: the looks go on beside it.
    if (watched.telling || (late.length === 0 && !calm)) return;
    watched.telling = (
      late.length > 0 ? alarm.late(pathwayId, late, now) : alarm.well(pathwayId, calmSince ?? now, now)
    )
      .catch((error) => log.warn({ err: error, pathwayId }, 'an alert could not be told and is tried again'))
      .finally(() => {
        delete watched.telling;
      });
  }

  /** One look at a time at each pathway. After one that failed nothing is known of what moves there. */
  async function lookOrForget(pathwayId: string): Promise<void> {
    const watched = pathways.get(pathwayId) ?? { late: [] };
    pathways.set(pathwayId, watched);
    watched.under ??= look(pathwayId, watched).finally(() => {
      delete watched.under;
    });
    try {
      await inTime(clock, LOOK_MS, watched.under);
    } catch (error) {
      delete watched.look;
      delete watched.calmSince;
      throw error;
    }
  }

  const loop = (async () => {
    for (;;) {
      await clock.sleep(deps.everyMs ?? EVERY_MS, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      try {
        const ids = await inTime(clock, LOOK_MS, deps.pathways());
        const looks = await Promise.allSettled(ids.map(lookOrForget));
        for (const one of looks) if (one.status === 'rejected') throw one.reason;
        lookedAt = clock.now();
      } catch (error) {
        log.warn({ err: error }, 'the watch over timers and messages could not look, and looks again');
      }
    }
  })();

  return {
    late: () =>
      [...pathways].flatMap(([pathwayId, { late }]) =>
        late[0]
          ? [{ pathwayId, what: [...new Set(late.map(({ what }) => what))].sort(), since: late[0].due }]
          : [],
      ),
    lookedAt: () => lookedAt,
    async stop() {
      ended.abort();
      await loop;
      await Promise.all([...pathways.values()].map(({ telling }) => telling));
    },
  };
}

/** What is said to whoever asks whether this Baton is ready: what is stuck and since when; undefined when all is well. */
export function notWell(
  watchdog: Pick<Watchdog, 'late' | 'lookedAt'>,
  clock: Pick<Clock, 'now'>,
): string | undefined {
  const late = watchdog.late().map(({ pathwayId, what, since }) => {
    const sorts = [
      ...(what.includes('timer') ? ['timers'] : []),
      ...(what.includes('notice') ? ['messages'] : []),
    ];
    return `${pathwayId}: ${sorts.join(' and ')} stuck, the oldest since ${since}`;
  });
  if (late.length > 0) return `${late.join('; ')}; see the log`;
  const seen = watchdog.lookedAt();
  return msBetween(seen, clock.now()) > BLIND_MS
    ? `nothing has watched timers and messages since ${seen}; see the log`
    : undefined;
}
