import { describe, expect, it } from 'vitest';
import {
  type Action,
  actionSubject,
  listed,
  listOf,
  type Open,
  ORIGINS,
  overdueUpTo,
  ownerRoute,
} from '../../../src/actions/action.ts';
import { actionCard, actionList, canOfKey, sharedCard } from '../../../src/actions/cards.ts';
import { type ActionForm, actionForm, FORMS } from '../../../src/actions/cards-forms.ts';
import { actionOnLadder } from '../../../src/actions/face.ts';
import { LINES, line } from '../../../src/actions/lines.ts';
import { actionPresenter } from '../../../src/actions/presenter.ts';
import { cancel, done } from '../../../src/actions/rules.ts';
import type { Route } from '../../../src/core/change.ts';
import { routeName } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { inForce, terms } from '../../support/pathway.ts';
import { actionIn, changeIn, DAY_MS, factsOf, NOW, opened } from './fixture.ts';

const SECRET = 'Margaret';
const what = `Ring ${SECRET}’s daughter`;
const owners = [
  { provider: 'hospice', person: 'nina' },
  { provider: 'hospice', role: 'nurse' },
  { provider: 'hospice' },
  { provider: 'prime', person: 'cora' },
];
const open = owners.map((owner) => opened({ what, owner }));
const all: readonly Action[] = open.flatMap((action) => {
  const facts = factsOf(action, 'cora');
  return [
    action,
    { ...action, overdueAt: action.climbsAt },
    { ...action, unreached: true as const },
    actionIn(changeIn(done(facts, { revision: 1, proof: `${SECRET} says so` }))),
    actionIn(changeIn(cancel(facts, { revision: 1, reason: `${SECRET} moved` }))),
  ];
});
const later = plusMs(NOW, 5 * DAY_MS);
const key = { pathwayId: 'testdale', caseId: '_action:7K2-M4Z' };
const presenterOf = (action: Action, now = NOW) =>
  actionPresenter({ present: async () => ({ action, today: terms, now }) });
const person = (one: string): Route => ({ to: 'person', person: one });
const channel = (provider: string): Route => ({ to: 'channel', provider });

describe('what people write about an action', () => {
  it('stands on no shared card, in no line, list, summary or prompt, and in no form', async () => {
    const shown: string[] = [];
    for (const action of all) {
      for (const now of [NOW, later]) {
        shown.push(JSON.stringify(sharedCard(action, terms, now)));
        shown.push(JSON.stringify(actionList('Open actions', [action], new Set(), terms, now)));
        shown.push(actionCard(action, canOfKey(action, 'nina', terms, now), terms, now).summary);
        shown.push(JSON.stringify(actionCard(action, canOfKey(action, 'wim', terms, now), terms, now)));
        const refs = { due: action.due };
        shown.push(...LINES.map((code) => line(code, refs, action, terms, now) ?? ''));
        for (const form of Object.keys(FORMS) as ActionForm[]) {
          shown.push(JSON.stringify(actionForm(form, action, terms, now)));
        }
        const ladder = actionOnLadder({
          inForce: async () => inForce,
          present: async () => ({ action, today: terms, now }),
        });
        shown.push(JSON.stringify(await ladder.face(key, actionSubject(action.actionId), 'nina')));
      }
    }
    expect(shown.length).toBeGreaterThan(300);
    expect(shown.filter((one) => one.includes(SECRET))).toEqual([]);
  });

  it('stands on the card in person of those who may see it, and of nobody else', async () => {
    const sees = async (action: Action, route: Route): Promise<boolean> =>
      JSON.stringify(
        await presenterOf(action).show(key, actionSubject(action.actionId), route, NOW),
      ).includes(SECRET);
    for (const action of all) {
      expect(await sees(action, channel('hospice'))).toBe(false);
      expect(await sees(action, person('cora'))).toBe(true);
      expect(await sees(action, person('lena'))).toBe(true);
      expect(await sees(action, person('wim'))).toBe(false);
      expect(await sees(action, person('gone'))).toBe(false);
    }
  });
});

