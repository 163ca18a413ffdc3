import { describe, expect, it } from 'vitest';
import type { Change, Doc, Head, NoticeDraft } from '../../../src/core/change.ts';
import { type Clock, type Instant, plusMs } from '../../../src/core/clock.ts';
import { Conflict, Refused, Unavailable } from '../../../src/core/errors.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store, Write } from '../../../src/store/store.ts';
import { createTurns, TURN_MS, writesOf } from '../../../src/store/turn.ts';

const key = { pathwayId: 'p', caseId: 'C-1' };
const NOW = '2026-11-24T14:30:00.000Z';
const by = { system: 'test' };
const start: Head = { id: 'case', kind: 'case', schema: 1, audit: { seq: 0, hash: '' } };
const happened = (n: number): Change => ({
  documents: [start],
  events: [{ type: 'test.happened', by, data: { n } }],
});

/** A clock that stands still but for sleeping, and remembers how long each sleep was. */
function stillClock(): Clock & { slept: number[]; at: Instant } {
  const clock = {
    at: NOW,
    slept: [] as number[],
    now: () => clock.at,
    sleep: async (ms: number) => {
      clock.slept.push(ms);
      clock.at = plusMs(clock.at, ms);
    },
  };
  return clock;
}

/** A store in which `commit` is replaced, the real one at hand. */
function withCommit(
  replaced: (commit: () => Promise<void>, nth: number, writes: readonly Write[]) => Promise<void>,
): { store: Store; tries: () => number } {
  const store = openEmbedded({ path: ':memory:' });
  let nth = 0;
  const commit: Store['commit'] = (at, writes) => replaced(() => store.commit(at, writes), ++nth, writes);
  return { store: { ...store, commit }, tries: () => nth };
}

const seqs = async (store: Store) => (await store.history(key)).map((event) => event.data.n);

