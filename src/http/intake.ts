import { createHash } from 'node:crypto';
import { type RequestHandler, type Response, Router } from 'express';
import type { IntakeKey } from '../config.ts';
import type { PartnerActor } from '../core/actors.ts';
import { canonicalJson } from '../core/audit.ts';
import type { Json } from '../core/change.ts';
import { type OfferBody, readOffer } from './handover-body.ts';
import { idempotencyKeyOf, mustBe, requirePartner } from './partner.ts';
import { sendProblem } from './problem.ts';

/** What the sender is told: where the handover is kept, how it stands, and what it still lacks. */
export interface OfferAnswer {
  readonly caseId: string;
  readonly handoverId: string;
  readonly status: string;
  /** Fields of the minimum dataset, by their paths. */
  readonly missing: readonly string[];
}

/** How a repeated request is known: by the sender's key, and by what was in it. */
export interface Idempotency {
  readonly idempotencyKey: string;
  /** SHA-256 in hex of the body as canonical JSON: spaces and the order of fields do not matter. */
  readonly bodyHash: string;
}

/**
 * The command behind the intake. Errors: `Refused` (its code decides the status), `Invalid` (422),
 * `Unavailable` (503).
 */
export type OfferHandover = (
  actor: PartnerActor,
  pathwayId: string,
  body: OfferBody,
  request: Idempotency,
) => Promise<OfferAnswer>;

export interface IntakeOptions {
  readonly offer: OfferHandover;
  /** None: only this machine may offer, and the body's `from` says for whom. */
  readonly keys: readonly IntakeKey[];
  /** Reads the body; after the key was checked, so that strangers cannot make work. */
  readonly readJson: RequestHandler;
}

/** `POST /api/pathways/{pathwayId}/handovers` for the systems of partners. */
export function createIntake({ offer, keys, readJson }: IntakeOptions): Router {
  const router = Router();
  router.post(
    '/api/pathways/:pathwayId/handovers',
    requirePartner(keys),
    readJson,
    async (request, response) => {
      const idempotencyKey = idempotencyKeyOf(request, response, 'handover');
      if (idempotencyKey === undefined) return;
      if (!request.is('application/json')) return notJson(response);
      const body = readOffer(request.body);
      mustBe(response, body.from, 'This key belongs to another partner than "from". Offer as yourself.');
      const bodyHash = createHash('sha256')
        .update(canonicalJson(request.body as Json))
        .digest('hex');
      const pathwayId = String(request.params.pathwayId);
      const actor: PartnerActor = { kind: 'partner', partner: body.from };
      const answer = await offer(actor, pathwayId, body, { idempotencyKey, bodyHash });
      response.status(201).json({
        caseId: answer.caseId,
        handoverId: answer.handoverId,
        status: answer.status,
        missing: answer.missing,
      });
    },
  );
  return router;
}

function notJson(response: Response): void {
  sendProblem(response, {
    status: 415,
    code: 'not-json',
    title: 'Send JSON',
    detail: 'Send the handover with Content-Type: application/json.',
  });
}
