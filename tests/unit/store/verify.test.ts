import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anchorHash, eventHash } from '../../../src/core/audit.ts';
import type { Doc, EventDoc, Head } from '../../../src/core/change.ts';
import { type AnchorDoc, anchorUpTo, newestAnchor } from '../../../src/store/anchor.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store } from '../../../src/store/store.ts';
import { LIMITS, verifyPathway } from '../../../src/store/verify.ts';
import { PATHWAY, record, threeDays } from './record.ts';

let folder: string;
let store: Store;
let raw: DatabaseSync;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-verify-'));
  store = openEmbedded({ path: join(folder, 'baton.db') });
  raw = new DatabaseSync(join(folder, 'baton.db'));
  await threeDays(store);
});
afterEach(async () => {
  raw.close();
  await store.close();
  await rm(folder, { recursive: true });
});

const eventId = (seq: number) => `event:${String(seq).padStart(8, '0')}`;
const read = <T>(caseId: string, id: string): T => {
  const row = raw.prepare('SELECT json FROM docs WHERE caseId = ? AND id = ?').get(caseId, id);
  return JSON.parse(String(row?.json));
};
const remove = (caseId: string, id: string) =>
  expect(raw.prepare('DELETE FROM docs WHERE caseId = ? AND id = ?').run(caseId, id).changes).toBe(1);
const insert = (caseId: string, doc: Doc) =>
  raw
    .prepare('INSERT INTO docs (pathway, caseId, id, etag, json) VALUES (?, ?, ?, ?, ?)')
    .run(PATHWAY, caseId, doc.id, 'forged', JSON.stringify(doc));
const write = (caseId: string, doc: Doc) =>
  expect(
    raw
      .prepare('UPDATE docs SET json = ? WHERE caseId = ? AND id = ?')
      .run(JSON.stringify(doc), caseId, doc.id).changes,
  ).toBe(1);
const edit = <T extends Doc>(caseId: string, id: string, change: (doc: T) => Partial<T>) => {
  const doc = read<T>(caseId, id);
  write(caseId, { ...doc, ...change(doc) });
};
const swap = (caseId: string, a: number, b: number) => {
  const [first, second] = [read<EventDoc>(caseId, eventId(a)), read<EventDoc>(caseId, eventId(b))];
  write(caseId, { ...second, id: first.id });
  write(caseId, { ...first, id: second.id });
};
/** Rewrites a chain from an event on as somebody would who knows how it is made: hashes, links and head. */
const rewrite = (caseId: string, from: number, data: EventDoc['data']) => {
  let prev = from > 1 ? read<EventDoc>(caseId, eventId(from - 1)).hash : '';
  const { audit } = read<Head>(caseId, 'case');
  for (let seq = from; seq <= audit.seq; seq++) {
    const { hash: _, ...event } = read<EventDoc>(caseId, eventId(seq));
    const forged = { ...event, prev, ...(seq === from && { data }) };
    prev = eventHash({ pathwayId: PATHWAY, caseId }, forged);
    const rewritten: EventDoc = { ...forged, hash: prev };
    write(caseId, rewritten);
  }
  edit<Head>(caseId, 'case', () => ({ audit: { ...audit, hash: prev } }));
};
const cutLast = (caseId: string) => {
  const { audit } = read<Head>(caseId, 'case');
  const before = read<EventDoc>(caseId, eventId(audit.seq - 1));
  remove(caseId, eventId(audit.seq));
  edit<Head>(caseId, 'case', () => ({ audit: { seq: before.seq, hash: before.hash } }));
};
const verify = () => verifyPathway(store, PATHWAY);

