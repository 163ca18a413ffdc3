import type { Action } from '../../../src/actions/action.ts';
import type { Doc, TimerDoc } from '../../../src/core/change.ts';
import { type Instant, plusMs } from '../../../src/core/clock.ts';
import { type CaseDoc, caseListed } from '../../../src/register/case.ts';
import type { Planted } from '../../../src/simulation/run.ts';
import type { ClaimDoc } from '../../../src/store/claim.ts';
import type { Listed, Page, Write } from '../../../src/store/store.ts';
import { duePlace } from '../../../src/store/turn.ts';
import { commits, dropping, due, type Fault, hasEvent, idIn, without, writing } from './planting.ts';

const climbs = (write: Write): boolean => /^(?:timer:)?escalation:/.test(idIn(write));

/** The action of a commit, and its timer, changed together. */
const retimed = (event: string, change: (action: Action, before: Action | undefined) => Action): Planted =>
  commits(async (key, writes, store) => {
    if (!hasEvent(writes, event)) return writes;
    const before = (await store.get<Action>(key, 'action'))?.doc;
    let at: Instant | undefined;
    const changed = writes.map((write) => {
      if (write.do === 'remove' || write.doc.kind !== 'action') return write;
      const action = change(write.doc as Action, before);
      at = action.remindAt ?? action.climbsAt;
      return { ...write, doc: action };
    });
    return changed.map((write) => {
      if (write.do === 'remove' || !idIn(write).startsWith('timer:action:') || at === undefined) return write;
      const lists = { due: duePlace(at, key.caseId, write.doc.id) };
      return { ...write, doc: { ...write.doc, due: at, lists } as Doc };
    });
  });

/** Nothing is left of any list. */
const emptied: Planted = {
  store: (store) => ({
    ...store,
    page: async <T extends Doc>(pathwayId: string, list: string, page: Page): Promise<Listed<T>[]> =>
      list.startsWith('unowned.of@') ? [] : store.page<T>(pathwayId, list, page),
  }),
};

/** Faults of actions and of what partners' lists bring. */
export const TASK_FAULTS: readonly Fault[] = [
  {
    what: 'a list that stops climbing while cases of it are nobody’s',
    from: 2,
    breaks: 'owned',
    planted: emptied,
  },
  {
    what: 'an unowned case that climbs with a list and is not said to',
    breaks: 'climbs',
    planted: dropping('case.imported', climbs),
  },
  {
    what: 'a taking that goes to somebody else',
    breaks: 'taken-by-one',
    planted: writing<CaseDoc>('case', (doc) =>
      doc.unowned?.taken && doc.holder
        ? caseListed({ ...doc, holder: { ...doc.holder, person: 'nobody' } })
        : doc,
    ),
  },
  {
    what: 'a taking that is not kept',
    breaks: 'taken-by-one',
    planted: commits(async (key, writes, store) => {
      if (!hasEvent(writes, 'case.taken')) return writes;
      const before = (await store.get<CaseDoc>(key, 'case'))?.doc;
      return writes.map((write) =>
        write.do !== 'remove' && write.doc.kind === 'case' && before
          ? { ...write, doc: { ...before, audit: (write.doc as CaseDoc).audit } as Doc }
          : write,
      );
    }),
  },
  {
    what: 'a taking after which its escalation goes on',
    breaks: 'answer-ends',
    planted: dropping('case.taken', climbs),
  },
  {
    what: 'a list that does not hear that its cases were taken',
    from: 2,
    breaks: 'taking-ends',
    planted: dropping('case.taken', (write) => idIn(write) === 'timer:unowned:case'),
  },
  {
    what: 'an import that forgets which line made which case',
    breaks: 'one-case',
    planted: commits((_, writes) =>
      writes.some((write) => write.do !== 'remove' && (write.doc as ClaimDoc).bodyHash === 'alias')
        ? []
        : writes,
    ),
  },
  {
    what: 'a case that stays among those that nobody holds',
    breaks: 'places',
    planted: writing<CaseDoc>('case', (doc) =>
      doc.unowned?.taken
        ? {
            ...doc,
            lists: { ...doc.lists, [`unowned@${doc.unowned.provider}`]: `${doc.createdAt}|${doc.caseId}` },
          }
        : doc,
    ),
  },
  {
    what: 'an action that is done and still listed as open',
    breaks: 'places',
    planted: writing<Action>('action', (doc) =>
      doc.state === 'done'
        ? { ...doc, lists: { ...doc.lists, 'actions.open': `${doc.dueAt}|${doc.actionId}` } }
        : doc,
    ),
  },
  {
    what: 'decisions that do not say which press they were',
    breaks: 'action-once',
    planted: writing<Action>('action', (doc) => without(doc, 'last')),
  },
  {
    what: 'a move that does not raise the revision',
    breaks: 'action-once',
    planted: commits((_, writes) =>
      hasEvent(writes, 'action.moved')
        ? writes.map((write) =>
            write.do !== 'remove' && write.doc.kind === 'action'
              ? { ...write, doc: { ...write.doc, revision: (write.doc as Action).revision - 1 } as Doc }
              : write,
          )
        : writes,
    ),
  },
  {
    what: 'an action without its timer',
    breaks: 'action-timer',
    planted: dropping('action.set', (write) => idIn(write).startsWith('timer:')),
  },
  {
    what: 'a ticker that leaves the timers of actions lying',
    breaks: 'action-timer',
    planted: due((listed, now) =>
      listed.filter(
        ({ doc }) =>
          (doc as TimerDoc).fires !== 'action.overdue' || (doc as TimerDoc).due < plusMs(now, -3_600_000),
      ),
    ),
  },
  {
    what: 'an action that climbs at midnight',
    breaks: 'action-overdue',
    planted: retimed('action.set', (action) => ({ ...action, climbsAt: action.dueAt })),
  },
  {
    what: 'an overdue action that begins nothing',
    breaks: 'climbs',
    planted: dropping('action.overdue', climbs),
  },
  {
    what: 'an action that is done and climbs on',
    breaks: 'answer-ends',
    planted: dropping('action.done', climbs),
  },
  {
    what: 'a reminder that is not ticked off',
    breaks: 'reminded-once',
    planted: retimed('action.reminded', (action, before) =>
      before?.remindAt === undefined ? action : { ...action, remindAt: before.remindAt },
    ),
  },
];
