import { same } from '../agreement/same.ts';
import type { Actor } from '../core/actors.ts';
import { type Change, type Head, mergeChanges } from '../core/change.ts';
import { rule } from '../core/permissions.ts';
import type { Follow } from '../escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc, caseListed, RENAMED_SUBJECT, UNOWNED_SUBJECT } from '../register/case.ts';
import type { Loaded, RunTurn } from '../store/turn.ts';
import { handoverAsToday } from './earlier-names.ts';
import { showEverywhere } from './facts.ts';
import { type Handover, handoverDocId, handoverSubject } from './handover.ts';
import { listed } from './lists.ts';

const timer: Actor = { kind: 'system', job: 'timer' };

/**
 * The person of a case goes by no earlier name any more: its handovers are kept as they read today, one a commit since
 * they may be long, and every card that has initials of the case is shown anew: of handovers, that nobody holds it, and
 * the prompts of what climbs. Harmless the second time.
 */
export const createRenamed = ({ run, follow }: { readonly run: RunTurn; readonly follow: Follow }) =>
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
    for (const subject of [...ids.map(handoverSubject), UNOWNED_SUBJECT]) {
      await run<CaseDoc, void>(key, CASE_HEAD, async (loaded, now) => {
        const prompts = await follow(loaded as Loaded<Head>, [{ do: 'show', subject }], timer, now);
        if (!loaded.head || prompts.length === 0) return { answer: undefined };
        return { change: mergeChanges({ documents: [loaded.head] }, ...prompts), answer: undefined };
      });
    }
    await run<CaseDoc, void>(key, CASE_HEAD, ({ head }) => {
      if (!head) return { answer: undefined };
      const done = { subject: RENAMED_SUBJECT, fires: 'handover.renamed', due: null };
      const change = mergeChanges({ documents: [head], timers: [done] }, unownedAnew(head));
      return { change, answer: undefined };
    });
  };

/** The card that nobody holds a case, shown anew where it stands. */
function unownedAnew(head: CaseDoc): Change {
  const { unowned, holder } = head;
  if (!unowned) return {};
  return {
    documents: [caseListed({ ...head, unowned: { ...unowned, revision: unowned.revision + 1 } })],
    notices: unowned.shownTo.map((route) => ({
      form: 'show',
      subject: UNOWNED_SUBJECT,
      route,
      ...(holder && { isOver: true }),
    })),
  };
}
