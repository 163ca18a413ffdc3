import { parseArgs } from 'node:util';
import { torture } from './run.ts';

/**
 * `node tests/torture/torture.ts [--store embedded|cosmos] [--kills N] [--seed S]`: both stores, 100 kills
 * each unless said otherwise. Exit code 1 where a promise was broken, or where fewer than 60 of 100 kills
 * fell inside a commit or a send.
 */
const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const stores = (['embedded', 'cosmos'] as const).filter(
  (store) => values.store === undefined || values.store === store,
);
if (stores.length === 0) throw new Error('--store is embedded or cosmos');
const kills = Number(values.kills);

for (const store of stores) {
  const { fell, broken } = await torture({
    store,
    kills,
    seed: Number(values.seed),
    say: (line) => console.log(line),
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
