import { schedule as cron, type ScheduledTask } from 'node-cron';
import type { Clock, Instant } from '../core/clock.ts';
import type { JobLog } from './outbox.ts';

/** Something done for one pathway; harmless when there is nothing to do, and from several workers at once. */
type Job = (pathwayId: string, now: Instant) => Promise<unknown>;

export interface CalendarDeps {
  readonly clock: Clock;
  readonly log: JobLog;
  readonly pathways: () => Promise<readonly string[]>;
  /** Makes the anchors of all days that ended and have none yet. */
  readonly anchor: Job;
  /** Makes the digest of the newest week whose time has come, if it has none yet. */
  readonly digest: Job;
  /** Runs `job` at the minutes of a cron pattern, UTC; returns how to stop. */
  readonly schedule?: (pattern: string, job: () => Promise<void>) => { stop(): unknown };
}

export interface Calendar {
  /** Does now what the calendar wakes for. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A day's anchor can be made from 00:05 UTC. Woken at seven past each hour: the first after midnight makes
 * it, the others find it made, or make up for one that failed.
 */
const ANCHOR_PATTERN = '7 * * * *';
/** The digest is due at a minute that the partners agreed, each in their zone; most looks find it made. */
const DIGEST_PATTERN = '*/5 * * * *';

/** What happens by the clock on the wall; catches up on start with what was missed while nothing ran. */
export function startCalendar(deps: CalendarDeps): Calendar {
  const anchors = wake(deps, ANCHOR_PATTERN, deps.anchor, "the day's anchor could not be made; tried again");
  const digests = wake(deps, DIGEST_PATTERN, deps.digest, "the week's digest could not be made; tried again");
  const all = [anchors, digests];
  return {
    async run() {
      await Promise.all(all.map((one) => one.run()));
    },
    async stop() {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

/** One job for all pathways, now and at the minutes of a pattern, never twice at a time. */
function wake(deps: CalendarDeps, pattern: string, job: Job, failed: string): Calendar {
  const { clock, log } = deps;

  async function run(): Promise<void> {
    const pathways = await deps.pathways().catch((error) => {
      log.warn({ err: error }, 'the pathways could not be read; the calendar looks again');
      return [];
    });
    for (const pathwayId of pathways) {
      try {
        await job(pathwayId, clock.now());
      } catch (error) {
        log.warn({ err: error, pathwayId }, failed);
      }
    }
  }

  let under = run();
  const again = (): Promise<void> => {
    under = under.then(run, run);
    return under;
  };
  const task = (deps.schedule ?? inUtc)(pattern, again);
  return {
    run: again,
    async stop() {
      await task.stop();
      await under;
    },
  };
}

const inUtc = (pattern: string, job: () => Promise<void>): ScheduledTask =>
  cron(pattern, job, { timezone: 'UTC', noOverlap: true, suppressMissedWarning: true, unref: true });
