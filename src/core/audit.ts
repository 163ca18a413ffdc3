import { createHash } from 'node:crypto';
import { type AuditHead, type EventDoc, type EventDraft, eventId, type Json, type Key } from './change.ts';
import type { Instant } from './clock.ts';

/** JSON with sorted keys and no spaces, so that the same content always hashes the same (RFC 8785 in spirit). */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
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
      lists: { history: place, recorded: `${now.slice(0, 10)}|${place}` },
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
