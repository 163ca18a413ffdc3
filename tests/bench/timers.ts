import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doc, Head, Key, TimerDoc } from '../../src/core/change.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Messenger, Reach } from '../../src/core/messenger.ts';
import { createDue } from '../../src/jobs/due.ts';
import { createLease } from '../../src/jobs/lease.ts';
import type { Presenter } from '../../src/jobs/presenter.ts';
import { startTicker, type Timers } from '../../src/jobs/ticker.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Store } from '../../src/store/store.ts';
import { createTurns, duePlace, type RunTurn } from '../../src/store/turn.ts';
import { aim, median, ms, quantile, say, sleep, spread } from './figures.ts';

export const PATHWAY = 'bench';
const FEW = 1_000;
const MANY = 1_000_000;
const A_COMMIT = 100;
const ROUNDS = 15;
const POLLS = 200;
const MOST_RATIO = 1.5;
const A_SECOND = 100;
const SECONDS = 60;
const MOST_LATE_MS = 2_000;
export const quiet = { warn: () => undefined, error: (facts: object) => say(`  ${JSON.stringify(facts)}`) };

/** Timers of a toy feature: each in a case of its own, where firing it commits an event and tells a channel. */
export const caseKey = (caseId: string): Key => ({ pathwayId: PATHWAY, caseId });
const timer = (caseId: string, subject: string, due: string): TimerDoc => ({
  id: `timer:${subject}`,
  kind: 'timer',
  schema: 1,
  lists: { due: duePlace(due, caseId, `timer:${subject}`) },
  subject,
  fires: 'bench',
  due,
});

/** Puts timers that are due in a year or later into the store, a hundred a partition. */
async function fill(store: Store, count: number): Promise<void> {
  const soonest = Date.now() + 365 * 86_400_000;
  for (let n = 0; n < count; n += A_COMMIT) {
    const caseId = `open-${n}`;
    const writes = Array.from({ length: Math.min(A_COMMIT, count - n) }, (_, at) => ({
      do: 'create' as const,
      doc: timer(caseId, `thing:${at}`, new Date(soonest + (n + at) * 1_000).toISOString()),
    }));
    await store.commit(caseKey(caseId), writes);
  }
}

/** What the ladder's timers cost: looking for them, and firing them in time. */
export async function timers(): Promise<boolean> {
  say('timers: a look at what is due with 1,000 and with 1,000,000 open timers, on the embedded store');
  const folder = mkdtempSync(join(tmpdir(), 'baton-timers-'));
  const few = openEmbedded({ path: join(folder, 'few.db') });
  const many = openEmbedded({ path: join(folder, 'many.db') });
  try {
    await fill(few, FEW);
    const began = Date.now();
    await fill(many, MANY);
    const waiting = await many.count(PATHWAY, 'due');
    say(`  ${waiting.toLocaleString('en-GB')} timers written in ${ms(Date.now() - began)}`);
    const cheap = await polls(few, many);
    const inTime = await lateness(many);
    return cheap && inTime && waiting === MANY;
  } finally {
    await few.close();
    await many.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function polls(few: Store, many: Store): Promise<boolean> {
  say(
    `  ${ROUNDS} rounds of ${POLLS} looks at each in turn, the lease renewed as in life, after one to warm up`,
  );
  const looks = [await looking(few), await looking(many)] as const;
  const costs: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [at, look] of looks.entries()) {
      const before = process.cpuUsage();
      for (let n = 0; n < POLLS; n++) await look();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) costs[at as 0 | 1].push((user + system) / POLLS);
    }
  }
  const ratios = costs[1].map((cost, at) => cost / (costs[0][at] ?? Number.NaN));
  say(`  1,000 open      ${spread(costs[0], 0)} µs of CPU a look: median (least–most of the rounds)`);
  say(`  1,000,000 open  ${spread(costs[1], 0)} µs`);
  return aim(
    `a look costs at most ${MOST_RATIO} times as much with a thousand times as many`,
    spread(ratios),
    median(ratios) <= MOST_RATIO,
  );
}

async function looking(store: Store): Promise<() => Promise<void>> {
  const lease = createLease({
    store,
    clock: systemClock,
    pathwayId: PATHWAY,
    holder: 'bench',
    seconds: 15,
    alone: true,
  });
  await lease.hold();
  const outbox = { feed: () => 0, held: 0 } as unknown as Parameters<typeof createDue>[3];
  const due = createDue(
    { store, clock: systemClock, timers: {}, log: quiet, lateMs: 1 },
    PATHWAY,
    lease,
    outbox,
  );
  const never = new AbortController().signal;
  return async () => {
    await lease.hold();
    await due.read('poll', never);
  };
}

