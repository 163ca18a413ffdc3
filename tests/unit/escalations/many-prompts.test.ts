import { expect, it } from 'vitest';
import type { Change } from '../../../src/core/change.ts';
import { acknowledge } from '../../../src/escalations/answers.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import { live, promptSubject } from '../../../src/escalations/escalation.ts';
import { MOST_ASKED } from '../../../src/escalations/raise.ts';
import { begin, end, step } from '../../../src/escalations/rules.ts';
import { MAX_WRITES } from '../../../src/store/store.ts';
import { terms } from '../../support/pathway.ts';
import { at, begun, ground, matter, stands } from './ground.ts';

/** Somebody says "I'm on it" again and again, for two days. */
function longHeld(): Escalation {
  const needBy = '2026-11-27T14:30:00.000Z';
  let one = begun({}, 'unanswered', { needBy });
  let now = one.startedAt;
  for (let times = 0; times < 80; times++) {
    const asked = one.raisings.at(-1);
    if (!asked) throw new Error('nobody is asked');
    one = stands(acknowledge(ground({ now }), one, asked.n, 'nina'));
    now = one.raisings.at(-1)?.acknowledged?.until ?? now;
    one = stands(step(ground({ now }), one));
  }
  return one;
}

const shownBy = (change: Change | undefined): string[] =>
  (change?.notices ?? []).filter(({ form }) => form === 'show').map(({ subject }) => subject);

it('however often it was asked, its end fits one commit, and every prompt that still asks is changed', () => {
  const long = longHeld();
  const asking = long.raisings.filter(({ state }) => state === 'waiting' || state === 'acknowledged');
  expect(long.raisings.length).toBeGreaterThan(MAX_WRITES / 2);
  expect(asking.length).toBeGreaterThan(0);
  const ended = end(ground({ now: '2026-11-26T14:30:00.000Z' }), long, 'accepted');
  const shown = shownBy(ended);
  // The handover's own documents, cards and lines go into the same commit.
  expect(shown.length).toBeLessThanOrEqual(MAX_WRITES - 30);
  for (const { n } of asking) expect(shown).toContain(promptSubject(long.subject, n));
  expect(shown).toContain(promptSubject(long.subject, long.raisings.length - 1));
});

const many = (role: string): string[] => Array.from({ length: 90 }, (_, at) => `${role}-${at}`);
const writesOf = ({ documents = [], events = [], notices = [], timers = [] }: Change = {}): number =>
  documents.length + events.length + notices.length + timers.length;

it('however many are on duty, a climb and its end fit one commit', () => {
  const duty = {
    hospice: { nurse: many('nurse') },
    prime: { lead: many('lead'), coordinator: many('desk') },
  };
  const began = begin(ground({ duty }), matter(), 'unanswered', undefined, undefined);
  const up = step(ground({ duty, now: at(30) }), stands(began));
  const over = end(ground({ duty, now: at(31) }), stands(up), 'accepted');
  expect(live(stands(up)).map(({ asked }) => asked.length)).toEqual([MOST_ASKED, MOST_ASKED]);
  for (const change of [began, up, over]) {
    console.log(`${writesOf(change)} writes`);
    expect(writesOf(change)).toBeLessThanOrEqual(MAX_WRITES - 20);
  }
});

it.each([1, 2, 3, 4])(
  'also with %i rungs beside the clinical one, and every card that asks is changed',
  (count) => {
    const [contract] = terms.ladder.rungs.filter(({ beside }) => beside !== undefined);
    if (!contract) throw new Error('a rung runs beside');
    const beside = Array.from({ length: count }, (_, at) => ({ ...contract, id: `contract-${at}` }));
    const rungs = [...terms.ladder.rungs.filter(({ id }) => id !== contract.id), ...beside];
    const agreed = { ...terms, ladder: { ...terms.ladder, rungs } };
    const duty = {
      hospice: { nurse: many('nurse'), manager: many('manager') },
      prime: { lead: many('lead'), coordinator: many('desk') },
    };
    const began = begin(ground({ duty, agreed }), matter(), 'unanswered', undefined, undefined);
    const up = step(ground({ duty, agreed, now: at(30) }), stands(began));
    const over = end(ground({ duty, agreed, now: at(31) }), stands(up), 'accepted');
    const asking = live(stands(up)).filter(({ asked }) => asked.length > 0);
    expect(asking.length).toBeGreaterThan(count);
    for (const change of [began, up, over]) expect(writesOf(change)).toBeLessThanOrEqual(MAX_WRITES - 20);
    const cards = asking.reduce((sum, { asked }) => sum + asked.length, 0);
    expect(shownBy(over).filter((subject) => asking.some(({ n }) => subject.endsWith(`#${n}`)))).toHaveLength(
      cards,
    );
  },
);
