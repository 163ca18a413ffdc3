import type { CaseDoc } from '../register/case.ts';
import { arrivalPlaces } from './arrivals.ts';
import { acceptedBy, type Handover, waitsFor } from './handover.ts';

/** Is the offer still to be answered? */
export const isOpen = ({ state }: Pick<Handover, 'state'>): boolean =>
  state === 'offered' || state === 'information-requested';

/** Was the need of this offer rejected by somebody before? */
export const rejectedBefore = (
  { handovers }: CaseDoc,
  { need, handoverId }: Pick<Handover, 'need' | 'handoverId'>,
): boolean =>
  handovers.some((line) => line.need === need && line.state === 'rejected' && line.id !== handoverId);

/**
 * The handover with its places on the lists: all and open ones by provider, whom it waits for by the time to answer, and
 * among those the ones that wait because nobody took the need on after a rejection; by sender, how it arrived; and by
 * whoever accepted it.
 */
export function listed<H extends Handover>(handover: H): H {
  const subject = `${handover.caseId}|${handover.handoverId}`;
  const whenOffered = `${handover.offeredAt}|${subject}`;
  const whenDue = `${handover.answerBy}|${subject}`;
  const lists: Record<string, string> = { handovers: whenOffered, ...arrivalPlaces(handover) };
  for (const provider of new Set([handover.sender, handover.to])) {
    lists[`handovers@${provider}`] = whenOffered;
    if (isOpen(handover)) lists[`handovers.open@${provider}`] = whenDue;
  }
  if (isOpen(handover)) lists['handovers.open'] = whenDue;
  if (handover.state === 'accepted' && 'person' in handover.acceptedBy)
    lists[acceptedBy(handover.acceptedBy.person)] = `${handover.acceptedAt}|${subject}`;
  const next = waitsFor(handover);
  if (next !== undefined) {
    lists[`waiting@${next}`] = whenDue;
    lists['handovers.waiting'] = whenDue;
    if (!isOpen(handover)) {
      lists[`handovers.rejected@${next}`] = whenDue;
      lists['handovers.rejected'] = whenDue;
    }
  }
  return { ...handover, lists };
}

/** The case with this handover's line brought up to date. */
export function summarised(caseDoc: CaseDoc, handover: Handover): CaseDoc {
  return {
    ...caseDoc,
    handovers: caseDoc.handovers.map((line) =>
      line.id === handover.handoverId ? { ...line, state: handover.state } : line,
    ),
  };
}
