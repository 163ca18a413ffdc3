import { staffName } from '../agreement/agreement.ts';
import type { CardView } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import { enteredCard, sentence } from './cards.ts';
import type { Entered } from './commands.ts';
import type { Entry } from './entry.ts';
import { placeOf } from './people.ts';
import { type Away, duties, nextOnDuty, runs } from './rota.ts';
import { spanText, UNREACHED, YOU_UNREACHED } from './words.ts';

/** The answers to what was entered: what is true now, and what to mind. Each names staff alone. */

const AS_BEFORE = 'It stood like this already.';

/** Somebody was put on duty; `reader` is who entered it. */
export function afterOn(
  { rota, terms, now, changed }: Entered,
  entry: Omit<Entry, 'to'> & { readonly to?: string | undefined },
  reader: string,
): CardView {
  const own = entry.person === reader;
  const who = own ? 'You are' : `${staffName(entry.person, terms)} is`;
  const absent = rota.away.find(
    (one) =>
      one.person === entry.person && one.from < (entry.to ?? one.to) && entry.from < one.to && one.to > now,
  );
  return enteredCard(terms, {
    title: entry.from <= now ? `${who} on duty` : `${who} on the rota`,
    lines: [
      placeOf(terms, entry),
      sentence(spanText(entry, now, terms.zone, own ? 'you' : 'they')),
      ...(changed ? [] : [AS_BEFORE]),
    ],
    warnings: [
      ...(rota.reached(entry.person) ? [] : [own ? YOU_UNREACHED : UNREACHED]),
      ...(absent
        ? [
            `${who} away ${spanText(absent, now, terms.zone)}: ${absent.cover === undefined ? 'nobody covers' : `${staffName(absent.cover, terms)} covers`}.`,
          ]
        : []),
    ],
  });
}

/** A duty was ended: who is left there, or that nobody is and who comes next. */
export function afterOff(
  { rota, terms, now }: Entered,
  ended: { readonly person: string; readonly shift: Entry } | undefined,
  reader: string,
): CardView {
  if (!ended) return enteredCard(terms, { title: 'Off duty', lines: ['This duty is over already.'] });
  const { person, shift } = ended;
  const where = { provider: shift.provider, roles: [shift.role] };
  const left = duties(rota, now, where).map((duty) => duty.person);
  const names = [...new Set(left)].filter(rota.reached).map((one) => staffName(one, terms));
  const next = nextOnDuty(rota, now, where);
  const coming = next
    ? ` Next: ${staffName(next.duties[0]?.person ?? '', terms)} from ${whenText(next.from, now, terms.zone)}.`
    : '';
  return enteredCard(terms, {
    title: person === reader ? 'You are off duty' : `${staffName(person, terms)} is off duty`,
    lines: [placeOf(terms, shift), ...(names.length > 0 ? [`On duty there now: ${names.join(', ')}`] : [])],
    warnings: names.length > 0 ? [] : [`Nobody is on duty there now.${coming}`],
  });
}

/** A shift was given to a colleague. */
export function afterGiving({ rota, terms }: Entered, to: string): CardView {
  return enteredCard(terms, {
    title: `${staffName(to, terms)} has it now`,
    lines: ['Both of you are told in person.'],
    warnings: rota.reached(to) ? [] : [UNREACHED],
  });
}

/** An absence was entered: who covers, and how many shifts it touches. */
export function afterAway({ rota, terms, now, changed }: Entered, away: Away, reader: string): CardView {
  const own = away.person === reader;
  const { cover } = away;
  const touched = rota.shifts.filter(
    (shift) =>
      shift.person === away.person &&
      shift.from < away.to &&
      (shift.to === undefined || (shift.to > away.from && shift.to > now)),
  ).length;
  const theirs = touched === 1 ? 'One shift falls' : `${touched} shifts fall`;
  return enteredCard(terms, {
    title: own ? 'You are entered as away' : `${staffName(away.person, terms)} is entered as away`,
    lines: [
      sentence(spanText(away, now, terms.zone)),
      ...(cover === undefined ? [] : [`${staffName(cover, terms)} covers`]),
      ...(changed ? [] : [AS_BEFORE]),
    ],
    warnings: [
      ...(cover === undefined ? [`Nobody covers. ${theirs} into that time.`] : []),
      ...(cover !== undefined && !rota.reached(cover) ? [`${staffName(cover, terms)}: ${UNREACHED}`] : []),
    ],
  });
}

/** An absence ended, or was taken out. */
export function afterBack({ rota, terms, now, changed }: Entered, person: string, reader: string): CardView {
  const own = person === reader;
  const still = rota.away.some((one) => one.person === person && runs(one, now));
  return enteredCard(terms, {
    title: own ? 'Your absence is taken out' : `The absence of ${staffName(person, terms)} is taken out`,
    lines: [
      still ? 'Another absence is still entered.' : 'Duties are theirs again.',
      ...(changed ? [] : [AS_BEFORE]),
    ],
  });
}
