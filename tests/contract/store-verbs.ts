import { describe, expect, it } from 'vitest';
import type { Doc } from '../../src/core/change.ts';
import type { Write } from '../../src/store/store.ts';
import { type Fixture, freshPathway, gather, type Note, note } from './store-fixture.ts';

/** What each verb does to one document or one batch, and that documents go in and out as copies. */
export function verbsContract(t: Fixture): void {
  describe('verbs', () => {
    it('gives back what was created, whole', async () => {
      const doc = {
        ...note('n1', 'Zoë “x” \u200f\u{1F9E1} ${a}'),
        deep: { list: [1, null, true, { a: '' }], big: 1.5e300, none: null },
      };
      await t.create(doc);
      expect((await t.store.get(t.key, 'n1'))?.doc).toEqual(doc);
    });

    it('gives undefined for an id, a case and a pathway that are not there', async () => {
      await t.create(note('n1'));
      expect(await t.store.get(t.key, 'n2')).toBeUndefined();
      expect(await t.store.get({ ...t.key, caseId: 'C-2' }, 'n1')).toBeUndefined();
      expect(await t.store.get({ ...t.key, pathwayId: freshPathway() }, 'n1')).toBeUndefined();
    });

    it('keeps the same id in two cases and two pathways apart', async () => {
      const elsewhere = { pathwayId: freshPathway(), caseId: t.key.caseId };
      await t.create(note('n1', 'here'));
      await t.create(note('n1', 'other case'), { ...t.key, caseId: 'C-2' });
      await t.create(note('n1', 'other pathway'), elsewhere);
      expect(await t.texts('n1')).toEqual(['here']);
      expect((await t.store.get<Note>(elsewhere, 'n1'))?.doc.text).toBe('other pathway');
    });

    it('takes ids and cases of any readable form', async () => {
      const odd = { ...t.key, caseId: '_reach:channel:st-annes' };
      const ids = [
        'notice:h1:show:channel:hospice',
        'copy:h1:person:alex',
        'a|b',
        "o'neill",
        'é ü',
        'A',
        'a',
      ];
      await t.store.commit(
        odd,
        ids.map((id) => ({ do: 'create', doc: note(id, id) }) as const),
      );
      for (const id of ids) expect((await t.store.get<Note>(odd, id))?.doc.text).toBe(id);
    });

    it('replaces at the etag that it read, and gives a new one', async () => {
      await t.create(note('n1', 'old'));
      const etag = await t.etagOf('n1');
      await t.store.commit(t.key, [{ do: 'replace', doc: note('n1', 'new'), etag }]);
      expect(await t.texts('n1')).toEqual(['new']);
      expect(await t.etagOf('n1')).not.toBe(etag);
    });

    it('puts whether or not the document is there', async () => {
      await t.store.commit(t.key, [{ do: 'put', doc: note('n1', 'first') }]);
      const etag = await t.etagOf('n1');
      await t.store.commit(t.key, [{ do: 'put', doc: note('n1', 'second') }]);
      expect(await t.texts('n1')).toEqual(['second']);
      expect(await t.etagOf('n1')).not.toBe(etag);
    });

    it('removes', async () => {
      await t.create(note('n1', '', { open: 'p1' }));
      await t.store.commit(t.key, [{ do: 'remove', id: 'n1' }]);
      expect(await t.store.get(t.key, 'n1')).toBeUndefined();
      expect(await t.store.count(t.key.pathwayId, 'open')).toBe(0);
    });

    it('does all the writes of a batch', async () => {
      await t.store.commit(t.key, [
        { do: 'create', doc: note('a', '1') },
        { do: 'create', doc: note('b', '1') },
        { do: 'create', doc: note('c', '1') },
      ]);
      await t.store.commit(t.key, [
        { do: 'replace', doc: note('a', '2'), etag: await t.etagOf('a') },
        { do: 'remove', id: 'b' },
        { do: 'put', doc: note('c', '2') },
        { do: 'create', doc: note('d', '2') },
      ]);
      expect(await t.texts('a', 'b', 'c', 'd')).toEqual(['2', undefined, '2', '2']);
    });
  });

  describe('copies', () => {
    it('keeps what was given, not what the caller makes of it later', async () => {
      const doc = { ...note('n1'), lists: { open: 'p1' }, tags: ['a'] };
      const writes: Write[] = [{ do: 'create', doc }];
      const done = t.store.commit(t.key, writes);
      doc.tags.push('b');
      doc.lists.open = 'p2';
      writes.length = 0;
      await done;
      expect((await t.store.get(t.key, 'n1'))?.doc).toMatchObject({ tags: ['a'], lists: { open: 'p1' } });
      expect(await t.places('open', { limit: 10 })).toEqual(['p1']);
    });

    it('hands out copies that can be changed without harm', async () => {
      await t.create(note('n1', 'mine', { open: 'p1' }));
      const got = await t.store.get<{ text: string } & Doc>(t.key, 'n1');
      const [listed] = await t.store.page<{ text: string } & Doc>(t.key.pathwayId, 'open', { limit: 1 });
      if (got) got.doc.text = 'changed';
      if (listed) listed.doc.text = 'changed';
      expect(await t.texts('n1')).toEqual(['mine']);
    });

    it('adds nothing of its own to a document', async () => {
      await t.create(note('n1', 'x', { open: 'p1' }));
      const expected = ['id', 'kind', 'lists', 'schema', 'text'];
      const [listed] = await t.store.page(t.key.pathwayId, 'open', { limit: 1 });
      const [held] = await gather(t.store.everything(t.key.pathwayId));
      for (const doc of [(await t.store.get(t.key, 'n1'))?.doc, listed?.doc, held?.doc]) {
        expect(Object.keys(doc ?? {}).sort()).toEqual(expected);
      }
    });

    it('leaves out fields that are undefined', async () => {
      await t.create({ ...note('n1'), gone: undefined } as Doc);
      expect(Object.keys((await t.store.get(t.key, 'n1'))?.doc ?? {})).not.toContain('gone');
    });
  });
}
