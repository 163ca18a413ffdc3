import { describe, expect, it } from 'vitest';
import { Conflict } from '../../src/core/errors.ts';
import { MAX_BATCH_BYTES, MAX_PAGE, MAX_WRITES, type Write } from '../../src/store/store.ts';
import { type Fixture, gather, type Note, note } from './store-fixture.ts';

/** When a batch is refused, and that nothing of it is written then. */
export function conflictsContract(t: Fixture): void {
  describe('conflicts', () => {
    const losing: [string, (etag: string) => Write][] = [
      ['an id to be created is taken', () => ({ do: 'create', doc: note('there', 'lost') })],
      ['an etag no longer holds', () => ({ do: 'replace', doc: note('there', 'lost'), etag: 'stale' })],
      ['a document to be replaced is gone', (etag) => ({ do: 'replace', doc: note('gone', 'lost'), etag })],
      ['a document to be removed is gone', () => ({ do: 'remove', id: 'gone' })],
    ];

    it.each(losing)('when %s: nothing of the batch is written', async (_, lose) => {
      await t.create(note('there', 'kept', { open: 'p0' }));
      await t.create(note('other', 'kept', { open: 'p1' }));
      const stale = await t.etagOf('there');
      await t.store.commit(t.key, [{ do: 'put', doc: note('there', 'kept', { open: 'p0' }) }]);
      const loser = lose(stale);
      const write = loser.do === 'replace' && loser.etag === 'stale' ? { ...loser, etag: stale } : loser;
      for (const writes of [
        [write, ...others()],
        [...others(), write],
      ]) {
        await expect(t.store.commit(t.key, writes)).rejects.toThrow(Conflict);
      }
      expect(await t.texts('there', 'other', 'new', 'gone')).toEqual(['kept', 'kept', undefined, undefined]);
      expect(await t.places('open', { limit: 10 })).toEqual(['p0', 'p1']);
    });
    const others = (): Write[] => [
      { do: 'create', doc: note('new', 'lost', { open: 'p2' }) },
      { do: 'put', doc: note('other', 'lost', { open: 'p9' }) },
    ];

    it('when the document was removed and created again with the same content', async () => {
      await t.create(note('n1'));
      const etag = await t.etagOf('n1');
      await t.store.commit(t.key, [{ do: 'remove', id: 'n1' }]);
      await t.create(note('n1'));
      await expect(t.store.commit(t.key, [{ do: 'replace', doc: note('n1', 'x'), etag }])).rejects.toThrow(
        Conflict,
      );
    });

    it('says nothing of the case in its message', async () => {
      const secret = { ...t.key, caseId: 'C-SECRET' };
      await t.create(note('n-secret', 'secret'), secret);
      const error = await t.create(note('n-secret', 'secret'), secret).catch((reason) => reason);
      expect(error).toBeInstanceOf(Conflict);
      expect(String(error.message).toLowerCase()).not.toContain('secret');
    });

    it('lets one of two writers at the same etag win, and tells the other', async () => {
      await t.create(note('n1', '0'));
      const etag = await t.etagOf('n1');
      const outcomes = await Promise.allSettled(
        ['1', '2', '3', '4', '5'].map((text) =>
          t.store.commit(t.key, [
            { do: 'replace', doc: note('n1', text), etag },
            { do: 'create', doc: note(`by-${text}`, text) },
          ]),
        ),
      );
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(lost.map((outcome) => outcome.reason.name)).toEqual([
        'Conflict',
        'Conflict',
        'Conflict',
        'Conflict',
      ]);
      const [winner] = await t.texts('n1');
      const by = await t.texts('by-1', 'by-2', 'by-3', 'by-4', 'by-5');
      expect(by.filter((text) => text !== undefined)).toEqual([winner]);
    });

    it('lets one of several creators of an id win', async () => {
      const outcomes = await Promise.allSettled(['1', '2', '3'].map((text) => t.create(note('n1', text))));
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    });
  });

  describe('limits', () => {
    const many = (count: number): Write[] =>
      Array.from({ length: count }, (_, i) => ({ do: 'create', doc: note(`n${i}`) }));

    it(`takes ${MAX_WRITES} writes in a batch`, async () => {
      await t.store.commit(t.key, many(MAX_WRITES));
      expect((await gather(t.store.everything(t.key.pathwayId))).length).toBe(MAX_WRITES);
    });

    it('takes a batch close to 2 MB', async () => {
      const text = 'é'.repeat(MAX_BATCH_BYTES / 4 - 16_000);
      await t.store.commit(t.key, [
        { do: 'create', doc: note('a', text) },
        { do: 'create', doc: note('b', text) },
      ]);
      expect((await t.store.get<Note>(t.key, 'b'))?.doc.text).toBe(text);
    });

    const refused: [string, Write[]][] = [
      ['no write at all', []],
      [`${MAX_WRITES + 1} writes`, many(MAX_WRITES + 1)],
      [
        'more than 2 MB, counted in UTF-8',
        [{ do: 'create', doc: note('a', 'é'.repeat(MAX_BATCH_BYTES / 2)) }],
      ],
      ['an id twice', [...many(2), { do: 'put', doc: note('n0') }]],
      [
        'an id put and removed',
        [
          { do: 'remove', id: 'a' },
          { do: 'put', doc: note('a') },
        ],
      ],
      ['an empty place', [{ do: 'create', doc: note('a', '', { open: '' }) }]],
    ];
    it.each(refused)('refuses a batch with %s and writes nothing', async (_, writes) => {
      await expect(t.store.commit(t.key, writes)).rejects.toThrow(RangeError);
      expect(await gather(t.store.everything(t.key.pathwayId))).toEqual([]);
    });

    it.each([0, -1, 1.5, MAX_PAGE + 1, Number.NaN])('refuses a page of %d', async (limit) => {
      await expect(t.store.page(t.key.pathwayId, 'open', { limit })).rejects.toThrow(RangeError);
    });
  });
}
