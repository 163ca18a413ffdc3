import { type Agreement, peopleWho } from '../agreement/agreement.ts';
import type { CourseTerms } from '../agreement/training.ts';
import type { NoticeDraft } from '../core/change.ts';
import { parseSpan } from '../core/working-time.ts';
import { daysBefore } from './days.ts';
import { nameOf, TRAINING_SUBJECT, type Trained } from './training.ts';

/** How a training stands on a day: no date is held, it has lapsed, it lapses soon, or it is in date. */
export type Standing = 'none' | 'lapsed' | 'soon' | 'in-date';

/** Somebody at a provider whose role there needs a course. */
export interface Need {
  readonly person: string;
  readonly provider: string;
  readonly course: CourseTerms;
}

/** What everybody needs by today's agreement; who works at two providers needs it at both. */
export const needsOf = ({ providers, people, training }: Agreement): Need[] =>
  providers.flatMap(({ id: provider }) =>
    training.courses.flatMap((course) =>
      people
        .filter(({ positions }) =>
          positions.some((at) => at.provider === provider && course.roles.includes(at.role)),
        )
        .map(({ key }) => ({ person: key, provider, course })),
    ),
  );

/** How a training stands on a local day. On the day that it expires it has lapsed. */
export function standingOf(trained: Trained | undefined, course: CourseTerms, today: string): Standing {
  if (!trained) return 'none';
  if (trained.expires <= today) return 'lapsed';
  const days = parseSpan(course.remind)?.days ?? 0;
  return daysBefore(trained.expires, days) <= today ? 'soon' : 'in-date';
}

/** Found by person and course. */
export const byName = (dates: readonly Trained[]): ReadonlyMap<string, Trained> =>
  new Map(dates.map((one) => [nameOf(one), one]));

/** How many of those who need a training are in date with it. */
export interface Cover {
  readonly trained: number;
  readonly needed: number;
}

/** The cover of some needs; whatever parts they are split into add up to it. */
export function coverOf(needs: readonly Need[], dates: readonly Trained[], today: string): Cover {
  const known = byName(dates);
  const good = needs.filter(({ person, course }) => {
    const stands = standingOf(known.get(nameOf({ person, course: course.id })), course, today);
    return stands === 'soon' || stands === 'in-date';
  });
  return { trained: good.length, needed: needs.length };
}

/** Those at the providers where somebody needs the course who coordinate there, without the person. */
export function coordinatorsOf(terms: Agreement, person: string, course: string): string[] {
  const where = needsOf(terms).filter((need) => need.person === person && need.course.id === course);
  const all = where.flatMap(({ provider }) => peopleWho(terms, provider, 'coordinate'));
  return [...new Set(all)].filter((one) => one !== person);
}

/** More notices than this do not go into one commit, which holds 100 writes. */
const NOTICES_A_TURN = 80;

/** What is to be told on a day and was not: marked as told, with its notices. `more`: a commit has room for no more. */
export function dueOn(
  dates: readonly Trained[],
  terms: Agreement,
  today: string,
): { readonly told: readonly Trained[]; readonly notices: readonly NoticeDraft[]; readonly more: boolean } {
  const needed = new Map(
    needsOf(terms).map(({ person, course }) => [nameOf({ person, course: course.id }), course]),
  );
  const told: Trained[] = [];
  const notices: NoticeDraft[] = [];
  for (const one of dates) {
    const course = needed.get(nameOf(one));
    const stands = course && standingOf(one, course, today);
    if (stands !== 'lapsed' && stands !== 'soon') continue;
    if (one.told === 'lapsed' || one.told === stands) continue;
    const others = stands === 'lapsed' ? coordinatorsOf(terms, one.person, one.course) : [];
    const theirs = [one.person, ...others.slice(0, NOTICES_A_TURN - 1)].map((person) => lineTo(person, one));
    if (notices.length + theirs.length > NOTICES_A_TURN) return { told, notices, more: true };
    told.push({ ...one, told: stands });
    notices.push(...theirs);
  }
  return { told, notices, more: false };
}

const lineTo = (person: string, { person: who, course, expires }: Trained): NoticeDraft => ({
  form: 'tell',
  subject: TRAINING_SUBJECT,
  route: { to: 'person', person },
  line: person === who ? 'training.own' : 'training.colleague',
  refs: { person: who, course, expires },
});

/** How many lines of a file were new, newer than what was held, held already, or older than what is held. */
export interface Counts {
  readonly fresh: number;
  readonly newer: number;
  readonly known: number;
  readonly older: number;
}

/** Adds a file's dates. Of each person and course the training done last counts; of one day the file's end counts. */
export function added(
  dates: readonly Trained[],
  entries: readonly Trained[],
): { readonly dates: readonly Trained[]; readonly changed: readonly Trained[]; readonly counts: Counts } {
  const all = new Map(byName(dates));
  const changed: Trained[] = [];
  const counts = { fresh: 0, newer: 0, known: 0, older: 0 };
  for (const entry of newestOf(entries, counts)) {
    const held = all.get(nameOf(entry));
    if (held && held.done > entry.done) counts.older += 1;
    else if (held && held.done === entry.done && held.expires === entry.expires) counts.known += 1;
    else {
      counts[held ? 'newer' : 'fresh'] += 1;
      all.set(nameOf(entry), entry);
      changed.push(entry);
    }
  }
  return { dates: [...all.values()], changed, counts };
}

/** Of several lines about one training of one person the one done last. */
function newestOf(entries: readonly Trained[], counts: { known: number; older: number }): Trained[] {
  const newest = new Map<string, Trained>();
  for (const entry of entries) {
    const other = newest.get(nameOf(entry));
    if (!other || other.done < entry.done) newest.set(nameOf(entry), entry);
    if (other) counts[other.done === entry.done ? 'known' : 'older'] += 1;
  }
  return [...newest.values()];
}
