import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Agreement, peopleWho, positionCan, providerOf } from './agreement/agreement.ts';
import { createAgreements } from './agreement/current.ts';
import { agreementRoutes } from './agreement/routes.ts';
import { applyFolder } from './agreement-files.ts';
import type { Config } from './config.ts';
import { helpCard } from './core/cards.ts';
import type { Route } from './core/change.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { Refused } from './core/errors.ts';
import { type Act, PERMISSIONS, rule } from './core/permissions.ts';
import type { TypedRoute } from './core/routes.ts';
import { standingCard } from './handovers/cards-lists.ts';
import { createHandovers } from './handovers/commands.ts';
import { createDrafts } from './handovers/drafts.ts';
import { handoverPresenter } from './handovers/presenter.ts';
import { answerRoutes } from './handovers/routes-answer.ts';
import { formRoutes } from './handovers/routes-form.ts';
import { listRoutes } from './handovers/routes-list.ts';
import { showAgain } from './handovers/show-again.ts';
import { createMetrics } from './http/metrics.ts';
import { createServer, type Listening, listen } from './http/server.ts';
import { startCalendar } from './jobs/calendar.ts';
import { startTicker } from './jobs/ticker.ts';
import type { Log } from './log.ts';
import { gaugesOf } from './metrics.ts';
import { openStore } from './open-store.ts';
import type { App } from './operations.ts';
import { anchorUpTo } from './store/anchor.ts';
import { createClaims } from './store/claim.ts';
import { takeLock } from './store/embedded-file.ts';
import { createReach } from './store/reach.ts';
import type { Store } from './store/store.ts';
import { createTurns } from './store/turn.ts';
import { createTeams } from './teams/bot.ts';

/** What a test may put in the place of the real thing. */
export interface Instead {
  readonly store?: Store;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly pollMs?: number;
  readonly leaseSeconds?: number;
  readonly openIdMetadataUrl?: string;
}

