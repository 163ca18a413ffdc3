import type { Action, Owner } from '../actions/action.ts';
import type { EventDoc, Key, TimerDoc } from '../core/change.ts';
import type { Write } from '../store/store.ts';
import type { Break } from './invariants.ts';
import { isTooLate } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { listedAs } from './places.ts';
import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface ActionWatch {
  /** Looks at what a commit to an action touched. */
  committed(key: Key, writes: readonly Write[]): void;
  /** Looks at every action. */
  all(): void;
}

export interface ActionWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** What happened to an action so far. */
interface Seen {
  revision: number;
  over: boolean;
  /** Since its day was last set: how often it was reminded of, and said to be overdue. */
  reminded: number;
  overdue: number;
  /** Since when its timer stands; milliseconds since 1970. */
  timedFor: string | undefined;
  timedAt: number;
  /** Presses that made a decision. */
  readonly from: Set<string>;
}

/** What an action is due by itself: its reminder, or its climb. */
const dueOf = ({ state, overdueAt, remindAt, climbsAt }: Action): string | undefined =>
  state === 'open' && overdueAt === undefined ? (remindAt ?? climbsAt) : undefined;

/** Holds every commit to an action against what must be true of it. */
export function watchActions({ time, memory, weather, broken, met }: ActionWatchDeps): ActionWatch {
  const seen = new Map<string, Seen>();
  const seenOf = (caseId: string): Seen => {
    const known = seen.get(caseId) ?? {
      revision: 0,
      over: false,
      reminded: 0,
      overdue: 0,
      timedFor: undefined,
      timedAt: 0,
      from: new Set(),
    };
    seen.set(caseId, known);
    return known;
  };

  /** Nothing follows on the end of an action, and each press is one decision. */
  function checkDecision(caseId: string, { type }: EventDoc, action: Action): void {
    const state = seenOf(caseId);
    if (state.over !== (type === 'action.reopened')) {
      broken('action-once', `${type} came when it was ${state.over ? '' : 'not '}over`, caseId);
    }
    state.over = type === 'action.done' || type === 'action.cancelled';
    state.revision++;
    if (type === 'action.overdue' || type === 'action.set') return;
    const { last } = action;
    const press = `${last?.verb}|${last?.person}|${last?.fromRevision}`;
    if (state.from.has(press)) broken('action-once', `${press} had two effects`, caseId);
    state.from.add(press);
  }

  /** Once for each day that it was to be done by, after that day, and soon after its time. */
  function checkTime(
    caseId: string,
    { type, data }: EventDoc,
    action: Action,
    before: string | undefined,
  ): void {
    const state = seenOf(caseId);
    const invariant = type === 'action.overdue' ? 'action-overdue' : 'reminded-once';
    const times = type === 'action.overdue' ? ++state.overdue : ++state.reminded;
    if (times > 1) broken(invariant, `${type} of ${data.due} came ${times} times`, caseId);
    const { due, dueAt, climbsAt, state: stands } = action;
    if (stands !== 'open' || data.due !== due)
      broken(invariant, `${type} of ${data.due} came when it was ${stands}`, caseId);
    const early =
      type === 'action.overdue' ? climbsAt > time.now() || climbsAt <= dueAt : (before ?? '9') > time.now();
    if (early)
      broken(invariant, `${type} came at ${time.now()}, and is due at ${before ?? climbsAt}`, caseId);
    checkLate(caseId, before ?? climbsAt);
  }

  function checkLate(caseId: string, due: string): void {
    const from = Math.max(Date.parse(due), seenOf(caseId).timedAt);
    if (isTooLate(time, weather, from))
      broken('action-timer', `what was due at ${due} has not come before ${time.now()}`, caseId);
  }

  function checkTimer(key: Key, action: Action): void {
    const state = seenOf(key.caseId);
    const timer = memory.inside(key).get(`timer:action:${action.actionId}`)?.doc as TimerDoc | undefined;
    const due = dueOf(action);
    if (timer?.due !== due || (timer && !timer.lists?.due?.startsWith(timer.due))) {
      const said = `it is ${action.state} and due at ${due}, its timer is ${timer ? `due ${timer.due}` : 'gone'}`;
      broken('action-timer', said, key.caseId);
    }
    if (state.timedFor === timer?.due) return;
    state.timedFor = timer?.due;
    state.timedAt = time.ms;
  }

  function checkPlaces({ caseId }: Key, action: Action): void {
    const { actionId, owner, setAt, dueAt, state } = action;
    const set = `${setAt}|${actionId}`;
    const due = `${dueAt}|${actionId}`;
    const wrong = listedAs(action, {
      chains: caseId,
      actions: set,
      [`actions@${owner.provider}`]: set,
      ...(state === 'open' && {
        'actions.open': due,
        [`actions.open@${owner.provider}`]: due,
        [turnOf(owner)]: due,
      }),
    });
    if (wrong !== undefined) broken('places', `the action is ${state}, and ${wrong}`, caseId);
  }

  return {
    committed(key, writes) {
      const { caseId } = key;
      if (!caseId.startsWith('_action:')) return;
      const action = memory.inside(key).get('action')?.doc as Action | undefined;
      if (!action) return;
      const before = seenOf(caseId).timedFor;
      for (const write of writes) {
        if (write.do !== 'create' || write.doc.kind !== 'event') continue;
        const event = write.doc as EventDoc;
        if (DECIDES.has(event.type)) checkDecision(caseId, event, action);
        if (BY_TIME.has(event.type)) checkTime(caseId, event, action, before);
        if (event.type !== 'action.moved' || event.data.due === undefined) continue;
        // A new day is asked for anew; a new owner alone is not.
        const state = seenOf(caseId);
        if (action.overdueAt === undefined) {
          if (state.overdue > 0) met('action moved off the ladder');
          state.overdue = 0;
          state.reminded = 0;
        } else met('action moved on the ladder');
      }
      if (seenOf(caseId).revision !== action.revision) {
        const said = `after ${seenOf(caseId).revision} changes it is at revision ${action.revision}`;
        broken('action-once', said, caseId);
      }
      checkTimer(key, action);
      checkPlaces(key, action);
    },

    all() {
      for (const key of memory.keys()) {
        const action = memory.inside(key).get('action')?.doc as Action | undefined;
        if (!action) continue;
        checkTimer(key, action);
        const due = dueOf(action);
        if (due !== undefined && due < time.now()) checkLate(key.caseId, due);
      }
    },
  };
}

const DECIDES: ReadonlySet<string> = new Set([
  'action.set',
  'action.moved',
  'action.done',
  'action.cancelled',
  'action.reopened',
  'action.overdue',
]);
const BY_TIME: ReadonlySet<string> = new Set(['action.overdue', 'action.reminded']);

/** The list of those whose turn it is. */
function turnOf({ provider, role, person }: Owner): string {
  if (person !== undefined) return `actions.mine@${person}`;
  return role === undefined ? `actions.provider@${provider}` : `actions.role@${provider}/${role}`;
}
