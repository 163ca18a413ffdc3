import type { Head } from '../core/change.ts';
import { type Handover, handoverDocId, waitsFor } from '../handovers/handover.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Loaded } from '../store/turn.ts';

/** Does a handover of the case wait for somebody? */
export async function isBusy(caseDoc: CaseDoc, get: Loaded<Head>['get']): Promise<boolean> {
  const handovers = await Promise.all(caseDoc.handovers.map(({ id }) => get<Handover>(handoverDocId(id))));
  return handovers.some((one) => one !== undefined && waitsFor(one) !== undefined);
}
