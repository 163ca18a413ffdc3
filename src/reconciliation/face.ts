import { partnerName } from '../agreement/agreement.ts';
import type { Subject } from '../escalations/escalation.ts';
import { batchCard, pageRef } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { matterOf } from './climb.ts';
import type { Reconciliation } from './commands.ts';
import { type Batch, batchId, MISMATCHES_HEAD, mismatchesCase, providerOfCase, runIn } from './mismatch.ts';

type Deps = Pick<Reconciliation, 'inForce' | 'presentBatch' | 'now'>;

/** What a run found for a provider, as one subject of the ladder. */
export function mismatchesOnLadder({ inForce, presentBatch, now }: Deps): Subject {
  return {
    head: MISMATCHES_HEAD,
    partition: mismatchesCase,

    async matter({ key, get }, subject) {
      const batch = await get<Batch>(batchId(runIn(subject)));
      return batch && matterOf(batch, (await inForce(key.pathwayId)).terms);
    },

    // It is answered by settling the mismatches alone.
    resolved: async () => ({}),

    async face({ pathwayId, caseId }, subject) {
      const provider = providerOfCase(caseId);
      const found = await presentBatch(pathwayId, provider, runIn(subject));
      if (!found) return undefined;
      const name = partnerName(found.today, provider);
      return {
        who: `Mismatches of ${name}`,
        between: 'Between Baton and the lists',
        urgency: 'Reconciliation',
        standing: batchCard(found, now()).summary,
        heldBy: 'Each case stays with whoever holds it.',
        buttons: [
          {
            title: 'Show them',
            verb: 'mismatch.list' satisfies Verb,
            data: pageRef(found.today, provider),
            style: 'positive',
          },
        ],
      };
    },
  };
}
