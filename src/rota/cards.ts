import { type Agreement, providerOf, staffName } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import type { OnCall } from './commands.ts';
import { type Duty, duties, dutyEnds, nextOnDuty } from './rota.ts';
import { UNREACHED, untilText } from './words.ts';

/** The rota at a moment, as its cards need it. */
export interface Shown {
  readonly rota: OnCall;
  readonly terms: Agreement;
  readonly now: Instant;
}

/** Roles at providers on one page of /oncall, and people of one role. */
const PLACES_A_PAGE = 10;
export const PEOPLE_A_PLACE = 6;

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
    text: `${staffName(duty.person, terms)} ${when}${duty.covers ? `, covering for ${staffName(duty.covers.person, terms)}` : ''}`,
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
          .map(({ person }) => staffName(person, terms))
          .slice(0, PEOPLE_A_PLACE)
          .join(', ')} from ${whenText(next.from, now, terms.zone)}`
      : '',
  };
}

/** Each person's first duty. */
export const onceEach = (all: readonly Duty[]): Duty[] =>
  all.filter((one, at) => all.findIndex(({ person }) => person === one.person) === at);

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
