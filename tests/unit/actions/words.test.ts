import { describe, expect, it } from 'vitest';
import type { Open } from '../../../src/actions/action.ts';
import { requiredText } from '../../../src/actions/facts.ts';
import { cancel, done } from '../../../src/actions/rules.ts';
import { fromText, ownerText, shortText, soonText, standingText } from '../../../src/actions/words.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { terms } from '../../support/pathway.ts';
import { actionIn, changeIn, DAY_MS, factsOf, NOW, opened } from './fixture.ts';

it.each([
  [{ provider: 'hospice', person: 'nina' }, 'Nina Test, St Test Hospice'],
  [{ provider: 'hospice', role: 'nurse' }, 'Duty nurse, St Test Hospice'],
  [{ provider: 'hospice' }, 'St Test Hospice'],
  // Agreed no more.
  [{ provider: 'hospice', role: 'porter' }, 'porter, St Test Hospice'],
])('an owner reads %j', (owner, text) => {
  expect(ownerText(owner, terms)).toBe(text);
});

it.each([
  ['2026-11-24', 'today'],
  ['2026-11-25', 'tomorrow'],
  ['2026-11-26', 'Thu 26 Nov'],
])('%s is soon as %s', (day, text) => {
  expect(soonText(day, NOW, terms.zone)).toBe(text);
});

it('says out of what it came, with the case where there is one', () => {
  expect(fromText({ from: { kind: 'meeting' } })).toBe('From a meeting');
  expect(fromText({ from: { kind: 'list' } })).toBe('From a caseload list');
  expect(fromText({ from: { kind: 'list', provider: 'harbour' } })).toBe(
    'From a caseload list: check that the first one was whole',
  );
  expect(fromText({ from: { kind: 'handover', caseId: '7K2-XYZ' } })).toBe('From a handover, case 7K2-XYZ');
});

describe('how it stands', () => {
  const action = opened();
  const over = plusMs(NOW, 4 * DAY_MS);
  const ended = (change: Parameters<typeof changeIn>[0]) => actionIn(changeIn(change));

  it('is its day while that is to come, and that it climbs once it does', () => {
    const climbing: Open = { ...action, overdueAt: over };
    expect(standingText(action, terms, NOW)).toBe('Due Fri 27 Nov');
    expect(standingText(action, terms, over)).toBe('Overdue: it was due Fri 27 Nov');
    expect(standingText(climbing, terms, over)).toBe('Overdue: it was due Fri 27 Nov, and climbs the ladder');
  });

  it('names who ended it, and when', () => {
    const facts = factsOf(action, 'cora');
    const finished = ended(done(facts, { revision: 1, proof: 'Seen' }));
    const cancelled = ended(cancel(facts, { revision: 1, reason: 'Not needed' }));
    expect(standingText(finished, terms, NOW)).toBe('Done by Cora Test, 10:00 today');
    expect(standingText(cancelled, terms, NOW)).toBe('Cancelled by Cora Test, 10:00 today');
  });
});

it.each([
  ['as it is', 5, 'as i…'],
  ['as it is', 8, 'as it is'],
  ['as\n\n it  is', 8, 'as it is'],
  ['👩‍⚕️ and more', 2, '👩…'],
])('%j in %i characters is %j', (text, most, short) => {
  expect(shortText(text, most)).toBe(short);
  expect([...shortText(text, most)].length).toBeLessThanOrEqual(most);
});

it('takes a text of as many characters as it says, and no more', () => {
  expect(requiredText('what', 'x'.repeat(10), 'Write it.', 10)).toEqual([]);
  expect(requiredText('what', 'x'.repeat(1_001), 'Write it.', 1_000)).toEqual([
    { field: 'what', message: 'Use at most 1,000 characters; this has 1001.' },
  ]);
});
