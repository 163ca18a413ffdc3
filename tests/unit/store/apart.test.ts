import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApart } from '../../../src/core/apart.ts';
import type { Head } from '../../../src/core/change.ts';
import { readRegisterId } from '../../../src/core/register-id.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { anchorUpTo } from '../../../src/store/anchor.ts';
import { turnsWithoutApart, withoutApart } from '../../../src/store/apart.ts';
import { exportPathway } from '../../../src/store/export.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { verified } from '../../../src/verified.ts';
import { PATHWAY, record, threeDays } from './record.ts';

const NOW = '2026-11-25T01:00:00.000Z';
const APART = ['concern:7K2-M4Z', 'concern-draft:wim', '_concern-draft:wim', 'concern-anchors'];
const clock = { now: () => NOW, sleep: async () => undefined };
let store: Store;
let folder: string;
beforeEach(async () => {
  store = createMemoryStore();
  folder = await mkdtemp(join(tmpdir(), 'baton-apart-'));
  await threeDays(store);
});
afterEach(() => rm(folder, { recursive: true }));

/** Concerns on each of the three days. */
async function concerns(): Promise<void> {
  for (const day of ['2026-11-22', '2026-11-24'])
    await record(store, 'concern:7K2-M4Z', `${day}T10:00:00.000Z`, 1);
  await record(store, 'concern:AAA-AAA', '2026-11-23T10:00:00.000Z', 1);
}
const anchor = async (): Promise<void> => {
  await anchorUpTo(store, PATHWAY, NOW);
  await anchorUpTo(store, PATHWAY, NOW, 'apart');
};

describe('a partition is kept apart', () => {
  it.each([...APART, 'concern:'])('by the name %s', (name) => expect(isApart(name)).toBe(true));
  it.each(['7K2-M4Z', '_agreement', '_pair:7K2-M4Z', '_draft:connie', '_anchors', ''])('not by %s', (name) =>
    expect(isApart(name)).toBe(false),
  );
  it('never by the number of a case', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readRegisterId(text);
        expect(read !== undefined && isApart(read)).toBe(false);
      }),
    );
  });
});

describe('for all features but one, what is kept apart', () => {
  it('is not there, whatever name is asked for, and nobody looks whether it is', async () => {
    await concerns();
    const asked: string[] = [];
    const open = withoutApart({
      ...store,
      get: (key, id) => {
        asked.push(key.caseId);
        return store.get(key, id);
      },
      history: (key) => {
        asked.push(key.caseId);
        return store.history(key);
      },
    });
    for (const caseId of APART) {
      expect(await open.get({ pathwayId: PATHWAY, caseId }, 'case')).toBeUndefined();
      expect(await open.history({ pathwayId: PATHWAY, caseId })).toEqual([]);
    }
    expect(asked).toEqual([]);
    expect(await open.get({ pathwayId: PATHWAY, caseId: 'C-1' }, 'case')).toBeDefined();
    expect(asked).toEqual(['C-1']);
  });

  it('is not written', async () => {
    const doc = { id: 'case', kind: 'case', schema: 1 };
    for (const caseId of APART) {
      const writing = withoutApart(store).commit({ pathwayId: PATHWAY, caseId }, [{ do: 'create', doc }]);
      await expect(writing).rejects.toThrow('kept apart');
      expect(await store.get({ pathwayId: PATHWAY, caseId }, 'case')).toBeUndefined();
    }
  });

  it('is found by no turn, and changed by none', async () => {
    await concerns();
    const run = turnsWithoutApart(createTurns(store, clock), clock);
    const key = { pathwayId: PATHWAY, caseId: 'concern:7K2-M4Z' };
    expect(await run<Head, unknown>(key, 'case', ({ head }) => ({ answer: head ?? 'nothing' }))).toBe(
      'nothing',
    );
    const doc = { id: 'case', kind: 'case', schema: 1, audit: { seq: 0, hash: '' } };
    const changing = run<Head, void>(key, 'case', () => ({
      change: { documents: [doc] },
      answer: undefined,
    }));
    await expect(changing).rejects.toThrow('kept apart');
    expect(await store.history(key)).toHaveLength(2);
    const other = { pathwayId: PATHWAY, caseId: 'C-1' };
    expect(await run<Head, unknown>(other, 'case', ({ head }) => ({ answer: head?.kind }))).toBe('case');
  });

  it('is on no page, and a page is as full as without it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (apart, limit) => {
          const some = createMemoryStore();
          const places = apart.map((one, n) => [
            `${one ? 'concern:' : 'C-'}${n}`,
            String(n).padStart(3, '0'),
          ]);
          for (const [caseId = '', place = ''] of places) {
            const doc = { id: 'x', kind: 'x', schema: 1, lists: { due: place } };
            await some.commit({ pathwayId: PATHWAY, caseId }, [{ do: 'create', doc }]);
          }
          const open = withoutApart(some);
          const read: string[] = [];
          for (let after = ''; ; ) {
            const page = await open.page(PATHWAY, 'due', { after, limit });
            expect(page.length).toBeLessThanOrEqual(limit);
            read.push(...page.map(({ key }) => key.caseId));
            const last = page.at(-1);
            if (!last || page.length < limit) break;
            after = last.place;
          }
          expect(read).toEqual(places.map(([caseId]) => caseId).filter((id) => id?.startsWith('C-')));
        },
      ),
    ));
});

