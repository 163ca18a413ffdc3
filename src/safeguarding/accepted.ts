import type { Agreement } from '../agreement/agreement.ts';
import type { Key } from '../core/change.ts';
import { type TimerDoc, timerId } from '../core/change.ts';
import { rule } from '../core/permissions.ts';
import { type Accepted, type Handover, handoverDocId } from '../handovers/handover.ts';
import { CASE_HEAD, type CaseDoc, WORKED_SUBJECT, workedTimer } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { CONCERN_HEAD, type Concern } from './concern.ts';
import type { Works } from './entries.ts';
import { worksOnIt } from './hand-on.ts';

export interface AcceptedDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly inForce: (pathwayId: string) => Promise<{ readonly terms: Agreement }>;
  readonly kick: (pathwayId: string) => void;
  /** Its open concerns hear who holds it now. */
  readonly moved: (pathwayId: string, caseId: string, to: string) => Promise<void>;
}

/** So many concerns of one case are looked through; a case has few. */
const MOST = 1_000;

/**
 * Somebody has taken a case on. The errand comes after each of them, whether or not there is a concern about the case:
 * where there is one about them, or about somebody near them, whoever has it is told to arrange for somebody else.
 * Harmless the second time.
 */
export function createAccepted({ store, run, inForce, kick, moved }: AcceptedDeps) {
  /** Who works on a case by name, and since when. */
  async function workingOn(key: Key, { holder, handovers, heldSince, createdAt }: CaseDoc): Promise<Works[]> {
    const id = handovers.findLast(({ state }) => state === 'accepted')?.id;
    const found = id === undefined ? undefined : (await store.get<Handover>(key, handoverDocId(id)))?.doc;
    const accepted = found?.state === 'accepted' ? (found as Accepted) : undefined;
    return [
      ...(holder?.person === undefined ? [] : [{ person: holder.person, since: heldSince ?? createdAt }]),
      ...(accepted && 'person' in accepted.acceptedBy && accepted.to === holder?.provider
        ? [{ person: accepted.acceptedBy.person, since: accepted.acceptedAt }]
        : []),
    ];
  }

  return async function accepted(key: Key): Promise<void> {
    const timer = { kind: 'system', job: 'timer' } as const;
    if (!rule('concerns.accepted', timer, {}, () => false).allowed) throw new Error('this is a timer’s');
    const { pathwayId, caseId } = key;
    const fired = await store.get<TimerDoc>(key, timerId(WORKED_SUBJECT));
    const caseDoc = (await store.get<CaseDoc>(key, CASE_HEAD))?.doc;
    const { terms } = await inForce(pathwayId);
    const working = caseDoc ? await workingOn(key, caseDoc) : [];
    // Concerns about a case that counts with this one are about the same person.
    for (const one of [caseId, ...(caseDoc?.mergedFrom ?? [])]) {
      const listed = await store.page<Concern>(pathwayId, `concerns.case@${one}`, { limit: MOST });
      for (const { key: at } of listed) {
        await run<Concern, void>(at, CONCERN_HEAD, ({ head }) => {
          const change = head && worksOnIt(head, working, terms);
          return { ...(change && { change }), answer: undefined };
        });
      }
      if (caseDoc?.holder) await moved(pathwayId, one, caseDoc.holder.provider);
    }
    await run<CaseDoc, void>(key, CASE_HEAD, async ({ head, get }) => {
      const stands = await get<TimerDoc>(timerId(WORKED_SUBJECT));
      // Taken on again meanwhile: that has an errand of its own.
      if (!head || stands?.due !== fired?.doc.due) return { answer: undefined };
      return { change: { documents: [head], timers: [workedTimer(null)] }, answer: undefined };
    });
    kick(pathwayId);
  };
}
