import { staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { onceEach, PEOPLE_A_PLACE, type Shown, sentence } from './cards.ts';
import type { OnCall } from './commands.ts';
import { placeOf, positionsOf } from './people.ts';
import { duties, type Shift } from './rota.ts';
import { spanText, UNREACHED } from './words.ts';

/** The cards on which one of several duties, or a colleague for it, is chosen. */

/** Rows of a card to choose from. */
const ROWS_A_CARD = 8;
const COLLEAGUES_A_CARD = 20;

/** Whose duties somebody may end or give away: their own, and as coordinator those of their provider. */
export interface Mine {
  readonly person: string;
  /** The providers at which they coordinate. */
  readonly coordinates: readonly string[];
}

const isMine = ({ person, coordinates }: Mine, whose: string, provider: string): boolean =>
  person === whose || coordinates.includes(provider);

/** Own ones first. */
const ownFirst = <T>(rows: readonly T[], own: (row: T) => boolean): T[] => [
  ...rows.filter(own),
  ...rows.filter((row) => !own(row)),
];

/** The duties that somebody may end now, each with its button and who is left after it. */
export function offCard(shown: Shown, mine: Mine): CardView {
  const { rota, terms, now } = shown;
  const all = terms.providers
    .flatMap(({ id }) => duties(rota, now, { provider: id }))
    .filter(({ person, shift }) => isMine(mine, person, shift.provider));
  const places = all.filter(
    (duty, at) =>
      all.findIndex(
        ({ person, shift }) =>
          person === duty.person && shift.provider === duty.shift.provider && shift.role === duty.shift.role,
      ) === at,
  );
  const rows = ownFirst(places, ({ person }) => person === mine.person).slice(0, ROWS_A_CARD);
  return {
    card: 'rota/off',
    data: {
      title: 'I’m off duty',
      empty: rows.length === 0,
      nothing: 'You are not on duty now.',
      rows: rows.map((duty) => {
        const { person, shift } = duty;
        const others = onceEach(duties(rota, now, { provider: shift.provider, roles: [shift.role] }))
          .filter((one) => one.person !== person && rota.reached(one.person))
          .map((one) => staffName(one.person, terms));
        const own = person === mine.person;
        return {
          what: own ? placeOf(terms, shift) : `${staffName(person, terms)}: ${placeOf(terms, shift)}`,
          when: `On duty ${spanText(shift, now, terms.zone, own ? 'you' : 'they')}`,
          after:
            others.length > 0
              ? `Still on duty after that: ${others.slice(0, PEOPLE_A_PLACE).join(', ')}`
              : 'Nobody is on duty there after that.',
          alone: others.length === 0,
          shared: others.length > 0,
          button: own ? 'I’m off duty' : 'Off duty',
          label: `${staffName(person, terms)}, ${placeOf(terms, shift)}`,
          ref: { pathway: terms.pathway, shift: shift.id },
        };
      }),
      ref: { pathway: terms.pathway },
    },
    summary: 'Which duty ends now?',
  };
}

/** The shifts, running and to come, that somebody may give to a colleague. */
export function swapCard({ rota, terms, now }: Shown, mine: Mine): CardView {
  const rows = swappable(rota, now, mine);
  return {
    card: 'rota/swap',
    data: {
      title: 'Swap',
      empty: rows.length === 0,
      nothing: 'You have no shift to give away.',
      rows: rows.slice(0, ROWS_A_CARD).map((shift) => ({
        what:
          shift.person === mine.person
            ? placeOf(terms, shift)
            : `${staffName(shift.person, terms)}: ${placeOf(terms, shift)}`,
        when: sentence(spanText(shift, now, terms.zone, shift.person === mine.person ? 'you' : 'they')),
        label: `${placeOf(terms, shift)}, ${spanText(shift, now, terms.zone)}`,
        ref: { pathway: terms.pathway, shift: shift.id },
      })),
      more: rows.length > ROWS_A_CARD,
      rest: `These are the next ${ROWS_A_CARD} of ${rows.length}.`,
      ref: { pathway: terms.pathway },
    },
    summary: 'Which shift do you give to a colleague?',
  };
}

/** What somebody may give away, by start, their own first: shifts, and what they cover at this moment. */
export function swappable(rota: OnCall, now: Instant, mine: Mine): Shift[] {
  const covered = new Set(
    rota.shifts.filter((shift) =>
      duties({ ...rota, shifts: [shift] }, now, shift).some(({ person }) => person === mine.person),
    ),
  );
  const open = rota.shifts
    .filter(({ to }) => to === undefined || to > now)
    .filter((shift) => isMine(mine, shift.person, shift.provider) || covered.has(shift))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return ownFirst(open, (shift) => shift.person === mine.person || covered.has(shift));
}

/** The colleagues in the same role who may take a shift, each with a button. */
export function giveCard({ rota, terms, now }: Shown, shift: Shift, giver: string): CardView {
  const place = { provider: shift.provider, roles: [shift.role] };
  const at = shift.from > now ? shift.from : now;
  const there = new Set(duties(rota, at, place).map(({ person }) => person));
  const colleagues = terms.people.filter(
    ({ key }) =>
      key !== giver &&
      positionsOf(terms, key).some(
        ({ provider, role }) => provider === shift.provider && role === shift.role,
      ),
  );
  return {
    card: 'rota/give',
    data: {
      title: 'Who takes it?',
      what: placeOf(terms, shift),
      when: sentence(spanText(shift, now, terms.zone)),
      empty: colleagues.length === 0,
      nothing: 'Nobody else is in this role. The agreement says who is; /people shows it.',
      rows: colleagues.slice(0, COLLEAGUES_A_CARD).map(({ key, name }) => ({
        name,
        on: there.has(key),
        standing: 'On duty then already',
        unreached: !rota.reached(key),
        warning: UNREACHED,
        ref: { pathway: terms.pathway, shift: shift.id, to: key },
      })),
      ref: { pathway: terms.pathway },
    },
    summary: `Who takes the duty as ${placeOf(terms, shift)}?`,
  };
}
