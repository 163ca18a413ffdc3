import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/actions/action.ts';
import { doubtsOf } from '../../../src/register/held.ts';
import { LIST_HEAD, type ListDoc, listKey } from '../../../src/register/list.ts';
import { createSample } from '../../../src/register/sample.ts';
import type { Store, Write } from '../../../src/store/store.ts';
import { livedRegister, operator, PATHWAY } from './lived-register.ts';

const lines = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, at) => `H${at + from},x,,,harbour,open`);
const NORTHSIDE =
  'Case ID,First name,Surname,Date of birth,NHS number,Postcode,Holder,Status,Received,First contact,Discharged,Outcome,Next review';
const of = (ids: readonly string[]): string[] => ids.map((id) => `${id},,x,,,,northside,open,,,,,`);
const ids = (count: number, name = 'N'): string[] => Array.from({ length: count }, (_, at) => `${name}${at}`);

type Lived = Awaited<ReturnType<typeof livedRegister>>;
const northside = (lived: Lived, rows: readonly string[]) =>
  lived.wired.lists.importList(
    PATHWAY,
    operator,
    { provider: 'northside', bytes: lived.bytesOf([NORTHSIDE, ...rows].join('\n')) },
    lived.now,
  );
const headOf = async ({ store }: Lived): Promise<ListDoc | undefined> =>
  (await store.get<ListDoc>(listKey(PATHWAY, 'harbour'), LIST_HEAD))?.doc;
const eventsOf = async ({ store }: Lived): Promise<string[]> =>
  (await store.history(listKey(PATHWAY, 'harbour'))).map(({ type }) => type);

