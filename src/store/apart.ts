import { isApart } from '../core/apart.ts';
import type { Doc, Head } from '../core/change.ts';
import type { Clock } from '../core/clock.ts';
import { checkPage, type Listed, type Page, type Store } from './store.ts';
import type { Loaded, RunTurn } from './turn.ts';

/** What a feature that has no business with what is kept apart would have done there: a mistake of ours. */
const notYours = (caseId: string): Error =>
  new Error(`a feature wrote to ${caseId.replace(/:.*/, '')}, which is kept apart from it`);

/**
 * The store as every feature sees it but the one that keeps partitions apart: these are not there. What asks for one,
 * by whatever name was typed or forged, is answered as for nothing, without a look whether there is one, and so as
 * quickly. Lists skip them; a list that is counted may hold none. Errors: those of the store; writing to one throws.
 */
export function withoutApart(store: Store): Store {
  async function page<T extends Doc>(pathwayId: string, list: string, wanted: Page): Promise<Listed<T>[]> {
    checkPage(wanted);
    const found: Listed<T>[] = [];
    for (let { after } = wanted; ; ) {
      const read = await store.page<T>(pathwayId, list, { ...wanted, ...(after !== undefined && { after }) });
      found.push(...read.filter(({ key }) => !isApart(key.caseId)));
      const last = read.at(-1);
      if (!last || read.length < wanted.limit || found.length >= wanted.limit)
        return found.slice(0, wanted.limit);
      after = last.place;
    }
  }

  return {
    ...store,
    get: async (key, id) => (isApart(key.caseId) ? undefined : store.get(key, id)),
    async commit(key, writes) {
      if (isApart(key.caseId)) throw notYours(key.caseId);
      await store.commit(key, writes);
    },
    history: async (key) => (isApart(key.caseId) ? [] : store.history(key)),
    page,
    async *everything(pathwayId) {
      for await (const held of store.everything(pathwayId)) if (!isApart(held.key.caseId)) yield held;
    },
  };
}

/** Turns for the same features: in a partition that is kept apart they find nothing, and may change nothing. */
export const turnsWithoutApart =
  (run: RunTurn, clock: Clock): RunTurn =>
  async <H extends Head, R>(...[key, headId, decide]: Parameters<typeof run<H, R>>): Promise<R> => {
    if (!isApart(key.caseId)) return run<H, R>(key, headId, decide);
    const nothing: Loaded<H> = { key, head: undefined, get: async () => undefined };
    const { change, answer } = await decide(nothing, clock.now());
    if (change) throw notYours(key.caseId);
    return answer;
  };
