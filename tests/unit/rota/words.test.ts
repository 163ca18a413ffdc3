import { describe, expect, it } from 'vitest';
import { onCallCard, type Shown } from '../../../src/rota/cards.ts';
import type { Shift } from '../../../src/rota/rota.ts';
import { dutyLine, gapLine } from '../../../src/rota/words.ts';
import { terms } from '../../support/pathway.ts';

const now = '2026-11-24T11:00:00.000Z';
const later = '2026-11-24T20:00:00.000Z';
const nurse = { provider: 'hospice', role: 'nurse' };
const duty = { person: 'nina', ...nurse, from: now, to: later };

describe('a line about duty', () => {
  it.each<[string, Record<string, string>, string, string]>([
    [
      'rota.on',
      { ...duty, by: 'cora' },
      'nina',
      'You are on duty as Duty nurse at St Test Hospice until 20:00 today. Entered by Cora Test.',
    ],
    [
      'rota.on',
      { ...duty, by: 'cora' },
      'cora',
      'Nina Test is on duty as Duty nurse at St Test Hospice until 20:00 today.',
    ],
    [
      'rota.on',
      { person: 'nina', ...nurse, from: later, by: 'nina' },
      'nina',
      'You are on duty as Duty nurse at St Test Hospice from 20:00 today until you say you are off.',
    ],
    [
      'rota.off',
      { ...duty, by: 'cora' },
      'nina',
      'You are off duty as Duty nurse at St Test Hospice. Entered by Cora Test.',
    ],
    [
      'rota.off',
      { ...duty, by: 'nina' },
      'noah',
      'Nina Test is off duty as Duty nurse at St Test Hospice. Type /oncall to see who is on duty.',
    ],
    [
      'rota.given',
      { ...duty, giver: 'noah', by: 'noah' },
      'nina',
      'You are on duty as Duty nurse at St Test Hospice until 20:00 today, in place of Noah Test.',
    ],
    [
      'rota.given',
      { ...duty, giver: 'noah', by: 'cora' },
      'noah',
      'Nina Test is on duty as Duty nurse at St Test Hospice until 20:00 today, in place of you. Entered by Cora Test.',
    ],
    [
      'rota.given',
      { ...duty, giver: 'noah', by: 'cora' },
      'cora',
      'Nina Test is on duty as Duty nurse at St Test Hospice until 20:00 today, in place of Noah Test.',
    ],
    [
      'rota.away',
      { person: 'nina', from: later, to: '2026-11-25T20:00:00.000Z', cover: 'noah', by: 'nina' },
      'noah',
      'You cover for Nina Test from 20:00 today until Wed 25 Nov, 20:00.',
    ],
    [
      'rota.away',
      { person: 'nina', from: now, to: later, cover: 'noah', by: 'cora' },
      'nina',
      'You are away until 20:00 today. Noah Test covers. Entered by Cora Test.',
    ],
    [
      'rota.away',
      { person: 'nina', from: now, to: later, by: 'cora' },
      'cora',
      'Nina Test is away until 20:00 today. Nobody covers.',
    ],
    [
      'rota.back',
      { person: 'nina', from: now, to: later, cover: 'noah', by: 'nina' },
      'noah',
      'Nina Test is no longer away: you no longer cover for them.',
    ],
    [
      'rota.back',
      { person: 'nina', from: now, to: later, cover: 'noah', by: 'cora' },
      'nina',
      'You are no longer entered as away. Entered by Cora Test.',
    ],
    [
      'rota.imported',
      { count: '1', from: later },
      'nina',
      'One shift of yours was put on the rota, the first from 20:00 today. Type /oncall to see who is on duty.',
    ],
    [
      'rota.imported',
      { count: '3', from: later },
      'nina',
      '3 shifts of yours were put on the rota, the first from 20:00 today. Type /oncall to see who is on duty.',
    ],
  ])('%s %j to %s', (code, refs, reader, line) => {
    expect(dutyLine(code, refs, reader, terms, now)).toBe(line);
  });

  it('is none for a code that this version does not know', () => {
    expect(dutyLine('rota.unheard-of', duty, 'nina', terms, now)).toBeUndefined();
  });
});

describe('the line about a gap', () => {
  const roles = ['nurse', 'worker', 'coordinator'];
  it('says from when until when, and whom of those who could be there', () => {
    expect(
      gapLine({ provider: 'hospice', roles, from: later, to: '2026-11-25T08:00:00.000Z' }, terms, now),
    ).toBe(
      'From 20:00 today until Wed 25 Nov, 08:00 nobody is on duty as Duty nurse at St Test Hospice. What they would be asked then goes up the ladder at once. Type /oncall to put somebody on duty.',
    );
  });
  it('says that nobody comes after', () => {
    expect(gapLine({ provider: 'hospice', roles, from: '2026-11-24T10:00:00.000Z' }, terms, now)).toContain(
      'Since 10:00 today nobody is on duty as Duty nurse at St Test Hospice, and nobody comes after.',
    );
  });
});

describe('who is on duty', () => {
  interface Data {
    providers: { name: string; rows: { role: string; people: { text: string }[]; others: boolean }[] }[];
    may: { more: boolean };
    more: { page: number };
  }
  const many = {
    ...terms,
    providers: [
      ...terms.providers,
      ...Array.from({ length: 20 }, (_, at) => ({
        id: `p${at}`,
        name: `Provider ${at}`,
        kind: 'charity' as const,
        phone: '0300 000 0000',
        holdsAs: 'nurse',
        closedOnBankHolidays: false,
      })),
    ],
  };
  const shifts = many.providers.map(
    ({ id }): Shift => ({ id, person: 'nina', provider: id, role: 'nurse', from: now, to: later }),
  );
  const shown: Shown = { rota: { shifts, away: [], reached: () => true }, terms: many, now };
  const page = (at?: number): Data => onCallCard(shown, ['p7'], at).data as Data;

  it('begins with the reader’s own provider and leaves nobody out over its pages', () => {
    expect(page().providers[0]?.name).toBe('Provider 7');
    const rows: string[] = [];
    for (let at = 1; ; at = page(at).more.page) {
      rows.push(
        ...page(at).providers.flatMap(({ name, rows: here }) => here.map(({ role }) => `${name} ${role}`)),
      );
      if (!page(at).may.more) break;
    }
    console.log(`${rows.length} rows`);
    expect(new Set(rows).size).toBe(rows.length);
    for (const { name } of many.providers) expect(rows).toContain(`${name} Duty nurse`);
  });

  it('names six people of a role and counts the others', () => {
    const crowd = terms.people
      .slice(0, 7)
      .map(({ key }): Shift => ({ id: key, person: key, ...nurse, from: now, to: later }));
    expect(crowd).toHaveLength(7);
    const data = onCallCard({ ...shown, rota: { ...shown.rota, shifts: crowd }, terms }, []).data as Data;
    const row = data.providers
      .find(({ name }) => name === 'St Test Hospice')
      ?.rows.find(({ people }) => people.length > 0);
    expect(row).toMatchObject({ others: true, otherPeople: 'and 1 more' });
    expect(row?.people).toHaveLength(6);
  });
});
