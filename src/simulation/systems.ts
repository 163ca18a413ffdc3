import { createHash } from 'node:crypto';
import type { Happening } from './happening.ts';
import { contentOf, PATHWAY } from './pathway.ts';
import { diceOf } from './seeded.ts';
import type { VirtualTime } from './time.ts';
import type { Worker } from './worker.ts';

/** What a partner's system sends, again and again until it is answered. */
export interface SystemOffer {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}
export type OfferAnswered = { readonly caseId: string; readonly handoverId: string; readonly status: string };

export interface SystemDeps {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly workers: readonly Worker[];
  readonly met: (what: string) => void;
  /** Told what a partner's system was answered. */
  readonly offered: (request: SystemOffer, answer: OfferAnswered) => void;
}

/** Sends one offer until it is answered; some ask once more although they were. Errors: what nobody expected. */
export async function offerBySystem(
  { seed, time, workers, met, offered }: SystemDeps,
  happening: Extract<Happening, { kind: 'offer' }>,
): Promise<void> {
  const dice = diceOf(seed, 'system', happening.n);
  const { n, from, to, urgency, omit } = happening;
  const key = `system-${n}`;
  const content = contentOf(n, urgency, omit);
  const bodyHash = createHash('sha256').update(key).digest('hex');
  let more = dice.happens(0.1) ? 2 : 1;
  for (let tries = 0; tries < 40 && more > 0; tries++) {
    const up = workers.filter(({ life }) => life.alive);
    const worker = up.length === 0 ? undefined : dice.pick(up);
    const answer = await worker
      ?.ask(({ handovers }) =>
        handovers.offer(
          { kind: 'partner', partner: from },
          PATHWAY,
          { from, to, alias: key, content },
          { idempotencyKey: key, bodyHash },
        ),
      )
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'Unavailable') return 'lost' as const;
        throw error;
      });
    if (answer === undefined || answer === 'lost') met('intake did not answer');
    else {
      met('intake answered');
      offered({ key, from, to }, answer.done);
      more--;
      if (more > 0) met('intake asked again');
    }
    const next = time.ms + dice.between(1_000, 120_000);
    await new Promise<void>((resolve) => time.at(next, resolve));
  }
}
