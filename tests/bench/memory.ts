import { aim, mb, say, sleep } from './figures.ts';
import { createWorld, waiting } from './world.ts';

const HANDOVERS = 10_000;
const CHANNELS = 40;
const TENANTS = 4;

/** What the process holds at rest, and after many handovers. */
export async function memory(): Promise<boolean> {
  say('memory: resident set of the server process');
  const world = await createWorld(CHANNELS, TENANTS);
  await sleep(3_000);
  const rest = await world.baton.usage();
  await world.offer(HANDOVERS);
  const full = await world.baton.usage();
  const left = await waiting(world.url);
  await sleep(30_000);
  const later = await world.baton.usage();
  await world.stop();
  say(`  idle after the start                 ${mb(rest.rss)} (heap ${mb(rest.heap)})`);
  say(`  after ${HANDOVERS} handovers, one after the other, ${left} notices waiting`);
  say(`                                       ${mb(full.rss)} (heap ${mb(full.heap)})`);
  say(`  30 s later, the sender at work       ${mb(later.rss)} (heap ${mb(later.heap)})`);
  say(`  at most                              ${mb(later.peakRss)}`);
  return aim('memory, as figures', `${mb(rest.rss)} idle, ${mb(full.rss)} after ${HANDOVERS}`, true);
}
