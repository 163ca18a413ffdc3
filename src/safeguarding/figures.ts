import type { Concern } from './concern.ts';
import type { Seen } from './dashboard.ts';
import { RISK } from './decision.ts';
import type { Categories, Counted } from './published.ts';
import { CATEGORIES } from './told.ts';

/** How a concern is counted: on the dashboard of somebody who may know of it, and in what is published. */

const UNDECIDED = 'undecided';

/** What the last decision said of the risk; a code of `OUTCOMES`. */
const outcomeOf = ({ decisions = [] }: Concern): string => decisions.at(-1)?.risk ?? UNDECIDED;

/** What has come of a concern, in words, in the order in which it is told. */
export const OUTCOMES: Readonly<Record<string, string>> = { [UNDECIDED]: 'Not decided', ...RISK };

export const themeLabels: Readonly<Record<string, string>> = CATEGORIES;

/** A concern as the dashboard counts it. */
export const seenOf = (concern: Concern): Seen => ({
  raisedAt: concern.raisedAt,
  partner: concern.raisedBy.provider ?? '',
  themes: concern.told.categories,
  acknowledgeBy: concern.acknowledgeBy,
  ...(concern.acknowledged && { acknowledgedAt: concern.acknowledged.at }),
  outcome: outcomeOf(concern),
});

/** Concerns of several kinds count once, so that all tables have one total. */
const SEVERAL = 'several';

/**
 * By what published concerns are counted. Only what is acknowledged can be decided: so what is late and what nobody
 * has acknowledged are one category, or an outcome would follow from a time.
 */
export const PUBLISHED_CATEGORIES: Categories = {
  theme: { ...CATEGORIES, [SEVERAL]: 'Several of these' },
  time: { 'in-time': 'In time', 'not-in-time': 'Late, or not yet' },
  outcome: OUTCOMES,
};

/** A concern as it is counted in what is published. */
export function countedOf(concern: Concern): Counted {
  const { told, staff, named, acknowledged, acknowledgeBy, raisedBy } = concern;
  const [first = 'unknown', ...others] = [...new Set(told.categories)];
  const inTime = acknowledged !== undefined && acknowledged.at <= acknowledgeBy;
  return {
    partner: raisedBy.provider ?? '',
    open: staff === 'no' && named.length === 0,
    theme: others.length > 0 ? SEVERAL : first,
    time: inTime ? 'in-time' : 'not-in-time',
    outcome: outcomeOf(concern),
  };
}