/** The wiring: store, clock and messenger; then the features; then bot, HTTP and jobs. */
export async function compose(config: Config, log: Log, instead: Instead = {}): Promise<App> {
  const { clock = systemClock, random = Math.random } = instead;
  // Only the one that serves takes the lock; other commands open the same file beside it.
  const lock =
    instead.store === undefined && config.store.kind === 'embedded'
      ? takeLock(config.store.dataDir)
      : undefined;
  const store = instead.store ?? (await openStore(config));
  const run = createTurns(store, clock, random);
  const agreements = createAgreements(store, clock);
  const book = createReach(store, clock);
  const claims = createClaims(store, run);
  if (config.agreements !== undefined) {
    for (const { file, applied } of await applyFolder({ store, run, agreements }, config.agreements)) {
      if (applied.kind === 'applied') log.info({ file, version: applied.version }, 'agreement applied');
      if (applied.kind === 'would-undo' && !applied.nothingNew) {
        log.warn({ file }, 'not applied: it would undo what was entered in Teams; see agreement apply');
      }
    }
  }
  const termsOf = async (pathwayId: string): Promise<Agreement | undefined> =>
    (await agreements.inForce(pathwayId))?.terms;
  const findReach = async (pathwayId: string, route: Route) => {
    const terms = await termsOf(pathwayId);
    return terms && book.find(route, terms);
  };

  const kick = (pathwayId: string): void => ticker.kick(pathwayId);
  const handovers = createHandovers({ run, claims, agreements, kick, random });
  const drafts = createDrafts(run);
  const lists = listRoutes({ store, run, handovers, drafts, now: () => clock.now() });
  const shownAgain = async (pathwayId: string, provider: string): Promise<void> => {
    await showAgain({ store, run }, pathwayId, provider);
    kick(pathwayId);
  };
  const standing = async (pathwayId: string, provider: string) => {
    const terms = await termsOf(pathwayId);
    const found = terms && providerOf(terms, provider);
    return found && standingCard(found, terms);
  };
  const typed: TypedRoute[] = [
    ...lists.typed,
    ...agreementRoutes({
      store,
      run,
      agreements,
      shownAgain,
      standing,
      channel: async (place) => {
        const reach = teams.reachOf(place);
        return reach && { tenant: reach.tenant, members: await teams.members(reach) };
      },
    }),
    {
      command: '/help',
      usage: '',
      help: 'What you can type',
      run: async () => ({ kind: 'card', view: helpCard(typed) }),
    },
  ];

  const guarded = typed.map((route) => guard(route, termsOf));
  const { teams: registration } = config;
  const teams = await createTeams({
    config: {
      ...(registration.kind === 'signed' ? registration : {}),
      ...(instead.openIdMetadataUrl !== undefined && { openIdMetadataUrl: instead.openIdMetadataUrl }),
    },
    features: {
      verbs: [...answerRoutes(handovers), ...formRoutes(handovers, drafts), ...lists.verbs],
      typed: guarded,
      standing,
      dialogs: { offerHandover: { verb: 'handover.form.open', title: 'Offer a handover' } },
    },
    context: (asking) => asking,
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
      find: findReach,
      installed: async (pathwayId, at) => {
        if (at.to === 'channel') await shownAgain(pathwayId, at.provider);
      },
    },
    clock,
    log,
  });

  const ticker = startTicker({
    store,
    clock,
    turn: run,
    messenger: teams.messenger,
    findReach,
    presenters: { handover: handoverPresenter(handovers) },
    fallbacks: async (pathwayId, route) => {
      const terms = await termsOf(pathwayId);
      if (!terms || route.to === 'person') return [];
      const people = [
        ...peopleWho(terms, route.provider, 'answer'),
        ...peopleWho(terms, route.provider, 'offer'),
      ];
      return [...new Set(people)].map((person) => ({ to: 'person' as const, person }));
    },
    timers: {
      'handover.overdue': ({ pathwayId, caseId, subject }) =>
        handovers.overdue({ pathwayId, caseId, handoverId: subject.slice('handover:'.length) }),
    },
    told: async (reach, outcome, by) => {
      metrics.count('baton_messages_total', 'Messages to Teams by outcome.', { outcome: outcome.kind });
      if (outcome.kind === 'sent') await book.succeeded(reach);
      // A missing message that was to be edited says nothing about its conversation.
      if (outcome.kind === 'failed' && by === 'post') await book.failed(reach);
    },
    pathways: agreements.pathways,
    holder: randomUUID(),
    alone: config.store.kind === 'embedded',
    log,
    random,
    ...(instead.pollMs !== undefined && { pollMs: instead.pollMs }),
    ...(instead.leaseSeconds !== undefined && { leaseSeconds: instead.leaseSeconds }),
  });
  const stopListening = book.onSeen(() => ticker.reached());
  const calendar = startCalendar({
    clock,
    log,
    pathways: agreements.pathways,
    anchor: (pathwayId, now) => anchorUpTo(store, pathwayId, now),
  });

  const metrics = createMetrics(() => gaugesOf(store, agreements, ticker, clock));
  const server = createServer({
    teamsHandler: ((request, response) => teams.process(request, response)) as RequestHandler,
    offer: (actor, pathwayId, body, key) => handovers.offer(actor, pathwayId, body, key),
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
        check: async () => {
          const { ms, unknownTimers } = await ticker.behind();
          if (unknownTimers > 0) return 'there are timers that this version does not know; run the newer one';
          return ms > 60_000 ? 'what is due waits for longer than a minute; see the log' : undefined;
        },
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
      stopListening();
      await calendar.stop();
      await ticker.stop();
      await store.close();
      lock?.release();
    },
  };
}

/** The typed command, for those whom the table of permissions allows it. */
function guard(
  route: TypedRoute,
  termsOf: (pathwayId: string) => Promise<Agreement | undefined>,
): TypedRoute {
  if (!Object.hasOwn(PERMISSIONS, route.command)) throw new Error(`${route.command} has no permission`);
  return {
    ...route,
    async run(asking, args) {
      const terms = await termsOf(asking.pathwayId);
      const ruling = rule(route.command as Act, asking.actor, {}, (position, ability) =>
        terms ? positionCan(terms, position, ability) : false,
      );
      if (ruling.allowed) return route.run(asking, args);
      throw new Refused(
        'role',
        `${route.command} is not part of your role. Ask a colleague who can, or your coordinator.`,
      );
    },
  };
}
