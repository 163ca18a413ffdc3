import type { Action } from '../actions/action.ts';
import type { Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Messenger } from '../core/messenger.ts';
import { casesOf } from '../duplicates/pair.ts';
import { type Handover, handoverDocId } from '../handovers/handover.ts';
import type { CallPager } from '../paging/client.ts';
import type { CaseDoc } from '../register/case.ts';
import { ROTA_HEAD, type Rota, type RotaDoc, rotaKey } from '../rota/rota.ts';
import type { Store, Write } from '../store/store.ts';
import { isConcern } from './card-ref.ts';
import type { Happening } from './happening.ts';
import { createHappenings, termsIn } from './happenings.ts';
import type { Broken } from './invariants.ts';
import { createMemoryStore } from './memory-store.ts';
import { createPagers } from './pagers.ts';
import { numberOf, PATHWAY } from './pathway.ts';
import { beginning, scriptOf, WEEK } from './script.ts';
import { createStaff } from './staff.ts';
import { createTeams, type Shown } from './teams.ts';
import { createTime, type Life } from './time.ts';
import { watchActions } from './watch-actions.ts';
import { watchAnswers } from './watch-answers.ts';
import { watchCases } from './watch-cases.ts';
import { watchConcerns } from './watch-concerns.ts';
import { watchDigests } from './watch-digests.ts';
import { watchDuty } from './watch-duty.ts';
import { watchLadder } from './watch-ladder.ts';
import { watchLease } from './watch-lease.ts';
import { watchPaging } from './watch-paging.ts';
import { watchPairs } from './watch-pairs.ts';
import { watchReconciliation } from './watch-reconciliation.ts';
import { watchRegister } from './watch-register.ts';
import { watchSending } from './watch-sending.ts';
import { watchStanding } from './watch-standing.ts';
import { reachableAtEnd, watchTidiness } from './watch-tidiness.ts';
import { createWeather } from './weather.ts';
import { createWorker, type Worker } from './worker.ts';

/** The faults that a test plants in the program, to see that they are found. */
export interface Planted {
  /** Between the workers and the store. */
  readonly store?: (store: Store, now: () => Instant) => Store;
  readonly messenger?: (messenger: Messenger) => Messenger;
  /** Between the workers and the paging services; `sleep` passes the world's time, in milliseconds. */
  readonly pager?: (call: CallPager, sleep: (ms: number) => Promise<void>) => CallPager;
}

export interface RunOptions {
  readonly seed: number;
  readonly weeks: number;
  /** Only these happenings of the script, by their place in it. */
  readonly only?: readonly number[];
  /** Ends after so many milliseconds of the world's time. */
  readonly until?: number;
  readonly planted?: Planted;
  /** Keeps what happened, to be told. */
  readonly traced?: boolean;
}

