/**
 * `baton serve` under a clock that runs faster, with a lease and a poll to match. It tells before it first
 * writes a lease which holder it is, and afterwards each time that the machine did not let it run.
 */
import { once } from 'node:events';
import { compose } from '../../../src/compose.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { openStore } from '../../../src/open-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { fastClock } from './clock.ts';
import { LEASE_MS, POLL_MS, STALL_MS } from './times.ts';

const config = readConfig(process.env);
const log = createLog(config.logLevel);
const faster = Number(process.env.RUNGS_FASTER);
const clock = fastClock(Number(process.env.RUNGS_START), faster);
const opened = await openStore(config);
let told = false;
const store: Store = {
  ...opened,
  async commit(key, writes) {
    for (const write of writes) {
      if (told || write.do === 'remove' || write.doc.kind !== 'lease') continue;
      told = true;
      log.info({ holder: (write.doc as { holder?: string }).holder }, 'holder');
    }
    return opened.commit(key, writes);
  },
};
let before = Date.now();
setInterval(() => {
  const now = Date.now();
  if (now - before > STALL_MS) log.info({ from: before, to: now }, 'stalled');
  before = now;
}, 50).unref();

const app = await compose(config, log, {
  store,
  clock,
  leaseSeconds: (LEASE_MS * faster) / 1_000,
  pollMs: POLL_MS * faster,
});
const { url } = await app.listen();
log.info({ url }, 'serving');
await once(process, 'SIGTERM');
await app.close();
