import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { Standin } from './standin.ts';

/** Where the in-process stand-in is said to be; nothing listens there. */
export const IN_PROCESS = 'https://cosmos.invalid/';

/**
 * The stand-in beneath the real client's own retries, without a socket. Nobody waits for what hangs: the
 * client's timeout comes at once, so that no test depends on how fast the machine is.
 */
export function httpClientOf(standin: Standin): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const { abortSignal } = request;
      if (abortSignal?.aborted) throw aborted();
      const outcome = standin.handle(
        {
          method: request.method,
          path: new URL(request.url).pathname,
          headers: request.headers.toJSON(),
          body: typeof request.body === 'string' ? request.body : '',
        },
        IN_PROCESS,
      );
      // The answer comes in a later turn, as from a socket.
      await new Promise((resolve) => setImmediate(resolve));
      if (outcome === 'reset') throw new RestError('socket hang up', { code: 'ECONNRESET', request });
      if (outcome === 'hang') throw aborted();
      return {
        request,
        status: outcome.status,
        headers: createHttpHeaders(outcome.headers),
        bodyAsText: outcome.body,
      };
    },
  };
}

function aborted(): Error {
  const error = new Error('The operation was aborted.');
  error.name = 'AbortError';
  return error;
}
