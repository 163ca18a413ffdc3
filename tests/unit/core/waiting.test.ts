import { expect, it } from 'vitest';
import { type WaitingRow, waitingCard } from '../../../src/core/waiting.ts';

const row = (who: string, about?: string): WaitingRow => ({
  who,
  lines: [],
  standing: '',
  late: false,
  button: { title: 'View', verb: 'case.take', data: {} },
  ...(about !== undefined && { about }),
});
const more = { title: 'All', verb: 'unowned.list', data: {} };

it('what waits in two ways is shown once, where it comes first, and other things of the same case still', () => {
  const card = waitingCard([
    { title: 'You are asked about', count: 2, rows: [row('A', 'A|handover:h1'), row('B', 'B|unowned:case')] },
    { title: 'Handovers', count: 2, rows: [row('A', 'A|handover:h1'), row('A', 'A|handover:h2')] },
    { title: 'Actions', count: 2, rows: [row('X'), row('X')] },
    { title: 'Cases', count: 1, rows: [row('B', 'B|unowned:case')], more },
  ]);
  const { parts } = card.data as { parts: { title: string; rows: { who: string }[] }[] };
  expect(parts.map(({ title, rows }) => [title, rows.map(({ who }) => who)])).toEqual([
    ['You are asked about: 2', ['A', 'B']],
    ['Handovers: 1', ['A']],
    ['Actions: 2', ['X', 'X']],
  ]);
});

it('a list of which all that is shown stands above is still offered where it goes on', () => {
  const card = waitingCard([
    { title: 'You are asked about', count: 1, rows: [row('B', 'B|unowned:case')] },
    { title: 'Cases', count: 3, rows: [row('B', 'B|unowned:case')], more },
  ]);
  expect(card.summary).toBe('Waiting for you: you are asked about 1, cases 2.');
});
