import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, climbs, type Open, type Owner } from '../../../src/actions/action.ts';
import { ladderSteps } from '../../../src/actions/climb.ts';
import type { Facts } from '../../../src/actions/facts.ts';
import { move } from '../../../src/actions/move.ts';
import { cancel, done, mayReopen, reopen, set, setByBaton, tick } from '../../../src/actions/rules.ts';
import type { Route, Verdict } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';
import { actionIn, changeIn, DAY_MS, factsOf, fields, NOW, opened, timerFacts, wanted } from './fixture.ts';

const proof = 'They answered that they have it';
const reason = 'The nurses were ill';
const may = (run: () => Verdict): boolean => {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof Refused && error.code === 'not-yours') return false;
    throw error;
  }
};

describe('who may press what', () => {
  const personal = opened();
  const ofRole = opened({ owner: { provider: 'hospice', role: 'volunteer' } });
  const whole = opened({ owner: { provider: 'hospice' } });
  const acts: Record<string, (facts: Facts) => Verdict> = {
    done: (facts) => done(facts, { revision: 1, proof }),
    move: (facts) => move(facts, { revision: 1, typed: { due: '2026-12-01', reason } }),
    cancel: (facts) => cancel(facts, { revision: 1, reason }),
  };
  const rows: readonly [string, Open, string, string[]][] = [
    ['whoever set it', personal, 'cora', ['done', 'move', 'cancel']],
    ['its owner', personal, 'nina', ['done', 'move']],
    ['a colleague of the owner', personal, 'noah', ['done']],
    ['a volunteer there', personal, 'vera', []],
    ['the prime’s clinical lead', personal, 'lena', ['done', 'move', 'cancel']],
    ['somebody of a third provider', personal, 'wim', []],
    ['a volunteer whose role has it', ofRole, 'vera', ['done', 'move']],
    ['a nurse where the provider has it', whole, 'noah', ['done']],
    ['somebody elsewhere where the provider has it', whole, 'wim', []],
  ];
  it.each(rows)('%s', (_, action, who, allowed) => {
    const can = Object.keys(acts).filter((act) => may(() => acts[act]?.(factsOf(action, who)) as Verdict));
    expect(can).toEqual(allowed);
  });

  it('is not given to somebody who set another action, and stays with a setter who changed provider', () => {
    const byWim: Open = { ...personal, setBy: { ...personal.setBy, provider: 'charity', person: 'wim' } };
    expect(may(() => cancel(factsOf(byWim, 'wim'), { revision: 1, reason }))).toBe(true);
    expect(may(() => cancel(factsOf(byWim, 'nina'), { revision: 1, reason }))).toBe(false);
  });
});

it('is recorded for the provider whose it is, whatever else its owner works for', () => {
  const action = opened({ owner: { provider: 'hospice', role: 'volunteer' } });
  const positions = [
    { provider: 'charity', role: 'volunteer' },
    { provider: 'hospice', role: 'volunteer' },
  ];
  const facts = factsOf(action, 'vera');
  const both = { ...facts, actor: { ...actor('vera'), positions } };
  const [event] = changeIn(done(both, { revision: 1, proof })).events ?? [];
  expect(event?.by).toMatchObject({ person: 'vera', provider: 'hospice' });
});

it('of a whole provider is nobody’s by name', () => {
  const action = opened({ owner: { provider: 'hospice' } });
  expect(may(() => done(factsOf(action, 'vera'), { revision: 1, proof }))).toBe(false);
  expect(may(() => done(factsOf(action, 'nina'), { revision: 1, proof }))).toBe(true);
});

describe('who hears of a decision', () => {
  const toldBy = (who: string, owner: Owner): Route[] =>
    (changeIn(done(factsOf(opened({ owner }), who), { revision: 1, proof })).notices ?? []).flatMap((one) =>
      one.form === 'tell' ? [one.route as Route] : [],
    );

  it.each<[string, Owner, Route[]]>([
    ['cora', { provider: 'hospice' }, [{ to: 'channel', provider: 'hospice' }]],
    ['nina', { provider: 'hospice' }, [{ to: 'person', person: 'cora' }]],
    ['nina', { provider: 'hospice', person: 'nina' }, [{ to: 'person', person: 'cora' }]],
    ['cora', { provider: 'hospice', person: 'nina' }, [{ to: 'person', person: 'nina' }]],
  ])('when %s does that of %j', (who, owner, heard) => {
    expect(toldBy(who, owner)).toEqual(heard);
  });
});

