import type { EventDoc } from '../../../src/core/change.ts';
import type { Instant } from '../../../src/core/clock.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import type { Terms } from '../agreement.ts';

/** Something that the ladder's clock wanted at a time. */
export interface Wanted {
  readonly what: 'rung' | 'reminder';
  readonly caseId: string;
  readonly n: number;
  readonly due: Instant;
  /** When it was recorded; absent: it did not come before `over`. */
  readonly at?: Instant;
  /** From when it was not wanted any more; absent while it is. */
  readonly over?: Instant;
}

/** What the events of one escalation come to, read without the rules that made them. */
export interface Climbed {
  readonly broken: readonly string[];
  readonly wanted: readonly Wanted[];
  /** Prompts raised, by number. */
  readonly raised: ReadonlyMap<number, Raised>;
  readonly skipped: number;
}

export interface Raised {
  readonly n: number;
  readonly rung: string;
  readonly asked: readonly string[];
  readonly at: Instant;
  /** When it was answered or passed on; absent while it is asked. */
  readonly quietAt?: Instant;
}

interface Open {
  readonly n: number;
  readonly rung: string;
  readonly cycle: number;
  readonly due: Instant;
  readonly asked: readonly string[];
  readonly at: Instant;
  remind: readonly Instant[];
  until?: Instant;
  quietAt?: Instant;
  closedAt?: Instant;
  /** Passed on without an answer. */
  unanswered?: boolean;
}

const MINUTE_MS = 60_000;
const minutes = (text: string): number => Number(/^(\d+)m$/.exec(text)?.[1]) * MINUTE_MS;

/**
 * Walks the events of an escalation and holds each prompt against the ladder: its number and cycle are the
 * next, it has one cause and that was due, and it is the rung that follows. `first`: when what it is about
 * was to be answered; `ends`: up to when all that was due must have come.
 */
