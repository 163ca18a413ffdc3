import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agendaOf, ITEMS, type Item, type Open } from '../../../src/safeguarding/agenda.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const BEFORE = '2026-11-20T10:00:00.000Z';
const AFTER = '2026-11-24T10:00:00.000Z';
const one = (concernId: string, over: Partial<Open> = {}): Open => ({
  concernId,
  raisedAt: BEFORE,
  urgent: false,
  decidedAt: BEFORE,
  actionsDue: [],
  answersDue: [],
  ...over,
});
const { decidedAt: _, ...undecided } = one('undecided');

describe('agendaOf', () => {
  it.each<[string, Partial<Open>, Item]>([
    ['an action that is due later', { actionsDue: [AFTER] }, 'open'],
    ['an action that was due this minute', { actionsDue: [AFTER, NOW] }, 'overdue'],
    ['an answer that has time', { answersDue: [AFTER] }, 'open'],
    ['an answer whose time is up', { answersDue: [BEFORE] }, 'chase'],
    ['a review that is due later', { reviewAt: AFTER }, 'open'],
    ['a review that is due', { reviewAt: NOW }, 'review'],
    ['a review and a chase', { reviewAt: NOW, answersDue: [BEFORE] }, 'chase'],
    ['both', { actionsDue: [BEFORE], answersDue: [BEFORE] }, 'overdue'],
  ])('puts %s where it belongs', (_name, over, item) => {
    expect(agendaOf([one('a', over)], NOW)[0]?.items[0]).toBe(item);
  });

  it('says of one without a decision what else there is', () => {
    const found = agendaOf([{ ...undecided, actionsDue: [BEFORE], answersDue: [BEFORE] }], NOW);
    expect(found).toEqual([{ concernId: 'undecided', items: ['undecided', 'overdue', 'chase'] }]);
  });

  it('begins with those without a decision, and in each item with danger and then the oldest', () => {
    const found = agendaOf(
      [
        one('rest'),
        one('chase', { answersDue: [BEFORE] }),
        one('overdue', { actionsDue: [BEFORE] }),
        { ...undecided, concernId: 'young', raisedAt: NOW },
        { ...undecided, concernId: 'old' },
        { ...undecided, concernId: 'danger', raisedAt: NOW, urgent: true },
      ],
      NOW,
    );
    expect(found.map(({ concernId }) => concernId)).toEqual([
      'danger',
      'old',
      'young',
      'overdue',
      'chase',
      'rest',
    ]);
  });

  it('has each open concern once, in the same order however they come', () => {
    const open = fc.uniqueArray(
      fc.record(
        {
          concernId: fc.string({ minLength: 1 }),
          raisedAt: fc.constantFrom(BEFORE, NOW),
          urgent: fc.boolean(),
          decidedAt: fc.constant(BEFORE),
          actionsDue: fc.subarray([BEFORE, AFTER]),
          answersDue: fc.subarray([BEFORE, AFTER]),
        },
        { requiredKeys: ['concernId', 'raisedAt', 'urgent', 'actionsDue', 'answersDue'] },
      ),
      { selector: ({ concernId }) => concernId, minLength: 2 },
    );
    fc.assert(
      fc.property(open, (all) => {
        const found = agendaOf(all as readonly Open[], NOW);
        expect(found.map(({ concernId }) => concernId).sort()).toEqual(
          all.map(({ concernId }) => concernId).sort(),
        );
        expect(agendaOf([...all].reverse() as readonly Open[], NOW)).toEqual(found);
        const places = found.map(({ items }) => Object.keys(ITEMS).indexOf(items[0]));
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
    );
  });
});