describe('a new action', () => {
  it.each([
    [
      { provider: 'hospice', person: 'nina' },
      { owner: 'hospice', person: 'nina' },
    ],
    [
      { provider: 'hospice', role: 'nurse' },
      { owner: 'hospice', role: 'nurse' },
    ],
    [{ provider: 'hospice' }, { owner: 'hospice' }],
  ])('is recorded with what, whose, by when and out of what: %j', (owner, whose) => {
    const { what, due } = wanted;
    for (const [from, out] of [
      [{ kind: 'meeting' }, { from: 'meeting' }],
      [
        { kind: 'case', caseId: '7K2-XYZ' },
        { from: 'case', case: '7K2-XYZ' },
      ],
    ] as const) {
      const { change } = set('7K2-M4Z', { ...wanted, owner, from }, actor('cora'), inForce, NOW);
      expect(change.events).toMatchObject([{ type: 'action.set', by: { person: 'cora' } }]);
      expect(change.events?.[0]?.data).toEqual({ action: '7K2-M4Z', what, due, ...out, ...whose });
    }
  });

  it('that Baton sets stands for the prime, and names no person', () => {
    const by = { system: 'list' };
    const { action } = setByBaton('7K2-M4Z', wanted, by, inForce, NOW);
    expect(action.setBy).toEqual({ provider: 'prime', role: 'coordinator', name: 'Baton' });
  });
});

describe('Done', () => {
  it.each(['', ' \n\u200b', 'x'.repeat(2_001)])('asks for proof that says something: %#', (text) => {
    expect(fields(() => done(factsOf(opened(), 'nina'), { revision: 1, proof: text }))).toEqual(['proof']);
  });

  it('keeps who, when and what shows it, tells whoever set it alone, and leaves no timer', () => {
    const change = changeIn(done(factsOf(opened(), 'nina'), { revision: 1, proof: ` ${proof} ` }));
    expect(actionIn(change)).toMatchObject({ state: 'done', doneAt: NOW, proof, revision: 2 });
    expect(change.events).toMatchObject([{ type: 'action.done', by: { person: 'nina' } }]);
    expect(change.timers).toEqual([{ subject: 'action:7K2-M4Z', fires: 'action.overdue', due: null }]);
    expect(change.notices).toEqual([
      { form: 'show', subject: 'action:7K2-M4Z', route: { to: 'person', person: 'nina' } },
      {
        form: 'tell',
        subject: 'action:7K2-M4Z',
        route: { to: 'person', person: 'cora' },
        line: 'action.done',
        refs: {},
      },
    ]);
  });

  it('answers the same press again with done, and any other with how it stands', () => {
    const after = actionIn(changeIn(done(factsOf(opened(), 'nina'), { revision: 1, proof })));
    const press = (who: string, revision: number) => done(factsOf(after, who), { revision, proof }).kind;
    expect(press('nina', 1)).toBe('done');
    expect(press('noah', 1)).toBe('moved');
    expect(press('nina', 2)).toBe('moved');
    expect(cancel(factsOf(after, 'cora'), { revision: 1, reason }).kind).toBe('moved');
  });

  it('takes a form that was opened before the day was over', () => {
    const late = actionIn(tick(timerFacts(opened(), opened().climbsAt)));
    expect(late.revision).toBe(2);
    expect(done(factsOf(late, 'nina', late.climbsAt), { revision: 1, proof }).kind).toBe('change');
    const typed = { due: '2026-12-01', reason };
    expect(move(factsOf(late, 'nina', late.climbsAt), { revision: 1, typed }).kind).toBe('change');
  });
});

