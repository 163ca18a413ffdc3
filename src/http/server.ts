import { isUtf8 } from 'node:buffer';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler, Router } from 'express';
import type { IntakeKey } from '../config.ts';
import { Unavailable } from '../core/errors.ts';
import type { Log } from '../log.ts';
import { offerSchema } from './handover-body.ts';
import { createHealth, type ReadyCheck } from './health.ts';
import { createIntake, type OfferHandover } from './intake.ts';
import { createListIntake, type ReceiveList } from './lists.ts';
import type { Metrics } from './metrics.ts';
import { answerErrors, notFound, sendProblem } from './problem.ts';

/** The largest body of a request, in bytes. */
export const MAX_BODY = 256 * 1024;

export interface ServerOptions {
  /** Answers `POST /api/messages`; it finds the activity parsed in `request.body`. */
  readonly teamsHandler: RequestHandler;
  readonly offer: OfferHandover;
  readonly receiveList: ReceiveList;
  /** Where what is too large for memory waits while it is read. */
  readonly dataDir: string;
  /** None: the intake answers this machine only. */
  readonly intakeKeys: readonly IntakeKey[];
  readonly checks: readonly ReadyCheck[];
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Everything Baton answers over HTTP. Errors are `application/problem+json` and hold nothing of its insides. */
export function createServer(options: ServerOptions): Express {
  const { teamsHandler, offer, receiveList, dataDir, intakeKeys, checks, metrics, log } = options;
  const readJson = express.json({ limit: MAX_BODY, verify: refuseBrokenUtf8 });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(countRequests(metrics));
  app.use((_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(createHealth(checks, metrics));
  app.use(createSchemas());
  app.post('/api/messages', readJson, requireObject, teamsHandler);
  app.use(createIntake({ offer, keys: intakeKeys, readJson }));
  app.use(createListIntake({ receiveList, keys: intakeKeys, dataDir }));
  app.use(notFound);
  app.use(answerErrors(log));
  return app;
}

/** `GET /schemas/handover.json`. */
function createSchemas(): Router {
  const handover = offerSchema();
  const router = Router();
  router.get('/schemas/handover.json', (_request, response) => {
    response.type('application/schema+json').send(JSON.stringify(handover));
  });
  return router;
}

/** An activity is a JSON object; anything else would fail somewhere inside the Bot Framework. */
const requireObject: RequestHandler = (request, response, next) => {
  const body: unknown = request.body;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return next();
  sendProblem(response, {
    status: 400,
    code: 'not-an-activity',
    title: 'Not an activity',
    detail: 'Send one Bot Framework activity as a JSON object, with Content-Type: application/json.',
  });
};

/** Decoding would quietly put a replacement character where a byte is wrong, in a name or a dose. */
function refuseBrokenUtf8(_request: unknown, _response: unknown, body: Buffer, encoding: string): void {
  if (encoding === 'utf-8' && isUtf8(body)) return;
  throw Object.assign(new Error('the body is not UTF-8'), { type: 'encoding.not.utf8', status: 400 });
}

/** Counts and times requests by route as written in the code, so that no path of a case becomes a label. */
function countRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    response.once('close', () => {
      const route = typeof request.route?.path === 'string' ? request.route.path : 'none';
      const method = METHODS.has(request.method) ? request.method : 'other';
      metrics.count('baton_http_requests_total', 'HTTP requests answered.', {
        route,
        method,
        status: String(response.statusCode),
      });
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      metrics.time('baton_http_request_seconds', 'How long HTTP requests took.', seconds, { route });
    });
    next();
  };
}

const METHODS = new Set(['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** A server that listens: its own address on this machine, and how to end it. */
export interface Listening {
  readonly url: string;
  /** Takes no new request, lets those under way finish for `graceMs`, then ends what is left. */
  close(graceMs?: number): Promise<void>;
}

/** Listens on `port` (0: any free one). Errors: `Unavailable` where the port is in use or not allowed. */
export async function listen(app: Express, port: number): Promise<Listening> {
  const server: Server = await new Promise((resolve, reject) => {
    const starting = app.listen(port, (error?: Error) => {
      if (error) reject(cannotListen(error, port));
      else resolve(starting);
    });
    starting.requestTimeout = 30_000;
    starting.headersTimeout = 15_000;
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${actual}`,
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        const end = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(end);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function cannotListen(error: Error, port: number): Unavailable {
  const { code } = error as NodeJS.ErrnoException;
  const why =
    code === 'EADDRINUSE'
      ? `Port ${port} is in use. End what is using it, or set PORT to another.`
      : code === 'EACCES'
        ? `This user may not listen on port ${port}. Set PORT to one above 1023.`
        : `Baton cannot listen on port ${port} (${code ?? error.name}).`;
  return new Unavailable(why, 'no', { cause: error });
}
