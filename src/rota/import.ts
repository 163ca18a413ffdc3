import { positionCan } from '../agreement/agreement.ts';
import { actorRef } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { asData, type Changed, type Entry, type Facts, later, withEnd } from './entry.ts';
import { type Shift, shiftId } from './rota.ts';

/** How many lines of a file were new, gave a known shift another end, stood like this already, or are over. */
export interface Counts {
  readonly fresh: number;
  readonly moved: number;
  readonly known: number;
  readonly over: number;
}

/**
 * Adds the shifts of a file. A line that was imported before changes nothing, whatever was entered about its
 * shift since; nor does one that is over. Undefined change: nothing is new.
 */
export function addImported(
  facts: Facts,
  entries: readonly Required<Entry>[],
): { readonly changed: Changed | undefined; readonly counts: Counts } {
  const { rota, terms, actor, now } = facts;
  const ruling = rule('rota.import', actor, {}, (position, ability) => positionCan(terms, position, ability));
  if (!ruling.allowed) throw new Refused('role', 'A rota is imported by the operator, at the command line.');
  const by = actorRef(actor);
  const shifts = new Map(rota.shifts.map((shift) => [shift.id, shift]));
  const before = new Set(rota.imported.map(({ line }) => line));
  const lines = new Map<string, Instant>();
  const changed = new Map<string, Shift>();
  const counts = { fresh: 0, moved: 0, known: 0, over: 0 };
  for (const entry of entries) {
    const shift: Required<Shift> = { ...entry, id: shiftId(entry) };
    const line = `${shift.id}|${shift.to}`;
    if (shift.to <= now) counts.over += 1;
    else if (before.has(line) || lines.has(line)) counts.known += 1;
    else {
      lines.set(line, shift.to);
      const stands = shifts.get(shift.id);
      // Two lines of one file that differ in the end alone overlap: the longer has both.
      const next = changed.has(shift.id) ? withEnd(shift, later(stands?.to, shift.to)) : shift;
      if (!stands) counts.fresh += 1;
      else if (stands.to === next.to) counts.known += 1;
      else counts.moved += 1;
      if (stands?.to === next.to) continue;
      shifts.set(shift.id, next);
      changed.set(shift.id, next);
    }
  }
  if (lines.size === 0) return { changed: undefined, counts };
  const all = [...changed.values()];
  const people = [...new Set(all.map(({ person }) => person))];
  // A line that a newer file put right counts as new again, should a later one bring it back.
  const kept = rota.imported.filter(({ line }) => !changed.has(line.slice(0, line.lastIndexOf('|'))));
  return {
    counts,
    changed: {
      shifts: [...shifts.values()],
      away: rota.away,
      imported: [...kept, ...[...lines].map(([line, to]) => ({ line, to }))],
      events: [{ type: 'rota.imported', by, data: { shifts: all.map(asData) } }],
      told: people.map((person) => {
        const theirs = all.filter((one) => one.person === person).sort((a, b) => (a.from < b.from ? -1 : 1));
        const refs = { count: String(theirs.length), from: theirs[0]?.from ?? now };
        return { person, line: 'rota.imported', refs };
      }),
    },
  };
}
