import { besideOf, rungOf } from '../agreement/ladder.ts';
import { type EventDoc, type Key, type NoticeDoc, routeName, type TimerDoc } from '../core/change.ts';
import type { Escalation, Raising } from '../escalations/escalation.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Write } from '../store/store.ts';
import { type Climbed, isLive, type LadderWatchDeps, nextOf } from './climbed.ts';
import { type Climber, climbersIn } from './climbers.ts';
import { isTooLate } from './lateness.ts';
import { checkAsked, checkOnIt } from './watch-rungs.ts';
import { checkRaising } from './watch-times.ts';
import { checkWoken } from './watch-wakes.ts';

export interface LadderWatch {
  /** Looks at what a commit to a case touched. */
  committed(key: Key, writes: readonly Write[]): void;
  /** Looks at every case. */
  all(): void;
  /** Does a line about an escalation, or a prompt, still say what is so? And since when, in milliseconds since 1970. */
  matters(
    caseId: string,
    subject: string,
    line?: string,
    n?: number,
  ): { readonly so: boolean; readonly since: number };
}

/** What climbs, and what it climbs with. */
const CLIMB: ReadonlySet<string> = new Set([
  'handover',
  'action',
  'together',
  'mismatch-batch',
  'escalation',
  'timer',
]);

/** Can a write bear on what climbs? A commit that records a delivery touches nothing of it. */
const bears = (write: Write): boolean => {
  if (write.do === 'remove') return write.id.startsWith('timer:');
  const { kind } = write.doc;
  const event = kind === 'event' && (write.doc as EventDoc).data.escalation !== undefined;
  const unowned = kind === 'case' && (write.doc as CaseDoc).unowned !== undefined;
  return event || unowned || CLIMB.has(kind);
};

const idOf = ({ subject }: Climber): string => `escalation:${subject}`;

