import { describe, expect, it } from 'vitest';
import type { PersonActor } from '../../../src/core/actors.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { asAgreed, beAway, beBack } from '../../../src/rota/absence.ts';
import type { Changed, Facts } from '../../../src/rota/entry.ts';
import { addImported } from '../../../src/rota/import.ts';
import { type Away, onDuty, type Shift, shiftId } from '../../../src/rota/rota.ts';
import { give, putOn, takeOff } from '../../../src/rota/rules.ts';
import { actor, terms } from '../../support/pathway.ts';

/** Eleven o'clock on Tuesday 24 November 2026; hours past 24 are the next day's. */
const at = (hour: number): string => plusMs('2026-11-24T00:00:00.000Z', hour * 3_600_000);
const now = at(11);
const nurse = { provider: 'hospice', role: 'nurse' };

function shift(person: string, from: number, to?: number, place = nurse): Shift {
  const entry = { person, ...place, from: at(from), ...(to !== undefined && { to: at(to) }) };
  return { id: shiftId(entry), ...entry };
}
const away = (person: string, from: number, to: number, cover?: string): Away => ({
  person,
  from: at(from),
  to: at(to),
  ...(cover !== undefined && { cover }),
});
const facts = (who: PersonActor, shifts: readonly Shift[] = [], absences: readonly Away[] = []): Facts => ({
  rota: { shifts, away: absences, imported: [] },
  terms,
  actor: who,
  now,
});
/** Somebody who coordinates at the hospice too. */
const matron: PersonActor = {
  ...actor('both'),
  person: 'matron',
  positions: [{ provider: 'hospice', role: 'coordinator' }],
};
const nina = actor('nina');
const entry = { person: 'nina', ...nurse, from: now };
const onAt = (changed: Changed | undefined, hour = 12): string[] => {
  if (!changed) throw new Error('nothing changed');
  return onDuty(changed, at(hour), { provider: 'hospice' }, () => true);
};
const told = (changed: Changed | undefined): string[] =>
  (changed?.told ?? []).map(({ person }) => person).sort();

describe('putting somebody on duty', () => {
  it('counts from now, until they say so or to an end', () => {
    expect(onAt(putOn(facts(nina), entry))).toEqual(['nina']);
    const ends = putOn(facts(nina), { ...entry, to: at(14) });
    expect(onAt(ends, 13)).toEqual(['nina']);
    expect(onAt(ends, 14)).toEqual([]);
  });

  it('records who, where and when, and tells nobody who knows it already', () => {
    const changed = putOn(facts(nina), entry);
    expect(changed?.events).toMatchObject([
      { type: 'rota.on', by: { person: 'nina', ...nurse }, data: { person: 'nina', ...nurse, from: now } },
    ]);
    expect(told(changed)).toEqual([]);
  });

  it.each([
    ['gives what runs the new end', [shift('nina', 8, 20)], at(14), 13, 15],
    ['gives what runs no end', [shift('nina', 8, 12)], undefined, 40, undefined],
    ['joins two that run', [shift('nina', 8, 20), shift('nina', 9, 21)], at(14), 13, 15],
  ])('%s', (_, shifts, to, on, off) => {
    const changed = putOn(facts(nina, shifts), { ...entry, ...(to !== undefined && { to }) });
    expect(onAt(changed, on)).toEqual(['nina']);
    if (off !== undefined) expect(onAt(changed, off)).toEqual([]);
  });

  it('changes nothing where it stands like this', () => {
    expect(putOn(facts(nina, [shift('nina', 8)]), entry)).toBeUndefined();
    const planned = shift('nina', 30, 40);
    expect(putOn(facts(matron, [planned]), { ...entry, from: at(30), to: at(40) })).toBeUndefined();
  });

  it('leaves what runs now alone when a later shift is entered', () => {
    const changed = putOn(facts(nina, [shift('nina', 8)]), { ...entry, from: at(30), to: at(40) });
    expect(changed?.shifts).toHaveLength(2);
    expect(onAt(changed, 50)).toEqual(['nina']);
  });

  it('ends an absence', () => {
    const changed = putOn(facts(nina, [shift('nina', 8)], [away('nina', 9, 20, 'noah')]), entry);
    expect(onAt(changed)).toEqual(['nina']);
  });

  it('is for a coordinator of that provider too, and tells both', () => {
    const changed = putOn(facts(matron), entry);
    expect(onAt(changed)).toEqual(['nina']);
    expect(told(changed)).toEqual(['matron', 'nina']);
  });

  it.each<[string, PersonActor, object, string]>([
    ['a role that they do not hold', nina, { role: 'coordinator' }, 'role-not-held'],
    ['a provider where they are nobody', nina, { provider: 'charity' }, 'role-not-held'],
    ['somebody who is not on the pathway', matron, { person: 'ghost' }, 'not-on-pathway'],
    ['a colleague, without being a coordinator', nina, { person: 'noah' }, 'role'],
    ['a colleague of another provider', actor('cora'), {}, 'role'],
    ['an end before the start', matron, { from: at(30), to: at(29) }, 'ends-before'],
    ['an end that has passed', nina, { from: at(8), to: at(10) }, 'ends-before'],
  ])('refuses %s', (_, who, over, code) => {
    expect(() => putOn(facts(who), { ...entry, ...over })).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a shift that would fall to a cover without its role', () => {
    const given = facts(matron, [], [away('both', 20, 40, 'nina')]);
    const prime = { person: 'both', provider: 'prime', role: 'coordinator', from: at(30), to: at(35) };
    expect(() => putOn({ ...given, actor: actor('cora') }, prime)).toThrow(
      expect.objectContaining({ code: 'cover-role' }),
    );
  });
});

