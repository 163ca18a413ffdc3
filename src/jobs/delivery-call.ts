import type { Clock } from '../core/clock.ts';
import type { Messenger, Outcome, Reach } from '../core/messenger.ts';
import type { Store } from '../store/store.ts';
import type { Lease, Sending } from './lease.ts';
import type { Pace, Place } from './limits.ts';
import type { Delivery, Settling } from './settle.ts';

export interface DeliveryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly messenger: Messenger;
  readonly settling: Settling;
  readonly pace: Pace;
  readonly lease: Lease;
  readonly random: () => number;
  /** After so long, and up to a quarter more, a message whose outcome is unknown is repeated, once. */
  readonly repeatMs: number;
  /** Every outcome, for metrics and for what is known of the way there. */
  readonly told: (reach: Reach, outcome: Outcome, by: 'post' | 'edit') => Promise<void>;
}

/**
 * What is left to do: recording what Teams answered. It is kept and tried again until it is recorded;
 * sending again instead would say everything twice.
 */
export type Owed = () => Promise<void>;

/** A call to Teams, counted against its limits. The messenger tries once; what it throws is an unknown outcome. */
export async function call(
  { messenger, pace, clock, random, told }: DeliveryDeps,
  reach: Reach,
  place: Place,
  by: 'post' | 'edit',
  send: (messenger: Messenger) => Promise<Outcome>,
): Promise<Outcome> {
  place.went(clock.now());
  const outcome = await send(messenger).catch((): Outcome => ({ kind: 'unknown' }));
  if (outcome.kind === 'throttled') {
    pace.hold(reach.conversationId, outcome.retryAfterMs * (1 + random() / 4), clock.now());
  }
  await told(reach, outcome, by).catch(() => undefined);
  return outcome;
}

/** Runs the records in order, each once however often it is called, and then takes the marks off the lease. */
export function ended({ lease }: DeliveryDeps, marks: Parameters<Lease['end']>[0]) {
  return (...records: Owed[]): Owed => {
    const left = [...records];
    return async () => {
      for (let next = left[0]; next; next = left[0]) {
        await next();
        left.shift();
      }
      lease.end(marks);
    };
  };
}

/** When a message with an unknown outcome is repeated, from now, in milliseconds. */
export const later = ({ random, repeatMs }: DeliveryDeps): number =>
  Math.round(repeatMs * (1 + random() / 4));

export const markOf = ({ key, doc }: Delivery): Sending => ({
  caseId: key.caseId,
  noticeId: doc.id,
  raisedAt: doc.raisedAt,
  raisedSeq: doc.raisedSeq,
  attempts: doc.attempts,
});