/** Holds every escalation against what must be true of it. */
export function watchLadder(deps: LadderWatchDeps): LadderWatch {
  const { time, memory, weather, cases, broken, met } = deps;
  const known = new Map<string, { readonly escalation: Escalation; readonly at: number }>();
  /** When a prompt came to its present state, in milliseconds since 1970. */
  const changed = new Map<string, number>();

  const find = (caseId: string, id: string): Escalation | undefined =>
    known.get(`${caseId}|${id}`)?.escalation;

  function checkClimbs(
    key: Key,
    { subject, stands, must }: Climber,
    escalation: Escalation | undefined,
  ): void {
    const runs = escalation?.state === 'running';
    if (must && !runs) {
      broken('climbs', `${subject} waits past its time, ${stands}, and nothing climbs`, key.caseId);
    }
    if (!must && runs) {
      broken('answer-ends', `${subject} is ${stands}, and its escalation runs on`, key.caseId);
    }
  }

  function checkTimer(key: Key, escalation: Escalation, timer: TimerDoc | undefined): void {
    const { caseId } = key;
    const due = escalation.raisings.filter(isLive).map(nextOf).sort()[0];
    if (escalation.state === 'ended') {
      if (timer) broken('ladder-timer', `${escalation.subject} ended and has a timer`, caseId);
      if (due !== undefined) broken('ladder-timer', `${escalation.subject} ended and a prompt waits`, caseId);
      return;
    }
    if (due === undefined || timer?.due !== due || !timer.lists?.due?.startsWith(due)) {
      broken(
        'ladder-timer',
        `${escalation.subject} waits for ${due ?? 'nothing'}, its timer is ${timer ? `due ${timer.due}` : 'gone'}`,
        caseId,
      );
    }
  }

  /** Every number once, in order, with its event; what is over stays as it was. */
  function checkNumbers({ key, before, after, events }: Climbed): void {
    const first = (before?.raisings.length ?? 0) + 1;
    const numbers = events
      .filter(({ type }) => type === 'escalation.raised' || type === 'escalation.skipped')
      .map(({ data }) => Number(data.n));
    const fresh = after.raisings.slice(first - 1).map(({ n }) => n);
    const inOrder = after.raisings.every(({ n }, index) => n === index + 1);
    if (!inOrder || numbers.join() !== fresh.join()) {
      broken(
        'rung-once',
        `prompts ${fresh.join(', ') || 'none'} came with events for ${numbers.join(', ') || 'none'}`,
        key.caseId,
      );
    }
    for (const [index, one] of (before?.raisings ?? []).entries()) {
      const now = after.raisings[index];
      if (
        now?.rung !== one.rung ||
        now.beganAt !== one.beganAt ||
        now.due !== one.due ||
        now.cycle !== one.cycle
      ) {
        broken('rung-once', `prompt ${one.n} was raised anew`, key.caseId);
      }
    }
    for (const rung of new Set(after.raisings.map((one) => one.rung))) {
      const cycles = after.raisings
        .filter((one) => one.rung === rung && one.state !== 'skipped')
        .map(({ cycle }) => cycle);
      if (cycles.some((cycle, index) => cycle !== index)) {
        broken('rung-once', `rung ${rung} was raised in the cycles ${cycles.join(', ')}`, key.caseId);
      }
    }
  }

  /** One prompt on the climb at a time; what runs beside a rung never runs instead of it. */
  function checkBeside({ key, after, events, agreed }: Climbed): void {
    if (after.state === 'ended') return;
    const live = after.raisings.filter(isLive);
    const beside = (one: Raising): boolean => rungOf(agreed.ladder, one.rung)?.beside !== undefined;
    const climbing = live.filter((one) => !beside(one));
    if (climbing.length !== 1) broken('beside', `${climbing.length} prompts wait on the climb`, key.caseId);
    const rungs = live.filter(beside).map(({ rung }) => rung);
    if (new Set(rungs).size !== rungs.length) broken('beside', `${rungs.join(', ')} wait beside`, key.caseId);
    for (const { type, data } of events) {
      if (type !== 'escalation.raised') continue;
      for (const other of besideOf(agreed.ladder, String(data.rung))) {
        met('raised beside');
        if (!rungs.includes(other.id))
          broken('beside', `${data.rung} was raised without ${other.id}`, key.caseId);
      }
    }
  }

  function checkKept({ key, before, after, agreed, climber }: Climbed): void {
    if (after.agreementVersion !== (before ?? climber).agreementVersion) {
      broken(
        'ladder-kept',
        `it began with agreement ${(before ?? climber).agreementVersion} and goes on with ${after.agreementVersion}`,
        key.caseId,
      );
    }
    for (const { rung } of after.raisings) {
      if (!rungOf(agreed.ladder, rung))
        broken('ladder-kept', `its agreement has no rung ${rung}`, key.caseId);
    }
  }

  /** Each of those who are asked has a prompt, and whoever holds the case is told. */
  function checkPrompted({ key, after, events, notices, climber, agreed }: Climbed): void {
    for (const { type, data } of events) {
      if (type !== 'escalation.raised') continue;
      const raising = after.raisings.find(({ n }) => n === Number(data.n));
      if (!raising) continue;
      const prompts = notices.filter(
        ({ notice }) => notice.form === 'show' && notice.subject === `prompt:${after.subject}#${raising.n}`,
      );
      const to = prompts.map(({ notice }) => routeName(notice.route)).sort();
      const asked = raising.asked.map((person) => `person:${person}`).sort();
      if (to.join() !== asked.join()) {
        broken(
          'prompted',
          `prompt ${raising.n} asks ${asked.join(', ')} and goes to ${to.join(', ')}`,
          key.caseId,
        );
      }
      if (raising.asked.length === 0) continue;
      // What runs beside a rung may be spoken for by the line of that rung.
      const beside = rungOf(agreed.ladder, raising.rung)?.beside !== undefined;
      const told = notices.flatMap(({ notice }) =>
        notice.form === 'tell' &&
        notice.line === 'escalation.raised' &&
        (beside || notice.refs?.n === String(raising.n))
          ? [routeName(notice.route)]
          : [],
      );
      for (const route of climber.told) {
        if (told.includes(routeName(route))) continue;
        const said = `prompt ${raising.n} was not told to ${routeName(route)}, which holds the case`;
        broken('prompted', said, key.caseId);
      }
    }
  }

  function count({ before, after, events, agreed }: Climbed): void {
    for (const { type, data } of events) {
      if (type === 'escalation.began') met(`climbs ${data.cause}`);
      if (type === 'escalation.ended') met(`climbing ended ${data.how}`);
      if (type === 'escalation.skipped') met(`skipped ${data.rung}`);
      if (type !== 'escalation.raised') continue;
      met(`rung ${data.rung}`);
      met(`because ${data.because}`);
      met(`stood ${data.stood}`);
      if (data.late === true) met('rung late');
      if (Number(data.cycle) > 0) met('rung again');
    }
    if (before === undefined && after.agreementVersion > 1) met('climbs an edited ladder');
    if (cases.termsAround(time.ms).every((terms) => terms.ladder !== agreed.ladder))
      met('climbs a ladder of before');
  }

  function climbed(change: Climbed): void {
    const { key, before, after, events } = change;
    checkNumbers(change);
    checkKept(change);
    checkBeside(change);
    checkPrompted(change);
    for (const event of events) {
      if (event.type === 'escalation.raised' || event.type === 'escalation.skipped') {
        checkAsked(deps, change, event);
        checkRaising(deps, change, event);
        if (event.type === 'escalation.raised') checkWoken(deps, change, event);
      } else if (event.type === 'escalation.acknowledged' || event.type === 'escalation.shortened') {
        checkOnIt(deps, change, event);
      } else if (event.type === 'escalation.reminded') {
        checkRaising(deps, change, event);
      }
    }
    count(change);
    for (const [index, one] of after.raisings.entries()) {
      if (before?.raisings[index]?.state !== one.state || before.state !== after.state) {
        changed.set(`${key.caseId}|${after.subject}|${one.n}`, time.ms);
      }
    }
  }

  return {
    committed(key, writes) {
      if (!writes.some(bears)) return;
      const docs = memory.inside(key);
      const climbers = climbersIn(key, docs);
      if (climbers.length === 0) return;
      const events: EventDoc[] = [];
      const notices: NoticeDoc[] = [];
      for (const write of writes) {
        if (write.do === 'remove') continue;
        if (write.doc.kind === 'event') events.push(write.doc as EventDoc);
        else if (write.doc.kind === 'notice') notices.push(write.doc as NoticeDoc);
      }
      for (const climber of climbers) {
        const id = idOf(climber);
        const after = docs.get(id)?.doc as Escalation | undefined;
        const name = `${key.caseId}|${id}`;
        const before = known.get(name);
        const mine = events.filter(({ data }) => data.escalation === climber.subject);
        checkClimbs(key, climber, after);
        if (!after) {
          if (mine.length > 0) broken('rung-once', `${mine[0]?.type} came, and nothing climbs`, key.caseId);
          continue;
        }
        checkTimer(key, after, docs.get(`timer:${id}`)?.doc as TimerDoc | undefined);
        const agreed = cases.version(after.agreementVersion);
        if (!agreed) {
          broken('ladder-kept', `there is no agreement ${after.agreementVersion}`, key.caseId);
          continue;
        }
        if (after === before?.escalation && mine.length === 0) continue;
        const setAt = before?.at ?? time.ms;
        known.set(name, { escalation: after, at: time.ms });
        climbed({ key, before: before?.escalation, after, events: mine, notices, climber, agreed, setAt });
      }
    },

    all() {
      for (const key of memory.keys()) {
        const docs = memory.inside(key);
        for (const climber of climbersIn(key, docs)) {
          const id = idOf(climber);
          const escalation = docs.get(id)?.doc as Escalation | undefined;
          checkClimbs(key, climber, escalation);
          if (!escalation) continue;
          const timer = docs.get(`timer:${id}`)?.doc as TimerDoc | undefined;
          checkTimer(key, escalation, timer);
          const due = Math.max(Date.parse(timer?.due ?? ''), known.get(`${key.caseId}|${id}`)?.at ?? 0);
          if (due < time.ms && isTooLate(time, weather, due)) {
            broken(
              'rung-late',
              `${escalation.subject} was to go on at ${timer?.due}, and has not`,
              key.caseId,
            );
          }
        }
      }
    },

    matters(caseId, subject, line = 'escalation.raised', n) {
      const [, about = '', number = String(n)] =
        /^(?:prompt|escalation):([^#]+)(?:#(\d+))?$/.exec(subject) ?? [];
      const escalation = find(caseId, `escalation:${about}`);
      const raising = escalation?.raisings.find((one) => one.n === Number(number));
      const since = changed.get(`${caseId}|${about}|${number}`) ?? 0;
      if (line === 'escalation.resolved') {
        return { so: escalation?.state === 'ended' && escalation.how === 'resolved', since };
      }
      const state = line === 'escalation.acknowledged' ? 'acknowledged' : 'waiting';
      return {
        so: escalation?.state === 'running' && raising?.state === state,
        since,
      };
    },
  };
}
