import { providerOf } from '../agreement/agreement.ts';
import type { PersonActor } from '../core/actors.ts';
import type { FaceButton, Subject } from '../escalations/escalation.ts';
import { CASE_HEAD, caseLabel, heldBy } from '../register/case.ts';
import {
  answerLine,
  betweenPartners,
  buttonData,
  fieldLabels,
  rejectionText,
  urgencyName,
} from './cards-parts.ts';
import { matterOf } from './climb.ts';
import type { Handovers, Present } from './commands.ts';
import { type Handover, handoverDocId, handoverIdOf } from './handover.ts';
import { closeNeed } from './information.ts';
import { canOf } from './may.ts';

/** Handovers as subjects of the ladder: where they stand, and how they look on a prompt. */
export function handoverOnLadder(handovers: Handovers): Subject {
  return {
    head: CASE_HEAD,

    async matter(loaded, subject) {
      const handover = await loaded.get<Handover>(handoverDocId(handoverIdOf(subject)));
      const { terms } = await handovers.inForce(loaded.key.pathwayId);
      return handover && matterOf(handover, terms);
    },

    async resolved(loaded, subject, by) {
      const handover = await loaded.get<Handover>(handoverDocId(handoverIdOf(subject)));
      return handover ? closeNeed(handover, by) : {};
    },

    async face({ pathwayId, caseId }, subject, person) {
      const found = await handovers.present({ pathwayId, caseId, handoverId: handoverIdOf(subject) });
      if (!found) return undefined;
      const { handover, caseDoc, today } = found;
      const holder = providerOf(today, caseDoc.holder.provider);
      return {
        who: caseLabel(caseId, caseDoc.person, today),
        between: betweenPartners(handover, today),
        urgency: urgencyName(handover, today),
        standing: standingOf(found),
        heldBy: heldBy(caseDoc.holder, today),
        ring: holder ? `${holder.name}: ${holder.phone}` : 'your coordinator',
        buttons: buttonsOf(found, person),
      };
    },
  };
}

function standingOf({ handover, today, now }: Present): string {
  if (handover.state === 'rejected') return `Rejected: ${rejectionText(handover.reason, today)}.`;
  if (handover.state === 'withdrawn') return 'Withdrawn by the sender.';
  const incomplete = handover.state === 'information-requested' && handover.askedBy === 'dataset';
  return incomplete ? `Missing: ${fieldLabels(handover.missing)}.` : `${answerLine(handover, today, now)}.`;
}

/** The handover's own buttons that this person may press. */
function buttonsOf(found: Present, person: string): FaceButton[] {
  const { handover, today } = found;
  const member = today.people.find(({ key }) => key === person);
  if (!member) return [];
  const actor: PersonActor = { kind: 'person', person, name: member.name, positions: member.positions };
  const can = canOf(found, actor);
  const data = buttonData(handover, today);
  const button = (title: string, verb: string): FaceButton => ({ title, verb, data });
  return [
    ...(can.accept ? [{ ...button('Accept', 'handover.accept'), style: 'positive' as const }] : []),
    ...(can.reject ? [button('Reject', 'handover.reject')] : []),
    ...(can.ask ? [button('Ask for information', 'handover.ask')] : []),
    ...(can.answer ? [button('Give information', 'handover.answer')] : []),
    ...(can.withdraw && !can.accept ? [button('Withdraw', 'handover.withdraw')] : []),
    ...(can.another ? [button('Offer to another', 'handover.offer-another')] : []),
    button('View details', 'handover.view'),
  ];
}
