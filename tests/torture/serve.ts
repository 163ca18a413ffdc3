/**
 * `baton serve` with a lease of two seconds, and looked for as often, so that the next process need not wait
 * for a quarter of a minute each time this one is killed. For stores in which another worker could be alive.
 */
import { once } from 'node:events';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

const config = readConfig(process.env);
const log = createLog(config.logLevel);
const app = await compose(config, log, { leaseSeconds: 2, pollMs: 200 });
const { url } = await app.listen();
log.info({ url }, 'serving');
await once(process, 'SIGTERM');
await app.close();
