import { type Agreement, partnerName, primeOf, providerOf, staffName } from '../agreement/agreement.ts';
import { rungAbove, rungOf } from '../agreement/ladder.ts';
import type { Instant } from '../core/clock.ts';
import { whenText } from '../core/wording.ts';
import { causeWords } from './causes.ts';
import { type Escalation, live, type Raising, unansweredBefore } from './escalation.ts';

/** `Adele Vance and Isaiah Langer`. */
export function names(people: readonly string[], today: Agreement): string {
  const all = people.map((person) => staffName(person, today));
  return all.length < 2 ? (all[0] ?? 'nobody') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

export const rungName = (id: string, agreed: Agreement): string => rungOf(agreed.ladder, id)?.name ?? id;

/** Why this prompt comes, in a sentence or two. */
export function becauseText(
  raising: Raising,
  escalation: Escalation,
  agreed: Agreement,
  today: Agreement,
): string {
  const { because, n } = raising;
  const earlier = escalation.raisings.findLast((one) => one.n < n && one.rung === raising.rung);
  const held = earlier?.acknowledged && staffName(earlier.acknowledged.person, today);
  switch (because) {
    case 'began':
      return causeWords(escalation.cause).began;
    case 'unanswered':
      return causeWords(escalation.cause).still;
    case 'stepped-up':
      return 'It was stepped up.';
    case 'nobody-on-duty': {
      const skipped = escalation.raisings.filter(
        (one) => one.state === 'skipped' && one.n < n && one.beganAt === raising.beganAt,
      );
      const [first] = skipped;
      const why = first && first.because !== because ? becauseText(first, escalation, agreed, today) : '';
      const rungs = skipped.map(
        (one) => `${rungName(one.rung, agreed)} at ${partnerName(today, one.provider)}`,
      );
      return `${why} Nobody is on duty for ${rungs.join(' or ') || 'the rung below'}, so it was passed on at once.`.trim();
    }
    case 'not-delivered':
      return 'Nobody below could be reached, so it was passed on.';
    case 'came-back':
      return `${held ?? 'Somebody'} was on it, and it is still not answered.`;
    case 'handed-on':
      return `${held ?? 'Somebody'} was on it and is no longer on duty.`;
    case 'came-on-duty':
      return earlier?.stood === 'nobody'
        ? 'Nobody was on duty until now, and nobody has answered.'
        : 'Duty has changed, and nobody has answered.';
    case 'turned':
      return `It now waits for ${partnerName(today, escalation.parties.receiver)}.`;
  }
}

/** Who is asked, and by when. */
export function askedText(raising: Raising, agreed: Agreement, today: Agreement, now: Instant): string {
  const by = `answer by ${whenText(raising.due, now, today.zone)}`;
  const rung = rungName(raising.rung, agreed);
  const one = raising.asked.length === 1;
  const are = one ? 'is' : 'are';
  switch (raising.stood) {
    case 'duty':
      return `${rung}: ${names(raising.asked, today)} ${are} asked, ${by}.`;
    case 'all-on-shift':
      return `${rung}: few are on duty, so all on shift are told: ${names(raising.asked, today)}, ${by}.`;
    case 'prime-clinicians':
      return `${rung}: nobody is on duty, so the ${one ? 'clinician' : 'clinicians'} on call ${are} asked: ${names(raising.asked, today)}, ${by}.`;
    case 'nobody':
      return `Nobody is on duty for ${rung} at ${partnerName(today, raising.provider)}.`;
  }
}

/** What happens when nobody answers this prompt: `it goes to Clinical`. */
function nextWords(raising: Raising, escalation: Escalation, agreed: Agreement): string {
  const rung = rungOf(agreed.ladder, raising.rung);
  const above = rungAbove(agreed.ladder, raising.rung);
  const again = unansweredBefore(escalation, raising) < (rung?.repeats ?? 0);
  return again || !above ? 'it is asked again' : `it goes to ${above.name}`;
}

/** What happens when nobody answers this prompt, and when. */
export function nextText(
  raising: Raising,
  escalation: Escalation,
  agreed: Agreement,
  today: Agreement,
  now: Instant,
): string {
  const at = whenText(raising.due, now, today.zone);
  if (raising.stood === 'nobody') return `Baton looks again at ${at}.`;
  return `At ${at} ${nextWords(raising, escalation, agreed)}.`;
}

/** Who is asked and by when, and what happens then. */
export function askedAndNextText(
  raising: Raising,
  escalation: Escalation,
  agreed: Agreement,
  today: Agreement,
  now: Instant,
): string {
  const next =
    raising.stood === 'nobody'
      ? nextText(raising, escalation, agreed, today, now)
      : `Then ${nextWords(raising, escalation, agreed)}.`;
  return `${askedText(raising, agreed, today, now)} ${next}`;
}

/** The number to ring when nobody else can be asked: today's, whichever ladder counts. */
export const lastResort = ({ ladder }: Agreement): string =>
  ` Ring ${ladder.lastResort.name}: ${ladder.lastResort.phone}.`;

/** What the one who holds the case has to know when nobody who should stands for a rung. */
export function lastResortText(
  { stood, beganAt }: Raising,
  { raisings }: Escalation,
  agreed: Agreement,
  today: Agreement,
): string {
  const passedOver = raisings.some(
    (one) =>
      one.state === 'skipped' &&
      one.beganAt === beganAt &&
      rungOf(agreed.ladder, one.rung)?.kind === 'clinical',
  );
  return stood === 'nobody' || stood === 'prime-clinicians' || passedOver ? lastResort(today) : '';
}

/** ` Ring St Anne's: 0300 …`: where those who are asked work, the prime where its clinicians stand in. */
export function numberOf({ stood, provider }: Raising, today: Agreement): string {
  const found = stood === 'prime-clinicians' ? primeOf(today) : providerOf(today, provider);
  return found ? ` Ring ${found.name}: ${found.phone}.` : '';
}

/** A rung that is to wake people, where nothing wakes them: whoever is awake rings. */
export function unwokenText(raising: Raising, agreed: Agreement, today: Agreement): string {
  const asleep = rungOf(agreed.ladder, raising.rung)?.wake && raising.asked.length > 0 && !raising.paged;
  return asleep ? ` Teams wakes nobody.${numberOf(raising, today)}` : '';
}

/** Who is asked at the same time, on a rung that runs beside this one; empty where there is none. */
export function besideText(
  raising: Raising,
  escalation: Escalation,
  agreed: Agreement,
  today: Agreement,
  now: Instant,
): string {
  return (
    live(escalation)
      .filter(({ n, rung, beganAt }) => {
        const beside = rungOf(agreed.ladder, rung)?.beside;
        return n !== raising.n && beside !== undefined && beganAt === raising.beganAt;
      })
      // That nobody is on duty beside it is no news for whoever waits.
      .filter(({ asked }) => asked.length > 0)
      .map((one) => ` Beside it, ${askedText(one, agreed, today, now)}`)
      .join('')
  );
}

/** `Case 7K2-M4Z`: how each line about an escalation begins. */
export const aboutText = ({ about, caseId }: Pick<Escalation, 'about' | 'caseId'>): string =>
  about ?? `Case ${caseId}`;

/** The same within a sentence: `case 7K2-M4Z`. */
export function inSentence(escalation: Pick<Escalation, 'about' | 'caseId'>): string {
  const about = aboutText(escalation);
  return `${about.charAt(0).toLocaleLowerCase('en-GB')}${about.slice(1)}`;
}

/** Who has what an escalation is about, as a sentence. */
export const heldText = ({ cause, parties }: Escalation, today: Agreement, to: 'holder' | 'others'): string =>
  causeWords(cause).heldBy(partnerName(today, parties.sender), to);