/** Fires a timer as the ladder does: an event, the next timer of the case, and a line to a channel, in one commit. */
export function firing(
  turn: RunTurn,
  fired: (caseId: string, subject: string, late: boolean) => void,
  channels: number,
): Timers {
  return {
    bench: async ({ caseId, subject, late }) => {
      const wasLate = await turn<Head, boolean | undefined>(
        caseKey(caseId),
        'case',
        async ({ head, get }, now) => {
          if (!(await get(`timer:${subject}`))) return { answer: undefined };
          const provider = `provider-${Number(caseId.replace(/\D/g, '')) % channels}`;
          return {
            change: {
              documents: head
                ? []
                : [{ id: 'case', kind: 'case', schema: 1, audit: { seq: 0, hash: '' } } as Head as Doc],
              events: [{ type: 'bench.fired', by: { system: 'bench' }, data: { subject } }],
              notices: [{ form: 'tell', subject, route: { to: 'channel', provider }, line: 'bench' }],
              timers: [{ subject, fires: 'bench', due: null }],
            },
            answer: late((await get<TimerDoc>(`timer:${subject}`))?.due, now),
          };
        },
      );
      if (wasLate !== undefined) fired(caseId, subject, wasLate);
    },
  };
}

export const toyPresenter: Presenter = {
  head: () => 'case',
  show: async () => undefined,
  tell: async (key) => `Case ${key.caseId}: nobody has answered in time.`,
  fallbacks: async () => [],
  settled: () => ({}),
};

export const reachOf = (provider: string, seenAt: string, tenants: number): Reach => ({
  serviceUrl: 'https://teams.example',
  conversationId: `19:${provider}`,
  tenant: `tenant-${Number(provider.replace(/\D/g, '')) % tenants}`,
  scope: 'channel',
  seenAt,
});

async function lateness(store: Store): Promise<boolean> {
  const count = A_SECOND * SECONDS;
  say(
    `  then ${A_SECOND} due a second for ${SECONDS} s beside them, each fired by a commit of an event, a line and no more timer;`,
  );
  say(
    '  lines go to 40 channels of 4 tenants within Teams’ limits meanwhile, to a messenger that answers at once',
  );
  const clock = systemClock;
  const start = Date.now() + 8_000;
  const dueAt = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    const caseId = `due-${n}`;
    const due = start + (n * 1_000) / A_SECOND;
    dueAt.set(caseId, due);
    await store.commit(caseKey(caseId), [
      { do: 'create', doc: timer(caseId, 'thing:1', new Date(due).toISOString()) },
    ]);
  }
  const late: number[] = [];
  const turn = createTurns(store, clock);
  let sent = 0;
  const messenger: Messenger = {
    post: async (reach) => ({
      kind: 'sent',
      conversationId: reach.conversationId,
      activityId: String(++sent),
    }),
    edit: async (reach, activityId) => ({ kind: 'sent', conversationId: reach.conversationId, activityId }),
  };
  const fired = (caseId: string): void => {
    late.push(Date.now() - (dueAt.get(caseId) ?? Number.NaN));
  };
  const ticker = startTicker({
    store,
    clock,
    turn,
    messenger,
    findReach: async (_, route) =>
      route.to === 'channel' ? reachOf(route.provider, clock.now(), 4) : undefined,
    presenters: { thing: toyPresenter },
    timers: firing(turn, fired, 40),
    pathways: async () => [PATHWAY],
    holder: 'bench',
    alone: true,
    log: quiet,
  });
  while (late.length < count && Date.now() < start + (SECONDS + 60) * 1_000) await sleep(250);
  await ticker.stop();
  const p99 = quantile(late, 0.99);
  say(
    `  ${late.length} fired, late by p50 ${ms(median(late))}, p99 ${ms(p99)}, most ${ms(Math.max(...late))}; ${sent} messages sent meanwhile`,
  );
  return aim(
    `p99 of lateness at most ${MOST_LATE_MS / 1_000} s`,
    ms(p99),
    late.length === count && p99 <= MOST_LATE_MS,
  );
}
