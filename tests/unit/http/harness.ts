import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { onTestFinished } from 'vitest';
import { EXAMPLE } from '../../../src/http/handover-body.ts';
import type { ReadyCheck } from '../../../src/http/health.ts';
import type { OfferHandover } from '../../../src/http/intake.ts';
import type { ReceiveList } from '../../../src/http/lists.ts';
import { createMetrics, type Gauge } from '../../../src/http/metrics.ts';
import { createServer, listen } from '../../../src/http/server.ts';
import { createLog } from '../../../src/log.ts';

export const KEY = 'a-partner-key-for-tests';
export const KEYS = [
  { partner: 'northside', sha256: createHash('sha256').update('another key').digest('hex') },
  { partner: EXAMPLE.from, sha256: createHash('sha256').update(KEY).digest('hex') },
];

export interface Setup {
  offer?: OfferHandover;
  receiveList?: ReceiveList;
  intakeKeys?: typeof KEYS;
  checks?: ReadyCheck[];
  gauges?: () => Promise<Gauge[]>;
  teamsHandler?: RequestHandler;
}

/** The real server on a free port, with a recording command behind the intake. */
export async function startServer(setup: Setup = {}) {
  const offered: Parameters<OfferHandover>[] = [];
  const lines: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'baton-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const app = createServer({
    teamsHandler: setup.teamsHandler ?? ((_request, response) => void response.status(202).end()),
    offer: async (...given) => {
      offered.push(given);
      return setup.offer
        ? setup.offer(...given)
        : { caseId: '7K2-04', handoverId: 'h1', status: 'offered', missing: [] };
    },
    receiveList: setup.receiveList ?? (async () => Promise.reject(new Error('no list is expected'))),
    dataDir: folder,
    intakeKeys: setup.intakeKeys ?? KEYS,
    checks: setup.checks ?? [],
    metrics: createMetrics(setup.gauges),
    log: createLog('debug', { write: (line) => void lines.push(line) }),
  });
  const server = await listen(app, 0);
  onTestFinished(() => server.close(0));
  return {
    url: server.url,
    offered,
    folder,
    log: () => lines.join(''),
    /** Offers `body` as a partner does; headers set to undefined are left out. */
    post: (body: unknown, headers: Record<string, string | undefined> = {}, path = PATH) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: Object.fromEntries(
          Object.entries({
            authorization: `Bearer ${KEY}`,
            'content-type': 'application/json',
            'idempotency-key': 'k-1',
            ...headers,
          }).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
        body: body instanceof Uint8Array ? body : typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

export const PATH = '/api/pathways/complex-care/handovers';

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; message: string }[];
  reference?: string;
}

/** The answer as problem+json. */
export async function problem(response: Response): Promise<ProblemBody> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) throw new Error(`not a problem but ${type}`);
  return (await response.json()) as ProblemBody;
}
