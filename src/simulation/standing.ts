import type { Action } from '../actions/action.ts';
import type { CardView } from '../core/routes.ts';
import type { Pair } from '../duplicates/pair.ts';
import { type Batch, batchId, type Mismatch } from '../reconciliation/mismatch.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Together } from '../register/list.ts';
import { actionIn } from './card-ref.ts';
import type { MemoryStore } from './memory-store.ts';

type Docs = ReturnType<MemoryStore['inside']>;

/** How something stands that cards show and lines speak of: an action, a case that nobody holds, a list's of them. */
export interface Standing {
  readonly revision: number;
  /** It asks for something. */
  readonly asks: boolean;
  /** What is wrong with a card of it, in words. */
  readonly wrong: (view: CardView) => string | undefined;
  /** Does this line still say what is so? */
  readonly says: (line: string, refs: Readonly<Record<string, string>>) => boolean;
}

const may = (view: CardView, what: string): boolean =>
  (view.data as { may?: Record<string, boolean> }).may?.[what] === true;

function actionStanding(action: Action): Standing {
  const { revision, state, due } = action;
  const open = state === 'open';
  return {
    revision,
    asks: open,
    wrong(view) {
      const shown = actionIn(view)?.revision;
      return shown === undefined || shown === revision ? undefined : `revision ${shown} of ${revision}`;
    },
    says(line, refs) {
      switch (line) {
        case 'action.done':
          return state === 'done';
        case 'action.cancelled':
          return state === 'cancelled';
        case 'action.reminder':
          return open && refs.due === due;
        case 'action.not-delivered':
          return open && action.unreached === true;
        default:
          return open;
      }
    },
  };
}

const asking = (revision: number, asks: boolean, button: string): Standing => ({
  revision,
  asks,
  wrong: (view) =>
    may(view, button) === asks
      ? undefined
      : `${asks ? 'no ' : ''}${button}, and it is ${asks ? '' : 'not '}asked for`,
  says: () => false,
});

/** What a run found for a provider: its card says how much of it is left, and asks while some is. */
function batchStanding(docs: Docs, batch: Batch): Standing {
  const { run, revision, ended } = batch;
  const asked = asking(revision, ended === undefined, 'show');
  return {
    ...asked,
    wrong(view) {
      const left = leftIn(docs, run);
      const { headline = '' } = view.data as { headline?: string };
      const shown = Number(/^\d+/.exec(headline)?.[0] ?? 0);
      return asked.wrong(view) ?? (shown === left ? undefined : `${shown} to settle, and ${left} are left`);
    },
  };
}

/** A pair of which providers are asked: its card asks only while they are. Whoever agreed is asked no more. */
function pairStanding({ revision, stands }: Pair): Standing {
  const asked = stands.state === 'asked';
  return {
    revision,
    asks: false,
    wrong: (view) =>
      (view.data as { asks?: boolean }).asks === true && !asked
        ? `a question, and it is ${stands.state}`
        : undefined,
    says: (line) => line !== 'pair.asked-again' || asked,
  };
}

/** How many mismatches that a run found still wait, of those in one partition. */
export function leftIn(docs: Docs, run: string): number {
  let left = 0;
  for (const { doc } of docs.values()) {
    if (doc.kind !== 'mismatch') continue;
    const one = doc as Mismatch;
    if (one.run === run && !one.settled) left++;
  }
  return left;
}

/** What stands under this subject; undefined for what is a handover's or an escalation's. */
export function standingIn(docs: Docs, subject: string): Standing | undefined {
  if (subject.startsWith('action:')) {
    const action = docs.get('action')?.doc as Action | undefined;
    return action && actionStanding(action);
  }
  if (subject === 'unowned:case') {
    const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
    return caseDoc?.unowned && asking(caseDoc.unowned.revision, caseDoc.holder === undefined, 'take');
  }
  if (subject.startsWith('mismatches:')) {
    const batch = docs.get(batchId(subject.slice('mismatches:'.length)))?.doc as Batch | undefined;
    return batch && batchStanding(docs, batch);
  }
  if (subject.startsWith('pair:')) {
    const pair = docs.get('pair')?.doc as Pair | undefined;
    return pair && pairStanding(pair);
  }
  if (subject.startsWith('digest:')) {
    // As it was made, so it stays.
    return docs.has('digest')
      ? { revision: 1, asks: true, wrong: () => undefined, says: () => false }
      : undefined;
  }
  if (!subject.startsWith('list:')) return undefined;
  const together = docs.get(`together:${subject.slice('list:'.length)}`)?.doc as Together | undefined;
  return together && asking(together.revision, together.ended === undefined, 'show');
}
