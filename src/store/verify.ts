import { isApart } from '../core/apart.ts';
import { anchorHash, type BrokenLink, brokenLink, type DayHead, recordedDay } from '../core/audit.ts';
import type { AuditHead, Doc, EventDoc, Head, Key } from '../core/change.ts';
import { ANCHORS_CASE, type AnchorDoc, type AnchorRow, anchors } from './anchor.ts';
import type { Store } from './store.ts';

/** An anchor as it was printed outside the store: on a digest, an export, or another organisation's file. */
export interface PrintedAnchor {
  readonly day: string;
  readonly hash: string;
}

/** What was found in one part of a record. */
export interface VerifiedPart {
  readonly holds: boolean;
  readonly chains: number;
  readonly events: number;
  readonly anchors: number;
  readonly newest: PrintedAnchor | undefined;
  /** The first broken link of each chain that does not hold, by case, then of the anchors. Empty when all hold. */
  readonly broken: readonly BrokenLink[];
}

/** What was found in the open record, and by itself in what is kept apart; `holds`: both do. */
export interface VerifyResult extends VerifiedPart {
  readonly pathwayId: string;
  readonly apart: VerifiedPart;
  /** What this run could not show, to be said with its result. */
  readonly limits: string;
}

export const LIMITS = {
  inside:
    'Someone who can write to the store could rewrite events, the ends of their chains and every anchor, and ' +
    'this check would hold. Compare the newest anchor with one printed outside the store to rule that out. ' +
    'Events since the newest anchor can be cut off at the end unseen. Documents other than events are not chained.',
  printed:
    'Events up to the printed anchor are as they were when it was printed. Events since then can be cut off ' +
    'at the end unseen. Documents other than events are not chained.',
} as const;

/** A commit may land between reading a chain and reading its end: look again before calling it broken. */
const LOOKS = 3;

/**
 * Recomputes every chain of events of a pathway and every daily anchor. Finds an event that was edited,
 * removed, inserted or moved, the end of a chain that was changed or removed, and, by the anchors, a chain
 * rewritten whole. Reads everything, not the lists, so that a document taken off its lists is still found.
 * Pass `printed` to check against an anchor kept outside. Errors: those of the store.
 */
export async function verifyPathway(
  store: Store,
  pathwayId: string,
  printed?: PrintedAnchor,
): Promise<VerifyResult> {
  const found = await partitions(store, pathwayId);
  const open = await verifyPart(store, pathwayId, 'open', found, printed);
  const apart = await verifyPart(store, pathwayId, 'apart', found, undefined);
  return {
    pathwayId,
    ...open,
    holds: open.holds && apart.holds,
    apart,
    limits: printed ? LIMITS.printed : LIMITS.inside,
  };
}

async function verifyPart(
  store: Store,
  pathwayId: string,
  row: AnchorRow,
  everything: ReadonlyMap<string, Partition>,
  printed: PrintedAnchor | undefined,
): Promise<VerifiedPart> {
  const found = [...everything].filter(([caseId]) => isApart(caseId) === (row === 'apart'));
  const broken: BrokenLink[] = [];
  const days = new Map<string, DayHead[]>();
  let events = 0;
  let later: Map<string, Partition> | undefined;
  for (const [caseId, first] of found) {
    // A case begun while everything was read may have shown its events and not yet its head.
    if (first.heads.length === 0) later ??= await partitions(store, pathwayId);
    const partition = (first.heads.length === 0 && later?.get(caseId)) || first;
    const chain = await lookAt(store, { pathwayId, caseId }, partition);
    events += chain.events.length;
    if (chain.broken) broken.push(chain.broken);
    for (const [day, head] of endsByDay(caseId, chain.events)) {
      const heads = days.get(day);
      if (heads) heads.push(head);
      else days.set(day, [head]);
    }
  }
  const anchored = await checkAnchors(store, pathwayId, row, days, printed);
  if (anchored.broken) broken.push(anchored.broken);
  return {
    holds: broken.length === 0,
    chains: found.length,
    events,
    anchors: anchored.count,
    newest: anchored.newest && { day: anchored.newest.day, hash: anchored.newest.hash },
    broken,
  };
}

