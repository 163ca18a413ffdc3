import { randomBytes, randomUUID } from 'node:crypto';

/** Where everything that is left to chance comes from: handed in like the time, so that a run can be replayed. */
export interface Chance {
  /** From 0 up to but not including 1: register ids and jitter. */
  random(): number;
  /** An id that nothing else has, as RFC 9562 writes it. */
  uuid(): string;
  /** 32 bytes that nobody can guess, in hex. */
  secret(): string;
}

export const systemChance: Chance = {
  random: Math.random,
  uuid: randomUUID,
  secret: () => randomBytes(32).toString('hex'),
};
