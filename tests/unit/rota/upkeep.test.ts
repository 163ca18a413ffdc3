import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NoticeDoc, TimerDoc } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { createRota } from '../../../src/rota/commands.ts';
import { ladderGaps } from '../../../src/rota/gaps.ts';
import { ROTA_HEAD, type RotaDoc, rotaKey } from '../../../src/rota/rota.ts';
import { putOn, takeOff } from '../../../src/rota/rules.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';

const PATHWAY = 'testdale';
const HOUR = 3_600_000;
const START = '2026-11-24T10:00:00.000Z';

let now = START;
let store = openEmbedded({ path: ':memory:' });
let moved: string[] = [];
let unreached = new Set<string>();
/** What happens while what is running is planned anew. */
let meanwhile: () => Promise<void> = async () => undefined;
let rota: ReturnType<typeof createRota>;

beforeEach(() => {
  now = START;
  moved = [];
  unreached = new Set();
  meanwhile = async () => undefined;
  store = openEmbedded({ path: ':memory:' });
  const clock = { now: () => now, sleep: async () => undefined };
  rota = createRota({
    store,
    run: createTurns(store, clock),
    agreements: {
      inForce: async () => inForce,
      version: async () => inForce,
      termsAt: async () => inForce.terms,
      pathways: async () => [PATHWAY],
      findAccount: async () => [],
      findChannel: async () => undefined,
      forget: () => undefined,
    },
    reached: async (_, person) => !unreached.has(person),
    kick: () => undefined,
    moved: async (pathwayId) => {
      moved.push(pathwayId);
      await meanwhile();
    },
  });
});
afterEach(() => store.close());

const nurse = { provider: 'hospice', role: 'nurse' };
/** Puts somebody on duty, in hours from the start. */
const enter = (person: string, from: number, to?: number) =>
  rota.enter(PATHWAY, actor(person), (facts) =>
    putOn(facts, {
      person,
      ...nurse,
      from: plusMs(START, from * HOUR),
      ...(to !== undefined && { to: plusMs(START, to * HOUR) }),
    }),
  );
const stored = async (): Promise<RotaDoc> => {
  const found = await store.get<RotaDoc>(rotaKey(PATHWAY), ROTA_HEAD);
  if (!found) throw new Error('there is no rota');
  return found.doc;
};
const due = async <T extends NoticeDoc | TimerDoc>(kind: T['kind']): Promise<T[]> =>
  (await store.page<T>(PATHWAY, 'due', { limit: 100 }))
    .map(({ doc }) => doc)
    .filter((doc) => doc.kind === kind);
const timer = async (fires: string): Promise<string | undefined> =>
  (await due<TimerDoc>('timer')).find((one) => one.fires === fires)?.due;
const told = async (): Promise<string[]> =>
  (await due<NoticeDoc>('notice')).map(({ notice }) =>
    notice.form === 'tell' && notice.route.to === 'person' ? `${notice.line} ${notice.route.person}` : '',
  );

describe('after a change', () => {
  it('what is running is planned anew, and again by itself when the duty ends', async () => {
    await enter('nina', 0, 8);
    expect(await timer('rota.changed')).toBe(START);
    await rota.changed(PATHWAY);
    expect(moved).toEqual([PATHWAY]);
    expect(await timer('rota.changed')).toBe(plusMs(START, 8 * HOUR));
  });

  it('the timer stays when planning fails, or the rota changes meanwhile', async () => {
    await enter('nina', 0, 8);
    meanwhile = () => Promise.reject(new Error('not now'));
    await expect(rota.changed(PATHWAY)).rejects.toThrow('not now');
    expect(await timer('rota.changed')).toBe(START);
    meanwhile = async () => void (await enter('noah', 0, 8));
    await rota.changed(PATHWAY);
    expect(await timer('rota.changed')).toBe(START);
    meanwhile = async () => undefined;
    await rota.changed(PATHWAY);
    expect(await timer('rota.changed')).toBe(plusMs(START, 8 * HOUR));
    expect(moved).toHaveLength(3);
  });

  it('two at the same moment are both in the rota, and its chain holds', async () => {
    await Promise.all(
      ['nina', 'noah'].map((person) =>
        rota.enter(PATHWAY, actor(person), (facts) => putOn(facts, { person, ...nurse, from: facts.now })),
      ),
    );
    expect((await stored()).shifts.map(({ person }) => person).sort()).toEqual(['nina', 'noah']);
    expect(await verifyPathway(store, PATHWAY)).toMatchObject({ holds: true, chains: 1, events: 2 });
  });

  it('what stands already commits nothing', async () => {
    await enter('nina', 0);
    const before = await stored();
    await enter('nina', 0);
    expect(await stored()).toEqual(before);
  });
});

