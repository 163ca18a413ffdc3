import type { Agreement } from '../agreement/agreement.ts';
import { positionCan, primeOf } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import { type Scope, totalIn } from '../agreement/scope.ts';
import { type Actor, actorRef, type PersonActor, type Position } from '../core/actors.ts';
import type { Clock, Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type Act, rule } from '../core/permissions.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Listed } from '../store/store.ts';
import type { IsLate } from '../store/turn.ts';
import { createCompare, type Pairs } from './compare.ts';
import { createKeep, type KeepDeps } from './keep.ts';
import { type Batch, batchId, type Mismatch, mismatchesKey, mismatchId } from './mismatch.ts';
import {
  RECONCILIATION_CASE,
  RECONCILIATION_HEAD,
  type Reconciled,
  type ReconciliationDoc,
  readReconciled,
  reconciliationKey,
} from './reconciliation.ts';
import { createSettle } from './settle.ts';

export interface ReconciliationDeps extends KeepDeps {
  readonly agreements: Agreements;
  readonly clock: Clock;
  readonly kick: (pathwayId: string) => void;
  readonly pairs: Pairs;
}

/** Two cases about which people decided, and the providers that answer for them. */
export interface DecidedPair {
  readonly a: string;
  readonly b: string;
  readonly providers: readonly string[];
  readonly owner: string;
}

/** What a run found for a provider, and how much of it still waits. */
export interface PresentBatch {
  readonly batch: Batch;
  readonly left: number;
  readonly today: Agreement;
}

/** For which week it is made, where it is made once; none: now, and again each time. */
export interface RunOptions {
  readonly week?: string;
  /** A result of that week that began earlier does not count. */
  readonly since?: Instant;
  readonly progress?: (done: number) => void;
}

