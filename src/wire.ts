import { createActions } from './actions/commands.ts';
import { actionOnLadder } from './actions/face.ts';
import { actionRoutes } from './actions/routes.ts';
import { type Agreement, providerOf } from './agreement/agreement.ts';
import { changedTimers } from './agreement/changed.ts';
import { createAgreements } from './agreement/current.ts';
import type { OnDuty } from './agreement/deciding.ts';
import { type AgreementRouteDeps, agreementRoutes } from './agreement/routes.ts';
import { ladderRoutes } from './agreement/routes-ladder.ts';
import type { Actor } from './core/actors.ts';
import { helpCard } from './core/cards.ts';
import type { Chance } from './core/chance.ts';
import type { Route } from './core/change.ts';
import type { Clock, Instant } from './core/clock.ts';
import type { TypedRoute, VerbRoute } from './core/routes.ts';
import { waitingCard } from './core/waiting.ts';
import { createDigests } from './digests/commands.ts';
import { digestRoutes } from './digests/routes.ts';
import { wholeDigest } from './digests/whole.ts';
import { createCarry } from './duplicates/carry.ts';
import { createDuplicates } from './duplicates/commands.ts';
import { createEarlier } from './duplicates/earlier.ts';
import { createJoining } from './duplicates/joined.ts';
import { createLook } from './duplicates/look.ts';
import { createPeople } from './duplicates/people.ts';
import { duplicateRoutes } from './duplicates/routes.ts';
import { createWhole } from './duplicates/whole.ts';
import { createEscalations, type Escalations } from './escalations/commands.ts';
import type { Follow } from './escalations/escalation.ts';
import type { Days } from './escalations/figures-lines.ts';
import { readFigures } from './escalations/figures-read.ts';
import { escalationRoutes } from './escalations/routes.ts';
import { guard } from './guard.ts';
import { standingCard } from './handovers/cards-lists.ts';
import { createHandovers, type Handovers } from './handovers/commands.ts';
import { createOfferDrafts } from './handovers/drafts.ts';
import { handoverOnLadder } from './handovers/face.ts';
import { handoverRoutes } from './handovers/routes.ts';
import type { JobLog } from './jobs/outbox.ts';
import type { Presenters } from './jobs/presenter.ts';
import type { Ticker, Timers } from './jobs/ticker.ts';
import { createReconciliation, type Reconciliation } from './reconciliation/commands.ts';
import { mismatchesOnLadder } from './reconciliation/face.ts';
import { figuresJson, figuresLines } from './reconciliation/lines.ts';
import { reconciliationRoutes } from './reconciliation/routes.ts';
import { createRegister } from './register/commands.ts';
import { listOnLadder, unownedOnLadder } from './register/face.ts';
import { createListImport } from './register/import.ts';
import { createListReceiver } from './register/receive.ts';
import { registerRoutes } from './register/routes.ts';
import { createRota } from './rota/commands.ts';
import { onDuty } from './rota/rota.ts';
import { rotaRoutes } from './rota/routes.ts';
import { createAccepted } from './safeguarding/accepted.ts';
import { createConcerns } from './safeguarding/commands.ts';
import { createConcernDrafts } from './safeguarding/drafts.ts';
import { createPack } from './safeguarding/pack.ts';
import { createPrompts } from './safeguarding/prompts.ts';
import { concernRoutes } from './safeguarding/routes.ts';
import { addRoutes } from './safeguarding/routes-add.ts';
import { decisionRoutes } from './safeguarding/routes-decision.ts';
import { keptRoutes } from './safeguarding/routes-kept.ts';
import { mapRoutes } from './safeguarding/routes-map.ts';
import { promptRoutes } from './safeguarding/routes-prompt.ts';
import { triageRoutes } from './safeguarding/routes-triage.ts';
import { createRoutines } from './safeguarding/routines.ts';
import { turnsWithoutApart, withoutApart } from './store/apart.ts';
import { createClaims } from './store/claim.ts';
import { createReach } from './store/reach.ts';
import type { Store } from './store/store.ts';
import { createTurns } from './store/turn.ts';
import { createTraining } from './training/commands.ts';
import { trainingRoutes } from './training/routes.ts';
import { showOpenAgain } from './wire-again.ts';
import { type JobOptions, type Jobs, startJobs } from './wire-jobs.ts';

/** What the features stand on: whoever runs them, in life or simulated, hands these in. */
export interface Ground {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Asks Teams who is in the channel of a place. */
  readonly channel: AgreementRouteDeps['channel'];
}

export type Wired = ReturnType<typeof wire>;

/** What a feature offers to whoever calls it. */
interface Part {
  readonly verbs: readonly VerbRoute[];
  readonly typed: readonly TypedRoute[];
  readonly timers?: Timers;
  readonly presenters?: Presenters;
}

