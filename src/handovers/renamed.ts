import { same } from '../agreement/same.ts';
import type { Actor } from '../core/actors.ts';
import { rule } from '../core/permissions.ts';
import { CASE_HEAD, type CaseDoc, RENAMED_SUBJECT } from '../register/case.ts';
import type { RunTurn } from '../store/turn.ts';
import { handoverAsToday } from './earlier-names.ts';
import { showEverywhere } from './facts.ts';
import { type Handover, handoverDocId } from './handover.ts';
import { listed } from './lists.ts';

const timer: Actor = { kind: 'system', job: 'timer' };

/**
 * The person of a case goes by no earlier name any more: its handovers are kept as they read today, one a commit since
 * they may be long, and their cards, which have initials, are shown anew. Harmless the second time.
 */
export const createRenamed = (run: RunTurn) =>
  async function renamed(pathwayId: string, caseId: string): Promise<void> {
    if (!rule('handover.renamed', timer, {}, () => false).allowed) throw new Error('renaming is a timer’s');
    const key = { pathwayId, caseId };
    const ids = await run<CaseDoc, readonly string[]>(key, CASE_HEAD, ({ head }) => ({
      answer: (head?.handovers ?? []).map(({ id }) => id),
    }));
    for (const id of ids) {
      await run<CaseDoc, void>(key, CASE_HEAD, async ({ head, get }) => {
        const handover = await get<Handover>(handoverDocId(id));
        const today = head && handover && handoverAsToday(handover, head);
        if (!head || !today || same(today, handover)) return { answer: undefined };
        const next = listed({ ...today, revision: today.revision + 1 });
        return { change: { documents: [head, next], notices: showEverywhere(next) }, answer: undefined };
      });
    }
    await run<CaseDoc, void>(key, CASE_HEAD, ({ head }) => ({
      ...(head && {
        change: {
          documents: [head],
          timers: [{ subject: RENAMED_SUBJECT, fires: 'handover.renamed', due: null }],
        },
      }),
      answer: undefined,
    }));
  };
