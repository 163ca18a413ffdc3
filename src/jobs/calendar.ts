import { schedule as cron, type ScheduledTask } from 'node-cron';
import type { Clock, Instant } from '../core/clock.ts';
import type { JobLog } from './outbox.ts';

export interface CalendarDeps {
  readonly clock: Clock;
  readonly log: JobLog;
  readonly pathways: () => Promise<readonly string[]>;
  /** Makes the anchors of all days that ended and have none yet; harmless when there is nothing to do. */
  readonly anchor: (pathwayId: string, now: Instant) => Promise<unknown>;
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

/** What happens by the clock on the wall; catches up on start with what was missed while nothing ran. */
export function startCalendar(deps: CalendarDeps): Calendar {
  const { clock, log } = deps;

  async function run(): Promise<void> {
    const pathways = await deps.pathways().catch((error) => {
      log.warn({ err: error }, 'the pathways could not be read; the calendar looks again within the hour');
      return [];
    });
    for (const pathwayId of pathways) {
      try {
        await deps.anchor(pathwayId, clock.now());
      } catch (error) {
        log.warn(
          { err: error, pathwayId },
          "the day's anchor could not be made; tried again within the hour",
        );
      }
    }
  }

  let under = run();
  const task = (deps.schedule ?? inUtc)(ANCHOR_PATTERN, () => {
    under = under.then(run, run);
    return under;
  });

  return {
    run() {
      under = under.then(run, run);
      return under;
    },
    async stop() {
      await task.stop();
      await under;
    },
  };
}

const inUtc = (pattern: string, job: () => Promise<void>): ScheduledTask =>
  cron(pattern, job, { timezone: 'UTC', noOverlap: true, suppressMissedWarning: true, unref: true });