describe('verifying a record nobody touched', () => {
  it('holds, and says how much it looked at and what it cannot show', async () => {
    await anchorUpTo(store, PATHWAY, '2026-11-25T01:00:00.000Z');
    const newest = await newestAnchor(store, PATHWAY);
    expect(await verify()).toEqual({
      pathwayId: PATHWAY,
      holds: true,
      chains: 3,
      events: 12,
      anchors: 3,
      newest: { day: '2026-11-24', hash: newest?.hash },
      broken: [],
      apart: { holds: true, chains: 0, events: 0, anchors: 0, newest: undefined, broken: [] },
      limits: LIMITS.inside,
    });
  });

  it('holds before the first anchor, and for a pathway with nothing in it', async () => {
    expect(await verify()).toMatchObject({ holds: true, anchors: 0, newest: undefined });
    expect(await verifyPathway(store, 'quiet')).toMatchObject({ holds: true, chains: 0, events: 0 });
  });

  it('holds while the record grows', async () => {
    const growing = (async () => {
      for (let n = 0; n < 150; n++) await record(store, `C-${1 + (n % 3)}`, '2026-11-25T10:00:00.000Z', n);
    })();
    const results = [];
    for (let n = 0; n < 8; n++) results.push(await verify());
    await growing;
    expect(results.flatMap((result) => result.broken)).toEqual([]);
    expect((await verify()).events).toBe(162);
  });
});

describe('verifying a record that a case joins meanwhile', () => {
  it('holds, although its events were read before its head', async () => {
    let reads = 0;
    const half: Store = {
      ...store,
      async *everything(pathwayId) {
        const first = reads++ === 0;
        for await (const held of store.everything(pathwayId)) {
          if (!first || held.key.caseId !== 'C-3' || held.doc.kind === 'event') yield held;
        }
      },
    };
    expect(await verifyPathway(half, PATHWAY)).toMatchObject({ holds: true, chains: 3 });
    expect(reads).toBe(2);
  });
});

describe('verifying a record that was tampered with', () => {
  const tampering: [string, () => unknown, object][] = [
    [
      'an event was edited',
      () => edit<EventDoc>('C-1', eventId(2), () => ({ data: { n: 9 } })),
      { caseId: 'C-1', seq: 2, problem: 'edited' },
    ],
    [
      'who did it was edited',
      () => edit<EventDoc>('C-2', eventId(1), () => ({ by: { system: 'other' } })),
      { caseId: 'C-2', seq: 1, problem: 'edited' },
    ],
    ['an event was removed', () => remove('C-1', eventId(3)), { caseId: 'C-1', seq: 3, problem: 'removed' }],
    [
      'the last event was removed',
      () => remove('C-3', eventId(2)),
      { caseId: 'C-3', seq: 2, problem: 'removed' },
    ],
    [
      'an event was inserted at the end',
      () => insert('C-3', { ...read<EventDoc>('C-3', eventId(2)), id: eventId(3) }),
      { caseId: 'C-3', seq: 3, problem: 'inserted' },
    ],
    [
      'an event was inserted between, with a number of its own',
      () => insert('C-3', { ...read<EventDoc>('C-3', eventId(2)), id: `${eventId(1)}a` }),
      { caseId: 'C-3', seq: 2, problem: 'removed' },
    ],
    [
      'an event was inserted outside the chain',
      () => insert('C-3', { ...read<EventDoc>('C-3', eventId(2)), id: 'note:1' }),
      { caseId: 'C-3', seq: 0, problem: 'inserted' },
    ],
    [
      'an event was copied to a case that had none',
      () => insert('C-9', read<EventDoc>('C-3', eventId(1))),
      { caseId: 'C-9', seq: 0, problem: 'head' },
    ],
    ['two events changed places', () => swap('C-1', 2, 3), { caseId: 'C-1', seq: 2, problem: 'moved' }],
    [
      'the head was edited',
      () => edit<Head>('C-1', 'case', ({ audit }) => ({ audit: { ...audit, hash: 'forged' } })),
      { caseId: 'C-1', seq: 6, problem: 'head' },
    ],
    ['the head was removed', () => remove('C-1', 'case'), { caseId: 'C-1', seq: 0, problem: 'head' }],
    [
      'a second head was inserted',
      () => insert('C-1', { ...read<Head>('C-1', 'case'), id: 'other' }),
      { caseId: 'C-1', seq: 0, problem: 'head' },
    ],
  ];
  it.each(tampering)('names the first broken link when %s', async (_, tamper, link) => {
    tamper();
    const result = await verify();
    expect(result.holds).toBe(false);
    expect(result.broken).toEqual([expect.objectContaining(link)]);
  });

  it('names the first of each chain, in the order of the cases', async () => {
    remove('C-3', eventId(1));
    remove('C-1', eventId(5));
    remove('C-1', eventId(2));
    const { broken } = await verify();
    expect(broken.map(({ caseId, seq }) => [caseId, seq])).toEqual([
      ['C-1', 2],
      ['C-3', 1],
    ]);
  });

  it('is not misled by an event that was only taken off its lists', async () => {
    await anchorUpTo(store, PATHWAY, '2026-11-24T01:00:00.000Z');
    raw.prepare("DELETE FROM lists WHERE list = 'recorded' AND place LIKE '2026-11-24|C-3|%'").run();
    await anchorUpTo(store, PATHWAY, '2026-11-25T01:00:00.000Z');
    expect((await verify()).broken).toMatchObject([{ caseId: '_anchors', problem: 'anchor' }]);
  });
});

