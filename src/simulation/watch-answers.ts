import type { Action } from '../actions/action.ts';
import type { Agreement } from '../agreement/agreement.ts';
import type { CardView } from '../core/routes.ts';
import type { Handover } from '../handovers/handover.ts';
import { isOpen } from '../handovers/lists.ts';
import type { CaseDoc } from '../register/case.ts';
import { actionIn, refIn } from './card-ref.ts';
import { mayReadAction, mayReadCase, maySeePair } from './entitled.ts';
import type { Break } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import { PATHWAY } from './pathway.ts';
import { MARK } from './people.ts';
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
  /** Told of each answer before anything else is made of it. */
  readonly shown: (person: string, answer: string) => void;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** Holds what people and systems were answered against what they may know and what is there. */
export function watchAnswers({ time, memory, cases, shown, broken, met }: AnswerWatchDeps): AnswerWatch {
  const offers = new Map<string, { readonly request: SystemOffer; readonly answer: OfferAnswered }>();

  /** An action's own words, to those who may read them; what somebody typed themselves stands in the forms. */
  function checkActions(person: string, view: CardView, terms: readonly Agreement[]): void {
    for (const actionId of actionsRead(view)) {
      const caseId = `_action:${actionId}`;
      const action = memory.inside({ pathwayId: PATHWAY, caseId }).get('action')?.doc as Action | undefined;
      if (action && terms.some((each) => mayReadAction(each, person, action))) continue;
      broken('entitled', `${person} is shown the words of action ${actionId}`, caseId);
    }
  }

  /** Both records of a pair side by side, to those who may decide it. */
  function checkPair(person: string, view: CardView, terms: readonly Agreement[]): void {
    const { idA, idB } = view.data as { readonly idA?: string; readonly idB?: string };
    const both = [idA, idB].flatMap((caseId = '') => {
      const caseDoc = memory.inside({ pathwayId: PATHWAY, caseId }).get('case')?.doc as CaseDoc | undefined;
      return caseDoc ? [caseDoc] : [];
    });
    met('read a pair');
    if (both.length === 2 && terms.some((each) => maySeePair(each, person, both))) return;
    broken('entitled', `${person} is shown both records of ${idA} and ${idB}`, idA);
  }

  return {
    answered(person, activity, answer, askedAt) {
      if (answer.kind !== 'reply') {
        if (answer.kind === 'refused') met(`refused ${answer.code}`);
        return;
      }
      const { reply } = answer;
      const moved = reply.kind === 'card' && / was faster[.]/.test(reply.view.summary);
      if (activity.verb === 'case.take' && moved) met('somebody took it faster');
      shown(person, JSON.stringify(reply));
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
      // Whoever may know of a concern is another question; what they typed stands in the forms.
      if (reply.kind !== 'card' || /^(?:handovers[/]form$|safeguarding[/])/.test(reply.view.card)) return;
      if (reply.view.card === 'duplicates/pair') {
        checkPair(person, reply.view, terms);
        return;
      }
      if (reply.view.card.startsWith('actions/') || reply.view.card === 'core/waiting') {
        checkActions(person, reply.view, terms);
        return;
      }
      const caseId =
        refIn(reply.view)?.caseId ?? /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(reply.view.summary)?.[0] ?? '';
      const docs = memory.inside({ pathwayId: PATHWAY, caseId });
      const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
      const handoverId = refIn(reply.view)?.handoverId ?? caseDoc?.handovers.at(-1)?.id;
      const handover = docs.get(`handover:${handoverId}`)?.doc as Handover | undefined;
      // What somebody typed themselves may stand in the form that they are shown again.
      if (/[/](?:reject|ask|step-up|resolve|settle|apart|disagree)$/.test(reply.view.card)) return;
      if (!caseDoc || (!handover && !caseDoc.listed)) {
        broken('entitled', `${person} is shown what names somebody, of no case`);
        return;
      }
      const justClosed =
        handover !== undefined &&
        !isOpen(handover) &&
        cases.changedAt(caseId, handover.handoverId) >= askedAt;
      if (!terms.some((each) => mayReadCase(each, person, caseDoc, handover, justClosed))) {
        broken(
          'entitled',
          `${person} is shown ${reply.view.card} of a handover that is ${handover?.state}`,
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

/** The actions whose words a card shows: its own, or those of its rows. */
function actionsRead(view: CardView): readonly string[] {
  const own = actionIn(view);
  if (own) return [own.actionId];
  const { rows = [], parts = [] } = view.data as {
    readonly rows?: readonly Row[];
    readonly parts?: readonly { readonly rows: readonly Row[] }[];
  };
  if (view.card !== 'actions/list' && view.card !== 'core/waiting') return [];
  return [...rows, ...parts.flatMap((part) => part.rows)]
    .filter((row) => JSON.stringify(row).includes(MARK))
    .map(({ ref }) => ref.action ?? 'unknown');
}

interface Row {
  readonly ref: { readonly action?: string };
}
