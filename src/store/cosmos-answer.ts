import { Unavailable } from '../core/errors.ts';
import type { Verdict } from './cosmos-commit.ts';

/** What the client says of one operation of a batch. */
interface OperationAnswer {
  readonly statusCode: number;
}

/** Codes of a connection that was never made. */
const NEVER_SENT = new Set<unknown>(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Reads the answer to a batch: a failed one holds the one real error among 424s, and does not throw. */
export function verdictOfBatch(answers: readonly OperationAnswer[] | undefined): Verdict {
  if (!answers || answers.length === 0) return { kind: 'lost', cause: new Error('an empty answer') };
  const failed = answers.find(({ statusCode }) => statusCode >= 400 && statusCode !== 424);
  if (failed) return verdictOfStatus(failed.statusCode, undefined, undefined);
  const isDone = answers.every(({ statusCode }) => statusCode < 300);
  return isDone ? { kind: 'done' } : { kind: 'lost', cause: new Error('an answer without its cause') };
}

/** Reads what was thrown in place of an answer to a batch. */
export function verdictOfThrown(thrown: unknown): Verdict {
  const error = withCode(thrown);
  if (NEVER_SENT.has(error?.code)) {
    return {
      kind: 'refused',
      error: new Unavailable('Cosmos DB cannot be reached', 'no', { cause: thrown }),
    };
  }
  if (typeof error?.code !== 'number') return { kind: 'lost', cause: thrown };
  if (error.code === 404) return { kind: 'refused', error: missing(thrown) };
  return verdictOfStatus(error.code, thrown, error.retryAfterInMs);
}

/** The error to throw when a read or a query failed: reads have no effect, so nothing is unknown. */
export function readFailure(thrown: unknown): Error {
  const error = withCode(thrown);
  if (error?.code === 404) return missing(thrown);
  if (typeof error?.code === 'number') {
    const verdict = verdictOfStatus(error.code, thrown, error.retryAfterInMs);
    if (verdict.kind === 'refused') return verdict.error;
  }
  return new Unavailable('Cosmos DB does not answer', 'no', { cause: thrown });
}

function verdictOfStatus(status: number, cause: unknown, retryAfterMs: number | undefined): Verdict {
  switch (status) {
    case 404:
    case 409:
    case 412:
      return { kind: 'conflict' };
    case 429:
    // 449: two writes met inside the service, and this one was not made.
    case 449: {
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      return { kind: 'refused', error: new Unavailable('Cosmos DB is busy', 'no', { cause, ...wait }) };
    }
    case 413:
      return { kind: 'refused', error: new RangeError('a batch passes 2 MB as Cosmos DB counts', { cause }) };
    case 401:
    case 403: {
      const says = 'Cosmos DB refuses the credentials: check the key, or the role of the managed identity';
      return { kind: 'refused', error: new Unavailable(says, 'no', { cause }) };
    }
    case 400:
      return { kind: 'refused', error: new Error('Cosmos DB does not understand a request', { cause }) };
    default:
      return { kind: 'lost', cause: cause ?? new Error(`status ${status}`) };
  }
}

const missing = (cause: unknown): Error =>
  new Error('the Cosmos DB container is gone: deploy the infrastructure again', { cause });

interface CodedError {
  readonly code: number | string;
  readonly retryAfterInMs?: number;
}

/** The error itself or the cause within it that has a code: the client wraps what a batch threw. */
function withCode(thrown: unknown): CodedError | undefined {
  for (let error = thrown; error instanceof Error || isCoded(error); error = (error as Error).cause) {
    if (isCoded(error)) return error;
  }
  return undefined;
}

function isCoded(error: unknown): error is CodedError {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'number' || typeof error.code === 'string';
}
