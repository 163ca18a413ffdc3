import type { Agreement } from '../agreement/agreement.ts';
import type { Agreements } from '../agreement/current.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { localDateOf } from '../core/wording.ts';
import type { Store } from '../store/store.ts';
import type { Concern } from './concern.ts';
import { monthsBefore } from './dashboard.ts';
import { countedOf, PUBLISHED_CATEGORIES } from './figures.ts';
import { createPublishing } from './publish.ts';
import type { Counted, Published } from './published.ts';
import { publishedRows, publishedText } from './published-text.ts';
import type { CreatedRoutines } from './routines.ts';
import type { Draw } from './suppress.ts';

export interface PackDeps {
  readonly store: Store;
  readonly agreements: Agreements;
  readonly routines: CreatedRoutines;
  readonly draw?: Draw;
}

/** A month's published figures about concerns, as a pack takes them in. */
export interface PublishedMonth {
  readonly published: Published;
  readonly lines: readonly string[];
  /** As CSV (RFC 4180), with the header. */
  readonly csv: readonly string[];
}

const OPERATOR = { kind: 'system', job: 'operator' } as const;
/** A page of the store's list is read in portions of this many. */
const PORTION = 200;

/**
 * The figures about concerns for a contract pack: they may be read by everybody. It counts over everybody's concerns
 * and asks nobody what they may know, since nothing that it gives back tells of one.
 */
export function createPack({ store, agreements, routines, draw }: PackDeps) {
  /** The concerns that were raised in a local month. */
  async function gather(pathwayId: string, month: string): Promise<readonly Counted[]> {
    const { terms } = await routines.inForce(pathwayId);
    const monthOf = ({ raisedAt }: Concern): string => localDateOf(raisedAt, terms.zone).slice(0, 7);
    const found: Concern[] = [];
    // A local month begins less than a day before that of UTC.
    for (let after = `${monthsBefore(month, 1)}-27`; ; ) {
      const page = await store.page<Concern>(pathwayId, 'concerns', { after, limit: PORTION });
      found.push(...page.map(({ doc }) => doc).filter((concern) => monthOf(concern) === month));
      const last = page.at(-1);
      if (!last || page.length < PORTION || monthOf(last.doc) > month) return found.map(countedOf);
      after = last.place;
    }
  }
  const publishing = createPublishing({
    run: routines.run,
    agreements,
    gather,
    categories: PUBLISHED_CATEGORIES,
    ...(draw && { draw }),
  });

  function agreed(terms: Agreement): void {
    if (!rule('concerns.publish', OPERATOR, {}, () => false).allowed || !terms.safeguarding) {
      throw new Refused('not-agreed', 'The agreement of this pathway says nothing about safeguarding.');
    }
  }

  return {
    /**
     * What is published of a month, drawn when it is asked for first and the same ever after; that it was taken out is
     * recorded each time. Errors: `Invalid` if it is no month; `Refused` before the second day after it, and where
     * concerns are not agreed.
     */
    async month(pathwayId: string, month: string): Promise<PublishedMonth> {
      const { terms } = await routines.inForce(pathwayId);
      agreed(terms);
      const published = await publishing.month(pathwayId, month);
      await routines.record(pathwayId, {
        type: 'concerns.figures-taken',
        by: { system: OPERATOR.job },
        data: { month },
      });
      return {
        published,
        lines: publishedText(published, PUBLISHED_CATEGORIES, terms).split('\n'),
        csv: publishedRows(published, PUBLISHED_CATEGORIES, terms),
      };
    },
  };
}
