import { type RequestHandler, Router } from 'express';
import type { Metrics } from './metrics.ts';

/** One thing that must hold before traffic is sent here. */
export interface ReadyCheck {
  readonly name: string;
  /** Undefined when it holds; otherwise what is wrong and what to do. Throwing counts as not holding. */
  check(): Promise<string | undefined>;
  /** False: what it finds is an alert; whoever presses a button is answered here all the same. */
  readonly traffic?: false;
}

/** A check that has not answered by then does not hold. */
const CHECK_MS = 2_000;

/**
 * `/healthz` (the process answers), `/readyz` (all checks hold, else 503 naming those that do not),
 * `/readyz/traffic` (the same of those without which nobody can be answered), `/metrics`.
 */
export function createHealth(checks: readonly ReadyCheck[], metrics: Metrics): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'up' });
  });
  const answer =
    (asked: readonly ReadyCheck[]): RequestHandler =>
    async (_request, response) => {
      const found = await Promise.all(asked.map(async (one) => [one.name, await resultOf(one)] as const));
      const ready = found.every(([, wrong]) => wrong === undefined);
      response.status(ready ? 200 : 503).json({
        status: ready ? 'ready' : 'not ready',
        checks: Object.fromEntries(found.map(([name, wrong]) => [name, wrong ?? 'good'])),
      });
    };
  router.get('/readyz', answer(checks));
  router.get('/readyz/traffic', answer(checks.filter(({ traffic }) => traffic !== false)));
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await metrics.render());
  });
  return router;
}

async function resultOf({ check }: ReadyCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('did not answer in time; see the log'), CHECK_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    // The answer goes to whoever asks; what the error says may not be theirs to read.
    return 'failed; see the log';
  } finally {
    clearTimeout(timer);
  }
}
