import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../src/core/errors.ts';
import { close } from '../../../src/safeguarding/closing.ts';
import { type Concern, shownPeople } from '../../../src/safeguarding/concern.ts';
import { decide } from '../../../src/safeguarding/decide.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { openTodos } from '../../../src/safeguarding/todo.ts';
import { endTodo, remindTodos, setTodo } from '../../../src/safeguarding/todos.ts';
import { line } from '../../../src/safeguarding/words.ts';
import { terms } from '../../support/pathway.ts';
import { factsOf, left, noticesOf } from './changes.ts';
import { NOW, raised } from './fixture.ts';

type Inputs = Record<string, string>;
const INPUTS = { what: 'Visit her, with her daughter there.', owner: 'dora', due: '2026-11-27' };
const sent = raised();
const acknowledged = left(acknowledge(factsOf(sent, 'sana')), sent);
const set = (concern: Concern, over: Inputs = {}): Concern =>
  left(setTodo(factsOf(concern, 'sana'), { ...INPUTS, ...over }, 99), concern);
const over = (concern: Concern, inputs: Inputs, who = 'dora') =>
  endTodo(factsOf(concern, who), { outcome: 'done', text: 'She is well.', ...inputs });
const fieldsOf = (doing: () => unknown): string[] => {
  try {
    doing();
  } catch (error) {
    if (error instanceof Invalid) return error.problems.map(({ field }) => field);
    throw error;
  }
  return [];
};
const tells = (change: ReturnType<typeof remindTodos>) =>
  (change?.notices ?? []).flatMap((one) =>
    one.form === 'tell' && one.route.to === 'person' ? [[one.route.person, one.line, one.refs?.n]] : [],
  );

describe('an action of a concern', () => {
  const table: readonly [string, Inputs, readonly string[]][] = [
    ['everything', {}, []],
    ['nothing', { what: '', owner: '', due: '' }, ['what', 'owner', 'due']],
    ['somebody who does not answer for concerns', { owner: 'nina' }, ['owner']],
    ['whoever raised it', { owner: 'wim' }, ['owner']],
    ['yesterday', { due: '2026-11-23' }, ['due']],
    ['today', { due: '2026-11-24' }, []],
    ['a day that is none', { due: '2026-02-30' }, ['due']],
    ['another century', { due: '2126-11-24' }, ['due']],
  ];
  it.each(table)('with %s', (_name, inputs, fields) => {
    expect(fieldsOf(() => set(acknowledged, inputs))).toEqual(fields);
  });

  it('tells its owner at once, with a card to open it by, and leaves no word in its event', () => {
    const verdict = setTodo(factsOf(acknowledged, 'sana'), INPUTS, 99);
    const after = left(verdict, acknowledged);
    expect(shownPeople(acknowledged)).not.toContain('dora');
    expect(noticesOf(verdict).map(({ form, route }) => [form, route])).toEqual(
      expect.arrayContaining([
        ['show', { to: 'person', person: 'dora' }],
        ['tell', { to: 'person', person: 'dora' }],
      ]),
    );
    expect(verdict.kind === 'change' && JSON.stringify(verdict.change.events)).not.toContain('daughter');
    const said = line('concern.action', after, terms, { n: '1' }) ?? '';
    expect(said).toContain('Concern 7K2-M4Z');
    expect(said).not.toContain('daughter');
  });

  it('is one when its form is sent twice', () => {
    const once = set(acknowledged);
    expect(setTodo(factsOf(once, 'sana'), INPUTS, acknowledged.revision)).toEqual({ kind: 'done' });
    expect(set(once).todos?.all).toHaveLength(2);
  });

  it('is nobody’s who may not know of the concern, and waits for its acknowledgement', () => {
    expect(() => set(sent)).toThrow('Acknowledge the concern first');
    const about = { ...acknowledged, staff: 'yes' as const, named: [{ person: 'dora' }] };
    expect(fieldsOf(() => set(about))).toEqual(['owner']);
  });

  it('is done once, by anybody who answers for it, and holds the concern open until then', () => {
    const decided = left(
      decide(
        factsOf(set(acknowledged), 'sana'),
        {
          police: 'no',
          policeWhy: 'No crime.',
          authority: 'no',
          authorityWhy: 'At her wish.',
          met: 'fully',
          risk: 'removed',
          rationale: 'She decides it.',
        },
        99,
      ),
      acknowledged,
    );
    expect(() => close(factsOf(decided, 'sana'), { reason: 'protected' })).toThrow('not done yet');
    expect(fieldsOf(() => over(decided, { which: '7', outcome: 'x', text: '' }))).toEqual([
      'which',
      'outcome',
      'text',
    ]);
    const after = left(over(decided, { which: '1' }), decided);
    expect(openTodos(after)).toEqual([]);
    expect(over(after, { which: '1' })).toEqual({ kind: 'done' });
    expect(() => over(after, { which: '1' }, 'sana')).toThrow('recorded already');
    expect(line('concern.action-due', after, terms, { n: '1' })).toBeUndefined();
    expect(left(close(factsOf(after, 'sana'), { reason: 'protected' }), after).closed).toBeDefined();
  });
});

