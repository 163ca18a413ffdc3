import { describe, expect, it } from 'vitest';
import { timerOf } from '../../../src/safeguarding/ask.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import { handOn, mayReceive, worksOnIt } from '../../../src/safeguarding/hand-on.ts';
import { toldOutside } from '../../../src/safeguarding/outside.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { tick } from '../../../src/safeguarding/times.ts';
import { line } from '../../../src/safeguarding/words.ts';
import { actor, terms } from '../../support/pathway.ts';
import { factsOf, left } from './changes.ts';
import { ground, NOW, raised } from './fixture.ts';

const acknowledged = (concern: Concern, who = 'sana'): Concern =>
  left(acknowledge(factsOf(concern, who)), concern);
const WHY = { handWhy: 'On leave from tonight' };

describe('handing a concern to another', () => {
  it('asks them, is acknowledged anew, and keeps who had it', () => {
    const concern = acknowledged(raised());
    const handed = left(handOn(factsOf(concern, 'sana'), { ...WHY, to: 'dora' }, ground()), concern);
    expect(handed.acknowledged).toBeUndefined();
    expect(handed.opened).toEqual(concern.opened);
    expect(handed.asked.at(-1)).toMatchObject({
      as: 'deputy',
      because: 'handed-on',
      people: ['dora'],
      state: 'waiting',
    });
    expect(handed.handedOn).toMatchObject([
      { by: { person: 'sana' }, to: { person: 'dora' }, reason: WHY.handWhy },
    ]);
    expect(handed.lapsed).toMatchObject([{ what: 'acknowledged', because: 'handed-on' }]);
    expect(timerOf(handed, terms).due).toBe('2026-11-24T17:42:00.000Z');
    expect(handOn(factsOf(handed, 'sana'), { ...WHY, to: 'dora' }, ground())).toEqual({ kind: 'done' });
    const hers = acknowledged(handed, 'dora');
    expect(hers.acknowledged).toMatchObject({ by: { person: 'dora' } });
    expect(timerOf(hers, terms).due).toBeNull();
  });

  it('goes on to the next where they do not answer, and is not missed once it was acknowledged in its time', () => {
    const concern = acknowledged(raised());
    const handed = left(handOn(factsOf(concern, 'sana'), { ...WHY, to: 'dora' }, ground()), concern);
    const next = '2026-11-25T09:00:00.000Z';
    const later = tick(handed, ground(next))?.documents?.[0] as Concern;
    expect(later.missed).toBeUndefined();
    expect(later.asked.at(-1)).toMatchObject({ people: ['olu'], because: 'unanswered' });
    const never = tick(raised(), ground(next))?.documents?.[0] as Concern;
    expect(never.missed).toBe(next);
  });

  const table: readonly [string, Concern, Record<string, string>, string][] = [
    ['to nobody', raised(), WHY, 'Not handed on yet'],
    ['to themselves', raised(), { ...WHY, to: 'sana' }, 'Not handed on yet'],
    ['to somebody who does not answer for concerns', raised(), { ...WHY, to: 'nina' }, 'Not handed on yet'],
    [
      'to somebody in conflict',
      raised({ named: [{ person: 'dora' }] }),
      { ...WHY, to: 'dora' },
      'Not handed',
    ],
    ['to whoever has it', acknowledged(raised(), 'dora'), { ...WHY, to: 'dora' }, 'Not handed on yet'],
    ['without a reason', raised(), { to: 'dora' }, 'Not handed on yet'],
    [
      'when it is closed',
      { ...raised(), closed: { by: { person: 'dora', name: 'Dora' }, at: NOW } },
      { ...WHY, to: 'dora' },
      'is closed',
    ],
  ];
  it.each(table)('is refused %s', (_name, concern, inputs, says) => {
    expect(() => handOn(factsOf(concern, 'sana'), inputs, ground())).toThrow(says);
  });

  it('is to all who answer for it but whoever raised, has or hands it', () => {
    expect(mayReceive(raised(), terms, 'sana')).toEqual(['dora', 'olu', 'petra']);
    expect(mayReceive(raised({ told: { staff: 'unknown' } }), terms, 'sana')).toEqual(['dora']);
  });
});

