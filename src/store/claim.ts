import { createHmac } from 'node:crypto';
import type { Chance } from '../core/chance.ts';
import type { Doc, Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type Store, SYSTEM } from './store.ts';
import type { RunTurn } from './turn.ts';

/** What a key from outside (an idempotency key, a partner's id) stands for, in a partition of its own. */
export interface ClaimDoc extends Head {
  readonly kind: 'claim';
  readonly bodyHash: string;
  readonly caseId: string;
}

/** What was answered to the request whose key it is, kept beside the claim. */
interface AnswerDoc extends Doc {
  readonly kind: 'answer';
  readonly answer: unknown;
}

interface SecretDoc extends Head {
  readonly kind: 'secret';
  readonly secret: string;
}

const SECRET: Key = { pathwayId: SYSTEM, caseId: '_secret' };
const none = { seq: 0, hash: '' };

const mismatch = () =>
  new Refused(
    'idempotency-mismatch',
    'This Idempotency-Key came before with another body. Use a new key for a new handover, or a new list.',
  );

/**
 * Names claims by a keyed hash, since a key from outside may hold an NHS number. The key is made once
 * for a store and kept in it.
 */
export function createClaims(store: Store, run: RunTurn, chance: Pick<Chance, 'secret'>) {
  let secret: Promise<string> | undefined;

  async function loadSecret(): Promise<string> {
    const kept = await store.get<SecretDoc>(SECRET, 'secret');
    if (kept) return kept.doc.secret;
    return run<SecretDoc, string>(SECRET, 'secret', ({ head }) => {
      if (head) return { answer: head.secret };
      const made = chance.secret();
      return {
        change: {
          documents: [{ id: 'secret', kind: 'secret', schema: 1, audit: none, secret: made } as SecretDoc],
        },
        answer: made,
      };
    });
  }

  return {
    /** The claim's name: a keyed hash of what identifies it, 32 hexadecimal digits. */
    async name(...parts: readonly string[]): Promise<string> {
      secret ??= loadSecret();
      const key = await secret.catch((error) => {
        secret = undefined;
        throw error;
      });
      return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 32);
    },

    /**
     * The case that this claim names: the one it already named, or `propose()` from now on.
     * Throws `Refused('idempotency-mismatch')` when the claim was made with another body.
     */
    async take(
      pathwayId: string,
      name: string,
      bodyHash: string,
      propose: (now: Instant) => string,
    ): Promise<string> {
      const key = { pathwayId, caseId: `_claim:${name}` };
      return run<ClaimDoc, string>(key, 'claim', ({ head }, now) => {
        if (head && head.bodyHash !== bodyHash) {
          throw mismatch();
        }
        if (head) return { answer: head.caseId };
        const doc: ClaimDoc = {
          id: 'claim',
          kind: 'claim',
          schema: 1,
          audit: none,
          bodyHash,
          caseId: propose(now),
        };
        return { change: { documents: [doc] }, answer: doc.caseId };
      });
    },

    /** The case that this claim names; undefined while nobody made it. */
    async find(pathwayId: string, name: string): Promise<string | undefined> {
      return (await store.get<ClaimDoc>({ pathwayId, caseId: `_claim:${name}` }, 'claim'))?.doc.caseId;
    },

    /**
     * What was answered when this claim was made; undefined while nobody made it, and while the first try is not
     * through. Throws `Refused('idempotency-mismatch')` when it was made with another body.
     */
    async answered<T>(pathwayId: string, name: string, bodyHash: string): Promise<T | undefined> {
      const key = { pathwayId, caseId: `_claim:${name}` };
      const claim = await store.get<ClaimDoc>(key, 'claim');
      if (claim && claim.doc.bodyHash !== bodyHash) throw mismatch();
      return (await store.get<AnswerDoc>(key, 'answer'))?.doc.answer as T | undefined;
    },

    /** Keeps the answer to the request whose claim this is; the first one stays. */
    async answer(pathwayId: string, name: string, answer: unknown): Promise<void> {
      const key = { pathwayId, caseId: `_claim:${name}` };
      await run<ClaimDoc, void>(key, 'claim', async ({ head, get }) => {
        if (!head || (await get('answer'))) return { answer: undefined };
        const doc: AnswerDoc = { id: 'answer', kind: 'answer', schema: 1, answer };
        return { change: { documents: [head, doc] }, answer: undefined };
      });
    },

    /** Names another case, because the one named turned out to be somebody else's. */
    async rename(pathwayId: string, name: string, from: string, to: string): Promise<string> {
      const key = { pathwayId, caseId: `_claim:${name}` };
      return run<ClaimDoc, string>(key, 'claim', ({ head }) => {
        if (head && head.caseId !== from) return { answer: head.caseId };
        if (!head) throw new Error('a claim is renamed after it was made');
        return { change: { documents: [{ ...head, caseId: to } as ClaimDoc] }, answer: to };
      });
    },
  };
}

export type Claims = ReturnType<typeof createClaims>;
