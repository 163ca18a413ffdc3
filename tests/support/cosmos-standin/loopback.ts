import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults.ts';
import { Standin, type StandinOptions } from './standin.ts';

export interface Listening {
  /** `http://127.0.0.1:PORT/`; any key is accepted. */
  readonly endpoint: string;
  readonly standin: Standin;
  close(): Promise<void>;
}

/**
 * Serves a stand-in on a loopback port (0 for any free one). Besides the protocol:
 * `POST /_standin/faults` adds a JSON array of faults, `DELETE /_standin/faults` removes all,
 * `GET /_standin` tells calls, faults met and request units.
 */
export async function listen(port = 0, options: StandinOptions = {}): Promise<Listening> {
  const standin = new Standin(options);
  const server = createServer((request, response) => {
    void textOf(request).then((body) => serve(standin, endpoint, request, response, body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    endpoint,
    standin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serve(
  standin: Standin,
  endpoint: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  const path = new URL(request.url ?? '/', endpoint).pathname;
  if (path.startsWith('/_standin')) {
    const answer = administer(standin, request.method ?? '', path, body);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const outcome = standin.handle({ method: request.method ?? '', path, headers, body }, endpoint);
  if (outcome === 'hang') return;
  if (outcome === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(outcome.status, outcome.headers);
  response.end(outcome.body);
}

function administer(standin: Standin, method: string, path: string, body: string): object | undefined {
  if (path === '/_standin' && method === 'GET') {
    return {
      calls: Object.fromEntries(standin.calls),
      faults: standin.faults.counts(),
      requestUnits: standin.units.total,
    };
  }
  if (path !== '/_standin/faults') return undefined;
  if (method === 'POST') standin.faults.add(...(JSON.parse(body) as Fault[]));
  else if (method === 'DELETE') standin.faults.clear();
  else return undefined;
  return {};
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