describe('the anchors', () => {
  const anchorLink = (says: string) => [
    expect.objectContaining({ caseId: '_anchors', problem: 'anchor', says }),
  ];
  const anchored = () => anchorUpTo(store, PATHWAY, '2026-11-25T01:00:00.000Z');

  it('show a chain that was rewritten whole', async () => {
    await anchored();
    rewrite('C-1', 3, { n: 9 });
    expect((await verify()).broken).toEqual(
      anchorLink('the anchor of 2026-11-23 does not match the events recorded that day'),
    );
  });

  it('show that the last event was cut off and the head edited with it', async () => {
    await anchored();
    cutLast('C-3');
    expect((await verify()).broken).toEqual(
      anchorLink('the anchor of 2026-11-24 does not match the events recorded that day'),
    );
  });

  it('show that a whole case was removed', async () => {
    await anchored();
    raw.prepare("DELETE FROM docs WHERE caseId = 'C-3'").run();
    expect((await verify()).broken).toHaveLength(1);
  });

  it('cannot show an event cut off with the head edited on a day not yet anchored, and the limits say so', async () => {
    cutLast('C-3');
    const result = await verify();
    expect(result.holds).toBe(true);
    expect(result.limits).toContain('Events since the newest anchor can be cut off at the end unseen');
  });

  it('of which one was edited, removed or reordered are broken themselves', async () => {
    await anchored();
    const second = read<AnchorDoc>('_anchors', 'anchor:2026-11-23');
    edit<AnchorDoc>('_anchors', second.id, () => ({ hash: 'forged' }));
    expect((await verify()).broken).toHaveLength(1);
    write('_anchors', { ...second, prev: '' } as Doc);
    expect((await verify()).broken).toEqual(
      anchorLink('the anchor of 2026-11-23 does not follow from the one before it'),
    );
    remove('_anchors', second.id);
    raw.prepare("DELETE FROM lists WHERE list = 'anchors' AND place = '2026-11-23'").run();
    expect((await verify()).holds).toBe(false);
  });

  it('can be rewritten too: then only an anchor printed outside shows it', async () => {
    await anchored();
    const printed = await newestAnchor(store, PATHWAY);
    if (!printed) throw new Error('an anchor was made');
    expect(await verifyPathway(store, PATHWAY, printed)).toMatchObject({
      holds: true,
      limits: LIMITS.printed,
    });

    cutLast('C-3');
    const ends = ['C-1', 'C-3'].map((caseId) => ({ caseId, ...read<Head>(caseId, 'case').audit }));
    const { day, prev } = printed;
    edit<AnchorDoc>('_anchors', printed.id, () => ({ hash: anchorHash(PATHWAY, day, prev, ends) }));
    const inside = await verify();
    expect(inside.holds).toBe(true);
    expect(inside.limits).toContain('Compare the newest anchor with one printed outside the store');
    expect((await verifyPathway(store, PATHWAY, printed)).broken).toEqual(
      anchorLink('the anchor of 2026-11-24 is not the one that was printed'),
    );
  });
});
