import type { EventDoc, Key, TimerDoc } from '../core/change.ts';
import {
  type Batch,
  batchesList,
  batchId,
  batchSubject,
  knownList,
  type Mismatch,
  mismatchId,
  ofRunList,
  providerOfCase,
} from '../reconciliation/mismatch.ts';
import type { Counts, Reconciled } from '../reconciliation/reconciliation.ts';
import type { CaseDoc } from '../register/case.ts';
import type { ListDoc } from '../register/list.ts';
import type { Write } from '../store/store.ts';
import type { Break } from './invariants.ts';
import { isTooLate } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { PATHWAY } from './pathway.ts';
import { listedAs } from './places.ts';
import { leftIn } from './standing.ts';
import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface ReconciliationWatch {
  /** Looks at what a commit to a case, to a provider's mismatches or to the runs touched. */
  committed(key: Key, writes: readonly Write[]): void;
  /** Looks at every mismatch. */
  all(): void;
}

export interface ReconciliationWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

type Docs = ReturnType<MemoryStore['inside']>;

/** Holds what the comparison with the lists finds, and its figures, against what must be true of them. */
export function watchReconciliation(deps: ReconciliationWatchDeps): ReconciliationWatch {
  const { time, memory, weather, broken, met } = deps;
  /** The mismatches that stand, as the last commit left them. */
  const known = new Map<string, Mismatch>();
  const batches = new Map<string, Batch>();
  const results = new Set<string>();
  /** The weeks that the calendar had compared. */
  const weekly = new Set<string>();
  /** When a case, or a list, last changed; milliseconds since 1970. */
  let stirredAt = 0;

  const sumOf = (all: readonly Counts[], of: (counts: Counts) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0);

  function checkResult(result: Reconciled): void {
    const { run, week, by, startedAt, all, partners } = result;
    if (results.has(run)) broken('one-result', `run ${run} has a second result`);
    results.add(run);
    const calendar = 'system' in by && by.system === 'calendar';
    met(calendar ? 'compared by the calendar' : 'compared by people');
    if (calendar && weekly.has(week))
      broken('one-result', `${week} was compared a second time, by run ${run}`);
    if (calendar) weekly.add(week);
    checkSums(result);
    // What changed while it ran may be counted before or after it.
    if (stirredAt >= Date.parse(startedAt)) {
      met('compared while cases changed');
      return;
    }
    met('compared in a still world');
    let cases = 0;
    let unowned = 0;
    for (const key of memory.keys()) {
      const caseDoc = memory.inside(key).get('case')?.doc as CaseDoc | undefined;
      if (!caseDoc || caseDoc.mergedInto !== undefined) continue;
      // What is closed is compared while a newest list has it.
      if (caseDoc.state !== 'open' && !isOnNewest(caseDoc)) continue;
      cases++;
      if (caseDoc.state === 'open' && !caseDoc.holder) unowned++;
    }
    if (all.cases !== cases) broken('figures-add-up', `run ${run} compared ${all.cases} of ${cases} cases`);
    if (all.kinds.unowned !== unowned) {
      broken('figures-add-up', `run ${run} found ${all.kinds.unowned} of ${unowned} that nobody holds`);
    }
    let waiting = 0;
    for (const { settled } of known.values()) if (!settled) waiting++;
    if (all.fresh + all.carriedOver !== waiting) {
      broken('figures-add-up', `run ${run} says ${all.fresh + all.carriedOver} wait, and ${waiting} do`);
    }
    if (partners.length > 0) met('figures held against the world');
  }

  const isOnNewest = ({ listed = {} }: CaseDoc): boolean =>
    Object.entries(listed).some(([provider, { list }]) => {
      const docs = memory.inside({ pathwayId: PATHWAY, caseId: `_list:${provider}` });
      const newest = (docs.get('list')?.doc as ListDoc | undefined)?.newest;
      return newest?.id === list && newest.state !== 'importing';
    });

  function checkSums({ run, all, partners }: Reconciled): void {
    const fields = ['cases', 'matched', 'mismatched', 'settled', 'fresh', 'carriedOver'] as const;
    for (const field of fields) {
      const sum = sumOf(partners, (one) => one[field]);
      if (sum !== all[field])
        broken('figures-add-up', `run ${run}: ${field} ${all[field]}, by partner ${sum}`);
    }
    for (const [kind, count] of Object.entries(all.kinds)) {
      const sum = sumOf(partners, ({ kinds }) => kinds[kind as keyof typeof kinds]);
      if (sum !== count) broken('figures-add-up', `run ${run}: ${kind} ${count}, by partner ${sum}`);
      if (count > 0) met(`found ${kind}`);
    }
    if (all.settled > 0) met('found as it was settled');
    if (all.matched + all.mismatched !== all.cases) {
      broken('figures-add-up', `run ${run}: ${all.matched} and ${all.mismatched} of ${all.cases} cases`);
    }
    const kept = sumOf([all], ({ kinds }) => Object.values(kinds).reduce((a, b) => a + b, 0) - kinds.unowned);
    if (all.fresh + all.carriedOver !== kept) {
      broken('figures-add-up', `run ${run}: ${all.fresh} and ${all.carriedOver}, of kinds ${kept}`);
    }
  }

  /** It stands under its own name at one provider, on the lists of what waits while it does. */
  function checkMismatch(key: Key, mismatch: Mismatch): void {
    const { id, caseId, what, provider, since, run, settled } = mismatch;
    if (provider !== providerOfCase(key.caseId) || id !== mismatchId(caseId, what)) {
      broken('mismatch-once', `${id} of ${provider} stands at ${key.caseId}`, caseId);
    }
    const place = `${caseId}|${what}`;
    const wrong = listedAs(mismatch, {
      [knownList(provider)]: place,
      ...(!settled && {
        mismatches: `${since}|${place}|${provider}`,
        [`mismatches@${provider}`]: `${since}|${place}`,
        [ofRunList(provider)]: `${run}|${place}`,
      }),
    });
    if (wrong !== undefined) broken('mismatch-once', wrong, caseId);
  }

  function checkChange(
    key: Key,
    before: Mismatch | undefined,
    after: Mismatch,
    events: readonly EventDoc[],
  ): void {
    checkMismatch(key, after);
    const { caseId, what } = after;
    if (before?.settled && !after.settled && before.says === after.says) {
      broken('settled-stays', `${what} was settled, says the same, and waits again`, caseId);
    }
    if (before?.settled && !after.settled) met('settled before, and says something else');
    if (before && !before.settled && (before.since !== after.since || before.run !== after.run)) {
      broken('mismatch-once', `${what} waits since ${before.since}, and is found anew`, caseId);
    }
    const named = (type: string): boolean => events.some((event) => event.type === type);
    if (after.settled && !before?.settled && !named('mismatch.settled')) {
      broken('mismatch-once', `${what} is settled, and nobody settled it`, caseId);
    }
  }

  /** It is over with the last mismatch that it found and not before; until it climbs a timer waits for its time. */
  function checkBatch(key: Key, docs: Docs, batch: Batch): void {
    const { provider, run, ended, climbing, settleBy } = batch;
    const left = leftIn(docs, run);
    if ((left === 0) !== (ended !== undefined)) {
      broken(
        'mismatch-climbs',
        `run ${run} left ${left}, and ${ended ? 'is over' : 'is not over'}`,
        key.caseId,
      );
    }
    const wrong = listedAs(batch, ended === undefined ? { [batchesList(provider)]: run } : {});
    if (wrong !== undefined) broken('mismatch-climbs', wrong, key.caseId);
    const timer = docs.get(`timer:${batchSubject(run)}`)?.doc as TimerDoc | undefined;
    const due = ended === undefined && !climbing ? settleBy : undefined;
    if (timer?.due !== due) {
      const says = `run ${run} is to be settled by ${due ?? 'nobody'}, its timer is ${timer?.due ?? 'gone'}`;
      broken('mismatch-climbs', says, key.caseId);
    }
    if (climbing && time.now() < settleBy) {
      broken('mismatch-climbs', `run ${run} climbs before ${settleBy}`, key.caseId);
    }
    if (timer && isTooLate(time, weather, Date.parse(timer.due))) {
      broken('mismatch-climbs', `run ${run} was to climb at ${timer.due}`, key.caseId);
    }
  }

  return {
    committed(key, writes) {
      if (key.caseId.startsWith('_list:') || !key.caseId.startsWith('_')) {
        if (writes.some((write) => write.do !== 'remove' && /^(?:case|list)$/.test(write.doc.kind))) {
          stirredAt = time.ms;
        }
        return;
      }
      if (key.caseId === '_reconciliation') {
        for (const write of writes) {
          if (write.do !== 'remove' && write.doc.kind === 'reconciled') checkResult(write.doc as Reconciled);
        }
        return;
      }
      if (!key.caseId.startsWith('_mismatches:')) return;
      const docs = memory.inside(key);
      const events = writes.flatMap((write) =>
        write.do === 'create' && write.doc.kind === 'event' ? [write.doc as EventDoc] : [],
      );
      for (const write of writes) {
        const id = write.do === 'remove' ? write.id : write.doc.id;
        const name = `${key.caseId}|${id}`;
        if (write.do === 'remove') {
          if (known.delete(name)) met('mismatch gone');
        } else if (write.doc.kind === 'mismatch') {
          const after = write.doc as Mismatch;
          checkChange(key, known.get(name), after, events);
          met(after.settled ? 'mismatch settled' : known.has(name) ? 'mismatch changed' : 'mismatch found');
          known.set(name, after);
        } else if (write.doc.kind === 'mismatch-batch') {
          const batch = write.doc as Batch;
          const before = batches.get(name);
          batches.set(name, batch);
          if (batch.climbing && !before?.climbing) met('mismatches overdue');
          if (batch.ended && !before?.ended)
            met(batch.climbing ? 'mismatches over on the ladder' : 'mismatches over');
        }
      }
      for (const { doc } of docs.values()) {
        if (doc.kind === 'mismatch-batch') checkBatch(key, docs, doc as Batch);
      }
    },

    all() {
      for (const key of memory.keys()) {
        if (!key.caseId.startsWith('_mismatches:')) continue;
        const docs = memory.inside(key);
        for (const { doc } of docs.values()) {
          if (doc.kind === 'mismatch-batch') checkBatch(key, docs, doc as Batch);
          if (doc.kind !== 'mismatch') continue;
          const mismatch = doc as Mismatch;
          checkMismatch(key, mismatch);
          if (!mismatch.settled && !docs.has(batchId(mismatch.run))) {
            broken('mismatch-climbs', `${mismatch.id} waits, and nothing has it settled`, mismatch.caseId);
          }
          if (!memory.inside({ pathwayId: PATHWAY, caseId: mismatch.caseId }).has('case')) {
            broken('mismatch-once', `${mismatch.id} is of no case`, mismatch.caseId);
          }
        }
      }
    },
  };
}
