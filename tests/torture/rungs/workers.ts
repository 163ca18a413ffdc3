import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment, type Settings } from '../bot.ts';
import type { Span } from './spans.ts';
import { type Waits, waitsOf } from './waits.ts';

/** One process of `serve.ts`, from its start until it is gone. */
export interface Life {
  /** The name by which it takes the lease; absent while it never tried. */
  holder?: string;
  /** When it served and was not paused; the last is open while it lives. */
  readonly ran: { from: number; to: number }[];
  /** When the machine did not let it run, as it says itself. */
  readonly stalled: Span[];
  /** How long it waited for a core. */
  readonly waits: Waits;
  readonly errors: string[];
}

export interface Worker {
  readonly life: Life;
  readonly serving: Promise<string>;
  /** Its address while it serves and is not paused. */
  readonly address: string | undefined;
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  end(): Promise<number | null>;
}

const SERVE = fileURLToPath(new URL('./serve.ts', import.meta.url));
const OPEN = Number.POSITIVE_INFINITY;

/** Starts one more process on the same record, under the clock that began at `start` and runs so much faster. */
export function startWorker(settings: Settings, start: number, faster: number): Worker {
  const env = { ...environment(settings), RUNGS_START: String(start), RUNGS_FASTER: String(faster) };
  const child: ChildProcess = spawn(process.execPath, [SERVE], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'exit') as Promise<[number | null]>;
  // Whatever ends this process, none of its own stays behind, least of all a paused one.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void gone.then(() => process.off('exit', endWithUs));
  const life: Life = { ran: [], stalled: [], waits: waitsOf(child.pid ?? 0), errors: [] };
  let url: string | undefined;
  let isPaused = false;
  let said = '';
  const stops = (): void => {
    const last = life.ran.at(-1);
    if (last?.to === OPEN) last.to = Date.now();
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-4_000);
  });
  const serving = new Promise<string>((resolve, reject) => {
    if (!child.stdout) throw new Error('the process has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const fact = factOf(line);
      if (fact.level >= 50) life.errors.push(line);
      if (fact.msg === 'holder') life.holder = fact.holder;
      if (fact.msg === 'stalled') life.stalled.push({ from: fact.from, to: fact.to });
      if (fact.msg !== 'serving') return;
      url = fact.url;
      if (!isPaused) life.ran.push({ from: Date.now(), to: OPEN });
      resolve(fact.url);
    });
    void gone.then(([code]) => reject(new Error(`a process ended with ${code} before it served\n${said}`)));
  });
  serving.catch(() => undefined);
  return {
    life,
    serving,
    get address() {
      return isPaused ? undefined : url;
    },
    get isPaused() {
      return isPaused;
    },
    pause() {
      child.kill('SIGSTOP');
      isPaused = true;
      stops();
    },
    resume() {
      child.kill('SIGCONT');
      isPaused = false;
      if (url !== undefined) life.ran.push({ from: Date.now(), to: OPEN });
    },
    async kill() {
      url = undefined;
      child.kill('SIGKILL');
      stops();
      await gone;
    },
    async end() {
      url = undefined;
      stops();
      if (isPaused) child.kill('SIGCONT');
      child.kill('SIGTERM');
      const [code] = await gone;
      return code;
    },
  };
}

interface Fact {
  readonly level: number;
  readonly msg: string;
  readonly url: string;
  readonly holder: string;
  readonly from: number;
  readonly to: number;
}

function factOf(line: string): Fact {
  try {
    return JSON.parse(line) as Fact;
  } catch {
    return { level: 50, msg: line, url: '', holder: '', from: 0, to: 0 };
  }
}
