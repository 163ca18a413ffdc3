import type { Chance } from '../core/chance.ts';

/** Chance that is the same whenever its seed is: every choice of a simulated world comes from one of these. */
export interface Dice extends Chance {
  /** True so often, from 0 to 1. */
  happens(share: number): boolean;
  /** A whole number from `from` up to and including `to`. */
  between(from: number, to: number): number;
  /** One of the list; throws when there is none. */
  pick<T>(list: readonly T[]): T;
}

/** FNV-1a, 32 bits: enough to keep streams of different names apart. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/**
 * Dice named by `names`. Each actor has its own, so that taking one happening out of a history leaves the
 * choices of the others as they were. The generator is mulberry32.
 */
export function diceOf(...names: readonly (string | number)[]): Dice {
  let state = hashed(names.join('|'));
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    random,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    secret: () => hex(64),
    happens: (share) => random() < share,
    between: (from, to) => from + Math.floor(random() * (to - from + 1)),
    pick(list) {
      const one = list[Math.floor(random() * list.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
  };
}
