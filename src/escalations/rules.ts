import {
  climbOf,
  firstRungOf,
  type LadderTerms,
  type RungKind,
  type RungTerms,
  rungOf,
} from '../agreement/ladder.ts';
import type { Change } from '../core/change.ts';
import {
  changeOf,
  close,
  type Draft,
  draftOf,
  dutyAt,
  finish,
  type Ground,
  isLive,
  say,
  update,
} from './draft.ts';
import {
  type Cause,
  type EarlierEnd,
  type Escalation,
  escalationId,
  live,
  type Matter,
  nextOf,
  promptSubject,
  type Raising,
  type Running,
} from './escalation.ts';
import { above, after, climb, prompt, roomFor, standing, tell } from './raise.ts';

/** The agreement whose ladder counts: a running escalation keeps the one that it began with. */
export const ladderVersion = (before: Escalation | undefined, matter: Matter): number =>
  before?.state === 'running' ? before.agreementVersion : matter.agreementVersion;

/** A matter begins to climb, at the first rung of the kind named or at the bottom. */
export function begin(
  ground: Ground,
  matter: Matter,
  cause: Cause,
  from: RungKind | undefined,
  before: Escalation | undefined,
): Change {
  const { ladder } = ground.agreed;
  const first =
    from === undefined ? (resumed(ladder, before) ?? climbOf(ladder)[0]) : firstRungOf(ladder, from);
  if (!first) throw new Error('a ladder in force has a rung');
  const { subject, caseId, about, parties, since, needBy } = matter;
  const escalation: Running = {
    id: escalationId(subject),
    kind: 'escalation',
    schema: 1,
    subject,
    caseId,
    ...(about !== undefined && { about }),
    revision: (before?.revision ?? 0) + 1,
    agreementVersion: ladderVersion(before, matter),
    cause,
    parties,
    since,
    needBy,
    startedAt: before?.startedAt ?? ground.now,
    state: 'running',
    from: (before?.raisings.length ?? 0) + 1,
    // Prompts of before keep their numbers, so that none is ever raised twice.
    raisings: (before?.raisings ?? []).map((one) => (isLive(one) ? { ...one, state: 'ended' } : one)),
    ...(before && { endedBefore: endsOf(before) }),
  };
  const draft: Draft = { escalation, events: [], notices: [] };
  say(draft, ground, 'escalation.began', { cause, rung: first.id, agreement: escalation.agreementVersion });
  climb(draft, ground, first, 'began');
  return changeOf(draft, before);
}

/** An acceptance that was undone does not start the climb from the bottom: the rung that it had come to asks again. */
function resumed(ladder: LadderTerms, before: Escalation | undefined): RungTerms | undefined {
  if (before?.state !== 'ended' || before.how !== 'accepted') return undefined;
  const last = before.raisings.findLast(({ rung }) => climbOf(ladder).some(({ id }) => id === rung));
  return last && rungOf(ladder, last.rung);
}

/** Every end that it came to so far. */
function endsOf(before: Escalation): readonly EarlierEnd[] {
  const { cause, raisings, endedBefore = [] } = before;
  if (before.state === 'running') return endedBefore;
  const { endedAt: at, how, endedBy } = before;
  return [...endedBefore, { upTo: raisings.length, cause, at, how, by: endedBy }];
}

/**
 * The timer has fired: reminders go out, what was not answered in time is asked again or climbs, and whoever
 * said "I'm on it" is asked how it went. After an outage each prompt moves once, from now on.
 * Undefined when nothing is due.
 */
export function step(ground: Ground, escalation: Escalation): Change | undefined {
  if (escalation.state !== 'running') return undefined;
  const draft = draftOf(escalation);
  const due = live(escalation).filter((one) => nextOf(one) <= ground.now);
  if (due.length === 0) return undefined;
  for (const raising of due) {
    const rung = rungOf(ground.agreed.ladder, raising.rung);
    if (!rung) throw new Error('an escalation keeps the ladder that it began with');
    if (raising.state === 'acknowledged') {
      const gone = dutyAt(ground, escalation, raising, raising.acknowledged?.person ?? '') === undefined;
      close(draft, raising, 'passed');
      climb(draft, ground, rung, gone ? 'handed-on' : 'came-back');
    } else if (raising.due <= ground.now) {
      close(draft, raising, 'passed');
      update(draft, raising.n, (one) => ({ ...one, ranOut: true }));
      after(draft, ground, rung, raising, 'unanswered');
    } else {
      remind(draft, ground, raising);
    }
  }
  return changeOf(draft, escalation);
}

/** It has been answered: every prompt says so, and nothing more is asked. Undefined when nothing runs. */
export function end(ground: Ground, escalation: Escalation | undefined, how: string): Change | undefined {
  if (escalation?.state !== 'running') return undefined;
  return finish(draftOf(escalation), ground, how, escalation);
}

/** Another provider is waited for now: a rung that asks the one waited for is raised for it. */
export function turn(ground: Ground, escalation: Escalation | undefined, matter: Matter): Change | undefined {
  if (escalation?.state !== 'running') return undefined;
  const { parties } = matter;
  const draft = draftOf({ ...escalation, parties });
  say(draft, ground, 'escalation.turned', { to: parties.receiver });
  for (const raising of live(escalation)) {
    const rung = rungOf(ground.agreed.ladder, raising.rung);
    if (rung?.ask.of !== 'receiver' || raising.provider === parties.receiver) continue;
    close(draft, raising, 'passed');
    climb(draft, ground, rung, 'turned');
  }
  return changeOf(draft, escalation);
}

