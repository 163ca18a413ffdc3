import type { Agreement } from '../agreement/agreement.ts';
import { listOf } from '../agreement/register.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { localDateOf } from '../core/wording.ts';
import { parseSpan } from '../core/working-time.ts';
import type { CaseDoc, OnList } from '../register/case.ts';
import type { ListDoc } from '../register/list.ts';
import { isChanged, isIdentifying } from '../register/person.ts';
import type { ListStanding, MismatchKind } from './reconciliation.ts';

/** A mismatch as a run finds it. A case has at most one of a kind with a provider. */
export interface Found {
  readonly kind: MismatchKind;
  /** Whose list or holding it concerns: it is theirs to settle. */
  readonly provider: string;
  /** What it says, in codes and days: settled once, it comes back when this is another. */
  readonly says: string;
}

/** What cases are compared with, worked out once a run. */
export interface Comparing {
  readonly terms: Agreement;
  readonly standings: readonly ListStanding[];
  /** The newest lists that are in, by provider. */
  readonly lists: ReadonlyMap<string, Compared>;
  /** What waits to be decided of pairs of cases that may be one person, by the case that came later. */
  readonly undecided: ReadonlyMap<string, Undecided>;
}

/** The pairs of one case that wait: whose job they are, and their other cases. */
export interface Undecided {
  readonly owner: string;
  readonly others: readonly string[];
}

interface Compared {
  readonly list: string;
  readonly asOf: Instant;
  /** The local day on which it was true. */
  readonly day: string;
  /** Received before this day, and without a first contact: a long wait. */
  readonly waitedSince: string;
  /** Which columns it has. */
  readonly tells: { readonly outcome: boolean; readonly firstContact: boolean };
}

const DAY_MS = 24 * 60 * 60_000;
/** The day so many before another. */
const dayBefore = (day: string, days: number): string =>
  plusMs(`${day}T00:00:00.000Z`, -days * DAY_MS).slice(0, 10);
const daysOf = (span: string): number => parseSpan(span)?.days ?? 0;

/** How the newest list of a provider stands, which the agreement expects. */
export function standingOf(
  provider: string,
  { newest, held }: Pick<ListDoc, 'newest' | 'held'>,
  { digest: { listDays } }: Agreement,
  now: Instant,
): ListStanding {
  const waits = held ? { heldSince: held.at } : {};
  if (!newest) return { provider, state: 'missing', ...waits };
  const { id: list, asOf, state } = newest;
  if (state === 'importing') return { provider, state, list, asOf, ...waits };
  const late = asOf < plusMs(now, -listDays * DAY_MS);
  return { provider, state: late ? 'late' : 'fresh', list, asOf, ...waits };
}

/** What cases are compared with: a late list as it was when it was true, half of one not at all. */
export function comparing(
  standings: readonly ListStanding[],
  terms: Agreement,
  undecided: Comparing['undecided'] = new Map(),
): Comparing {
  const lists = new Map<string, Compared>();
  for (const { provider, state, list, asOf } of standings) {
    if (list === undefined || asOf === undefined || state === 'importing') continue;
    const day = localDateOf(asOf, terms.zone);
    const waitedSince = dayBefore(day, daysOf(terms.register.longWait));
    const columns = listOf(terms, provider)?.columns;
    const tells = {
      outcome: columns?.outcome !== undefined,
      firstContact: columns?.firstContact !== undefined,
    };
    lists.set(provider, { list, asOf, day, waitedSince, tells });
  }
  return { terms, standings, lists, undecided };
}

/** The provider that a case counts with: its holder, or whose list brought it while nobody holds it. */
export const countsWith = ({ holder, unowned }: CaseDoc): string =>
  holder?.provider ?? unowned?.provider ?? '';

/** Is this a case to be compared? One that is open here or on a newest list, and counts as one of its own. */
export function isCompared(caseDoc: CaseDoc, { lists }: Comparing, also: readonly CaseDoc[] = []): boolean {
  if (caseDoc.mergedInto !== undefined) return false;
  return caseDoc.state === 'open' || [caseDoc, ...also].some((one) => current(one, lists).length > 0);
}

/** A line of a case on a newest list, and since when Baton has the case as it has it. */
interface Current {
  readonly provider: string;
  readonly line: OnList;
  readonly list: Compared;
  readonly since: Instant;
}

/** The lines of a case on newest lists. Of one that counts with another: as that one is since they were made one. */
const current = (caseDoc: CaseDoc, lists: Comparing['lists'], since = ''): Current[] =>
  Object.entries(caseDoc.listed ?? {}).flatMap(([provider, line]): Current[] => {
    const list = lists.get(provider);
    const { mergedAt = '' } = caseDoc;
    return list?.list === line.list
      ? [{ provider, line, list, since: mergedAt > since ? mergedAt : since }]
      : [];
  });

