import { type Agreement, primeOf } from '../agreement/agreement.ts';
import { rungOf } from '../agreement/ladder.ts';
import type { Change } from '../core/change.ts';
import { type Escalation, type LadderStep, live, type Matter } from '../escalations/escalation.ts';
import type { CaseDoc } from '../register/case.ts';
import { routesOf } from './facts.ts';
import { type Handover, handoverSubject, waitsFor } from './handover.ts';
import { isOpen, rejectedBefore } from './lists.ts';

/**
 * What a change of a handover means for the ladder. What nobody answered in time begins to climb; an answer
 * ends it; a question turns it to the sender; a rejection that leaves the need open begins where its reason says.
 */
export function ladderSteps(
  before: Handover | undefined,
  after: Handover,
  caseDoc: CaseDoc,
  agreed: Agreement,
): LadderStep[] {
  const subject = handoverSubject(after.handoverId);
  const matter = matterOf(after, agreed);
  if (before && isOpen(before) && !isOpen(after)) {
    return [{ do: 'end', how: after.state, subject }, ...rejectedStep(after, caseDoc, agreed, matter)];
  }
  if (after.state === 'rejected' || after.state === 'withdrawn') {
    if (after.reofferedAs !== undefined) return [{ do: 'end', how: 'offered-again', subject }];
    const waited = before && 'reofferBy' in before;
    return matter && waited && !('reofferBy' in after) ? [{ do: 'begin', cause: 'rejected', matter }] : [];
  }
  if (!isOpen(after) || !matter) return [];
  if (before?.overdueAt !== undefined && after.overdueAt === undefined) {
    return [{ do: 'end', how: 'completed', subject }];
  }
  const begins = after.overdueAt !== undefined && (before?.overdueAt === undefined || !isOpen(before));
  if (begins) {
    const incomplete = after.state === 'information-requested' && after.askedBy === 'dataset';
    return [{ do: 'begin', cause: incomplete ? 'incomplete' : 'unanswered', matter }];
  }
  return before && isOpen(before) && waitsFor(before) !== waitsFor(after) ? [{ do: 'turn', matter }] : [];
}

function rejectedStep(
  after: Handover,
  caseDoc: CaseDoc,
  agreed: Agreement,
  matter: Matter | undefined,
): LadderStep[] {
  if (after.state !== 'rejected' || !after.needOpen || !matter) return [];
  const from = agreed.rejection.find(({ code }) => code === after.reason)?.firstRung;
  // The first rung is the sender's own: it has just been told, and its clock runs first.
  if (from === 'operational' && !rejectedBefore(caseDoc, after)) return [];
  return [{ do: 'begin', cause: 'rejected', from: from === 'contractual' ? from : 'clinical', matter }];
}

/** The handover as the ladder sees it; undefined when nobody is waited for. */
export function matterOf(handover: Handover, terms: Agreement): Matter | undefined {
  const waited = waitsFor(handover);
  if (waited === undefined) return undefined;
  return {
    subject: handoverSubject(handover.handoverId),
    caseId: handover.caseId,
    agreementVersion: handover.agreementVersion,
    parties: { receiver: waited, sender: handover.sender, prime: primeOf(terms).id },
    since: handover.offeredAt,
    needBy: handover.neededBy,
    routes: {
      // Whoever has said no is not told what becomes of it.
      receiver: isOpen(handover) ? routesOf(handover, 'receiver') : [],
      holder: routesOf(handover, 'sender'),
    },
  };
}

const TO_LEADS: readonly string[] = ['handover.rejected-clinical', 'handover.second-rejection'];

/**
 * A rejection without the line to every clinical lead, where the ladder asks somebody on its clinical rung in
 * the same commit. While nobody is on duty there, the leads are told.
 */
export function withoutLeadLines(change: Change, followed: readonly Change[], agreed: Agreement): Change {
  const asked = followed
    .flatMap(({ documents = [] }) => documents)
    .filter((doc): doc is Escalation => doc.kind === 'escalation')
    .flatMap(live)
    .some((one) => one.asked.length > 0 && rungOf(agreed.ladder, one.rung)?.kind === 'clinical');
  if (!asked) return change;
  const notices = change.notices?.filter((one) => one.form !== 'tell' || !TO_LEADS.includes(one.line));
  return { ...change, ...(notices && { notices }) };
}
