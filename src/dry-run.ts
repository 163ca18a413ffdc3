import type { Agreement } from './agreement/agreement.ts';
import { urgencyOf } from './agreement/agreement.ts';
import { readInForce } from './agreement/current.ts';
import type { EventDoc } from './core/change.ts';
import { type Clock, type Instant, plusMs } from './core/clock.ts';
import { type RotaThen, type Said, walk } from './escalations/dry-run.ts';
import { type Matters, tally } from './escalations/dry-run-tally.ts';
import { type DryRun, dryRunLines } from './escalations/dry-run-words.ts';
import { type Handover, handoverSubject, waitsFor } from './handovers/handover.ts';
import { type Recorded, retrace } from './handovers/retrace.ts';
import { CASE_HEAD, type CaseDoc, isHeld } from './register/case.ts';
import { asAgreed } from './rota/absence.ts';
import { rotaHistory } from './rota/history.ts';
import { rotaKey } from './rota/rota.ts';
import { createReach } from './store/reach.ts';
import type { Listed, Store } from './store/store.ts';

export interface DryRunOptions {
  /** How far back handovers are taken, by when they were offered. */
  readonly days: number;
  /** Called with the number of handovers walked so far. */
  readonly progress?: (done: number) => void;
}

/** What the recorded handovers of a pathway would have done, for a terminal and as data. */
export interface Replayed {
  readonly lines: readonly string[];
  readonly json: object;
}

const DAY_MS = 24 * 60 * 60_000;
const PAGE = 200;
/** Cases read at the same time. */
const AT_ONCE = 8;

/**
 * Walks the handovers that a store has recorded under the agreement in force and under a file's, and counts both.
 * Reads only, and may run beside a serving process. Errors: those of the store.
 */
export async function replay(
  store: Store,
  clock: Clock,
  file: Agreement,
  { days, progress }: DryRunOptions,
): Promise<Replayed> {
  const { pathway } = file;
  const found = await readInForce(store, pathway);
  if (!found) return nothing(pathway);
  const inForce = found.terms;
  const until = clock.now();
  const from = plusMs(until, -days * DAY_MS);
  const history = rotaHistory(await store.history(rotaKey(pathway)));
  // Whoever is not in an agreement, or not in the role, is not on duty under it.
  const plans = [inForce, file].map((terms) => ({
    terms,
    history: history.map((then) => ({ ...then, rota: asAgreed(then.rota, terms) })),
  }));
  const columns: Record<'recorded' | 'inForce' | 'file', Matters[]> = { recorded: [], inForce: [], file: [] };
  const unknownUrgencies: Record<string, number> = {};
  let handovers = 0;
  let open = 0;

  function take(recorded: Recorded): void {
    const walked = plans.map(({ terms, history }) => walkOne(recorded, terms, history, until));
    const [before, after] = walked;
    if (!before || !after) return;
    const { handover, chain } = recorded;
    handovers += 1;
    if (waitsFor(handover) !== undefined) open += 1;
    if (![inForce, file].every((terms) => urgencyOf(terms, handover.urgency))) {
      unknownUrgencies[handover.urgency] = (unknownUrgencies[handover.urgency] ?? 0) + 1;
    }
    columns.recorded.push({ since: before.since, ...recordedOf(handover, chain) });
    columns.inForce.push(before);
    columns.file.push(after);
    progress?.(handovers);
  }

  for (let after: string = from; ; ) {
    const page = await store.page<Handover>(pathway, 'handovers', { after, limit: PAGE });
    for (let first = 0; first < page.length; first += AT_ONCE) {
      const read = page.slice(first, first + AT_ONCE).map((listed) => readOne(store, listed));
      for (const recorded of await Promise.all(read)) if (recorded) take(recorded);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.place;
  }

  const counted = {
    recorded: tally(columns.recorded, inForce),
    inForce: tally(columns.inForce, inForce),
    file: tally(columns.file, file),
  };
  const asked = new Set([...counted.inForce.people, ...counted.file.people].map(({ person }) => person));
  const begins = history[0];
  const run: DryRun = {
    pathway,
    version: found.version,
    days,
    from,
    until,
    handovers,
    open,
    unknownUrgencies,
    rota: begins && { since: begins.since, changes: history.length },
    unstaffed: unstaffed(file, history),
    unreached: await unreached(store, clock, inForce, file, [...asked]),
    ...counted,
  };
  return { lines: dryRunLines(run, inForce, file), json: run };
}

/** For a pathway without a record. */
export const nothing = (pathway: string): Replayed => ({
  lines: [`Nothing to replay: no version of ${pathway} is in force in this store, and nothing is recorded.`],
  json: { pathway, handovers: 0 },
});

async function readOne(store: Store, { key, doc }: Listed<Handover>): Promise<Recorded | undefined> {
  const [head, chain] = await Promise.all([store.get<CaseDoc>(key, CASE_HEAD), store.history(key)]);
  return head && isHeld(head.doc) ? { caseDoc: head.doc, handover: doc, chain } : undefined;
}

function walkOne(
  recorded: Recorded,
  terms: Agreement,
  history: readonly RotaThen[],
  until: Instant,
): Matters | undefined {
  const traced = retrace(recorded, terms, until);
  return (
    traced && {
      since: traced.offeredAt,
      overdue: traced.overdue,
      said: walk(traced.steps, terms, history, until),
    }
  );
}

/** What was really said of a handover's escalation, and when its times passed. */
function recordedOf(handover: Handover, chain: readonly EventDoc[]): Omit<Matters, 'since'> {
  const subject = handoverSubject(handover.handoverId);
  const overdue: Instant[] = [];
  const said: Said[] = [];
  for (const { type, data, recordedAt: at } of chain) {
    if (data.escalation === subject) said.push({ at, type, data });
    if (data.handover !== handover.handoverId) continue;
    const due =
      type === 'handover.overdue'
        ? data.answerBy
        : type === 'handover.need-open'
          ? data.reofferBy
          : undefined;
    if (typeof due === 'string') overdue.push(due);
  }
  return { overdue, said };
}

/** Rungs whose roles nobody ever had on the rota. */
function unstaffed({ ladder }: Agreement, history: readonly RotaThen[]): string[] {
  if (history.length === 0) return [];
  const roles = new Set(history.flatMap(({ rota }) => rota.shifts.map(({ role }) => role)));
  return ladder.rungs.filter(({ ask }) => !ask.roles.some((role) => roles.has(role))).map(({ id }) => id);
}

/** Of these people, those on the pathway to whom Baton has no way at the moment. */
async function unreached(
  store: Store,
  clock: Clock,
  inForce: Agreement,
  file: Agreement,
  people: readonly string[],
): Promise<string[]> {
  const book = createReach(store, clock);
  const found: string[] = [];
  for (const person of people) {
    const terms = [inForce, file].filter((one) => one.people.some(({ key }) => key === person));
    const ways = await Promise.all(terms.map((one) => book.reaches({ to: 'person', person }, one)));
    if (terms.length > 0 && !ways.includes(true)) found.push(person);
  }
  return found;
}