describe('Undo, when Done was pressed by mistake', () => {
  const isDone = (action = opened(), who = 'nina') =>
    actionIn(changeIn(done(factsOf(action, who), { revision: action.revision, proof })));
  const press = (action: Action, who: string, now = NOW) =>
    reopen(factsOf(action, who, now), { revision: action.revision });

  it('opens it again as it was, with its reminder, and tells whoever was told that it is done', () => {
    const before = opened();
    const change = changeIn(press(isDone(before), 'nina'));
    const { last: _, ...after } = actionIn(change);
    expect(after).toEqual({ ...before, revision: 3, lists: expect.anything() });
    expect(change.timers).toMatchObject([{ due: before.remindAt }]);
    expect(change.events).toMatchObject([{ type: 'action.reopened', by: { person: 'nina' } }]);
    const told = change.notices?.flatMap((one) => (one.form === 'tell' ? [[one.line, one.route]] : []));
    expect(told).toEqual([['action.reopened', { to: 'person', person: 'cora' }]]);
  });

  it('is for ten minutes, and for whoever pressed Done alone', () => {
    const after = isDone();
    const code = (who: string, now: string): string => {
      try {
        return press(after, who, now).kind;
      } catch (error) {
        if (error instanceof Refused) return error.code;
        throw error;
      }
    };
    const end = plusMs(NOW, 10 * 60_000);
    expect(code('nina', end)).toBe('change');
    expect(code('nina', plusMs(end, 1))).toBe('too-late');
    for (const who of ['noah', 'cora', 'lena', 'wim']) expect(code(who, NOW)).toBe('not-yours');
    expect(mayReopen(factsOf(after, 'nina', end))).toBe(true);
    expect(mayReopen(factsOf(after, 'nina', plusMs(end, 1)))).toBe(false);
    expect(mayReopen(factsOf(after, 'noah'))).toBe(false);
    expect(mayReopen(factsOf(opened(), 'nina'))).toBe(false);
  });

  it('of an earlier Done that comes a second time leaves the Done after it as it is', () => {
    const open = actionIn(changeIn(press(isDone(), 'nina')));
    if (open.state !== 'open') throw new Error('it was not opened again');
    const doneAgain = isDone(open);
    expect(reopen(factsOf(doneAgain, 'nina'), { revision: 2 }).kind).toBe('moved');
    expect(reopen(factsOf(doneAgain, 'nina'), { revision: 4 }).kind).toBe('change');
  });

  it('is not done again by a press that comes a second time, but by a new one', () => {
    const open = actionIn(changeIn(press(isDone(), 'nina')));
    expect(reopen(factsOf(open, 'nina'), { revision: 2 }).kind).toBe('done');
    expect(done(factsOf(open, 'nina'), { revision: 1, proof }).kind).toBe('moved');
    expect(done(factsOf(open, 'nina'), { revision: 3, proof }).kind).toBe('change');
    const cancelled = actionIn(changeIn(cancel(factsOf(open, 'cora'), { revision: 3, reason })));
    expect(press(cancelled, 'nina').kind).toBe('moved');
  });
});

describe('its timer', () => {
  it('reminds the owner once, and then waits for the day to be over', () => {
    const action = opened();
    const early = plusMs(action.remindAt ?? '', -1);
    expect(tick(timerFacts(action, early))).toBeUndefined();
    const change = tick(timerFacts(action, action.remindAt ?? ''));
    expect(change?.notices).toMatchObject([
      { form: 'tell', line: 'action.reminder', refs: { due: '2026-11-27' } },
    ]);
    expect(change?.timers?.[0]?.due).toBe(action.climbsAt);
    const reminded = actionIn(change);
    expect(reminded.revision).toBe(1);
    expect(tick(timerFacts(reminded, plusMs(action.climbsAt, -1)))).toBeUndefined();
  });

  it('makes it overdue once; an outage that outlasted the reminder does not bring it late', () => {
    const action = opened();
    const change = tick(timerFacts(action, action.climbsAt));
    expect(actionIn(change)).toMatchObject({ overdueAt: action.climbsAt, revision: 2 });
    expect(change?.notices?.filter(({ form }) => form === 'tell')).toEqual([]);
    expect(change?.timers?.[0]?.due).toBeNull();
    const again = tick(timerFacts(actionIn(change), plusMs(action.climbsAt, DAY_MS)));
    expect(again?.events).toBeUndefined();
    expect(again?.timers?.[0]?.due).toBeNull();
  });
});

