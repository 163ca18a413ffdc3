import type { Closest } from './connector.ts';
import { aim, mb, ms, quantile, say, sleep } from './figures.ts';
import type { Answered } from './load.ts';
import { startPart } from './part.ts';
import { PATHWAY } from './places.ts';
import { createWorld, waiting } from './world.ts';

const CHANNELS = 40;
const TENANTS = 4;
const RATE = 250;
const SECONDS = 20;
const WARM_SECONDS = 5;
const MOST_MS = 100;
/** What a message may be early or late on its way over loopback, seen from the connector. */
const JITTER_MS = 50;
const DRAIN_MS = 600_000;

/** Handovers come in at a steady rate while the sender works at Teams' limits. */
export async function intake(): Promise<boolean> {
  say(
    `intake: ${RATE} handovers a second for ${SECONDS} s, answered 201, while the sender works at Teams' limits`,
  );
  say(
    `  open loop from a process of its own: a time is from when a request was due until its answer was whole. ${CHANNELS} channels`,
  );
  say(
    `  of ${TENANTS} tenants, each sender and receiver in turn; the connector answers at once. Warmed up by ${WARM_SECONDS} s of ${RATE / 5} a second.`,
  );
  const world = await createWorld(CHANNELS, TENANTS);
  const load = startPart('load', new URL('./load.ts', import.meta.url), []);
  const url = `${world.url}/api/pathways/${PATHWAY}/handovers`;
  const given = { url, channels: CHANNELS, tenants: TENANTS };
  const idle = await world.baton.usage();
  await load.ask('run', { ...given, rate: RATE / 5, seconds: WARM_SECONDS, name: 'warm' });

  const from = performance.now();
  const before = await world.baton.usage();
  const warmed = await world.came();
  const { times, statuses, again, sentLateMs } = await load.ask<Answered>('run', {
    ...given,
    rate: RATE,
    seconds: SECONDS,
    name: 'load',
  });
  const tookS = (performance.now() - from) / 1_000;
  const [after, during] = [await world.baton.usage(), await world.came()];
  const left = await waiting(world.url);
  await load.stop();
  const drainFrom = performance.now();
  while ((await waiting(world.url)) > 0) {
    if (performance.now() - drainFrom > DRAIN_MS) throw new Error('what waits was not sent in time');
    await sleep(1_000);
  }
  await world.drained(10_000);
  const drained = await world.came();
  const drainS = (performance.now() - drainFrom - drained.quietMs) / 1_000;
  const afterDrain = await world.baton.usage();
  const limits = await world.limits();
  await world.stop();

  const created = statuses['201'] ?? 0;
  const [p50, p95, p99, worst] = [0.5, 0.95, 0.99, 1].map((share) => quantile(times, share)) as [
    number,
    number,
    number,
    number,
  ];
  say(
    `  answers      ${Object.entries(statuses)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ')} of ${times.length}; ${again} sent again after a kept connection had ended`,
  );
  say(
    `  time         p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, most ${ms(worst)} (the generator itself was late by up to ${ms(sentLateMs)})`,
  );
  const duringCount = during.posts + during.edits - warmed.posts - warmed.edits;
  const all = drained.posts + drained.edits;
  const drainCount = all - during.posts - during.edits;
  say(
    `  sent         ${duringCount} messages meanwhile (${(duringCount / tookS).toFixed(1)}/s); ${left} notices were waiting at the end`,
  );
  say(
    `  drain        ${drainCount} more in ${drainS.toFixed(0)} s: ${(drainCount / drainS).toFixed(1)}/s; ${all} for ${RATE * SECONDS + (RATE / 5) * WARM_SECONDS} handovers in all`,
  );
  const busy = (after.cpuUs - before.cpuUs) / 1_000_000;
  const drainBusy = (afterDrain.cpuUs - after.cpuUs) / 1_000_000;
  say(
    `  CPU          ${((100 * busy) / tookS).toFixed(0)} % of a core meanwhile, ${((100 * drainBusy) / drainS).toFixed(0)} % in the drain`,
  );
  say(
    `  memory       ${mb(idle.rss)} at first, ${mb(after.rss)} after the load, ${mb(afterDrain.peakRss)} at most`,
  );
  for (const one of limits) say(`  limits       ${shown(one)}`);
  const kept = limits.every(isKept);
  const reached = created === times.length && times.length === RATE * SECONDS && p99 <= MOST_MS && kept;
  const found = `${created} × 201, p99 ${ms(p99)}, limits ${kept ? 'kept' : 'NOT kept'}`;
  return aim(`${RATE * SECONDS} answered 201 at p99 ${MOST_MS} ms within Teams' limits`, found, reached);
}

const isKept = ({ ms: window, spanMs }: Closest): boolean =>
  spanMs === undefined || spanMs >= window - JITTER_MS;

const shown = (one: Closest): string =>
  `at most ${one.most} in ${one.ms / 1_000} s for a ${one.of}: ${
    one.spanMs === undefined
      ? 'never so many'
      : `the fastest ${one.most + 1} took ${(one.spanMs / 1_000).toFixed(2)} s${isKept(one) ? '' : ', TOO FAST'}`
  }`;
