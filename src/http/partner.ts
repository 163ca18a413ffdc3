import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { IntakeKey } from '../config.ts';
import { Refused } from '../core/errors.ts';
import { isFromThisMachine } from './loopback.ts';
import { sendProblem } from './problem.ts';

const THIS_MACHINE = Symbol('this machine');

/** Lets a partner's system in by its key; where nobody has one, this machine alone. Before any body is read. */
export const requirePartner =
  (keys: readonly IntakeKey[]): RequestHandler =>
  (request, response, next) => {
    const partner = partnerOf(request, keys);
    if (partner === undefined) return unauthorised(response, keys.length > 0);
    response.locals.partner = partner;
    next();
  };

/** Errors: `Refused` `not-yours` where the key that came is another partner's than `wanted`. */
export function mustBe({ locals }: Response, wanted: string, remedy: string): void {
  const known: string | typeof THIS_MACHINE = locals.partner;
  if (known !== THIS_MACHINE && known !== wanted) throw new Refused('not-yours', remedy);
}

/** The request's `Idempotency-Key`; undefined, and answered, where it has none or one that cannot be. */
export function idempotencyKeyOf(request: Request, response: Response, what: string): string | undefined {
  const key = request.get('Idempotency-Key')?.trim() ?? '';
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  sendProblem(response, {
    status: 400,
    code: 'idempotency-key-required',
    title: 'Idempotency-Key is required',
    detail: `Send a header Idempotency-Key, 1 to 200 characters without spaces, new for each ${what} and the same when you try again.`,
  });
  return undefined;
}

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
