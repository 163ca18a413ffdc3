import { readFile } from 'node:fs/promises';
import { z } from 'zod/v4';
import { Invalid, Refused, Unavailable } from './core/errors.ts';
import { readReferral } from './fhir/referral.ts';

/** A BaRS message in a file, and the intake that it is offered to. */
export interface OfferRequest {
  readonly file: string;
  readonly url: string;
  readonly pathway: string;
  readonly from: string;
  readonly to: string;
  readonly urgency?: string | undefined;
  readonly keyFile?: string | undefined;
}

const Answer = z.object({
  caseId: z.string(),
  handoverId: z.string(),
  status: z.string(),
  missing: z.array(z.string()),
});
const ProblemBody = z.object({
  detail: z.string(),
  code: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
});

/**
 * Offers the referral in a file through the intake. The message's own id is the idempotency key, so that
 * the same file twice is one handover. Gives the lines to print. Errors: `Invalid` for what is no
 * referral or no handover, `Refused` for what the intake refuses, `Unavailable` where nobody answers.
 */
export async function offerFile(request: OfferRequest): Promise<string[]> {
  const referral = readReferral(await readJson(request.file));
  if (referral.kind === 'refused') {
    throw new Invalid(`Not offered: ${referral.message}`, []);
  }
  const { content, senderCase, messageId, notes } = referral;
  const ask = request.urgency === undefined ? content.ask : { ...content.ask, urgency: request.urgency };
  const body = {
    from: request.from,
    to: request.to,
    ...(senderCase === undefined ? {} : { alias: senderCase }),
    content: { ...content, ask },
  };
  const key = request.keyFile && (await readFile(request.keyFile, 'utf8')).trim();
  const response = await post(request, JSON.stringify(body), messageId, key);
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.status !== 201) throw failure(response.status, answer);
  const { caseId, handoverId, status, missing } = Answer.parse(answer);
  return [
    `${status}: case ${caseId}, handover ${handoverId}`,
    ...(missing.length > 0 ? [`still asked of the sender: ${missing.join(', ')}`] : []),
    ...notes.map((note) => `note: ${note}`),
  ];
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new Invalid('The file cannot be read. Check its path.', []);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Invalid('The file is not JSON. A BaRS message is one FHIR Bundle as JSON.', []);
  }
}

async function post(
  { url, pathway }: OfferRequest,
  body: string,
  messageId: string,
  key: string | undefined,
): Promise<Response> {
  const address = new URL(`/api/pathways/${encodeURIComponent(pathway)}/handovers`, url);
  try {
    return await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `bars-${encodeURIComponent(messageId)}`,
        ...(key ? { authorization: `Bearer ${key}` } : {}),
      },
      body,
    });
  } catch (error) {
    throw new Unavailable(`No Baton answers at ${url}. Start it with npm start, then try again.`, 'no', {
      cause: error,
    });
  }
}

function failure(status: number, answer: unknown): Error {
  const { data } = ProblemBody.safeParse(answer);
  if (!data || status >= 500) return new Unavailable(data?.detail ?? `It answered ${status}.`, 'unknown');
  if (status === 422) return new Invalid(data.detail, data.errors);
  return new Refused(data.code ?? 'refused', data.detail);
}
