import { timerId } from '../core/change.ts';
import { rule } from '../core/permissions.ts';
import type { Timers } from '../jobs/due.ts';
import type { RunTurn } from '../store/turn.ts';
import { AGREEMENT_HEAD, type AgreementDoc } from './agreement.ts';
import { type Agreements, agreementKey } from './current.ts';

/** The subject of the timer that each new version sets. */
export const CHANGED_SUBJECT = 'agreement';

/**
 * The timer after a new version: people and providers may have gone, so `moved` plans anew what is running.
 * Done again after a crash; a version that came meanwhile keeps the timer.
 */
export function changedTimers(deps: {
  readonly run: RunTurn;
  readonly agreements: Agreements;
  readonly moved: (pathwayId: string) => Promise<void>;
}): Timers {
  const { run, agreements, moved } = deps;
  return {
    'agreement.changed': async ({ pathwayId }) => {
      const ruling = rule('agreement.changed', { kind: 'system', job: 'timer' }, {}, () => false);
      if (!ruling.allowed) throw new Error('agreement.changed is a timer’s');
      agreements.forget(pathwayId);
      const before = await agreements.inForce(pathwayId);
      await moved(pathwayId);
      await run<AgreementDoc, void>(agreementKey(pathwayId), AGREEMENT_HEAD, ({ head }) =>
        head && head.version === before?.version
          ? { change: { documents: [head], removed: [timerId(CHANGED_SUBJECT)] }, answer: undefined }
          : { answer: undefined },
      );
    },
  };
}
