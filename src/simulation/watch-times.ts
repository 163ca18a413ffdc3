import { climbOf, type RungTerms, rungOf } from '../agreement/ladder.ts';
import type { EventDoc } from '../core/change.ts';
import type { Raising } from '../escalations/escalation.ts';
import { type Climbed, isLive, type LadderWatchDeps, nextOf } from './climbed.ts';
import { isTooLate, LATE_MS } from './lateness.ts';
import { LEASE_SECONDS, POLL_MS } from './worker.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** From here on what comes says that it is late; a turn may take some seconds more. */
const MARKED_MS = LEASE_SECONDS * 1_000 + POLL_MS + 5_000;

/** `1h30m` in milliseconds; days are days of 24 hours. */
function lengthOf(text: string): number {
  const unit: Readonly<Record<string, number>> = { d: DAY, h: 60 * MINUTE, m: MINUTE };
  return [...text.matchAll(/(\d+)([dhm])/g)].reduce(
    (sum, [, count, name]) => sum + Number(count) * (unit[name ?? ''] ?? 0),
    0,
  );
}

/** When a prompt, or a reminder, came: not before its time, not after it, and marked where it is late. */
export function checkRaising(deps: LadderWatchDeps, change: Climbed, event: EventDoc): void {
  const { time, weather, broken, met } = deps;
  const { key, before, after, agreed, setAt } = change;
  const raising = after.raisings.find(({ n }) => n === Number(event.data.n));
  if (!raising) return;
  const due = dueOf(deps, change, event, raising);
  if (due === 'out-of-turn') {
    broken(
      'rung-early',
      `${event.type} of prompt ${raising.n} because ${event.data.because}, which is not so`,
      key.caseId,
    );
    return;
  }
  if (event.type === 'escalation.raised')
    checkDue(deps, change, raising, rungOf(agreed.ladder, raising.rung));
  if (due === undefined || before === undefined) return;
  if (event.recordedAt < due) {
    broken(
      'rung-early',
      `${event.type} of prompt ${raising.n} came at ${event.recordedAt}, and was due at ${due}`,
      key.caseId,
    );
  }
  const from = Math.max(Date.parse(due), setAt);
  if (isTooLate(time, weather, from)) {
    broken(
      'rung-late',
      `${event.type} of prompt ${raising.n} was due at ${due}, and comes at ${time.now()}`,
      key.caseId,
    );
  }
  met(time.ms - from > LATE_MS ? 'rung after an outage' : 'rung in time');
  if (event.type !== 'escalation.raised' || event.data.because === 'handed-on') return;
  // The timer was due for whatever of the escalation came first.
  const first = before.raisings.filter(isLive).map(nextOf).sort()[0] ?? due;
  const behind = Date.parse(event.recordedAt) - Date.parse(first);
  const marked = event.data.late === true;
  if (marked !== behind > MARKED_MS) {
    broken(
      'rung-late',
      `prompt ${raising.n} comes ${behind / 1_000} s late and is ${marked ? '' : 'not '}marked`,
      key.caseId,
    );
  }
}

/** When what this event says was due, where a clock led to it; `out-of-turn` where nothing in the commit led to it. */
function dueOf(
  { duty }: LadderWatchDeps,
  { before, after, events, agreed }: Climbed,
  event: EventDoc,
  raising: Raising,
): string | undefined | 'out-of-turn' {
  if (event.type === 'escalation.reminded') {
    return before?.raisings.find(({ n }) => n === raising.n)?.remind[0] ?? 'out-of-turn';
  }
  const ended = (before?.raisings ?? []).filter((one, index) => {
    const now = after.raisings[index];
    return isLive(one) && now !== undefined && !isLive(now);
  });
  if ('system' in event.by && event.by.system === 'rota') {
    // Of those who were asked nobody has that duty any more, or nobody was asked.
    const left = ended.some(({ rung, provider, asked, acknowledged }) => {
      const roles = rungOf(agreed.ladder, rung)?.ask.roles;
      const there = duty.on(provider, event.recordedAt, roles).surely;
      return acknowledged !== undefined || !asked.some((person) => there.has(person));
    });
    return left ? undefined : 'out-of-turn';
  }
  const came = (type: string): boolean => events.some((one) => one.type === type);
  // A rung that was skipped says nothing of why it was come to.
  if (event.type === 'escalation.skipped') return undefined;
  switch (event.data.because) {
    case 'unanswered':
      return ended.find(({ state }) => state === 'waiting')?.due ?? 'out-of-turn';
    case 'came-back':
      return ended.find(({ acknowledged }) => acknowledged)?.acknowledged?.until ?? 'out-of-turn';
    case 'handed-on':
      return ended.some(({ acknowledged }) => acknowledged) ? undefined : 'out-of-turn';
    case 'nobody-on-duty':
      return came('escalation.skipped') ? undefined : 'out-of-turn';
    case 'began':
      return came('escalation.began') ? undefined : 'out-of-turn';
    case 'stepped-up':
      return came('escalation.stepped-up') ? undefined : 'out-of-turn';
    case 'not-delivered':
      return came('escalation.undelivered') ? undefined : 'out-of-turn';
    case 'turned':
      return came('escalation.turned') ? undefined : 'out-of-turn';
    default:
      return 'out-of-turn';
  }
}

/** The time that a prompt gives, on the clock of the agreement that the escalation began with. */
function checkDue(
  { broken }: LadderWatchDeps,
  { key, agreed }: Climbed,
  raising: Raising,
  rung: RungTerms | undefined,
): void {
  if (!rung) return;
  const { within, clock } = rung.answer;
  const given = Date.parse(raising.due) - Date.parse(raising.beganAt);
  const least = lengthOf(within);
  const last = climbOf(agreed.ladder).at(-1)?.id === rung.id || rung.beside !== undefined;
  const longer = last && raising.cycle > rung.repeats;
  const right =
    clock === 'elapsed'
      ? given === least || (longer && given > least && given <= DAY)
      : given > 0 && given < 21 * DAY && onWorkingDay(raising.due);
  if (!right)
    broken(
      'rung-early',
      `${rung.id} gives ${within} (${clock}): ${raising.beganAt} until ${raising.due}`,
      key.caseId,
    );
}

/** Monday to Friday in London; midnight belongs to the day before. */
function onWorkingDay(at: string): boolean {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', weekday: 'short' }).format(
    Date.parse(at) - 1,
  );
  return day !== 'Sat' && day !== 'Sun';
}
