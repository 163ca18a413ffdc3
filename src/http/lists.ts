import { createReadStream } from 'node:fs';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod/v4';
import type { IntakeKey } from '../config.ts';
import type { PartnerActor } from '../core/actors.ts';
import { Invalid } from '../core/errors.ts';
import type { ListAnswer, SentList } from '../register/list.ts';
import { idempotencyKeyOf, mustBe, requirePartner } from './partner.ts';
import { sendProblem } from './problem.ts';
import { type NotSpooled, spool, unspool } from './spool.ts';

/** The largest list over HTTP, in bytes, unpacked: some 400,000 lines. */
export const MAX_LIST = 64 * 1024 * 1024;

/** The command behind it. Errors: `Invalid` (422), `Refused` (its code decides the status), `Unavailable` (503). */
export type ReceiveList = (actor: PartnerActor, sent: SentList) => Promise<ListAnswer>;

export interface ListIntakeOptions {
  readonly receiveList: ReceiveList;
  readonly keys: readonly IntakeKey[];
  /** Where a list waits while it goes in. */
  readonly dataDir: string;
}

const flag = z
  .enum(['true', 'false'], 'write true or false')
  .default('false')
  .transform((said) => said === 'true');
const Query = z
  .object({
    'as-of': z.string('write it once, such as 2026-11-20T18:00').optional(),
    'all-or-nothing': flag,
    confirm: flag,
  })
  .strict();

/** `POST /api/pathways/{pathwayId}/lists/{provider}` for the systems of partners: a caseload list as CSV. */
export function createListIntake({ receiveList, keys, dataDir }: ListIntakeOptions): Router {
  async function receive(request: Request, response: Response): Promise<void> {
    const idempotencyKey = idempotencyKeyOf(request, response, 'list');
    if (idempotencyKey === undefined) return;
    const provider = String(request.params.provider);
    mustBe(response, provider, 'This key belongs to another partner. Send the list of your own provider.');
    if (!request.is('text/csv')) return notCsv(response);
    if (!isUtf8(request)) return notUtf8(response);
    const { 'as-of': asOf, 'all-or-nothing': allOrNothing, confirm } = readQuery(request.query);
    const spooled = await spool(request, dataDir, MAX_LIST);
    if ('problem' in spooled) return notKept(response, spooled);
    const answer = await receiveList(
      { kind: 'partner', partner: provider },
      {
        pathwayId: String(request.params.pathwayId),
        provider,
        idempotencyKey,
        hash: spooled.hash,
        ...(asOf !== undefined && { asOf }),
        allOrNothing,
        confirmed: confirm,
        bytes: () => createReadStream(spooled.path),
      },
    ).finally(() => unspool(spooled));
    const changed = answer.cases.new + answer.cases.updated > 0;
    response.status(changed ? 201 : 200).json(answer);
  }

  const router = Router();
  router.post('/api/pathways/:pathwayId/lists/:provider', requirePartner(keys), (request, response) =>
    receive(request, response).catch((error: unknown) => notGood(response, error)),
  );
  return router;
}

/** Errors: `Invalid` for a word that is none of ours, so that a slip in one is not a silent gap. */
function readQuery(query: unknown): z.infer<typeof Query> {
  const read = Query.safeParse(query);
  if (read.success) return read.data;
  const problems = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((field) => ({
          field,
          message: 'take this out: use as-of, all-or-nothing and confirm',
        }))
      : [{ field: issue.path.join('.'), message: issue.message }],
  );
  throw new Invalid('Nothing was loaded.', problems);
}

function notGood(response: Response, error: unknown): void {
  if (!(error instanceof Invalid)) throw error;
  const { message: detail, problems: errors } = error;
  sendProblem(response, { status: 422, code: 'invalid', title: 'Nothing was loaded', detail, errors });
}

const isUtf8 = (request: Request): boolean => {
  const charset = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(request.get('Content-Type') ?? '')?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
};

function notCsv(response: Response): void {
  sendProblem(response, {
    status: 415,
    code: 'not-csv',
    title: 'Send CSV',
    detail: 'Send the list with Content-Type: text/csv, plain or with Content-Encoding: gzip.',
  });
}

function notUtf8(response: Response): void {
  sendProblem(response, {
    status: 415,
    code: 'not-utf8',
    title: 'Not UTF-8',
    detail: 'Send the list as UTF-8, with Content-Type: text/csv.',
  });
}

function notKept(response: Response, { problem }: NotSpooled): void {
  if (problem === 'gone') return;
  sendProblem(response, problem === 'too-large' ? TOO_LARGE : NOT_GZIP);
}

const TOO_LARGE = {
  status: 413,
  code: 'too-large',
  title: 'Too large',
  detail: `The list has more than ${MAX_LIST / 1024 ** 2} MB. Have whoever runs Baton import it at the command line.`,
};
const NOT_GZIP = {
  status: 400,
  code: 'not-gzip',
  title: 'Not gzip',
  detail:
    'The list cannot be unpacked. Pack it with gzip again, or send it as it is without Content-Encoding.',
};
