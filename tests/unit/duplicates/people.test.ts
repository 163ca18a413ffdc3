import { describe, expect, it } from 'vitest';
import { type Instant, plusMs } from '../../../src/core/clock.ts';
import { createPeople } from '../../../src/duplicates/people.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import type { Store } from '../../../src/store/store.ts';

const NOON = '2026-11-23T12:00:00.000Z';
const PATHWAY = 'riverside';

/** A list `identity` in memory: what is on it, in order of place, a page at a time. */
function registerOf(cases: { readonly at: Instant; readonly caseId: string; readonly surname: string }[]) {
  let pages = 0;
  const placed = () =>
    cases
      .map(({ at, caseId, surname }) => {
        const person = { given: 'Margaret', surname, dob: '1942-03-07', postcode: 'RV1 2AB' };
        const doc = { caseId, person, holder: { provider: 'northside', role: 'coordinator' } };
        return { place: `${at}|${caseId}`, doc: doc as unknown as CaseDoc };
      })
      .sort((one, other) => (one.place < other.place ? -1 : 1));
  let sorted = placed();
  const page = async (_: string, __: string, { after = '', limit }: { after?: string; limit: number }) => {
    pages += 1;
    const from = sorted.findIndex(({ place }) => place > after);
    return from < 0 ? [] : sorted.slice(from, from + limit);
  };
  return {
    store: { page } as unknown as Pick<Store, 'page'>,
    tells: (at: Instant, caseId: string, surname: string) => {
      cases.push({ at, caseId, surname });
      sorted = placed();
    },
    pagesRead: () => pages,
  };
}

const many = (count: number, from: Instant) =>
  Array.from({ length: count }, (_, n) => ({
    at: plusMs(from, Math.floor(n / 12)),
    caseId: `C${String(n).padStart(6, '0')}`,
    surname: `Name${n}`,
  }));

const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

async function ready(people: ReturnType<typeof createPeople>, wait: () => void = () => undefined) {
  for (let asked = 0; asked < 400; asked++) {
    const index = await people.find(PATHWAY);
    if (index) return index;
    await moment();
    wait();
  }
  throw new Error('the people of the register never came to be known');
}

describe('the people of a register, in memory', () => {
  it('are all read after a list that brought thousands within a second', async () => {
    const register = registerOf(many(12_000, NOON));
    let now = plusMs(NOON, 1_500);
    const people = createPeople(register.store, () => now);
    const index = await ready(people, () => {
      now = plusMs(now, 1_000);
    });
    expect(index.size).toBe(12_000);
    expect(now < plusMs(NOON, 40_000), now).toBe(true);
    expect(register.pagesRead()).toBeLessThan(40);
  });

  it('are judged by what was learned of as many, also where a list comes after the first few cases', async () => {
    const register = registerOf(many(3, NOON));
    let now = plusMs(NOON, 30_000);
    const people = createPeople(register.store, () => now);
    expect((await ready(people)).model.rows).toBe(3);
    for (let n = 0; n < 40; n++) register.tells(now, `D${n + 10}`, `Other${n}`);
    now = plusMs(now, 30_000);
    const index = await ready(people);
    expect(index.size).toBe(43);
    // Among three any two may well be one person; among forty-three that takes more.
    expect(index.model.rows).toBe(43);
  });

  it('are those told last, also where a commit lands after others that were decided later', async () => {
    let now = plusMs(NOON, 30_000);
    const register = registerOf(many(100, NOON));
    const people = createPeople(register.store, () => now);
    await ready(people);
    register.tells(plusMs(now, -100), 'LATER', 'Canaryson');
    expect((await ready(people)).size).toBe(101);
    now = plusMs(now, 2_000);
    register.tells(plusMs(now, -9_000), 'BEFORE', 'Canaryson');
    const index = await ready(people);
    expect(index.size).toBe(102);
    const asked = {
      id: 'X',
      given: 'Margaret',
      surname: 'Canaryson',
      dob: '1942-03-07',
      postcode: 'RV1 2AB',
    };
    expect(index.find(asked).map(({ idA, idB }) => (idA === 'X' ? idB : idA))).toEqual(
      expect.arrayContaining(['BEFORE', 'LATER']),
    );
  });

  it('are not read again once what could still land has landed', async () => {
    let now = plusMs(NOON, 2_000);
    const register = registerOf(many(4_500, NOON));
    const people = createPeople(register.store, () => now);
    await ready(people);
    now = plusMs(now, 60_000);
    await people.find(PATHWAY);
    const before = register.pagesRead();
    await people.find(PATHWAY);
    expect(register.pagesRead() - before).toBe(1);
  });
});