describe('its reminders', () => {
  it('come on the morning of its day, and each working morning after it', () => {
    const concern = set(acknowledged);
    expect(concern.todos?.next).toBe('2026-11-27T09:00:00.000Z');
    expect(remindTodos(concern, terms, NOW)).toBeUndefined();
    const change = remindTodos(concern, terms, '2026-11-27T09:00:00.000Z');
    expect(tells(change)).toEqual([['dora', 'concern.action-due', '1']]);
    const after = change?.documents?.[0] as Concern;
    expect(after.todos?.next).toBe('2026-11-30T09:00:00.000Z');
    expect(remindTodos(after, terms, '2026-11-27T09:00:00.000Z')).toBeUndefined();
  });

  it('go to the lead and the deputy where its owner has left or may not know any more', () => {
    const concern = set(acknowledged, { owner: 'olu' });
    const gone = { ...terms, people: terms.people.filter(({ key }) => key !== 'olu') };
    const morning = '2026-11-27T09:00:00.000Z';
    expect(tells(remindTodos(concern, terms, morning)).map(([person]) => person)).toEqual(['olu']);
    expect(tells(remindTodos(concern, gone, morning)).map(([person]) => person)).toEqual(['sana', 'dora']);
    const about = { ...concern, staff: 'yes' as const, named: [{ person: 'olu' }] };
    expect(tells(remindTodos(about, terms, morning)).map(([person]) => person)).toEqual(['sana', 'dora']);
  });

  it('are always ahead while an action is open, whatever the days and whenever one is done', () => {
    const days = fc.integer({ min: 0, max: 60 }).map((n) => {
      const day = new Date(Date.parse('2026-11-24T00:00:00Z') + n * 86_400_000);
      return day.toISOString().slice(0, 10);
    });
    fc.assert(
      fc.property(fc.array(days, { minLength: 1, maxLength: 6 }), fc.nat({ max: 5 }), (all, done) => {
        let concern = acknowledged;
        for (const due of all) concern = set(concern, { due });
        if (done < all.length) concern = left(over(concern, { which: String(done + 1) }), concern);
        let fired = 0;
        for (let at = concern.todos?.next; at !== undefined && fired < 90; fired += 1) {
          const change = remindTodos(concern, terms, at);
          expect(tells(change).length).toBe(1);
          concern = change?.documents?.[0] as Concern;
          const next = concern.todos?.next;
          expect(next !== undefined && next > at).toBe(true);
          at = next;
        }
        expect(fired).toBe(openTodos(concern).length > 0 ? 90 : 0);
      }),
      { numRuns: 25 },
    );
  });
});
