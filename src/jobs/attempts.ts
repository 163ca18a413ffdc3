import type { Sending } from './lease.ts';
import { MAX_HELD, type Waiting } from './queue.ts';

/** Which attempts at sending this worker makes and made, by the name of their notice. */
export interface Attempts {
  begin(batch: readonly Waiting[]): void;
  /** Nothing was sent: they may be taken again. */
  abandon(batch: readonly Waiting[]): void;
  /** What Teams answered is recorded. */
  record(batch: readonly Waiting[]): void;
  /** Is exactly this attempt under way here, or waiting to be recorded? */
  underWay(name: string, attempt: Attempt): boolean;
  /** Is this one not to be taken: any attempt is under way, or this one was recorded? A page read before still names it. */
  isDone(name: string, attempt: Attempt): boolean;
}

type Attempt = Omit<Sending, 'caseId' | 'noticeId'>;

/** Keeps the last that were recorded, as many as a worker holds notices. */
export function createAttempts(): Attempts {
  const flying = new Map<string, string>();
  const recorded = new Map<string, string>();
  return {
    begin(batch) {
      for (const { name, doc } of batch) flying.set(name, attemptOf(doc));
    },
    abandon(batch) {
      for (const { name } of batch) flying.delete(name);
    },
    record(batch) {
      for (const { name, doc } of batch) {
        flying.delete(name);
        // The newest stands last, whatever it stood as before.
        recorded.delete(name);
        recorded.set(name, attemptOf(doc));
      }
      for (const name of recorded.keys()) {
        if (recorded.size <= MAX_HELD) break;
        recorded.delete(name);
      }
    },
    underWay: (name, attempt) => flying.get(name) === attemptOf(attempt),
    isDone: (name, attempt) => flying.has(name) || recorded.get(name) === attemptOf(attempt),
  };
}

const attemptOf = ({ raisedAt, raisedSeq, attempts }: Attempt): string =>
  `${raisedAt}|${raisedSeq}|${attempts}`;
