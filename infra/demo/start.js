// `npm start`: the bot with the demo pathway, and Microsoft's Agents Playground beside it as the Teams client.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { BOT, BOT_PORT, DEMO, PLAYGROUND, PLAYGROUND_CONFIG, PLAYGROUND_PORT, ROOT } from './places.js';
import { seed } from './seed.js';

const READY_MS = 60_000;
const END_MS = 12_000;
const withPlayground = !process.argv.includes('--no-playground');
const dataDir = process.env.BATON_DATA_DIR || join(ROOT, 'data');
/** @type {{ name: string, process: import('node:child_process').ChildProcess }[]} */
const children = [];
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(0));

const unknown = process.argv.slice(2).filter((word) => word !== '--no-playground');
if (unknown.length > 0) stop(`npm start knows only -- --no-playground, not ${unknown.join(' ')}.`, 64);
await freePort(BOT_PORT, 'PORT');
if (withPlayground) await freePort(PLAYGROUND_PORT, 'PLAYGROUND_PORT');
mkdirSync(dataDir, { recursive: true });

run('baton', [join(ROOT, 'src', 'baton.js'), 'serve'], 'baton.log', {
  PORT: String(BOT_PORT),
  BATON_DATA_DIR: dataDir,
  BATON_AGREEMENTS: process.env.BATON_AGREEMENTS || join(DEMO, 'agreements'),
});
if (withPlayground) {
  const cli = join(ROOT, 'node_modules', '@microsoft', 'm365agentsplayground', 'cli.js');
  if (!existsSync(cli)) stop('The Agents Playground is not installed. Run npm ci, then npm start again.', 78);
  const words = ['start', '-e', `${BOT}/api/messages`, '-c', 'msteams', '-p', String(PLAYGROUND_PORT)];
  run('playground', [cli, ...words, '--disable-telemetry'], 'playground.log', {
    TEAMSAPPTESTER_BROWSER: 'none',
    M365_AGENTS_PLAYGROUND_CONFIG_PATH: PLAYGROUND_CONFIG,
    M365_AGENTS_PLAYGROUND_LOGFILE: join(dataDir, 'playground.log'),
  });
}

await answers(`${BOT}/readyz`, 'Baton', 'baton.log');
const rota = ['rota', 'import', '--pathway', 'riverside', join(DEMO, 'rota.csv')];
await done('the rota', [join(ROOT, 'src', 'baton.js'), ...rota], { BATON_DATA_DIR: dataDir });
const seeded = await seed();
for (const problem of seeded.problems) console.error(`An example was not taken: ${problem}`);
if (withPlayground) await answers(PLAYGROUND, 'The Playground', 'playground.log');

console.log('');
console.log(`  Baton       ${BOT}`);
if (withPlayground) console.log(`  Playground  ${PLAYGROUND}`);
console.log('');
console.log(
  seeded.added > 0
    ? `  ${seeded.added} handovers came in through the intake and wait for an answer.`
    : '  This is the data of an earlier start: what is open there is shown again.',
);
console.log(
  withPlayground
    ? `  Open ${PLAYGROUND}, choose a channel, and accept or reject what waits there. Ctrl-C ends both.\n  To watch what nobody answers climb the ladder, run npm run climb beside it.`
    : `  Teams activities go to ${BOT}/api/messages. Ctrl-C ends it.`,
);
console.log('  No Teams registration is set: only this machine may talk to the bot.');
console.log('');

/** Starts one part of the demo; its log goes to a file, its complaints to the terminal. */
function run(name, words, log, env) {
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', openSync(join(dataDir, log), 'a'), 'inherit'],
  });
  children.push({ name, process: child });
  child.on('exit', (code) => {
    if (ending) return;
    console.error(`${name} ended (${code ?? 'signal'}); its log is ${join(dataDir, log)}.`);
    end(code || 1);
  });
  return child;
}

/** Runs one command of the demo to its end; a demo without it still starts. */
function done(what, words, env) {
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${what} was not taken: ${error.message}`);
      resolve(undefined);
    });
    child.on('exit', (code) => {
      if (code !== 0) console.error(`${what} was not taken (${code}).`);
      resolve(undefined);
    });
  });
}

/** Waits until the address answers with a success. */
async function answers(address, name, log) {
  const until = Date.now() + READY_MS;
  while (!ending && Date.now() < until) {
    const good = await fetch(address, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (good) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (ending) await new Promise(() => {});
  console.error(`${name} did not get ready in ${READY_MS / 1000} seconds; its log is ${join(dataDir, log)}.`);
  await end(69);
}

/** Tells in one line when somebody else has the port. */
function freePort(port, setting) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      stop(`Port ${port} ${why}: end what is using it, or set ${setting} to another.`, 69);
    });
    probe.listen(port, () => probe.close(() => resolve(undefined)));
  });
}

function stop(line, code) {
  console.error(line);
  process.exit(code);
}

/** Ends both parts, gently first. */
async function end(code) {
  if (ending) return;
  ending = true;
  const left = children.filter(
    (child) => child.process.exitCode === null && child.process.signalCode === null,
  );
  const gone = left.map((child) => new Promise((resolve) => child.process.once('exit', resolve)));
  for (const child of left) child.process.kill('SIGTERM');
  const timer = setTimeout(() => {
    for (const child of left) child.process.kill('SIGKILL');
  }, END_MS);
  await Promise.all(gone);
  clearTimeout(timer);
  process.exit(code);
}
