import { beforeEach, describe, expect, it } from 'vitest';
import { anchorHash } from '../../../src/core/audit.ts';
import {
  type AnchorDoc,
  anchorDay,
  anchors,
  anchorUpTo,
  lastSettledDay,
  newestAnchor,
} from '../../../src/store/anchor.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store } from '../../../src/store/store.ts';
import { PATHWAY, record, threeDays } from './record.ts';

let store: Store;
beforeEach(async () => {
  store = openEmbedded({ path: ':memory:' });
  await threeDays(store);
});
const all = async (): Promise<AnchorDoc[]> => {
  const found: AnchorDoc[] = [];
  for await (const anchor of anchors(store, PATHWAY)) found.push(anchor);
  return found;
};

describe('a day is settled', () => {
  it.each([
    ['2026-11-25T00:04:59.999Z', '2026-11-23'],
    ['2026-11-25T00:05:00.000Z', '2026-11-24'],
    ['2026-11-25T23:59:59.999Z', '2026-11-24'],
    ['2027-01-01T00:05:00.000Z', '2026-12-31'],
    ['2028-03-01T00:05:00.000Z', '2028-02-29'],
  ])('at %s up to %s', (now, day) => {
    expect(lastSettledDay(now)).toBe(day);
  });
});

describe('anchoring', () => {
  it('takes in the ends of the chains that grew that day, after the anchor before', async () => {
    const [first, second, third] = await anchorUpTo(store, PATHWAY, '2026-11-25T00:05:00.000Z');
    expect([first?.day, second?.day, third?.day]).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
    expect(first?.prev).toBe('');
    expect(second?.prev).toBe(first?.hash);
    const end = async (caseId: string, seq: number) => ({
      caseId,
      seq,
      hash: (await store.history({ pathwayId: PATHWAY, caseId }))[seq - 1]?.hash ?? '',
    });
    const heads = [await end('C-1', 4), await end('C-2', 4)];
    expect(second?.hash).toBe(anchorHash(PATHWAY, '2026-11-23', first?.hash ?? '', heads));
    expect([first?.heads, second?.heads, third?.heads]).toEqual([2, 2, 2]);
  });

  it('waits until the turns of the day are in', async () => {
    expect(await anchorDay(store, PATHWAY, '2026-11-22', '2026-11-23T00:04:59.999Z')).toBeUndefined();
    expect(await anchorUpTo(store, PATHWAY, '2026-11-23T00:04:59.999Z')).toEqual([]);
    expect(await anchorDay(store, PATHWAY, '2026-11-22', '2026-11-23T00:05:00.000Z')).toBeDefined();
  });

  it('catches up on days that were missed, quiet ones too', async () => {
    await anchorUpTo(store, PATHWAY, '2026-11-23T01:00:00.000Z');
    const made = await anchorUpTo(store, PATHWAY, '2026-11-27T01:00:00.000Z');
    expect(made.map((anchor) => [anchor.day, anchor.heads])).toEqual([
      ['2026-11-23', 2],
      ['2026-11-24', 2],
      ['2026-11-25', 0],
      ['2026-11-26', 0],
    ]);
    expect((await newestAnchor(store, PATHWAY))?.day).toBe('2026-11-26');
  });

  it('makes each anchor once, however often and by however many it is asked for', async () => {
    const now = '2026-11-25T01:00:00.000Z';
    await Promise.all([1, 2, 3].map(() => anchorUpTo(store, PATHWAY, now)));
    const before = await all();
    expect(await anchorUpTo(store, PATHWAY, now)).toEqual([]);
    expect(await anchorDay(store, PATHWAY, '2026-11-23', '2027-01-01T00:00:00.000Z')).toEqual(before[1]);
    expect(await all()).toEqual(before);
    expect(before).toHaveLength(3);
    for (const [at, anchor] of before.entries()) expect(anchor.prev).toBe(before[at - 1]?.hash ?? '');
  });

  it('does not slip a day in before one that is sealed', async () => {
    await anchorDay(store, PATHWAY, '2026-11-23', '2026-11-25T01:00:00.000Z');
    expect(await anchorDay(store, PATHWAY, '2026-11-22', '2026-11-25T01:00:00.000Z')).toBeUndefined();
    expect(await all()).toHaveLength(1);
  });

  it('takes in a day of more events than one page', async () => {
    for (let n = 0; n < 1_003; n++) await record(store, 'C-9', '2026-11-25T10:00:00.000Z', n);
    await record(store, 'C-8', '2026-11-25T10:00:00.000Z', 1);
    const made = await anchorUpTo(store, PATHWAY, '2026-11-26T01:00:00.000Z');
    expect(made.at(-1)?.heads).toBe(2);
    const end = (await store.history({ pathwayId: PATHWAY, caseId: 'C-9' })).at(-1);
    expect(end?.seq).toBe(1_003);
  });

  it('has nothing to do on a pathway without events', async () => {
    expect(await anchorUpTo(store, 'quiet', '2026-11-25T01:00:00.000Z')).toEqual([]);
    expect(await newestAnchor(store, 'quiet')).toBeUndefined();
  });
});