describe('a list that looks wrong', () => {
  it.each([
    [100, undefined, 0, 0, []],
    [81, 100, 0, 0, []],
    [80, 100, 0, 0, ['fewer']],
    [1, 1, 0, 0, []],
    [120, 100, 0, 0, []],
    [100, 100, 100, 50, []],
    [100, 100, 100, 51, ['others']],
    [10, 100, 10, 10, ['fewer', 'others']],
    [10, undefined, 10, 10, ['others']],
  ])(
    'of %i lines after %s, with %i asked and %i known elsewhere, is doubted for %j',
    (count, before, asked, of, kinds) => {
      const doubts = doubtsOf(count, before, {
        asked,
        of: new Map([['kindly', of]].filter(() => of > 0) as [string, number][]),
      });
      expect(doubts.map(({ kind }) => kind)).toEqual(kinds);
    },
  );

  it('names the provider whose most of its ids are, and of two with as many the first by its id', () => {
    const doubted = (of: [string, number][]) => doubtsOf(10, undefined, { asked: 10, of: new Map(of) });
    const kindly = [{ kind: 'others', provider: 'kindly', percent: 80 }];
    expect(
      doubted([
        ['harbour', 7],
        ['kindly', 8],
      ]),
    ).toEqual(kindly);
    expect(
      doubted([
        ['kindly', 8],
        ['harbour', 7],
      ]),
    ).toEqual(kindly);
    expect(
      doubted([
        ['northside', 8],
        ['kindly', 8],
      ]),
    ).toEqual(kindly);
    expect(
      doubted([
        ['kindly', 8],
        ['northside', 8],
      ]),
    ).toEqual(kindly);
  });

  it('with a fifth fewer lines is held: nothing goes in, the reason is recorded once and said with what to do', async () => {
    const lived = await livedRegister();
    await lived.imports(lines(10));
    const cases = await lived.cases();
    const told = await lived.told(lines(8));
    expect(told).toContain('it has 8 good lines, and the list before had 10');
    expect(told).toContain('--confirm');
    expect(await lived.cases()).toEqual(cases);
    expect((await headOf(lived))?.held).toMatchObject({
      doubts: [{ kind: 'fewer', lines: 8, before: 10 }],
      by: { system: 'operator' },
    });
    const kept = await lived.kept();
    expect(await lived.told(lines(8))).toContain('is held');
    expect(await lived.kept()).toEqual(kept);
    expect((await eventsOf(lived)).filter((type) => type === 'list.held')).toHaveLength(1);
  });

  it('goes in when it comes again and is confirmed, and the record says who confirmed what', async () => {
    const lived = await livedRegister();
    await lived.imports(lines(10));
    await lived.told(lines(8));
    expect(await lived.imports(lines(8), { confirmed: true })).toMatchObject({
      updated: 8,
      list: { id: '000002' },
    });
    const began = (await lived.store.history(listKey(PATHWAY, 'harbour'))).filter(
      ({ type }) => type === 'list.began',
    );
    expect(began[1]).toMatchObject({
      by: { system: 'operator' },
      data: { confirmed: [{ kind: 'fewer', lines: 8, before: 10 }] },
    });
    expect(await headOf(lived)).not.toHaveProperty('held');
    expect(await lived.imports(lines(8))).toMatchObject({ same: 8 });
    expect(await lived.imports(lines(7))).toMatchObject({ updated: 7 });
  });

  it('is held though it is confirmed, while nobody was told why: another file, or the first time', async () => {
    const lived = await livedRegister();
    await lived.imports(lines(10));
    expect(await lived.told(lines(8), { confirmed: true })).toContain('is held');
    expect(await lived.told(lines(7), { confirmed: true })).toContain('it has 7 good lines');
    expect(await lived.told(lines(1))).toContain('it has 1 good line, and the list before had 10');
    expect(await lived.told(lines(7))).toContain('is held');
    expect(await lived.told(lines(7), { confirmed: true })).toBe('it went in');
  });

  it('is not held against by a whole one that comes instead', async () => {
    const lived = await livedRegister();
    await lived.imports(lines(10));
    await lived.told(lines(2));
    expect(await lived.imports(lines(11))).toMatchObject({ fresh: 1, updated: 10 });
    expect(await headOf(lived)).not.toHaveProperty('held');
  });

  it('of another provider’s ids is held, though it is the first, and goes in as the first when it is confirmed', async () => {
    const lived = await livedRegister();
    await northside(lived, of(ids(30)));
    const mixed = [...ids(16), ...ids(14, 'own')].map((id) => `${id},x,,,harbour,open`);
    const told = await lived.told(mixed);
    expect(told).toContain('53 % of its ids are ids of Northside Community Trust');
    expect(await eventsOf(lived)).toEqual(['list.held']);
    expect(await lived.imports(mixed, { confirmed: true })).toMatchObject({
      fresh: 30,
      baseline: true,
      list: { id: '000001' },
    });
    expect(await lived.imports([...mixed, 'own20,x,,,harbour,open'])).toMatchObject({ fresh: 1 });
  });

  it('of which half are another provider’s ids goes in', async () => {
    const lived = await livedRegister();
    await northside(lived, of(ids(30)));
    const half = [...ids(15), ...ids(15, 'own')].map((id) => `${id},x,,,harbour,open`);
    expect(await lived.imports(half)).toMatchObject({ fresh: 30 });
  });
});

describe('a sample', () => {
  it('is all of few, and of many an even part that never grows past its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 2, max: 50 }), (count, most) => {
        const sample = createSample<number>(most);
        for (let n = 0; n < count; n++) sample.add(n);
        const kept = sample.kept();
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, Math.floor(most / 2)));
        const steps = new Set(kept.slice(1).map((one, at) => one - (kept[at] ?? 0)));
        expect(steps.size).toBeLessThanOrEqual(1);
        if (count <= most) expect(kept).toHaveLength(count);
      }),
    );
  });
});

