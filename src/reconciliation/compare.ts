import { setImmediate } from 'node:timers/promises';
import { type ActorRef, actorRef } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import { LIST_HEAD, type ListDoc, listKey } from '../register/list.ts';
import { MAX_PAGE, type Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import type { InRun, Keep, New } from './keep.ts';
import {
  knownList,
  type Mismatch,
  type MismatchesDoc,
  mismatchesCase,
  mismatchesKey,
  mismatchId,
} from './mismatch.ts';
import {
  RECONCILIATION_HEAD,
  type Reconciled,
  type ReconciliationDoc,
  reconciliationKey,
  runId,
  weekOf,
} from './reconciliation.ts';
import {
  type Comparing,
  comparing,
  countsWith,
  type Found,
  isCompared,
  mismatchesOf,
  standingOf,
} from './rules.ts';
import { type Counted, createTally, type Tally } from './tally.ts';

/** So many mismatches go into one commit, beside what they mean for the ladder. */
const A_COMMIT = 60;
const AT_ONCE = 64;
const WEEKS_KEPT = 60;

/** People who are on the register twice, as far as they are to be found and decided. */
export interface Pairs {
  lookThrough(pathwayId: string): Promise<void>;
  undecided(pathwayId: string): Promise<Comparing['undecided']>;
  /** Does this case still have a pair that waits? */
  isUndecided(pathwayId: string, caseId: string): Promise<boolean>;
}

/** The provider's own id, by any of the cases. */
const aliasOf = (cases: readonly CaseDoc[], provider: string): string | undefined =>
  cases
    .map(({ listed, aliases }) => listed?.[provider]?.id ?? aliases[provider])
    .find((id) => id !== undefined);

/** Every case of a pathway compared with the newest lists, some thousand at a time. */
export function createCompare(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  keep: Pick<Keep, 'found' | 'gone'>,
  pairs: Pairs,
) {
  /** The lists as they stand, of every provider whose list is agreed. */
  async function lists({ pathwayId, agreement: { terms } }: InRun, now: Instant): Promise<Comparing> {
    const standings = await Promise.all(
      terms.lists.map(async ({ provider }) => {
        const found = await store.get<ListDoc>(listKey(pathwayId, provider), LIST_HEAD);
        return standingOf(provider, found?.doc ?? {}, terms, now);
      }),
    );
    return comparing(standings, terms, await pairs.undecided(pathwayId));
  }

  /** Compares one case, counts it, and hands on what is to be kept. */
  async function one(inRun: InRun, caseDoc: CaseDoc, with_: Comparing, tally: Tally): Promise<New[]> {
    const also = await alsoOf(inRun.pathwayId, caseDoc);
    if (!isCompared(caseDoc, with_, also)) return [];
    const counted: Counted[] = [];
    const fresh: New[] = [];
    for (const found of mismatchesOf(caseDoc, with_, also)) {
      const as = found.kind === 'unowned' ? 'elsewhere' : await standing(inRun, caseDoc.caseId, found);
      counted.push({ kind: found.kind, as: as === 'changed' ? 'carried-over' : as });
      if (as !== 'fresh' && as !== 'changed') continue;
      const alias = aliasOf([caseDoc, ...also], found.provider);
      fresh.push({ ...found, caseId: caseDoc.caseId, ...(alias !== undefined && { alias }) });
    }
    tally.count(countsWith(caseDoc), counted);
    return fresh;
  }

  /** The cases that count with a case, through any number of them. */
  async function alsoOf(pathwayId: string, { mergedFrom = [] }: CaseDoc): Promise<readonly CaseDoc[]> {
    const found: CaseDoc[] = [];
    for (const caseId of mergedFrom) {
      const one = (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;
      // It may be on its way to or from there.
      if (one?.mergedInto !== undefined) found.push(one, ...(await alsoOf(pathwayId, one)));
    }
    return found;
  }

  /** How a mismatch that is found now was known. */
  async function standing(
    { pathwayId, run: ofRun }: InRun,
    caseId: string,
    { provider, kind, says }: Found,
  ): Promise<'fresh' | 'changed' | 'carried-over' | 'settled'> {
    const found = await store.get<Mismatch>(mismatchesKey(pathwayId, provider), mismatchId(caseId, kind));
    if (!found) return 'fresh';
    const { settled, says: before, run: foundIn } = found.doc;
    if (settled) return before === says ? 'settled' : 'fresh';
    // Kept already by this run, which goes on after a crash.
    if (foundIn === ofRun) return 'fresh';
    return before === says ? 'carried-over' : 'changed';
  }

  /** Closes what was known of a provider and is not so any more. */
  async function sweep(inRun: InRun, provider: string, with_: Comparing): Promise<number> {
    const { pathwayId } = inRun;
    const pending = new Map<string, Mismatch[]>();
    let gone = 0;
    const flush = async (ofRun: string): Promise<void> => {
      const all = pending.get(ofRun) ?? [];
      pending.delete(ofRun);
      for (let at = 0; at < all.length; at += A_COMMIT) {
        await keep.gone(inRun, provider, all.slice(at, at + A_COMMIT));
      }
    };
    for (let after = ''; ; ) {
      const page = await store.page<Mismatch>(pathwayId, knownList(provider), { after, limit: MAX_PAGE });
      const still = await inPortions(page, async ({ doc }) => isStill(pathwayId, doc, with_));
      for (const [at, { doc }] of page.entries()) {
        if (still[at]) continue;
        gone += 1;
        const of = pending.get(doc.run) ?? [];
        of.push(doc);
        pending.set(doc.run, of);
      }
      for (const ofRun of [...pending.keys()]) await flush(ofRun);
      const last = page.at(-1);
      if (!last || page.length < MAX_PAGE) return gone;
      after = last.place;
      await setImmediate();
    }
  }

  async function isStill(pathwayId: string, doc: Mismatch, with_: Comparing): Promise<boolean> {
    const caseDoc = (await store.get<CaseDoc>({ pathwayId, caseId: doc.caseId }, CASE_HEAD))?.doc;
    const also = caseDoc ? await alsoOf(pathwayId, caseDoc) : [];
    if (!caseDoc || !isCompared(caseDoc, with_, also)) return false;
    const found = mismatchesOf(caseDoc, with_, also);
    return found.some(({ kind, provider }) => kind === doc.what && provider === doc.provider);
  }

  /** Every provider of which mismatches are kept: one may be no partner any more. */
  async function kept(pathwayId: string): Promise<readonly string[]> {
    const which = { after: mismatchesCase(''), upTo: mismatchesCase('~'), limit: MAX_PAGE };
    const heads = await store.page<MismatchesDoc>(pathwayId, 'chains', which);
    return heads.map(({ doc }) => doc.provider);
  }

  return async function compare(
    inRun: InRun,
    startedAt: Instant,
    progress?: (done: number) => void,
  ): Promise<Reconciled> {
    const { pathwayId, agreement, actor } = inRun;
    const { terms, version } = agreement;
    await pairs.lookThrough(pathwayId);
    const with_ = await lists(inRun, startedAt);
    const providers = terms.providers.map(({ id }) => id);
    const tally = createTally(providers);
    const pending = new Map<string, New[]>();
    const flush = async (provider: string): Promise<void> => {
      const all = pending.get(provider) ?? [];
      pending.delete(provider);
      if (all.length > 0) await keep.found(inRun, provider, all);
    };
    let done = 0;
    // Every case has a chain; those of other partitions begin with an underscore and come after.
    for (let after = ''; ; ) {
      const page = await store.page<CaseDoc>(pathwayId, 'chains', { after, upTo: '_', limit: MAX_PAGE });
      const cases = page.map(({ doc }) => doc).filter(({ kind }) => kind === 'case');
      for (const fresh of await inPortions(cases, (doc) => one(inRun, doc, with_, tally))) {
        for (const mismatch of fresh) {
          const of = pending.get(mismatch.provider) ?? [];
          of.push(mismatch);
          pending.set(mismatch.provider, of);
          if (of.length >= A_COMMIT) await flush(mismatch.provider);
        }
      }
      done += cases.length;
      progress?.(done);
      const last = page.at(-1);
      if (!last || page.length < MAX_PAGE) break;
      after = last.place;
      // Whoever else is served by this process has a turn.
      await setImmediate();
    }
    for (const provider of [...pending.keys()]) await flush(provider);
    let gone = 0;
    for (const provider of await kept(pathwayId)) gone += await sweep(inRun, provider, with_);
    const by: ActorRef = actorRef(actor);
    const { partners, all } = tally.result();
    return run<ReconciliationDoc, Reconciled>(
      reconciliationKey(pathwayId),
      RECONCILIATION_HEAD,
      async ({ head, get }, now) => {
        if (!head) throw new Error('a run begins with its head');
        // Another worker may have made the same week's meanwhile.
        const known = await get<Reconciled>(runId(inRun.run));
        if (known) return { answer: known };
        const week = inRun.week ?? weekOf(startedAt, terms.zone);
        const result: Reconciled = {
          id: runId(inRun.run),
          kind: 'reconciled',
          schema: 1,
          run: inRun.run,
          week,
          startedAt,
          finishedAt: now,
          by,
          agreementVersion: version,
          compared: with_.standings,
          partners,
          all,
          gone,
        };
        const weeks = Object.entries({ ...head.weeks, [week]: inRun.run })
          .sort()
          .slice(-WEEKS_KEPT);
        const next: ReconciliationDoc = { ...head, newest: inRun.run, weeks: Object.fromEntries(weeks) };
        const { cases, mismatched, settled } = all;
        const data = { run: inRun.run, week, cases, mismatched, settled, gone, agreement: version };
        return {
          change: { documents: [next, result], events: [{ type: 'reconciliation.done', by, data }] },
          answer: result,
        };
      },
    );
  };
}

/** Each in order, some at the same time. */
async function inPortions<T, R>(items: readonly T[], job: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(job))));
  }
  return results;
}
