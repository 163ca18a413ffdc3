import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonActor } from '../../../src/core/actors.ts';
import { linkEvents } from '../../../src/core/audit.ts';
import type { EventDoc } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Refused } from '../../../src/core/errors.ts';
import { beAway, beBack } from '../../../src/rota/absence.ts';
import type { Changed, Facts } from '../../../src/rota/entry.ts';
import { rotaHistory } from '../../../src/rota/history.ts';
import { addImported } from '../../../src/rota/import.ts';
import { onDuty, ROTA_CASE, type Rota } from '../../../src/rota/rota.ts';
import { give, putOn, takeOff } from '../../../src/rota/rules.ts';
import { actor, terms } from '../../support/pathway.ts';

const at = (hour: number): string => plusMs('2026-11-24T00:00:00.000Z', hour * 3_600_000);
const nurse = { provider: 'hospice', role: 'nurse' };
/** Somebody who may enter everything for the nurses. */
const matron: PersonActor = {
  ...actor('both'),
  person: 'matron',
  positions: [{ provider: 'hospice', role: 'coordinator' }],
};
const operator = { kind: 'system', job: 'operator' } as const;

/** One entry by somebody: what, who, whom it concerns as well, and the hours from now that it names. */
interface Move {
  readonly what: 'on' | 'off' | 'give' | 'away' | 'back' | 'import' | 'other';
  readonly person: string;
  readonly other: string;
  readonly from: number;
  readonly lasts: number | null;
  readonly which: number;
  /** Hours until it happens. */
  readonly after: number;
}
const nurses = fc.constantFrom('nina', 'noah', 'both');
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    what: fc.constantFrom('on', 'off', 'give', 'away', 'back', 'import', 'other'),
    person: nurses,
    other: nurses,
    from: fc.integer({ min: 0, max: 12 }),
    lasts: fc.option(fc.integer({ min: 1, max: 24 })),
    which: fc.nat(5),
    after: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 14 },
);

function decide(move: Move, facts: Facts, hour: number): Changed | undefined {
  const { what, person, other, which } = move;
  const from = at(hour + move.from);
  const to = move.lasts === null ? undefined : at(hour + move.from + move.lasts);
  const some = facts.rota.shifts[which % Math.max(1, facts.rota.shifts.length)];
  switch (what) {
    case 'on':
      return putOn(facts, { person, ...nurse, from, ...(to !== undefined && { to }) });
    case 'off':
      return some && takeOff(facts, some.id);
    case 'give':
      return some && give(facts, some.id, other);
    case 'away': {
      const cover = other !== person && { cover: other };
      return beAway(facts, { person, from, to: to ?? at(hour + move.from + 30), ...cover });
    }
    case 'back': {
      const away = facts.rota.away[which % Math.max(1, facts.rota.away.length)];
      return away && beBack(facts, away);
    }
    case 'import':
      return addImported({ ...facts, actor: operator }, [
        { person, ...nurse, from, to: to ?? at(hour + move.from + 8) },
      ]).changed;
    default:
      return undefined;
  }
}

/** The chain of these entries, and the rota as it really stood after each. */
function lived(entries: readonly Move[]): { chain: EventDoc[]; stood: { hour: number; rota: Rota }[] } {
  const chain: EventDoc[] = [];
  const stood: { hour: number; rota: Rota }[] = [];
  let head = { seq: 0, hash: '' };
  let rota: Facts['rota'] = { shifts: [], away: [], imported: [] };
  let hour = 0;
  for (const move of entries) {
    hour += move.after;
    const now = at(hour);
    let changed: Changed | undefined;
    try {
      changed = decide(move, { rota, terms, actor: matron, now }, hour);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    const events = changed?.events ?? [{ type: 'rota.gap-told', by: { system: 'timer' }, data: {} }];
    const linked = linkEvents({ pathwayId: 'testdale', caseId: ROTA_CASE }, head, events, now);
    chain.push(...linked.events);
    head = linked.head;
    if (changed) rota = { imported: rota.imported, ...changed };
    stood.push({ hour, rota });
  }
  return { chain, stood };
}

const here = (rota: Rota, hour: number): string[] => onDuty(rota, at(hour), nurse, () => true).sort();

describe('the rota as its events tell it', () => {
  it('has on duty whoever the rota had, after every entry and at every later hour', () => {
    let compared = 0;
    let people = 0;
    const met = new Map<string, number>();
    fc.assert(
      fc.property(moves, (entries) => {
        const { chain, stood } = lived(entries);
        for (const { type } of chain) met.set(type, (met.get(type) ?? 0) + 1);
        const history = rotaHistory(chain);
        for (const [index, { hour, rota }] of stood.entries()) {
          // Of entries at one moment the last counts.
          if (stood[index + 1]?.hour === hour) continue;
          const told = history.findLast(({ since }) => since <= at(hour))?.rota ?? { shifts: [], away: [] };
          for (let later = 0; later <= 60; later += 1) {
            const real = here(rota, hour + later);
            expect(here(told, hour + later)).toEqual(real);
            compared += 1;
            people += real.length;
          }
        }
      }),
      { numRuns: 300 },
    );
    console.log(
      `${compared} hours compared, ${people} on duty; ${[...met].map((one) => one.join(' ')).join(', ')}`,
    );
    expect(people).toBeGreaterThan(1_000);
    for (const type of ['rota.on', 'rota.off', 'rota.given', 'rota.away', 'rota.back', 'rota.imported']) {
      expect(met.get(type) ?? 0, type).toBeGreaterThan(5);
    }
  });

  it('is empty without events', () => {
    expect(rotaHistory([])).toEqual([]);
  });
});
