import { type EventDoc, type Key, type NoticeDoc, routeName } from '../core/change.ts';
import type { Digest, Figure, Posted } from '../digests/digest.ts';
import type { Handover } from '../handovers/handover.ts';
import { type Reconciled, runId } from '../reconciliation/reconciliation.ts';
import type { Write } from '../store/store.ts';
import type { Break } from './invariants.ts';
import { LATE_MS } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { FIRST_TERMS, PATHWAY } from './pathway.ts';
import { WEEK } from './script.ts';
import { digestAt } from './script-weekly.ts';
import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface DigestWatch {
  committed(key: Key, writes: readonly Write[]): void;
  /** Is every digest there that was due? */
  all(): void;
}

export interface DigestWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** Five minutes pass between two looks, and one that fails of trouble is made at the next. */
const SOON_MS = 2 * 5 * 60_000 + LATE_MS;

/** The lists that figures are counted on, whole and of one provider. */
const COUNTED: readonly (readonly [figure: Figure, whole: string, of: string])[] = [
  ['duplicates', 'duplicates', 'duplicates.of'],
  ['unowned', 'unowned', 'unowned'],
  ['actionsOpen', 'actions.open', 'actions.open'],
  ['mismatches', 'mismatches', 'mismatches'],
];

/** Holds digests against what must be true of them. */
export function watchDigests({ time, memory, weather, broken, met }: DigestWatchDeps): DigestWatch {
  const start = time.ms;
  const made = new Set<string>();
  /** When something that is counted last changed; milliseconds since 1970. */
  let stirredAt = 0;

  const sumOf = ({ parts }: Posted, figure: Figure): number =>
    parts.reduce((sum, { figures }) => sum + (figures[figure] ?? 0), 0);

  /** What is counted changes with a document on a list. */
  const stirs = (write: Write): boolean =>
    write.do === 'remove'
      ? /^(?:mismatch|handover|action|case|pair)/.test(write.id)
      : /^(?:mismatch|handover|action|case|pair)$/.test(write.doc.kind);

  function counts(digest: Posted): void {
    const { at, week, parts, reconciled } = digest;
    const result = memory
      .inside({ pathwayId: PATHWAY, caseId: '_reconciliation' })
      .get(runId(reconciled?.run ?? ''))?.doc as Reconciled | undefined;
    if (reconciled && !result)
      broken('digest-adds-up', `${week} tells of run ${reconciled.run}, which is not there`);
    if (result) {
      const { all } = result;
      const told = [sumOf(digest, 'cases'), sumOf(digest, 'mismatched'), sumOf(digest, 'longWaits')];
      const there = [all.cases, all.mismatched, all.kinds['long-wait']];
      if (told.join() !== there.join()) {
        broken('digest-adds-up', `${week} says ${told.join(', ')} of run ${result.run}: ${there.join(', ')}`);
      }
    }
    if (stirredAt >= Date.parse(at)) {
      met('digest of a moving world');
      return;
    }
    met('digest of a still world');
    for (const [figure, whole, of] of COUNTED) {
      const all = listed(whole);
      if (sumOf(digest, figure) !== all) {
        broken('digest-adds-up', `${week} says ${figure} ${sumOf(digest, figure)}, and there are ${all}`);
      }
      for (const { provider, figures } of parts) {
        if (provider === '') continue;
        const theirs = listed(`${of}@${provider}`);
        if (figures[figure] === theirs) continue;
        broken(
          'digest-adds-up',
          `${week} says ${figure} ${figures[figure]} of ${provider}, and there are ${theirs}`,
        );
      }
    }
    const open = handovers(({ state }) => state === 'offered' || state === 'information-requested');
    if (sumOf(digest, 'handoversUnanswered') !== open) {
      broken('digest-adds-up', `${week} has ${sumOf(digest, 'handoversUnanswered')} unanswered of ${open}`);
    }
  }

  /** How many documents stand on a list, said by themselves. */
  function listed(list: string): number {
    let count = 0;
    for (const key of memory.keys()) {
      for (const { doc } of memory.inside(key).values()) if (doc.lists?.[list] !== undefined) count++;
    }
    return count;
  }

  function handovers(which: (handover: Handover) => boolean): number {
    let count = 0;
    for (const key of memory.keys()) {
      for (const { doc } of memory.inside(key).values()) {
        if (doc.kind === 'handover' && which(doc as Handover)) count++;
      }
    }
    return count;
  }

  function checkSent({ week }: Posted, notices: readonly NoticeDoc[]): void {
    const routes = notices
      .map(({ notice }) => `${notice.form} ${notice.subject} ${routeName(notice.route)}`)
      .sort();
    const expected = FIRST_TERMS.providers.map(({ id }) => `show digest:${week} channel:${id}`).sort();
    if (routes.join() !== expected.join()) broken('digest-card', `${week} goes to ${routes.join(', ')}`);
  }

  function checkMade(digest: Digest, writes: readonly Write[]): void {
    const { week, dueAt, state } = digest;
    if (made.has(week)) broken('one-digest', `${week} has a second digest`);
    made.add(week);
    met(`digest ${state}`);
    if (time.now() < dueAt) broken('one-digest', `${week} is made before ${dueAt}`);
    if (time.ms > Date.parse(dueAt) + SOON_MS) met('digest after an outage');
    if (digest.state === 'missed') return;
    const { reconciled } = digest;
    const fresh = reconciled !== undefined && reconciled.at >= dueAt;
    met(fresh ? 'digest after its comparison' : 'digest without its comparison');
    counts(digest);
    checkSent(
      digest,
      writes.flatMap((write) =>
        write.do !== 'remove' && write.doc.kind === 'notice' ? [write.doc as NoticeDoc] : [],
      ),
    );
  }

  return {
    committed(key, writes) {
      if (writes.some(stirs)) stirredAt = time.ms;
      if (!key.caseId.startsWith('_digest:')) return;
      for (const write of writes) {
        if (write.do === 'remove') continue;
        const event = write.doc as EventDoc;
        if (write.doc.kind === 'digest' && write.do === 'create') checkMade(write.doc as Digest, writes);
        if (write.doc.kind === 'event' && event.type === 'notice.sent') met('digest card arrived');
      }
    },

    all() {
      for (let week = 0; start + week * WEEK < time.ms; week++) {
        const due = start + digestAt(new Date(start).toISOString(), week);
        const latest = Math.max(due, weather.troubledAt) + SOON_MS;
        if (time.ms <= latest || made.size > week) continue;
        broken('one-digest', `none was made of the week due at ${new Date(due).toISOString()}`);
      }
    },
  };
}
