import { forgetFillers, kindAt, type Order, slotOf, sortKind } from './blocks.ts';
import { countAgreeing } from './chances.ts';
import type { GrowingColumns } from './columns.ts';
import { fillKeys, isUsed, KINDS, SLOTS, writeKeys } from './keys.ts';
import { learn, type Model } from './learn.ts';
import { compare } from './levels.ts';
import { createKeys, type Suggestion, suggestionOf } from './link.ts';
import { comparePart } from './pairs.ts';
import type { Person } from './person.ts';
import { createExplain } from './reasons.ts';
import { createScorer } from './score.ts';

/** A register in which people can be looked up, and which takes and loses records. */
export interface RegisterIndex {
  /** How many records it holds. */
  readonly size: number;
  readonly model: Model;
  /**
   * Who of the register this may be, the surest first. The person need not be in it; a record with the same id is
   * passed over. Each pair is judged by itself: what a third record says of it, `link` takes into account. Takes any
   * text.
   */
  find(person: Person): readonly Suggestion[];
  /** Takes one record more. Errors: when the id is there already. */
  add(person: Person): void;
  /** Loses a record; false if it was not there. */
  remove(id: string): boolean;
}

/**
 * Makes a register searchable. `columns` and `ids` are its own from then on. Without a model it learns one, for which
 * it compares the register with itself; one that `link` gave saves that. The model stays as it is while records come
 * and go, how rare values are follows them; make a new index when the register has doubled.
 */
export function createIndex(columns: GrowingColumns, ids: string[], given?: Model): RegisterIndex {
  const rows = columns.size;
  const keys = createKeys(columns);
  fillKeys(columns, keys, 0, rows);
  const orders = KINDS.map((_, kind) => sortKind(keys, rows, kind));
  forgetFillers(keys, rows, columns.nhs);
  const model = given ?? learn(rows, comparePart(columns, keys, orders, 0, 1).counts, countAgreeing(columns));
  const scorer = createScorer(model);
  const explain = createExplain(columns);
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const removed = new Set<number>();
  /** Rows that came later, by key, for each kind. */
  const later = KINDS.map(() => new Map<number, number[]>());
  const own = new Uint32Array(SLOTS);

  /** The rows that share a key of one kind with `own`; none from a block too large to say anything. */
  function* rowsSharing(kind: number): Generator<number> {
    const { slots, most } = kindAt(kind);
    if (!isUsed(kindAt(kind), rows)) return;
    const order = orders[kind] as Order;
    for (const slot of slots) {
      const key = own[slot] as number;
      if (key === 0) continue;
      const from = lowerBound(keys, kind, order, key);
      let to = from;
      while (to < order.length && keys[slotOf(kind, order[to] as number)] === key) to++;
      const more = later[kind]?.get(key) ?? [];
      if (to - from + more.length >= most) continue;
      for (let at = from; at < to; at++) yield Math.floor((order[at] as number) / slots.length);
      yield* more;
    }
  }

  function find(person: Person): Suggestion[] {
    const row = columns.add(person);
    ids[row] = person.id;
    writeKeys(columns, row, own, 0);
    const seen = new Set<number>();
    let sharing = 1;
    for (const kind of KINDS.keys()) {
      for (const other of rowsSharing(kind)) {
        if (removed.has(other) || ids[other] === person.id) continue;
        if (kind === 0) sharing++;
        seen.add(other);
      }
    }
    const found: Suggestion[] = [];
    for (const other of seen) {
      const pattern = compare(columns, row, other);
      if (scorer.hopeless(pattern)) continue;
      const probability = scorer.probability(columns, row, other, pattern, sharing);
      const made = suggestionOf(explain, ids, { a: row, b: other, pattern, probability });
      if (made) found.push(made);
    }
    columns.drop();
    ids.length = row;
    return found.sort((p, q) => q.probability - p.probability || (p.idA + p.idB < q.idA + q.idB ? -1 : 1));
  }

  return {
    get size() {
      return rowOf.size;
    },
    model,
    find,
    add(person) {
      if (rowOf.has(person.id)) throw new Error('a record with this id is in the index: remove it first');
      const row = columns.add(person);
      ids[row] = person.id;
      rowOf.set(person.id, row);
      writeKeys(columns, row, own, 0);
      for (const [kind, { slots }] of KINDS.entries()) {
        for (const slot of slots) {
          const key = own[slot] as number;
          if (key === 0) continue;
          const rows = later[kind]?.get(key);
          if (rows) rows.push(row);
          else later[kind]?.set(key, [row]);
        }
      }
    },
    remove(id) {
      const row = rowOf.get(id);
      if (row === undefined) return false;
      rowOf.delete(id);
      removed.add(row);
      columns.uncount(row);
      return true;
    },
  };
}

/** Where the block of a key begins in its order, or would. */
function lowerBound(keys: Uint32Array, kind: number, order: Order, key: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[slotOf(kind, order[middle] as number)] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
