/** How like two spellings are. Texts are ranges of UTF-16 units in a pool, so that no string is made. */

/** Are the texts one insertion, deletion, substitution or swap of neighbours apart (Damerau 1964)? */
export function oneEdit(
  a: ArrayLike<number>,
  aFrom: number,
  aTo: number,
  b: ArrayLike<number>,
  bFrom: number,
  bTo: number,
): boolean {
  const longer = aTo - aFrom - (bTo - bFrom);
  if (longer > 1 || longer < -1) return false;
  let head = 0;
  const least = Math.min(aTo - aFrom, bTo - bFrom);
  while (head < least && a[aFrom + head] === b[bFrom + head]) head++;
  let tail = 0;
  while (tail < least - head && a[aTo - 1 - tail] === b[bTo - 1 - tail]) tail++;
  const left = Math.max(aTo - aFrom, bTo - bFrom) - head - tail;
  if (left <= 1) return true;
  return (
    left === 2 &&
    longer === 0 &&
    a[aFrom + head] === b[bFrom + head + 1] &&
    a[aFrom + head + 1] === b[bFrom + head]
  );
}

/** Texts beyond this are compared by their first 32 units: one bit of a mask each. */
const MASK = 32;
const SCALE = 0.1;
const PREFIX = 4;

/**
 * Jaro–Winkler likeness of two texts, 0 to 1 (Winkler 1990: scale 0.1, prefix up to 4, only from 0.7). Greedy
 * matching depends on which text comes first, so the shorter, then the one that sorts first, always does.
 */
export function jaroWinkler(
  p: ArrayLike<number>,
  pFrom: number,
  pTo: number,
  q: ArrayLike<number>,
  qFrom: number,
  qTo: number,
): number {
  const swap = goesBefore(q, qFrom, qTo, p, pFrom, pTo);
  const a = swap ? q : p;
  const b = swap ? p : q;
  const aFrom = swap ? qFrom : pFrom;
  const bFrom = swap ? pFrom : qFrom;
  const m = Math.min(MASK, swap ? qTo - qFrom : pTo - pFrom);
  const n = Math.min(MASK, swap ? pTo - pFrom : qTo - qFrom);
  if (m === 0 || n === 0) return m === n ? 1 : 0;
  const reach = Math.max(0, (n >> 1) - 1);
  let aHit = 0;
  let bHit = 0;
  let hits = 0;
  for (let i = 0; i < m; i++) {
    const unit = a[aFrom + i];
    const to = Math.min(n - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= to; j++) {
      if ((bHit & (1 << j)) === 0 && b[bFrom + j] === unit) {
        aHit |= 1 << i;
        bHit |= 1 << j;
        hits++;
        break;
      }
    }
  }
  if (hits === 0) return 0;
  let crossed = 0;
  let j = 0;
  for (let i = 0; i < m; i++) {
    if ((aHit & (1 << i)) === 0) continue;
    while ((bHit & (1 << j)) === 0) j++;
    if (a[aFrom + i] !== b[bFrom + j]) crossed++;
    j++;
  }
  const jaro = (hits / m + hits / n + (hits - crossed / 2) / hits) / 3;
  if (jaro < 0.7) return jaro;
  let prefix = 0;
  while (prefix < Math.min(PREFIX, m, n) && a[aFrom + prefix] === b[bFrom + prefix]) prefix++;
  return jaro + prefix * SCALE * (1 - jaro);
}

function goesBefore(
  a: ArrayLike<number>,
  aFrom: number,
  aTo: number,
  b: ArrayLike<number>,
  bFrom: number,
  bTo: number,
): boolean {
  const longer = aTo - aFrom - (bTo - bFrom);
  if (longer !== 0) return longer < 0;
  for (let at = 0; at < aTo - aFrom; at++) {
    const by = (a[aFrom + at] as number) - (b[bFrom + at] as number);
    if (by !== 0) return by < 0;
  }
  return false;
}