/** What stands in a partition that has a chain: the ids of its heads (one, if all is well), its events' ids. */
interface Partition {
  readonly heads: string[];
  readonly events: string[];
}

async function partitions(store: Store, pathwayId: string): Promise<Map<string, Partition>> {
  const found = new Map<string, Partition>();
  for await (const { key, doc } of store.everything(pathwayId)) {
    const event = doc.kind === 'event' || doc.id.startsWith('event:');
    if (!event && !isHead(doc)) continue;
    const partition = found.get(key.caseId) ?? { heads: [], events: [] };
    found.set(key.caseId, partition);
    (event ? partition.events : partition.heads).push(doc.id);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isHead = (doc: Doc): doc is Head => 'audit' in doc;

async function lookAt(
  store: Store,
  key: Key,
  { heads, events: ids }: Partition,
): Promise<{ events: EventDoc[]; broken: BrokenLink | undefined }> {
  const [headId] = heads;
  for (let look = 1; ; look++) {
    const head = headId === undefined ? undefined : (await store.get<Head>(key, headId))?.doc;
    const events = await store.history(key);
    const broken = brokenLink(key, events, auditOf(head)) ?? astray(key, ids, events, heads);
    if (!broken || look === LOOKS) return { events, broken };
  }
}

function auditOf(head: Head | undefined): AuditHead | undefined {
  return head?.audit && typeof head.audit === 'object' ? head.audit : undefined;
}

/** Events that the case's history does not show, and a second document that claims to end the chain. */
function astray(
  { caseId }: Key,
  ids: readonly string[],
  events: readonly EventDoc[],
  heads: readonly string[],
): BrokenLink | undefined {
  const shown = new Set(events.map((event) => event.id));
  if (ids.some((id) => !shown.has(id))) {
    return { caseId, seq: 0, problem: 'inserted', says: 'an event stands outside the chain' };
  }
  if (heads.length > 1)
    return { caseId, seq: 0, problem: 'head', says: 'two documents claim to end the chain' };
  return undefined;
}

function endsByDay(caseId: string, events: readonly EventDoc[]): Map<string, DayHead> {
  return new Map(events.map((event) => [recordedDay(event), { caseId, seq: event.seq, hash: event.hash }]));
}

async function checkAnchors(
  store: Store,
  pathwayId: string,
  row: AnchorRow,
  days: ReadonlyMap<string, readonly DayHead[]>,
  printed: PrintedAnchor | undefined,
): Promise<{ count: number; newest: AnchorDoc | undefined; broken: BrokenLink | undefined }> {
  let count = 0;
  let newest: AnchorDoc | undefined;
  let says: string | undefined;
  const anchored = new Map<string, string>();
  for await (const anchor of anchors(store, pathwayId, row)) {
    const { day, hash, prev } = anchor;
    count++;
    if (prev !== (newest?.hash ?? '')) says ??= `the anchor of ${day} does not follow from the one before it`;
    if (hash !== anchorHash(pathwayId, day, prev, days.get(day) ?? [])) {
      says ??= `the anchor of ${day} does not match the events recorded that day`;
    }
    anchored.set(day, hash);
    newest = anchor;
  }
  for (const day of [...days.keys()].sort()) {
    if (newest && day < newest.day && !anchored.has(day)) says ??= `the anchor of ${day} is missing`;
  }
  if (printed && anchored.get(printed.day) !== printed.hash) {
    says ??= `the anchor of ${printed.day} is not the one that was printed`;
  }
  return {
    count,
    newest,
    broken: says ? { caseId: ANCHORS_CASE[row], seq: 0, problem: 'anchor', says } : undefined,
  };
}
