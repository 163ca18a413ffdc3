/** What systems write where no birth date is known: it says nothing and counts as missing. */
const FILLERS = new Set([
  19000101, 19000102, 19010101, 18000101, 17530101, 18991230, 18991231, 11111111, 99999999, 12345678,
  99991231, 22222222, 10101,
]);

/**
 * A birth date as YYYYMMDD, 0 when missing or a filler. What has eight digits in this order is kept also when
 * no calendar has the day (1956-04-31): a mistyped date is still evidence. Takes any text.
 */
export function readDate(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  const british = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\b/.exec(trimmed);
  const [, year, month, day] = british
    ? [british[0], british[3], british[2], british[1]]
    : (/^(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?!\d)/.exec(trimmed) ?? []);
  const value =
    year === undefined
      ? Number(/^(?:\D*\d\D*){8}$/.test(trimmed) ? trimmed.replace(/\D/g, '') : 0)
      : Number(year) * 10_000 + Number(month) * 100 + Number(day);
  return value < 10_000_000 || FILLERS.has(value) ? 0 : value;
}

/** Is it one slip from the other: day and month swapped, one digit wrong, or two neighbours swapped? */
export function nearDates(a: number, b: number): boolean {
  const year = Math.floor(a / 10_000);
  if (year === Math.floor(b / 10_000)) {
    const swapped = (b % 100) * 100 + Math.floor((b % 10_000) / 100);
    if (a % 10_000 === swapped) return true;
  }
  return oneSlip(a, b);
}

/** Do two numbers differ in one digit, or by two neighbours swapped? */
function oneSlip(a: number, b: number): boolean {
  let left = a;
  let right = b;
  let last = false;
  let leftLast = 0;
  let rightLast = 0;
  let slips = 0;
  while (left > 0 || right > 0) {
    const leftDigit = left % 10;
    const rightDigit = right % 10;
    const other = leftDigit !== rightDigit;
    // The second of two swapped neighbours belongs to the slip that the first began.
    if (other && !(last && leftDigit === rightLast && rightDigit === leftLast)) slips++;
    last = other && !last;
    leftLast = leftDigit;
    rightLast = rightDigit;
    left = Math.floor(left / 10);
    right = Math.floor(right / 10);
  }
  return slips === 1;
}

/** Do two of year, month and day agree? */
export function partlySameDates(a: number, b: number): boolean {
  const year = Math.floor(a / 10_000) === Math.floor(b / 10_000) ? 1 : 0;
  const month = Math.floor((a % 10_000) / 100) === Math.floor((b % 10_000) / 100) ? 1 : 0;
  const day = a % 100 === b % 100 ? 1 : 0;
  return year + month + day === 2;
}

/** Every date that is near to this one, each once, in a fixed order. */
export function datesNear(date: number): number[] {
  const found: number[] = [];
  for (let place = 1; place <= date; place *= 10) {
    const digit = Math.floor(date / place) % 10;
    for (let other = 0; other < 10; other++) if (other !== digit) found.push(date + (other - digit) * place);
    const next = Math.floor(date / place / 10) % 10;
    if (next !== digit && place * 10 <= date) found.push(date + (next - digit) * place * (1 - 10));
  }
  const swapped = Math.floor(date / 10_000) * 10_000 + (date % 100) * 100 + Math.floor((date % 10_000) / 100);
  if (swapped !== date) found.push(swapped);
  return found;
}
