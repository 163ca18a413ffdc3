import type { Key } from '../core/change.ts';
import type { Clock } from '../core/clock.ts';
import { msBetween } from '../core/clock.ts';
import { Conflict, Unavailable } from '../core/errors.ts';
import { type CosmosItem, cosmosId, itemOf } from './cosmos-item.ts';
import type { Write } from './store.ts';

/** One operation of a transactional batch. */
export type CosmosOperation =
  | { readonly operationType: 'Create' | 'Upsert'; readonly resourceBody: CosmosItem }
  | {
      readonly operationType: 'Replace';
      readonly id: string;
      readonly ifMatch: string;
      readonly resourceBody: CosmosItem;
    }
  | { readonly operationType: 'Delete'; readonly id: string };

/** What became of one sending of a batch. */
export type Verdict =
  | { readonly kind: 'done' }
  /** An ETag moved, an id is taken, or a document is gone. */
  | { readonly kind: 'conflict' }
  /** This sending surely had no effect. */
  | { readonly kind: 'refused'; readonly error: Error }
  /** No answer: it may have had its effect. */
  | { readonly kind: 'lost'; readonly cause: unknown };

/** A batch that can be settled after a lost answer. */
export interface CosmosBatch {
  readonly operations: CosmosOperation[];
  readonly stamp: string;
  /** The document that carries the stamp; none in a batch that only removes. */
  readonly witness: string | undefined;
  /** The witness is an event: it is never written again, so a stamp that is not there never was. */
  readonly isLasting: boolean;
  /** A create or replace in it fails the second time, so sending it again cannot do it twice. */
  readonly isFenced: boolean;
}

export function batchOf(key: Key, writes: readonly Write[], stamp: string): CosmosBatch {
  const event = writes.find((write) => write.do === 'create' && write.doc.kind === 'event');
  const witness = event ?? writes.find((write) => write.do !== 'remove');
  return {
    operations: writes.map((write) => operationOf(key, write, write === witness ? stamp : undefined)),
    stamp,
    witness: witness && witness.do !== 'remove' ? cosmosId(witness.doc.id) : undefined,
    isLasting: event !== undefined,
    isFenced: writes.some((write) => write.do === 'create' || write.do === 'replace'),
  };
}

function operationOf(key: Key, write: Write, stamp: string | undefined): CosmosOperation {
  if (write.do === 'remove') return { operationType: 'Delete', id: cosmosId(write.id) };
  const resourceBody = itemOf(key, write.doc, stamp);
  switch (write.do) {
    case 'create':
      return { operationType: 'Create', resourceBody };
    case 'put':
      return { operationType: 'Upsert', resourceBody };
    case 'replace':
      return { operationType: 'Replace', id: resourceBody.id, ifMatch: write.etag, resourceBody };
  }
}

export interface Settling {
  send(): Promise<Verdict>;
  /** The witness as it stands now; rejects when that cannot be read. */
  readWitness(id: string): Promise<CosmosItem | undefined>;
  readonly clock: Clock;
}

/** A batch is sent at most so often, and not again after so long: a turn has 8 seconds in all. */
const SENDINGS = 4;
const SETTLE_MS = 3_000;

/**
 * Sends a batch until what became of it is known. After a lost answer the witness is read: with this commit's
 * stamp on it the commit took effect. Without it the answer may still be on its way, so the same batch is sent
 * again: its fence lets only one of the two in, and what the second says settles the first.
 * Errors: `Conflict`; `Unavailable` (`unknown` where even this did not settle it); what `refused` carries.
 */
export async function commitSettled(batch: CosmosBatch, settling: Settling): Promise<void> {
  const { clock, send } = settling;
  const started = clock.now();
  let lost: { readonly cause: unknown } | undefined;
  for (let sending = 1; sending <= SENDINGS; sending++) {
    const verdict = await send();
    if (verdict.kind === 'done') return;
    if (verdict.kind === 'refused' && !lost) throw verdict.error;
    if (verdict.kind === 'lost') lost = { cause: verdict.cause };

    // The client sends some requests again by itself, so that even a first conflict can be with ourselves.
    const stands = await stampStands(batch, settling);
    if (stands === true) return;
    if (verdict.kind === 'conflict' && stands === false) {
      if (!lost || batch.isLasting) throw new Conflict('another writer was faster');
      break;
    }
    if (stands instanceof Error) lost ??= { cause: stands };
    if (!batch.isFenced || msBetween(started, clock.now()) > SETTLE_MS) break;
    await clock.sleep(20 * 2 ** sending);
  }
  throw new Unavailable('Cosmos DB did not say what became of a commit', 'unknown', lost);
}

/** Whether the commit's stamp is on its witness; the error when that cannot be read. */
async function stampStands(
  { witness, stamp }: CosmosBatch,
  { readWitness }: Settling,
): Promise<boolean | Error> {
  if (witness === undefined) return false;
  try {
    return (await readWitness(witness))?.stamp === stamp;
  } catch (error) {
    return error instanceof Error ? error : new Error('the witness could not be read', { cause: error });
  }
}