/** Since when it is held as it is; of an older case without that, since the first that is known of it. */
export function heldSince({ heldSince, createdAt, listed = {}, handovers, unowned }: CaseDoc): Instant {
  if (heldSince !== undefined) return heldSince;
  if (unowned?.taken) return unowned.taken.at;
  if (handovers.length > 0) return createdAt;
  return [createdAt, ...Object.values(listed).map(({ asOf }) => asOf)].sort()[0] ?? createdAt;
}

/**
 * Everything in which a case and the newest lists disagree; what lists say of the cases that count with it (`also`) is
 * said of it. A list says when it was true: where the case came or changed hands in Baton after that, it could not
 * know, and is not held against it.
 */
export function mismatchesOf(
  caseDoc: CaseDoc,
  { lists, undecided }: Comparing,
  also: readonly CaseDoc[] = [],
): Found[] {
  const found: Found[] = [];
  const { holder, unowned, state } = caseDoc;
  const since = heldSince(caseDoc);
  const lines = [caseDoc, ...also].flatMap((one) => current(one, lists, since));
  if (state === 'open' && !holder && unowned) {
    found.push({ kind: 'unowned', provider: unowned.provider, says: 'nobody' });
  }
  const pairs = undecided.get(caseDoc.caseId);
  if (pairs) found.push({ kind: 'duplicate', provider: pairs.owner, says: pairs.others.join(',') });
  if (state === 'open' && holder && !isOnItsWay(caseDoc)) {
    found.push(...missing(holder.provider, lines, lists, since));
  }
  for (const { provider, line, list, since: known } of lines) {
    if (known <= list.asOf) found.push(...contradictions(provider, line, caseDoc));
    // That another list has an earlier name of somebody is told to nobody.
    const differs = (line.differs ?? []).filter((field) => !isChanged(caseDoc) || !isIdentifying(field));
    if (differs.length > 0) found.push({ kind: 'differs', provider, says: [...differs].sort().join(',') });
    // Of what another has, its own list tells.
    if ((line.holder ?? provider) === provider) found.push(...untended(provider, line, list));
  }
  return onceEach(found);
}

/** Of a kind a case has one with a provider: the first, where a list has it twice. */
const onceEach = (all: readonly Found[]): Found[] =>
  all.filter(
    ({ kind, provider }, at) => all.findIndex((one) => one.kind === kind && one.provider === provider) === at,
  );

/**
 * A referral from outside that nobody has accepted: its keeper holds it until somebody does, and has it on no list of
 * its own.
 */
const isOnItsWay = ({ handovers, aliases, holder }: CaseDoc): boolean =>
  handovers.length > 0 &&
  handovers.every(({ from, state }) => from !== holder?.provider && state !== 'accepted') &&
  (holder === undefined || aliases[holder.provider] === undefined);

/** Held by a provider whose newest list, which could know it, does not have it. */
function missing(
  provider: string,
  lines: readonly Current[],
  lists: Comparing['lists'],
  since: Instant,
): Found[] {
  const own = lists.get(provider);
  if (!own || since > own.asOf || lines.some((one) => one.provider === provider)) return [];
  const named = lines.filter(({ line }) => line.holder === provider).map((one) => one.provider);
  return named.length > 0
    ? [{ kind: 'only-on-list', provider, says: [...new Set(named)].sort().join(',') }]
    : [{ kind: 'not-on-list', provider, says: since }];
}

/** A list that names another holder, or has it closed while it is open here, or open while it is closed. */
function contradictions(provider: string, line: OnList, { holder, state }: CaseDoc): Found[] {
  const closedThere = line.status === 'closed';
  const closedHere = state === 'closed';
  if (closedThere && closedHere) return [];
  if (closedHere) return [{ kind: 'different-status', provider, says: line.status }];
  // Nobody's case is unowned, and waits as such.
  if (!holder) return [];
  const holds = holder.provider;
  // What somebody closed who has handed it on is their part of it, and over.
  if (closedThere) {
    return provider === holds ? [{ kind: 'different-status', provider, says: 'closed' }] : [];
  }
  if (line.holder === holds) return [];
  return [{ kind: 'different-holder', provider, says: `${line.holder ?? 'nobody'}/${holds}` }];
}

/** What a list says of its own provider's work. */
function untended(provider: string, line: OnList, { day, waitedSince, tells }: Compared): Found[] {
  const { status, received, firstContact, outcome, discharged = '', nextReview } = line;
  if (status === 'closed') {
    return tells.outcome && outcome === undefined
      ? [{ kind: 'missing-outcome', provider, says: discharged }]
      : [];
  }
  const waits = tells.firstContact ? firstContact === undefined : status === 'waiting';
  return [
    ...(waits && received !== undefined && received < waitedSince
      ? [{ kind: 'long-wait' as const, provider, says: received }]
      : []),
    ...(nextReview !== undefined && nextReview < day
      ? [{ kind: 'review-overdue' as const, provider, says: nextReview }]
      : []),
  ];
}
