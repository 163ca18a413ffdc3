import type { Waits } from '../core/waiting.ts';
import type { Store } from '../store/store.ts';
import { waitingRow } from './cards.ts';
import type { Duplicates } from './commands.ts';
import { askedOf } from './pair.ts';
import { canOf } from './same-person.ts';

/** Pairs on /mine; the rest are on /duplicates. */
const MOST = 5;

/** The pairs that the reader's providers (the channel's in a channel) are asked to agree about, for whoever may answer. */
export const askedWait =
  (store: Store, duplicates: Pick<Duplicates, 'rows'>, now: () => string): Waits =>
  async ({ pathwayId, actor, place }) => {
    const theirs = [...new Set(actor.positions.map(({ provider }) => provider))];
    const here = theirs.filter((provider) => provider === place.provider);
    const lists = (here.length > 0 ? here : theirs).map(askedOf);
    const found = await duplicates.rows(pathwayId, lists, actor, { after: '', limit: MOST }, now());
    const rows = found.filter((row) => canOf({ ...row, actor }).agree);
    if (rows.length === 0) return undefined;
    const counts = await Promise.all(lists.map((list) => store.count(pathwayId, list)));
    const count = counts.reduce((sum, one) => sum + one, 0);
    return {
      title: 'Cases that may be one referral',
      count: found.length < MOST ? rows.length : count,
      rows: rows.map(waitingRow),
    };
  };
