import { type Agreement, providerOf, staffName } from '../agreement/agreement.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import { readTime } from '../core/local-time.ts';
import type { CardView } from '../core/routes.ts';
import { localDateOf, timeText } from '../core/wording.ts';
import type { Shown } from './cards.ts';
import type { Mine } from './cards-duties.ts';
import { placeOf, positionsOf } from './people.ts';
import { spanText } from './words.ts';

/** What was typed into a form, by the id of the input. */
export interface Inputs extends Readonly<Partial<Record<TimeInput, string | undefined>>> {
  readonly who?: string | undefined;
  readonly cover?: string | undefined;
}
type TimeInput = 'fromDate' | 'fromTime' | 'toDate' | 'toTime';

/** What a form is shown with the second time. */
export interface Again {
  readonly typed?: Inputs;
  readonly problems?: readonly Problem[];
}

const HOUR_MS = 60 * 60_000;
const QUARTER_MS = 15 * 60_000;
/** Roles on the card that puts somebody on duty, and people to choose from in a form. */
const ROLES_A_CARD = 6;
const CHOICES_A_FORM = 120;

/** "I'm on duty": each role of the person with its ends, one tap each. */
export function onCard({ terms, now }: Shown, mine: Mine): CardView {
  const positions = positionsOf(terms, mine.person).slice(0, ROLES_A_CARD);
  return {
    card: 'rota/on',
    data: {
      title: 'I’m on duty',
      several: positions.length > 1,
      rows: positions.map((at) => ({
        place: placeOf(terms, at),
        open: { pathway: terms.pathway, ...at },
        ends: endsOf(terms, at.provider, now).map((until) => ({
          title: `Until ${timeText(until, terms.zone)}`,
          ref: { pathway: terms.pathway, ...at, until },
        })),
      })),
      other: mine.coordinates.length > 0 ? 'Other times or people' : 'Other times',
      ref: { pathway: terms.pathway },
    },
    summary: 'Until when are you on duty?',
  };
}

/** The likely ends of a duty that begins now: closing time, or 8 and 12 hours on, to the quarter of an hour. */
function endsOf(terms: Agreement, provider: string, now: Instant): Instant[] {
  const date = localDateOf(now, terms.zone);
  const day = DAYS[new Date(`${date}T00:00:00.000Z`).getUTCDay()];
  const close = day && providerOf(terms, provider)?.hours?.[day]?.close;
  const closing =
    close === undefined || close === '24:00' ? undefined : readTime(`${date} ${close}`, terms.zone).at;
  if (closing !== undefined && closing > plusMs(now, QUARTER_MS)) return [closing];
  const rounded = plusMs(now, QUARTER_MS - 1 - ((Date.parse(now) - 1) % QUARTER_MS));
  return [plusMs(rounded, 8 * HOUR_MS), plusMs(rounded, 12 * HOUR_MS)];
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** A shift with its times: the person's own, or a colleague's for a coordinator (inputs `who`, and the two times). */
export function shiftForm({ terms, rota }: Shown, mine: Mine, again: Again = {}): CardView {
  const own = positionsOf(terms, mine.person);
  const [only] = own;
  const asks = own.length !== 1 || mine.coordinates.length > 0;
  const others = terms.people
    .filter(({ key }) => key !== mine.person)
    .flatMap(({ key, positions }) => positions.map((at) => ({ person: key, ...at })))
    .filter(({ provider }) => mine.coordinates.includes(provider));
  const choices = [...own.map((at) => ({ person: mine.person, ...at })), ...others].map((one) => ({
    title: `${staffName(one.person, terms)}: ${placeOf(terms, one)}${rota.reached(one.person) || one.person === mine.person ? '' : ' (not reached by Baton yet)'}`,
    value: whoOf(one),
  }));
  return {
    card: 'rota/shift',
    data: {
      title: 'Put on the rota',
      asks,
      place: only ? placeOf(terms, only) : '',
      single: !asks,
      choices: choices.slice(0, CHOICES_A_FORM),
      who: again.typed?.who ?? '',
      ...timesTyped(again.typed),
      ...problemsOf(again),
      ref: {
        pathway: terms.pathway,
        ...(!asks && only && { only: whoOf({ person: mine.person, ...only }) }),
      },
    },
    summary: 'Put a shift on the rota.',
  };
}

/** A person in a role at a provider, as one value of a choice. */
export const whoOf = (one: { person: string; provider: string; role: string }): string =>
  [one.person, one.provider, one.role].join('|');

/** "I'm away": from, to, who covers; for a coordinator also who. What is entered already can be taken out. */
export function awayForm({ terms, rota, now }: Shown, mine: Mine, again: Again = {}): CardView {
  const places = positionsOf(terms, mine.person).map(({ provider }) => provider);
  const theirs = terms.people.filter(
    ({ key, positions }) =>
      key !== mine.person && positions.some(({ provider }) => mine.coordinates.includes(provider)),
  );
  const near = [...new Set([...places, ...mine.coordinates])];
  const colleagues = terms.people.filter(
    ({ key, positions }) =>
      (key !== mine.person || theirs.length > 0) && positions.some(({ provider }) => near.includes(provider)),
  );
  const entered = rota.away.filter(
    ({ person, to }) => to > now && (person === mine.person || theirs.some(({ key }) => key === person)),
  );
  return {
    card: 'rota/away',
    data: {
      title: 'I’m away',
      asks: theirs.length > 0,
      people: [{ title: 'I am', value: mine.person }, ...theirs.map(named)].slice(0, CHOICES_A_FORM),
      who: again.typed?.who ?? '',
      colleagues: [{ title: 'Nobody covers', value: NOBODY }, ...colleagues.map(named)].slice(
        0,
        CHOICES_A_FORM,
      ),
      cover: again.typed?.cover ?? '',
      ...timesTyped(again.typed),
      ...problemsOf(again),
      known: entered.length > 0,
      rows: entered.slice(0, ROLES_A_CARD).map((away) => ({
        what: `${away.person === mine.person ? 'You are' : `${staffName(away.person, terms)} is`} away ${spanText(away, now, terms.zone)}`,
        covered: away.cover === undefined ? 'Nobody covers' : `${staffName(away.cover, terms)} covers`,
        button: away.from <= now ? 'Back now' : 'Take out',
        ref: { pathway: terms.pathway, person: away.person, from: away.from },
      })),
      ref: { pathway: terms.pathway },
    },
    summary: 'From when until when, and who covers?',
  };
}

/** The choice that nobody covers; no key of a person, since keys have letters or digits first. */
export const NOBODY = '-';

const named = ({ key, name }: { key: string; name: string }) => ({ title: name, value: key });

const timesTyped = (typed: Inputs = {}) => ({
  fromDate: typed.fromDate ?? '',
  fromTime: typed.fromTime ?? '',
  toDate: typed.toDate ?? '',
  toTime: typed.toTime ?? '',
});

const problemsOf = ({ problems = [] }: Again) => ({
  wrong: problems.length > 0,
  problems: problems.map(({ message }) => ({ text: message })),
});
