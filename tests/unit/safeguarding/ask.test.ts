import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import type { SafeguardingTerms } from '../../../src/agreement/safeguarding.ts';
import { acknowledgeBy, askNext, timerOf } from '../../../src/safeguarding/ask.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import { ringOf } from '../../../src/safeguarding/words.ts';
import { terms } from '../../support/pathway.ts';
import { ground, NOW, raised } from './fixture.ts';

const agreed = terms.safeguarding as SafeguardingTerms;

describe('by when a concern is acknowledged', () => {
  const table: readonly [string, string, boolean, string][] = [
    ['in the afternoon: before midnight', '2026-11-24T16:42:00.000Z', false, '2026-11-25T00:00:00.000Z'],
    ['a minute before 20:00', '2026-11-24T19:59:00.000Z', false, '2026-11-25T00:00:00.000Z'],
    ['at 20:00: within four hours', '2026-11-24T20:00:00.000Z', false, '2026-11-25T00:00:00.000Z'],
    ['at 23:40', '2026-11-24T23:40:00.000Z', false, '2026-11-25T03:40:00.000Z'],
    ['just after midnight: that day', '2026-11-25T00:05:00.000Z', false, '2026-11-26T00:00:00.000Z'],
    ['in summer, by the local midnight', '2026-07-14T12:00:00.000Z', false, '2026-07-14T23:00:00.000Z'],
    ['in summer, 20:30 local', '2026-07-14T19:30:00.000Z', false, '2026-07-14T23:30:00.000Z'],
    ['on the day that the clocks go back', '2026-10-25T00:30:00.000Z', false, '2026-10-26T00:00:00.000Z'],
    ['in the night before it, elapsed', '2026-10-24T22:30:00.000Z', false, '2026-10-25T02:30:00.000Z'],
    ['where the person is in danger: an hour', '2026-11-24T16:42:00.000Z', true, '2026-11-24T17:42:00.000Z'],
    ['never later for it', '2026-11-24T23:30:00.000Z', true, '2026-11-25T00:30:00.000Z'],
  ];
  it.each(table)('%s', (_name, at, urgent, by) => {
    expect(acknowledgeBy(at, urgent, terms)).toBe(by);
  });

  it('is the same day where urgent ones were agreed to take longer', () => {
    const slow: Agreement = { ...terms, safeguarding: { ...agreed, urgent: '2d' } };
    expect(acknowledgeBy(NOW, true, slow)).toBe('2026-11-25T00:00:00.000Z');
  });
});

const waiting = ({ asked }: Concern) => asked.filter(({ state }) => state === 'waiting');

describe('who is asked', () => {
  it('is the lead first, with a card and a timer, at once', () => {
    const concern = raised();
    expect(waiting(concern)).toMatchObject([{ n: 1, as: 'lead', people: ['sana'], because: 'raised' }]);
    // First whoever raised it is told to ring, after the time agreed for urgent ones.
    expect(timerOf(concern, terms)).toMatchObject({ fires: 'concern.due', due: '2026-11-24T17:42:00.000Z' });
    expect(concern.asked[0]?.due).toBe('2026-11-24T18:42:00.000Z');
    expect(concern.shownTo).toEqual(['wim', 'sana'].map((person) => ({ to: 'person', person })));
  });

  it('has a quarter of an hour where the person is in danger', () => {
    expect(timerOf(raised({ told: { danger: 'yes' } }), terms).due).toBe('2026-11-24T16:57:00.000Z');
  });

  it('goes on step by step and begins again after the last, one at a time', () => {
    let concern = raised();
    const order = [waiting(concern)[0]?.people];
    for (let n = 0; n < 4; n++) {
      concern = askNext(concern, ground(), 'unanswered').concern;
      expect(waiting(concern)).toHaveLength(1);
      order.push(waiting(concern)[0]?.people);
    }
    expect(order).toEqual([['sana'], ['dora'], ['olu'], ['petra'], ['sana']]);
    expect(concern.asked.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    expect(concern.shownTo).toHaveLength(5);
  });

  it('asks two deputies one after the other', () => {
    const [lead, deputy] = agreed.ask as [SafeguardingTerms['ask'][number], SafeguardingTerms['ask'][number]];
    const second = { ...deputy, provider: 'charity', role: 'on-call' };
    const today: Agreement = { ...terms, safeguarding: { ...agreed, ask: [lead, deputy, second] } };
    const next = (concern: Concern) => askNext(concern, { ...ground(), today }, 'unanswered').concern;
    const twice = next(next(raised()));
    expect(waiting(twice)).toMatchObject([{ as: 'deputy', people: ['olu'] }]);
    expect(waiting(next(twice))).toMatchObject([{ as: 'lead' }]);
  });

  it('is never anybody in conflict, nor whoever raised it', () => {
    const about = raised({ told: { staff: 'yes' }, named: [{ person: 'sana' }] });
    expect(waiting(about)).toMatchObject([{ as: 'deputy', people: ['dora'] }]);
    const own = { ...raised(), raisedBy: { person: 'dora', name: 'Dora Test' } };
    const after = askNext(own, ground(), 'unanswered').concern;
    expect(waiting(after)).toMatchObject([{ as: 'out-of-hours', people: ['olu'] }]);
  });

  it('is only the lead and the deputy while nobody knows whom it is about', () => {
    let concern = raised({ told: { staff: 'unknown' } });
    for (let n = 0; n < 3; n++) concern = askNext(concern, ground(), 'unanswered').concern;
    expect(concern.asked.map(({ as }) => as)).toEqual(['lead', 'deputy', 'lead', 'deputy']);
  });

  it('is nobody where all are in conflict: whoever raised it is told whom to ring', () => {
    const people = ['sana', 'dora', 'olu', 'petra'].map((person) => ({ person }));
    const concern = raised({ told: { staff: 'yes' }, named: people });
    expect(concern.asked).toEqual([]);
    expect(concern.shownTo).toEqual([{ to: 'person', person: 'wim' }]);
    expect(ringOf(concern, terms)).toMatchObject({ phone: agreed.outside.phone });
    expect(timerOf(concern, terms).due).toBe('2026-11-24T17:42:00.000Z');
  });

  it('prefers those of a step who are on duty, and asks all of them when none is', () => {
    const both = terms.people.map((one) =>
      one.key === 'lena' ? { ...one, positions: [{ provider: 'prime', role: 'safeguarding' }] } : one,
    );
    const today = { ...terms, people: both };
    const concern = { ...raised(), asked: [] };
    const asked = (onDuty: readonly string[]) =>
      askNext(concern, { today, now: NOW, onDuty: () => onDuty }, 'raised').concern.asked[0]?.people;
    expect(asked([])).toEqual(['lena', 'sana']);
    expect(asked(['lena'])).toEqual(['lena']);
  });
});
