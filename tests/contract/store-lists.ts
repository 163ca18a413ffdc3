import { describe, expect, it } from 'vitest';
import { MAX_PAGE, type Write } from '../../src/store/store.ts';
import { type Fixture, freshPathway, gather, type Note, note } from './store-fixture.ts';

/** Finding documents: by list and place, a case's events, everything of a pathway. */
export function listsContract(t: Fixture): void {
  describe('lists', () => {
    const LISTS = [
      'due',
      'handovers.open@st-annes',
      'a b',
      'ü/"\'\\[0]',
      'constructor',
      '0',
      '$x',
      "o'neill",
    ];

    it.each(LISTS)('pages by place on a list named %s', async (list) => {
      const shuffled = ['p3', 'p1', 'p5', 'p2', 'p4'];
      for (const place of shuffled) await t.create(note(place, place, { [list]: place, other: `x${place}` }));
      expect(await t.places(list, { limit: 10 })).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
      expect(await t.places(list, { limit: 2 })).toEqual(['p1', 'p2']);
      expect(await t.places(list, { after: 'p2', limit: 2 })).toEqual(['p3', 'p4']);
      expect(await t.places(list, { after: 'p5', limit: 2 })).toEqual([]);
      expect(await t.places(list, { after: 'p25', limit: 1 })).toEqual(['p3']);
      expect(await t.places(list, { upTo: 'p3', limit: 10 })).toEqual(['p1', 'p2', 'p3']);
      expect(await t.places(list, { after: 'p1', upTo: 'p35', limit: 10 })).toEqual(['p2', 'p3']);
      expect(await t.places(list, { after: 'p4', upTo: 'p2', limit: 10 })).toEqual([]);
      expect(await t.store.count(t.key.pathwayId, list)).toBe(5);
      expect(await t.store.count(t.key.pathwayId, list, 'p3')).toBe(3);
      expect(await t.store.count(t.key.pathwayId, list, 'a')).toBe(0);
    });

    it('finds documents of every case of the pathway and of no other', async () => {
      const other = { ...t.key, caseId: 'C-2' };
      await t.create(note('n1', 'one', { open: '1' }));
      await t.create(note('n1', 'two', { open: '2' }), other);
      await t.create(note('n1', 'elsewhere', { open: '3' }), { pathwayId: freshPathway(), caseId: 'C-1' });
      const found = await t.store.page<Note>(t.key.pathwayId, 'open', { limit: 10 });
      expect(found.map((one) => [one.key, one.place, one.doc.text])).toEqual([
        [t.key, '1', 'one'],
        [other, '2', 'two'],
      ]);
    });

    it('gives an etag with which what was found can be replaced', async () => {
      await t.create(note('n1', 'one', { open: '1' }));
      const [found] = await t.store.page<Note>(t.key.pathwayId, 'open', { limit: 1 });
      await t.store.commit(t.key, [{ do: 'replace', doc: note('n1', 'two'), etag: found?.etag ?? '' }]);
      expect(await t.texts('n1')).toEqual(['two']);
    });

    it('is empty where nothing stands', async () => {
      await t.create(note('n1', '', { open: '1' }));
      expect(await t.places('never-used', { limit: 5 })).toEqual([]);
      expect(await t.store.count(t.key.pathwayId, 'never-used')).toBe(0);
      expect(await t.store.count(freshPathway(), 'open')).toBe(0);
    });

    it('moves a document with its places', async () => {
      await t.create(note('n1', '', { open: '1', due: '5' }));
      await t.store.commit(t.key, [{ do: 'put', doc: note('n1', '', { open: '2', done: '7' }) }]);
      expect(await t.places('open', { limit: 5 })).toEqual(['2']);
      expect(await t.places('due', { limit: 5 })).toEqual([]);
      expect(await t.places('done', { limit: 5 })).toEqual(['7']);
      await t.store.commit(t.key, [{ do: 'put', doc: note('n1') }]);
      expect(await t.store.count(t.key.pathwayId, 'open')).toBe(0);
    });

    it('lets two documents change places in one batch', async () => {
      await t.create(note('a', '', { open: '1' }));
      await t.create(note('b', '', { open: '2' }));
      await t.store.commit(t.key, [
        { do: 'put', doc: note('a', '', { open: '2' }) },
        { do: 'put', doc: note('b', '', { open: '1' }) },
      ]);
      const found = await t.store.page(t.key.pathwayId, 'open', { limit: 5 });
      expect(found.map((one) => one.doc.id)).toEqual(['b', 'a']);
    });

    it('lets a document take the place that another gives up in the same batch', async () => {
      await t.create(note('a', '', { open: '1' }));
      await t.store.commit(t.key, [
        { do: 'create', doc: note('b', '', { open: '1' }) },
        { do: 'remove', id: 'a' },
      ]);
      const found = await t.store.page(t.key.pathwayId, 'open', { limit: 5 });
      expect(found.map((one) => one.doc.id)).toEqual(['b']);
    });

    it('walks a list longer than a page, to its end, with every document once', async () => {
      const all = Array.from({ length: 230 }, (_, i) => String(i).padStart(4, '0'));
      for (let i = 0; i < all.length; i += 50) {
        const at = { ...t.key, caseId: `C-${i}` };
        const batch = all.slice(i, i + 50);
        await t.store.commit(
          at,
          batch.map((p) => ({ do: 'create', doc: note(p, p, { all: p }) }) as const),
        );
      }
      const walked: string[] = [];
      for (let after = ''; ; ) {
        const page = await t.store.page(t.key.pathwayId, 'all', { after, limit: 40 });
        walked.push(...page.map((one) => one.place));
        if (page.length < 40) break;
        after = page.at(-1)?.place ?? '';
      }
      expect(walked).toEqual(all);
      expect(await t.places('all', { limit: MAX_PAGE })).toEqual(all);
      expect(await t.store.count(t.key.pathwayId, 'all')).toBe(230);
    });
  });

  describe('history', () => {
    const event = (seq: number) => ({
      ...note(`event:${String(seq).padStart(8, '0')}`),
      kind: 'event',
      seq,
    });

    it('gives the events of the case in order, and nothing else', async () => {
      const writes: Write[] = [3, 1, 2].map((seq) => ({ do: 'create', doc: event(seq) }));
      await t.store.commit(t.key, [...writes, { do: 'create', doc: note('case') }]);
      await t.store.commit({ ...t.key, caseId: 'C-2' }, [{ do: 'create', doc: event(4) }]);
      expect((await t.store.history(t.key)).map((one) => one.seq)).toEqual([1, 2, 3]);
      expect(await t.store.history({ ...t.key, caseId: 'C-3' })).toEqual([]);
    });

    it('gives all of more than 200 events', async () => {
      for (const from of [201, 101, 1]) {
        const seqs = Array.from({ length: from === 201 ? 45 : 100 }, (_, i) => from + i);
        await t.store.commit(
          t.key,
          seqs.map((seq) => ({ do: 'create', doc: event(seq) }) as const),
        );
      }
      const seqs = (await t.store.history(t.key)).map((one) => one.seq);
      expect(seqs).toEqual(Array.from({ length: 245 }, (_, i) => i + 1));
    });
  });

  describe('everything', () => {
    it('gives every document of the pathway once, on a list or not, and of no other', async () => {
      const wanted: string[] = [];
      for (const caseId of ['_agreement', 'C-1', 'C-2', 'C-3', 'C-4', 'C-5', 'C-6', 'C-7']) {
        const ids = Array.from({ length: 90 }, (_, i) => `n${i}`);
        await t.store.commit(
          { ...t.key, caseId },
          ids.map((id) => ({ do: 'create', doc: note(id) }) as const),
        );
        wanted.push(...ids.map((id) => `${caseId} ${id}`));
      }
      await t.create(note('x'), { pathwayId: freshPathway(), caseId: 'C-1' });
      const found = await gather(t.store.everything(t.key.pathwayId));
      expect(found.map((one) => `${one.key.caseId} ${one.doc.id}`).sort()).toEqual(wanted.sort());
      expect(new Set(found.map((one) => one.key.pathwayId))).toEqual(new Set([t.key.pathwayId]));
      expect(await gather(t.store.everything(freshPathway()))).toEqual([]);
    });
  });
}
