import { beforeEach, describe, expect, it } from 'vitest';
import type { TimerDoc } from '../../../src/core/change.ts';
import { timerId } from '../../../src/core/change.ts';
import { type Concerns, createConcerns } from '../../../src/safeguarding/commands.ts';
import type { Named } from '../../../src/safeguarding/concern.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';
import { NOW, told } from './fixture.ts';

const pathwayId = 'testdale';
const concernId = '7K2-M4Z';
const which = { pathwayId, concernId };
const key = { pathwayId, caseId: `concern:${concernId}` };

let store: Store;
let concerns: Concerns;
let reads: string[];

beforeEach(() => {
  const memory = createMemoryStore();
  reads = [];
  store = {
    ...memory,
    get: (at, id) => {
      reads.push(`${at.caseId} ${id}`);
      return memory.get(at, id);
    },
    page: (pathway, list, page) => {
      reads.push(`page of ${list}`);
      return memory.page(pathway, list, page);
    },
  };
  const clock = { now: () => NOW, sleep: async () => {} };
  concerns = createConcerns({
    store,
    run: createTurns(store, clock as Parameters<typeof createTurns>[1]),
    agreements: { inForce: async () => inForce } as unknown as Parameters<
      typeof createConcerns
    >[0]['agreements'],
    kick: () => {},
    random: () => 0.5,
    duty: async () => () => [],
  });
});

const raises = (named: readonly Named[] = []) =>
  concerns.raise(which, actor('wim'), {
    told: { ...told, staff: named.length > 0 ? 'yes' : 'no' },
    named,
    position: { provider: 'charity', role: 'worker' },
  });

const answer = (doing: Promise<unknown>) =>
  doing.then(
    () => 'done',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

describe('a concern', () => {
  it('is raised once, whoever sends its form again', async () => {
    const first = await raises();
    const { told: words, asked, acknowledgeBy } = first.concern;
    expect((await raises()).concern).toMatchObject({ told: words, asked, acknowledgeBy });
    expect((await store.history(key)).map(({ type }) => type)).toEqual(['concern.raised', 'concern.asked']);
    expect((await store.get<TimerDoc>(key, timerId(`concern:${concernId}`)))?.doc.fires).toBe('concern.due');
    expect(
      await answer(
        concerns.raise(which, actor('nina'), {
          told,
          named: [],
          position: { provider: 'hospice', role: 'nurse' },
        }),
      ),
    ).toContain('taken');
  });

  it('cannot be raised where nothing was agreed', async () => {
    const without = { ...inForce, terms: { ...terms, safeguarding: undefined } };
    const elsewhere = createConcerns({
      store,
      run: concerns.run,
      agreements: { inForce: async () => without } as unknown as Parameters<
        typeof createConcerns
      >[0]['agreements'],
      kick: () => {},
      random: () => 0.5,
      duty: async () => () => [],
    });
    const raising = elsewhere.raise(which, actor('wim'), {
      told,
      named: [],
      position: { provider: 'charity', role: 'worker' },
    });
    expect(await answer(raising)).toContain('not-agreed: Concerns cannot be raised on this pathway yet.');
    expect(await store.history(key)).toEqual([]);
  });

  it('is acknowledged by somebody who may know of it, once, and never by its raiser', async () => {
    await raises();
    const press = (who: string) => concerns.press(which, 'concern.acknowledge', actor(who), acknowledge);
    expect(await answer(press('wim'))).toContain('unknown-concern');
    expect((await press('dora')).concern.acknowledged).toMatchObject({ by: { person: 'dora' }, at: NOW });
    expect(await press('dora')).toMatchObject({ verdict: 'done' });
    expect(await press('sana')).toMatchObject({ verdict: 'moved' });
    expect(await store.get(key, timerId(`concern:${concernId}`))).toBeUndefined();
    expect(await verifyPathway(store, pathwayId)).toMatchObject({ holds: true });
  });

  it('cannot be acknowledged by a lead who raised it', async () => {
    await concerns.raise(which, actor('sana'), {
      told,
      named: [],
      position: { provider: 'prime', role: 'safeguarding' },
    });
    const own = concerns.press(which, 'concern.acknowledge', actor('sana'), acknowledge);
    expect(await answer(own)).toContain('your-own: You raised this concern');
  });

  it('answers whoever may not know of it as an id that is none, after the same reads, and records nothing', async () => {
    await raises([{ person: 'sana' }]);
    const before = await store.history(key);
    const tries = (id: string) => ({ pathwayId, concernId: id });
    const ways: readonly [string, (id: string) => Promise<unknown>][] = [
      ['view', (id) => concerns.view(tries(id), actor('sana'))],
      ['forAct', (id) => concerns.forAct(tries(id), 'concern.view', actor('sana'))],
      ['press', (id) => concerns.press(tries(id), 'concern.acknowledge', actor('sana'), acknowledge)],
    ];
    for (const [name, way] of ways) {
      reads = [];
      const hidden = await answer(way(concernId));
      const hiddenReads = reads.map((one) => one.replaceAll(concernId, 'ID'));
      reads = [];
      expect(await answer(way('9Q8-ZZZ')), name).toBe(hidden);
      expect(
        reads.map((one) => one.replaceAll('9Q8-ZZZ', 'ID')),
        name,
      ).toEqual(hiddenReads);
      expect(hidden).toContain('unknown-concern');
    }
    expect(await store.history(key)).toEqual(before);
  });

  it('takes whoever answers for none as long to list whatever others raised', async () => {
    const calls = async (who: string) => {
      reads = [];
      await concerns.known(pathwayId, 'concerns.open', who);
      return [...reads];
    };
    const before = await calls('connie');
    await raises();
    expect(await calls('connie')).toEqual(before);
    expect(before.join(' ')).toContain('concerns.by@connie');
    expect(await concerns.known(pathwayId, 'concerns', 'wim')).toHaveLength(1);
  });

  it('is on nobody’s list who may not know of it', async () => {
    await raises([{ person: 'sana' }]);
    const seen = await Promise.all(
      terms.people.map(async (one) => [
        one.key,
        (await concerns.known(pathwayId, 'concerns.open', one.key)).length,
      ]),
    );
    expect(Object.fromEntries(seen)).toMatchObject({
      sana: 0,
      nina: 0,
      cora: 0,
      wim: 1,
      dora: 1,
      olu: 1,
      petra: 1,
    });
  });

  it('records each view of its words', async () => {
    await raises();
    await concerns.view(which, actor('sana'));
    await concerns.view(which, actor('dora'));
    await concerns.view(which, actor('wim'));
    const seen = (await store.history(key)).slice(2);
    expect(seen.map(({ type, by }) => [type, 'person' in by && by.person])).toEqual([
      ['concern.viewed', 'sana'],
      // The first of those who answer for it: seen.
      ['concern.opened', 'sana'],
      ['concern.viewed', 'dora'],
      ['concern.viewed', 'wim'],
    ]);
  });
});
