import type { Action } from '../actions/action.ts';
import type { Key, Route } from '../core/change.ts';
import type { Handover } from '../handovers/handover.ts';
import { type Batch, batchSubject } from '../reconciliation/mismatch.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Together } from '../register/list.ts';
import type { MemoryStore } from './memory-store.ts';

type Docs = ReturnType<MemoryStore['inside']>;

/** Something that can climb the ladder, as it stands in its partition. */
export interface Climber {
  readonly subject: string;
  /** How it stands, in a word. */
  readonly stands: string;
  /** Must it climb as it stands? */
  readonly must: boolean;
  /** The agreement whose ladder it climbs. */
  readonly agreementVersion: number;
  /** Where every rung is told: whoever holds it, or where nobody does, where its card stands. */
  readonly told: readonly Route[];
}

/** Must what this handover waits for climb? */
function mustClimb(handover: Handover): boolean {
  switch (handover.state) {
    case 'offered':
    case 'information-requested':
      return handover.overdueAt !== undefined;
    case 'rejected':
    case 'withdrawn':
      return handover.needOpen && handover.reofferedAs === undefined && handover.reofferBy === undefined;
    default:
      return false;
  }
}

const ofHandover = (handover: Handover): Climber => ({
  subject: `handover:${handover.handoverId}`,
  stands: handover.state,
  must: mustClimb(handover),
  agreementVersion: handover.agreementVersion,
  told: handover.shownTo.flatMap(({ view, route }) => (view === 'sender' ? [route] : [])),
});

/** An action climbs from when it was overdue until somebody decides; whoever set it is told. */
function ofAction({ actionId, state, overdueAt, agreementVersion, setBy }: Action): Climber {
  const at = ({ provider, person }: { provider: string; person?: string }): Route =>
    person === undefined ? { to: 'channel', provider } : { to: 'person', person };
  return {
    subject: `action:${actionId}`,
    stands: state,
    must: state === 'open' && overdueAt !== undefined,
    agreementVersion,
    told: [at(setBy)],
  };
}

const ofUnowned = ({ holder, unowned }: CaseDoc): Climber[] =>
  unowned?.climbs === 'alone'
    ? [
        {
          subject: 'unowned:case',
          stands: holder ? 'held' : 'unowned',
          must: holder === undefined,
          agreementVersion: unowned.agreementVersion,
          told: unowned.shownTo,
        },
      ]
    : [];

const ofTogether = ({ list, ended, agreementVersion, shownTo }: Together): Climber => ({
  subject: `list:${list}`,
  stands: ended ? 'held' : 'unowned',
  must: ended === undefined,
  agreementVersion,
  told: shownTo,
});

/** What a run found for a provider climbs from when its time was up until the last of it is settled or gone. */
const ofBatch = ({ run, climbing, ended, agreementVersion, shownTo }: Batch): Climber => ({
  subject: batchSubject(run),
  stands: ended ? 'over' : 'waiting',
  must: climbing === true && ended === undefined,
  agreementVersion,
  told: shownTo,
});

/** Everything of a partition that can climb. */
export function climbersIn({ caseId }: Pick<Key, 'caseId'>, docs: Docs): Climber[] {
  const action = docs.get('action')?.doc as Action | undefined;
  if (action) return [ofAction(action)];
  if (caseId.startsWith('_list:')) {
    return [...docs.values()].flatMap(({ doc }) =>
      doc.kind === 'together' ? [ofTogether(doc as Together)] : [],
    );
  }
  if (caseId.startsWith('_mismatches:')) {
    return [...docs.values()].flatMap(({ doc }) =>
      doc.kind === 'mismatch-batch' ? [ofBatch(doc as Batch)] : [],
    );
  }
  const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
  if (!caseDoc) return [];
  const handovers = caseDoc.handovers.flatMap(({ id }) => {
    const handover = docs.get(`handover:${id}`)?.doc as Handover | undefined;
    return handover ? [ofHandover(handover)] : [];
  });
  return [...handovers, ...ofUnowned(caseDoc)];
}

/** Where what climbs in a partition is told, by its subject. */
export const toldOf = (key: Key, docs: Docs, subject: string): readonly Route[] =>
  climbersIn(key, docs).find((one) => one.subject === subject)?.told ?? [];
