import { type Broken, INVARIANTS } from './invariants.ts';
import { type Planted, run } from './run.ts';
import { historyOf, shorten } from './shorten.ts';

export interface SimulateOptions {
  readonly seeds: number;
  readonly weeks: number;
  /** Only so many days of each world; all of it. */
  readonly days?: number;
  /** The first seed; 1. */
  readonly from?: number;
  /** Only these happenings of each script: a shortened history again. */
  readonly only?: readonly number[];
  readonly planted?: Planted;
  /** How often a broken world is run again to shorten its history; 40. */
  readonly tries?: number;
  /** Called after each seed. */
  readonly progress?: (done: number) => void;
}

/** What a simulation found. */
export interface Simulated {
  readonly seeds: number;
  readonly weeks: number;
  readonly days: number;
  /** The first seed whose world broke, what broke there, and the shortest history that was found for it. */
  readonly broken:
    | {
        readonly seed: number;
        readonly found: Broken;
        readonly only: readonly number[];
        readonly history: readonly string[];
      }
    | undefined;
  /** How often each thing was met, in all seeds together. */
  readonly counts: Readonly<Record<string, number>>;
  /** What was met less often than it must be, for the run to show anything. */
  readonly unmet: readonly string[];
}

/** How often each must be met in so many pathway weeks: a world in which little goes wrong shows little. */
const LEAST_WEEKS = 10;
const DAY_MS = 24 * 3_600_000;
const LEAST: Readonly<Record<string, number>> = {
  'handover.offered': 500,
  'handover.received-incomplete': 40,
  'handover.accepted': 250,
  'handover.rejected': 100,
  'handover.withdrawn': 10,
  'handover.undone': 15,
  'handover.information-requested': 30,
  'handover.information-given': 5,
  'handover.information-added': 1,
  'handover.overdue': 100,
  'handover.viewed': 300,
  'accepted with a gap': 10,
  'overdue in time': 100,
  'notice.sent': 4_000,
  'notice.unknown': 80,
  'notice.unreached': 50,
  'notice.failed': 5,
  'show dropped': 100,
  'tell dropped': 5,
  'repeated and marked': 60,
  'lease taken over': 80,
  'worker.crash': 80,
  'worker.pause': 30,
  'store.conflict': 80,
  'store.rival': 40,
  'store.busy': 400,
  'store.answer-lost': 20,
  'store.call-lost': 200,
  'store.slow': 200,
  'crash.before.commit': 3,
  'crash.after.commit': 3,
  'teams.sent.post': 2_000,
  'teams.sent.edit': 1_000,
  'teams.crash.post': 1,
  'teams.throttled.post': 30,
  'teams.vanished.post': 15,
  'teams.unanswered.post': 15,
  'teams.late.post': 5,
  'teams.failed.post': 5,
  'clicked twice': 150,
  'activity came twice': 60,
  'activity came late': 20,
  'activity never came': 20,
  'agreement.applied': 15,
  'channel.bound': 5,
  'refused not-on-pathway': 5,
  'refused role': 50,
  'read what names somebody': 500,
  'intake asked again': 20,
  'anchors verified': 40,
  day: 50,
  'climbs unanswered': 100,
  'climbs rejected': 50,
  'climbs incomplete': 8,
  'climbs an edited ladder': 40,
  'climbs a ladder of before': 2,
  'climbing ended accepted': 50,
  'climbing ended rejected': 40,
  'climbing ended withdrawn': 2,
  'climbing ended offered-again': 40,
  'climbing ended completed': 8,
  'climbing ended resolved': 20,
  'escalation.raised': 700,
  'escalation.reminded': 150,
  'escalation.acknowledged': 110,
  'escalation.stepped-up': 15,
  'escalation.turned': 40,
  'escalation.asked-too': 15,
  'escalation.undelivered': 10,
  'escalation.decided': 20,
  'handover.need-open': 15,
  'handover.need-closed': 20,
  'rung desk': 120,
  'rung clinician': 150,
  'rung lead': 300,
  'rung contract': 80,
  'rung again': 350,
  'rung in time': 500,
  'rung late': 25,
  'rung after an outage': 15,
  'raised beside': 300,
  'skipped desk': 50,
  'skipped clinician': 3,
  'because began': 130,
  'because unanswered': 350,
  'because stepped-up': 20,
  'because nobody-on-duty': 60,
  'because not-delivered': 1,
  'because came-back': 70,
  'because handed-on': 2,
  'because turned': 25,
  'because came-on-duty': 10,
  'stood duty': 130,
  'stood all-on-shift': 400,
  'stood prime-clinicians': 100,
  'stood nobody': 60,
  'one alone on duty': 450,
  'on it until duty ends': 8,
  'prompt forgotten': 400,
  'prompt escalation.acknowledge': 250,
  'prompt escalation.step-up': 20,
  'prompt escalation.resolve': 25,
  'prompt handover.accept': 30,
  'prompt handover.reject': 30,
  'world pager': 120,
  'world edit': 40,
  'raised with a page': 500,
  'raised where no pager is': 80,
  'paged at once': 500,
  'page taken': 450,
  'page unknown': 25,
  'page repeated': 25,
  'page called again': 25,
  'page never made and repeated': 1,
  'page failed refused': 5,
  'page failed no-answer': 12,
  'page dropped': 2,
  'pager.taken': 500,
  'pager.later': 30,
  'pager.unknown': 25,
  'pager.refused': 5,
  'pager.crash': 3,
  'pager had it already': 8,
  'unpaged told': 40,
  'escalation.unpaged': 40,
  'asked /action': 60,
  'action.set': 50,
  'action.done': 45,
  'action.reopened': 12,
  'action.moved': 15,
  'action.cancelled': 3,
  'action.reminded': 5,
  'action.overdue': 14,
  'action.viewed': 50,
  'action moved on the ladder': 2,
  'action moved off the ladder': 3,
  'prompt action.done': 8,
  'climbs overdue': 18,
  'climbing ended done': 12,
  'climbing ended moved': 3,
  'task forgotten': 120,
  'import went in': 25,
  'import changed nothing': 12,
  'import failed': 12,
  'import went in after a failure': 6,
  'case.imported': 200,
  'case.listed': 60,
  'list.imported': 25,
  'brought alone': 30,
  'brought with-its-list': 60,
  'climbs unowned': 35,
  'taken alone': 30,
  'taken with its list': 60,
  'somebody took it faster': 5,
  'climbing ended taken': 35,
  'all of a list held': 3,
  'prompt case.take': 12,
  'prompt unowned.list': 10,
  'rota.imported': 8,
  'rota.on': 10,
  'rota.off': 4,
  'rota.given': 5,
  'rota.away': 9,
  'rota.back': 2,
  'rota.gap-told': 150,
};

