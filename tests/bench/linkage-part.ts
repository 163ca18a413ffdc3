// The process that the linkage is measured in: makes the people, links them, and looks one up.
import { readFileSync } from 'node:fs';
import { linkOnThreads } from '../../src/link-threads.ts';
import {
  createColumns,
  createIndex,
  type GrowingColumns,
  type Linked,
  type Measured,
  measure,
  type RegisterIndex,
} from '../../src/linkage/linkage.ts';
import { answering } from './part.ts';
import { makePeople, type People } from './people.ts';

/** What linking cost and found. */
export interface LinkedFigures {
  readonly readMs: number;
  readonly linkMs: number;
  readonly compared: number;
  readonly measured: Measured;
}

/** What looking people up took, in milliseconds each, and how many suggestions came. */
export interface FoundFigures {
  readonly times: readonly number[];
  /** The best of three of each person: what other processes take away is hardly in it. */
  readonly best: readonly number[];
  readonly found: number;
}

const ROUNDS = 3;
let people: People | undefined;
let columns: GrowingColumns = createColumns();
let linked: Linked | undefined;
let index: RegisterIndex | undefined;

function made(): People {
  if (!people) throw new Error('nobody was made yet');
  return people;
}

function pairsIn(truth: Uint32Array): number {
  const sizes = new Map<number, number>();
  for (const person of truth) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  let pairs = 0;
  for (const size of sizes.values()) pairs += (size * (size - 1)) / 2;
  return pairs;
}

// Nothing else keeps it waiting for what it is asked.
process.channel?.ref();
answering({
  make: ({ size, seed }: { size: number; seed: number }): number => {
    people = makePeople(size, seed);
    return people.records.length;
  },
  link: async ({ threads }: { threads: number }): Promise<LinkedFigures> => {
    const { records, truth } = made();
    columns = createColumns();
    const from = performance.now();
    const ids = records.map((record) => {
      columns.add(record);
      return record.id;
    });
    const read = performance.now();
    linked = await linkOnThreads(columns, ids, { threads });
    const end = performance.now();
    const one = (id: string): number | undefined => truth[Number(id.slice(1))];
    const measured = measure(linked.suggestions, (a, b) => one(a) === one(b), pairsIn(truth));
    return { readMs: read - from, linkMs: end - read, compared: linked.compared, measured };
  },
  index: (): number => {
    const from = performance.now();
    index = createIndex(
      columns,
      made().records.map(({ id }) => id),
      linked?.model,
    );
    return performance.now() - from;
  },
  find: ({ count, seed }: { count: number; seed: number }): FoundFigures => {
    const asked = makePeople(count, seed).records.map((one, n) => ({ ...one, id: `new-${n}` }));
    const known = made().records;
    // Every second is somebody of the register, as most who are asked for are.
    const mixed = asked.map((one, n) =>
      n % 2 === 0 ? one : { ...one, ...known[(n * 7_919) % known.length], id: one.id },
    );
    let found = 0;
    const best = new Array<number>(mixed.length).fill(Number.POSITIVE_INFINITY);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [n, one] of mixed.entries()) {
        const from = performance.now();
        found += index?.find(one).length ?? 0;
        const time = performance.now() - from;
        times.push(time);
        best[n] = Math.min(best[n] as number, time);
      }
    }
    return { times, best, found: found / ROUNDS };
  },
  peak: (): number => {
    // The most that the process held, which Linux tells; maxRSS of the parent would count when it is forked.
    const status = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return status ? Number(status[1]) * 1024 : process.resourceUsage().maxRSS * 1024;
  },
});
