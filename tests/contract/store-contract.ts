import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Doc, Head, Key } from '../../src/core/change.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { Conflict } from '../../src/core/errors.ts';
import { type ReadUp, readUpWith, WrittenByNewer } from '../../src/store/read-up.ts';
import {
  type Held,
  MAX_BATCH_BYTES,
  MAX_PAGE,
  MAX_WRITES,
  type Store,
  type Write,
} from '../../src/store/store.ts';
import { createTurns } from '../../src/store/turn.ts';
import { modelContract } from './store-model.ts';

/** A store for one test: opened fresh and empty, or at least with pathways that nobody used before. */
export interface OpenedStore {
  readonly store: Store;
  /** Opens what the store kept once more, where it keeps anything; the first stays usable. */
  readonly reopen?: () => Promise<Store>;
  /** Closes every store that was opened, and removes what was kept. */
  close(): Promise<void>;
}
export type OpenStore = (options?: { readUp?: ReadUp }) => Promise<OpenedStore>;

/** A document of the tests, with a field that tells one version of it from another. */
export interface Note extends Doc {
  readonly text: string;
}
export const note = (id: string, text = '', lists?: Readonly<Record<string, string>>): Note => ({
  id,
  kind: 'test-note',
  schema: 1,
  ...(lists && { lists }),
  text,
});

/** Suites run against databases that keep what earlier runs wrote, so each test has pathways of its own. */
let pathways = 0;
const run = Math.floor(performance.timeOrigin).toString(36);
export const freshPathway = (): string => `pathway-${run}-${process.pid}-${++pathways}`;

