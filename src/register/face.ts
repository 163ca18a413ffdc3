import { partnerName } from '../agreement/agreement.ts';
import type { Subject } from '../escalations/escalation.ts';
import { listText, pageRef, takeRef } from './cards.ts';
import { CASE_HEAD, type CaseDoc, caseLabel, heldBy } from './case.ts';
import { caseMatter, listMatter } from './climb.ts';
import type { Register } from './commands.ts';
import { LIST_HEAD, listCase, listIn, providerIn, type Together, togetherId } from './list.ts';
import { takingPositions } from './rules.ts';

type Ladder = Pick<Register, 'inForce' | 'present' | 'presentTogether'> & { readonly now: () => string };

/** A case that nobody holds as a subject of the ladder, with Take ownership for those who may. */
export function unownedOnLadder({ inForce, present, now }: Ladder): Subject {
  return {
    head: CASE_HEAD,

    async matter({ key, get }) {
      const caseDoc = await get<CaseDoc>(CASE_HEAD);
      return caseDoc && caseMatter(caseDoc, (await inForce(key.pathwayId)).terms);
    },

    // It is answered by taking the case alone.
    resolved: async () => ({}),

    async face({ pathwayId, caseId }, _, person) {
      const found = await present(pathwayId, caseId);
      if (!found?.caseDoc.unowned) return undefined;
      const { caseDoc, today } = found;
      const { unowned, holder } = caseDoc;
      const member = today.people.find(({ key }) => key === person);
      const actor = member && {
        kind: 'person' as const,
        person,
        name: member.name,
        positions: member.positions,
      };
      const may = !holder && actor !== undefined && takingPositions(actor, today).length > 0;
      return {
        who: caseLabel(caseId, caseDoc.person, today),
        between: `On the list of ${partnerName(today, found.caseDoc.unowned.provider)}`,
        urgency: 'Register',
        standing: unowned ? listText(unowned, today, now()) : '',
        heldBy: `${heldBy(holder, today)}.`,
        buttons: may
          ? [{ title: 'Take ownership', verb: 'case.take', data: takeRef(caseId, today), style: 'positive' }]
          : [],
      };
    },
  };
}

/** The cases of a list that nobody holds, as one subject of the ladder. */
export function listOnLadder({ inForce, presentTogether, now }: Ladder): Subject {
  return {
    head: LIST_HEAD,
    partition: listCase,

    async matter({ key, get }, subject) {
      const together = await get<Together>(togetherId(listIn(subject)));
      return together && listMatter(together, (await inForce(key.pathwayId)).terms);
    },

    resolved: async () => ({}),

    async face({ pathwayId, caseId }, subject) {
      const provider = providerIn(caseId);
      const found = await presentTogether(pathwayId, provider, listIn(subject));
      if (!found) return undefined;
      const { together, left, today } = found;
      const name = partnerName(today, provider);
      return {
        who: `${together.brought} cases`,
        between: `On the list of ${name}`,
        urgency: 'Register',
        standing: listText(together, today, now()),
        heldBy: left === 0 ? 'All of them are held.' : `Nobody holds ${left} of ${together.brought}.`,
        buttons: [{ title: 'Show them', verb: 'unowned.list', data: pageRef(today, provider) }],
      };
    },
  };
}
