import { createHash } from 'node:crypto';

/**
 * The sample of a deep dive: so many concerns of those that were closed in a quarter. Whoever knows the seed, the size
 * and the ids draws the same again, in whatever order the ids come, and nobody can choose who is in it: each id's place
 * is the SHA-256 of seed and id. A concern that is closed later or hidden from somebody moves no other's place.
 */
export function sampleOf(ids: readonly string[], size: number, seed: string): readonly string[] {
  const place = (id: string): string => createHash('sha256').update(`${seed}\n${id}`).digest('hex');
  return [...new Set(ids)]
    .map((id) => ({ id, at: place(id) }))
    .sort((one, other) => (one.at < other.at ? -1 : 1))
    .slice(0, Math.max(0, size))
    .map(({ id }) => id);
}

/** The quarter of a month as people name it, `2026-Q4`: the calendar's, and what it is called in a seed. */
export const quarterOf = (month: string): string =>
  `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;
