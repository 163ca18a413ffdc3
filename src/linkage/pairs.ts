import { kindAt, type Order, slotOf } from './blocks.ts';
import type { Columns } from './columns.ts';
import { firstShared, SLOTS } from './keys.ts';
import { compare, PATTERNS } from './levels.ts';

/** Pairs of rows that share a key, each once, with the pattern in which they agree. */
export interface Pairs {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly patterns: Uint16Array;
  /** How often each pattern came. Whole numbers: their sums do not depend on who counted which part. */
  readonly counts: Float64Array;
}

/**
 * Compares the pairs of one part of `parts`: the blocks whose key leaves that remainder. All parts together have
 * every pair once, in whatever number of parts.
 */
export function comparePart(
  columns: Columns,
  keys: Uint32Array,
  orders: readonly Order[],
  part: number,
  parts: number,
): Pairs {
  let room = 1 << 10;
  let a = new Uint32Array(room);
  let b = new Uint32Array(room);
  let patterns = new Uint16Array(room);
  let size = 0;
  const counts = new Float64Array(PATTERNS);

  function take(left: number, right: number): void {
    if (size === room) {
      room *= 2;
      a = enlarged(a, new Uint32Array(room));
      b = enlarged(b, new Uint32Array(room));
      patterns = enlarged(patterns, new Uint16Array(room));
    }
    const pattern = compare(columns, left, right);
    a[size] = left;
    b[size] = right;
    patterns[size++] = pattern;
    counts[pattern] = (counts[pattern] as number) + 1;
  }

  let code = 0;
  for (const [kind, order] of orders.entries()) {
    const per = kindAt(kind).slots.length;
    for (let from = 0; from < order.length; ) {
      const key = keys[slotOf(kind, order[from] as number)] as number;
      let to = from + 1;
      while (to < order.length && keys[slotOf(kind, order[to] as number)] === key) to++;
      if (key % parts === part && to - from > 1) {
        for (let i = from; i < to; i++) {
          const left = order[i] as number;
          const leftRow = Math.floor(left / per);
          for (let j = i + 1; j < to; j++) {
            const right = order[j] as number;
            const rightRow = Math.floor(right / per);
            if (leftRow === rightRow) continue;
            const here = code + (left % per) * per + (right % per);
            if (firstShared(keys, leftRow * SLOTS, rightRow * SLOTS) === here) take(leftRow, rightRow);
          }
        }
      }
      from = to;
    }
    code += per * per;
  }
  return { a: a.slice(0, size), b: b.slice(0, size), patterns: patterns.slice(0, size), counts };
}

function enlarged<T extends Uint32Array | Uint16Array>(old: T, next: T): T {
  next.set(old);
  return next;
}
