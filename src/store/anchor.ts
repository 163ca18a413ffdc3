import { anchorHash, type DayHead, recordedDay, recordedOn } from '../core/audit.ts';
import type { Doc, EventDoc, Key } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Conflict } from '../core/errors.ts';
import { MAX_PAGE, type Store } from './store.ts';

/**
 * A day's anchor: one hash that stands for every event of its row recorded up to the end of that day (UTC). Printed
 * outside the store (digests, exports), it shows later whether the record was rewritten since.
 */
export interface AnchorDoc extends Doc {
  readonly kind: 'anchor';
  readonly day: string;
  /** How many chains grew that day. */
  readonly heads: number;
  /** The hash of the anchor before; '' for the first. */
  readonly prev: string;
  readonly hash: string;
  readonly madeAt: Instant;
}

/**
 * Anchors are in two rows, each after its own: an anchor over everything would tell whoever holds an export how much
 * was left out of it.
 */
export type AnchorRow = 'open' | 'apart';
export const ANCHORS_CASE: Readonly<Record<AnchorRow, string>> = {
  open: '_anchors',
  apart: 'concern-anchors',
};
const ANCHORS: Readonly<Record<AnchorRow, string>> = { open: 'anchors', apart: 'anchors.apart' };
const anchorId = (day: string): string => `anchor:${day}`;
const anchorsKey = (pathwayId: string, row: AnchorRow): Key => ({ pathwayId, caseId: ANCHORS_CASE[row] });
const recordedOf = (row: AnchorRow): string => recordedOn(ANCHORS_CASE[row]);

/** Turns that began before midnight are committed by then: a turn has eight seconds, clocks differ by less. */
const SETTLED_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const midnight = (day: string): Instant => `${day}T00:00:00.000Z`;
const dayAfter = (day: string, days = 1): string => plusMs(midnight(day), days * DAY_MS).slice(0, 10);

/** The last day whose events are all in at `now`. */
export const lastSettledDay = (now: Instant): string => dayAfter(plusMs(now, -SETTLED_MS).slice(0, 10), -1);

/**
 * Makes the anchor of one day (`YYYY-MM-DD`, UTC), or gives the one that stands. Undefined where there can be
 * none: until five minutes after the day's end, and for a day before the newest anchor, which has sealed it.
 * Errors: those of the store.
 */
export async function anchorDay(
  store: Store,
  pathwayId: string,
  day: string,
  now: Instant,
  row: AnchorRow = 'open',
): Promise<AnchorDoc | undefined> {
  const key = anchorsKey(pathwayId, row);
  const standing = await store.get<AnchorDoc>(key, anchorId(day));
  if (standing) return standing.doc;
  const newest = await newestAnchor(store, pathwayId, row);
  if (day > lastSettledDay(now) || (newest && newest.day > day)) return undefined;
  const heads = await headsOf(store, pathwayId, day, row);
  const prev = newest?.hash ?? '';
  const doc: AnchorDoc = {
    id: anchorId(day),
    kind: 'anchor',
    schema: 1,
    lists: { [ANCHORS[row]]: day },
    day,
    heads: heads.length,
    prev,
    hash: anchorHash(pathwayId, day, prev, heads),
    madeAt: now,
  };
  try {
    await store.commit(key, [{ do: 'create', doc }]);
    return doc;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return (await store.get<AnchorDoc>(key, anchorId(day)))?.doc;
  }
}

/**
 * Makes every anchor that is due at `now`, in order, from the day after the newest one, or from the first
 * recorded event. Returns those made; none when all stand. Safe to repeat, and from several processes.
 */
export async function anchorUpTo(
  store: Store,
  pathwayId: string,
  now: Instant,
  row: AnchorRow = 'open',
): Promise<AnchorDoc[]> {
  const newest = await newestAnchor(store, pathwayId, row);
  const from = newest ? dayAfter(newest.day) : await firstDay(store, pathwayId, row);
  const made: AnchorDoc[] = [];
  for (let day = from; day !== undefined && day <= lastSettledDay(now); day = dayAfter(day)) {
    const anchor = await anchorDay(store, pathwayId, day, now, row);
    if (anchor) made.push(anchor);
  }
  return made;
}

/** The newest anchor of a pathway, to be printed on what leaves the store; undefined before the first. */
export async function newestAnchor(
  store: Store,
  pathwayId: string,
  row: AnchorRow = 'open',
): Promise<AnchorDoc | undefined> {
  let newest: AnchorDoc | undefined;
  for await (const anchor of anchors(store, pathwayId, row)) newest = anchor;
  return newest;
}

/** All anchors of a pathway, oldest first. */
export async function* anchors(
  store: Store,
  pathwayId: string,
  row: AnchorRow = 'open',
): AsyncGenerator<AnchorDoc> {
  for (let after = ''; ; ) {
    const page = await store.page<AnchorDoc>(pathwayId, ANCHORS[row], { after, limit: MAX_PAGE });
    for (const { doc, place } of page) {
      after = place;
      yield doc;
    }
    if (page.length < MAX_PAGE) return;
  }
}

async function firstDay(store: Store, pathwayId: string, row: AnchorRow): Promise<string | undefined> {
  const [first] = await store.page<EventDoc>(pathwayId, recordedOf(row), { limit: 1 });
  return first && recordedDay(first.doc);
}

/** Where the chains that grew on a day ended that day, by the list `recorded` (`<day>|<case>|<seq>`). */
async function headsOf(store: Store, pathwayId: string, day: string, row: AnchorRow): Promise<DayHead[]> {
  const heads = new Map<string, DayHead>();
  // '}' is the character after '|'.
  for (let after = `${day}|`; ; ) {
    const page = await store.page<EventDoc>(pathwayId, recordedOf(row), {
      after,
      upTo: `${day}}`,
      limit: MAX_PAGE,
    });
    for (const { key, doc, place } of page) {
      after = place;
      heads.set(key.caseId, { caseId: key.caseId, seq: doc.seq, hash: doc.hash });
    }
    if (page.length < MAX_PAGE) return [...heads.values()];
  }
}
