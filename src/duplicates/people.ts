import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Instant, plusMs } from '../core/clock.ts';
import { linkOnThreads } from '../link-threads.ts';
import {
  createColumns,
  createIndex,
  type GrowingColumns,
  type Person,
  type RegisterIndex,
  type Suggestion,
} from '../linkage/linkage.ts';
import { type CaseDoc, keeperOf } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import type { createEarlier } from './earlier.ts';

const PAGE = 1_000;
/** So many pages are read while who asks waits; more are read beside everything else. */
const PAGES_AT_ONCE = 5;
/** A commit may land so much later than the time that it was decided at, and clocks of workers differ. */
const OVERLAP_MS = 20_000;
/** From so many on the register is compared with itself on threads, and not here. */
const MANY = 20_000;

/** The people of one pathway's register, as far as they were read. */
interface Known {
  readonly columns: GrowingColumns;
  readonly ids: string[];
  /** Before there is an index: each case as it was read last. */
  readonly waiting: Map<string, Person>;
  index?: RegisterIndex;
  /** It is being read, or made searchable, beside everything else. */
  busy?: Promise<void>;
  /** So much came at once that it is read again only when nothing can land between it any more. */
  quietUntil: Instant;
  /** How many there were when the index was made. */
  made: number;
  /** What stands after this place is read next. */
  readFrom: string;
  /** From where those are read on that were stored before the list was kept; absent when they were all read. */
  earlier?: string;
  /** Places after it that were read already, with the version: what is decided now may land between them, or at one. */
  readonly recent: Map<string, string>;
}

/** Who a case is about, for the linkage. */
export function personOf(caseDoc: CaseDoc): Person {
  const { given, surname, dob, nhsNumber, postcode } = caseDoc.person;
  const provider = keeperOf(caseDoc);
  return {
    id: caseDoc.caseId,
    ...(provider !== undefined && { provider }),
    ...(given !== undefined && { given }),
    ...(surname !== undefined && { surname }),
    ...(dob !== undefined && { dob }),
    ...(nhsNumber !== undefined && { nhs: nhsNumber }),
    ...(postcode !== undefined && { postcode }),
  };
}

/**
 * The people of each register in memory, made searchable and kept up to date from the list `identity`. Every process
 * has its own, and reads it again after a start.
 */
export function createPeople(
  store: Pick<Store, 'page'>,
  now: () => Instant,
  earlier?: ReturnType<typeof createEarlier>,
) {
  const known = new Map<string, Known>();

  const fresh = (): Known => ({
    columns: createColumns(),
    ids: [],
    waiting: new Map(),
    made: 0,
    quietUntil: '',
    readFrom: '',
    recent: new Map(),
    ...(earlier && { earlier: '' }),
  });

  function take(one: Known, caseDoc: CaseDoc): void {
    const person = personOf(caseDoc);
    if (!one.index) {
      one.waiting.set(caseDoc.caseId, person);
      return;
    }
    one.index.remove(caseDoc.caseId);
    one.index.add(person);
  }

  /** Reads a page on; true when there is no more to read. */
  async function readOn(pathwayId: string, one: Known): Promise<boolean> {
    if (earlier && one.earlier !== undefined) {
      const { cases, next } = await earlier(pathwayId, one.earlier);
      for (const caseDoc of cases) take(one, caseDoc);
      if (next === undefined) delete one.earlier;
      else one.earlier = next;
      if (next !== undefined) return false;
    }
    const settled = plusMs(now(), -OVERLAP_MS);
    const page = await store.page<CaseDoc>(pathwayId, 'identity', { after: one.readFrom, limit: PAGE });
    for (const { place, doc, etag } of page) {
      if (one.recent.has(place) && one.recent.get(place) === etag) continue;
      if (place >= settled) one.recent.set(place, etag);
      take(one, doc);
    }
    const last = page.at(-1)?.place ?? one.readFrom;
    if (page.length === PAGE) {
      one.readFrom = last;
      return false;
    }
    one.readFrom = last < settled ? last : settled;
    for (const place of one.recent.keys()) if (place <= one.readFrom) one.recent.delete(place);
    return true;
  }

  /** Makes what was read searchable; gives what a large register is found to have twice. */
  async function make(one: Known): Promise<readonly Suggestion[] | undefined> {
    const { columns, ids, waiting } = one;
    for (const person of waiting.values()) {
      columns.add(person);
      ids.push(person.id);
    }
    waiting.clear();
    const linked = ids.length < MANY ? undefined : await linkOnThreads(columns, ids);
    one.made = ids.length;
    one.index = createIndex(columns, ids, linked?.model);
    return linked?.suggestions;
  }

  /** Reads all there is and makes it searchable; what else goes on has its turn between two pages. */
  async function catchUp(pathwayId: string, one: Known): Promise<void> {
    while (!(await readOn(pathwayId, one))) await othersTurn();
    if (one.recent.size > PAGE * PAGES_AT_ONCE) one.quietUntil = plusMs(now(), OVERLAP_MS);
    if (!one.index) await make(one);
  }

  /** What was learned of a small register does not hold for a large one: among three, any two may well be one person. */
  const isOutgrown = ({ index, made }: Known): boolean => index !== undefined && index.size > 2 * made;

  /** The index of a pathway, up to date; undefined while it is being read or made: ask again in a moment. */
  async function find(pathwayId: string): Promise<RegisterIndex | undefined> {
    const before = known.get(pathwayId);
    const one = before && !isOutgrown(before) ? before : fresh();
    known.set(pathwayId, one);
    if (one.busy || now() < one.quietUntil) return undefined;
    let all = false;
    for (let pages = 0; !all && pages < PAGES_AT_ONCE; pages++) all = await readOn(pathwayId, one);
    if (all && isOutgrown(one)) {
      known.delete(pathwayId);
      return find(pathwayId);
    }
    if (all && one.index) return one.index;
    if (all && one.waiting.size < MANY) {
      await make(one);
      return one.index;
    }
    one.busy = catchUp(pathwayId, one)
      .catch(() => void known.delete(pathwayId))
      .finally(() => {
        delete one.busy;
      });
    return undefined;
  }

  /**
   * The whole register compared with itself: what it has twice, the surest first. Of a small register there is
   * nothing but its index, by which each case is looked for.
   */
  async function whole(
    pathwayId: string,
  ): Promise<{ readonly index: RegisterIndex; readonly suggestions?: readonly Suggestion[] }> {
    const one = fresh();
    while (!(await readOn(pathwayId, one))) await othersTurn();
    const suggestions = await make(one);
    if (!one.index) throw new Error('what was read is searchable');
    known.set(pathwayId, one);
    return { index: one.index, ...(suggestions && { suggestions }) };
  }

  return { find, whole };
}

export type People = ReturnType<typeof createPeople>;
