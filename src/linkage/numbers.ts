import { oneEdit } from './near.ts';

/**
 * NHS numbers (NHS Data Dictionary, NHS NUMBER: ten digits, the tenth a modulus 11 check digit). A number is held
 * as one figure: the digits after a 1, so that leading noughts count; negative when it cannot have been issued.
 */

const FEWEST = 6;
const MOST = 14;
const RUN = '012345678901234567890';
const RUN_DOWN = '987654321098765432109';

/** The number in a text, 0 when there is none or a filler such as 0000000000 or 1234567890. Takes any text. */
export function readNumber(text: string): number {
  let digits = text;
  if (!/^\d*$/.test(digits)) {
    digits = text.normalize('NFKC').replace(/[\s\u00ad\u2010-\u2015\u2212.,/_'-]/gu, '');
    // The letters that stand for digits where a person copied them by hand.
    if (/\d/.test(digits)) digits = digits.replace(/[oO]/g, '0').replace(/[iIlL|]/g, '1');
    if (!/^\d*$/.test(digits)) return 0;
  }
  if (digits.length < FEWEST || digits.length > MOST || isFiller(digits)) return 0;
  const value = Number(`1${digits}`);
  return isIssuable(digits) ? value : -value;
}

function isFiller(digits: string): boolean {
  if (RUN.includes(digits) || RUN_DOWN.includes(digits)) return true;
  let most = 0;
  for (let digit = 48; digit < 58; digit++) {
    let count = 0;
    for (let at = 0; at < digits.length; at++) if (digits.charCodeAt(at) === digit) count++;
    if (count > most) most = count;
  }
  return most >= digits.length - 1;
}

function isIssuable(digits: string): boolean {
  if (digits.length !== 10) return false;
  let sum = 0;
  for (let at = 0; at < 9; at++) sum += (digits.charCodeAt(at) - 48) * (10 - at);
  return (11 - (sum % 11)) % 11 === digits.charCodeAt(9) - 48;
}

/**
 * Is one number a slip of the other: one digit wrong, missing or too many, or two neighbours swapped? Never two
 * numbers that can both have been issued: the check digit keeps these further apart, so they are two people's.
 */
export function nearNumbers(a: number, b: number): boolean {
  if (a > 0 && b > 0) return false;
  const left = unitsOf(a);
  const right = unitsOf(b);
  return oneEdit(left, 0, left.length, right, 0, right.length);
}

const unitsOf = (number: number): number[] =>
  [...String(Math.abs(number)).slice(1)].map((digit) => digit.charCodeAt(0));