describe('a turn', () => {
  it('loads, decides, commits, and gives the answer', async () => {
    const store = openEmbedded({ path: ':memory:' });
    const run = createTurns(store, stillClock());
    const answer = await run(key, 'case', ({ head }) => ({ change: happened(1), answer: head ?? 'new' }));
    expect(answer).toBe('new');
    const again = await run<Head, number>(key, 'case', ({ head }) => ({ answer: head?.audit.seq ?? 0 }));
    expect(again).toBe(1);
  });

  it('gives the decision other documents of its partition', async () => {
    const store = openEmbedded({ path: ':memory:' });
    await store.commit(key, [{ do: 'create', doc: { id: 'h1', kind: 'handover', schema: 1 } }]);
    const run = createTurns(store, stillClock());
    const found = await run(key, 'case', async ({ get }) => ({ answer: [await get('h1'), await get('h2')] }));
    expect(found).toEqual([{ id: 'h1', kind: 'handover', schema: 1 }, undefined]);
  });

  it('reads each document once a try, however often the decision asks', async () => {
    const store = openEmbedded({ path: ':memory:' });
    await store.commit(key, [{ do: 'create', doc: { id: 'h1', kind: 'handover', schema: 1 } }]);
    const asked: string[] = [];
    const counted: Store = {
      ...store,
      get: (at, id) => {
        asked.push(id);
        return store.get(at, id);
      },
    };
    await createTurns(counted, stillClock())(key, 'case', async ({ get }) => {
      await Promise.all([get('h1'), get('h1'), get('h2')]);
      return { change: { ...happened(1), removed: ['h1', 'h2'] }, answer: await get('h1') };
    });
    expect(asked).toEqual(['case', 'h1', 'h2']);
    expect(await store.get(key, 'h1')).toBeUndefined();
  });

  it('decides again from what stands when another writer was faster', async () => {
    const { store, tries } = withCommit(async (commit, nth) => {
      if (nth <= 3) throw new Conflict('another writer was faster');
      await commit();
    });
    const clock = stillClock();
    let decided = 0;
    const answer = await createTurns(store, clock)(key, 'case', () => ({
      change: happened(1),
      answer: ++decided,
    }));
    expect([answer, tries(), clock.slept.length]).toEqual([4, 4, 3]);
    expect(await seqs(store)).toEqual([1]);
  });

  it('passes the errors of a decision on at once, with nothing stored', async () => {
    const store = openEmbedded({ path: ':memory:' });
    const run = createTurns(store, stillClock());
    let decided = 0;
    const refusal = new Refused('too-late', 'Ask the sender.');
    const turn = run(key, 'case', () => {
      decided++;
      throw refusal;
    });
    await expect(turn).rejects.toBe(refusal);
    expect(decided).toBe(1);
    expect(await store.get(key, 'case')).toBeUndefined();
  });

  it('does not let a refused turn stop those that wait behind it', async () => {
    const store = openEmbedded({ path: ':memory:' });
    const run = createTurns(store, stillClock());
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((n) =>
        run(key, 'case', () => {
          if (n === 2) throw new Refused('no', 'No.');
          return { change: happened(n), answer: n };
        }),
      ),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await seqs(store)).toEqual([1, 3]);
  });

  it('waits for the turn before it on the same partition, and not for those of others', async () => {
    const store = openEmbedded({ path: ':memory:' });
    const run = createTurns(store, stillClock());
    const seen: string[] = [];
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = run(key, 'case', async () => {
      seen.push('first in');
      await gate;
      seen.push('first out');
      return { answer: 1 };
    });
    const second = run(key, 'case', () => {
      seen.push('second');
      return { answer: 2 };
    });
    await run({ ...key, caseId: 'C-2' }, 'case', () => {
      seen.push('other');
      return { answer: 3 };
    });
    open();
    await Promise.all([first, second]);
    expect(seen).toEqual(['first in', 'other', 'first out', 'second']);
  });

  it.each([
    ['another writer is always faster', () => new Conflict('faster'), 'no'],
    ['the store does not take anything', () => new Unavailable('down', 'no'), 'no'],
    ['answers are lost', () => new Unavailable('timeout', 'unknown'), 'unknown'],
  ] as const)('says that it is busy when %s for eight seconds', async (_, error, took) => {
    const { store, tries } = withCommit(async () => {
      throw error();
    });
    const clock = stillClock();
    const turn = createTurns(store, clock)(key, 'case', () => ({ change: happened(1), answer: 1 }));
    await expect(turn).rejects.toMatchObject({ name: 'Unavailable', took });
    const spent = clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(spent).toBeLessThanOrEqual(TURN_MS);
    expect(spent).toBeGreaterThan(TURN_MS - 1_000);
    expect(tries()).toBeGreaterThan(10);
  });

  it('waits as long as the store asks for, or gives up at once where that is too long', async () => {
    for (const [retryAfterMs, slept] of [
      [3_000, [3_000]],
      [60_000, []],
    ] as const) {
      const { store } = withCommit(async (commit, nth) => {
        if (nth === 1) throw new Unavailable('throttled', 'no', { retryAfterMs });
        await commit();
      });
      const clock = stillClock();
      const turn = createTurns(store, clock)(key, 'case', () => ({ change: happened(1), answer: 'done' }));
      if (slept.length > 0) expect(await turn).toBe('done');
      else await expect(turn).rejects.toThrow(Unavailable);
      expect(clock.slept).toEqual(slept);
    }
  });

  it('counts the time in the queue, so that nobody waits for all who came before', async () => {
    const { store } = withCommit(async () => {
      throw new Unavailable('down', 'no');
    });
    const clock = stillClock();
    const run = createTurns(store, clock);
    const turns = Array.from({ length: 20 }, () =>
      run(key, 'case', () => ({ change: happened(1), answer: 1 })),
    );
    const outcomes = await Promise.allSettled(turns);
    expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set(['rejected']));
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2 * TURN_MS);
  });

  describe('whose answer was lost after it took effect', () => {
    const losing = () =>
      withCommit(async (commit, nth) => {
        await commit();
        if (nth === 1) throw new Unavailable('timeout', 'unknown');
      });

    it('is not made twice, and gives the answer it decided on', async () => {
      const { store } = losing();
      let decided = 0;
      const answer = await createTurns(store, stillClock())(key, 'case', () => ({
        change: happened(++decided),
        answer: decided,
      }));
      expect(answer).toBe(1);
      expect(await seqs(store)).toEqual([1]);
    });

    it('is found also when others have gone on from it', async () => {
      const real = openEmbedded({ path: ':memory:' });
      const other = createTurns(real, stillClock());
      let nth = 0;
      const commit: Store['commit'] = async (at, writes) => {
        await real.commit(at, writes);
        if (++nth > 1) return;
        for (const n of [7, 8]) await other(key, 'case', () => ({ change: happened(n), answer: n }));
        throw new Unavailable('timeout', 'unknown');
      };
      const run = createTurns({ ...real, commit }, stillClock());
      expect(await run(key, 'case', () => ({ change: happened(1), answer: 'mine' }))).toBe('mine');
      expect(await seqs(real)).toEqual([1, 7, 8]);
    });

    it('is found also when a repeat by the client was told of a conflict with itself', async () => {
      const { store } = withCommit(async (commit, nth) => {
        await commit();
        if (nth === 1) throw new Conflict('another writer was faster');
      });
      const run = createTurns(store, stillClock());
      expect(await run(key, 'case', () => ({ change: happened(1), answer: 'mine' }))).toBe('mine');
      expect(await seqs(store)).toEqual([1]);
    });

    it('is made once when the answer was lost and nothing took effect', async () => {
      const { store } = withCommit(async (commit, nth) => {
        if (nth === 1) throw new Unavailable('timeout', 'unknown');
        await commit();
      });
      const run = createTurns(store, stillClock());
      expect(await run(key, 'case', () => ({ change: happened(1), answer: 'mine' }))).toBe('mine');
      expect(await seqs(store)).toEqual([1]);
    });
  });

  it('removes what is there and does not mind what is gone', async () => {
    const store = openEmbedded({ path: ':memory:' });
    await store.commit(key, [{ do: 'create', doc: { id: 'n1', kind: 'notice', schema: 1 } }]);
    await createTurns(store, stillClock())(key, 'case', () => ({
      change: {
        documents: [start],
        removed: ['n1', 'n2'],
        timers: [{ subject: 'h1', fires: 'x', due: null }],
      },
      answer: 1,
    }));
    expect(await store.get(key, 'n1')).toBeUndefined();
    expect(await store.get(key, 'case')).toBeDefined();
  });
});