describe('somebody who works on the case of a concern', () => {
  const since = '2026-11-24T16:50:00.000Z';
  const about = raised({ told: { staff: 'yes' }, named: [{ person: 'nina' }], caseId: '4R2-X1A' });
  const tells = (concern: Concern, person: string) => worksOnIt(concern, [{ person, since }], terms);

  it('is told of to whoever is asked, once for each acceptance, without a name', () => {
    const change = tells(about, 'nina');
    expect(change?.notices).toEqual([
      {
        form: 'tell',
        subject: 'concern:7K2-M4Z',
        route: { to: 'person', person: 'sana' },
        line: 'concern.works-on-case',
        refs: {},
      },
    ]);
    expect(JSON.stringify([change?.events, change?.notices])).not.toMatch(/nina/i);
    const after = change?.documents?.[0] as Concern;
    expect(tells(after, 'nina')).toBeUndefined();
    expect(worksOnIt(after, [{ person: 'nina', since: NOW }], terms)).toBeDefined();
    expect(line('concern.works-on-case', after, terms)).toMatch(
      /^Concern 7K2-M4Z: somebody whom it may be about/,
    );
  });

  it('is told of to whoever acknowledged it', () => {
    const change = tells(acknowledged(about, 'dora'), 'nina');
    expect(change?.notices?.map(({ route }) => route)).toEqual([{ to: 'person', person: 'dora' }]);
  });

  it('is nobody’s business where it is not about them, or it is closed', () => {
    expect(tells(about, 'noah')).toBeUndefined();
    const closed = { by: { person: 'sana', name: 'Sana' }, at: NOW };
    expect(tells({ ...about, closed }, 'nina')).toBeUndefined();
  });
});

describe('a concern that only the outside contact can answer', () => {
  const all = ['sana', 'dora', 'olu', 'petra'].map((person) => ({ person }));
  const facts = (concern: Concern) => ({
    ...factsOf(concern, 'sana', '2026-11-25T10:00:00.000Z'),
    actor: actor('wim'),
    knows: 'raiser' as const,
  });
  const TOLD = { outsideWhom: 'Ms Okafor', outsideDay: '2026-11-24', outsideTime: '17:00' };

  it.each([
    ['yes', ['2026-11-24T16:57:00.000Z', '2026-11-24T17:12:00.000Z', '2026-11-24T17:27:00.000Z']],
    ['no', ['2026-11-24T17:42:00.000Z', '2026-11-24T18:42:00.000Z', '2026-11-24T19:42:00.000Z']],
  ] as const)('reminds whoever raised it, in danger now: %s', (danger, times) => {
    let concern = raised({ told: { danger, staff: 'yes' }, named: all });
    for (const at of times) {
      expect(timerOf(concern, terms).due).toBe(at);
      const change = tick(concern, ground(at));
      expect(change?.notices).toContainEqual(
        expect.objectContaining({ line: 'concern.outside', route: { to: 'person', person: 'wim' } }),
      );
      concern = change?.documents?.[0] as Concern;
    }
    expect(line('concern.outside', concern, terms)).toContain('0300 000 0800');
  });

  it('ends the reminders once they say whom they told, and when', () => {
    const concern = raised({ told: { staff: 'yes' }, named: all });
    const told = left(toldOutside(facts(concern), TOLD), concern);
    expect(told.outsideTold).toMatchObject([{ whom: 'Ms Okafor', happenedAt: '2026-11-24T17:00:00.000Z' }]);
    expect(line('concern.outside', told, terms)).toBeUndefined();
    const day = tick({ ...told, missed: NOW }, ground('2026-11-26T11:00:00.000Z'));
    expect(day?.notices?.filter(({ form }) => form === 'tell')).toEqual([]);
    expect(toldOutside(facts(told), TOLD)).toEqual({ kind: 'done' });
  });

  it.each([
    ['nobody', { ...TOLD, outsideWhom: ' ' }],
    ['no day', { ...TOLD, outsideDay: '' }],
    ['a day to come', { ...TOLD, outsideDay: '2026-12-24' }],
  ])('is not told with %s', (_name, inputs) => {
    const concern = raised({ told: { staff: 'yes' }, named: all });
    expect(() => toldOutside(facts(concern), inputs)).toThrow('Not recorded yet');
  });

  it('goes to whoever may know of it by then, where the agreement has changed', () => {
    const concern = raised({ told: { staff: 'yes' }, named: all });
    const people = terms.people.map((one) =>
      one.key === 'lena' ? { ...one, positions: [{ provider: 'prime', role: 'safeguarding' }] } : one,
    );
    const today = { ...terms, people };
    const change = tick(concern, { ...ground('2026-11-24T17:42:00.000Z'), today });
    expect(change?.documents?.[0]).toMatchObject({ asked: [{ people: ['lena'], because: 'turned' }] });
    expect(change?.documents?.[0]).not.toHaveProperty('outside');
  });
});
