import type { Message } from '../core/messenger.ts';
import type { KeptCopy } from '../jobs/presenter.ts';
import type { Break } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import { PATHWAY } from './pathway.ts';

/** Holds the cards of concerns that stand in people's chats against who may know of them. */
export interface TakenBackWatch {
  /** This card stands there now. */
  landed(activityId: string, message: Message): void;
  /** Those who knew of a concern once, and may not any more: the card that Baton knows of says nothing of it. */
  settled(caseId: string, people: readonly string[]): void;
}

export function watchTakenBack({
  memory,
  broken,
  met,
}: {
  readonly memory: MemoryStore;
  readonly broken: Break;
  readonly met: (what: string) => void;
}): TakenBackWatch {
  const naming = new Set<string>();
  return {
    landed(activityId, message) {
      const names = message.kind === 'card' && message.view.card.startsWith('safeguarding/');
      if (names) naming.add(activityId);
      else naming.delete(activityId);
    },

    settled(caseId, people) {
      const docs = memory.inside({ pathwayId: PATHWAY, caseId });
      for (const person of people) {
        const copy = docs.get(`copy:${caseId}:person:${person}`)?.doc as KeptCopy | undefined;
        if (!copy) continue;
        if (naming.has(copy.activityId)) broken('concern-hidden', `${person} still has its card`, caseId);
        else met('concern taken back');
      }
    },
  };
}
