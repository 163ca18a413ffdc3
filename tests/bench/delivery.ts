import { aim, median, say, sleep, spread } from './figures.ts';
import { startPart } from './part.ts';
import { createWorld } from './world.ts';

const ROUNDS = 8;
const WARM_ROUNDS = 2;
/** Handovers of a round: two for each channel, so that no limit of Teams makes anything wait. */
const A_ROUND = 200;
const CHANNELS = 100;
const TENANTS = 100;
/** The sender's own measure, for the bare one as well: conversations served at the same time. */
const AT_ONCE = 16;
const HOLD_SECONDS = 3;
const MOST = 2;

/** A delivery of Baton's outbox beside a bare proactive send. */
export async function delivery(): Promise<boolean> {
  say('delivery: CPU of a message that the outbox sends, beside a bare continueConversation + sendActivity');
  say(
    `  ${ROUNDS} rounds after ${WARM_ROUNDS} to warm up, each of ${A_ROUND} new handovers over ${CHANNELS} channels of ${TENANTS} tenants, and as many bare sends`,
  );
  say(
    '  as Baton sent messages, of the same card, 16 at once. While a round’s handovers come in, channels answer 429 with',
  );
  say(
    `  ${HOLD_SECONDS} s to wait. CPU is counted from before they take messages until nothing is waiting: reading what is due, the`,
  );
  say(
    '  mark in the lease, the card, the request, the commit of its outcome ("Delivered"), and the second’s idle polls.',
  );

  const world = await createWorld(CHANNELS, TENANTS);
  const bare = startPart('proactive', new URL('./proactive.ts', import.meta.url), []);
  const conversations = world.places.map(({ channel }) => channel);
  const round = async () => {
    await world.hold(HOLD_SECONDS);
    await world.offer(A_ROUND);
    await sleep(300);
    await world.forget();
    const own = await world.baton.cpuOf(async () => {
      await world.hold(0);
      await world.drained(60_000);
    });
    const { posts, edits } = await world.came();
    const count = posts + edits;
    const message = await world.card();
    const { serviceUrl } = world;
    const bareOwn = await bare.cpuOf(() =>
      bare.ask('send', { serviceUrl, conversations, count, atOnce: AT_ONCE, message }),
    );
    return { posts, edits, bytes: Buffer.byteLength(message), own: own / count, bare: bareOwn / count };
  };
  for (let n = 0; n < WARM_ROUNDS; n++) await round();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await round());
  await bare.stop();
  await world.stop();

  const posts = rounds.reduce((sum, one) => sum + one.posts, 0);
  const edits = rounds.reduce((sum, one) => sum + one.edits, 0);
  say(
    `  ${posts} cards posted and ${edits} edited for ${ROUNDS * A_ROUND} handovers; the card is ${rounds[0]?.bytes} bytes`,
  );
  say(
    `  bare send    ${spread(rounds.map((one) => one.bare))} ms of CPU each: median (least–most of the rounds)`,
  );
  say(`  a delivery   ${spread(rounds.map((one) => one.own))} ms`);
  const ratios = rounds.map((one) => one.own / one.bare);
  say(`  ratio        ${spread(ratios)} times, round by round`);
  const found = median(ratios);
  return aim(`a delivery costs at most ${MOST} bare sends`, found.toFixed(2), found <= MOST);
}
