import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRegisterId, readRegisterId } from '../../../src/core/register-id.ts';

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const someId = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 5, maxLength: 5 }).map((numbers) => {
  let at = 0;
  return newRegisterId(() => (numbers[at++] ?? 0) / 32);
});

describe('a register id', () => {
  it('is six symbols shown in two threes, and reads back', () => {
    fc.assert(
      fc.property(someId, (id) => {
        expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}$/);
        expect(readRegisterId(id)).toBe(id);
      }),
    );
  });

  it('is read in any case, spaced, without its hyphen, with O for 0 and I or L for 1', () => {
    fc.assert(
      fc.property(someId, (id) => {
        expect(readRegisterId(` ${id.toLowerCase().replace('-', ' ')} `)).toBe(id);
        expect(readRegisterId(id.replace('-', ''))).toBe(id);
        expect(readRegisterId(id.replaceAll('0', 'o').replaceAll('1', 'I'))).toBe(id);
        expect(readRegisterId(id.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(id);
      }),
    );
  });

  it('never differs from another in one symbol only', () => {
    let tried = 0;
    fc.assert(
      fc.property(someId, (id) => {
        for (const at of [0, 1, 2, 4, 5, 6]) {
          for (const symbol of SYMBOLS) {
            if (id[at] === symbol) continue;
            expect(readRegisterId(id.slice(0, at) + symbol + id.slice(at + 1))).toBeUndefined();
            tried += 1;
          }
        }
      }),
    );
    expect(tried).toBeGreaterThanOrEqual(100 * 6 * 31);
  });

  it.each(['', '7K2', '7K2-M4XX', '7K2-M4U', 'hello!', '943 476 5919', '/mine'])('is not "%s"', (text) =>
    expect(readRegisterId(text)).toBeUndefined(),
  );
});
