import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Head } from '../../src/core/change.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { readUpWith, WrittenByNewer } from '../../src/store/read-up.ts';
import { createTurns } from '../../src/store/turn.ts';
import { type Fixture, gather, type Note, note, type OpenedStore } from './store-fixture.ts';

/** What holds when many write at once, when a store is opened again, and when Baton is newer than its documents. */
export function timeContract(t: Fixture, keeps: boolean): void {
  describe('many at once', () => {
    it.each([1, 3])('40 turns on one head through %d queues leave exactly 40 events', async (queues) => {
      // A patient clock: the turns meet each other, not their time limit.
      const start = systemClock.now();
      const clock: Clock = { now: () => start, sleep: (ms) => systemClock.sleep(ms / 20) };
      const turns = Array.from({ length: queues }, () => createTurns(t.store, clock));
      const by = { system: 'test' };
      await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          turns[i % queues]?.<Head, void>(t.key, 'case', ({ head }) => ({
            change: {
              documents: head ? [] : [{ ...note('case'), audit: { seq: 0, hash: '' } } as Head],
              events: [{ type: 'test.happened', by, data: { i } }],
            },
            answer: undefined,
          })),
        ),
      );
      const events = await t.store.history(t.key);
      expect(events.map((one) => one.seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      expect(new Set(events.map((one) => one.data.i)).size).toBe(40);
      expect((await t.store.get<Head>(t.key, 'case'))?.doc.audit).toEqual({
        seq: 40,
        hash: events[39]?.hash,
      });
    });

    it('commits to many cases do not disturb each other', async () => {
      const cases = Array.from({ length: 150 }, (_, i) => ({ ...t.key, caseId: `C-${i}` }));
      await Promise.all(cases.map((at, i) => t.create(note('case', String(i), { all: at.caseId }), at)));
      expect(await t.store.count(t.key.pathwayId, 'all')).toBe(150);
      const read = await Promise.all(cases.map((at) => t.store.get<Note>(at, 'case')));
      expect(read.map((one) => one?.doc.text)).toEqual(cases.map((_, i) => String(i)));
    });
  });

  if (keeps) {
    it('keeps what was committed for whoever opens it next', async () => {
      await t.create(note('n1', 'kept', { open: 'p1' }));
      const etag = await t.etagOf('n1');
      const again = await t.reopen();
      expect(await again.get(t.key, 'n1')).toEqual({ doc: note('n1', 'kept', { open: 'p1' }), etag });
      expect(await again.count(t.key.pathwayId, 'open')).toBe(1);
      await again.commit(t.key, [{ do: 'replace', doc: note('n1', 'newer'), etag }]);
      expect(await t.texts('n1')).toEqual(['newer']);
    });
  }

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
      newer = await t.open({ readUp });
    });
    afterEach(() => newer.close());

    it('are read up by get and page', async () => {
      await newer.store.commit(t.key, [{ do: 'create', doc: old }]);
      expect((await newer.store.get(t.key, 'n1'))?.doc).toEqual(present);
      const [listed] = await newer.store.page(t.key.pathwayId, 'open', { limit: 1 });
      expect(listed?.doc).toEqual(present);
    });

    it('are left as stored by history and everything, whose hashes are over that', async () => {
      await newer.store.commit(t.key, [
        { do: 'create', doc: old },
        { do: 'create', doc: { ...old, id: 'event:00000001', lists: { history: 'C-1|00000001' } } },
      ]);
      expect(await newer.store.history(t.key)).toMatchObject([{ schema: 1, text: 'hello' }]);
      const held = await gather(newer.store.everything(t.key.pathwayId));
      expect(held.map((one) => one.doc.schema)).toEqual([1, 1]);
    });

    it('of a newer Baton are refused, not misread', async () => {
      await newer.store.commit(t.key, [{ do: 'create', doc: { ...old, schema: 4 } }]);
      await expect(newer.store.get(t.key, 'n1')).rejects.toThrow(WrittenByNewer);
    });
  });
}