describe('a first list', () => {
  const actionsIn = async ({ store }: Lived): Promise<Action[]> =>
    (await store.page<Action>(PATHWAY, 'actions.open', { limit: 100 })).map(({ doc }) => doc);
  const dueIn = async ({ store }: Lived): Promise<string[]> =>
    (await store.page(PATHWAY, 'due', { limit: 100 })).flatMap(({ doc }) =>
      (doc as { fires?: string }).fires === 'register.baseline' ? [doc.id] : [],
    );

  it('gives its provider one action, to check it; a later one none', async () => {
    const lived = await livedRegister();
    await lived.imports(lines(10));
    expect(await dueIn(lived)).toEqual(['timer:baseline']);
    expect(await actionsIn(lived)).toEqual([]);
    for (let times = 0; times < 3; times++) await lived.wired.lists.checkBaseline(PATHWAY, 'harbour');
    expect(await actionsIn(lived)).toMatchObject([
      {
        owner: { provider: 'harbour' },
        from: { kind: 'list', provider: 'harbour' },
        due: '2026-11-30',
        setBy: { name: 'Baton', provider: 'northside' },
      },
    ]);
    expect(await dueIn(lived)).toEqual([]);
    await lived.imports(lines(10));
    await lived.imports(lines(11));
    expect(await dueIn(lived)).toEqual([]);
    expect(await actionsIn(lived)).toHaveLength(1);
  });

  it('gives one action, wherever a crash comes between', async () => {
    let left = Number.POSITIVE_INFINITY;
    const crashing = (store: Store): Store => ({
      ...store,
      commit: async (key: Parameters<Store['commit']>[0], writes: readonly Write[]) => {
        left -= 1;
        if (left <= 0) throw new Error('the process ends here');
        return store.commit(key, writes);
      },
    });
    let crashes = 0;
    for (let at = 1; at < 6; at++) {
      left = Number.POSITIVE_INFINITY;
      const lived = await livedRegister(crashing);
      await lived.imports(lines(3));
      left = at;
      const checked = await lived.wired.lists.checkBaseline(PATHWAY, 'harbour').then(
        () => true,
        () => false,
      );
      if (!checked) crashes += 1;
      expect(await dueIn(lived)).toEqual(checked ? [] : ['timer:baseline']);
      left = Number.POSITIVE_INFINITY;
      await lived.wired.lists.checkBaseline(PATHWAY, 'harbour');
      expect(await actionsIn(lived)).toHaveLength(1);
      expect(await dueIn(lived)).toEqual([]);
    }
    expect(crashes).toBe(3);
  });

  it('that a crash cut off gives its action with the one that comes instead, and no other after that', async () => {
    let left = Number.POSITIVE_INFINITY;
    const lived = await livedRegister((store) => ({
      ...store,
      commit: async (key: Parameters<Store['commit']>[0], writes: readonly Write[]) => {
        left -= 1;
        if (left <= 0) throw new Error('the process ends here');
        return store.commit(key, writes);
      },
    }));
    left = 5;
    await expect(lived.imports(lines(10))).rejects.toThrow('the process ends here');
    left = Number.POSITIVE_INFINITY;
    expect((await headOf(lived))?.newest).toMatchObject({ id: '000001', state: 'importing' });
    expect(await dueIn(lived)).toEqual([]);
    expect(await lived.imports(lines(11))).toMatchObject({ baseline: true, list: { id: '000002' } });
    expect(await dueIn(lived)).toEqual(['timer:baseline']);
    await lived.wired.lists.checkBaseline(PATHWAY, 'harbour');
    expect(await actionsIn(lived)).toHaveLength(1);
    expect(await lived.imports(lines(12))).toMatchObject({ baseline: false });
    expect(await dueIn(lived)).toEqual([]);
  });

  it('gives its action an id that no other action has', async () => {
    let drawn = 0;
    const twice = () => (Math.floor(drawn++ / 10) % 32) / 32;
    const lived = await livedRegister((store) => store, twice);
    await lived.imports(lines(1));
    await northside(lived, of(['N1']));
    drawn = 0;
    await lived.wired.lists.checkBaseline(PATHWAY, 'harbour');
    drawn = 0;
    await lived.wired.lists.checkBaseline(PATHWAY, 'northside');
    const actions = await actionsIn(lived);
    expect(actions.map(({ owner }) => owner.provider).sort()).toEqual(['harbour', 'northside']);
  });
});
