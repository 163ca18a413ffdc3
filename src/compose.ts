import type { RequestHandler } from 'express';
import { rungOf } from './agreement/ladder.ts';
import { applyFolder } from './agreement-files.ts';
import type { Config } from './config.ts';
import { systemChance } from './core/chance.ts';
import { type Clock, plusMs, systemClock } from './core/clock.ts';
import { countingPrompts } from './escalations/counting.ts';
import { gaugesOf } from './gauges.ts';
import { createMetrics } from './http/metrics.ts';
import { createServer, type Listening, listen } from './http/server.ts';
import { clearSpool } from './http/spool.ts';
import type { CalendarDeps } from './jobs/calendar.ts';
import { notWell } from './jobs/watchdog.ts';
import type { Log } from './log.ts';
import { openStore } from './open-store.ts';
import type { App } from './operations.ts';
import { createPaging } from './paging/client.ts';
import { KEY_REMEDY, providersWithoutKey } from './paging/keys.ts';
import { takeLock } from './store/embedded-file.ts';
import type { Store } from './store/store.ts';
import { createTeams } from './teams/bot.ts';
import { wire } from './wire.ts';

/** What a test may put in the place of the real thing. */
export interface Instead {
  readonly store?: Store;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly pollMs?: number;
  readonly leaseSeconds?: number;
  readonly schedule?: CalendarDeps['schedule'];
  /** False: no weekly digests are made. */
  readonly digests?: boolean;
  readonly openIdMetadataUrl?: string;
}

/** A store and Teams under the features; then bot, HTTP and jobs over them. */
export async function compose(config: Config, log: Log, instead: Instead = {}): Promise<App> {
  const { clock = systemClock, random = systemChance.random } = instead;
  // Only the one that serves takes the lock; other commands open the same file beside it.
  const lock =
    instead.store === undefined && config.store.kind === 'embedded'
      ? takeLock(config.store.dataDir)
      : undefined;
  await clearSpool(config.dataDir);
  const opened = instead.store ?? (await openStore(config));
  const store = countingPrompts(
    opened,
    (...counted) => metrics.count(...counted),
    async (pathwayId, version, rung) => {
      const ladder = (await agreements.version(pathwayId, version))?.terms.ladder;
      return ladder && rungOf(ladder, rung)?.kind;
    },
  );
  const wired = wire({
    store,
    clock,
    chance: { ...systemChance, random },
    channel: async (place) => {
      const reach = teams.reachOf(place);
      return reach && { tenant: reach.tenant, members: await teams.members(reach) };
    },
  });
  const { agreements, book, handovers, termsOf } = wired;
  if (config.agreements !== undefined) {
    for (const { file, applied } of await applyFolder({ ...wired, store }, config.agreements)) {
      if (applied.kind === 'applied') log.info({ file, version: applied.version }, 'agreement applied');
      if (applied.kind === 'would-undo' && !applied.nothingNew) {
        log.warn({ file }, 'not applied: it would undo what was entered in Teams; see agreement apply');
      }
    }
  }

  const inForce = await Promise.all((await agreements.pathways()).map(termsOf));
  const providers = providersWithoutKey(
    inForce.filter((terms) => terms !== undefined),
    config.pagingKeys,
  );
  if (providers.length > 0) {
    log.warn({ providers, remedy: KEY_REMEDY }, 'nobody can be paged at these providers');
  }

  const { teams: registration } = config;
  const teams = await createTeams({
    config: {
      ...(registration.kind === 'signed' ? registration : {}),
      ...(instead.openIdMetadataUrl !== undefined && { openIdMetadataUrl: instead.openIdMetadataUrl }),
    },
    features: {
      verbs: wired.verbs,
      typed: wired.typed,
      standing: wired.standing,
      dialogs: {
        offerHandover: { verb: 'handover.form.open', title: 'Offer a handover' },
        raiseConcern: { verb: 'concern.form.open', title: 'Raise a concern' },
      },
    },
    people: {
      find: async (tenant, objectId) =>
        Promise.all(
          (await agreements.findAccount(tenant, objectId)).map(async (found) => ({
            ...found,
            name: (await termsOf(found.pathwayId))?.name ?? found.pathwayId,
          })),
        ),
      channel: agreements.findChannel,
    },
    reach: {
      seen: book.seen,
      find: wired.findReach,
      installed: wired.installed,
    },
    clock,
    log,
  });

  const callPager = createPaging({ keys: config.pagingKeys, clock, log });
  const jobs = wired.start({
    messenger: teams.messenger,
    callPager: async (url, provider, page) => {
      const outcome = await callPager(url, provider, page);
      const { kind } = outcome;
      if (!page.apart)
        metrics.count('baton_pages_total', 'Calls of paging services by outcome.', { outcome: kind });
      return outcome;
    },
    log,
    alone: lock !== undefined,
    watched: true,
    counted: ({ kind }) =>
      metrics.count('baton_messages_total', 'Messages to Teams by outcome.', { outcome: kind }),
    ...(instead.pollMs !== undefined && { pollMs: instead.pollMs }),
    ...(instead.leaseSeconds !== undefined && { leaseSeconds: instead.leaseSeconds }),
    ...(instead.schedule && { schedule: instead.schedule }),
    ...(instead.digests !== undefined && { digests: instead.digests }),
  });

  const metrics = createMetrics(() => gaugesOf(store, agreements, jobs.ticker, clock));
  const server = createServer({
    teamsHandler: ((request, response) => teams.process(request, response)) as RequestHandler,
    offer: (actor, pathwayId, body, key) => handovers.offer(actor, pathwayId, body, key),
    receiveList: wired.receiveList,
    dataDir: config.dataDir,
    intakeKeys: config.intakeKeys,
    checks: [
      {
        name: 'store',
        check: async () => {
          await agreements.pathways();
          return undefined;
        },
      },
      {
        name: 'ticker',
        traffic: false,
        check: async () => {
          const { ms, unknownTimers } = jobs.ticker.behind();
          if (unknownTimers > 0) return 'there are timers that this version does not know; run the newer one';
          return ms > 60_000
            ? `what is due here waits since ${plusMs(clock.now(), -ms)}; see the log`
            : undefined;
        },
      },
      {
        name: 'teams',
        traffic: false,
        check: async () => {
          const since = jobs.teamsAway();
          return since === undefined
            ? undefined
            : `Teams has taken no message since ${since}: people are not told, and must ring; see the log`;
        },
      },
      {
        name: 'watchdog',
        traffic: false,
        check: async () => jobs.watchdog && notWell(jobs.watchdog, clock),
      },
    ],
    metrics,
    log,
  });

  let listening: Listening | undefined;
  return {
    async listen() {
      listening = await listen(server, config.port);
      return { url: listening.url };
    },
    async close() {
      await listening?.close();
      await jobs.stop();
      await store.close();
      lock?.release();
    },
  };
}
