import { rungOf } from '../agreement/ladder.ts';
import type { EventDoc } from '../core/change.ts';
import type { Climbed, LadderWatchDeps } from './climbed.ts';

const listed = (people: Iterable<string>): string => [...people].join(', ') || 'nobody';

/** Whoever is asked is on duty; whoever is on duty is asked; a rung is passed over only where nobody is. */
export function checkAsked(
  { duty, broken, met }: LadderWatchDeps,
  { key, after, agreed }: Climbed,
  event: EventDoc,
): void {
  const raising = after.raisings.find(({ n }) => n === Number(event.data.n));
  const rung = raising && rungOf(agreed.ladder, raising.rung);
  if (!rung) return;
  const { caseId } = key;
  const at = event.recordedAt;
  const provider = after.parties[rung.ask.of];
  const asked: string[] = event.type === 'escalation.raised' ? (event.data.asked as string[]) : [];
  const inRole = duty.on(provider, at, rung.ask.roles);
  const there = duty.on(provider, at);
  const clinicians = rung.kind === 'clinical' ? duty.clinicians(at) : undefined;
  if (raising.provider !== provider)
    broken('asked', `${rung.id} asks ${raising.provider} and not ${provider}`, caseId);
  const stranger = asked.find((person) => !there.maybe.has(person) && !clinicians?.maybe.has(person));
  if (stranger !== undefined)
    broken('asked', `${stranger} is asked by ${rung.id} and is not on duty`, caseId);
  const none = asked.length === 0;
  const missed = [...inRole.surely, ...(none ? (clinicians?.surely ?? []) : [])].find(
    (person) => !asked.includes(person),
  );
  if (missed !== undefined) {
    broken(
      none ? 'skipped' : 'asked',
      `${missed} is on duty for ${rung.id}, and ${none ? 'nobody is' : 'others are'} asked`,
      caseId,
    );
  }
  // What is a matter of contracts wakes nobody else.
  if (rung.kind === 'contractual' || inRole.surely.size !== 1 || inRole.maybe.size !== 1) return;
  met('one alone on duty');
  const left = [...there.surely].find((person) => !asked.includes(person));
  if (left !== undefined)
    broken('asked', `${listed(inRole.surely)} alone is on duty, and ${left} is not told`, caseId);
}

/** "I'm on it" ends with the need, and with the duty of whoever said it. */
export function checkOnIt(
  { duty, broken, met }: LadderWatchDeps,
  { key, after }: Climbed,
  event: EventDoc,
): void {
  const raising = after.raisings.find(({ n }) => n === Number(event.data.n));
  const held = raising?.acknowledged;
  if (!raising || !held) return;
  if (held.until > after.needBy)
    broken('on-it', `it is held until ${held.until}, and needed by ${after.needBy}`, key.caseId);
  const at = event.recordedAt;
  const on = duty.on(raising.provider, at).maybe.has(held.person);
  if (!on && !duty.clinicians(at).maybe.has(held.person)) {
    broken('on-it', `${held.person} is on it and not on duty`, key.caseId);
    return;
  }
  const end = duty.ends(held.person, on ? raising.provider : after.parties.prime, at);
  if (end === undefined) return;
  if (held.until === end) met('on it until duty ends');
  if (held.until > end)
    broken('on-it', `${held.person} is on it until ${held.until}, and on duty until ${end}`, key.caseId);
}
