import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkNhsNumber,
  formatNhsNumber,
  looksLikeNhsNumber,
  normaliseNhsNumber,
} from '../../../src/core/nhs-number.ts';

const VALID = ['9434765919', '4010232137', '9449306613', '9476719931', '9990000018', '9990000050'];
const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));

describe('the NHS number check', () => {
  it.each(VALID)('accepts %s', (number) => expect(checkNhsNumber(number)).toBe('valid'));

  it.each(['9434765918', '3478526985', '943476591', '94347659190', '943476591A', 'none'])(
    'refuses %s',
    (number) => expect(checkNhsNumber(number)).toBe('invalid'),
  );

  it.each([...'0123456789'])('refuses ten times %s, a filler that may pass the sum', (digit) =>
    expect(checkNhsNumber(digit.repeat(10))).toBe('invalid'),
  );

  it.each([undefined, '', '  ', ' - '])('calls %j missing', (text) =>
    expect(checkNhsNumber(text)).toBe('missing'),
  );

  it.each(['943 476 5919', '943-476-5919', ' 943\u00a0476\u20115919 ', '９４３４７６５９１９'])(
    'reads %s however it is spaced',
    (text) => {
      expect(checkNhsNumber(text)).toBe('valid');
      expect(normaliseNhsNumber(text)).toBe('9434765919');
      expect(formatNhsNumber(text)).toBe('943 476 5919');
    },
  );

  it('notices every single wrong digit', () => {
    let tried = 0;
    for (const number of VALID) {
      for (let at = 0; at < 10; at++) {
        for (const digit of '0123456789') {
          if (number[at] === digit) continue;
          expect(checkNhsNumber(number.slice(0, at) + digit + number.slice(at + 1))).toBe('invalid');
          tried += 1;
        }
      }
    }
    expect(tried).toBe(VALID.length * 90);
  });

  it('leaves what is no number as it came', () => expect(formatNhsNumber('not known')).toBe('not known'));
});

describe('an NHS number in a text', () => {
  it.each([
    '/case 943 476 5919',
    '9434765919',
    'patient 943-476-5919, please',
    'room 12 9434765919',
    '(943.476.5919)',
    '12 943 476 5919',
  ])('is found in "%s"', (text) => expect(looksLikeNhsNumber(text)).toBe(true));

  it.each([
    '/case 7K2-M4X',
    '9434765918',
    '94347659190',
    '0300 123 4501',
    '943476 and then 5919',
    '0000000000',
    '',
  ])('is not seen in "%s"', (text) => expect(looksLikeNhsNumber(text)).toBe(false));

  it('is found exactly where ten digits that stand alone are valid', () => {
    fc.assert(
      fc.property(digits(10), (number) => {
        expect(looksLikeNhsNumber(`x ${number} y`)).toBe(checkNhsNumber(number) === 'valid');
      }),
    );
  });
});
