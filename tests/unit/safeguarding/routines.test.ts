import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Invalid } from '../../../src/core/errors.ts';
import { type Concerns, createConcerns } from '../../../src/safeguarding/commands.ts';
import type { Named } from '../../../src/safeguarding/concern.ts';
import { createRoutines, routinesKey } from '../../../src/safeguarding/routines.ts';
import type { Category, YesNo } from '../../../src/safeguarding/told.ts';
import { entitled } from '../../../src/safeguarding/who.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';
import { NOW, told } from './fixture.ts';

const pathwayId = terms.pathway;
const MONTH = NOW.slice(0, 7);
/** Everybody who answers for concerns here. */
const LEADS = ['sana', 'dora', 'olu', 'petra'];

function begin() {
  const store: Store = createMemoryStore();
  const clock = { now: () => NOW, sleep: async () => {} };
  const agreements = { inForce: async () => inForce } as unknown as Parameters<
    typeof createConcerns
  >[0]['agreements'];
  let chance = 0;
  const concerns: Concerns = createConcerns({
    store,
    run: createTurns(store, clock as Parameters<typeof createTurns>[1]),
    agreements,
    kick: () => {},
    random: () => {
      chance = (chance * 9_301 + 49_297) % 233_280;
      return chance / 233_280;
    },
    duty: async () => () => [],
  });
  const routines = createRoutines({ concerns, now: clock.now });
  const raises = async (
    given: { categories?: readonly Category[]; staff?: YesNo; named?: readonly Named[] } = {},
  ) => {
    const { staff = 'no', named = [], categories = ['financial'] } = given;
    return concerns.raise({ pathwayId, concernId: concerns.newId() }, actor('wim'), {
      told: { ...told, staff, categories: [...categories] },
      named,
      position: { provider: 'charity', role: 'worker' },
    });
  };
  return { store, concerns, routines, raises };
}

let world: ReturnType<typeof begin>;
beforeEach(() => {
  world = begin();
});

