import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ROOT = at('../../');

/** The environment of the bot: where its record is, and nothing of this process's own settings. */
export interface Settings {
  readonly store: 'embedded' | 'cosmos';
  readonly folder: string;
  readonly agreements: string;
  readonly cosmosEndpoint?: string;
}

export interface Bot {
  /** Resolves with its address once it serves; rejects when it ended before. */
  readonly serving: Promise<string>;
  readonly isServing: boolean;
  /** Lines of its log that say `error` or worse. */
  readonly errors: readonly string[];
  /** SIGKILL; resolves when it is gone, with whether that fell inside a commit. */
  kill(): Promise<{ readonly inCommit: boolean }>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export function environment({ store, folder, agreements, cosmosEndpoint }: Settings): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PORT: '0',
    LOG_LEVEL: 'info',
    BATON_DATA_DIR: join(folder, 'data'),
    BATON_AGREEMENTS: agreements,
    BATON_STORE: store,
    ...(cosmosEndpoint && {
      COSMOS_ENDPOINT: cosmosEndpoint,
      COSMOS_KEY: Buffer.alloc(32).toString('base64'),
    }),
  };
}

/** Starts the bot as a process of its own, watched by marks.ts. */
export function startBot(settings: Settings): Bot {
  const marks = join(settings.folder, 'marks');
  writeFileSync(marks, new Uint8Array(1));
  const words = settings.store === 'embedded' ? [at('../../src/baton.js'), 'serve'] : [at('./serve.ts')];
  const child = spawn(process.execPath, ['--import', new URL('./marks.ts', import.meta.url).href, ...words], {
    cwd: ROOT,
    env: { ...environment(settings), TORTURE_MARKS: marks },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const errors: string[] = [];
  let said = '';
  let isServing = false;
  createInterface({ input: child.stderr }).on('line', (line) => {
    said = `${said}${line}\n`.slice(-4_000);
  });
  const serving = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { level, msg, url } = logLine(line);
      if (level >= 50) errors.push(line);
      if (msg !== 'serving') return;
      isServing = true;
      resolve(url);
    });
    void gone.then(([code]) => reject(new Error(`the bot ended with ${code} before it served\n${said}`)));
  });
  serving.catch(() => undefined);
  return {
    serving,
    get isServing() {
      return isServing;
    },
    errors,
    async kill() {
      child.kill('SIGKILL');
      await gone;
      return { inCommit: readFileSync(marks)[0] !== 0 };
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = await gone;
      return code;
    },
  };
}

function logLine(line: string): { level: number; msg: string; url: string } {
  try {
    return JSON.parse(line);
  } catch {
    return { level: 50, msg: line, url: '' };
  }
}

/** Runs one command of the command line over the same record; gives its exit code and what it printed. */
export async function command(
  settings: Settings,
  ...words: string[]
): Promise<{ code: number | null; said: string }> {
  const child: ChildProcess = spawn(process.execPath, [at('../../src/baton.js'), ...words], {
    cwd: ROOT,
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}