export interface RunResult {
  readonly broken: Broken | undefined;
  /** How often each thing was met. */
  readonly counts: ReadonlyMap<string, number>;
  /** What happened, a line each, where it was traced. */
  readonly trace: readonly string[];
  readonly script: readonly Happening[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** At the end, so long without anything going wrong: whatever can end by itself has ended then. */
const HEALING_MS = 6 * HOUR;
/** How long after trouble a day may still be untidy. */
const TIDY_MS = 2 * HOUR;

/** Runs the world of one seed, and ends at the first invariant that does not hold. Never throws for one. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, weeks, planted = {} } = options;
  const begin = beginning(seed);
  const time = createTime(begin);
  const start = time.ms;
  const counts = new Map<string, number>();
  const trace: string[] = [];
  const script = scriptOf(seed, weeks);
  let found: Broken | undefined;
  const met = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const note = (who: string, what: string): void => {
    if (options.traced) trace.push(`${time.now()} ${who}: ${what}`);
  };
  const broken = (invariant: Broken['invariant'], says: string, caseId?: string): void => {
    found ??= { invariant, says, at: time.now(), caseId };
  };
  const mistake = (error: unknown, where: string): void => {
    const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    note('mistake', error instanceof Error ? `${error.stack}` : name);
    broken('answers', `${where}: ${name}`);
  };

  const memory = createMemoryStore();
  const weather = createWeather({
    time,
    someGoesOn: () => workers.some(({ life }) => life.alive && life.pausedUntil <= time.ms),
  });
  const cases = watchCases({ time, memory, weather, broken, met });
  const duty = watchDuty({ time, memory, cases });
  const ladder = watchLadder({
    time,
    memory,
    weather,
    cases,
    duty,
    broken,
    met,
  });
  const actions = watchActions({ time, memory, weather, broken, met });
  const register = watchRegister({ time, memory, weather, cases, broken, met });
  const reconciliation = watchReconciliation({ time, memory, weather, broken, met });
  const pairs = watchPairs({ time, memory, weather, broken, met });
  const concerns = watchConcerns({ time, memory, weather, cases, happenings: script, broken, met });
  const digests = watchDigests({ time, memory, weather, broken, met });
  const cards: Shown[] = [];
  const lease = watchLease({ time, broken, met });
  const standing = watchStanding({ time });
  const sending = watchSending({
    time,
    memory,
    weather,
    cases,
    ladder,
    lease,
    standing,
    heard: concerns.calling,
    broken,
    met,
    landed(shown, message, edited) {
      note(
        'Teams',
        `${edited ? 'edits' : 'posts'} ${shown.activityId} at ${shown.conversationId}: ${wordsOf(message)}`,
      );
      if (!edited && message.kind === 'card') cards.push(shown);
      concerns.landed(shown.activityId, message);
      staff.sees(shown, message);
    },
  });
  const teams = createTeams(time, weather, sending, met);
  const paging = watchPaging({ time, memory, weather, cases, ladder, lease, broken, met });
  const pagers = createPagers(time, weather, paging, met);
  const answers = watchAnswers({ time, memory, cases, shown: concerns.shown, broken, met });

  const committed = (key: Key, writes: readonly Write[], life: Life): void => {
    for (const write of options.traced ? writes : []) {
      if (write.do === 'create' && write.doc.kind === 'event') {
        note(
          `case ${key.caseId}`,
          JSON.stringify({ ...write.doc, hash: undefined, prev: undefined, lists: undefined }),
        );
      }
    }
    duty.committed(key, writes);
    cases.committed(key, writes);
    standing.committed(key, writes);
    actions.committed(key, writes);
    register.committed(key, writes);
    reconciliation.committed(key, writes);
    digests.committed(key, writes);
    concerns.committed(key, writes);
    pairs.committed(key, writes);
    ladder.committed(key, writes);
    sending.committed(key, writes, life);
    paging.committed(key, writes);
  };
  const watched = (store: Store, life: Life): Store => {
    const inner: Store = {
      ...store,
      async commit(key, writes) {
        await store.commit(key, writes);
        committed(key, writes, life);
      },
    };
    return planted.store?.(inner, () => time.now()) ?? inner;
  };

  const { pager } = planted;
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => time.at(time.ms + ms, resolve));
  const workers: Worker[] = Array.from({ length: 2 + (seed % 2) }, (_, at) =>
    createWorker({
      seed,
      index: at + 1,
      time,
      memory,
      weather,
      teams,
      pagers,
      met,
      note,
      mistake,
      watched,
      ...(planted.messenger && { messenger: planted.messenger }),
      ...(pager && { pager: (call: CallPager) => pager(call, sleep) }),
    }),
  );
  const caseIds = (): string[] =>
    memory.keys().flatMap(({ caseId }) => (caseId.startsWith('_') || isConcern(caseId) ? [] : [caseId]));
  const numberOfCase = (caseId: string): number => {
    const docs = memory.inside({ pathwayId: PATHWAY, caseId });
    const first = (docs.get('case')?.doc as CaseDoc | undefined)?.handovers[0];
    const handover = first && (docs.get(handoverDocId(first.id))?.doc as Handover | undefined);
    return handover ? numberOf(handover.content) : 0;
  };
  const nameOf = (caseId: string): string | number => {
    // A pair by its two cases.
    if (caseId.startsWith('_pair:')) return casesOf(caseId).map(nameOf).sort().join('+');
    const docs = memory.inside({ pathwayId: PATHWAY, caseId });
    const action = docs.get('action')?.doc as Action | undefined;
    const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
    if (caseDoc?.handovers.length === 0) return Object.values(caseDoc.aliases).join();
    if (action) return `${action.owner.provider} ${action.what}`;
    return numberOfCase(caseId) || caseId;
  };
  const staff = createStaff({
    seed,
    time,
    workers,
    met,
    note,
    mistake,
    numberOfCase,
    nameOf,
    someCase: (dice) => (caseIds().length === 0 ? 'none' : dice.pick(caseIds())),
    someDecided: (dice) => {
      const decided = pairs.decided();
      return decided.length === 0 ? '' : dice.pick(decided);
    },
    rota: () => ({ rota: rotaNow(), terms: termsIn(memory) }),
    answered: answers.answered,
  });

  const rotaNow = (): Rota =>
    (memory.inside(rotaKey(PATHWAY)).get(ROTA_HEAD)?.doc as RotaDoc | undefined) ?? { shifts: [], away: [] };

  const happenings = createHappenings({
    seed,
    time,
    workers,
    memory,
    weather,
    teams,
    pagers,
    staff,
    cards,
    offered: answers.offered,
    imported: register.imported,
    met,
    note,
    mistake,
  });

  const last = options.until ?? weeks * WEEK;
  const only = options.only && new Set(options.only);
  script.forEach((happening, at) => {
    if (happening.at <= last && (only?.has(at) ?? true))
      time.at(start + happening.at, () => happenings.happens(happening));
  });

  async function passTo(ms: number): Promise<boolean> {
    await time.runTo(ms, () => found !== undefined);
    return found === undefined;
  }

  for (const worker of workers) worker.up();
  happenings.begins();

  const partitions = (): string[] => memory.keys().map(({ caseId }) => caseId);
  const tidy = watchTidiness({ time, memory, teams, caseIds: partitions, broken });

  /** Whatever a step does not touch. */
  async function dayEnds(): Promise<void> {
    met('day');
    cases.all();
    ladder.all();
    actions.all();
    register.all();
    reconciliation.all();
    digests.all();
    concerns.all();
    pairs.all();
    paging.all();
    await tidy.parts();
    if (time.ms - weather.troubledAt > TIDY_MS) tidy.copies();
  }
  for (let day = 1; day * DAY <= last; day++) {
    if (!(await passTo(start + day * DAY))) return result();
    await dayEnds();
  }
  await passTo(start + last);
  if (found) return result();
  for (const worker of workers) worker.up();
  if (!(await passTo(start + last + HEALING_MS))) return result();
  await dayEnds();
  tidy.copies();
  answers.settled();
  paging.settled();
  const reachable = await reachableAtEnd(time, memory);
  concerns.settled((person) => reachable.has(person));
  sending.settled((owner) => reachable.has(owner));
  for (const [what, times] of await tidy.chains(last >= DAY)) counts.set(what, times);
  return result();

  function result(): RunResult {
    for (const { life } of workers) life.alive = false;
    return { broken: found, counts, trace, script };
  }
}

const wordsOf = (message: Parameters<Messenger['post']>[1]): string =>
  message.kind === 'text' ? message.text : `${message.view.card}: ${message.view.summary}`;