export function climbedBy(
  events: readonly EventDoc[],
  escalation: Escalation,
  ladder: Terms['ladder'],
  first: Instant,
  ends: Instant,
): Climbed {
  const { caseId } = escalation;
  const broken: string[] = [];
  const wanted: Wanted[] = [];
  const all: Open[] = [];
  let since = 1;
  let skipped = 0;
  let count = 0;
  let why: string | undefined;
  let stepped: { readonly n: number; readonly to: string } | undefined;

  const rungs = ladder.rungs;
  const climb = rungs.filter(({ beside }) => beside === undefined);
  const rungOf = (id: string) => rungs.find((rung) => rung.id === id);
  const above = (id: string): string | undefined => {
    const at = climb.findIndex((rung) => rung.id === id);
    return at < 0 ? undefined : climb[at + 1]?.id;
  };
  const live = (): Open[] => all.filter(({ closedAt }) => closedAt === undefined);
  const repeats = (open: Open): number =>
    all.filter((one) => one.n >= since && one.n < open.n && one.rung === open.rung && one.unanswered).length;
  const follows = (open: Open): string => {
    const next = above(open.rung);
    return next === undefined || repeats(open) < (rungOf(open.rung)?.repeats ?? 0) ? open.rung : next;
  };
  const shut = (open: Open, at: Instant, unanswered: boolean): void => {
    open.closedAt = at;
    open.quietAt ??= at;
    open.unanswered = unanswered;
    for (const due of open.remind) {
      // A reminder that the end of its prompt overtook is not said any more.
      if (due < at && at < open.due) wanted.push({ what: 'reminder', caseId, n: open.n, due, over: at });
    }
  };

  for (const [index, event] of events.entries()) {
    const { type, recordedAt: at, data } = event;
    const n = Number(data.n);
    const rung = String(data.rung);
    const wrong = (says: string): void => void broken.push(`case ${caseId}, prompt ${n} (${rung}): ${says}`);
    switch (type) {
      case 'escalation.began':
        if (live().length > 0) wrong('it began while it ran');
        since = count + 1;
        why = 'began';
        if (data.cause === 'unanswered') {
          wanted.push({ what: 'rung', caseId, n: since, due: first, at });
          if (at < first) wrong(`it began before ${first}`);
        }
        break;
      case 'escalation.stepped-up': {
        const from = live().find((one) => one.n === n);
        if (!from) wrong('it was stepped up and not asked');
        else shut(from, at, from.until === undefined);
        if (above(rung) !== data.to) wrong(`it was stepped up to ${data.to}`);
        stepped = { n, to: String(data.to) };
        break;
      }
      case 'escalation.acknowledged': {
        const open = live().find((one) => one.n === n);
        if (!open || open.until !== undefined) wrong('it was acknowledged and not asked');
        else {
          open.until = String(data.until);
          open.quietAt = at;
          open.remind = [];
        }
        break;
      }
      case 'escalation.reminded': {
        const open = live().find((one) => one.n === n);
        const due = open?.remind[0];
        if (!open || due === undefined || due > at) wrong(`it was reminded of at ${at}, and nothing was due`);
        else {
          wanted.push({ what: 'reminder', caseId, n, due, at });
          // Two that are late go as one.
          open.remind = open.remind.filter((one) => one > at);
        }
        break;
      }
      case 'escalation.skipped':
      case 'escalation.raised': {
        if (n !== ++count) wrong(`its number is not ${count}`);
        const because = escalation.raisings.find((one) => one.n === n)?.because ?? 'none';
        const beside = rungOf(rung)?.beside;
        const besides = beside !== undefined && !live().some((one) => one.rung === rung);
        if (besides) {
          const main = events
            .slice(index + 1)
            .find((one) => /^escalation\.(?:raised|skipped)$/.test(one.type) && one.data.rung === beside);
          if (main?.recordedAt !== at) wrong(`${beside} did not begin with it`);
        } else if (because === 'began' || because === 'nobody-on-duty') {
          if (why === undefined) wrong(`nothing led to it (${because})`);
        } else if (because === 'stepped-up') {
          if (stepped?.to !== rung) wrong('nobody stepped it up');
          stepped = undefined;
        } else if (because === 'unanswered') {
          const before = live().filter(
            (one) => one.until === undefined && one.due <= at && follows(one) === rung,
          );
          const [from] = before;
          if (before.length !== 1 || !from) wrong(`${before.length} prompts were due that it follows`);
          else {
            wanted.push({ what: 'rung', caseId, n, due: from.due, at });
            shut(from, at, true);
          }
        } else if (because === 'came-back') {
          const before = live().filter(
            (one) => one.until !== undefined && one.until <= at && one.rung === rung,
          );
          const [from] = before;
          if (before.length !== 1 || !from) wrong(`${before.length} prompts came back that it follows`);
          else {
            wanted.push({ what: 'rung', caseId, n, due: from.until ?? from.due, at });
            shut(from, at, false);
          }
        } else if (because === 'not-delivered') {
          const from = live().find((one) => one.until === undefined && above(one.rung) !== undefined);
          if (!from) wrong('nothing was asked that could not be delivered');
          else shut(from, at, true);
        } else wrong(`it was raised because of ${because}`);
        if (type === 'escalation.skipped') {
          skipped++;
          why = 'skipped';
          break;
        }
        if (!besides) why = undefined;
        const cycle = all.filter((one) => one.rung === rung).length;
        if (data.cycle !== cycle) wrong(`its cycle is ${data.cycle} and not ${cycle}`);
        const due = String(data.due);
        const within = minutes(rungOf(rung)?.answer.within ?? '');
        const given = Date.parse(due) - Date.parse(at);
        // Above the last rung it is asked ever more slowly.
        if (given < within || (given > within && above(rung) !== undefined)) {
          wrong(`it is to be answered within ${given / 1_000} s`);
        }
        all.push({
          n,
          rung,
          cycle,
          due,
          at,
          asked: (data.asked ?? []) as string[],
          remind: (rungOf(rung)?.remind ?? [])
            .map((early) => new Date(Date.parse(due) - minutes(early)).toISOString())
            .filter((one) => one > at)
            .sort(),
        });
        break;
      }
      case 'escalation.ended':
        for (const open of live()) {
          const due = open.until ?? open.due;
          if (due < at) wanted.push({ what: 'rung', caseId, n: open.n + 1, due, over: at });
          shut(open, at, false);
        }
        break;
    }
  }
  if (escalation.state === 'running') {
    for (const open of live()) {
      const due = open.until ?? open.remind[0] ?? open.due;
      if (due < ends) wanted.push({ what: 'rung', caseId, n: open.n + 1, due });
    }
    if (live().length === 0) broken.push(`case ${caseId}: it runs and nothing is asked`);
  }
  if (count !== escalation.raisings.length) {
    broken.push(
      `case ${caseId}: ${count} prompts in its events, ${escalation.raisings.length} in its record`,
    );
  }
  return { broken, wanted, raised: new Map(all.map((one) => [one.n, one])), skipped };
}