describe('the dashboard', () => {
  it('counts for each person those concerns alone that they answer for', async () => {
    const named = fc.constantFrom<readonly Named[]>(
      [],
      [{ person: 'dora' }],
      [{ person: 'petra' }],
      [{ person: 'sana' }, { person: 'olu' }],
      [{ typed: 'Petra' }],
    );
    let hidden = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            named,
            categories: fc.constantFrom<readonly Category[]>(['neglect'], ['financial', 'neglect']),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (all) => {
          const { routines, raises } = begin();
          const raised = [];
          for (const one of all) {
            raised.push((await raises({ ...one, staff: one.named.length > 0 ? 'yes' : 'no' })).concern);
          }
          for (const person of LEADS) {
            const theirs = raised.filter((one) => entitled(one, terms).includes(person));
            hidden += raised.length - theirs.length;
            const shown = await routines.dashboard(pathwayId, actor(person), MONTH);
            expect(shown.whole.raised).toBe(theirs.length);
            expect(shown.before.at(-1)?.raised).toBe(theirs.length);
            expect(shown.themes.neglect ?? 0).toBe(theirs.length);
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(hidden).toBeGreaterThan(50);
  });

  it('has nothing of what somebody raised and does not answer for', async () => {
    const { concerns, routines } = world;
    await concerns.raise({ pathwayId, concernId: concerns.newId() }, actor('sana'), {
      told: { ...told, staff: 'no' },
      named: [],
      position: { provider: 'prime', role: 'safeguarding' },
    });
    expect((await routines.dashboard(pathwayId, actor('sana'), MONTH)).whole.raised).toBe(0);
    expect((await routines.dashboard(pathwayId, actor('dora'), MONTH)).whole.raised).toBe(1);
  });

  it('is recorded each time, apart from any concern, with the month and no figure', async () => {
    const { store, routines, raises } = world;
    await raises();
    await routines.dashboard(pathwayId, actor('sana'), MONTH);
    await routines.dashboard(pathwayId, actor('dora'), '2026-01');
    const history = await store.history(routinesKey(pathwayId));
    expect(history.map(({ type, by, data }) => [type, (by as { person?: string }).person, data])).toEqual([
      ['concerns.dashboard-viewed', 'sana', { month: MONTH }],
      ['concerns.dashboard-viewed', 'dora', { month: '2026-01' }],
    ]);
    expect((await verifyPathway(store, pathwayId)).broken).toEqual([]);
  });

  it.each(['2026-13', 'november', ''])('is none of %j, and nothing is recorded', async (month) => {
    const { store, routines } = world;
    await expect(routines.dashboard(pathwayId, actor('sana'), month)).rejects.toThrow(Invalid);
    expect(await store.history(routinesKey(pathwayId))).toEqual([]);
  });
});

describe('the agenda', () => {
  const OTHERS = ['wim', 'cora', 'vera'];

  it('has for each person exactly the open concerns that they answer for', async () => {
    const { concerns, routines, raises } = world;
    const named: readonly Named[][] = [[], [{ person: 'dora' }], [{ person: 'olu' }], [{ typed: 'Petra' }]];
    const raised = [];
    for (const one of named)
      raised.push((await raises({ named: one, staff: one.length > 0 ? 'yes' : 'no' })).concern);
    let hidden = 0;
    for (const person of LEADS) {
      const { rows } = await routines.agenda(pathwayId, actor(person));
      const theirs = raised.filter((one) => entitled(one, terms).includes(person));
      hidden += raised.length - theirs.length;
      expect(rows.map(({ concernId }) => concernId).sort()).toEqual(
        theirs.map(({ concernId }) => concernId).sort(),
      );
    }
    expect(hidden).toBeGreaterThan(3);
    expect(await concerns.known(pathwayId, 'concerns.open', 'wim')).toHaveLength(4);
    expect(OTHERS.length).toBe(3);
    for (const person of OTHERS)
      await expect(routines.agenda(pathwayId, actor(person))).rejects.toMatchObject({ code: 'role' });
  });

  it('is recorded when it is looked at, and not when it is refused', async () => {
    const { store, routines, raises } = world;
    await raises();
    await routines.agenda(pathwayId, actor('dora'));
    await routines.agenda(pathwayId, actor('wim')).catch(() => {});
    expect((await store.history(routinesKey(pathwayId))).map(({ type, data }) => [type, data])).toEqual([
      ['concerns.agenda-viewed', {}],
    ]);
  });
});

describe('a meeting that was held', () => {
  const inputs = { heldDay: '2026-11-24', heldTime: '10:00', people: 'dora,sana,wim' };
  const held = async () =>
    (await world.store.history(routinesKey(pathwayId))).filter(
      ({ type }) => type === 'concerns.meeting-held',
    );

  it('is recorded once with when it was and who was there of those who answer for concerns', async () => {
    const { store, routines } = world;
    await routines.held(pathwayId, actor('sana'), inputs);
    await routines.held(pathwayId, actor('sana'), inputs);
    expect(await held()).toMatchObject([
      { happenedAt: '2026-11-24T10:00:00.000Z', data: { n: 1, people: ['sana', 'dora'] } },
    ]);
    await routines.held(pathwayId, actor('sana'), { ...inputs, people: 'sana' });
    expect((await held()).length).toBe(2);
    for (const [n, people] of [
      [1, ['sana', 'dora']],
      [2, ['sana']],
    ] as const)
      expect((await store.get(routinesKey(pathwayId), `meeting:${n}`))?.doc).toMatchObject({ n, people });
    expect((await routines.agenda(pathwayId, actor('dora'))).lastMeeting).toMatchObject({ n: 2 });
    expect((await verifyPathway(store, pathwayId)).broken).toEqual([]);
  });

  it.each([
    ['heldDay', { heldDay: '' }],
    ['heldDay', { heldDay: '2026-11-25' }],
    ['heldDay', { heldDay: 'Tuesday' }],
    ['people', { people: '' }],
    ['people', { people: 'wim,nobody' }],
  ])('needs a %s: %j', async (field, wrong) => {
    const doing = world.routines.held(pathwayId, actor('sana'), { ...inputs, ...wrong });
    await expect(doing).rejects.toMatchObject({ problems: [{ field }] });
    expect(await held()).toEqual([]);
  });

  it('is nobody else’s to record', async () => {
    await expect(world.routines.held(pathwayId, actor('cora'), inputs)).rejects.toMatchObject({
      code: 'role',
    });
    expect(await held()).toEqual([]);
  });
});
