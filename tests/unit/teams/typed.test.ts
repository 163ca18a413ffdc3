import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypedRoute } from '../../../src/core/routes.ts';
import { readTyped, slipsBetween } from '../../../src/teams/typed.ts';

const routes: TypedRoute[] = ['/help', '/mine', '/handover', '/handovers', '/case', '/people', '/bind'].map(
  (command) => ({ command, usage: '', help: '', run: async () => ({ kind: 'text', text: '' }) }),
);
const read = (text: string) => {
  const typed = readTyped(text, routes);
  return typed.kind === 'command' ? `${typed.route.command}|${typed.args}` : typed;
};

describe('reading what was typed', () => {
  it.each([
    ['/handovers', '/handovers|'],
    ['handovers', '/handovers|'],
    ['  /HandOvers   open ', '/handovers|open'],
    ['/case 7K2-04', '/case|7K2-04'],
    ['bind St Annes', '/bind|St Annes'],
  ])('reads %j as %j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['/handvoers', '/handovers'],
    ['/hanover', '/handover'],
    ['handoverss', '/handovers'],
    ['hlep', '/help'],
    ['/csae 7K2-04', '/case'],
    ['/peopel', '/people'],
  ])('answers %j with %j', (text, nearest) => {
    expect(read(text)).toEqual({ kind: 'unknown', nearest });
  });

  it.each(['/weather', 'what is this', '/xyzzy', '😀', 'a'.repeat(10_000)])(
    'guesses nothing for %.20s',
    (text) => {
      expect(read(text)).toEqual({ kind: 'unknown', nearest: undefined });
    },
  );

  it.each(['', '   ', '/', ' / '])('takes %j for nothing typed', (text) => {
    expect(read(text)).toEqual({ kind: 'empty' });
  });
});

describe('slips between two words', () => {
  const word = fc.string({ maxLength: 12 });

  it('are none for the same word, as many there as back, and never more than the longer word', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const slips = slipsBetween(a, b);
        expect(slips === 0).toBe(a === b);
        expect(slipsBetween(b, a)).toBe(slips);
        expect(slips).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('count a letter left out and two letters swapped as one', () => {
    expect(slipsBetween('hanover', 'handover')).toBe(1);
    expect(slipsBetween('hlep', 'help')).toBe(1);
  });
});