/** Registers the tests that every store must pass. `keeps: false` for one that keeps nothing once closed. */
export function storeContract(name: string, open: OpenStore, { keeps = true } = {}): void {
  describe(`the store contract: ${name}`, () => {
    let opened: OpenedStore;
    let store: Store;
    let key: Key;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      key = { pathwayId: freshPathway(), caseId: 'C-1' };
    });
    afterEach(() => opened.close());

    const create = (doc: Doc, at = key) => store.commit(at, [{ do: 'create', doc }]);
    const etagOf = async (id: string, at = key) => (await store.get(at, id))?.etag ?? 'none';
    const texts = async (...ids: string[]) =>
      Promise.all(ids.map(async (id) => (await store.get<Note>(key, id))?.doc.text));
    const places = async (list: string, page: { after?: string; upTo?: string; limit: number }) =>
      (await store.page(key.pathwayId, list, page)).map((found) => found.place);

    describe('verbs', () => {
      it('gives back what was created, whole', async () => {
        const doc = {
          ...note('n1', 'Zoë “x” \u200f\u{1F9E1} ${a}'),
          deep: { list: [1, null, true, { a: '' }], big: 1.5e300, none: null },
        };
        await create(doc);
        expect((await store.get(key, 'n1'))?.doc).toEqual(doc);
      });

      it('gives undefined for an id, a case and a pathway that are not there', async () => {
        await create(note('n1'));
        expect(await store.get(key, 'n2')).toBeUndefined();
        expect(await store.get({ ...key, caseId: 'C-2' }, 'n1')).toBeUndefined();
        expect(await store.get({ ...key, pathwayId: freshPathway() }, 'n1')).toBeUndefined();
      });

      it('keeps the same id in two cases and two pathways apart', async () => {
        const elsewhere = { pathwayId: freshPathway(), caseId: key.caseId };
        await create(note('n1', 'here'));
        await create(note('n1', 'other case'), { ...key, caseId: 'C-2' });
        await create(note('n1', 'other pathway'), elsewhere);
        expect(await texts('n1')).toEqual(['here']);
        expect((await store.get<Note>(elsewhere, 'n1'))?.doc.text).toBe('other pathway');
      });

      it('takes ids and cases of any readable form', async () => {
        const odd = { ...key, caseId: '_reach:channel:st-annes' };
        const ids = [
          'notice:h1:show:channel:hospice',
          'copy:h1:person:alex',
          'a|b',
          "o'neill",
          'é ü',
          'A',
          'a',
        ];
        await store.commit(
          odd,
          ids.map((id) => ({ do: 'create', doc: note(id, id) }) as const),
        );
        for (const id of ids) expect((await store.get<Note>(odd, id))?.doc.text).toBe(id);
      });

      it('replaces at the etag that it read, and gives a new one', async () => {
        await create(note('n1', 'old'));
        const etag = await etagOf('n1');
        await store.commit(key, [{ do: 'replace', doc: note('n1', 'new'), etag }]);
        expect(await texts('n1')).toEqual(['new']);
        expect(await etagOf('n1')).not.toBe(etag);
      });

      it('puts whether or not the document is there', async () => {
        await store.commit(key, [{ do: 'put', doc: note('n1', 'first') }]);
        const etag = await etagOf('n1');
        await store.commit(key, [{ do: 'put', doc: note('n1', 'second') }]);
        expect(await texts('n1')).toEqual(['second']);
        expect(await etagOf('n1')).not.toBe(etag);
      });

      it('removes', async () => {
        await create(note('n1', '', { open: 'p1' }));
        await store.commit(key, [{ do: 'remove', id: 'n1' }]);
        expect(await store.get(key, 'n1')).toBeUndefined();
        expect(await store.count(key.pathwayId, 'open')).toBe(0);
      });

      it('does all the writes of a batch', async () => {
        await store.commit(key, [
          { do: 'create', doc: note('a', '1') },
          { do: 'create', doc: note('b', '1') },
          { do: 'create', doc: note('c', '1') },
        ]);
        await store.commit(key, [
          { do: 'replace', doc: note('a', '2'), etag: await etagOf('a') },
          { do: 'remove', id: 'b' },
          { do: 'put', doc: note('c', '2') },
          { do: 'create', doc: note('d', '2') },
        ]);
        expect(await texts('a', 'b', 'c', 'd')).toEqual(['2', undefined, '2', '2']);
      });
    });

    describe('copies', () => {
      it('keeps what was given, not what the caller makes of it later', async () => {
        const doc = { ...note('n1'), lists: { open: 'p1' }, tags: ['a'] };
        const writes: Write[] = [{ do: 'create', doc }];
        const done = store.commit(key, writes);
        doc.tags.push('b');
        doc.lists.open = 'p2';
        writes.length = 0;
        await done;
        expect((await store.get(key, 'n1'))?.doc).toMatchObject({ tags: ['a'], lists: { open: 'p1' } });
        expect(await places('open', { limit: 10 })).toEqual(['p1']);
      });

      it('hands out copies that can be changed without harm', async () => {
        await create(note('n1', 'mine', { open: 'p1' }));
        const got = await store.get<{ text: string } & Doc>(key, 'n1');
        const [listed] = await store.page<{ text: string } & Doc>(key.pathwayId, 'open', { limit: 1 });
        if (got) got.doc.text = 'changed';
        if (listed) listed.doc.text = 'changed';
        expect(await texts('n1')).toEqual(['mine']);
      });

      it('adds nothing of its own to a document', async () => {
        await create(note('n1', 'x', { open: 'p1' }));
        const expected = ['id', 'kind', 'lists', 'schema', 'text'];
        const [listed] = await store.page(key.pathwayId, 'open', { limit: 1 });
        const [held] = await gather(store.everything(key.pathwayId));
        for (const doc of [(await store.get(key, 'n1'))?.doc, listed?.doc, held?.doc]) {
          expect(Object.keys(doc ?? {}).sort()).toEqual(expected);
        }
      });

      it('leaves out fields that are undefined', async () => {
        await create({ ...note('n1'), gone: undefined } as Doc);
        expect(Object.keys((await store.get(key, 'n1'))?.doc ?? {})).not.toContain('gone');
      });
    });

    describe('conflicts', () => {
      const losing: [string, (etag: string) => Write][] = [
        ['an id to be created is taken', () => ({ do: 'create', doc: note('there', 'lost') })],
        ['an etag no longer holds', () => ({ do: 'replace', doc: note('there', 'lost'), etag: 'stale' })],
        ['a document to be replaced is gone', (etag) => ({ do: 'replace', doc: note('gone', 'lost'), etag })],
        ['a document to be removed is gone', () => ({ do: 'remove', id: 'gone' })],
      ];

      it.each(losing)('when %s: nothing of the batch is written', async (_, lose) => {
        await create(note('there', 'kept', { open: 'p0' }));
        await create(note('other', 'kept', { open: 'p1' }));
        const stale = await etagOf('there');
        await store.commit(key, [{ do: 'put', doc: note('there', 'kept', { open: 'p0' }) }]);
        const loser = lose(stale);
        const write = loser.do === 'replace' && loser.etag === 'stale' ? { ...loser, etag: stale } : loser;
        for (const writes of [
          [write, ...others()],
          [...others(), write],
        ]) {
          await expect(store.commit(key, writes)).rejects.toThrow(Conflict);
        }
        expect(await texts('there', 'other', 'new', 'gone')).toEqual(['kept', 'kept', undefined, undefined]);
        expect(await places('open', { limit: 10 })).toEqual(['p0', 'p1']);
      });
      const others = (): Write[] => [
        { do: 'create', doc: note('new', 'lost', { open: 'p2' }) },
        { do: 'put', doc: note('other', 'lost', { open: 'p9' }) },
      ];

      it('when the document was removed and created again with the same content', async () => {
        await create(note('n1'));
        const etag = await etagOf('n1');
        await store.commit(key, [{ do: 'remove', id: 'n1' }]);
        await create(note('n1'));
        await expect(store.commit(key, [{ do: 'replace', doc: note('n1', 'x'), etag }])).rejects.toThrow(
          Conflict,
        );
      });

      it('says nothing of the case in its message', async () => {
        const secret = { ...key, caseId: 'C-SECRET' };
        await create(note('n-secret', 'secret'), secret);
        const error = await create(note('n-secret', 'secret'), secret).catch((reason) => reason);
        expect(error).toBeInstanceOf(Conflict);
        expect(String(error.message).toLowerCase()).not.toContain('secret');
      });

      it('lets one of two writers at the same etag win, and tells the other', async () => {
        await create(note('n1', '0'));
        const etag = await etagOf('n1');
        const outcomes = await Promise.allSettled(
          ['1', '2', '3', '4', '5'].map((text) =>
            store.commit(key, [
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
        const [winner] = await texts('n1');
        const by = await texts('by-1', 'by-2', 'by-3', 'by-4', 'by-5');
        expect(by.filter((text) => text !== undefined)).toEqual([winner]);
      });

      it('lets one of several creators of an id win', async () => {
        const outcomes = await Promise.allSettled(['1', '2', '3'].map((text) => create(note('n1', text))));
        expect(outcomes.map((outcome) => outcome.status).sort()).toEqual([
          'fulfilled',
          'rejected',
          'rejected',
        ]);
      });
    });

    describe('limits', () => {
      const many = (count: number): Write[] =>
        Array.from({ length: count }, (_, i) => ({ do: 'create', doc: note(`n${i}`) }));

      it(`takes ${MAX_WRITES} writes in a batch`, async () => {
        await store.commit(key, many(MAX_WRITES));
        expect((await gather(store.everything(key.pathwayId))).length).toBe(MAX_WRITES);
      });

      it('takes a batch close to 2 MB', async () => {
        const text = 'é'.repeat(MAX_BATCH_BYTES / 4 - 16_000);
        await store.commit(key, [
          { do: 'create', doc: note('a', text) },
          { do: 'create', doc: note('b', text) },
        ]);
        expect((await store.get<Note>(key, 'b'))?.doc.text).toBe(text);
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
        await expect(store.commit(key, writes)).rejects.toThrow(RangeError);
        expect(await gather(store.everything(key.pathwayId))).toEqual([]);
      });

      it.each([0, -1, 1.5, MAX_PAGE + 1, Number.NaN])('refuses a page of %d', async (limit) => {
        await expect(store.page(key.pathwayId, 'open', { limit })).rejects.toThrow(RangeError);
      });
    });

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
        for (const place of shuffled) await create(note(place, place, { [list]: place, other: `x${place}` }));
        expect(await places(list, { limit: 10 })).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
        expect(await places(list, { limit: 2 })).toEqual(['p1', 'p2']);
        expect(await places(list, { after: 'p2', limit: 2 })).toEqual(['p3', 'p4']);
        expect(await places(list, { after: 'p5', limit: 2 })).toEqual([]);
        expect(await places(list, { after: 'p25', limit: 1 })).toEqual(['p3']);
        expect(await places(list, { upTo: 'p3', limit: 10 })).toEqual(['p1', 'p2', 'p3']);
        expect(await places(list, { after: 'p1', upTo: 'p35', limit: 10 })).toEqual(['p2', 'p3']);
        expect(await places(list, { after: 'p4', upTo: 'p2', limit: 10 })).toEqual([]);
        expect(await store.count(key.pathwayId, list)).toBe(5);
        expect(await store.count(key.pathwayId, list, 'p3')).toBe(3);
        expect(await store.count(key.pathwayId, list, 'a')).toBe(0);
      });

      it('finds documents of every case of the pathway and of no other', async () => {
        const other = { ...key, caseId: 'C-2' };
        await create(note('n1', 'one', { open: '1' }));
        await create(note('n1', 'two', { open: '2' }), other);
        await create(note('n1', 'elsewhere', { open: '3' }), { pathwayId: freshPathway(), caseId: 'C-1' });
        const found = await store.page<Note>(key.pathwayId, 'open', { limit: 10 });
        expect(found.map((one) => [one.key, one.place, one.doc.text])).toEqual([
          [key, '1', 'one'],
          [other, '2', 'two'],
        ]);
      });

      it('gives an etag with which what was found can be replaced', async () => {
        await create(note('n1', 'one', { open: '1' }));
        const [found] = await store.page<Note>(key.pathwayId, 'open', { limit: 1 });
        await store.commit(key, [{ do: 'replace', doc: note('n1', 'two'), etag: found?.etag ?? '' }]);
        expect(await texts('n1')).toEqual(['two']);
      });

      it('is empty where nothing stands', async () => {
        await create(note('n1', '', { open: '1' }));
        expect(await places('never-used', { limit: 5 })).toEqual([]);
        expect(await store.count(key.pathwayId, 'never-used')).toBe(0);
        expect(await store.count(freshPathway(), 'open')).toBe(0);
      });

      it('moves a document with its places', async () => {
        await create(note('n1', '', { open: '1', due: '5' }));
        await store.commit(key, [{ do: 'put', doc: note('n1', '', { open: '2', done: '7' }) }]);
        expect(await places('open', { limit: 5 })).toEqual(['2']);
        expect(await places('due', { limit: 5 })).toEqual([]);
        expect(await places('done', { limit: 5 })).toEqual(['7']);
        await store.commit(key, [{ do: 'put', doc: note('n1') }]);
        expect(await store.count(key.pathwayId, 'open')).toBe(0);
      });

      it('lets two documents change places in one batch', async () => {
        await create(note('a', '', { open: '1' }));
        await create(note('b', '', { open: '2' }));
        await store.commit(key, [
          { do: 'put', doc: note('a', '', { open: '2' }) },
          { do: 'put', doc: note('b', '', { open: '1' }) },
        ]);
        const found = await store.page(key.pathwayId, 'open', { limit: 5 });
        expect(found.map((one) => one.doc.id)).toEqual(['b', 'a']);
      });

      it('lets a document take the place that another gives up in the same batch', async () => {
        await create(note('a', '', { open: '1' }));
        await store.commit(key, [
          { do: 'create', doc: note('b', '', { open: '1' }) },
          { do: 'remove', id: 'a' },
        ]);
        const found = await store.page(key.pathwayId, 'open', { limit: 5 });
        expect(found.map((one) => one.doc.id)).toEqual(['b']);
      });

      it('walks a list longer than a page, to its end, with every document once', async () => {
        const all = Array.from({ length: 230 }, (_, i) => String(i).padStart(4, '0'));
        for (let i = 0; i < all.length; i += 50) {
          const at = { ...key, caseId: `C-${i}` };
          const batch = all.slice(i, i + 50);
          await store.commit(
            at,
            batch.map((p) => ({ do: 'create', doc: note(p, p, { all: p }) }) as const),
          );
        }
        const walked: string[] = [];
        for (let after = ''; ; ) {
          const page = await store.page(key.pathwayId, 'all', { after, limit: 40 });
          walked.push(...page.map((one) => one.place));
          if (page.length < 40) break;
          after = page.at(-1)?.place ?? '';
        }
        expect(walked).toEqual(all);
        expect(await places('all', { limit: MAX_PAGE })).toEqual(all);
        expect(await store.count(key.pathwayId, 'all')).toBe(230);
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
        await store.commit(key, [...writes, { do: 'create', doc: note('case') }]);
        await store.commit({ ...key, caseId: 'C-2' }, [{ do: 'create', doc: event(4) }]);
        expect((await store.history(key)).map((one) => one.seq)).toEqual([1, 2, 3]);
        expect(await store.history({ ...key, caseId: 'C-3' })).toEqual([]);
      });

      it('gives all of more than 200 events', async () => {
        for (const from of [201, 101, 1]) {
          const seqs = Array.from({ length: from === 201 ? 45 : 100 }, (_, i) => from + i);
          await store.commit(
            key,
            seqs.map((seq) => ({ do: 'create', doc: event(seq) }) as const),
          );
        }
        const seqs = (await store.history(key)).map((one) => one.seq);
        expect(seqs).toEqual(Array.from({ length: 245 }, (_, i) => i + 1));
      });
    });

    describe('everything', () => {
      it('gives every document of the pathway once, on a list or not, and of no other', async () => {
        const wanted: string[] = [];
        for (const caseId of ['_agreement', 'C-1', 'C-2', 'C-3', 'C-4', 'C-5', 'C-6', 'C-7']) {
          const ids = Array.from({ length: 90 }, (_, i) => `n${i}`);
          await store.commit(
            { ...key, caseId },
            ids.map((id) => ({ do: 'create', doc: note(id) }) as const),
          );
          wanted.push(...ids.map((id) => `${caseId} ${id}`));
        }
        await create(note('x'), { pathwayId: freshPathway(), caseId: 'C-1' });
        const found = await gather(store.everything(key.pathwayId));
        expect(found.map((one) => `${one.key.caseId} ${one.doc.id}`).sort()).toEqual(wanted.sort());
        expect(new Set(found.map((one) => one.key.pathwayId))).toEqual(new Set([key.pathwayId]));
        expect(await gather(store.everything(freshPathway()))).toEqual([]);
      });
    });

    describe('many at once', () => {
      it.each([1, 3])('40 turns on one head through %d queues leave exactly 40 events', async (queues) => {
        // A patient clock: the turns meet each other, not their time limit.
        const start = systemClock.now();
        const clock: Clock = { now: () => start, sleep: (ms) => systemClock.sleep(ms / 20) };
        const turns = Array.from({ length: queues }, () => createTurns(store, clock));
        const by = { system: 'test' };
        await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            turns[i % queues]?.<Head, void>(key, 'case', ({ head }) => ({
              change: {
                documents: head ? [] : [{ ...note('case'), audit: { seq: 0, hash: '' } } as Head],
                events: [{ type: 'test.happened', by, data: { i } }],
              },
              answer: undefined,
            })),
          ),
        );
        const events = await store.history(key);
        expect(events.map((one) => one.seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
        expect(new Set(events.map((one) => one.data.i)).size).toBe(40);
        expect((await store.get<Head>(key, 'case'))?.doc.audit).toEqual({ seq: 40, hash: events[39]?.hash });
      });

      it('commits to many cases do not disturb each other', async () => {
        const cases = Array.from({ length: 150 }, (_, i) => ({ ...key, caseId: `C-${i}` }));
        await Promise.all(cases.map((at, i) => create(note('case', String(i), { all: at.caseId }), at)));
        expect(await store.count(key.pathwayId, 'all')).toBe(150);
        const read = await Promise.all(cases.map((at) => store.get<Note>(at, 'case')));
        expect(read.map((one) => one?.doc.text)).toEqual(cases.map((_, i) => String(i)));
      });
    });

    it.runIf(keeps)('keeps what was committed for whoever opens it next', async () => {
      await create(note('n1', 'kept', { open: 'p1' }));
      const etag = await etagOf('n1');
      const again = await opened.reopen?.();
      if (!again) throw new Error('a store that keeps what it is given can be opened again');
      expect(await again.get(key, 'n1')).toEqual({ doc: note('n1', 'kept', { open: 'p1' }), etag });
      expect(await again.count(key.pathwayId, 'open')).toBe(1);
      await again.commit(key, [{ do: 'replace', doc: note('n1', 'newer'), etag }]);
      expect(await texts('n1')).toEqual(['newer']);
    });

    describe('old versions', () => {
      const readUp = readUpWith({
        'test-note': {
          1: ({ text, ...rest }) => ({ ...rest, body: text }),
          2: ({ body, ...rest }) => ({ ...rest, paragraphs: [body] }),
        },
      });
      const old = { ...note('n1', 'hello', { open: 'p1' }) };
      const present = {
        id: 'n1',
        kind: 'test-note',
        schema: 3,
        lists: { open: 'p1' },
        paragraphs: ['hello'],
      };
      let newer: OpenedStore;
      beforeEach(async () => {
        newer = await open({ readUp });
      });
      afterEach(() => newer.close());

      it('are read up by get and page', async () => {
        await newer.store.commit(key, [{ do: 'create', doc: old }]);
        expect((await newer.store.get(key, 'n1'))?.doc).toEqual(present);
        const [listed] = await newer.store.page(key.pathwayId, 'open', { limit: 1 });
        expect(listed?.doc).toEqual(present);
      });

      it('are left as stored by history and everything, whose hashes are over that', async () => {
        await newer.store.commit(key, [
          { do: 'create', doc: old },
          { do: 'create', doc: { ...old, id: 'event:00000001', lists: { history: 'C-1|00000001' } } },
        ]);
        expect(await newer.store.history(key)).toMatchObject([{ schema: 1, text: 'hello' }]);
        const held = await gather(newer.store.everything(key.pathwayId));
        expect(held.map((one) => one.doc.schema)).toEqual([1, 1]);
      });

      it('of a newer Baton are refused, not misread', async () => {
        await newer.store.commit(key, [{ do: 'create', doc: { ...old, schema: 4 } }]);
        await expect(newer.store.get(key, 'n1')).rejects.toThrow(WrittenByNewer);
      });
    });

    modelContract(() => store);
  });
}

/** All that an iterable gives. */
export async function gather(held: AsyncIterable<Held>): Promise<Held[]> {
  const all: Held[] = [];
  for await (const one of held) all.push(one);
  return all;
}
