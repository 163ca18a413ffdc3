import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/core/clock.ts';
import {
  type Away,
  dutyEnds,
  gapsAt,
  nextOnDuty,
  onDuty,
  type Rota,
  type Shift,
  shiftId,
} from '../../../src/rota/rota.ts';

/** An hour of Tuesday 24 November 2026; hours past 24 are the next day's. */
const at = (hour: number): string => plusMs('2026-11-24T00:00:00.000Z', hour * 3_600_000);
const everybody = (): boolean => true;
const where = { provider: 'hospice', roles: ['nurse'] };

function shift(person: string, from: number, to?: number, role = 'nurse', provider = 'hospice'): Shift {
  const entry = { person, provider, role, from: at(from), ...(to !== undefined && { to: at(to) }) };
  return { id: shiftId(entry), ...entry };
}
const away = (person: string, from: number, to: number, cover?: string): Away => ({
  person,
  from: at(from),
  to: at(to),
  ...(cover !== undefined && { cover }),
});
const rota = (shifts: Shift[], absences: Away[] = []): Rota => ({ shifts, away: absences });

describe('who is on duty', () => {
  it.each<[string, Rota, number, string[]]>([
    ['nobody, of an empty rota', rota([]), 9, []],
    ['whoever has the shift, from its first moment', rota([shift('nina', 8, 20)]), 8, ['nina']],
    ['nobody at the moment when it ends', rota([shift('nina', 8, 20)]), 20, []],
    [
      'whoever follows, from the moment when one ends',
      rota([shift('nina', 8, 20), shift('noah', 20, 32)]),
      20,
      ['noah'],
    ],
    ['somebody without an end, for good', rota([shift('nina', 8)]), 2_000, ['nina']],
    [
      'each once, by the start of their shift',
      rota([shift('noah', 9, 20), shift('nina', 8, 12), shift('nina', 10, 14)]),
      11,
      ['nina', 'noah'],
    ],
    ['nobody of another role', rota([shift('cora', 8, 20, 'coordinator')]), 9, []],
    ['nobody of another provider', rota([shift('nina', 8, 20, 'nurse', 'charity')]), 9, []],
    [
      'nobody in place of somebody away whom nobody covers',
      rota([shift('nina', 8, 20)], [away('nina', 9, 12)]),
      10,
      [],
    ],
    ['the cover of somebody away', rota([shift('nina', 8, 20)], [away('nina', 9, 12, 'noah')]), 10, ['noah']],
    [
      'the person again once they are back',
      rota([shift('nina', 8, 20)], [away('nina', 9, 12, 'noah')]),
      12,
      ['nina'],
    ],
    [
      'the cover of a cover who is away too',
      rota([shift('nina', 8, 20)], [away('nina', 9, 12, 'noah'), away('noah', 9, 12, 'both')]),
      10,
      ['both'],
    ],
    [
      'nobody where two who are away cover for each other',
      rota([shift('nina', 8, 20)], [away('nina', 9, 12, 'noah'), away('noah', 9, 12, 'nina')]),
      10,
      [],
    ],
    [
      'the cover that was entered last',
      rota([shift('nina', 8, 20)], [away('nina', 9, 12, 'noah'), away('nina', 8, 13, 'both')]),
      10,
      ['both'],
    ],
    [
      'a cover who has a shift too, once',
      rota([shift('nina', 8, 20), shift('noah', 9, 20)], [away('nina', 9, 12, 'noah')]),
      10,
      ['noah'],
    ],
  ])('%s', (_, given, hour, expected) => {
    expect(onDuty(given, at(hour), where, everybody)).toEqual(expected);
  });

  it('counts only those whom Baton has reached', () => {
    const given = rota([shift('nina', 8, 20), shift('noah', 8, 20)]);
    expect(onDuty(given, at(9), where, (person) => person === 'noah')).toEqual(['noah']);
  });

  it('asks any role where none is named', () => {
    const given = rota([shift('cora', 8, 20, 'coordinator'), shift('nina', 9, 20)]);
    expect(onDuty(given, at(10), { provider: 'hospice' }, everybody)).toEqual(['cora', 'nina']);
  });
});

describe('when a duty ends', () => {
  it.each<[string, Rota, number, number | undefined]>([
    ['with the shift', rota([shift('nina', 8, 20)]), 9, 20],
    [
      'with the last of shifts that follow each other',
      rota([shift('nina', 8, 12), shift('nina', 12, 20)]),
      9,
      20,
    ],
    ['with the longer of two that overlap', rota([shift('nina', 8, 12), shift('nina', 10, 14)]), 9, 14],
    [
      'with another role’s shift at the same provider',
      rota([shift('nina', 8, 12), shift('nina', 11, 15, 'coordinator')]),
      9,
      15,
    ],
    ['before a break between two shifts', rota([shift('nina', 8, 12), shift('nina', 13, 20)]), 9, 12],
    ['never yet, without an end', rota([shift('nina', 8)]), 9, undefined],
    ['with the start of an absence', rota([shift('nina', 8)], [away('nina', 15, 30)]), 9, 15],
    [
      'with the absence that is covered, for the cover',
      rota([shift('noah', 8, 20)], [away('noah', 9, 12, 'nina')]),
      10,
      12,
    ],
    ['at no time, for somebody who is not on duty', rota([shift('nina', 12, 20)]), 9, undefined],
    [
      'at no time, for somebody who is away',
      rota([shift('nina', 8, 20)], [away('nina', 8, 12)]),
      9,
      undefined,
    ],
  ])('%s', (_, given, hour, expected) => {
    const end = dutyEnds(given, 'nina', 'hospice', at(hour));
    expect(end).toBe(expected === undefined ? undefined : at(expected));
  });
});

