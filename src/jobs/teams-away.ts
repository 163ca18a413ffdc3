import type { Agreement } from '../agreement/agreement.ts';
import type { Doc, Key } from '../core/change.ts';
import { type Clock, type Instant, msBetween } from '../core/clock.ts';
import { Conflict, Unavailable } from '../core/errors.ts';
import type { Outcome } from '../core/messenger.ts';
import { type FindPager, pageReference } from '../core/page.ts';
import type { Store, Stored } from '../store/store.ts';
import { WATCH_CASE } from './alarm.ts';
import type { JobLog } from './outbox.ts';

/** What this worker knows of whether Teams takes messages at all. */
export interface TeamsAway {
  /** What became of one message. */
  told(outcome: Outcome): void;
  /** Since when Teams has taken nothing; undefined while it does, and where that is not known. */
  since(): Instant | undefined;
  /** When a message was last taken. */
  takenAt(): Instant | undefined;
}

/** So long nothing is taken, in so many tries, before it is more than a bad moment; in milliseconds. */
const AWAY_MS = 120_000;
const LEAST_TRIES = 3;
/** Nothing was tried for so long: nothing is known, in milliseconds. */
const FORGET_MS = 15 * 60_000;

export function createTeamsAway(clock: Pick<Clock, 'now'>): TeamsAway {
  let since: Instant | undefined;
  let tries = 0;
  let triedAt: Instant | undefined;
  let takenAt: Instant | undefined;
  return {
    told(outcome) {
      // One conversation that is gone says nothing of the others.
      if (outcome.kind === 'failed' && outcome.reason === 'gone') return;
      triedAt = clock.now();
      if (outcome.kind === 'sent') {
        takenAt = triedAt;
        since = undefined;
        tries = 0;
        return;
      }
      since ??= triedAt;
      tries += 1;
    },
    since() {
      const now = clock.now();
      if (since === undefined || triedAt === undefined || tries < LEAST_TRIES) return undefined;
      return msBetween(since, now) >= AWAY_MS && msBetween(triedAt, now) < FORGET_MS ? since : undefined;
    },
    takenAt: () => takenAt,
  };
}

/** That the paging services were called about an outage of Teams, by whichever worker: once for each. */
interface AwayDoc extends Doc {
  readonly kind: 'watch';
  readonly state: 'away' | 'back';
  readonly at: Instant;
  readonly mark: string;
}
const AWAY_ID = 'teams-away';

export interface AwayAlarmDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: JobLog;
  readonly away: TeamsAway;
  readonly findPager: FindPager;
  readonly terms: (pathwayId: string) => Promise<Agreement | undefined>;
  readonly reference: () => string;
}

/** A service that does not take the page is called so often, this long apart, in milliseconds. */
const TRIES = 8;
const APART_MS = 30_000;

/**
 * Looks whether Teams takes messages: where it does not, and so nobody can be told there, every paging service of the
 * pathway is called once for the outage, with a reference and the number of last resort. Never through the outbox.
 */
export function createAwayAlarm(deps: AwayAlarmDeps) {
  const { store, clock, log, away, findPager } = deps;

  /** Writes over what stands; false when another worker was faster, and calls. */
  async function write(
    key: Key,
    before: Stored<AwayDoc> | undefined,
    state: AwayDoc['state'],
  ): Promise<boolean> {
    const mark = deps.reference();
    const doc: AwayDoc = { id: AWAY_ID, kind: 'watch', schema: 1, state, at: clock.now(), mark };
    try {
      await store.commit(key, [before ? { do: 'replace', doc, etag: before.etag } : { do: 'create', doc }]);
      return true;
    } catch (error) {
      const unsure = error instanceof Conflict || (error instanceof Unavailable && error.took === 'unknown');
      if (!unsure) throw error;
      return (await store.get<AwayDoc>(key, AWAY_ID))?.doc.mark === mark;
    }
  }

  async function call(pathwayId: string, provider: string, ring: string, since: Instant): Promise<void> {
    const pager = await findPager(pathwayId, provider);
    if (!pager) return;
    const reference = pageReference(
      { pathwayId, caseId: WATCH_CASE },
      { subject: AWAY_ID, route: { to: 'pager', provider }, line: 'teams.away', refs: { since } },
    );
    for (let tries = 0; tries < TRIES; tries++) {
      const { kind } = await pager({ reference, ring, again: tries > 0 });
      if (kind === 'sent') return;
      if (kind === 'failed') break;
      await clock.sleep(APART_MS);
    }
    log.error(
      { pathwayId, provider, reference },
      'a paging service was not told that Teams takes no messages',
    );
  }

  return {
    /** One look at a pathway. */
    async look(pathwayId: string): Promise<void> {
      const key = { pathwayId, caseId: WATCH_CASE };
      const since = away.since();
      const before = await store.get<AwayDoc>(key, AWAY_ID);
      if (since === undefined) {
        const takenAt = away.takenAt();
        // Only a worker that has seen one go since knows that Teams is back.
        if (before?.doc.state === 'away' && takenAt !== undefined && takenAt > before.doc.at) {
          if (await write(key, before, 'back')) log.warn({ pathwayId }, 'Teams takes messages again');
        }
        return;
      }
      if (before?.doc.state === 'away') return;
      const terms = await deps.terms(pathwayId);
      if (!terms || !(await write(key, before, 'away'))) return;
      log.error({ pathwayId, since }, 'Teams takes no messages: paging services are called');
      const { phone } = terms.ladder.lastResort;
      const paging = terms.providers.filter((provider) => provider.paging);
      await Promise.all(paging.map(({ id }) => call(pathwayId, id, phone, since)));
    },
  };
}
