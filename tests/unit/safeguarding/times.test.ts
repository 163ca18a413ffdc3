import { describe, expect, it } from 'vitest';
import { type Change, routeName } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { askNext } from '../../../src/safeguarding/ask.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import { comesLate, delivered, tick, undelivered } from '../../../src/safeguarding/times.ts';
import { ground, NOW, raised } from './fixture.ts';

const MINUTE = 60_000;
const at = (minutes: number): string => plusMs(NOW, minutes * MINUTE);
const left = (change: Change | undefined): Concern => change?.documents?.[0] as Concern;
const shown = (change: Change | undefined): string[] =>
  (change?.notices ?? []).filter(({ form }) => form === 'show').map(({ route }) => routeName(route));
const types = (change: Change | undefined): string[] => (change?.events ?? []).map(({ type }) => type);
const due = (change: Change | undefined): string | null | undefined => change?.timers?.[0]?.due;

describe('a concern that cannot be brought to anybody', () => {
  it('goes to each step once at once, then in its time, and is tried again every minute', () => {
    let concern = raised();
    const asked: string[] = [];
    for (const person of ['sana', 'dora', 'olu', 'petra']) {
      asked.push(...(concern.asked.at(-1)?.people ?? []));
      const change = undelivered(concern, person, ground());
      expect(types(change)).toContain('concern.not-delivered');
      concern = left(change);
      expect(due(change)).toBe(at(1));
    }
    expect(asked).toEqual(['sana', 'dora', 'olu', 'petra']);
    // Nobody is asked a second time before their time, and nobody is tried again at once.
    expect(concern.asked).toHaveLength(4);
    const again = undelivered(concern, 'petra', ground(at(0.5)));
    expect(shown(again)).toEqual([]);
    expect(types(again)).toEqual([]);
    const retried = tick(left(again), ground(at(1)));
    expect(shown(retried).sort()).toEqual([
      'person:dora',
      'person:olu',
      'person:petra',
      'person:sana',
      'person:wim',
    ]);
    expect(due(retried)).toBe(at(60));
  });

  it('is tried again for those without a card alone', () => {
    const concern = left(delivered(raised(), 'sana', at(0)));
    expect(undelivered(concern, 'sana', ground(at(1)))).toEqual({});
    expect(undelivered(concern, 'wim', ground(at(1)))).toEqual({});
  });
});

describe('what comes after its time', () => {
  it('is marked late, and stays so marked', () => {
    const concern = raised();
    expect(comesLate(concern, 'sana', at(1))).toBe(false);
    expect(comesLate(concern, 'sana', at(2))).toBe(true);
    const late = left(delivered(concern, 'sana', at(300)));
    expect(comesLate(late, 'sana', at(600))).toBe(true);
    const prompt = left(delivered(concern, 'sana', at(0)));
    expect(comesLate(prompt, 'sana', at(600))).toBe(false);
    // Somebody asked later is late by when they were asked.
    const next = askNext(prompt, ground(at(120)), 'unanswered').concern;
    expect(comesLate(next, 'dora', at(120))).toBe(false);
  });

  it('tells whoever raised it to ring, records a missed day, and asks the next, each once', () => {
    let concern = raised();
    const seen: string[] = [];
    for (const minutes of [60, 120, 240, 360, 420, 438]) {
      const change = tick(concern, ground(at(minutes)));
      seen.push(...types(change).map((type) => `${minutes} ${type}`));
      if (change) concern = left(change);
    }
    expect(seen).toEqual([
      '60 concern.ring',
      '120 concern.asked',
      '240 concern.asked',
      '360 concern.asked',
      '420 concern.asked',
      '438 concern.missed',
    ]);
    expect(
      tick(
        { ...concern, acknowledged: { by: { person: 'sana', name: 'Sana' }, at: at(481) } },
        ground(at(900)),
      ),
    ).toBeUndefined();
  });
});
