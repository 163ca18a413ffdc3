import { describe, expect, it } from 'vitest';
import type { Action, Open } from '../../../src/actions/action.ts';
import { move } from '../../../src/actions/move.ts';
import { done } from '../../../src/actions/rules.ts';
import { Refused } from '../../../src/core/errors.ts';
import { actionIn, changeIn, factsOf, fields, opened } from './fixture.ts';

const proof = 'They answered that they have it';
const reason = 'The nurses were ill';

describe('another owner or day', () => {
  const press = (typed: object, action = opened(), who = 'cora') =>
    move(factsOf(action, who), { revision: action.revision, typed });

  it.each([
    [{ reason }, ['owner']],
    [{ due: '2026-11-28' }, ['reason']],
    [{ due: '2026-11-23', reason }, ['due']],
    [{ due: 'soon', reason }, ['due']],
    [{ owner: 'nowhere||', reason }, ['owner']],
    [{ owner: 'hospice||wim', due: '2029-01-01' }, ['owner', 'due', 'reason']],
    [{ owner: 'hospice||nina', due: '2026-11-27', reason }, ['owner']],
  ])('is refused without what it takes: %j', (typed, expected) => {
    expect(fields(() => press(typed))).toEqual(expected);
  });

  it('gives the new owner a card and tells the former one, in whose hands nothing is left', () => {
    const change = changeIn(press({ owner: 'charity||wim', reason }));
    const after = actionIn(change);
    expect(after).toMatchObject({ owner: { provider: 'charity', person: 'wim' }, due: '2026-11-27' });
    const told = change.notices?.flatMap((one) => (one.form === 'tell' ? [one.route] : []));
    expect(told).toEqual([{ to: 'person', person: 'nina' }]);
    const shown = change.notices?.flatMap((one) => (one.form === 'show' ? [one.route] : []));
    expect(shown).toEqual([
      { to: 'person', person: 'nina' },
      { to: 'person', person: 'wim' },
    ]);
    expect(() => done(factsOf(after, 'nina'), { revision: 2, proof })).toThrow(Refused);
  });

  it('tells an owner who has it back that they do, since their card is only edited', () => {
    const away = actionIn(changeIn(press({ owner: 'charity||wim', reason })));
    const back = changeIn(press({ owner: 'hospice||nina', reason }, away as Open));
    const told = back.notices?.flatMap((one) => (one.form === 'tell' ? [one.route] : []));
    expect(told).toContainEqual({ to: 'person', person: 'nina' });
  });

  it('is not taken from a card older than somebody else’s decision', () => {
    const moved = actionIn(changeIn(press({ due: '2026-12-01', reason })));
    const old = (who: string) =>
      move(factsOf(moved, who), { revision: 1, typed: { due: '2026-12-02', reason } });
    expect(old('lena').kind).toBe('moved');
    expect(old('cora').kind).toBe('done');
    const unnamed = { revision: 0, typed: { due: '2026-12-02', reason } };
    expect(move(factsOf(opened(), 'cora'), unnamed).kind).toBe('moved');
  });

  it('is given to the same person at another of their providers, who then has the overdue ones of that one', () => {
    const action = opened({ owner: { provider: 'hospice', person: 'both' } });
    const after = actionIn(changeIn(press({ owner: 'prime||both', reason }, action)));
    expect(after.owner).toEqual({ provider: 'prime', person: 'both' });
    expect(after.lists).toHaveProperty('actions.open@prime');
    expect(fields(() => press({ owner: 'hospice||both', reason }, action))).toEqual(['owner']);
  });

  describe('while it climbs', () => {
    const overdue: Open = { ...opened(), overdueAt: '2026-11-28T09:00:00.000Z' };
    const later = '2026-11-28T10:00:00.000Z';
    const moved = (typed: object): Action =>
      actionIn(changeIn(move(factsOf(overdue, 'cora', later), { revision: 1, typed: { reason, ...typed } })));

    it('goes on with another owner, from when it began', () => {
      expect(moved({ owner: 'charity||wim' })).toMatchObject({
        overdueAt: overdue.overdueAt,
        climbsAt: overdue.climbsAt,
      });
    });

    it('ends with a new day, with a reminder and a climb of its own', () => {
      for (const owner of ['', 'charity||wim']) {
        const after = moved({ owner, due: '2026-12-04' });
        expect(after).not.toHaveProperty('overdueAt');
        expect(after).toMatchObject({
          due: '2026-12-04',
          remindAt: '2026-12-03T09:00:00.000Z',
          climbsAt: '2026-12-05T09:00:00.000Z',
        });
      }
    });
  });

  it.each([
    ['charity||wim', { owner: 'charity', person: 'wim' }],
    ['hospice|nurse|', { owner: 'hospice', role: 'nurse' }],
    ['charity||', { owner: 'charity' }],
  ])('is recorded with whose it is, the day and why: %s', (owner, whose) => {
    const [event] = changeIn(press({ owner, due: '2026-12-01', reason: ` ${reason} ` })).events ?? [];
    expect(event).toMatchObject({ type: 'action.moved', by: { person: 'cora' } });
    expect(event?.data).toEqual({ action: '7K2-M4Z', due: '2026-12-01', reason, ...whose });
  });
});
