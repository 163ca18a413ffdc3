// Where the demo's parts are: shared by start.js and as.js. Plain JavaScript, for any Node from 20.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DEMO = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(DEMO, '..', '..');
/** The Playground's own variable names another file. */
export const PLAYGROUND_CONFIG =
  process.env.M365_AGENTS_PLAYGROUND_CONFIG_PATH || join(DEMO, '.m365agentsplayground.yml');

export const BOT_PORT = port('PORT', 3978);
export const PLAYGROUND_PORT = port('PLAYGROUND_PORT', 56150);
export const BOT = `http://localhost:${BOT_PORT}`;
export const PLAYGROUND = `http://localhost:${PLAYGROUND_PORT}`;

/** A port from the environment, which `npm start` and `npm run as` must read alike. */
function port(name, otherwise) {
  const given = Number(process.env[name] || otherwise);
  if (Number.isInteger(given) && given > 0 && given < 65_536) return given;
  console.error(`${name}: set it to a port number from 1 to 65535, such as ${otherwise}`);
  process.exit(78);
}