/**
 * Runs the worlds of so many seeds, one after another, up to the first that breaks. Deterministic: the same
 * seeds give the same answer on every machine.
 */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { seeds, weeks, days = weeks * 7, from = 1, only, planted } = options;
  const totals = new Map<string, number>();
  let broken: Simulated['broken'];
  let done = 0;
  for (let seed = from; seed < from + seeds && !broken; seed++) {
    const until = days * DAY_MS;
    const given = { seed, weeks, until, ...(only && { only }), ...(planted && { planted }) };
    const result = await run(given);
    for (const [what, times] of result.counts) totals.set(what, (totals.get(what) ?? 0) + times);
    done++;
    options.progress?.(done);
    if (!result.broken) continue;
    const short = await shorten(given, result.broken, options.tries);
    broken = { seed, found: result.broken, only: short.only, history: historyOf(short) };
  }
  const share = (seeds * days) / 7 / LEAST_WEEKS;
  const whole = share >= 1 && !broken && !only;
  const unmet = Object.entries(LEAST).flatMap(([what, least]) => {
    const times = totals.get(what) ?? 0;
    return whole && times < least * share
      ? [`${what}: ${times} times, at least ${Math.ceil(least * share)}`]
      : [];
  });
  const counts = Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { seeds: done, weeks, days, broken, counts, unmet };
}

/** What a simulation found, in lines for the person at the terminal. */
export function simulatedLines({ seeds, weeks, days, broken, counts, unmet }: Simulated): string[] {
  const told = Object.entries(counts).map(([what, times]) => `${String(times).padStart(9)}  ${what}`);
  if (broken) {
    const { seed, found, only, history } = broken;
    return [
      ...history,
      '',
      `BROKEN in seed ${seed}: ${INVARIANTS[found.invariant]}.`,
      `${found.at}${found.caseId === undefined ? '' : ` case ${found.caseId}`}: ${found.says}.`,
      `The same again: baton simulate --seeds 1 --from ${seed} --weeks ${weeks} --only ${only.join(',')}`,
    ];
  }
  return [
    ...told,
    ...unmet.map((line) => `MET TOO SELDOM ${line}`),
    `${seeds} seeds of ${days < weeks * 7 ? `${days} days` : `${weeks} ${weeks === 1 ? 'week' : 'weeks'}`}: no invariant of ${Object.keys(INVARIANTS).length} broke.`,
  ];
}
