import { randomInt } from 'node:crypto';
import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import type { Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, Refused, Unavailable } from '../core/errors.ts';
import { dateText, localDateOf, nextDay } from '../core/wording.ts';
import type { RunTurn } from '../store/turn.ts';
import {
  type Categories,
  type Counted,
  isMonth,
  PUBLISHED_HEAD,
  type Published,
  publishedKey,
  TABLES,
} from './published.ts';
import { type Draw, publishable, type Tables } from './suppress.ts';

export interface PublishDeps {
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** The concerns that were raised in a month of the pathway's zone. */
  readonly gather: (pathwayId: string, month: string) => Promise<readonly Counted[]>;
  readonly categories: Categories;
  readonly draw?: Draw;
}

/** A number from 0 to 1 that cannot be worked out from those drawn before, as those of Math.random can. */
const unforeseen: Draw = () => randomInt(2 ** 47) / 2 ** 47;

/** The day from which a month can be published: the second after it, when all its acknowledgements were due. */
function publishedFrom(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`;
  return nextDay(next);
}

/** What one partner's concerns are by each table; every category is there, also those without any. */
const tablesOf = (concerns: readonly Counted[], categories: Categories): Tables =>
  Object.fromEntries(
    TABLES.map((table) => [
      table,
      Object.fromEntries(
        Object.keys(categories[table]).map((key) => [
          key,
          concerns.filter((one) => one[table] === key).length,
        ]),
      ),
    ]),
  );

/** Draws for every partner of the pathway, also for those who raised nothing. */
function drawn(
  concerns: readonly Counted[],
  { providers }: Agreement,
  categories: Categories,
  draw: Draw,
): Published['parts'] {
  const partners = ['', ...providers.map(({ id }) => id)];
  const open = concerns
    .filter((one) => one.open)
    .map((one) => ({ ...one, partner: partners.includes(one.partner) ? one.partner : '' }));
  return Object.fromEntries(
    partners.map((partner) => {
      const theirs = open.filter((one) => one.partner === partner);
      return [partner, publishable(tablesOf(theirs, categories), draw)];
    }),
  );
}

/** Publishes each month's figures about concerns once, and finds them afterwards. */
export function createPublishing({ run, agreements, gather, categories, draw = unforeseen }: PublishDeps) {
  const inForce = inForceOf(agreements);

  function check(month: string, now: Instant, { zone }: Agreement): void {
    const from = publishedFrom(month);
    if (localDateOf(now, zone) >= from) return;
    throw new Refused('too-early', `That month can be published from ${dateText(from)}.`);
  }

  /**
   * What is stored, and never what was just drawn: another process may have drawn at the same instant, and its event
   * and ours are then the same to the last letter, so that a turn takes the other's commit for its own.
   */
  const stored = (key: Key): Promise<Published> =>
    run<Published, Published>(key, PUBLISHED_HEAD, ({ head }) => {
      if (!head) throw new Unavailable('The figures could not be stored. Try again.', 'unknown');
      return { answer: head };
    });

  return {
    /**
     * What is published of a month: drawn when it is asked for first, and the same ever after.
     * Errors: `Invalid` if it is no month; `Refused` before the second day after it.
     */
    async month(pathwayId: string, month: string): Promise<Published> {
      if (!isMonth(month)) throw new Invalid('Write the month as in 2026-11.', []);
      const { terms } = await inForce(pathwayId);
      const key = publishedKey(pathwayId, month);
      await run<Published, undefined>(key, PUBLISHED_HEAD, async ({ head }, now) => {
        if (head) return { answer: undefined };
        check(month, now, terms);
        const published: Published = {
          id: PUBLISHED_HEAD,
          kind: 'published-concerns',
          schema: 1,
          audit: { seq: 0, hash: '' },
          lists: { chains: key.caseId },
          month,
          at: now,
          parts: drawn(await gather(pathwayId, month), terms, categories, draw),
        };
        const event = { type: 'concerns.published', by: { system: 'safeguarding' }, data: { month } };
        return { change: { documents: [published], events: [event] }, answer: undefined };
      });
      return stored(key);
    },
  };
}
