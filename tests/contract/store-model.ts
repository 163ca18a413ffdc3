import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Doc } from '../../src/core/change.ts';
import { Conflict } from '../../src/core/errors.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { freshPathway, type Note, note } from './store-fixture.ts';

/** The simplest store there could be, to compare a real one with: case and id → document. */
class Model {
  readonly docs = new Map<string, Note>();

  commit(caseId: string, writes: readonly ModelWrite[]): 'done' | 'conflict' {
    const at = (write: ModelWrite) => `${caseId}/${write.id}`;
    for (const write of writes) {
      const there = this.docs.has(at(write));
      if (write.do === 'create' && there) return 'conflict';
      if (write.do === 'remove' && !there) return 'conflict';
      if (write.do === 'replace' && (!there || write.stale)) return 'conflict';
    }
    for (const write of writes) {
      if (write.do === 'remove') this.docs.delete(at(write));
      else this.docs.set(at(write), docOf(caseId, write));
    }
    return 'done';
  }

  places(list: string, after: string, upTo: string | undefined): string[] {
    return [...this.docs.values()]
      .flatMap((doc) => doc.lists?.[list] ?? [])
      .filter((place) => place > after && (upTo === undefined || place <= upTo))
      .sort();
  }
}

interface ModelWrite {
  readonly do: Write['do'];
  readonly id: string;
  readonly text: string;
  readonly lists: readonly string[];
  /** Replace at an etag that no longer holds. */
  readonly stale: boolean;
}

const CASES = ['C-1', 'C-2', '_x'];
const IDS = ['a', 'b', 'c', 'd'];
const LISTS = ['due', 'open@st-annes'];
const docOf = (caseId: string, { id, text, lists }: ModelWrite): Note =>
  note(id, text, Object.fromEntries(lists.map((list) => [list, `${text}|${caseId}|${id}`])));

const modelWrite = fc.record({
  do: fc.constantFrom('create', 'create', 'put', 'replace', 'remove') as fc.Arbitrary<Write['do']>,
  id: fc.constantFrom(...IDS),
  text: fc.constantFrom('0', '1', '2', '3'),
  lists: fc.subarray(LISTS),
  stale: fc.boolean(),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      commit: fc.constantFrom(...CASES),
      writes: fc.uniqueArray(modelWrite, { minLength: 1, maxLength: 3, selector: (write) => write.id }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      page: fc.constantFrom(...LISTS),
      after: fc.constantFrom('', '1', '1|C-2|b', '3'),
      upTo: fc.constantFrom(undefined, '1', '2|C-1|c', '9'),
      limit: fc.constantFrom(1, 2, 50),
    }),
  },
);

/** Any sequence of verbs leaves a store as it leaves the model. */
export function modelContract(opened: () => Store): void {
  it('behaves as the simplest store would, whatever the sequence of verbs', async () => {
    const met = { done: 0, conflict: 0, page: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const store = opened();
        const pathwayId = freshPathway();
        const model = new Model();
        for (const one of steps) {
          if ('commit' in one) {
            const key = { pathwayId, caseId: one.commit };
            const writes = await Promise.all(
              one.writes.map(async (write): Promise<Write> => {
                if (write.do === 'remove') return { do: 'remove', id: write.id };
                const doc: Doc = docOf(one.commit, write);
                if (write.do !== 'replace') return { do: write.do, doc };
                const etag = (await store.get(key, write.id))?.etag ?? '"none"';
                return { do: 'replace', doc, etag: write.stale ? '"stale"' : etag };
              }),
            );
            const outcome = await store.commit(key, writes).then(
              () => 'done' as const,
              (error) => (error instanceof Conflict ? ('conflict' as const) : Promise.reject(error)),
            );
            expect(outcome).toBe(model.commit(one.commit, one.writes));
            met[outcome]++;
            for (const { id } of one.writes) {
              expect((await store.get(key, id))?.doc).toEqual(model.docs.get(`${one.commit}/${id}`));
            }
          } else {
            const { page: list, after, upTo, limit } = one;
            const expected = model.places(list, after, upTo);
            const found = await store.page(pathwayId, list, { after, limit, ...(upTo && { upTo }) });
            expect(found.map((each) => each.place)).toEqual(expected.slice(0, limit));
            expect(await store.count(pathwayId, list, upTo)).toBe(model.places(list, '', upTo).length);
            met.page++;
          }
        }
        const held = new Map<string, Doc>();
        for await (const { key, doc } of store.everything(pathwayId))
          held.set(`${key.caseId}/${doc.id}`, doc);
        expect(held).toEqual(model.docs);
      }),
      { numRuns: 40 },
    );
    console.log(`model: ${met.done} commits, ${met.conflict} conflicts, ${met.page} pages compared`);
    for (const times of Object.values(met)) expect(times).toBeGreaterThan(20);
  });
}
