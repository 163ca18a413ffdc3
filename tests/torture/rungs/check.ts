import { routeName } from '../../../src/core/change.ts';
import type { Instant } from '../../../src/core/clock.ts';
import { type Escalation, escalationId, promptSubject } from '../../../src/escalations/escalation.ts';
import { handoverSubject } from '../../../src/handovers/handover.ts';
import type { Terms } from '../agreement.ts';
import type { TortureConnector } from '../connector.ts';
import type { CaseRecord } from '../record.ts';
import { type Climbed, climbedBy, type Wanted } from './climb.ts';
import { type Prompt, stillAsks } from './prompts.ts';
import { gapsOf, type Service } from './service.ts';
import { LEASE_MS, MARGIN_MS, POLL_MS } from './times.ts';

export interface Evidence {
  readonly terms: Terms;
  readonly cases: ReadonlyMap<string, CaseRecord>;
  readonly prompts: readonly Prompt[];
  /** What each conversation was asked to take. */
  readonly asked: TortureConnector['asked'];
  readonly service: Service;
  readonly real: (shown: Instant) => number;
  /** When the processes were asked to end, by their clock. */
  readonly ends: Instant;
  /** So many seconds of that clock passed in one. */
  readonly faster: number;
}

export interface Checked {
  /** Each broken promise in one line. */
  readonly broken: readonly string[];
  readonly escalations: number;
  readonly rungs: number;
  readonly skipped: number;
  readonly reminders: number;
  readonly prompts: number;
  /** Prompts that came a second time, and said so. */
  readonly repeats: number;
  /** Prompts that came a second time after a first that a paused process sent when it went on. */
  readonly afterPause: number;
  /** Prompts given up because they were no longer asked when they could have been sent. */
  readonly overtaken: number;
  /** Rungs and reminders that came while nobody had held the lease for a while, and how late, in milliseconds. */
  readonly late: Lateness;
  readonly inTime: Lateness;
  /** The longest time in which somebody ran and nobody held the lease, in milliseconds. */
  readonly gap: number;
}

export interface Lateness {
  readonly count: number;
  readonly median: number;
  readonly most: number;
}

/** A message that was taken from a process just before it was killed is known within this, in milliseconds. */
const SETTLES_MS = LEASE_MS + POLL_MS + MARGIN_MS;
/** What has an unknown outcome is repeated after 30 s and up to a quarter more, at most. */
const REPEAT_MS = 37_500;

/** Holds what was recorded and what came to people against the ladder, and against who held the lease when. */
export function check(evidence: Evidence): Checked {
  const { terms, cases, prompts, service } = evidence;
  const broken: string[] = service.strangers.map((holder) => `nobody knows the holder ${holder}`);
  const wanted: Wanted[] = [];
  const counts = { escalations: 0, rungs: 0, skipped: 0, reminders: 0, overtaken: 0, afterPause: 0 };
  for (const [caseId, record] of cases) {
    const [handover] = record.handovers;
    if (!handover) continue;
    const subject = handoverSubject(handover.handoverId);
    const escalation = record.docs.find(({ id }) => id === escalationId(subject)) as Escalation | undefined;
    const events = record.events.filter(
      ({ type, data }) => type.startsWith('escalation.') && data.escalation === subject,
    );
    const decided = record.events.find(({ type }) => type === 'handover.accepted');
    if (decided) {
      const after = events.filter(({ type, seq }) => /raised|reminded|began/.test(type) && seq > decided.seq);
      for (const { type } of after) broken.push(`case ${caseId}: ${type} after it was accepted`);
      counts.afterPause += checkQuiet(evidence, caseId, evidence.real(decided.recordedAt), broken);
    }
    if (!escalation) {
      const answer = decided ?? record.events.find(({ type }) => type === 'handover.rejected');
      const over = answer?.recordedAt ?? evidence.ends;
      if (handover.answerBy < over) wanted.push({ what: 'rung', caseId, n: 1, due: handover.answerBy, over });
      continue;
    }
    const climbed = climbedBy(events, escalation, terms.ladder, handover.answerBy, evidence.ends);
    counts.escalations++;
    counts.rungs += climbed.raised.size;
    counts.skipped += climbed.skipped;
    broken.push(...climbed.broken);
    wanted.push(...climbed.wanted);
    counts.overtaken += checkAsked(evidence, subject, record, climbed, broken);
    checkCards(evidence, subject, record, escalation, broken);
  }
  counts.reminders = wanted.filter(({ what, at }) => what === 'reminder' && at !== undefined).length;
  const repeats = prompts.filter(({ isRepeat }) => isRepeat).length;
  const times = checkTimes(evidence, wanted, broken);
  return { broken, ...counts, prompts: prompts.length, repeats, ...times };
}

