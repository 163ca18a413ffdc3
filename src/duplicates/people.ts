import { type Instant, plusMs } from '../core/clock.ts';
import { linkOnThreads } from '../link-threads.ts';
import {
  createColumns,
  createIndex,
  type GrowingColumns,
  type Person,
  type RegisterIndex,
} from '../linkage/linkage.ts';
import { type CaseDoc, keeperOf } from '../register/case.ts';
import type { Store } from '../store/store.ts';

const PAGE = 1_000;
/** So many pages are read at once: timers of the pathway wait meanwhile. */
const PAGES_AT_ONCE = 5;
/** A commit may land so much later than the time that it was decided at. */
const OVERLAP_MS = 10_000;
/** From so many on the register is compared with itself on threads, and not here. */
const MANY = 20_000;

/** The people of one pathway's register, as far as they were read. */
interface Known {
  readonly columns: GrowingColumns;
  readonly ids: string[];
  /** Before there is an index: each case as it was read last. */
  readonly waiting: Map<string, Person>;
  index?: RegisterIndex;
  building?: Promise<void>;
  /** How many there were when the index was made. */
  made: number;
  /** The last place that was read. */
  readTo: string;
  /** Places of the last seconds, which are read again. */
  readonly recent: Set<string>;
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
export function createPeople(store: Store) {
  const known = new Map<string, Known>();

  const fresh = (): Known => ({
    columns: createColumns(),
    ids: [],
    waiting: new Map(),
    made: 0,
    readTo: '',
    recent: new Set(),
  });

  function take(one: Known, place: string, caseDoc: CaseDoc): void {
    if (one.recent.has(place)) return;
    one.recent.add(place);
    const person = personOf(caseDoc);
    if (!one.index) {
      one.waiting.set(caseDoc.caseId, person);
      return;
    }
    one.index.remove(caseDoc.caseId);
    one.index.add(person);
  }

  /** Reads on; true when there is no more to read. */
  async function read(pathwayId: string, one: Known): Promise<boolean> {
    const from = backFrom(one.readTo);
    for (const place of one.recent) if (place < from) one.recent.delete(place);
    let after = from;
    for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
      const page = await store.page<CaseDoc>(pathwayId, 'identity', { after, limit: PAGE });
      for (const { place, doc } of page) take(one, place, doc);
      after = page.at(-1)?.place ?? after;
      if (after > one.readTo) one.readTo = after;
      if (page.length < PAGE) return true;
    }
    return false;
  }

  /** Makes what was read searchable. */
  async function make(one: Known): Promise<void> {
    const { columns, ids, waiting } = one;
    for (const person of waiting.values()) {
      columns.add(person);
      ids.push(person.id);
    }
    waiting.clear();
    const model = ids.length < MANY ? undefined : (await linkOnThreads(columns, ids)).model;
    one.made = ids.length;
    one.index = createIndex(columns, ids, model);
  }

  return {
    /** The index of a pathway, up to date; undefined while it is being read or made: ask again in a moment. */
    async find(pathwayId: string): Promise<RegisterIndex | undefined> {
      const before = known.get(pathwayId);
      // What was learned of a small register does not hold for a large one.
      const outgrown = before?.index !== undefined && before.index.size > 2 * before.made + 100;
      const one = before && !outgrown ? before : fresh();
      known.set(pathwayId, one);
      if (one.building) return undefined;
      if (!(await read(pathwayId, one))) return undefined;
      if (one.index) return one.index;
      if (one.waiting.size < MANY) await make(one);
      else {
        one.building = make(one)
          .catch(() => void known.delete(pathwayId))
          .finally(() => {
            delete one.building;
          });
      }
      return one.index;
    },
  };
}

export type People = ReturnType<typeof createPeople>;

/** A place some seconds before. */
function backFrom(place: string): string {
  const at: Instant | undefined = place.split('|')[0] || undefined;
  return at === undefined ? '' : plusMs(at, -OVERLAP_MS);
}
