import type { Waits } from '../core/waiting.ts';
import type { Store } from '../store/store.ts';
import { pageRef, waitingRow } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Register } from './commands.ts';
import { takingPositions } from './rules.ts';

/** Cases of this kind on /mine; the rest are on /unowned. */
const MOST = 5;

/**
 * The cases that nobody holds on the lists of the reader's providers (of the channel's in a channel), for somebody
 * who may take them; the button opens those of all lists.
 */
export const unownedWait =
  (store: Store, register: Pick<Register, 'inForce' | 'page'>, now: () => string): Waits =>
  async ({ pathwayId, actor, place }) => {
    const { terms } = await register.inForce(pathwayId);
    const mine = takingPositions(actor, terms).map(({ provider }) => provider);
    const here = mine.filter((provider) => provider === place.provider);
    const providers = [...new Set(here.length > 0 ? here : mine)];
    const lists = await Promise.all(providers.map((one) => register.page(pathwayId, one, '', MOST)));
    const rows = lists.flat().sort((a, b) => (a.place < b.place ? -1 : 1));
    if (rows.length === 0) return undefined;
    const counts = await Promise.all(
      [...providers.map((one) => `unowned@${one}`), 'unowned'].map((list) => store.count(pathwayId, list)),
    );
    const all = counts.pop() ?? 0;
    const shown = rows.slice(0, MOST);
    const button = { verb: 'unowned.list' satisfies Verb, data: pageRef(terms) };
    return {
      title: 'Cases that nobody holds',
      count: counts.reduce((sum, one) => sum + one, 0),
      rows: shown.flatMap(({ doc }) => (doc.unowned ? [waitingRow(doc, doc.unowned, terms, now())] : [])),
      ...(all > shown.length && { more: { title: 'All cases that nobody holds', ...button } }),
    };
  };
