import type { LeaseDoc, Sending } from '../jobs/lease.ts';
import type { Break } from './invariants.ts';
import type { VirtualTime } from './time.ts';

export interface LeaseWatch {
  /** The lease as a life of a worker wrote it. */
  leased(doc: LeaseDoc, life: object): void;
  /** Does this life of a worker hold it now? */
  holds(life: object): boolean;
  readonly epoch: number | undefined;
  /** What the lease says is being sent. */
  readonly sending: readonly Sending[];
}

export interface LeaseWatchDeps {
  readonly time: VirtualTime;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** Holds the lease against it that one worker at a time has it. */
export function watchLease({ time, broken, met }: LeaseWatchDeps): LeaseWatch {
  const holders = new Map<object, string>();
  let lease: LeaseDoc | undefined;

  return {
    leased(doc, life) {
      holders.set(life, doc.holder);
      const before = lease;
      lease = doc;
      if (!before) return;
      if (doc.epoch < before.epoch) broken('lease', `epoch ${doc.epoch} came after epoch ${before.epoch}`);
      if (doc.holder === before.holder) return;
      met('lease taken over');
      if (doc.epoch === before.epoch) broken('lease', `two workers hold epoch ${doc.epoch}`);
      if (Date.parse(before.until) > time.ms) {
        broken('lease', `epoch ${doc.epoch} began while another worker held the lease until ${before.until}`);
      }
    },
    holds: (life) => lease?.holder === holders.get(life) && Date.parse(lease?.until ?? '') > time.ms,
    get epoch() {
      return lease?.epoch;
    },
    get sending() {
      return lease?.sending ?? [];
    },
  };
}
