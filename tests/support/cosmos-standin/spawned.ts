import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Fault } from './faults.ts';

/** What a stand-in in its own process tells of itself. */
export interface Told {
  readonly calls: Readonly<Record<string, number>>;
  /** How many mishaps there were, by operation, moment and answer: `batch after reset`. */
  readonly faults: Readonly<Record<string, number>>;
  readonly requestUnits: number;
}

export interface SpawnedStandin {
  /** `http://127.0.0.1:PORT/`; any key is accepted. */
  readonly endpoint: string;
  plan(faults: readonly Fault[]): Promise<void>;
  clear(): Promise<void>;
  tell(): Promise<Told>;
  stop(): Promise<void>;
}

/** Starts a stand-in as a process of its own: its data outlives whatever process is killed beside it. */
export async function spawnStandin(): Promise<SpawnedStandin> {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [endpoint] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const ask = (path: string, init?: RequestInit) => fetch(new URL(path, endpoint), init);
  return {
    endpoint,
    plan: async (faults) => {
      await ask('/_standin/faults', { method: 'POST', body: JSON.stringify(faults) });
    },
    clear: async () => {
      await ask('/_standin/faults', { method: 'DELETE' });
    },
    tell: async () => (await (await ask('/_standin')).json()) as Told,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
