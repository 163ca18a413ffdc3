import { parseArgs } from 'node:util';
import { torture } from './run.ts';
import { rungs } from './rungs.ts';

/**
 * `node tests/torture/torture.ts [--store embedded|cosmos] [--kills N] [--seed S]`: both stores, 100 kills
 * each unless said otherwise. Exit code 1 where a promise was broken, or where fewer than 60 of 100 kills
 * fell inside a commit or a send.
 * `node tests/torture/torture.ts --rungs [--seconds N] [--seed S]`: two processes, then three, climb the
 * ladder while they are killed and paused; 300 seconds in all unless said otherwise.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    rungs: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '300' },
  },
});
const stores = (['embedded', 'cosmos'] as const).filter(
  (store) => values.store === undefined || values.store === store,
);
if (stores.length === 0) throw new Error('--store is embedded or cosmos');
const kills = Number(values.kills);
const say = (line: string): void => console.log(line);

if (values.rungs) {
  const ms = Number(values.seconds) * 500;
  const phases = [2, 3].map((processes) => ({ processes, ms }));
  const { broken } = await rungs({ seed: Number(values.seed), faster: 8, phases, everyMs: 2_000, say });
  if (broken.length > 0) process.exitCode = 1;
}

for (const store of values.rungs ? [] : stores) {
  const { fell, broken } = await torture({
    store,
    kills,
    seed: Number(values.seed),
    say,
  });
  const working = fell.inCommit + fell.inSend;
  if (broken.length > 0) process.exitCode = 1;
  if (working < kills * 0.6) {
    console.log(
      `${store}: only ${working} of ${kills} kills fell inside a commit or a send: the load was too small`,
    );
    process.exitCode = 1;
  }
}
