// Loaded with `--import` into a process that is measured: tells over the IPC channel what the process has used, and
// writes CPU profiles of what is measured when it is asked to.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** What a process has used since it started: CPU of all its threads in microseconds, memory in bytes. */
export interface Usage {
  readonly cpuUs: number;
  readonly rss: number;
  /** The most it ever held. */
  readonly peakRss: number;
  readonly heap: number;
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuUs: user + system, rss, peakRss: process.resourceUsage().maxRSS * 1024, heap: heapUsed };
}

let session: Session | undefined;

/** Starts a profile, or ends it and writes it to `file`. */
async function profile(file: string | undefined): Promise<void> {
  if (!session) {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
  }
  if (file === undefined) return session.post('Profiler.start');
  writeFileSync(file, JSON.stringify((await session.post('Profiler.stop')).profile));
}

process.on(
  'message',
  async (message: { readonly ask?: string; readonly id?: number; readonly file?: string }) => {
    if (message.ask === 'usage') process.send?.({ id: message.id, answer: usage() });
    if (message.ask === 'profile') process.send?.({ id: message.id, answer: await profile(message.file) });
  },
);
// Being asked is no reason to stay alive.
process.channel?.unref();
