import { askNext, type Followed, type Ground } from './ask.ts';
import { type Asked, type Concern, shownPeople, stillAsked } from './concern.ts';
import { LAPSING, type Lapsed } from './entries.ts';
import { showAt } from './facts.ts';
import { inConflict, mayKnow } from './who.ts';

/**
 * What follows, in the same commit, where it is known anew whom a concern is about. Whoever may not know of it any more
 * is out: their card says nothing, what they acknowledged, decided or closed does not stand, and they are asked for
 * nothing. Where nobody who was asked is left and nobody has it, the next are asked. `before`: as it was until now.
 */
export function turn(before: Concern, concern: Concern, ground: Ground): Followed {
  const { today } = ground;
  const conflict = inConflict(concern, today);
  const knows = (person: string): boolean => mayKnow(concern, person, today) !== undefined;
  // Who has left since is not in conflict: what they did stands.
  const isOut = (person: string): boolean =>
    conflict.has(person) || (mayKnow(before, person, today) !== undefined && !knows(person));
  const out = shownPeople(concern).filter((person) => !knows(person));
  const asked = concern.asked.map((one): Asked => {
    const turned = one.people.filter((person) => !knows(person));
    const all = [...new Set([...(one.turned ?? []), ...turned])];
    return all.length > 0 ? { ...one, turned: all } : one;
  });
  const after: Concern = {
    ...lapse(concern, isOut, 'may-not-know', ground.now),
    asked,
    shownTo: concern.shownTo.filter((route) => route.to !== 'person' || !out.includes(route.person)),
  };
  const neutral = showAt(after, out);
  if (after.acknowledged || after.closed || somebodyWaits(after)) {
    return { concern: after, events: [], notices: neutral };
  }
  const { notices, ...followed } = askNext(after, ground, 'turned');
  return { ...followed, notices: [...neutral, ...notices] };
}

/** Is somebody asked now who may still know of it? */
export const somebodyWaits = ({ asked }: Pick<Concern, 'asked'>): boolean =>
  asked.some((one) => one.state === 'waiting' && stillAsked(one).length > 0);

/** Without those facts of the timeline whose doers are out; each is kept beside, with since when it does not stand. */
export function lapse(
  concern: Concern,
  isOut: (person: string) => boolean,
  because: Lapsed['because'],
  until: string,
  which: readonly Lapsed['what'][] = LAPSING,
): Concern {
  const gone = which.flatMap((what): Lapsed[] => {
    const mark = concern[what];
    return mark && isOut(mark.by.person) ? [{ ...mark, what, until, because }] : [];
  });
  if (gone.length === 0) return concern;
  const kept = Object.fromEntries(
    Object.entries(concern).filter(([name]) => !gone.some(({ what }) => what === name)),
  ) as unknown as Concern;
  return { ...kept, lapsed: [...(concern.lapsed ?? []), ...gone] };
}