/** Each prompt came to everybody asked: once, or again with the mark after an outcome that nobody knew. */
function checkAsked(
  { terms, prompts, asked: went, service, real, ends, faster }: Evidence,
  subject: string,
  { events, docs }: CaseRecord,
  { raised }: Climbed,
  broken: string[],
): number {
  let overtaken = 0;
  const caseId = caseIdOf(docs);
  for (const one of raised.values()) {
    for (const person of one.asked) {
      const chat = chatOf(terms, person);
      const mine = prompts.filter(
        (prompt) => prompt.caseId === caseId && prompt.n === one.n && prompt.chat === chat,
      );
      const name = `case ${caseId}: prompt ${one.n} to ${person}`;
      const became = events.filter(
        ({ type, data }) =>
          type.startsWith('notice.') &&
          data.subject === promptSubject(subject, one.n) &&
          data.route === routeName({ to: 'person', person }),
      );
      const unknown = became.some(({ type }) => type === 'notice.unknown');
      if (mine.filter(({ isRepeat }) => !isRepeat).length > 1)
        broken.push(`${name} came twice without a mark`);
      if (mine.some(({ isRepeat }) => isRepeat) && !unknown)
        broken.push(`${name} is marked, and its outcome was known`);
      if (mine.some(({ post }) => post.came < real(one.at) - 5))
        broken.push(`${name} came before it was raised`);
      if (mine.length > 0) continue;
      // The wait before a repeat, and what else goes to the same person meanwhile.
      const patience = 2 * SETTLES_MS + REPEAT_MS / faster;
      const asked = { from: real(one.at), to: real(one.quietAt ?? ends) };
      if (service.longest('served', asked) > patience && !unknown) {
        const known = became.map(({ type, recordedAt }) => `${type} at ${recordedAt}`).join(', ');
        const there = went.filter(
          ({ conversation, at }) => conversation === chat && at >= asked.from && at <= asked.to,
        );
        const edits = there.filter(({ edit }) => edit).length;
        broken.push(
          `${name}, raised at ${one.at}, quiet from ${one.quietAt}, never came (${known || 'nothing is recorded of it'}; ${there.length - edits} other messages and ${edits} edits went to them meanwhile, the last at ${there.at(-1)?.at}, of ${asked.from} to ${asked.to})`,
        );
      } else overtaken++;
    }
  }
  return overtaken;
}

const caseIdOf = (docs: CaseRecord['docs']): string =>
  (docs.find(({ kind }) => kind === 'handover') as { caseId?: string } | undefined)?.caseId ?? '';

const chatOf = (terms: Terms, person: string): string =>
  `a:${terms.people.find(({ key }) => key === person)?.accounts[0]?.objectId}`;

/** Nothing is asked after an accept, but what was on its way: given to a process that was paused, it comes later. */
function checkQuiet(
  { prompts, service }: Evidence,
  caseId: string,
  accepted: number,
  broken: string[],
): number {
  const after = prompts.filter(
    (prompt) => prompt.caseId === caseId && prompt.post.came > accepted + MARGIN_MS,
  );
  let excused = 0;
  for (const { n, post } of after) {
    const wasPaused = service.running.some((spans) =>
      spans.some(({ to }, at) => {
        const next = spans[at + 1];
        return (
          next !== undefined &&
          to < accepted + MARGIN_MS &&
          next.from > accepted &&
          next.from <= post.came &&
          post.came - next.from < MARGIN_MS
        );
      }),
    );
    if (wasPaused) excused++;
    else
      broken.push(
        `case ${caseId}: prompt ${n} came ${Math.round(post.came - accepted)} ms after it was accepted`,
      );
  }
  return excused;
}

/** Every prompt of what ended reads so, wherever the record knows that it stands. */
function checkCards(
  { prompts, real, ends }: Evidence,
  subject: string,
  { copies, docs, events }: CaseRecord,
  escalation: Escalation,
  broken: string[],
): void {
  if (escalation.state !== 'ended' || real(ends) - real(escalation.endedAt) < 2 * SETTLES_MS) return;
  const caseId = caseIdOf(docs);
  const known = new Set(copies.map(({ activityId }) => activityId));
  for (const prompt of prompts) {
    if (prompt.caseId !== caseId || !stillAsks(prompt)) continue;
    const { activityId } = prompt.post;
    const unknown = events.some(
      ({ type, data }) => type === 'notice.unknown' && data.subject === promptSubject(subject, prompt.n),
    );
    const doubted = docs.some(({ id }) => id.startsWith(`doubt:notice:${promptSubject(subject, prompt.n)}:`));
    if (known.has(activityId)) {
      broken.push(`case ${caseId}: prompt ${prompt.n} is known to stand in ${prompt.chat} and still asks`);
    } else if (!unknown && !doubted) {
      broken.push(`case ${caseId}: prompt ${prompt.n} in ${prompt.chat} is forgotten and still asks`);
    }
  }
}

/** Late by at most one poll while the holder lives, and by lease and poll after it died or was paused. */
function checkTimes(
  { service, real, ends }: Evidence,
  wanted: readonly Wanted[],
  broken: string[],
): Pick<Checked, 'late' | 'inTime' | 'gap'> {
  const late: number[] = [];
  const inTime: number[] = [];
  for (const { what, caseId, n, due, at, over } of wanted) {
    const span = { from: real(due), to: real(at ?? over ?? ends) };
    const name = `case ${caseId}: ${what} ${n}, due ${due}`;
    if (at !== undefined && at < due) broken.push(`${name}, came at ${at}`);
    const served = service.longest('served', span);
    if (served > POLL_MS + MARGIN_MS) {
      broken.push(
        `${name}, ${at === undefined ? 'did not come' : 'came late'} in ${Math.round(served)} ms of one holder`,
      );
    }
    if (at === undefined) continue;
    const lived = service.spans.some(({ from, to }) => from <= span.from && to >= span.to);
    if (lived) inTime.push(served);
    else late.push(span.to - span.from);
  }
  let gap = 0;
  for (const span of gapsOf(service)) {
    const stood = service.longest('ran', span);
    gap = Math.max(gap, stood);
    if (stood > LEASE_MS + POLL_MS + MARGIN_MS) {
      broken.push(`nobody held the lease for ${Math.round(stood)} ms in which one process ran`);
    }
  }
  return { late: latenessOf(late), inTime: latenessOf(inTime), gap };
}

function latenessOf(all: readonly number[]): Lateness {
  const sorted = [...all].sort((a, b) => a - b);
  return {
    count: sorted.length,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    most: sorted.at(-1) ?? 0,
  };
}