describe('a coming gap', () => {
  const look = async (atHour: number): Promise<void> => {
    now = plusMs(START, atHour * HOUR);
    await rota.watch(PATHWAY);
  };

  it('is looked for a day before each shift begins or ends', async () => {
    await enter('nina', 0, 48);
    expect(await timer('rota.watch')).toBe(plusMs(START, 24 * HOUR));
    await look(24);
    expect(await told()).toEqual(['rota.gap lena']);
    expect((await store.history(rotaKey(PATHWAY))).at(-1)).toMatchObject({
      type: 'rota.gap-told',
      data: { provider: 'hospice', from: plusMs(START, 48 * HOUR) },
    });
  });

  it('is told once, however often it is looked for', async () => {
    await enter('nina', 0, 48);
    await look(24);
    await look(24.5);
    await look(30);
    expect(await told()).toHaveLength(1);
    expect(await timer('rota.watch')).toBe(plusMs(START, (48 + 14 * 24) * HOUR));
  });

  it('is told ten minutes after the change that made it, if it is one still', async () => {
    await enter('nina', 0, 8);
    expect(await timer('rota.watch')).toBe(plusMs(START, HOUR / 6));
    await enter('noah', 8, 40);
    expect(await timer('rota.watch')).toBe(plusMs(START, 16 * HOUR));
    await look(1);
    expect(await told()).toEqual([]);
  });

  it('is told at once when it begins within the hour', async () => {
    await enter('nina', -1);
    await rota.enter(PATHWAY, actor('nina'), (facts) => takeOff(facts, facts.rota.shifts[0]?.id ?? ''));
    expect(await timer('rota.watch')).toBe(START);
    await look(0);
    expect(await told()).toEqual(['rota.gap lena']);
  });

  it('is told again when it was filled and is there anew', async () => {
    await enter('nina', 0, 8);
    await look(1);
    await enter('noah', 8, 40);
    await look(2);
    const id = (await stored()).shifts.find(({ person }) => person === 'noah')?.id;
    await rota.enter(PATHWAY, actor('noah'), ({ rota: { shifts, away } }) => ({
      shifts: shifts.filter((one) => one.id !== id),
      away,
      events: [],
      told: [],
    }));
    await look(3);
    expect(await told()).toHaveLength(2);
  });

  it('is where somebody is in the rota whom Baton does not reach', async () => {
    await enter('nina', 0, 8);
    await enter('noah', 8, 40);
    unreached.add('noah');
    await look(1);
    expect(await told()).toEqual(['rota.gap lena']);
  });

  it('is none at a provider that is closed, on a clock that counts its opening hours', () => {
    const hours = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, { open: '09:00', close: '18:00' }]),
    );
    const rungs = terms.ladder.rungs.map((rung) => ({
      ...rung,
      answer: { within: '1h', clock: 'service-hours' as const },
    }));
    const opens = {
      ...terms,
      providers: terms.providers.map((one) => ({ ...one, hours })),
      ladder: { ...terms.ladder, rungs },
    };
    const shift = (from: number, to: number) => ({
      id: `${from}`,
      person: 'nina',
      ...nurse,
      from: plusMs(START, from * HOUR),
      to: plusMs(START, to * HOUR),
    });
    // 18:00 to 09:00 of the next day is closed; 17:00 is not.
    const night = { shifts: [shift(0, 8), shift(23, 30)], away: [] };
    const early = { shifts: [shift(0, 7), shift(23, 30)], away: [] };
    expect(ladderGaps(night, opens, START, () => true)).toEqual([]);
    expect(ladderGaps(night, terms, START, () => true)).toHaveLength(1);
    expect(ladderGaps(early, opens, START, () => true)).toHaveLength(1);
  });
});

describe('what is over', () => {
  it('leaves the rota after 14 days, and stays in the chain', async () => {
    await enter('nina', 0, 8);
    now = plusMs(START, (8 + 14 * 24) * HOUR);
    await rota.watch(PATHWAY);
    expect((await stored()).shifts).toEqual([]);
    expect(await timer('rota.watch')).toBeUndefined();
    expect((await store.history(rotaKey(PATHWAY))).map(({ type }) => type)).toContain('rota.on');
  });
});
