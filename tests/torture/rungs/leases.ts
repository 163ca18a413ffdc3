import type { LeaseDoc } from '../../../src/jobs/lease.ts';
import type { BatchOperation } from '../../support/cosmos-standin/data.ts';
import type { Standin } from '../../support/cosmos-standin/standin.ts';

/** One writing of the lease that took effect. */
export interface Written {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly lease: Pick<LeaseDoc, 'holder' | 'epoch' | 'until'>;
}

/** Notes each writing of a lease as the database takes it, in order. */
export function watchLeases(standin: Standin): readonly Written[] {
  const written: Written[] = [];
  const handle = standin.handle.bind(standin);
  standin.handle = (request, origin) => {
    const outcome = handle(request, origin);
    const taken = typeof outcome !== 'string' && outcome.status === 200;
    if (taken && request.method === 'POST' && request.body.includes('"kind":"lease"')) {
      for (const { resourceBody } of JSON.parse(request.body) as BatchOperation[]) {
        const doc = resourceBody?.doc as LeaseDoc | undefined;
        if (doc?.kind !== 'lease') continue;
        const { holder, epoch, until } = doc;
        written.push({ at: Date.now(), lease: { holder, epoch, until } });
      }
    }
    return outcome;
  };
  return written;
}