describe('the batch of a change', () => {
  const writes = (change: Change, head = start) => {
    const made = writesOf(key, { doc: head, etag: 'e' }, 'case', change, NOW);
    const ids = made.map((write) => (write.do === 'remove' ? write.id : write.doc.id));
    expect(new Set(ids).size).toBe(ids.length);
    return made;
  };
  const docs = (change: Change) =>
    writes(change).flatMap((write) =>
      write.do === 'remove' ? [] : [write.doc as Doc & Record<string, unknown>],
    );

  it('replaces the head at the etag it was loaded at, and creates it when there is none', () => {
    expect(writes({})[0]).toMatchObject({ do: 'replace', etag: 'e', doc: { id: 'case' } });
    expect(writesOf(key, undefined, 'case', { documents: [start] }, NOW)[0]?.do).toBe('create');
    expect(() => writesOf(key, undefined, 'case', {}, NOW)).toThrow('head document');
  });

  it('keeps the chain that stands, whatever head the decision hands over', () => {
    const head: Head = { ...start, audit: { seq: 4, hash: 'abc' } };
    const [written, event] = writes({ documents: [start], events: happened(1).events ?? [] }, head);
    expect(event).toMatchObject({ do: 'create', doc: { id: 'event:00000005', prev: 'abc' } });
    const made = event?.do === 'create' ? (event.doc as Doc & { hash: string }).hash : '';
    expect(written).toMatchObject({ doc: { audit: { seq: 5, hash: made } } });
  });

  const route = { to: 'channel', provider: 'hospice' } as const;
  const show: NoticeDraft = { form: 'show', subject: 'h1', route };
  const tell = (line: string): NoticeDraft => ({ form: 'tell', subject: 'h1', route, line });

  it('raises one show of a copy however often it is asked for, and each tell', () => {
    const notices = [show, tell('a'), show, tell('b'), tell('c')];
    const raised = docs({ notices }).filter((doc) => doc.kind === 'notice');
    expect(raised.map((doc) => doc.notice)).toEqual([show, tell('a'), tell('b'), tell('c')]);
    expect(new Set(raised.map((doc) => doc.lists?.due)).size).toBe(4);
  });

  it('keeps one timer a subject: the last', () => {
    const timers = ['2026-11-24T15:00:00.000Z', '2026-11-24T16:00:00.000Z'].map((due) => ({
      subject: 'h1',
      fires: 'late',
      due,
    }));
    const kept = docs({ timers }).filter((doc) => doc.kind === 'timer');
    expect(kept.map((doc) => doc.due)).toEqual(['2026-11-24T16:00:00.000Z']);
  });

  it('keeps a timer that fired and a notice that was sent, when the same change raises them again', () => {
    const made = writes({
      removed: ['timer:h1', 'notice:h1:show:channel:hospice', 'notice:old'],
      notices: [show],
      timers: [{ subject: 'h1', fires: 'late', due: '2026-11-24T15:00:00.000Z' }],
    });
    expect(made.filter((write) => write.do === 'remove')).toEqual([{ do: 'remove', id: 'notice:old' }]);
    expect(made.filter((write) => write.do === 'put')).toHaveLength(2);
  });
});
