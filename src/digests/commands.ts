import { type Agreement, providerOf } from '../agreement/agreement.ts';
import { digestChannel } from '../agreement/check-digest.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import { mayAt, type Scope } from '../agreement/scope.ts';
import { type Actor, actorRef } from '../core/actors.ts';
import type { Head, NoticeDraft } from '../core/change.ts';
import { type Instant, msBetween } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { type Reconciled, readReconciled } from '../reconciliation/reconciliation.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import {
  DIGEST_HEAD,
  DIGESTS,
  type Digest,
  digestCase,
  digestKey,
  digestSubject,
  type Findings,
  type Line,
  type Missed,
  type Posted,
} from './digest.ts';
import { gather } from './gather.ts';
import { linesOf, SOURCES } from './gather-lines.ts';
import { dueAt, newestWeek, weeksBefore } from './period.ts';

export interface DigestDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Wakes the sender of this pathway's notices. */
  readonly kick: (pathwayId: string) => void;
  /** Compares the register with the partners' lists for a week, once since an instant; gives what came of it. */
  readonly reconcile: (
    pathwayId: string,
    actor: Actor,
    once: { readonly week: string; readonly since: Instant },
  ) => Promise<Reconciled>;
  /** Where it is written that the digest was made without a comparison of its own. */
  readonly failed: (error: unknown) => void;
}

/** What was found, for which week, under which terms. `live`: just now, and not the week's stored digest. */
export interface Shown {
  readonly week: string;
  readonly live: boolean;
  readonly dueAt: Instant;
  readonly findings: Findings;
  readonly today: Agreement;
}

/** The head of `_digests`, whose chain records who took a digest with them. */
const SENT_CASE = '_digests';
const SENT_HEAD = 'sent';

/** Weeks without a digest that are looked for: somebody would have noticed before a year is over. */
const MOST_MISSED = 53;
const calendar: Actor = { kind: 'system', job: 'calendar' };
/** A comparison that fails is tried again so long after the digest was due, in milliseconds; then it is made without. */
const COMPARED_WITHIN_MS = 45 * 60_000;

export type Digests = ReturnType<typeof createDigests>;

