import { type Agreement, partnerName, staffName } from '../agreement/agreement.ts';
import { mayAt } from '../agreement/scope.ts';
import type { PersonActor } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { localDateOf } from '../core/wording.ts';
import { byName, type Cover, coverOf, type Need, needsOf, type Standing, standingOf } from './rules.ts';
import { nameOf, type Trained } from './training.ts';
import { standingText } from './words.ts';

export interface Shown {
  readonly dates: readonly Trained[];
  readonly terms: Agreement;
  readonly now: Instant;
}

/** Colleagues on one page. */
const ROWS_A_PAGE = 10;

/** A need and how its training stands. */
interface Stood {
  readonly need: Need;
  readonly stands: Standing;
  readonly trained: Trained | undefined;
}

/**
 * The reader's own training; for coordinators who at their provider has lapsed or is about to, and the cover there;
 * for those who oversee the pathway the cover of every provider. Names staff, so it is shown in person only.
 */
export function trainingCard({ dates, terms, now }: Shown, actor: PersonActor, page = 1): CardView {
  const today = localDateOf(now, terms.zone);
  const known = byName(dates);
  const all = needsOf(terms).map((need): Stood => {
    const trained = known.get(nameOf({ person: need.person, course: need.course.id }));
    return { need, trained, stands: standingOf(trained, need.course, today) };
  });
  const text = ({ stands, trained }: Stood): object => ({
    state: standingText(stands, trained, now, terms.zone),
    attention: stands !== 'in-date',
    calm: stands === 'in-date',
  });
  const own = [...new Map(ownOf(all, actor).map((one) => [one.need.course.id, one])).values()];
  const theirs = all.filter(
    ({ need, stands }) =>
      stands !== 'in-date' &&
      need.person !== actor.person &&
      mayAt('training.people', actor, terms, need.provider),
  );
  const sorted = theirs.sort((a, b) => rank(a) - rank(b) || (end(a) < end(b) ? -1 : end(a) > end(b) ? 1 : 0));
  const first = (page - 1) * ROWS_A_PAGE;
  const where = terms.providers.filter(({ id }) => mayAt('training.people', actor, terms, id));
  const coordinates = where.length > 0;
  const at = where.map(({ name }) => name).join(' and ');
  const cover = coverRows(all, dates, terms, actor, today);
  return {
    card: 'training/training',
    data: {
      pathway: terms.name,
      nothing: own.length === 0,
      mine: own.map((one) => ({ course: one.need.course.name, ...text(one) })),
      coordinates,
      colleagues: `Whose training at ${at} is not in date, or lapses soon`,
      good: 'Everybody’s is in date, and none lapses soon.',
      allGood: coordinates && theirs.length === 0,
      people: sorted.slice(first, first + ROWS_A_PAGE).map((one) => ({
        who: `${staffName(one.need.person, terms)}, ${partnerName(terms, one.need.provider)}`,
        course: one.need.course.name,
        ...text(one),
      })),
      covers: cover.length > 0,
      cover,
      may: { more: theirs.length > first + ROWS_A_PAGE },
      more: { pathway: terms.pathway, page: page + 1 },
    },
    summary: `Training on ${terms.name}.`,
  };
}

const ownOf = (all: readonly Stood[], { person }: PersonActor): Stood[] =>
  all.filter(({ need }) => need.person === person);

/** What has lapsed first, then what nobody has a date of, then what lapses soon; each by day. */
const ORDER: readonly Standing[] = ['lapsed', 'none', 'soon', 'in-date'];
const rank = ({ stands }: Stood): number => ORDER.indexOf(stands);
const end = ({ trained }: Stood): string => trained?.expires ?? '';

/** The cover by provider as far as the reader may see it, and of the whole pathway for whoever sees all of it. */
function coverRows(
  all: readonly Stood[],
  dates: readonly Trained[],
  terms: Agreement,
  actor: PersonActor,
  today: string,
): object[] {
  const needs = all.map(({ need }) => need);
  const row = (name: string, of: readonly Need[]) => ({
    name,
    needed: of.length > 0,
    count: countText(coverOf(of, dates, today)),
    courses: terms.training.courses.flatMap((course) => {
      const those = of.filter((need) => need.course.id === course.id);
      // One course alone is what the row says already.
      return those.length === 0 || those.length === of.length
        ? []
        : [{ text: `${course.name}: ${countText(coverOf(those, dates, today))}` }];
    }),
  });
  const visible = terms.providers.filter(({ id }) => mayAt('training.cover', actor, terms, id));
  const rows = visible
    .map(({ id, name }) =>
      row(
        name,
        needs.filter(({ provider }) => provider === id),
      ),
    )
    .filter(({ needed }) => needed);
  return visible.length === terms.providers.length && rows.length > 0
    ? [...rows, row('All providers', needs)]
    : rows;
}

const countText = ({ trained, needed }: Cover): string => `${trained} of ${needed} in date`;