/**
 * The rota has changed: who came on duty is asked too, what was acknowledged by somebody who went off duty is
 * asked again, and a prompt goes on where nobody is left on duty for it. Undefined when nothing changes.
 */
export function review(ground: Ground, escalation: Escalation): Change | undefined {
  if (escalation.state !== 'running') return undefined;
  const draft = draftOf(escalation);
  for (const raising of live(escalation)) {
    const rung = rungOf(ground.agreed.ladder, raising.rung);
    if (!rung) continue;
    const held = raising.acknowledged;
    if (raising.state === 'acknowledged' && held) {
      const provider = dutyAt(ground, escalation, raising, held.person);
      if (provider === undefined) {
        close(draft, raising, 'passed');
        climb(draft, ground, rung, 'handed-on');
        continue;
      }
      const ends = ground.duty.ends(held.person, provider);
      if (ends !== undefined && ends < held.until) {
        update(draft, raising.n, (one) => ({ ...one, acknowledged: { ...held, until: ends } }));
        say(draft, ground, 'escalation.shortened', { n: raising.n, until: ends });
      }
      continue;
    }
    const { asked, stood } = standing(ground, rung, raising.provider);
    if (asked.length === 0 && raising.asked.length > 0) {
      close(draft, raising, 'passed');
      climb(draft, ground, rung, raising.because);
      continue;
    }
    const lower = raising.stood === 'nobody' ? mannedBelow(ground, draft.escalation, rung) : undefined;
    // Where nobody was, or nobody is left of those asked, whoever came on duty gets the whole time, and the page.
    const fresh = asked.length > 0 && !raising.asked.some((person) => asked.includes(person));
    if (lower || fresh) {
      close(draft, raising, 'passed');
      climb(draft, ground, lower ?? rung, 'came-on-duty');
      continue;
    }
    const others = asked.filter((person) => !raising.asked.includes(person));
    const more = others.slice(0, roomFor(draft, 1));
    if (more.length === 0) continue;
    update(draft, raising.n, (one) => ({ ...one, asked: [...one.asked, ...more], stood }));
    say(draft, ground, 'escalation.asked-too', { n: raising.n, asked: more });
    prompt(draft, raising.n, more);
  }
  return draft.events.length > 0 ? changeOf(draft, escalation) : undefined;
}

/** A prompt could not be brought to somebody: when it reached nobody, the ladder moves on at once. */
export function undelivered(
  ground: Ground,
  escalation: Escalation,
  n: number,
  person: string,
): Change | undefined {
  const raising = escalation.raisings.find((one) => one.n === n);
  if (escalation.state !== 'running' || raising?.state !== 'waiting') return undefined;
  if (raising.undelivered?.includes(person)) return undefined;
  const draft = draftOf(escalation);
  const missed = [...(raising.undelivered ?? []), person];
  update(draft, n, (one) => ({ ...one, undelivered: missed }));
  say(draft, ground, 'escalation.undelivered', { n, person });
  const rung = rungOf(ground.agreed.ladder, raising.rung);
  if (rung && raising.asked.every((one) => missed.includes(one))) {
    if (above(ground.agreed, rung)) {
      close(draft, { ...raising, undelivered: missed }, 'passed');
      after(draft, ground, rung, raising, 'not-delivered');
    } else {
      tell(draft, ground, 'escalation.unreached', { n: String(n) });
    }
  }
  return changeOf(draft, escalation);
}

/** The paging service did not take a page: whoever is awake is told, with the number to ring. */
export function unpaged(ground: Ground, escalation: Escalation, n: number): Change | undefined {
  const raising = escalation.raisings.find((one) => one.n === n);
  if (escalation.state !== 'running' || raising?.state !== 'waiting') return undefined;
  const draft = draftOf(escalation);
  say(draft, ground, 'escalation.unpaged', { n });
  tell(draft, ground, 'escalation.unpaged', { n: String(n) });
  return changeOf(draft, escalation);
}

/** The lowest rung that was skipped since it began and has somebody on duty by now. */
function mannedBelow(ground: Ground, escalation: Running, rung: RungTerms): RungTerms | undefined {
  const skipped = new Set(
    escalation.raisings
      .filter(({ n, state }) => n >= escalation.from && state === 'skipped')
      .map((one) => one.rung),
  );
  const climb = climbOf(ground.agreed.ladder);
  return climb.slice(0, Math.max(0, climb.indexOf(rung))).find((one) => {
    const provider = escalation.parties[one.ask.of];
    return skipped.has(one.id) && standing(ground, one, provider).asked.length > 0;
  });
}

export function remind(draft: Draft, ground: Ground, raising: Raising): void {
  update(draft, raising.n, (one) => ({ ...one, remind: one.remind.filter((at) => at > ground.now) }));
  const late = ground.late === true;
  say(draft, ground, 'escalation.reminded', { n: raising.n, rung: raising.rung, ...(late && { late }) });
  for (const person of raising.asked) {
    draft.notices.push({
      form: 'tell',
      subject: promptSubject(draft.escalation.subject, raising.n),
      route: { to: 'person', person },
      line: 'escalation.reminder',
      ...(late && { refs: { late: 'yes' } }),
    });
  }
}
