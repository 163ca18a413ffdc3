import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import type { Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { localDateOf } from '../core/wording.ts';
import type { Concern } from './concern.ts';
import { personAbout } from './corrections.ts';
import { answering, changed, type Facts, happened, personOf, positionOf } from './facts.ts';
import type { Inputs } from './form.ts';

/** How long the record of a concern is kept, by whom it is about. */
export interface Keeping {
  readonly class: 'adult' | 'child' | 'unknown';
  /** The local day from which it is to be reviewed; absent while it is open. */
  readonly reviewOn?: string;
  /** Under a legal hold it is not destroyed, whatever its day. */
  readonly held: boolean;
}

export const isHeld = ({ holds = [] }: Pick<Concern, 'holds'>): boolean => holds.at(-1)?.state === 'set';

/** Who was this old when it ended is kept for a year longer (NHS Records Management Code of Practice). */
const LATE_AGE = 17;

/**
 * How long a concern is kept (NHS Records Management Code of Practice, 2023; review, then destroy): of an adult so many
 * years after it was closed; of a child until a birthday, or so many years after it was closed where no birth date is
 * known; of whose age is not known the longer of the two. The agreement says how many.
 */
export function keepingOf(concern: Concern, { zone, safeguarding }: Agreement): Keeping {
  const { told, closed } = concern;
  const kind = told.age;
  const held = isHeld(concern);
  if (!closed || !safeguarding) return { class: kind, held };
  const { adultYears, childBirthday } = safeguarding.retention;
  const ended = Temporal.PlainDate.from(localDateOf(closed.at, zone));
  const adult = ended.add({ years: adultYears });
  const { dob } = personAbout(concern);
  const born = dob === undefined ? undefined : Temporal.PlainDate.from(dob);
  const wasLate = born !== undefined && born.until(ended, { largestUnit: 'years' }).years === LATE_AGE;
  const child = born
    ? born.add({ years: childBirthday + (wasLate ? 1 : 0) })
    : ended.add({ years: childBirthday });
  const longer = Temporal.PlainDate.compare(adult, child) > 0 ? adult : child;
  const reviewOn = kind === 'adult' ? adult : kind === 'child' ? child : longer;
  return { class: kind, reviewOn: reviewOn.toString(), held };
}

/** Those whose day of review has come, and that no legal hold keeps. */
export const deleteDue = (
  concerns: readonly Concern[],
  terms: Agreement,
  now: Instant,
): readonly Concern[] => {
  const day = localDateOf(now, terms.zone);
  return concerns.filter((concern) => {
    const { reviewOn, held } = keepingOf(concern, terms);
    return !held && reviewOn !== undefined && reviewOn <= day;
  });
};

/** Sets a legal hold, or lifts the one that is set, with the reason. Errors: `Invalid`, `Refused` for its raiser. */
export function hold(facts: Facts, { hold: wanted, holdWhy = '' }: Inputs): Verdict {
  answering(facts);
  const { concern, actor, today, now } = facts;
  if (wanted !== 'set' && wanted !== 'lifted') {
    throw new Invalid('Not recorded yet.', [
      { field: 'hold', message: 'Choose whether a hold is set or lifted.' },
    ]);
  }
  const wrong = textProblem(holdWhy, 'Write why, and who asked for it.');
  if (wrong) throw new Invalid('Not recorded yet.', [{ field: 'holdWhy', message: wrong }]);
  if ((wanted === 'set') === isHeld(concern)) return { kind: 'done' };
  const by = personOf(actor, positionOf(actor, today));
  const one = { by, at: now, state: wanted, reason: holdWhy.trim() } as const;
  const after: Concern = { ...concern, holds: [...(concern.holds ?? []), one] };
  return { kind: 'change', change: changed(after, [happened(facts, 'concern.hold', { state: wanted })]) };
}