describe('a gap', () => {
  const span = { after: at(0), upTo: at(24) };
  it.each<[string, Rota, [number, number?][]]>([
    ['is none where the rota never had anybody', rota([]), []],
    ['is none before the first shift', rota([shift('nina', 8)]), []],
    ['begins when the last shift ends, and has no end', rota([shift('nina', 8, 20)]), [[20]]],
    ['lies between two shifts', rota([shift('nina', 8, 12), shift('noah', 14, 36)]), [[12, 14]]],
    ['is none where one shift follows the other', rota([shift('nina', 8, 12), shift('noah', 12, 36)]), []],
    ['is an absence without cover', rota([shift('nina', 8, 40)], [away('nina', 10, 11)]), [[10, 11]]],
    ['is none where somebody covers', rota([shift('nina', 8, 40)], [away('nina', 10, 11, 'noah')]), []],
    ['counts only when it begins in the time looked at', rota([shift('nina', 8, 30)]), []],
    ['is found again for each', rota([shift('nina', 1, 2), shift('nina', 3, 4)]), [[2, 3], [4]]],
    [
      'ends after the time looked at where it does',
      rota([shift('nina', 1, 23), shift('nina', 30, 40)]),
      [[23, 30]],
    ],
  ])('%s', (_, given, expected) => {
    const found = gapsAt(given, span, where, everybody).map(({ from, to }) => [from, to]);
    expect(found).toEqual(expected.map(([from, to]) => [at(from), to === undefined ? undefined : at(to)]));
  });

  it('is where nobody of the shift was reached', () => {
    const given = rota([shift('nina', 1, 8), shift('noah', 8, 40)]);
    expect(gapsAt(given, span, where, (person) => person === 'nina')).toEqual([{ ...where, from: at(8) }]);
  });
});

describe('who comes next', () => {
  it('is who is not on duty now, and when', () => {
    const given = rota([shift('nina', 8, 20), shift('nina', 20, 32), shift('noah', 21, 32)]);
    expect(nextOnDuty(given, at(9), where)).toMatchObject({ from: at(21), duties: [{ person: 'noah' }] });
  });
  it('is the same person where they come again after a break', () => {
    const given = rota([shift('nina', 8, 12), shift('nina', 14, 16)]);
    expect(nextOnDuty(given, at(9), where)).toMatchObject({ from: at(14), duties: [{ person: 'nina' }] });
  });
  it('is nobody after the last', () => {
    expect(nextOnDuty(rota([shift('nina', 8, 20)]), at(9), where)).toBeUndefined();
  });
});

const people = ['nina', 'noah', 'both'];
const hours = fc.integer({ min: 0, max: 47 });
const anyone = fc.constantFrom(...people);
const rotas: fc.Arbitrary<Rota> = fc.record({
  shifts: fc.array(
    fc
      .tuple(anyone, hours, fc.option(fc.integer({ min: 1, max: 24 })), fc.constantFrom('nurse', 'worker'))
      .map(([person, from, length, role]) =>
        shift(person, from, length === null ? undefined : from + length, role),
      ),
    { maxLength: 8 },
  ),
  away: fc.array(
    fc
      .tuple(anyone, hours, fc.integer({ min: 1, max: 24 }), fc.option(anyone))
      .filter(([person, , , cover]) => person !== cover)
      .map(([person, from, length, cover]) => away(person, from, from + length, cover ?? undefined)),
    { maxLength: 4 },
  ),
});

describe('over any rota', () => {
  it('a duty lasts exactly as long as the person is on duty, counted half-hour by half-hour', () => {
    let ends = 0;
    fc.assert(
      fc.property(rotas, anyone, hours, (given, person, hour) => {
        const here = (time: number): boolean =>
          onDuty(given, at(time), { provider: 'hospice' }, everybody).includes(person);
        const end = dutyEnds(given, person, 'hospice', at(hour));
        let counted: number | undefined = hour;
        while (counted !== undefined && here(counted)) counted = counted > 100 ? undefined : counted + 0.5;
        const expected = here(hour) ? counted : undefined;
        if (expected !== undefined) ends += 1;
        expect(end).toBe(expected === undefined ? undefined : at(expected));
      }),
      { numRuns: 400 },
    );
    console.log(`${ends} duties ended`);
    expect(ends).toBeGreaterThan(15);
  });

  it('the gaps are exactly the times from when nobody is on duty any more until somebody is', () => {
    let found = 0;
    fc.assert(
      fc.property(rotas, (given) => {
        const someone = (time: number): boolean => onDuty(given, at(time), where, everybody).length > 0;
        const counted: { from: number; to?: number }[] = [];
        for (let time = 0.5; time <= 100; time += 0.5) {
          const before = someone(time - 0.5);
          if (before && !someone(time)) counted.push({ from: time });
          const open = counted.at(-1);
          if (!before && someone(time) && open) counted[counted.length - 1] = { ...open, to: time };
        }
        found += counted.length;
        expect(gapsAt(given, { after: at(0), upTo: at(100) }, where, everybody)).toEqual(
          counted.map(({ from, to }) => ({
            ...where,
            from: at(from),
            ...(to !== undefined && { to: at(to) }),
          })),
        );
      }),
      { numRuns: 300 },
    );
    console.log(`${found} gaps met`);
    expect(found).toBeGreaterThan(30);
  });

  it('nobody is on duty while they are away, unless they cover for somebody else and are not', () => {
    fc.assert(
      fc.property(rotas, hours, (given, hour) => {
        const absent = given.away.filter(({ from, to }) => from <= at(hour) && at(hour) < to);
        for (const person of onDuty(given, at(hour), { provider: 'hospice' }, everybody)) {
          expect(absent.map((one) => one.person)).not.toContain(person);
        }
      }),
      { numRuns: 300 },
    );
  });
});
