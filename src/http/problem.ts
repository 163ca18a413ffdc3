import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { Conflict, Invalid, type Problem, Refused, Unavailable } from '../core/errors.ts';
import { type Log, newReference } from '../log.ts';

/** An answer that is not a success, after RFC 9457. `code` is stable; `errors` has one entry a field. */
export interface ProblemAnswer {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly Problem[];
  /** Seconds after which the same request may be sent again. */
  readonly retryAfter?: number;
  /** What to quote to whoever runs Baton; set where something of ours went wrong. */
  readonly reference?: string;
}

/** Sends it as `application/problem+json`. */
export function sendProblem(response: Response, answer: ProblemAnswer): void {
  const { retryAfter, ...body } = answer;
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  response.status(answer.status).type('application/problem+json').send(JSON.stringify(body));
}

/** HTTP statuses of refusals by their code; a code that is not here is 409, "not as things stand". */
const STATUS_OF_REFUSAL: Readonly<Record<string, number>> = {
  'unknown-pathway': 404,
  'unknown-provider': 404,
  'unknown-case': 404,
  'not-yours': 403,
  'idempotency-mismatch': 409,
  'own-provider': 422,
};

/** What body-parser and express call their errors, and what to do about each. */
const OF_REQUEST: Readonly<Record<string, Omit<ProblemAnswer, 'status'>>> = {
  'entity.parse.failed': {
    code: 'malformed-json',
    title: 'Not JSON',
    detail: 'The body is not well-formed JSON. Check it with a JSON validator and send it again.',
  },
  'entity.too.large': {
    code: 'too-large',
    title: 'Too large',
    detail: 'The body is larger than 256 KB. Shorten the texts; attachments do not belong in a handover.',
  },
  'encoding.not.utf8': {
    code: 'not-utf8',
    title: 'Not UTF-8',
    detail: 'The body is not valid UTF-8. Send it as UTF-8.',
  },
  'charset.unsupported': {
    code: 'not-utf8',
    title: 'Not UTF-8',
    detail: 'Send the body as UTF-8, with Content-Type: application/json.',
  },
  'encoding.unsupported': {
    code: 'unsupported-encoding',
    title: 'Unknown Content-Encoding',
    detail: 'Send the body as it is or with gzip.',
  },
};

/** The answer to an error thrown while a request was handled. `reference` goes with what is our own fault. */
export function problemOf(error: unknown, reference: string): ProblemAnswer {
  if (error instanceof Invalid) {
    return {
      status: 422,
      code: 'invalid',
      title: 'Not a handover as it stands',
      detail: error.message,
      errors: error.problems,
    };
  }
  if (error instanceof Refused) {
    const status = STATUS_OF_REFUSAL[error.code] ?? 409;
    return { status, code: error.code, title: 'Not done', detail: error.message };
  }
  if (error instanceof Unavailable || error instanceof Conflict) {
    const wait = error instanceof Unavailable ? (error.retryAfterMs ?? 2_000) : 1_000;
    return {
      status: 503,
      code: 'unavailable',
      title: 'Try again shortly',
      detail:
        'Baton could not finish this in time. Send the same request again with the same Idempotency-Key; it will not be done twice.',
      retryAfter: Math.max(1, Math.ceil(wait / 1000)),
    };
  }
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const known = typeof type === 'string' ? OF_REQUEST[type] : undefined;
    return known
      ? { status: type === 'encoding.not.utf8' ? 400 : status, ...known }
      : { status, code: 'bad-request', title: 'Bad request', detail: 'The request cannot be read.' };
  }
  return {
    status: 500,
    code: 'bug',
    title: 'Something went wrong in Baton',
    detail: `Nobody did anything wrong. Tell whoever runs Baton the reference ${reference}, and send the request again later.`,
    reference,
  };
}

/** Last in the chain: nothing matched. */
export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, {
    status: 404,
    code: 'unknown-route',
    title: 'Not here',
    detail: 'There is nothing at this address. Check the path and the method.',
  });
};

/** Last of all: turns what was thrown into an answer, and keeps what is our own fault in the log. */
export function answerErrors(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    const reference = newReference();
    const answer = problemOf(error, reference);
    if (answer.status >= 500) {
      const level = answer.status === 500 ? 'error' : 'warn';
      const route = request.route?.path ?? 'none';
      log[level]({ err: error, reference, route }, 'a request failed');
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, answer);
  };
}