describe('ending a duty', () => {
  it('is at once, of all that runs in that role', () => {
    const shifts = [shift('nina', 8, 20), shift('nina', 9, 21)];
    expect(onAt(takeOff(facts(nina, shifts), shifts[0]?.id ?? ''), 11)).toEqual([]);
  });

  it('of a cover leaves the duty to nobody, and tells the person who is away', () => {
    const given = facts(actor('noah'), [shift('nina', 8, 20)], [away('nina', 9, 20, 'noah')]);
    const changed = takeOff(given, shift('nina', 8, 20).id);
    expect(onAt(changed)).toEqual([]);
    expect(told(changed)).toEqual(['nina', 'noah']);
  });

  it('changes nothing when it is over, or was never there', () => {
    expect(takeOff(facts(nina, [shift('nina', 8, 10)]), shift('nina', 8).id)).toBeUndefined();
    expect(takeOff(facts(nina), 'nothing')).toBeUndefined();
  });

  it('is refused to a colleague, and taken from a coordinator', () => {
    const shifts = [shift('nina', 8, 20)];
    const id = shift('nina', 8).id;
    expect(() => takeOff(facts(actor('noah'), shifts), id)).toThrow(
      expect.objectContaining({ code: 'role' }),
    );
    expect(told(takeOff(facts(matron, shifts), id))).toEqual(['matron', 'nina']);
  });
});

