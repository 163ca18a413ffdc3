import { type Agreement, providerOf } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import type { OnCall } from './commands.ts';
import { nameOf, placeOf, positionsOf } from './people.ts';
import { type Duty, duties, dutyEnds, nextOnDuty, type Shift } from './rota.ts';
import { spanText, UNREACHED, untilText } from './words.ts';

/** The rota at a moment, as its cards need it. */
export interface Shown {
  readonly rota: OnCall;
  readonly terms: Agreement;
  readonly now: Instant;
}

/** Roles at providers on one page of /oncall, people of one line, and rows of a card to choose from. */
const PLACES_A_PAGE = 10;
const PEOPLE_A_PLACE = 6;
export const ROWS_A_CARD = 8;
const COLLEAGUES_A_CARD = 20;

/**
 * Who is on duty now and who comes next, by provider and role: wherever the ladder asks or the rota has
 * somebody, the reader's own providers first. Safe for a channel: it names staff alone.
 */
export function onCallCard(shown: Shown, own: readonly string[], page = 1): CardView {
  const { terms } = shown;
  const all = placesOf(shown, own);
  const first = (page - 1) * PLACES_A_PAGE;
  const places = all.slice(first, first + PLACES_A_PAGE);
  const ids = [...new Set(places.map(({ provider }) => provider))];
  return {
    card: 'rota/on-call',
    data: {
      pathway: terms.name,
      empty: all.length === 0,
      providers: ids.map((id) => ({
        name: providerOf(terms, id)?.name ?? id,
        phone: providerOf(terms, id)?.phone ?? '',
        rows: places.filter(({ provider }) => provider === id).map((place) => placeRow(place, shown)),
      })),
      ref: { pathway: terms.pathway },
      may: { more: all.length > first + PLACES_A_PAGE },
      more: { pathway: terms.pathway, page: page + 1 },
    },
    summary: `Who is on duty on ${terms.name}.`,
  };
}

/** Where somebody is or could be expected, each once. */
function placesOf({ rota, terms, now }: Shown, own: readonly string[]): Position[] {
  const asked = new Set(terms.ladder.rungs.flatMap(({ ask }) => ask.roles));
  const rostered = new Set(
    rota.shifts
      .filter(({ to }) => to === undefined || to > now)
      .map((shift) => `${shift.provider}|${shift.role}`),
  );
  const providers = [
    ...terms.providers.filter(({ id }) => own.includes(id)),
    ...terms.providers.filter(({ id }) => !own.includes(id)),
  ];
  return providers.flatMap(({ id: provider }) =>
    terms.roles
      .filter(
        ({ id: role }) =>
          rostered.has(`${provider}|${role}`) ||
          (asked.has(role) &&
            terms.people.some(({ positions }) =>
              positions.some((at) => at.provider === provider && at.role === role),
            )),
      )
      .map(({ id: role }) => ({ provider, role })),
  );
}

function placeRow(place: Position, { rota, terms, now }: Shown): object {
  const where = { provider: place.provider, roles: [place.role] };
  const inRole = { ...rota, shifts: rota.shifts.filter(({ role }) => role === place.role) };
  const here = onceEach(duties(rota, now, where));
  const next = nextOnDuty(rota, now, where);
  const line = (duty: Duty, when: string): object => ({
    text: `${nameOf(terms, duty.person)} ${when}${duty.covers ? `, covering for ${nameOf(terms, duty.covers.person)}` : ''}`,
    unreached: !rota.reached(duty.person),
    warning: UNREACHED,
  });
  const people = here
    .slice(0, PEOPLE_A_PLACE)
    .map((duty) =>
      line(duty, untilText(dutyEnds(inRole, duty.person, place.provider, now), now, terms.zone)),
    );
  const others = here.length - people.length;
  return {
    role: terms.roles.find(({ id }) => id === place.role)?.name ?? place.role,
    nobody: here.length === 0,
    people,
    others: others > 0,
    otherPeople: `and ${others} more`,
    coming: next !== undefined,
    comingUnreached: next?.duties.some(({ person }) => !rota.reached(person)) ?? false,
    warning: UNREACHED,
    next: next
      ? `Next: ${onceEach(next.duties)
          .map(({ person }) => nameOf(terms, person))
          .slice(0, PEOPLE_A_PLACE)
          .join(', ')} from ${whenText(next.from, now, terms.zone)}`
      : '',
  };
}

const onceEach = (all: readonly Duty[]): Duty[] =>
  all.filter((one, at) => all.findIndex(({ person }) => person === one.person) === at);

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
          .map((one) => nameOf(terms, one.person));
        const own = person === mine.person;
        return {
          what: own ? placeOf(terms, shift) : `${nameOf(terms, person)}: ${placeOf(terms, shift)}`,
          when: `On duty ${spanText(shift, now, terms.zone, own ? 'you' : 'they')}`,
          after:
            others.length > 0
              ? `Still on duty after that: ${others.slice(0, PEOPLE_A_PLACE).join(', ')}`
              : 'Nobody is on duty there after that.',
          alone: others.length === 0,
          shared: others.length > 0,
          button: own ? 'I’m off duty' : 'Off duty',
          label: `${nameOf(terms, person)}, ${placeOf(terms, shift)}`,
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
            : `${nameOf(terms, shift.person)}: ${placeOf(terms, shift)}`,
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

/** What came of a press: a heading, what is true now, and what to mind. */
export function enteredCard(
  terms: Agreement,
  entered: {
    readonly title: string;
    readonly lines: readonly string[];
    readonly warnings?: readonly string[];
  },
): CardView {
  const texts = (lines: readonly string[]) => lines.map((text) => ({ text }));
  const warnings = entered.warnings ?? [];
  return {
    card: 'rota/entered',
    data: {
      title: entered.title,
      lines: texts(entered.lines),
      mind: warnings.length > 0,
      warnings: texts(warnings),
      ref: { pathway: terms.pathway },
    },
    summary: [entered.title, ...entered.lines].join('. '),
  };
}

export const sentence = (text: string): string =>
  `${text.charAt(0).toLocaleUpperCase('en-GB')}${text.slice(1)}`;
