/**
 * NHS numbers: ten digits shown 3-3-4, the tenth a modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).
 * A number that fails the check never stops a handover that came from a system; the reader is warned.
 */

const SEPARATORS = /[\s\u00ad\u2010-\u2015\u2212.-]/gu;

/** The text without spaces, hyphens and full stops; full-width digits become plain ones. */
export function normaliseNhsNumber(text: string): string {
  return text.normalize('NFKC').replace(SEPARATORS, '');
}

/**
 * Is this an NHS number that can have been issued? `missing` for nothing but blanks. The 999 test range is
 * valid; ten equal digits pass the sum but are fillers and count as invalid.
 */
export function checkNhsNumber(text: string | undefined): 'valid' | 'invalid' | 'missing' {
  const digits = normaliseNhsNumber(text ?? '');
  if (digits === '') return 'missing';
  if (!/^\d{10}$/.test(digits) || /^(\d)\1{9}$/.test(digits)) return 'invalid';
  let sum = 0;
  for (let at = 0; at < 9; at++) sum += Number(digits[at]) * (10 - at);
  const check = (11 - (sum % 11)) % 11;
  return check === Number(digits[9]) ? 'valid' : 'invalid';
}

/** `943 476 5919`; anything that is not ten digits stays as it came. */
export function formatNhsNumber(text: string): string {
  const digits = normaliseNhsNumber(text);
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}` : text;
}

/**
 * Does the text hold a valid NHS number, in one piece or with up to two spaces, hyphens or full stops between
 * its digits? For refusing it where all members of a channel read along; one telephone number in
 * eleven of ten digits looks the same, and is refused too.
 */
export function looksLikeNhsNumber(text: string): boolean {
  const plain = text.normalize('NFKC');
  const digits = [...plain.matchAll(/\d/g)].map((match) => ({ digit: match[0], at: match.index }));
  const gap = (from: number): string => {
    const left = digits[from];
    const right = digits[from + 1];
    return left && right ? plain.slice(left.at + 1, right.at) : '#';
  };
  for (let first = 0; first + 10 <= digits.length; first++) {
    const standsAlone = gap(first - 1) !== '' && gap(first + 9) !== '';
    const gaps = Array.from({ length: 9 }, (_, step) => gap(first + step));
    const joined = gaps.every((between) => between.length <= 2 && between.replace(SEPARATORS, '') === '');
    const number = digits
      .slice(first, first + 10)
      .map((each) => each.digit)
      .join('');
    if (standsAlone && joined && checkNhsNumber(number) === 'valid') return true;
  }
  return false;
}
