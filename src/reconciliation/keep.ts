import type { AgreementInForce } from '../agreement/agreement.ts';
import { type Actor, type ActorRef, actorRef } from '../core/actors.ts';
import { type Change, type Head, mergeChanges } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Follow, LadderStep } from '../escalations/escalation.ts';
import type { Store } from '../store/store.ts';
import { type IsLate, type Loaded, type RunTurn, timerDue } from '../store/turn.ts';
import { batchListed, begunBatch, matterOf, settleBy } from './climb.ts';
import {
  type Batch,
  batchId,
  batchSubject,
  begunMismatches,
  MISMATCHES_HEAD,
  type Mismatch,
  type MismatchesDoc,
  mismatchesKey,
  mismatchId,
  mismatchListed,
  ofRunList,
} from './mismatch.ts';
import type { MismatchKind } from './reconciliation.ts';
import type { Found } from './rules.ts';

export interface KeepDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly follow: Follow;
}

/** A mismatch that a run found and that was not known, or says something else than it did. */
export interface New extends Found {
  readonly caseId: string;
  readonly alias?: string;
}

/** Where in the store a run is: its number, when it began, and by whose order. */
export interface InRun {
  readonly pathwayId: string;
  readonly run: string;
  /** The week that it is made for, where it is not the one that it falls into. */
  readonly week?: string;
  readonly agreement: AgreementInForce;
  readonly actor: Actor;
}

/** How a mismatch is named in the record. */
const nameOf = ({ caseId, what }: { readonly caseId: string; readonly what: MismatchKind }): string =>
  `${caseId} ${what}`;

