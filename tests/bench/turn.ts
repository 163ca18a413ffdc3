import { aim, median, say, several, sleep, spread } from './figures.ts';
import { type Part, startPart } from './part.ts';
import { activityOf } from './places.ts';
import { createWorld, type Offered, send } from './world.ts';

const ROUNDS = 9;
const A_ROUND = 150;
const WARM = 300;
const AT_ONCE = 4;
const MOST = 2.5;
const HOLD_SECONDS = 3_600;

/** CPU of `count` operations in a process, in milliseconds each. */
const cpuOf = async (part: Part, count: number, job: (n: number) => Promise<void>): Promise<number> =>
  (await part.cpuOf(() => several(count, AT_ONCE, job))) / count;

/** A turn of Baton beside a turn of a bare echo. */
export async function turn(): Promise<boolean> {
  say('turn: CPU of an activity in, committed and answered, beside a bare botbuilder echo with one reply');
  say(
    `  ${ROUNDS} rounds, each of ${A_ROUND} echoes, ${A_ROUND} Accepts, ${A_ROUND} "/case ID"; ${AT_ONCE} at once, after ${WARM} of each`,
  );
  say(
    '  CPU: user and system time of all threads of the server process (process.cpuUsage), from before the first',
  );
  say(
    '  request until after the last answer. Accept: Action.Execute on a fresh offer in the channel; the case, events,',
  );
  say(
    '  notices and timer are committed, the private card is the HTTP answer. "/case ID": typed in the personal chat;',
  );
  say(
    '  the view is committed as an event, the card goes out through the connector, as the echo’s reply does.',
  );
  say(
    '  The sender is kept apart: channels answer 429 with an hour to wait, so that it looks but sends nothing.',
  );

  const world = await createWorld(40, 4);
  const echo = startPart('echo', new URL('./echo.ts', import.meta.url), []);
  const echoUrl = `${await echo.ask<string>('url')}/api/messages`;
  await world.hold(HOLD_SECONDS);
  const offered = await world.offer(WARM + ROUNDS * A_ROUND);
  await sleep(2_000);

  const [place] = world.places;
  if (!place) throw new Error('a world has places');
  const say1 = async (): Promise<void> => {
    const activity = activityOf(place, 'chat', world.serviceUrl, { type: 'message', text: 'hello' });
    const { status } = await send(echoUrl, 'POST', activity);
    if (status !== 200) throw new Error(`the echo answered ${status}`);
  };
  const at = (from: number, n: number): Offered => {
    const found = offered[from + n];
    if (!found) throw new Error('there are as many offers as presses');
    return found;
  };
  const round = async (from: number, count: number) => {
    const bare = await cpuOf(echo, count, say1);
    const accepted = await cpuOf(world.baton, count, (n) => world.accept(at(from, n)));
    const typed = await cpuOf(world.baton, count, (n) => world.look(at(from, n)));
    return { bare, accepted, typed };
  };

  await round(0, WARM);
  await world.forget();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await round(WARM + n * A_ROUND, A_ROUND));
  const { posts, edits, replies } = await world.came();
  const idleFrom = await world.baton.usage();
  await sleep(3_000);
  const idle = (await world.baton.usage()).cpuUs - idleFrom.cpuUs;
  await echo.stop();
  await world.stop();

  say(
    `  bare echo      ${spread(rounds.map(({ bare }) => bare))} ms of CPU each: median (least–most of the rounds)`,
  );
  say(`  Accept         ${spread(rounds.map(({ accepted }) => accepted))} ms`);
  say(`  /case ID       ${spread(rounds.map(({ typed }) => typed))} ms`);
  const accepts = rounds.map(({ accepted, bare }) => accepted / bare);
  const typed = rounds.map(({ typed: one, bare }) => one / bare);
  say(`  Accept : echo  ${spread(accepts)} times, round by round`);
  say(`  /case  : echo  ${spread(typed)} times`);
  say(
    `  ${replies} replies came in the rounds, ${posts + edits} deliveries; Baton idle afterwards: ${(idle / 3_000).toFixed(1)} ms of CPU a second`,
  );
  const worst = Math.max(median(accepts), median(typed));
  return aim(
    `a turn costs at most ${MOST} echoes`,
    `${worst.toFixed(2)} (the dearer of the two)`,
    worst <= MOST,
  );
}
