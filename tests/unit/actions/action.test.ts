import { describe, expect, it } from 'vitest';
import {
  isOverdue,
  listed,
  type Owner,
  overdueUpTo,
  ownerRoute,
  setterRoute,
} from '../../../src/actions/action.ts';
import { done } from '../../../src/actions/rules.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { actionIn, changeIn, factsOf, NOW, opened } from './fixture.ts';

const OWNERS: [Owner, string][] = [
  [{ provider: 'hospice', person: 'nina' }, 'actions.mine@nina'],
  [{ provider: 'hospice', role: 'nurse' }, 'actions.role@hospice/nurse'],
  [{ provider: 'hospice' }, 'actions.provider@hospice'],
];

describe('where an action stands', () => {
  it.each(OWNERS)('while it is open, on the lists of %j by its day', (owner, turn) => {
    const set = `${NOW}|7K2-M4Z`;
    const due = '2026-11-28T00:00:00.000Z|7K2-M4Z';
    expect(listed(opened({ owner })).lists).toEqual({
      chains: '_action:7K2-M4Z',
      actions: set,
      'actions@hospice': set,
      'actions.open': due,
      'actions.open@hospice': due,
      [turn]: due,
    });
  });

  it.each(OWNERS)('once it is done, among all alone: %j', (owner) => {
    const action = opened({ owner });
    const closed = actionIn(changeIn(done(factsOf(action, 'cora'), { revision: 1, proof: 'Seen' })));
    expect(Object.keys(closed.lists ?? {})).toEqual(['chains', 'actions', 'actions@hospice']);
  });
});

describe('an overdue action', () => {
  const action = opened();

  it('is one that is open at the end of its day and later', () => {
    expect(isOverdue(action, plusMs(action.dueAt, -1))).toBe(false);
    expect(isOverdue(action, action.dueAt)).toBe(true);
    expect(isOverdue({ ...action, state: 'done' }, action.dueAt)).toBe(false);
  });

  it('is among those that a count of overdue ones ends with', () => {
    const place = listed(action).lists?.['actions.open'] ?? '';
    expect(place <= overdueUpTo(action.dueAt)).toBe(true);
    expect(place <= overdueUpTo(plusMs(action.dueAt, -1))).toBe(false);
  });
});

it('is told of in person to whom it is given by name, otherwise in the channel of their provider', () => {
  expect(OWNERS.map(([owner]) => ownerRoute(owner))).toEqual([
    { to: 'person', person: 'nina' },
    { to: 'channel', provider: 'hospice' },
    { to: 'channel', provider: 'hospice' },
  ]);
  const by = { provider: 'prime', role: 'coordinator', name: 'Cora' };
  expect(setterRoute({ ...by, person: 'cora' })).toEqual({ to: 'person', person: 'cora' });
  expect(setterRoute(by)).toEqual({ to: 'channel', provider: 'prime' });
});
