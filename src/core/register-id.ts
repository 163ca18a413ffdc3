/**
 * The register's own id of a case, such as `7K2-M4Z`: what people read out, type and see on shared cards.
 * Five random symbols and a check symbol (Luhn mod N over 32), so that one wrong symbol is
 * always noticed and no two ids differ in one symbol only. It says nothing about the person.
 */

/** Crockford's base 32: digits and letters without I, L, O and U. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SIZE = ALPHABET.length;
const RANDOM_SYMBOLS = 5;

/** A new id. `random` gives numbers from 0 up to but not including 1. About 33 million ids exist. */
export function newRegisterId(random: () => number): string {
  const body = Array.from({ length: RANDOM_SYMBOLS }, () =>
    ALPHABET.charAt(Math.floor(random() * SIZE)),
  ).join('');
  return shown(body + ALPHABET.charAt((SIZE - (luhnSum(body, 2) % SIZE)) % SIZE));
}

/**
 * The id as it is shown, from what a person typed: any case, with or without the hyphen and spaces, O for 0,
 * I or L for 1. Undefined when it is not an id or its check symbol is wrong.
 */
export function readRegisterId(text: string): string | undefined {
  const symbols = text
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (symbols.length !== RANDOM_SYMBOLS + 1) return undefined;
  if ([...symbols].some((symbol) => !ALPHABET.includes(symbol))) return undefined;
  return luhnSum(symbols, 1) % SIZE === 0 ? shown(symbols) : undefined;
}

/** Luhn mod N: every second symbol from the right counts double, its two base-32 digits added. */
function luhnSum(symbols: string, firstFactor: 1 | 2): number {
  let factor: number = firstFactor;
  let sum = 0;
  for (const symbol of [...symbols].reverse()) {
    const product = ALPHABET.indexOf(symbol) * factor;
    sum += Math.floor(product / SIZE) + (product % SIZE);
    factor = 3 - factor;
  }
  return sum;
}

const shown = (symbols: string): string => `${symbols.slice(0, 3)}-${symbols.slice(3)}`;
