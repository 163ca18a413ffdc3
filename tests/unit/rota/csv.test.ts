import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINES, readRotaFile } from '../../../src/rota/csv.ts';
import { terms } from '../../support/pathway.ts';

const now = '2026-11-24T11:00:00.000Z';
const against = { terms, away: [], now };
const HEADER = 'person,provider,role,from,to';
const GOOD = 'nina,hospice,nurse,2026-11-25 08:00,2026-11-25 20:00';
const shift = {
  person: 'nina',
  provider: 'hospice',
  role: 'nurse',
  from: '2026-11-25T08:00:00.000Z',
  to: '2026-11-25T20:00:00.000Z',
};
const read = (...lines: string[]) => readRotaFile('rota.csv', lines.join('\n'), against);

describe('a rota file', () => {
  it.each([
    ['with keys', [HEADER, GOOD]],
    [
      'with names, in any case',
      [
        'Person,PROVIDER,role,From,to',
        'nina test,St Test Hospice,Duty nurse,2026-11-25 08:00,2026-11-25 20:00',
      ],
    ],
    [
      'with its columns in another order and more of them',
      ['note,to,from,role,provider,person', 'x,2026-11-25 20:00,2026-11-25 08:00,nurse,hospice,nina'],
    ],
    [
      'as a spreadsheet writes it',
      [
        `\uFEFF${HEADER}\r`,
        '"nina","hospice","nurse","25/11/2026 08:00","25/11/2026 20:00"\r',
        '\r',
        ',,,,\r',
      ],
    ],
    ['with instants', [HEADER, 'nina,hospice,nurse,2026-11-25T08:00Z,2026-11-25T21:00+01:00']],
  ])('is read %s', (_, lines) => {
    expect(read(...lines)).toEqual({ entries: [shift], problems: [] });
  });

  it.each([
    ['empty', [], 'rota.csv', 'it is empty: its first line is person,provider,role,from,to'],
    [
      'without a column',
      ['person,provider,from,to', 'x'],
      'rota.csv:1',
      'there is no column role: add it to the first line',
    ],
    ['without shifts', [HEADER], 'rota.csv', 'it has no shifts: write one a line under the first line'],
    [
      'with a quote that stays open',
      [HEADER, '"nina,hospice'],
      'rota.csv',
      'a quoted value is not closed: end it with "',
    ],
    [
      'with too many lines',
      [HEADER, ...Array.from({ length: MAX_LINES + 1 }, () => GOOD)],
      'rota.csv',
      'it has more than 2000 lines: split it, such as by month',
    ],
    [
      'with a value too few',
      [HEADER, GOOD, 'nina,hospice,nurse,2026-11-25 08:00'],
      'rota.csv:3',
      'it has 4 values and not 5: check its commas',
    ],
    [
      'with somebody unknown',
      [HEADER, GOOD.replace('nina', 'ghost')],
      'rota.csv:2 person',
      'ghost is no person of the agreement: use the key or the name that /people shows',
    ],
    [
      'with nobody',
      [HEADER, GOOD.replace('nina', '')],
      'rota.csv:2 person',
      'write the person: use the key or the name that /people shows',
    ],
    [
      'with an unknown provider',
      [HEADER, GOOD.replace('hospice', 'there')],
      'rota.csv:2 provider',
      'there is no provider of the agreement: use one of prime, hospice, charity',
    ],
    [
      'with a role that is not held',
      [HEADER, GOOD.replace('nurse', 'worker')],
      'rota.csv:2 role',
      'Nina Test is not Worker at St Test Hospice: use Duty nurse at St Test Hospice, or change the agreement first',
    ],
    [
      'with an end before the start',
      [HEADER, GOOD.replace('25 20:00', '25 07:00')],
      'rota.csv:2 to',
      'the shift ends before it begins: check both times and their dates',
    ],
    [
      'without an end',
      [HEADER, GOOD.replace('2026-11-25 20:00', '')],
      'rota.csv:2 to',
      'this is no date and time: write it as 2026-11-24 08:00',
    ],
    [
      'with a time that the clocks skip',
      [HEADER, 'nina,hospice,nurse,2027-03-28 01:30,2027-03-28 20:00'],
      'rota.csv:2 from',
      'the clocks skip this time that night: write 2027-03-28 02:30',
    ],
  ])('%s is refused by its line', (_, lines, field, message) => {
    expect(read(...lines).problems).toContainEqual({ field, message });
  });

  it('names the line by where it stands, also after a value over several lines', () => {
    const { problems } = read(`note,${HEADER}`, `"two\nlines",${GOOD}`, `x,${GOOD.replace('nina', 'ghost')}`);
    expect(problems.map(({ field }) => field)).toEqual(['rota.csv:4 person']);
  });

  it('names everything that is wrong with a line at once', () => {
    const { problems } = read(HEADER, 'ghost,there,nothing,now,then');
    expect(problems.map(({ field }) => field.split(' ')[1])).toEqual([
      'person',
      'provider',
      'role',
      'from',
      'to',
    ]);
  });

  it('asks for somebody else where a cover without the role would have the shift', () => {
    const away = [
      { person: 'both', from: '2026-11-25T00:00:00.000Z', to: '2026-11-26T00:00:00.000Z', cover: 'nina' },
    ];
    const line = GOOD.replace('nina,hospice,nurse', 'both,prime,coordinator');
    const { problems } = readRotaFile('rota.csv', `${HEADER}\n${line}`, { ...against, away });
    expect(problems).toMatchObject([
      { field: 'rota.csv:2 person', message: expect.stringContaining('Nina Test') },
    ]);
  });

  it('keeps a shift of 11 or 13 hours over the nights when the clocks change', () => {
    const hours = (from: string, to: string): number => {
      const [one] = read(HEADER, `nina,hospice,nurse,${from},${to}`).entries;
      return one ? (Date.parse(one.to) - Date.parse(one.from)) / 3_600_000 : 0;
    };
    expect(hours('2027-03-27 20:00', '2027-03-28 08:00')).toBe(11);
    expect(hours('2026-10-24 20:00', '2026-10-25 08:00')).toBe(13);
  });

  it('is never half read: each line is a shift or has a problem, whatever is in it', () => {
    let wrong = 0;
    const cell = fc.oneof(
      fc.constantFrom('nina', 'hospice', 'nurse', '2026-11-25 08:00', '2026-11-25 20:00', '"', '', 'x,y'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
        (rows) => {
          const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
          const { entries, problems } = read(HEADER, ...quoted);
          const filled = rows.filter((row) => row.some((one) => one.trim() !== '')).length;
          const lines = new Set(problems.map(({ field }) => field.split(' ')[0]));
          if (filled > 0) expect(entries.length + lines.size).toBe(filled);
          wrong += lines.size;
        },
      ),
      { numRuns: 300 },
    );
    console.log(`${wrong} wrong lines`);
    expect(wrong).toBeGreaterThan(100);
  });
});