describe('a swap', () => {
  it('gives the present duty from now on, and tells both', () => {
    const changed = give(facts(nina, [shift('nina', 8, 20)]), shift('nina', 8).id, 'noah');
    expect(onAt(changed, 11)).toEqual(['noah']);
    expect(onAt(changed, 10)).toEqual(['nina']);
    expect(onAt(changed, 20)).toEqual([]);
    expect(told(changed)).toEqual(['nina', 'noah']);
  });

  it('gives a coming shift whole', () => {
    const changed = give(facts(nina, [shift('nina', 30, 40)]), shift('nina', 30).id, 'noah');
    expect(onAt(changed, 30)).toEqual(['noah']);
    expect(changed?.shifts).toHaveLength(1);
  });

  it('of what somebody covers makes the colleague the cover', () => {
    const given = facts(actor('noah'), [shift('nina', 8, 20)], [away('nina', 9, 15, 'noah')]);
    const changed = give(given, shift('nina', 8).id, 'both');
    expect(onAt(changed, 14)).toEqual(['both']);
    expect(onAt(changed, 16)).toEqual(['nina']);
  });

  it.each<[string, PersonActor, Shift, string, Away[], string]>([
    ['to somebody without the role', nina, shift('nina', 8, 20), 'vera', [], 'role-not-held'],
    ['to somebody unknown', nina, shift('nina', 8, 20), 'ghost', [], 'not-on-pathway'],
    ['to themselves', nina, shift('nina', 8, 20), 'nina', [], 'same-person'],
    ['to somebody who is away then', nina, shift('nina', 8, 20), 'noah', [away('noah', 10, 12)], 'away'],
    ['of a colleague’s shift', actor('noah'), shift('nina', 8, 20), 'noah', [], 'role'],
    ['of a shift that is over', nina, shift('nina', 8, 10), 'noah', [], 'shift-over'],
  ])('is refused %s', (_, who, given, to, absences, code) => {
    expect(() => give(facts(who, [given], absences), given.id, to)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('an absence', () => {
  it('passes duties to the cover and tells both', () => {
    const changed = beAway(facts(nina, [shift('nina', 8, 20)]), away('nina', 12, 14, 'noah'));
    expect([onAt(changed, 11), onAt(changed, 12), onAt(changed, 14)]).toEqual([['nina'], ['noah'], ['nina']]);
    expect(told(changed)).toEqual(['nina', 'noah']);
  });

  it('entered again with another cover replaces the first, and tells all three', () => {
    const given = facts(nina, [shift('nina', 8, 20)], [away('nina', 12, 14, 'noah')]);
    const changed = beAway(given, away('nina', 12, 14, 'both'));
    expect(changed?.away).toHaveLength(1);
    expect(told(changed)).toEqual(['both', 'nina', 'noah']);
    expect(beAway(given, away('nina', 12, 14, 'noah'))).toBeUndefined();
  });

  it('ends now when the person is back, and is gone when it had not begun', () => {
    const running = beBack(
      facts(nina, [shift('nina', 8, 20)], [away('nina', 9, 14, 'noah')]),
      away('nina', 9, 14),
    );
    expect(onAt(running, 11)).toEqual(['nina']);
    expect(told(running)).toEqual(['nina', 'noah']);
    expect(beBack(facts(nina, [], [away('nina', 12, 14)]), away('nina', 12, 14))?.away).toEqual([]);
    expect(beBack(facts(nina), away('nina', 12, 14))).toBeUndefined();
  });

  it.each<[string, PersonActor, Away, Away[], string]>([
    ['with a cover who shares no role', nina, away('nina', 12, 14, 'vera'), [], 'cover-role'],
    ['with themselves as the cover', nina, away('nina', 12, 14, 'nina'), [], 'own-cover'],
    [
      'with a cover who is away then too',
      nina,
      away('nina', 12, 14, 'noah'),
      [away('noah', 13, 15)],
      'cover-away',
    ],
    ['that has passed', nina, away('nina', 8, 10), [], 'ends-before'],
    ['that ends before it begins', nina, away('nina', 14, 12), [], 'ends-before'],
    ['of years', nina, away('nina', 12, 20_000), [], 'too-long'],
    ['of a colleague', actor('noah'), away('nina', 12, 14), [], 'role'],
  ])('is refused %s', (_, who, entered, absences, code) => {
    expect(() => beAway(facts(who, [], absences), entered)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused with a cover who has not all the roles of the shifts in that time', () => {
    const prime = { provider: 'prime', role: 'coordinator' };
    const given = facts(actor('both'), [shift('both', 8, 20, prime)]);
    expect(() => beAway(given, away('both', 12, 14, 'nina'))).toThrow(
      expect.objectContaining({ code: 'cover-role' }),
    );
    expect(beAway(given, away('both', 21, 22, 'nina'))).toBeDefined();
  });
});

describe('today’s agreement', () => {
  it('has no shift for somebody who left or no longer has the role, and no cover without it', () => {
    const rota = {
      shifts: [shift('ghost', 8), shift('vera', 8), shift('nina', 8)],
      away: [away('nina', 9, 14, 'vera')],
    };
    const agreed = asAgreed(rota, terms);
    expect(agreed.shifts.map(({ person }) => person)).toEqual(['nina']);
    expect(agreed.away).toEqual([away('nina', 9, 14)]);
  });
});

describe('an imported file', () => {
  const operator = { kind: 'system', job: 'operator' } as const;
  const line = (person: string, from: number, to: number) => ({
    person,
    ...nurse,
    from: at(from),
    to: at(to),
  });
  const lines = [line('nina', 8, 20), line('noah', 20, 32), line('nina', 32, 44)];

  it('adds each shift once, tells each person once, and nothing of what is over', () => {
    const { changed, counts } = addImported({ ...facts(nina), actor: operator }, [
      ...lines,
      ...lines,
      line('nina', 1, 2),
    ]);
    expect(counts).toEqual({ fresh: 3, moved: 0, known: 3, over: 1 });
    expect(changed?.shifts).toHaveLength(3);
    expect(changed?.told.map(({ person, refs }) => [person, refs.count])).toEqual([
      ['nina', '2'],
      ['noah', '1'],
    ]);
  });

  it('changes nothing the second time, also after a swap', () => {
    const first = addImported({ ...facts(nina), actor: operator }, lines).changed;
    if (!first) throw new Error('nothing was imported');
    const rota = { shifts: first.shifts, away: first.away, imported: first.imported ?? [] };
    const swapped = give(
      { ...facts(nina), rota },
      shiftId({ person: 'nina', ...nurse, from: at(32) }),
      'noah',
    );
    const again = addImported(
      { ...facts(nina), actor: operator, rota: { ...rota, shifts: swapped?.shifts ?? [] } },
      lines,
    );
    expect(again).toEqual({ changed: undefined, counts: { fresh: 0, moved: 0, known: 3, over: 0 } });
  });

  it('moves the end of a shift that was imported with another, and keeps the longer of one file', () => {
    const first = addImported({ ...facts(nina), actor: operator }, lines).changed;
    const rota = { shifts: first?.shifts ?? [], away: [], imported: first?.imported ?? [] };
    const shorter = addImported({ ...facts(nina), actor: operator, rota }, [line('nina', 8, 18)]);
    expect(shorter.counts).toMatchObject({ moved: 1 });
    expect(onAt(shorter.changed, 19)).toEqual([]);
    const shortened = {
      shifts: shorter.changed?.shifts ?? [],
      away: [],
      imported: shorter.changed?.imported ?? [],
    };
    const again = addImported({ ...facts(nina), actor: operator, rota: shortened }, lines);
    expect(again.counts).toMatchObject({ moved: 1, known: 2 });
    expect(onAt(again.changed, 19)).toEqual(['nina']);
    const both = addImported({ ...facts(nina), actor: operator }, [line('nina', 8, 20), line('nina', 8, 18)]);
    expect(onAt(both.changed, 19)).toEqual(['nina']);
  });

  it('is the operator’s alone', () => {
    expect(() => addImported(facts(matron), lines)).toThrow(expect.objectContaining({ code: 'role' }));
  });
});