/** Anything that can happen to an action, at any time. */
const happening = fc.record({
  what: fc.constantFrom(
    'tick',
    'tick',
    'tick',
    'tick',
    'owner',
    'owner',
    'owner',
    'day',
    'both',
    'done',
    'reopen',
    'reopen',
    'reopen',
    'cancel',
  ),
  who: fc.constantFrom('cora', 'lena', 'nina', 'noah', 'wim', 'both'),
  wait: fc.oneof(fc.integer({ min: 0, max: 3 * DAY_MS }), fc.integer({ min: 0, max: 15 * 60_000 })),
  owner: fc.constantFrom(
    'hospice||nina',
    'hospice||',
    'charity||wim',
    'prime|coordinator|',
    'hospice|nurse|',
  ),
  ahead: fc.integer({ min: 0, max: 6 }),
});

describe('whatever happens to an action', () => {
  it('is begun and ended on the ladder in turn, waits for a timer while it does not climb, and never loses its owner', () => {
    const met = { begun: 0, ended: 0, turned: 0, closed: 0, reopened: 0 };
    fc.assert(
      fc.property(fc.array(happening, { minLength: 3, maxLength: 40, size: 'max' }), (all) => {
        let action: Action = opened();
        let now = NOW;
        let running = false;
        for (const { what, who, wait, owner, ahead } of all) {
          now = plusMs(now, wait);
          const due = plusMs(now, ahead * DAY_MS).slice(0, 10);
          const typed = { reason, ...(what !== 'owner' && { due }), ...(what !== 'day' && { owner }) };
          const press = { revision: action.revision, reason, proof, typed };
          // Whoever did it takes it back; nobody else may.
          const by = action.state === 'done' && 'person' in action.doneBy ? action.doneBy.person : who;
          const facts = factsOf(action, what === 'reopen' ? by : who, now);
          let change: ReturnType<typeof tick>;
          try {
            const verdict =
              what === 'tick'
                ? undefined
                : what === 'done'
                  ? done(facts, press)
                  : what === 'reopen'
                    ? reopen(facts, press)
                    : what === 'cancel'
                      ? cancel(facts, press)
                      : move(facts, press);
            change =
              verdict === undefined
                ? tick(timerFacts(action, now))
                : verdict.kind === 'change'
                  ? verdict.change
                  : undefined;
          } catch (error) {
            if (error instanceof Invalid || error instanceof Refused) continue;
            throw error;
          }
          if (!change) continue;
          const after = actionIn(change);
          for (const step of ladderSteps(action, after, terms)) {
            expect(running).toBe(step.do !== 'begin');
            running = step.do !== 'end';
            if (step.do === 'begin') met.begun++;
            if (step.do === 'end') met.ended++;
            if (step.do === 'turn') met.turned++;
          }
          expect(running).toBe(climbs(after));
          expect(after.revision).toBeGreaterThanOrEqual(action.revision);
          const waits = after.state === 'open' && !climbs(after);
          expect(change.timers).toHaveLength(1);
          expect(change.timers?.[0]?.due !== null).toBe(waits);
          if (action.state !== 'open' && after.state !== 'open') expect(after).toEqual(action);
          if (action.state !== 'open' && after.state === 'open') met.reopened++;
          if (after.state !== 'open') met.closed++;
          expect(terms.providers.map(({ id }) => id)).toContain(after.owner.provider);
          action = after;
        }
      }),
      { numRuns: 600, seed: 67 },
    );
    console.log(`actions: ${JSON.stringify(met)}`);
    for (const count of Object.values(met)) expect(count).toBeGreaterThan(20);
  });
});