describe('the lines', () => {
  const [action = opened()] = open;
  const said = (code: string, of: Action, now = NOW, refs = {}) => line(code, refs, of, terms, now);

  it('say what is so, beginning with the action', () => {
    const ended = actionIn(changeIn(done(factsOf(action, 'nina'), { revision: 1, proof: 'Here' })));
    expect(said('action.done', ended)).toBe(
      'Action 7K2-M4Z: Done by Nina Test, 10:00 today. Type /actions 7K2-M4Z to read the proof.',
    );
    expect(said('action.moved', action)).toBe(
      'Action 7K2-M4Z: Changed. It is now with Nina Test, St Test Hospice. Due Fri 27 Nov.',
    );
    const reminder = said('action.reminder', action, '2026-11-26T09:00:00.000Z', { due: '2026-11-27' });
    expect(reminder).toContain('it is due tomorrow.');
    expect(said('action.not-delivered', { ...action, unreached: true })).toBe(
      'Action 7K2-M4Z: Nina Test, St Test Hospice could not be told. Ring St Test Hospice: 0300 000 0002.',
    );
  });

  it('are not said when they are no longer so', () => {
    const ended = actionIn(changeIn(cancel(factsOf(action, 'cora'), { revision: 1, reason: 'Not needed' })));
    for (const code of [
      'action.done',
      'action.moved',
      'action.reminder',
      'action.not-delivered',
      'action.else',
    ]) {
      expect(said(code, ended, NOW, { due: ended.due })).toBeUndefined();
    }
    expect(said('action.reminder', action, NOW, { due: '2026-11-26' })).toBeUndefined();
    expect(said('action.done', action)).toBeUndefined();
    expect(said('action.not-delivered', action)).toBeUndefined();
  });
});

describe('where somebody cannot be reached', () => {
  const fallbacks = async (action: Action, route: Route): Promise<string[]> =>
    (await presenterOf(action).fallbacks(key, actionSubject(action.actionId), route)).map(routeName);

  it.each([
    ['the owner', open[0], person('nina'), ['channel:hospice']],
    ['whoever set it', open[0], person('cora'), ['channel:prime']],
    ['a channel that stands in for the owner', open[3], channel('prime'), ['person:both']],
    ['the channel of a role', open[1], channel('hospice'), ['person:nina', 'person:noah', 'person:both']],
    [
      'the channel of a whole provider',
      open[2],
      channel('hospice'),
      ['person:nina', 'person:noah', 'person:both'],
    ],
    ['another channel', open[0], channel('prime'), []],
    ['somebody who stands in', open[1], person('noah'), []],
  ] as const)('%s', async (_, action, route, expected) => {
    expect((await fallbacks(action ?? opened(), route)).toSorted()).toEqual([...expected].sort());
  });

  it('no two stand in for each other for ever', async () => {
    for (const action of open) {
      const walked = new Set<string>();
      const walk = async (route: Route, depth: number): Promise<void> => {
        expect(depth).toBeLessThan(5);
        walked.add(routeName(route));
        for (const next of await presenterOf(action).fallbacks(key, actionSubject(action.actionId), route)) {
          await walk(next, depth + 1);
        }
      };
      await walk(ownerRoute(action.owner), 0);
      await walk(person('cora'), 0);
      expect(walked.size).toBeGreaterThan(1);
    }
  });

  it('whoever was reached instead keeps a copy; where nobody was, whoever set it hears of it once', async () => {
    const [action = opened()] = open;
    const settle = (head: Action, route: Route, outcome: 'sent' | 'failed') =>
      presenterOf(head).settled(
        { key, head, get: async () => undefined },
        { subject: actionSubject(head.actionId), form: 'show', route, outcome, now: NOW },
      );
    expect(await settle(action, person('nina'), 'sent')).toEqual({});
    expect(actionIn(await settle(action, channel('hospice'), 'sent')).shownTo).toEqual([
      person('nina'),
      channel('hospice'),
    ]);
    const failed = await settle(action, channel('hospice'), 'failed');
    expect(failed.notices).toMatchObject([{ line: 'action.not-delivered', route: person('cora') }]);
    expect(await settle(actionIn(failed), person('nina'), 'failed')).toEqual({});
    const former: Open = {
      ...action,
      shownTo: [person('nina'), person('wim')],
      owner: { provider: 'charity', person: 'wim' },
    };
    expect(await settle(former, person('nina'), 'failed')).toEqual({});
  });
});

describe('the lists', () => {
  it('add up: an open action stands once at its owner’s provider, and once with whoever has it', () => {
    expect(all.length).toBeGreaterThan(15);
    for (const action of all) {
      const names = Object.keys(listed(action).lists ?? {});
      const one = action.state === 'open' ? 1 : 0;
      const starting = (prefix: string): number => names.filter((name) => name.startsWith(prefix)).length;
      expect(starting('actions@')).toBe(1);
      expect(names).toContain('actions');
      expect(starting('actions.open@')).toBe(one);
      expect(names.filter((name) => name === 'actions.open')).toHaveLength(one);
      expect(names.filter((name) => name === listOf(action.owner))).toHaveLength(one);
    }
  });

  it('end the overdue ones at this moment', () => {
    const [action = opened()] = open;
    const place = listed(action).lists?.['actions.open'] ?? '';
    expect(place <= overdueUpTo(plusMs(action.dueAt, -1))).toBe(false);
    expect(place <= overdueUpTo(action.dueAt)).toBe(true);
  });
});

it('every origin is said in words', () => {
  for (const kind of ORIGINS) {
    const card = sharedCard(opened({ from: { kind, caseId: '7K2-M4Z' } }), terms, NOW);
    expect(JSON.stringify(card.data)).toMatch(/From a |From something else/);
  }
});