/** Compares the register with the partners' lists, and keeps what disagrees until somebody settles it or it is gone. */
export function createReconciliation(deps: ReconciliationDeps) {
  const { store, run, agreements, clock, kick } = deps;
  const keep = createKeep(deps);
  const compare = createCompare(deps, keep, deps.pairs);
  /** One run at a time of a pathway in this process: whoever asks meanwhile gets the same. */
  const running = new Map<string, Promise<Reconciled>>();

  const inForce = inForceOf(agreements);

  /** The positions in which somebody may. Errors: `Refused` `role`. */
  function may(act: Act, actor: Actor, today: Agreement, provider?: string): readonly Position[] {
    const sides = { prime: primeOf(today).id, ...(provider !== undefined && { receiver: provider }) };
    const ruling = rule(act, actor, sides, (position, ability) => positionCan(today, position, ability));
    if (ruling.allowed) return ruling.positions;
    throw new Refused('role', REFUSALS[act] ?? 'This is not part of your role.');
  }

  /**
   * Gives a run its number, so that what it keeps can be told from any other's, also when it is cut off. That of a
   * week has one number, however often it begins.
   */
  async function begin(
    pathwayId: string,
    actor: Actor,
    week: string | undefined,
  ): Promise<{ run: string; at: Instant }> {
    return run<ReconciliationDoc, { run: string; at: Instant }>(
      reconciliationKey(pathwayId),
      RECONCILIATION_HEAD,
      ({ head }, now) => {
        const before = head ?? begunHead();
        if (week !== undefined && before.weekly?.week === week) {
          return { answer: { run: before.weekly.run, at: now } };
        }
        const count = before.count + 1;
        const id = String(count).padStart(6, '0');
        const weekly = week === undefined ? undefined : { week, run: id };
        const next: ReconciliationDoc = { ...before, count, ...(weekly && { weekly }) };
        const event = { type: 'reconciliation.began', by: actorRef(actor), data: { run: id } };
        return { change: { documents: [next], events: [event] }, answer: { run: id, at: now } };
      },
    );
  }

  async function wholeRun(pathwayId: string, actor: Actor, { week, progress }: RunOptions) {
    const agreement = await inForce(pathwayId);
    const { run: id, at } = await begin(pathwayId, actor, week);
    const inRun = { pathwayId, run: id, agreement, actor, ...(week !== undefined && { week }) };
    const result = await compare(inRun, at, progress);
    kick(pathwayId);
    return result;
  }

  /** The result that a week has already. */
  async function knownOf(
    pathwayId: string,
    { week, since = '' }: RunOptions,
  ): Promise<Reconciled | undefined> {
    const found = week === undefined ? undefined : await readReconciled(store, pathwayId, week);
    return found && found.startedAt >= since ? found : undefined;
  }

  return {
    inForce,
    keep,

    /**
     * Compares every case with the newest lists, and answers with the figures. With `week`, a week that has a
     * result which began at `since` or later keeps it: the same again changes nothing, also after a crash and from
     * several workers at once. Errors: `Refused` where this is not for `actor`, or the pathway is unknown.
     */
    async run(pathwayId: string, actor: Actor, options: RunOptions = {}): Promise<Reconciled> {
      may('reconcile.run', actor, (await inForce(pathwayId)).terms);
      for (;;) {
        const known = await knownOf(pathwayId, options);
        if (known) return known;
        const under = running.get(pathwayId);
        if (!under) break;
        if (options.week === undefined) return under;
        await under.catch(() => undefined);
      }
      const now = wholeRun(pathwayId, actor, options);
      running.set(pathwayId, now);
      try {
        return await now;
      } finally {
        running.delete(pathwayId);
      }
    },

    /** Could this person run it? */
    async mayRun(pathwayId: string, actor: PersonActor): Promise<boolean> {
      const { terms } = await inForce(pathwayId);
      const sides = { prime: primeOf(terms).id };
      return rule('reconcile.run', actor, sides, (at, ability) => positionCan(terms, at, ability)).allowed;
    },

    /** The newest figures; undefined before the first run. */
    newest: (pathwayId: string): Promise<Reconciled | undefined> => readReconciled(store, pathwayId),

    /** People decided a pair, or it was taken back: what a run found of its cases ends with their last pair. */
    async pairDecided(pathwayId: string, { a, b, providers, owner }: DecidedPair): Promise<void> {
      const agreement = await inForce(pathwayId);
      const actor: Actor = { kind: 'system', job: 'timer' };
      for (const caseId of [a, b]) {
        if (await deps.pairs.isUndecided(pathwayId, caseId)) continue;
        for (const provider of new Set([owner, ...providers])) {
          const key = mismatchesKey(pathwayId, provider);
          const found = await store.get<Mismatch>(key, mismatchId(caseId, 'duplicate'));
          if (!found) continue;
          await keep.gone({ pathwayId, run: found.doc.run, agreement, actor }, provider, [found.doc]);
          kick(pathwayId);
        }
      }
    },

    /** The time of what a run found is up. */
    async overdue(pathwayId: string, provider: string, ofRun: string, late?: IsLate): Promise<void> {
      const timer: Actor = { kind: 'system', job: 'timer' };
      const agreement = await inForce(pathwayId);
      may('mismatch.overdue', timer, agreement.terms);
      await keep.overdue(pathwayId, provider, ofRun, agreement, late);
      kick(pathwayId);
    },

    /** What a run found for a provider, for its card; undefined when there is none. */
    async presentBatch(
      pathwayId: string,
      provider: string,
      ofRun: string,
    ): Promise<PresentBatch | undefined> {
      const found = await store.get<Batch>(mismatchesKey(pathwayId, provider), batchId(ofRun));
      if (!found) return undefined;
      const left = await keep.leftOf(pathwayId, provider, ofRun);
      return { batch: found.doc, left, today: (await inForce(pathwayId)).terms };
    },

    /** A page of the mismatches that wait, oldest first. Errors: `Refused` `role`. */
    async page(
      { pathwayId, actor }: { readonly pathwayId: string; readonly actor: PersonActor },
      provider: string,
      after: string,
      limit: number,
    ): Promise<readonly Listed<Mismatch>[]> {
      may('mismatch.view', actor, (await inForce(pathwayId)).terms, provider);
      return store.page<Mismatch>(pathwayId, `mismatches@${provider}`, { after, limit });
    },

    /** How many of a provider's wait. */
    waiting: (pathwayId: string, provider: string): Promise<number> =>
      store.count(pathwayId, `mismatches@${provider}`),

    /** How many wait in a scope. */
    waitingIn: (pathwayId: string, scope: Scope): Promise<number> =>
      totalIn(store, pathwayId, scope, 'mismatches'),

    /** The case of a mismatch. */
    caseOf: async (pathwayId: string, caseId: string): Promise<CaseDoc | undefined> =>
      (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc,

    ...createSettle(deps, keep, inForce, may),

    now: () => clock.now(),
  };
}

const REFUSALS: Partial<Record<Act, string>> = {
  'reconcile.run': 'The lists are compared by those who coordinate at the prime, or assure.',
  'mismatch.view': 'The mismatches of a provider are for those who work there, and for the prime.',
  'mismatch.settle': 'A mismatch is settled by those who work for its provider, or by the prime.',
};

const begunHead = (): ReconciliationDoc => ({
  id: RECONCILIATION_HEAD,
  kind: 'reconciliation',
  schema: 1,
  audit: { seq: 0, hash: '' },
  lists: { chains: RECONCILIATION_CASE },
  count: 0,
  weeks: {},
});

export type Reconciliation = ReturnType<typeof createReconciliation>;