/** Keeps the mismatches of each provider, some dozens a commit, with what one run found as one card and one ladder. */
export function createKeep({ store, run, follow }: KeepDeps) {
  /** How many that this run found still wait. */
  async function leftOf(pathwayId: string, provider: string, ofRun: string): Promise<number> {
    const list = ofRunList(provider);
    const [to, before] = await Promise.all([
      store.count(pathwayId, list, `${ofRun}|~`),
      store.count(pathwayId, list, `${ofRun}|`),
    ]);
    return to - before;
  }

  /** Some of a run's do not wait any more: its card says so, and with the last its ladder ends. */
  async function fewer(
    loaded: Loaded<MismatchesDoc>,
    ofRun: string,
    less: number,
    how: 'settled' | 'gone',
    actor: Actor,
    now: Instant,
  ): Promise<Change> {
    const { pathwayId } = loaded.key;
    const batch = await loaded.get<Batch>(batchId(ofRun));
    if (!batch || batch.ended !== undefined || less === 0) return {};
    const left = (await leftOf(pathwayId, batch.provider, ofRun)) - less;
    const ends = left <= 0;
    const next = batchListed({ ...batch, revision: batch.revision + 1, ...(ends && { ended: now }) });
    const subject = batchSubject(ofRun);
    const steps: LadderStep[] = ends && batch.climbing ? [{ do: 'end', how, subject }] : [];
    return mergeChanges(
      {
        documents: [next],
        notices: next.shownTo.map((route) => ({
          form: 'show',
          subject,
          route,
          ...(ends && { isOver: true }),
        })),
        ...(ends && { timers: [{ subject, fires: 'mismatch.overdue', due: null }] }),
      },
      ...(await follow(loaded as Loaded<Head>, steps, actor, now)),
    );
  }

  return {
    leftOf,
    fewer,

    /** Keeps what a run found for a provider. What another run kept meanwhile stays as that one has it. */
    async found({ pathwayId, run: ofRun, agreement, actor }: InRun, provider: string, all: readonly New[]) {
      await run<MismatchesDoc, void>(
        mismatchesKey(pathwayId, provider),
        MISMATCHES_HEAD,
        async (loaded, now) => {
          const by = settleBy(agreement.terms, provider, now);
          const documents: Mismatch[] = [];
          for (const one of all) {
            const before = await loaded.get<Mismatch>(mismatchId(one.caseId, one.kind));
            if (before?.says === one.says) continue;
            documents.push(kept(one, before, ofRun, by, now));
          }
          if (documents.length === 0) return { answer: undefined };
          const isNew = documents.some((one) => one.run === ofRun);
          const before = await loaded.get<Batch>(batchId(ofRun));
          const batch = before ?? begunBatch(provider, ofRun, by, agreement.version, now);
          const subject = batchSubject(ofRun);
          const shown = before ? batchListed({ ...before, revision: before.revision + 1 }) : batch;
          return {
            change: {
              documents: [loaded.head ?? begunMismatches(provider), ...documents, ...(isNew ? [shown] : [])],
              events: [
                {
                  type: 'mismatches.found',
                  by: actorRef(actor),
                  data: { provider, run: ofRun, found: documents.map(nameOf) },
                },
              ],
              ...(isNew && {
                notices: shown.shownTo.map((route) => ({ form: 'show' as const, subject, route })),
                timers: [{ subject, fires: 'mismatch.overdue', due: batch.settleBy }],
              }),
            },
            answer: undefined,
          };
        },
      );
    },

    /** Closes what one run found for a provider and a later one does not. */
    async gone({ pathwayId, run: ofRun, actor }: InRun, provider: string, all: readonly Mismatch[]) {
      await run<MismatchesDoc, void>(
        mismatchesKey(pathwayId, provider),
        MISMATCHES_HEAD,
        async (loaded, now) => {
          const there: Mismatch[] = [];
          for (const one of all) {
            const stands = await loaded.get<Mismatch>(one.id);
            if (stands?.says === one.says && stands.run === one.run) there.push(stands);
          }
          const [first] = there;
          if (!loaded.head || !first) return { answer: undefined };
          const waited = there.filter(({ settled }) => !settled).length;
          const change: Change = {
            documents: [loaded.head],
            removed: there.map(({ id }) => id),
            events: [
              {
                type: 'mismatches.gone',
                by: actorRef(actor),
                data: { provider, run: ofRun, foundIn: first.run, gone: there.map(nameOf) },
              },
            ],
          };
          const less = await fewer(loaded, first.run, waited, 'gone', actor, now);
          return { change: mergeChanges(change, less), answer: undefined };
        },
      );
    },

    /** The time of what a run found is up: what of it still waits climbs the ladder. */
    async overdue(
      pathwayId: string,
      provider: string,
      ofRun: string,
      terms: AgreementInForce,
      late?: IsLate,
    ) {
      const actor: Actor = { kind: 'system', job: 'timer' };
      const subject = batchSubject(ofRun);
      await run<MismatchesDoc, void>(
        mismatchesKey(pathwayId, provider),
        MISMATCHES_HEAD,
        async (loaded, now) => {
          const batch = await loaded.get<Batch>(batchId(ofRun));
          const done = { subject, fires: 'mismatch.overdue', due: null };
          if (!loaded.head) return { answer: undefined };
          const left = batch?.ended === undefined ? await leftOf(pathwayId, provider, ofRun) : 0;
          if (!batch || batch.climbing || left === 0) {
            return { change: { documents: [loaded.head], timers: [done] }, answer: undefined };
          }
          const next: Batch = batchListed({ ...batch, climbing: true, revision: batch.revision + 1 });
          const due = await timerDue(loaded, subject);
          const matter = matterOf(next, terms.terms);
          const by: ActorRef = actorRef(actor);
          const change: Change = {
            documents: [loaded.head, next],
            events: [{ type: 'mismatches.overdue', by, data: { provider, run: ofRun, left } }],
            notices: next.shownTo.map((route) => ({ form: 'show', subject, route })),
            timers: [done],
          };
          const steps: LadderStep[] = matter ? [{ do: 'begin', cause: 'mismatch', matter }] : [];
          const followed = await follow(loaded as Loaded<Head>, steps, actor, now, late?.(due, now));
          return { change: mergeChanges(change, ...followed), answer: undefined };
        },
      );
    },
  };
}

/** As it is kept from now on: one that waits keeps its age, one that was settled begins anew. */
function kept(one: New, before: Mismatch | undefined, ofRun: string, by: Instant, now: Instant): Mismatch {
  const { caseId, kind, provider, says, alias } = one;
  const waits = before && !before.settled ? before : undefined;
  return mismatchListed({
    id: mismatchId(caseId, kind),
    kind: 'mismatch',
    schema: 1,
    caseId,
    what: kind,
    provider,
    ...(alias !== undefined && { alias }),
    says,
    since: waits?.since ?? now,
    run: waits?.run ?? ofRun,
    settleBy: waits?.settleBy ?? by,
  });
}

export type Keep = ReturnType<typeof createKeep>;
