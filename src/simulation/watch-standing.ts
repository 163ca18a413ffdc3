import type { Action } from '../actions/action.ts';
import type { Key } from '../core/change.ts';
import { type Pair, pairSubject } from '../duplicates/pair.ts';
import { type Batch, batchSubject } from '../reconciliation/mismatch.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Together } from '../register/list.ts';
import type { Write } from '../store/store.ts';
import type { VirtualTime } from './time.ts';

/** Keeps when actions, cases that nobody holds, lists' cases and mismatches changed as their cards show it. */
export interface StandingWatch {
  committed(key: Key, writes: readonly Write[]): void;
  /** Milliseconds since 1970. */
  changedAt(caseId: string, subject: string): number;
}

/** What a write says of a subject with a card of its own: which, and at which revision. */
function revisionIn(write: Write): readonly [subject: string, revision: number] | undefined {
  if (write.do === 'remove') return undefined;
  const { doc } = write;
  switch (doc.kind) {
    case 'action': {
      const { actionId, revision } = doc as Action;
      return [`action:${actionId}`, revision];
    }
    case 'case': {
      const { unowned } = doc as CaseDoc;
      return unowned && ['unowned:case', unowned.revision];
    }
    case 'together': {
      const { list, revision } = doc as Together;
      return [`list:${list}`, revision];
    }
    case 'pair': {
      const pair = doc as Pair;
      return [pairSubject(pair), pair.revision];
    }
    case 'mismatch-batch': {
      const { run, revision } = doc as Batch;
      return [batchSubject(run), revision];
    }
    default:
      return undefined;
  }
}

export function watchStanding({ time }: { readonly time: VirtualTime }): StandingWatch {
  const known = new Map<string, { readonly revision: number; readonly at: number }>();
  return {
    committed({ caseId }, writes) {
      for (const write of writes) {
        const [subject, revision] = revisionIn(write) ?? [];
        const name = `${caseId}|${subject}`;
        if (revision === undefined || known.get(name)?.revision === revision) continue;
        known.set(name, { revision, at: time.ms });
      }
    },
    changedAt: (caseId, subject) => known.get(`${caseId}|${subject}`)?.at ?? 0,
  };
}
