import { type Agreement, staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { dayText, localDateOf } from '../core/wording.ts';
import { coordinatorsOf, needsOf, type Standing } from './rules.ts';
import type { Trained } from './training.ts';

/** How a training stands, in words. */
export function standingText(
  stands: Standing,
  trained: Trained | undefined,
  now: Instant,
  zone: string,
): string {
  const day = trained ? dayText(trained.expires, now, zone) : '';
  switch (stands) {
    case 'none':
      return 'No date is held';
    case 'lapsed':
      return `Lapsed on ${day}`;
    case 'soon':
      return `Lapses soon, on ${day}`;
    case 'in-date':
      return `In date, lapses on ${day}`;
  }
}

/** The line to a person, or to a coordinator of theirs; undefined where it is nobody's to hear any more. */
export function trainingLine(
  line: string,
  trained: Trained,
  to: string,
  terms: Agreement,
  now: Instant,
): string | undefined {
  const { person, course, expires } = trained;
  const need = needsOf(terms).find((one) => one.person === person && one.course.id === course);
  if (!need) return undefined;
  const isOver = expires <= localDateOf(now, terms.zone);
  const when = `${isOver ? 'lapsed' : 'lapses'} on ${dayText(expires, now, terms.zone)}`;
  const seen = '/training shows how all of it stands.';
  if (line === 'training.own') {
    return `Your training “${need.course.name}” ${when}. Once it is renewed, give your coordinator the new date. ${seen}`;
  }
  if (!coordinatorsOf(terms, person, course).includes(to)) return undefined;
  return `The training “${need.course.name}” of ${staffName(person, terms)} ${when}. Once it is renewed, send the new date to whoever runs Baton for you. ${seen}`;
}
