import { type Agreement, positionCan, primeOf } from '../agreement/agreement.ts';
import type { Handover } from '../handovers/handover.ts';
import { isOpen } from '../handovers/lists.ts';
import type { CaseDoc } from '../register/case.ts';
import { refIn } from './card-ref.ts';
import type { Break } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import { accountOf, MARK, PATHWAY } from './pathway.ts';
import type { OfferAnswered, SystemOffer } from './systems.ts';
import type { VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';
import type { Activity, Answered } from './worker.ts';

export interface AnswerWatch {
  answered(person: string, activity: Activity, answer: Answered, askedAt: number): void;
  offered(request: SystemOffer, answer: OfferAnswered): void;
  /** Every offer that was answered is there, once. */
  settled(): void;
}

export interface AnswerWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly cases: CaseWatch;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

const SIDES = ['offer', 'answer', 'clinical', 'coordinate'] as const;

/** Holds what people and systems were answered against what they may know and what is there. */
export function watchAnswers({ time, memory, cases, broken, met }: AnswerWatchDeps): AnswerWatch {
  const offers = new Map<string, { readonly request: SystemOffer; readonly answer: OfferAnswered }>();

  /** May the person read what names somebody, under these terms? Said in other words than the rules say it. */
  function entitled(
    terms: Agreement,
    person: string,
    handover: Handover,
    caseDoc: CaseDoc,
    justClosed: boolean,
  ): boolean {
    const { objectId } = accountOf(person);
    const positions =
      terms.people.find(({ accounts }) => accounts.some((account) => account.objectId === objectId))
        ?.positions ?? [];
    const over = (handover.state === 'rejected' || handover.state === 'withdrawn') && !justClosed;
    return positions.some((position) => {
      const works = SIDES.some((ability) => positionCan(terms, position, ability));
      const leads = position.provider === primeOf(terms).id && positionCan(terms, position, 'clinical-lead');
      const sends = position.provider === handover.sender || position.provider === caseDoc.holder?.provider;
      return leads || (works && (sends || (position.provider === handover.to && !over)));
    });
  }

  return {
    answered(person, activity, answer, askedAt) {
      if (answer.kind !== 'reply') {
        if (answer.kind === 'refused') met(`refused ${answer.code}`);
        return;
      }
      const { reply } = answer;
      if (!JSON.stringify(reply).includes(MARK)) return;
      met('read what names somebody');
      const terms = [...new Set([...cases.termsAround(askedAt), ...cases.termsAround(time.ms)])];
      const there = terms.some(({ people }) =>
        people.some(({ accounts }) =>
          accounts.some(({ objectId }) => objectId === activity.account.objectId),
        ),
      );
      if (!there) {
        broken('entitled', `${person} left, and is shown what names somebody`);
        return;
      }
      if (reply.kind !== 'card' || reply.view.card === 'handovers/form') return;
      const caseId =
        refIn(reply.view)?.caseId ?? /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(reply.view.summary)?.[0] ?? '';
      const docs = memory.inside({ pathwayId: PATHWAY, caseId });
      const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
      const handoverId = refIn(reply.view)?.handoverId ?? caseDoc?.handovers.at(-1)?.id;
      const handover = docs.get(`handover:${handoverId}`)?.doc as Handover | undefined;
      // What somebody typed themselves may stand in the form that they are shown again.
      if (/[/](?:reject|ask|step-up|resolve)$/.test(reply.view.card)) return;
      if (!caseDoc || !handover) {
        broken('entitled', `${person} is shown what names somebody, of no case`);
        return;
      }
      const justClosed = !isOpen(handover) && cases.changedAt(caseId, handover.handoverId) >= askedAt;
      if (!terms.some((each) => entitled(each, person, handover, caseDoc, justClosed))) {
        broken(
          'entitled',
          `${person} is shown ${reply.view.card} of a handover that is ${handover.state}`,
          caseId,
        );
      }
    },

    offered(request, answer) {
      const before = offers.get(request.key);
      if (before && JSON.stringify(before.answer) !== JSON.stringify(answer)) {
        broken(
          'taken-once',
          `${request.key} was answered ${before.answer.caseId}, and then ${answer.caseId}`,
          answer.caseId,
        );
      }
      offers.set(request.key, { request, answer });
      const docs = memory.inside({ pathwayId: PATHWAY, caseId: answer.caseId });
      const handover = docs.get(`handover:${answer.handoverId}`)?.doc as Handover | undefined;
      if (
        handover?.from.partner !== request.from ||
        handover.to !== request.to ||
        handover.first.status !== answer.status
      ) {
        broken(
          'taken-once',
          `${request.key} was answered, and is not there as it was answered`,
          answer.caseId,
        );
      }
    },

    settled() {
      const aliases = new Map<string, number>();
      for (const key of memory.keys()) {
        const caseDoc = memory.inside(key).get('case')?.doc as CaseDoc | undefined;
        for (const alias of Object.values(caseDoc?.aliases ?? {}))
          aliases.set(alias, (aliases.get(alias) ?? 0) + 1);
      }
      for (const { request, answer } of offers.values()) {
        const times = aliases.get(request.key) ?? 0;
        if (times !== 1)
          broken('taken-once', `${request.key} was answered, and is there ${times} times`, answer.caseId);
      }
    },
  };
}
