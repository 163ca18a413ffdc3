import { expect, it } from 'vitest';
import { readDate, typedDate } from '../../../src/core/wording.ts';

it.each([
  ['07/03/1942', '1942-03-07'],
  ['7/3/1942', '1942-03-07'],
  [' 7.3.1942 ', '1942-03-07'],
  ['7-3-1942', '1942-03-07'],
  ['7 March 1942', '1942-03-07'],
  ['7th Mar, 1942', '1942-03-07'],
  ['1942-03-07', '1942-03-07'],
  ['29/02/1944', '1944-02-29'],
  ['29/02/1943', undefined],
  ['31/04/1942', undefined],
  ['7/3/42', undefined],
  ['13/13/1942', undefined],
  ['7 Smarch 1942', undefined],
  ['March 1942', undefined],
  ['', undefined],
])('reads %j, day first, as %s', (typed, date) => {
  expect(readDate(typed)).toBe(date);
  if (date !== undefined) expect(readDate(typedDate(date))).toBe(date);
});
