import { type Agreement, providerOf } from './agreement/agreement.ts';
import type { Agreements } from './agreement/current.ts';
import type { Chance } from './core/chance.ts';
import type { Key } from './core/change.ts';
import type { Clock } from './core/clock.ts';
import type { FindReach, Messenger, Outcome } from './core/messenger.ts';
import type { FindPager, Pager } from './core/page.ts';
import type { CaseStands } from './jobs/alert.ts';
import { type CalendarDeps, startCalendar } from './jobs/calendar.ts';
import type { JobLog } from './jobs/outbox.ts';
import type { Presenters } from './jobs/presenter.ts';
import { createAwayAlarm, createTeamsAway } from './jobs/teams-away.ts';
import { lateAfter, startTicker, type Ticker, type Timers } from './jobs/ticker.ts';
import { startWatchdog, type Watchdog } from './jobs/watchdog.ts';
import type { CallPager } from './paging/client.ts';
import { CASE_HEAD, type CaseDoc } from './register/case.ts';
import { anchorUpTo } from './store/anchor.ts';
import type { ReachBook } from './store/reach.ts';
import type { Store } from './store/store.ts';
import type { RunTurn } from './store/turn.ts';

export interface JobOptions {
  readonly messenger: Messenger;
  /** Calls paging services; none: nobody can be paged. */
  readonly callPager?: CallPager;
  readonly log: JobLog;
  /** No other worker can be alive on this store. */
  readonly alone: boolean;
  /** Every answer of Teams to a message, to be counted; none to what is kept apart. */
  readonly counted?: (outcome: Outcome) => void;
  readonly pollMs?: number;
  readonly leaseSeconds?: number;
  readonly schedule?: CalendarDeps['schedule'];
  /** False: no weekly digests are made, where the rest is tried out without them. */
  readonly digests?: boolean;
  /** Timers and sender are watched from outside, and people told when they are stuck. */
  readonly watched?: boolean;
}

/** Timers, sender and calendar, at work. */
export interface Jobs {
  readonly ticker: Ticker;
  /** Where they are watched. */
  readonly watchdog: Watchdog | undefined;
  /** Since when Teams has taken no message; undefined while it does. */
  readonly teamsAway: () => string | undefined;
  stop(): Promise<void>;
}

/** What the jobs call: the features, as they were wired. */
export interface JobGround {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly run: RunTurn;
  readonly agreements: Pick<Agreements, 'pathways'>;
  readonly book: ReachBook;
  readonly routes: { readonly timers: Timers; readonly presenters: Presenters };
  readonly termsOf: (pathwayId: string) => Promise<Agreement | undefined>;
  readonly findReach: FindReach;
  /** Makes the digests that are due. */
  readonly digest: CalendarDeps['digest'];
}

/** Sets ticker, calendar and watchdog to work on the features. */
export function startJobs(ground: JobGround, options: JobOptions): Jobs {
  const { store, clock, chance, run, agreements, book, routes, termsOf, findReach, digest } = ground;
  const { counted, messenger, callPager, alone, pollMs, leaseSeconds, schedule } = options;
  const away = createTeamsAway(clock);
  const findPager: FindPager = async (pathwayId, provider): Promise<Pager | undefined> => {
    const terms = await termsOf(pathwayId);
    const url = terms && providerOf(terms, provider)?.paging?.url;
    return callPager && url ? (page) => callPager(url, provider, page) : undefined;
  };
  const started = startTicker({
    store,
    clock,
    turn: run,
    messenger,
    findReach,
    findPager,
    presenters: routes.presenters,
    timers: routes.timers,
    told: async (reach, outcome, by, apart) => {
      if (!apart) counted?.(outcome);
      away.told(outcome);
      if (outcome.kind === 'sent') await book.succeeded(reach);
      // A missing message that was to be edited says nothing about its conversation.
      if (outcome.kind === 'failed' && by === 'post') await book.failed(reach);
    },
    pathways: agreements.pathways,
    holder: chance.uuid(),
    alone,
    log: options.log,
    random: chance.random,
    ...(pollMs !== undefined && { pollMs }),
    ...(leaseSeconds !== undefined && { leaseSeconds }),
  });
  const stopListening = book.onSeen(() => started.reached());
  const calendar = startCalendar({
    clock,
    log: options.log,
    pathways: agreements.pathways,
    anchor: async (pathwayId, now) => {
      await anchorUpTo(store, pathwayId, now);
      await anchorUpTo(store, pathwayId, now, 'apart');
    },
    digest: options.digests === false ? async () => undefined : digest,
    ...(schedule && { schedule }),
  });
  const watchdog = options.watched
    ? startWatchdog({
        store,
        clock,
        log: options.log,
        messenger,
        findReach,
        pathways: agreements.pathways,
        terms: termsOf,
        stands: (key) => standsOf(store, key),
        away: createAwayAlarm({
          store,
          clock,
          log: options.log,
          away,
          findPager,
          terms: termsOf,
          reference: () => chance.uuid().slice(0, 8),
        }).look,
        lateMs: lateAfter(leaseSeconds, pollMs),
        reference: () => chance.uuid().slice(0, 8),
      })
    : undefined;
  return {
    ticker: started,
    teamsAway: away.since,
    watchdog,
    async stop() {
      stopListening();
      await watchdog?.stop();
      await calendar.stop();
      await started.stop();
    },
  };
}

/** Who holds a case and for whom it waits; undefined for what is no case. */
async function standsOf(store: Store, key: Key): Promise<CaseStands | undefined> {
  const found = await store.get<CaseDoc>(key, CASE_HEAD);
  if (!found) return undefined;
  const { holder, handovers } = found.doc;
  const open = handovers.filter(({ state }) => state === 'offered');
  return {
    caseId: key.caseId,
    ...(holder && { holder: holder.provider }),
    waitsFor: [...new Set(open.map(({ to }) => to))],
  };
}