/**
 * The features on their ground, with what calls them as plain data; `start` sets their jobs to work. For all but
 * safeguarding the partitions that are kept apart are not there.
 */
export function wire({ store: whole, clock, chance, channel }: Ground) {
  const runAnywhere = createTurns(whole, clock, chance.random);
  const store = withoutApart(whole);
  const run = turnsWithoutApart(runAnywhere, clock);
  const agreements = createAgreements(store, clock);
  const book = createReach(store, clock);
  const claims = createClaims(store, run, chance);
  let ticker: Ticker | undefined;
  const kick = (pathwayId: string): void => ticker?.kick(pathwayId);
  const now = () => clock.now();
  const reached = async (pathwayId: string, person: string): Promise<boolean> => {
    const terms = await termsOf(pathwayId);
    return terms !== undefined && book.reaches({ to: 'person', person }, terms);
  };
  const base = { store, run, agreements, kick };
  /** What safeguarding stands on, and nothing else. */
  const apart = { ...base, store: whole, run: runAnywhere };
  const moved = (pathwayId: string): Promise<void> => escalations.moved(pathwayId);
  const rota = createRota({ ...base, reached, moved });
  const training = createTraining(base);
  const climbing = {
    ...base,
    claims,
    random: chance.random,
    follow: (...args: Parameters<Follow>) => escalations.follow(...args),
  };
  const handovers: Handovers = createHandovers(climbing);
  const actions = createActions(climbing);
  const register = createRegister(climbing);
  const lists = createListImport(
    { ...climbing, clock, setAction: (...args) => actions.setItself(...args) },
    register,
  );
  const people = createPeople(store, now, createEarlier(store));
  const look = createLook({
    ...base,
    claims,
    people,
    decided: (pathwayId, pair) => reconciliation.pairDecided(pathwayId, pair),
  });
  const pairs = createWhole({ store, clock }, look, people);
  const reconciliation: Reconciliation = createReconciliation({ ...climbing, clock, pairs });
  const escalations: Escalations = createEscalations({
    ...base,
    rota: { read: rota.read, reached },
    subjects: {
      handover: handoverOnLadder(handovers),
      action: actionOnLadder(actions),
      unowned: unownedOnLadder({ ...register, now }),
      list: listOnLadder({ ...register, now }),
      mismatches: mismatchesOnLadder(reconciliation),
    },
  });
  const duplicates = createDuplicates(base);
  const carry = createCarry(base, createJoining(base));
  const onDutyNow = async (pathwayId: string): Promise<OnDuty> => {
    const onCall = await rota.onCall(pathwayId);
    return (where) => onDuty(onCall, clock.now(), where, onCall.reached);
  };
  const concerns = createConcerns({
    ...apart,
    random: chance.random,
    duty: async (pathwayId) => {
      const onCall = await rota.onCall(pathwayId);
      return ({ provider, role }, people) =>
        onDuty(onCall, clock.now(), { provider, roles: [role] }, (person) => people.includes(person));
    },
  });
  const routines = createRoutines({ concerns, now });
  const drafts = createOfferDrafts(run, chance);
  const ofConcerns = concernRoutes(concerns, createConcernDrafts(apart.run, chance), now);
  const ofHandovers = handoverRoutes({
    store,
    run,
    handovers,
    drafts,
    now,
    onDuty: onDutyNow,
    mayBeDouble: duplicates.waitsFor,
    openConcern: (asking, known) => ofConcerns.openConcernForm(asking, known),
    kick,
  });
  const ofEscalations = escalationRoutes({ store, agreements, escalations, now });
  const ofRota = rotaRoutes(rota, now);
  const ofActions = actionRoutes({ store, actions, now });
  const ofRegister = registerRoutes(store, register, lists, now);
  const ofDuplicates = duplicateRoutes({ store, duplicates, look, carry, now });
  let log: JobLog | undefined;
  const digests = createDigests({
    ...base,
    reconcile: reconciliation.run,
    failed: (error) =>
      log?.error({ err: error }, 'a digest was made without the comparison of its week, which failed'),
  });
  const ofDigests = digestRoutes(digests, now);
  const ofReconciliation = reconciliationRoutes(reconciliation, clock, (error) =>
    log?.error({ err: error }, 'a reconciliation that nobody waits for failed'),
  );
  /** In the order of /help. */
  const parts: readonly Part[] = [
    ofHandovers,
    ofRegister,
    ofDuplicates,
    ofEscalations,
    ofActions,
    ofReconciliation,
    ofRota,
    ofConcerns,
    addRoutes(concerns, now),
    decisionRoutes(concerns),
    keptRoutes(
      concerns,
      createAccepted({ ...apart, inForce: concerns.inForce, moved: concerns.caseMoved }),
      now,
    ),
    triageRoutes(concerns, routines),
    mapRoutes(concerns),
    promptRoutes(createPrompts({ ...apart, concerns, now }), (...args) =>
      ofConcerns.openConcernForm(...args),
    ),
    trainingRoutes(training, now),
    ofDigests,
  ];
  const routes = {
    verbs: parts.flatMap(({ verbs }) => verbs),
    typed: parts.flatMap(({ typed }) => typed),
    timers: {
      ...together(parts.map(({ timers = {} }) => timers)),
      ...changedTimers({ run, agreements, moved }),
    },
    presenters: together(parts.map(({ presenters = {} }) => presenters)),
  };

  const termsOf = async (pathwayId: string): Promise<Agreement | undefined> =>
    (await agreements.inForce(pathwayId))?.terms;
  const findReach = async (pathwayId: string, route: Route) => {
    const terms = await termsOf(pathwayId);
    return terms && book.find(route, terms);
  };
  /** Baton is in that conversation again: what is open there is shown again. */
  const installed = async (pathwayId: string, at: Route): Promise<void> => {
    await showOpenAgain({ ...apart, termsOf }, pathwayId, at);
    // Whoever is on duty counts from when they can be reached.
    if (at.to === 'person') await escalations.moved(pathwayId);
    // What waited because nobody could be reached there is not to wait for the next look.
    ticker?.reached();
    kick(pathwayId);
  };
  const shownAgain = (pathwayId: string, provider: string): Promise<void> =>
    installed(pathwayId, { to: 'channel', provider });
  const standing = async (pathwayId: string, provider: string) => {
    const terms = await termsOf(pathwayId);
    const found = terms && providerOf(terms, provider);
    return found && standingCard(found, terms);
  };
  /** By kind, in this order. */
  const waits = [
    ofConcerns.waits,
    ofEscalations.waits,
    ofHandovers.waits,
    ofActions.waits,
    ofRegister.waits,
    ofDuplicates.waits,
  ];
  const typed: TypedRoute[] = [
    {
      command: '/mine',
      usage: '',
      help: 'Everything that waits for you, most urgent first',
      run: async (asking) => {
        const parts = await Promise.all(waits.map((part) => part(asking)));
        return { kind: 'card', view: waitingCard(parts.filter((part) => part !== undefined)) };
      },
    },
    ...routes.typed,
    ...ladderRoutes({ agreements, onDuty: onDutyNow }),
    ...agreementRoutes({ store, run, agreements, shownAgain, standing, channel }),
    {
      command: '/help',
      usage: '',
      help: 'What you can type',
      run: async () => ({ kind: 'card', view: helpCard(typed) }),
    },
  ];

  return {
    run: runAnywhere,
    agreements,
    book,
    handovers,
    concerns,
    rota,
    training,
    register,
    lists,
    receiveList: createListReceiver({ claims, lists, register, now }),
    duplicates,
    /** What the timers of duplicates do, for tests and tools that fire them themselves. */
    deciding: { 'duplicates.look': look.look, 'duplicates.carry': carry },
    digests,
    /** All that is open now, for somebody who takes it along. */
    wholeDigest: (pathwayId: string, actor: Actor, at: Instant) => wholeDigest(digests, pathwayId, actor, at),
    /** A month's published figures about concerns. */
    pack: createPack({ store: whole, agreements, routines }),
    reconciliation,
    /** The register compared with the partners' lists, now, as lines and as JSON. */
    reconcile: async (pathwayId: string, progress?: (done: number) => void) => {
      const operator = { kind: 'system', job: 'operator' } as const;
      const result = await reconciliation.run(pathwayId, operator, progress && { progress });
      const { terms } = await reconciliation.inForce(pathwayId);
      return { lines: figuresLines(result, terms), json: figuresJson(result) };
    },
    termsOf,
    findReach,
    installed,
    shownAgain,
    standing,
    /** How quickly what nobody answered was taken up, by those days' escalations. */
    figures: (pathwayId: string, days: Days) =>
      readFigures({ store, clock, agreements, rota }, pathwayId, days),
    verbs: routes.verbs,
    /** In the order of /help. */
    typed: typed.map((route) => guard(route, termsOf)),

    /** Sets them to work; once. */
    start(options: JobOptions): Jobs {
      log = options.log;
      const jobs = startJobs(
        {
          ...apart,
          clock,
          chance,
          book,
          routes,
          termsOf,
          findReach,
          digest: digests.post,
        },
        options,
      );
      ticker = jobs.ticker;
      return jobs;
    },
  };
}

const together = <T>(all: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> =>
  Object.assign({}, ...all);
