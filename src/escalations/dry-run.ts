import type { Agreement } from '../agreement/agreement.ts';
import type { Change, EventDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { dutyEnds, nextBoundary, onDuty, type Rota } from '../rota/rota.ts';
import type { Duty, Ground } from './draft.ts';
import { type Escalation, type LadderStep, nextAt } from './escalation.ts';
import { begin, end, review, step, turn } from './rules.ts';

/**
 * What recorded matters would have done under a ladder: the real rules, walked from instant to instant, with the
 * answers as they came. Nobody says "I'm on it", steps up or resolves there, and every prompt arrives.
 */

/** What a matter means for the ladder, and when. */
export interface Step {
  readonly at: Instant;
  readonly step: LadderStep;
}

/** The rota as it stood from `since`; a list of them is in order of time. */
export interface RotaThen {
  readonly since: Instant;
  readonly rota: Rota;
}

/** An event of an escalation, walked or recorded. */
export interface Said {
  readonly at: Instant;
  readonly type: string;
  readonly data: EventDraft['data'];
}

/** Walks one matter until `until`. Whoever is on the rota counts as reached. */
export function walk(
  steps: readonly Step[],
  terms: Agreement,
  history: readonly RotaThen[],
  until: Instant,
): Said[] {
  const said: Said[] = [];
  let escalation: Escalation | undefined;
  const groundAt = (now: Instant): Ground => ({
    agreed: terms,
    today: terms,
    duty: dutyThen(history, now),
    routes: { receiver: [], holder: [] },
    now,
    by: { system: 'dry-run' },
  });
  const take = (at: Instant, change: Change | undefined): void => {
    if (!change) return;
    for (const { type, data } of change.events ?? []) said.push({ at, type, data });
    const after = change.documents?.find((doc): doc is Escalation => doc.kind === 'escalation');
    if (after) escalation = after;
  };
  /** Timers and changes of the rota up to here; what happens at this moment itself comes first. */
  const climbTo = (limit: Instant, from: Instant): void => {
    let seen = from;
    for (;;) {
      if (escalation?.state !== 'running') return;
      const fires = nextAt(escalation);
      const place = placeAt(history, seen);
      const stands = history[place]?.rota;
      const rota = [history[place + 1]?.since, stands && nextBoundary(stands, seen)]
        .filter((one) => one !== undefined)
        .sort()[0];
      const at = [fires, rota].filter((one) => one !== undefined).sort()[0];
      if (at === undefined || at >= limit) return;
      seen = at;
      if (at === fires) take(at, step(groundAt(at), escalation));
      if (at === rota) take(at, review(groundAt(at), escalation));
    }
  };
  let before: Instant = '';
  for (const { at, step: next } of steps) {
    if (at > until) break;
    climbTo(at, before);
    take(at, follow(groundAt(at), next, escalation));
    before = at;
  }
  climbTo(until, before);
  return said;
}

/** As a change of the subject is followed in life. */
function follow(ground: Ground, next: LadderStep, stands: Escalation | undefined): Change | undefined {
  switch (next.do) {
    case 'begin':
      return begin(ground, next.matter, next.cause, next.from, stands);
    case 'turn':
      return turn(ground, stands, next.matter);
    case 'end':
      return end(ground, stands, next.how);
    case 'show':
      return undefined;
  }
}

function dutyThen(history: readonly RotaThen[], now: Instant): Duty {
  const rota = history[placeAt(history, now)]?.rota ?? { shifts: [], away: [] };
  return {
    on: (provider, roles) => onDuty(rota, now, { provider, ...(roles && { roles }) }, () => true),
    ends: (person, provider) => dutyEnds(rota, person, provider, now),
  };
}

/** The place of the rota that stood at `at`; -1 before the first. */
function placeAt(history: readonly RotaThen[], at: Instant): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.since ?? '') <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
