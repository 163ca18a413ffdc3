import { randomBytes } from 'node:crypto';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';
import { BadConfiguration, Conflict, Refused, Unavailable } from './core/errors.ts';

export type Log = Logger;

/**
 * The log of a process, one JSON object a line. It says what happened and where, never to whom: an error
 * from outside our own code loses its message (a JSON parser quotes what it was parsing, a database what
 * it was storing) and keeps its name, its code and the lines of our code it came through.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: shownError },
    hooks: {
      // pino takes an error's message as the line's own when there is none.
      logMethod(args: Parameters<Logger['info']>, method: (...args: Parameters<Logger['info']>) => void) {
        const [first, ...rest] = args as unknown[];
        const fields = first instanceof Error ? { err: first } : first;
        const bare = typeof fields === 'object' && fields !== null && 'err' in fields && rest.length === 0;
        const safe = bare ? [fields, 'error'] : [fields, ...rest];
        method.apply(this, safe as Parameters<Logger['info']>);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What a log may say of an error. Our own errors are written to be shown; nobody else's are. */
export function shownError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const ours =
    error instanceof Refused ||
    error instanceof Conflict ||
    error instanceof Unavailable ||
    error instanceof BadConfiguration;
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(ours ? { message: error.message } : {}),
    at: frames(error),
    ...(error.cause === undefined ? {} : { cause: shownError(error.cause) }),
  };
}

/** The lines of a stack, without the message above them (which may itself have lines). */
function frames(error: Error): string[] {
  const stack = error.stack ?? '';
  const message = error.message === '' ? 0 : stack.indexOf(error.message) + error.message.length;
  return stack
    .slice(message)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}

/** A short reference that a person can read out, and that finds one line of the log. */
export function newReference(): string {
  return randomBytes(4).toString('hex');
}