describe('the record', () => {
  it('is anchored, exported and verified for everybody alike, whether there are concerns or none', async () => {
    const before = createMemoryStore();
    await threeDays(before);
    await concerns();
    await record(store, '_other', '2026-11-24T11:00:00.000Z', 1);
    await record(before, '_other', '2026-11-24T11:00:00.000Z', 1);
    const said: unknown[] = [];
    for (const [one, out] of [
      [before, 'before'],
      [store, 'with'],
    ] as const) {
      await anchorUpTo(one, PATHWAY, NOW);
      await anchorUpTo(one, PATHWAY, NOW, 'apart');
      await exportPathway(one, PATHWAY, join(folder, out), NOW);
      const files = (await readdir(join(folder, out))).sort();
      const texts = await Promise.all(files.map((file) => readFile(join(folder, out, file), 'utf8')));
      said.push([files, texts, verified(await verifyPathway(one, PATHWAY), false)]);
    }
    expect(said[1]).toEqual(said[0]);
    expect(JSON.stringify(said[1])).toContain('"chains":4');
    expect(JSON.stringify(said[1])).not.toMatch(/concern:|AAA-AAA/);
  });

  it('that is kept apart is exported by itself, with anchors that can be checked', async () => {
    await concerns();
    await anchor();
    const out = join(folder, 'apart');
    const result = await exportPathway(store, PATHWAY, out, NOW, 'apart');
    expect(result).toMatchObject({ part: 'apart', anchor: { day: '2026-11-24' } });
    const events = (await readFile(join(out, 'event.jsonl'), 'utf8')).trim().split('\n');
    expect(events.map((line) => JSON.parse(line).key.caseId).sort()).toEqual([
      'concern:7K2-M4Z',
      'concern:7K2-M4Z',
      'concern:AAA-AAA',
    ]);
    const found = await verifyPathway(store, PATHWAY);
    expect(found).toMatchObject({
      holds: true,
      chains: 3,
      apart: { holds: true, chains: 2, events: 3, anchors: 3 },
    });
    expect(verified(found, true).lines).toContain(
      'holds, kept apart for safeguarding: 2 chains, 3 events, 3 anchors',
    );
  });

  it('that is kept apart is checked like the other; where it is broken is told to whoever asks for it', async () => {
    await concerns();
    await anchor();
    const key = { pathwayId: PATHWAY, caseId: 'concern:7K2-M4Z' };
    const [first] = await store.history(key);
    if (!first) throw new Error('nothing is recorded');
    await store.commit(key, [{ do: 'put', doc: { ...first, data: { n: 2 } } as typeof first }]);
    const found = await verifyPathway(store, PATHWAY);
    expect(found).toMatchObject({ holds: false, broken: [], apart: { holds: false } });
    const plain = verified(found, false);
    expect(plain).toMatchObject({ good: false, json: { holds: false, apart: { holds: false } } });
    expect(plain.lines[2]).toContain('DOES NOT HOLD: what is kept apart for safeguarding.');
    expect(JSON.stringify(plain)).not.toContain('7K2');
    expect(verified(found, true).lines.join('\n')).toContain('broken: case concern:7K2-M4Z, event 1');
  });

  it('names no message that is kept apart among those that a worker was sending', async () => {
    const sending = ['C-1', 'concern:7K2-M4Z'].map((caseId) => ({ caseId, noticeId: 'notice:n' }));
    const doc = { id: 'lease', kind: 'lease', schema: 1, sending } as { id: string; kind: string; schema: 1 };
    await store.commit({ pathwayId: PATHWAY, caseId: '_lease' }, [{ do: 'create', doc }]);
    await exportPathway(store, PATHWAY, join(folder, 'lease'), NOW);
    const text = await readFile(join(folder, 'lease', 'lease.jsonl'), 'utf8');
    expect(text).toContain('C-1');
    expect(text).not.toContain('concern');
  });
});
