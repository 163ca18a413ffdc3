import { parseArgs } from 'node:util';
import { listen } from './loopback.ts';

/**
 * The stand-in as a process of its own, so that another process can be killed while its data stays:
 * `node tests/support/cosmos-standin/serve.ts [--port N]`. Prints its endpoint as the first line.
 */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const { endpoint, close } = await listen(Number(values.port), { pageSize: 100 });
console.log(endpoint);
process.once('SIGTERM', () => void close());
