/**
 * Distinct words of a column, numbered from 1 in the order they came; 0 is missing. The numbers are for speed
 * only: what is decided depends on spellings, sounds and counts, so that the order of the lines cannot matter.
 */
export interface Words {
  /** How many numbers are taken, with 0. */
  readonly size: number;
  /** All spellings, one after the other. */
  readonly units: Uint16Array;
  /** Where each spelling begins; it ends where the next begins. */
  readonly starts: Uint32Array;
  /** A hash of each spelling, never 0. */
  readonly hashes: Uint32Array;
  /** A hash of what each belongs to (a name's sound, a postcode's district); 0 for nothing. */
  readonly kins: Uint32Array;
  /** How often each stands in the column. */
  readonly counts: Uint32Array;
  /** How often in the second column, where two columns share their words (surnames beside given names). */
  readonly others: Uint32Array;
}

/** Words that can still grow. */
export interface GrowingWords extends Words {
  /** The number of a spelling, new or known. `kin` is asked once a word. */
  add(spelling: string, kin: (spelling: string) => string): number;
}

/** FNV-1a over UTF-16 units, 32 bits, never 0; `from` chains several. */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

/** Two hashes as one; the order counts. 0 when either is 0, since nothing is found by a missing value. */
export function joined(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return mixed(Math.imul(a, 0x9e3779b1) ^ b);
}

/** A 32 bit number stirred (murmur3's finaliser), never 0. */
export function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}

/** An array of the same kind with room for `size`, on memory that threads share. */
export function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  old: T,
  size: number,
): T {
  const kind = old.constructor as new (buffer: SharedArrayBuffer) => T;
  const next = new kind(new SharedArrayBuffer(size * old.BYTES_PER_ELEMENT));
  next.set(old);
  return next;
}

const FIRST = 256;

/** No words yet. */
export function createWords(): GrowingWords {
  const ids = new Map<string, number>();
  const words = {
    size: 1,
    units: grown(new Uint16Array(0), FIRST * 8),
    starts: grown(new Uint32Array(0), FIRST + 1),
    hashes: grown(new Uint32Array(0), FIRST),
    kins: grown(new Uint32Array(0), FIRST),
    counts: grown(new Uint32Array(0), FIRST),
    others: grown(new Uint32Array(0), FIRST),
    add(spelling: string, kin: (spelling: string) => string): number {
      const known = ids.get(spelling);
      if (known !== undefined) return known;
      const id = words.size;
      if (id === words.hashes.length) {
        words.starts = grown(words.starts, id * 2 + 1);
        for (const name of ['hashes', 'kins', 'counts', 'others'] as const) {
          words[name] = grown(words[name], id * 2);
        }
      }
      const from = words.starts[id] as number;
      const to = from + spelling.length;
      if (to > words.units.length) words.units = grown(words.units, Math.max(to, words.units.length * 2));
      for (let at = 0; at < spelling.length; at++) words.units[from + at] = spelling.charCodeAt(at);
      words.starts[id + 1] = to;
      words.hashes[id] = hashOf(spelling);
      const related = kin(spelling);
      words.kins[id] = related === '' ? 0 : hashOf(related);
      words.size = id + 1;
      ids.set(spelling, id);
      return id;
    },
  };
  return words;
}

/** The spelling of a word. */
export function spellingOf(words: Words, id: number): string {
  return String.fromCharCode(...words.units.subarray(words.starts[id], words.starts[id + 1]));
}
