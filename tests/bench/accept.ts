import { aim, median, say, several, spread } from './figures.ts';
import { createWorld } from './world.ts';

const ROUNDS = 8;
const WARM_ROUNDS = 2;
const A_ROUND = 80;
const CHANNELS = 100;
const TENANTS = 20;
const AT_ONCE = 4;

/** All that one Accept costs, from the press until the last of its messages is sent and recorded. */
export async function accept(): Promise<boolean> {
  say('accept: CPU of one Accept with all that it sends');
  say(
    `  ${ROUNDS} rounds after ${WARM_ROUNDS}, each of ${A_ROUND} Accepts over ${CHANNELS} channels, ${AT_ONCE} at once, whose cards were delivered`,
  );
  say(
    '  before. Counted from before the first press until nothing is waiting, the second’s idle polls included.',
  );
  const world = await createWorld(CHANNELS, TENANTS);
  const round = async () => {
    const offered = await world.offer(A_ROUND);
    await world.drained(60_000);
    await world.forget();
    const cpu = await world.baton.cpuOf(async () => {
      await several(offered.length, AT_ONCE, async (n) => {
        const one = offered[n];
        if (one) await world.accept(one);
      });
      await world.drained(60_000);
    });
    const { posts, edits } = await world.came();
    return { posts, edits, cpu: cpu / offered.length };
  };
  for (let n = 0; n < WARM_ROUNDS; n++) await round();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await round());
  await world.stop();
  const each = (figure: (one: (typeof rounds)[number]) => number): string =>
    (rounds.reduce((sum, one) => sum + figure(one), 0) / ROUNDS / A_ROUND).toFixed(2);
  say(
    `  an Accept sends ${each((one) => one.edits)} edits of cards and ${each((one) => one.posts)} lines in their threads`,
  );
  const cpu = rounds.map((one) => one.cpu);
  say(`  all of it    ${spread(cpu)} ms of CPU each: median (least–most of the rounds)`);
  return aim('the total of one Accept, as a figure', `${median(cpu).toFixed(2)} ms`, true);
}
