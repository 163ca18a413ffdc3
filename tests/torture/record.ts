import type { CopyDoc, Doc, EventDoc, NoticeDoc } from '../../src/core/change.ts';
import type { Handover } from '../../src/handovers/handover.ts';
import type { CaseDoc } from '../../src/register/case.ts';
import type { Store } from '../../src/store/store.ts';

/** Everything that the record holds about one case. */
export interface CaseRecord {
  readonly docs: Doc[];
  head?: CaseDoc;
  readonly handovers: Handover[];
  readonly events: EventDoc[];
  readonly notices: NoticeDoc[];
  readonly copies: CopyDoc[];
}

/** Reads a pathway's whole record as it lies in the store, by case. */
export async function readRecord(store: Store, pathwayId: string): Promise<Map<string, CaseRecord>> {
  const cases = new Map<string, CaseRecord>();
  for await (const { key, doc } of store.everything(pathwayId)) {
    // What belongs to no case lives under ids that start so.
    if (key.caseId.startsWith('_')) continue;
    const record = cases.get(key.caseId) ?? { docs: [], handovers: [], events: [], notices: [], copies: [] };
    cases.set(key.caseId, record);
    record.docs.push(doc);
    if (doc.kind === 'case') record.head = doc as CaseDoc;
    if (doc.kind === 'handover') record.handovers.push(doc as Handover);
    if (doc.kind === 'event') record.events.push(doc as EventDoc);
    if (doc.kind === 'notice') record.notices.push(doc as NoticeDoc);
    if (doc.kind === 'copy') record.copies.push(doc as CopyDoc);
  }
  for (const { events } of cases.values()) events.sort((a, b) => a.seq - b.seq);
  return cases;
}

/** How many notices wait to be sent. */
export async function noticesWaiting(store: Store, pathwayId: string): Promise<number> {
  let waiting = 0;
  const limit = 500;
  for (let after = ''; ; ) {
    const page = await store.page<Doc>(pathwayId, 'due', { after, limit });
    waiting += page.filter(({ doc }) => doc.kind === 'notice').length;
    const last = page.at(-1);
    if (!last || page.length < limit) return waiting;
    after = last.place;
  }
}
