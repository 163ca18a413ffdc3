import { createHash } from 'node:crypto';
import { isApart } from './apart.ts';
import { type AuditHead, type EventDoc, type EventDraft, eventId, type Json, type Key } from './change.ts';
import type { Instant } from './clock.ts';

/** JSON with sorted keys and no spaces, so that the same content always hashes the same (RFC 8785 in spirit). */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(',')}]`;
  const entries = Object.entries(value as { [key: string]: Json })
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}

/** SHA-256 of an event: everything stored of it but the hash itself, and where it stands. */
export function eventHash(key: Key, event: Omit<EventDoc, 'hash'>): string {
  const { hash: _, ...rest } = event as EventDoc;
  return createHash('sha256')
    .update(canonicalJson({ pathwayId: key.pathwayId, caseId: key.caseId, ...rest } as unknown as Json))
    .digest('hex');
}

/** The list of a pathway's events by the day on which they were recorded; of what is kept apart on one of its own. */
export const recordedOn = (caseId: string): 'recorded' | 'recorded.apart' =>
  isApart(caseId) ? 'recorded.apart' : 'recorded';

/** Gives drafts their places in the chain after `head`. */
export function linkEvents(
  key: Key,
  head: AuditHead,
  drafts: readonly EventDraft[],
  now: Instant,
): { events: EventDoc[]; head: AuditHead } {
  const events: EventDoc[] = [];
  let last = head;
  for (const draft of drafts) {
    const seq = last.seq + 1;
    const place = `${key.caseId}|${String(seq).padStart(8, '0')}`;
    const unhashed = {
      id: eventId(seq),
      kind: 'event' as const,
      schema: 1,
      lists: { history: place, [recordedOn(key.caseId)]: `${now.slice(0, 10)}|${place}` },
      seq,
      type: draft.type,
      by: draft.by,
      happenedAt: draft.happenedAt ?? now,
      recordedAt: now,
      data: draft.data,
      prev: last.hash,
    };
    const event: EventDoc = { ...unhashed, hash: eventHash(key, unhashed) };
    events.push(event);
    last = { seq, hash: event.hash };
  }
  return { events, head: last };
}

/** The first link of a chain that does not hold. `seq` is where; 0 where no event stands for it. */
export interface BrokenLink {
  readonly caseId: string;
  readonly seq: number;
  readonly problem: 'edited' | 'removed' | 'inserted' | 'moved' | 'head' | 'anchor';
  /** What is wrong, for the person who asked. */
  readonly says: string;
}

/**
 * Recomputes a chain from its events in the order of their ids, and compares it with its head.
 * Returns the first link that does not hold, or undefined. `head` undefined: the head document is gone.
 */
export function brokenLink(
  key: Key,
  events: readonly EventDoc[],
  head: AuditHead | undefined,
): BrokenLink | undefined {
  const broken = (seq: number, problem: BrokenLink['problem'], says: string): BrokenLink => ({
    caseId: key.caseId,
    seq,
    problem,
    says,
  });
  if (!head) return broken(0, 'head', 'the document that holds the end of the chain is gone');
  let last: AuditHead = { seq: 0, hash: '' };
  for (const event of events) {
    const seq = last.seq + 1;
    const at = events[seq - 1] === event && event.id === eventId(seq);
    if (!at) return broken(seq, 'removed', 'this event is missing');
    if (seq > head.seq) return broken(seq, 'inserted', 'this event stands after the end of the chain');
    if (event.hash !== eventHash(key, event)) {
      return event.seq === seq
        ? broken(seq, 'edited', 'the content of this event does not match its hash')
        : broken(seq, 'moved', 'this event was recorded at another place of the chain');
    }
    if (event.seq !== seq)
      return broken(seq, 'moved', 'this event was recorded at another place of the chain');
    if (event.prev !== last.hash) {
      return broken(seq, 'inserted', 'this event does not follow from the one before it');
    }
    last = { seq, hash: event.hash };
  }
  if (last.seq < head.seq) {
    return broken(last.seq + 1, 'removed', 'this event is missing at the end of the chain');
  }
  if (last.hash !== head.hash)
    return broken(last.seq, 'head', 'the end of the chain does not match its last event');
  return undefined;
}

/** The day, in UTC, that an event was recorded on. */
export const recordedDay = (event: EventDoc): string => event.recordedAt.slice(0, 10);

/** A chain's end after a day, as the day's anchor takes it in. */
export interface DayHead extends AuditHead {
  readonly caseId: string;
}

/** SHA-256 over the anchor before ('' for the first) and the ends, sorted by case, of the chains that grew that day. */
export function anchorHash(pathwayId: string, day: string, prev: string, heads: readonly DayHead[]): string {
  const ends = heads.map(({ caseId, seq, hash }) => [caseId, seq, hash]);
  ends.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash('sha256')
    .update(canonicalJson({ pathwayId, day, prev, heads: ends }))
    .digest('hex');
}
