import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Usage } from './probe.ts';

/** A process of a bench that can be asked things over its IPC channel. */
export interface Part {
  readonly name: string;
  readonly process: ChildProcess;
  /** Asks and waits for the answer. Errors: when the process ends first. */
  ask<T>(what: string, given?: object): Promise<T>;
  usage(): Promise<Usage>;
  /** CPU that the process uses while `job` runs, in milliseconds. With BENCH_PROFILE, a folder, a profile of it. */
  cpuOf(job: () => Promise<unknown>): Promise<number>;
  /** Ends it gently and waits; its exit code. */
  stop(): Promise<number | null>;
}

export interface PartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Takes each line of its standard output; lost where absent. */
  readonly line?: (line: string) => void;
  /** Options of Node itself, such as a profiler. */
  readonly node?: readonly string[];
}

const PROFILES = process.env.BENCH_PROFILE;
const PROBE = new URL('./probe.ts', import.meta.url).href;
const parts = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of parts) child.kill('SIGKILL');
});

/** Starts `script` (a path, with its words) under this Node, with the probe loaded. */
export function startPart(name: string, script: URL, words: string[], options: PartOptions = {}): Part {
  const child = spawn(
    process.execPath,
    [...(options.node ?? []), '--import', PROBE, fileURLToPath(script), ...words],
    { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  parts.add(child);
  let left = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (left + text).split('\n');
    left = lines.pop() ?? '';
    for (const line of lines) options.line?.(line);
  });
  const asked = new Map<number, { done: (answer: never) => void; failed: (error: Error) => void }>();
  let next = 1;
  child.on('message', ({ id, answer }: { id: number; answer: never }) => {
    asked.get(id)?.done(answer);
    asked.delete(id);
  });
  child.on('exit', (code, signal) => {
    parts.delete(child);
    for (const { failed } of asked.values()) failed(new Error(`${name} ended (${code ?? signal})`));
    asked.clear();
  });

  const ask = <T>(what: string, given: object = {}): Promise<T> =>
    new Promise<T>((resolve, failed) => {
      const id = next++;
      asked.set(id, { done: resolve, failed });
      child.send({ ...given, ask: what, id });
    });

  const usage = (): Promise<Usage> => ask<Usage>('usage');
  let profiles = 0;

  return {
    name,
    process: child,
    ask,
    usage,
    async cpuOf(job) {
      if (PROFILES) await ask('profile');
      const before = await usage();
      await job();
      const after = await usage();
      if (PROFILES) await ask('profile', { file: join(PROFILES, `${name}-${++profiles}.cpuprofile`) });
      return (after.cpuUs - before.cpuUs) / 1_000;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
}

/** Answers questions in a part: `answers` by what is asked. */
export function answering(answers: Readonly<Record<string, (given: never) => unknown>>): void {
  process.on('message', async (message: { ask: string; id: number }) => {
    const answer = answers[message.ask];
    if (!answer) return;
    process.send?.({ id: message.id, answer: (await answer(message as never)) ?? null });
  });
}