/** Makes the digest of each week once, and finds those that were made. */
export function createDigests({ store, run, agreements, kick, reconcile, failed }: DigestDeps) {
  const inForce = async (pathwayId: string): Promise<Agreement> =>
    (await inForceOf(agreements)(pathwayId)).terms;

  const find = async (pathwayId: string, week: string): Promise<Digest | undefined> =>
    (await store.get<Digest>(digestKey(pathwayId, week), DIGEST_HEAD))?.doc;

  async function findingsNow(
    pathwayId: string,
    week: string,
    terms: Agreement,
    reconciled: Reconciled | undefined,
    now: Instant,
  ): Promise<Findings> {
    const before = await find(pathwayId, weeksBefore(week, 1));
    const found = await gather(store, pathwayId, terms, reconciled, now);
    return { ...found, ...(before?.state === 'posted' && { before: before.at }) };
  }

  /** The weeks since the last digest that have none, oldest first; none where there never was one. */
  async function missedBefore(pathwayId: string, week: string): Promise<readonly string[]> {
    const missed: string[] = [];
    for (let back = 1; back <= MOST_MISSED; back++) {
      const one = weeksBefore(week, back);
      if (await find(pathwayId, one)) return missed.reverse();
      missed.push(one);
    }
    return [];
  }

  /**
   * The comparison with the lists that a week's digest rests on: its own, or where that fails for too long the
   * newest there is. Errors: whatever it failed of, while it is to be tried again.
   */
  async function comparedFor(
    pathwayId: string,
    week: string,
    due: Instant,
    now: Instant,
  ): Promise<Reconciled | undefined> {
    try {
      return await reconcile(pathwayId, calendar, { week, since: due });
    } catch (error) {
      if (msBetween(due, now) < COMPARED_WITHIN_MS) throw error;
      failed(error);
      return readReconciled(store, pathwayId);
    }
  }

  /** Whoever creates the week's partition has made its digest; the others find it made. */
  async function create(
    pathwayId: string,
    digest: Digest,
    notices: readonly NoticeDraft[],
  ): Promise<boolean> {
    const { week, state } = digest;
    return run<Digest, boolean>(digestKey(pathwayId, week), DIGEST_HEAD, ({ head }) => {
      if (head) return { answer: false };
      const event = { type: `digest.${state}`, by: actorRef(calendar), data: { week } };
      return { change: { documents: [digest], events: [event], notices }, answer: true };
    });
  }

  const common = (week: string, terms: Agreement) => ({
    id: DIGEST_HEAD,
    kind: 'digest' as const,
    schema: 1,
    audit: { seq: 0, hash: '' },
    lists: { chains: digestCase(week), [DIGESTS]: week },
    week,
    dueAt: dueAt(week, terms),
  });

  return {
    inForce,
    find,

    /**
     * Makes the digest that is due and not made yet, after the register was compared with the lists for that week,
     * and has it posted by the same commit. Of several weeks that were missed only the newest is made; the others
     * are recorded as missed. Harmless to repeat, also after a crash, and from several workers at once. Gives the
     * week that it made.
     */
    async post(pathwayId: string, now: Instant): Promise<string | undefined> {
      if (!rule('digest.post', calendar, {}, () => false).allowed) return undefined;
      const agreement = await agreements.inForce(pathwayId);
      if (!agreement) return undefined;
      const { terms } = agreement;
      const week = newestWeek(now, terms);
      if (await find(pathwayId, week)) return undefined;
      // A pathway's first digest is the first that is due after it began.
      const began = (await agreements.version(pathwayId, 1))?.since ?? agreement.since;
      if (dueAt(week, terms) < began) return undefined;
      for (const one of await missedBefore(pathwayId, week)) {
        const missed: Missed = { ...common(one, terms), state: 'missed' };
        await create(pathwayId, missed, []);
      }
      const reconciled = await comparedFor(pathwayId, week, dueAt(week, terms), now);
      const at = reconciled && reconciled.finishedAt > now ? reconciled.finishedAt : now;
      const findings = await findingsNow(pathwayId, week, terms, reconciled, at);
      const posted: Posted = { ...common(week, terms), ...findings, state: 'posted' };
      const providers = new Set([digestChannel(terms), ...terms.providers.map(({ id }) => id)]);
      const notices = [...providers].map(
        (provider): NoticeDraft => ({
          form: 'show',
          subject: digestSubject(week),
          route: { to: 'channel', provider },
        }),
      );
      const made = await create(pathwayId, posted, notices);
      if (made) kick(pathwayId);
      return made ? week : undefined;
    },

    /** As things stand at `now`. */
    async live(pathwayId: string, now: Instant): Promise<Shown> {
      const today = await inForce(pathwayId);
      const week = newestWeek(now, today);
      const reconciled = await readReconciled(store, pathwayId);
      const findings = await findingsNow(pathwayId, week, today, reconciled, now);
      return { week, live: true, dueAt: dueAt(week, today), findings, today };
    },

    /** As it was made; undefined where it was not. */
    async made(pathwayId: string, week: string): Promise<Shown | undefined> {
      const found = await find(pathwayId, week);
      if (found?.state !== 'posted') return undefined;
      return { week, live: false, dueAt: found.dueAt, findings: found, today: await inForce(pathwayId) };
    },

    /** Every line there is at this moment: of each partner by kind, then what belongs to no partner any more. */
    async *lines(pathwayId: string, { findings, today }: Shown): AsyncGenerator<Line> {
      for (const { provider } of findings.parts) {
        if (provider !== '') {
          for (const source of SOURCES) yield* linesOf(store, pathwayId, source, { provider });
          continue;
        }
        for (const source of SOURCES) {
          for await (const line of linesOf(store, pathwayId, source)) {
            if (!providerOf(today, line.provider)) yield line;
          }
        }
      }
    },

    /** The digests of so many weeks before one, oldest first, missed ones among them. */
    async before(pathwayId: string, week: string, weeks: number): Promise<readonly Digest[]> {
      const upTo = weeksBefore(week, 1);
      const after = weeksBefore(week, weeks + 1);
      const found = await store.page<Digest>(pathwayId, DIGESTS, { after, upTo, limit: weeks });
      return found.map(({ doc }) => doc);
    },

    /** Records that somebody had a digest sent to them. Errors: `Refused` `role` where it is not for them. */
    async sent(pathwayId: string, week: string, scope: Scope, actor: Actor): Promise<void> {
      const terms = await inForce(pathwayId);
      const acts =
        scope === 'all'
          ? [mayAt('digest.whole', actor, terms)]
          : scope.map((one) => mayAt('digest.part', actor, terms, one));
      if (acts.includes(false)) throw new Refused('role', 'This digest is for others.');
      const providers = scope === 'all' ? 'all' : scope.join(' ');
      await run<Head, void>({ pathwayId, caseId: SENT_CASE }, SENT_HEAD, ({ head }) => {
        const first = {
          id: SENT_HEAD,
          kind: 'digests-sent',
          schema: 1,
          audit: { seq: 0, hash: '' },
          lists: { chains: SENT_CASE },
        };
        const event = { type: 'digest.sent', by: actorRef(actor), data: { week, providers } };
        return { change: { documents: [head ?? first], events: [event] }, answer: undefined };
      });
    },
  };
}
