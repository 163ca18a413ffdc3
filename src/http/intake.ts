import { createHash, timingSafeEqual } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { IntakeKey } from '../config.ts';
import type { PartnerActor } from '../core/actors.ts';
import { canonicalJson } from '../core/audit.ts';
import type { Json } from '../core/change.ts';
import { Refused } from '../core/errors.ts';
import { type OfferBody, readOffer } from './handover-body.ts';
import { isFromThisMachine } from './loopback.ts';
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
    (request, response, next) => {
      const partner = partnerOf(request, keys);
      if (partner === undefined) return unauthorised(response, keys.length > 0);
      response.locals.partner = partner;
      next();
    },
    readJson,
    async (request, response) => {
      const idempotencyKey = request.get('Idempotency-Key')?.trim() ?? '';
      if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) return withoutKey(response);
      if (!request.is('application/json')) return notJson(response);
      const body = readOffer(request.body);
      const known: string | typeof THIS_MACHINE = response.locals.partner;
      if (known !== THIS_MACHINE && known !== body.from) {
        throw new Refused('not-yours', 'This key belongs to another partner than "from". Offer as yourself.');
      }
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

const THIS_MACHINE = Symbol('this machine');

/** The partner whose key came with the request; every key is compared, each in constant time. */
function partnerOf(request: Request, keys: readonly IntakeKey[]): string | typeof THIS_MACHINE | undefined {
  if (keys.length === 0) return isFromThisMachine(request) ? THIS_MACHINE : undefined;
  const given = /^Bearer +(\S+) *$/i.exec(request.get('Authorization') ?? '')?.[1];
  const digest = createHash('sha256')
    .update(given ?? '')
    .digest();
  let partner: string | undefined;
  for (const key of keys) {
    if (timingSafeEqual(digest, Buffer.from(key.sha256, 'hex')) && given !== undefined) partner = key.partner;
  }
  return partner;
}

function unauthorised(response: Response, hasKeys: boolean): void {
  if (hasKeys) response.setHeader('WWW-Authenticate', 'Bearer realm="Baton intake"');
  sendProblem(response, {
    status: 401,
    code: 'unauthorised',
    title: 'Not authorised',
    detail: hasKeys
      ? 'Send the key that you were given as Authorization: Bearer KEY.'
      : 'No partner has a key yet, so the intake answers only the machine it runs on. Whoever runs Baton sets BATON_INTAKE_KEYS.',
  });
}

function withoutKey(response: Response): void {
  sendProblem(response, {
    status: 400,
    code: 'idempotency-key-required',
    title: 'Idempotency-Key is required',
    detail:
      'Send a header Idempotency-Key, 1 to 200 characters without spaces, new for each handover and the same when you try again.',
  });
}

function notJson(response: Response): void {
  sendProblem(response, {
    status: 415,
    code: 'not-json',
    title: 'Send JSON',
    detail: 'Send the handover with Content-Type: application/json.',
  });
}
