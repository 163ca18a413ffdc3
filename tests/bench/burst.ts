import { plusMs } from '../../src/core/clock.ts';
import type { Messenger } from '../../src/core/messenger.ts';
import { CONVERSATION_LIMITS, TENANT_LIMITS } from '../../src/jobs/limits.ts';
import { startTicker } from '../../src/jobs/ticker.ts';
import { createMemoryStore } from '../../src/simulation/memory-store.ts';
import { clockOf, createTime } from '../../src/simulation/time.ts';
import { createTurns } from '../../src/store/turn.ts';
import { aim, say } from './figures.ts';
import { caseKey, firing, PATHWAY, quiet, reachOf, toyPresenter } from './timers.ts';

const COUNT = 10_000;
/** Every two-hundredth is safeguarding, and due after all others. */
const URGENT_EVERY = 200;
const CHANNELS = 40;
const TENANTS = 4;
const START = '2026-11-24T08:00:00.000Z';
const OUTAGE_MS = 3 * 3_600_000;
const MOST_HOURS = 6;

/** All that became due in an outage, at once: what goes first, in which order, and how fast it drains. */
export async function burst(): Promise<boolean> {
  say(
    `burst: ${COUNT.toLocaleString('en-GB')} timers that became due in an outage of three hours, under the virtual clock`,
  );
  say(
    `  each tells one of ${CHANNELS} channels of ${TENANTS} tenants; ${COUNT / URGENT_EVERY} are safeguarding and became due last`,
  );
  const time = createTime(START);
  const clock = clockOf(time, { alive: true, pausedUntil: 0 });
  const store = createMemoryStore();
  const dueOf = new Map<string, string>();
  for (let n = 0; n < COUNT; n++) {
    const urgent = n % URGENT_EVERY === 0;
    const due = plusMs(START, urgent ? OUTAGE_MS - 1_000 + n / URGENT_EVERY : 1_000 + n);
    const subject = urgent ? 'urgent:1' : 'thing:1';
    const caseId = `case-${n}`;
    dueOf.set(caseId, due);
    const id = `timer:${subject}`;
    const lists = { due: `${due}|${caseId}|${id}` };
    const doc = { id, kind: 'timer', schema: 1, lists, subject, fires: 'bench', due };
    await store.commit(caseKey(caseId), [{ do: 'create', doc }]);
  }
  await time.runTo(time.ms + OUTAGE_MS, () => false);

  const fired: { caseId: string; subject: string; late: boolean }[] = [];
  const told = new Map<string, number>();
  const went = new Map<string, number[]>();
  let bundles = 0;
  let urgentSaid = 0;
  let plainBefore = 0;
  const count = (name: string): void => void went.set(name, [...(went.get(name) ?? []), time.ms]);
  const messenger: Messenger = {
    async post(reach, message) {
      count(reach.conversationId);
      count(reach.tenant);
      const text = message.kind === 'text' ? message.text : '';
      if (/^\d+ updates:/.test(text)) bundles += 1;
      for (const [, caseId = ''] of text.matchAll(/Case (case-\d+):/g)) {
        told.set(caseId, (told.get(caseId) ?? 0) + 1);
        const urgent = Number(caseId.slice(5)) % URGENT_EVERY === 0;
        if (urgent) urgentSaid += 1;
        else if (urgentSaid < COUNT / URGENT_EVERY) plainBefore += 1;
      }
      return { kind: 'sent', conversationId: reach.conversationId, activityId: `${time.ms}` };
    },
    edit: async (reach, activityId) => ({ kind: 'sent', conversationId: reach.conversationId, activityId }),
  };
  const turn = createTurns(store, clock);
  const ticker = startTicker({
    store,
    clock,
    turn,
    messenger,
    findReach: async (_, route) =>
      route.to === 'channel' ? reachOf(route.provider, clock.now(), TENANTS) : undefined,
    presenters: { thing: toyPresenter, urgent: { ...toyPresenter, first: true } },
    timers: firing(turn, (caseId, subject, late) => fired.push({ caseId, subject, late }), CHANNELS),
    pathways: async () => [PATHWAY],
    holder: 'bench',
    alone: true,
    log: quiet,
    random: () => 0.5,
  });
  const from = time.ms;
  const before = process.cpuUsage();
  await time.runTo(from + MOST_HOURS * 3_600_000, () => told.size === COUNT);
  const { user, system } = process.cpuUsage(before);
  const took = time.ms - from;
  void ticker.stop();
  await time.runTo(time.ms + 60_000, () => false);

  const urgent = fired.filter(({ subject }) => subject === 'urgent:1');
  const rest = fired.filter(({ subject }) => subject !== 'urgent:1');
  const ordered = (list: typeof fired): boolean =>
    list.every(
      ({ caseId }, at) =>
        at === 0 || (dueOf.get(list[at - 1]?.caseId ?? '') ?? '') <= (dueOf.get(caseId) ?? ''),
    );
  const first = fired.slice(0, urgent.length).every(({ subject }) => subject === 'urgent:1');
  const once = told.size === COUNT && [...told.values()].every((times) => times === 1);
  const within = [...went].every(([name, at]) =>
    keeps(at, name.startsWith('19:') ? CONVERSATION_LIMITS : TENANT_LIMITS),
  );
  const messages = [...went]
    .filter(([name]) => name.startsWith('19:'))
    .reduce((sum, [, at]) => sum + at.length, 0);
  say(
    `  ${fired.length} fired and ${told.size} told, each once: ${once}; ${fired.filter(({ late }) => late).length} marked late`,
  );
  say(
    `  safeguarding fired first: ${first}; then by due time: ${ordered(urgent) && ordered(rest)}; ${plainBefore} other lines were said before the last of safeguarding`,
  );
  say(`  ${messages} messages, ${bundles} of them several lines as one; Teams' limits kept: ${within}`);
  say(
    `  drained in ${(took / 1_000).toFixed(0)} s of virtual time; ${((user + system) / 1e6).toFixed(1)} s of CPU`,
  );
  return aim(
    'drained in order within Teams’ limits, safeguarding first, many lines as one card',
    `${(took / 1_000).toFixed(0)} s`,
    fired.length === COUNT && once && first && ordered(urgent) && ordered(rest) && within && bundles > 0,
  );
}

/** Did these messages keep every window? */
function keeps(at: readonly number[], windows: readonly { most: number; ms: number }[]): boolean {
  return windows.every(({ most, ms }) =>
    at.every((then, index) => index < most || then - (at[index - most] ?? 0) >= ms),
  );
}
