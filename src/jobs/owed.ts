import { type Clock, plusMs } from '../core/clock.ts';
import type { Attempts } from './attempts.ts';
import type { Queue } from './queue.ts';

/** An outcome that cannot be recorded holds its conversation up for so many tries. */
const OWED_TRIES = 3;
const LONGEST_WAIT_MS = 60_000;

/** Records what Teams answered, each until it is recorded. */
export interface Owing {
  /** Records what is owed of one conversation and may be tried by now; false while nothing else may be sent there. */
  pay(queue: Queue): Promise<boolean>;
  /** Outcomes recorded since the start. */
  readonly recorded: number;
}

/** One that keeps failing stands aside, and is never sent again by this process. `failed`: told each time. */
export function createOwing(clock: Clock, attempts: Attempts, failed: (error: unknown) => void): Owing {
  let recorded = 0;
  return {
    async pay(queue) {
      for (const owed of queue.owed.filter(({ notBefore }) => notBefore <= clock.now())) {
        try {
          await owed.record();
        } catch (error) {
          failed(error);
          owed.notBefore = plusMs(clock.now(), Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** ++owed.tries));
          if (owed.tries > OWED_TRIES) continue;
          queue.notBefore = owed.notBefore;
          return false;
        }
        queue.owed = queue.owed.filter((each) => each !== owed);
        recorded++;
        attempts.record(owed.of);
      }
      return true;
    },
    get recorded() {
      return recorded;
    },
  };
}
