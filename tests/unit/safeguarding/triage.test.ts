import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../src/core/errors.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import type { TriageOutcome } from '../../../src/safeguarding/entries.ts';
import type { Facts } from '../../../src/safeguarding/facts.ts';
import { mayTriage, openOf, triage } from '../../../src/safeguarding/triage.ts';
import { actor, terms } from '../../support/pathway.ts';
import { raised } from './fixture.ts';

const NOW = '2026-11-24T17:10:00.000Z';
const facts = (concern: Concern = raised(), now = NOW): Facts => ({
  concern,
  actor: actor('sana'),
  knows: 'safeguarding',
  today: terms,
  now,
});
const SAID = { outcome: 'continues', words: 'Sana rings the daughter.', reviewOn: '2026-12-01' };
/** The concern as this outcome leaves it, with its event. */
function recorded(given: Facts, inputs = SAID, revision = given.concern.revision) {
  const verdict = triage(given, inputs, revision);
  if (verdict.kind !== 'change') throw new Error(verdict.kind);
  const { documents = [], events = [] } = verdict.change;
  return { concern: documents[0] as Concern, events };
}

describe('the outcome of a meeting', () => {
  it('stands beside those before, each as it was recorded', () => {
    const first = recorded(facts()).concern;
    const second = recorded(facts(first), { ...SAID, outcome: 'close', words: 'Done.' }).concern;
    expect(second.triages).toMatchObject([
      { n: 1, ...SAID, by: { person: 'sana', role: 'safeguarding' }, at: NOW },
      { n: 2, outcome: 'close', words: 'Done.' },
    ]);
    expect(second.triages?.[0]).toEqual(first.triages?.[0]);
  });

  it('is an event without a word of what was said', () => {
    const { events, concern } = recorded(facts());
    expect(events).toMatchObject([
      {
        type: 'concern.triaged',
        data: { concern: concern.concernId, n: 1, outcome: 'continues', reviewOn: '2026-12-01' },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('daughter');
  });

  it('is one when its form is sent twice, and another when it says something else', () => {
    const before = raised();
    const { concern } = recorded(facts(before));
    expect(triage(facts(concern), SAID, before.revision)).toEqual({ kind: 'done' });
    const other = recorded(facts(concern), { ...SAID, words: 'Somebody else said more.' }, before.revision);
    expect(other.concern.triages).toHaveLength(2);
  });

  it.each<[string, Partial<Record<keyof typeof SAID, string>>]>([
    ['outcome', { outcome: '' }],
    ['outcome', { outcome: 'toString' }],
    ['words', { words: '  ' }],
    ['words', { words: 'x'.repeat(4_001) }],
    ['reviewOn', { reviewOn: '' }],
    ['reviewOn', { reviewOn: '2026-02-31' }],
    ['reviewOn', { reviewOn: '2026-11-23' }],
    ['reviewOn', { reviewOn: '2028-01-01' }],
  ])('needs a right %s', (field, wrong) => {
    const doing = () => triage(facts(), { ...SAID, ...wrong }, 1);
    expect(doing).toThrow(Invalid);
    try {
      doing();
    } catch (error) {
      expect((error as Invalid).problems.map((one) => one.field)).toEqual([field]);
    }
  });

  it('can be reviewed today', () => {
    const { concern } = recorded(facts(), { ...SAID, reviewOn: '2026-11-24' });
    expect(concern.triages).toHaveLength(1);
  });

  it('is not recorded of a closed concern, nor by whoever raised it', () => {
    const closed = { ...raised(), closed: { by: { person: 'sana', name: 'Sana' }, at: NOW } };
    expect(() => mayTriage(facts(closed))).toThrow('This concern is closed.');
    expect(() => triage({ ...facts(), knows: 'raiser' }, SAID, 1)).toThrow('You raised this concern');
  });
});

describe('the concern on the agenda', () => {
  it('has the last review, from the beginning of its day, and the authority that is to answer', () => {
    const outcome: TriageOutcome = 'chase';
    const by = { person: 'sana', name: 'Sana' };
    const one = { n: 1, by, at: NOW, outcome, words: 'Rings.' };
    const concern: Concern = {
      ...raised(),
      triages: [
        { ...one, reviewOn: '2027-06-30' },
        { ...one, n: 2, reviewOn: '2027-07-01' },
      ],
      chase: { n: 1, due: '2026-11-27T17:00:00.000Z', next: '2026-11-27T17:00:00.000Z', reminded: 0 },
    };
    expect(openOf(concern, terms)).toMatchObject({
      reviewAt: '2027-06-30T23:00:00.000Z',
      answersDue: ['2026-11-27T17:00:00.000Z'],
    });
    const todo = { what: 'Rings her.', owner: 'sana', due: '2026-11-25', by, at: NOW };
    const todos = {
      all: [
        { ...todo, n: 1, dueAt: '2026-11-26T00:00:00.000Z' },
        { ...todo, n: 2, dueAt: '2026-11-27T00:00:00.000Z' },
      ],
      over: [{ n: 1, outcome: 'done' as const, text: 'Done.', by, at: NOW }],
    };
    expect(openOf({ ...raised(), todos }, terms).actionsDue).toEqual(['2026-11-27T00:00:00.000Z']);
    expect(openOf(raised(), terms)).not.toHaveProperty('reviewAt');
  });
});
