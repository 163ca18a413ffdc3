import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personOf } from '../../../src/agreement/agreement.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import { Invalid } from '../../../src/core/errors.ts';
import { readRegisterId } from '../../../src/core/register-id.ts';
import type { Store, Write } from '../../../src/store/store.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { HEADER, livedRegister, PATHWAY } from './lived-register.ts';

const HELD = 'H1,Margaret Canary,07/03/1942,9990000018,Harbour Rapid Response,open';
const ELSEWHERE = 'H2,Other Person,,,RN1,waiting';
const NOBODYS = 'H3,Nobody Own,,,,open';
const CLOSED = 'H4,Gone Away,,,,closed';
const many = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, at) => `M${String(at + from).padStart(3, '0')},Somebody,,,,open`);

type Lived = Awaited<ReturnType<typeof livedRegister>>;
function person({ terms }: Lived, key: string): PersonActor {
  const account = terms.people.find((one) => one.key === key)?.accounts[0];
  const found = account && personOf(terms, account.tenant, account.objectId);
  if (!found) throw new Error(`nobody is ${key}`);
  return found;
}

describe('a list', () => {
  it('makes a case a line, held by whom it says, with an id of the register', async () => {
    const lived = await livedRegister();
    expect(await lived.imports([HELD, ELSEWHERE, NOBODYS, CLOSED])).toMatchObject({
      list: { id: '000001' },
      baseline: true,
      lines: 4,
      fresh: 4,
      unowned: 1,
      wrong: { first: [], values: 0, lines: 0 },
    });
    const cases = await lived.cases();
    expect(
      cases.map(({ aliases, state, holder }) => [aliases.harbour, state, holder?.provider, holder?.role]),
    ).toEqual([
      ['H1', 'open', 'harbour', 'duty-manager'],
      ['H2', 'open', 'northside', 'coordinator'],
      ['H3', 'open', undefined, undefined],
      ['H4', 'closed', 'harbour', 'duty-manager'],
    ]);
    for (const { caseId } of cases) expect(readRegisterId(caseId)).toBe(caseId);
    expect(cases[0]?.person).toEqual({
      surname: 'Margaret Canary',
      dob: '1942-03-07',
      nhsNumber: '9990000018',
    });
    expect(cases[1]?.listed?.harbour).toMatchObject({
      list: '000001',
      status: 'waiting',
      holder: 'northside',
    });
    expect(await lived.climbing()).toEqual([`${cases[2]?.caseId} escalation:unowned:case`]);
    expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
  });

  it('changes nothing when it comes again, and says so by its counts', async () => {
    const lived = await livedRegister();
    const first = await lived.imports([HELD, NOBODYS, ...many(21)]);
    const before = await lived.kept();
    const again = await lived.imports([HELD, NOBODYS, ...many(21)]);
    expect(again).toMatchObject({
      list: first.list,
      baseline: true,
      fresh: 0,
      updated: 0,
      same: 23,
      unowned: 0,
    });
    expect(await lived.kept()).toEqual(before);
  });

  it('brings a known case up to date, adds what was not known, and leaves what is known and who holds it', async () => {
    const lived = await livedRegister();
    const first = await lived.imports(['H1,Margaret Canary,,,harbour,open'], {
      asOf: '2026-11-13T18:00:00.000Z',
    });
    const second = await lived.imports(['H1,Maggie Canary,1942-03-07,,kindly,closed'], {
      asOf: '2026-11-20T18:00:00.000Z',
    });
    expect([first.baseline, second.baseline]).toEqual([true, false]);
    expect(second).toMatchObject({ list: { id: '000002' }, fresh: 0, updated: 1 });
    const [known, ...others] = await lived.cases();
    expect(others).toEqual([]);
    expect(known).toMatchObject({
      state: 'open',
      holder: { provider: 'harbour' },
      person: { surname: 'Margaret Canary', dob: '1942-03-07' },
      listed: { harbour: { list: '000002', status: 'closed', holder: 'kindly', differs: ['surname'] } },
    });
    const history = await lived.store.history({ pathwayId: PATHWAY, caseId: known?.caseId ?? '' });
    expect(history.map(({ type }) => type)).toEqual(['case.imported', 'case.listed']);
    expect(JSON.stringify(history)).not.toMatch(/Canary|Maggie/);
  });

  it('that is still going in when a newer one is in takes nothing of that one back', async () => {
    const lived = await livedRegister();
    const text = [HEADER, 'H1,Old Name,,,harbour,waiting', 'H2,Only here,,,harbour,open'].join('\n');
    let reads = 0;
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      reads += 1;
      // Read to be checked, and then to be entered: by then a newer one is in.
      if (reads === 2) await lived.imports(['H1,New Name,,,northside,closed', 'H3,New,,,harbour,open']);
      yield new TextEncoder().encode(text);
    };
    const older = await lived.imports([], { bytes: slow });
    expect(older).toMatchObject({ list: { id: '000001' }, fresh: 1, updated: 0, same: 1 });
    const [one, other] = await lived.cases();
    expect(one?.listed?.harbour).toMatchObject({ list: '000002', status: 'closed', holder: 'northside' });
    expect(other?.listed?.harbour).toMatchObject({ list: '000001' });
  });

  it('finds the case that a handover of the same provider brought under that number', async () => {
    const lived = await livedRegister();
    const offer = { from: 'harbour', to: 'northside', alias: 'H1', content: {} };
    const { Content } = await import('../../../src/handovers/handover.ts');
    const content = Content.parse({ person: { surname: 'Canary' } });
    const { caseId } = await lived.wired.handovers.offer(
      { kind: 'partner', partner: 'harbour' },
      PATHWAY,
      { ...offer, content },
      { idempotencyKey: 'k', bodyHash: 'b' },
    );
    expect(await lived.imports([HELD])).toMatchObject({ fresh: 0, updated: 1 });
    expect((await lived.cases()).map((one) => one.caseId)).toEqual([caseId]);
  });

  it('loads the good lines, and tells of each bad one by line and column without what stands there', async () => {
    const lived = await livedRegister();
    const lines = [
      HELD,
      'H9,Secret,31/02/1942,,,open',
      ',Secret,,,,open',
      'H1,Twice,,,,open',
      'H5,x,,,Secret,?',
    ];
    const { wrong, fresh } = await lived.imports(lines);
    expect(fresh).toBe(1);
    expect(wrong).toMatchObject({ values: 5, lines: 4 });
    expect(wrong.first.map(({ field }) => field)).toEqual([
      'line 3, Born',
      'line 4, Ref',
      'line 5, Ref',
      'line 6, Status',
      'line 6, Held by',
    ]);
    expect(JSON.stringify(wrong)).not.toMatch(/Secret|Twice/);
    expect(wrong.first[2]?.message).toBe('the same number stands on line 2: one line a case');
  });

  it.each([
    [
      'with a bad line, all or nothing',
      [HELD, ',x,,,,'],
      { allOrNothing: true },
      'Nothing was loaded: one value is wrong',
    ],
    ['with bad lines alone', [',x,,,,', 'A,x,31/02/1999,,,'], {}, 'Nothing was loaded: 2 values are wrong'],
    ['without lines', [], {}, 'The list has no lines'],
    [
      'that was true tomorrow',
      [HELD],
      { asOf: '2026-11-24T09:00:00.000Z' },
      'as-of: this time is still to come',
    ],
    [
      'of nobody on the pathway',
      [HELD],
      { provider: 'ghost' },
      'no such provider on this pathway. Use one of: northside',
    ],
    [
      'without agreed columns',
      [HELD],
      { provider: 'kindly' },
      'does not say how the list of Kindly Visits is read',
    ],
    ['of other columns', [HELD], { provider: 'st-annes' }, 'line 1: there is no column Hospice number'],
    ['with an open quote', [HELD, '"H2,x,,,,'], {}, 'A quoted value begins on line 3'],
  ])('is refused %s, and nothing is kept', async (_, lines, more, message) => {
    const lived = await livedRegister();
    const before = await lived.kept();
    expect(await lived.told(lines, more)).toContain(message);
    expect(await lived.kept()).toEqual(before);
  });

  it('of any bytes goes in line by line or is refused with what to do, and what is refused leaves nothing', async () => {
    const seen = { in: 0, refused: 0 };
    const any = fc.oneof(fc.constantFrom('', '"', '=1+1', '\0', 'é'), fc.string({ maxLength: 12 }));
    const day = fc.constantFrom('', '1942-03-07', '20/11/1950', '31/02/1942');
    const holder = fc.constantFrom('', 'harbour', 'RN1', 'nobody at all');
    const status = fc.constantFrom('', 'open', 'Closed', 'paused');
    const near = fc.tuple(
      fc.constantFrom('A1', 'A2', 'A3', ''),
      any.map((one) => `"${one.replaceAll('"', '""')}"`),
      day,
      fc.constant(''),
      holder,
      status,
    );
    const line = fc
      .oneof({ weight: 6, arbitrary: near }, { weight: 1, arbitrary: fc.array(any, { maxLength: 7 }) })
      .map((cells) => cells.join(','));
    const bytes = fc.oneof(
      {
        weight: 5,
        arbitrary: fc
          .array(line, { maxLength: 6 })
          .map((lines) => Buffer.from([HEADER, ...lines].join('\n'))),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some)) },
      { weight: 1, arbitrary: fc.string({ maxLength: 60 }).map((some) => Buffer.from(some, 'utf16le')) },
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (whole) => {
        const lived = await livedRegister();
        const before = await lived.kept();
        async function* read(): AsyncGenerator<Uint8Array> {
          yield whole;
        }
        const came = await lived.imports([], { bytes: read }).catch((error: unknown) => error);
        if (came instanceof Invalid) {
          seen.refused += 1;
          expect(came.message.length).toBeGreaterThan(20);
          expect(await lived.kept()).toEqual(before);
          return;
        }
        seen.in += 1;
        expect(came).toMatchObject({ fresh: (await lived.cases()).length });
        for (const { holder, unowned } of await lived.cases()) expect(holder ?? unowned).toBeDefined();
      }),
      { numRuns: 150 },
    );
    console.log(seen);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });

  it('is refused when a newer one is in, with what to do', async () => {
    const lived = await livedRegister();
    await lived.imports([HELD], { asOf: '2026-11-20T18:00:00.000Z' });
    const before = await lived.kept();
    const told = await lived.told([HELD, NOBODYS], { asOf: '2026-11-13T18:00:00.000Z' });
    expect(told).toContain('A newer list of Harbour Rapid Response is in: it was true Fri 20 Nov, 18:00.');
    expect(told).toContain('--as-of');
    expect(await lived.kept()).toEqual(before);
  });

  it('gives no case an id that another has, though chance draws it twice', async () => {
    let drawn = 0;
    // Each id comes twice before the next one does.
    const twice = () => (Math.floor(drawn++ / 10) % 32) / 32;
    const lived = await livedRegister((store) => store, twice);
    const lines = [HELD, ELSEWHERE, NOBODYS, CLOSED];
    expect(await lived.imports(lines)).toMatchObject({ fresh: 4, same: 0, updated: 0 });
    const cases = await lived.cases();
    expect(cases.map(({ aliases }) => aliases.harbour)).toEqual(['H1', 'H2', 'H3', 'H4']);
    expect(new Set(cases.map(({ caseId }) => caseId)).size).toBe(4);
    expect(await lived.imports(lines)).toMatchObject({ fresh: 0, same: 4 });
  });

  it('goes on where a crash left it, with no case twice', async () => {
    const lines = [HELD, ELSEWHERE, NOBODYS, ...many(21)];
    let left = Number.POSITIVE_INFINITY;
    const crashing = (store: Store): Store => ({
      ...store,
      // Nothing is written any more, by whatever was under way at the same time.
      commit: async (key: Parameters<Store['commit']>[0], writes: readonly Write[]) => {
        left -= 1;
        if (left <= 0) throw new Error('the process ends here');
        return store.commit(key, writes);
      },
    });
    let crashes = 0;
    for (let at = 2; at < 60; at += 5) {
      left = Number.POSITIVE_INFINITY;
      const lived = await livedRegister(crashing);
      left = at;
      if ((await lived.told(lines)) === 'it went in') continue;
      crashes += 1;
      left = Number.POSITIVE_INFINITY;
      await lived.imports(lines);
      const cases = await lived.cases();
      expect(cases.map(({ aliases }) => aliases.harbour).sort()).toEqual(
        lines.map((line) => line.split(',')[0] ?? '').sort(),
      );
      expect(await lived.climbing()).toEqual(['_list:harbour escalation:list:000001']);
    }
    expect(crashes).toBeGreaterThan(8);
  });
});

describe('cases that nobody holds', () => {
  it('climb each alone up to twenty, and as one above', async () => {
    const few = await livedRegister();
    await few.imports(many(20));
    expect(await few.climbing()).toHaveLength(20);
    const more = await livedRegister();
    await more.imports(many(21));
    expect(await more.climbing()).toEqual(['_list:harbour escalation:list:000001']);
    expect(await more.wired.register.presentTogether(PATHWAY, 'harbour', '000001')).toMatchObject({
      left: 21,
      together: { brought: 21 },
    });
  });

  it('stop climbing as one when the last is taken, and not before', async () => {
    const lived = await livedRegister();
    await lived.imports(many(21));
    const isaiah = person(lived, 'isaiah');
    for (const [at, { caseId }] of (await lived.cases()).entries()) {
      expect(await lived.climbing()).toHaveLength(1);
      await lived.wired.register.take(PATHWAY, caseId, isaiah);
      if (at % 4 === 0) await lived.settles();
    }
    await lived.settles();
    expect(await lived.climbing()).toEqual([]);
    expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
  });

  it.each([1, 25])('climb when %i more of a list that was done with can be read at last', async (more) => {
    const lived = await livedRegister();
    const lines = [...many(21), ...many(more, 500).map((line) => line.replace(',open', ',paused'))];
    expect((await lived.imports(lines)).wrong.lines).toBe(more);
    const isaiah = person(lived, 'isaiah');
    for (const { caseId } of await lived.cases()) await lived.wired.register.take(PATHWAY, caseId, isaiah);
    await lived.settles();
    expect(await lived.climbing()).toEqual([]);
    await lived.agrees(({ lists }) => {
      for (const list of lists) list.statuses.paused = 'open';
    });
    expect(await lived.imports(lines)).toMatchObject({
      list: { id: '000001' },
      fresh: more,
      unowned: more,
      wrong: { lines: 0 },
    });
    expect(await lived.climbing()).toHaveLength(1);
    for (const { caseId, holder } of await lived.cases()) {
      if (!holder) await lived.wired.register.take(PATHWAY, caseId, isaiah);
    }
    await lived.settles();
    expect(await lived.climbing()).toEqual([]);
    expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
  });

  it('stop climbing as one when a crash left their list half in, and another comes when all so far are taken', async () => {
    let left = Number.POSITIVE_INFINITY;
    const lived = await livedRegister((store) => ({
      ...store,
      commit: async (key: Parameters<Store['commit']>[0], writes: readonly Write[]) => {
        left -= 1;
        if (left <= 0) throw new Error('the process ends here');
        return store.commit(key, writes);
      },
    }));
    left = 45;
    await expect(lived.imports(many(25))).rejects.toThrow('the process ends here');
    left = Number.POSITIVE_INFINITY;
    const isaiah = person(lived, 'isaiah');
    const brought = await lived.cases();
    expect(brought.length).toBeGreaterThan(5);
    for (const { caseId } of brought) await lived.wired.register.take(PATHWAY, caseId, isaiah);
    await lived.settles();
    // The rest of it may still come.
    expect(await lived.climbing()).toEqual(['_list:harbour escalation:list:000001']);
    await lived.insists([HELD]);
    await lived.settles();
    expect(await lived.climbing()).toEqual([]);
    expect((await lived.kept()).filter((one) => one.includes('register.look'))).toEqual([]);
  });

  it('go on climbing as one when another list comes while theirs goes in, and all so far are taken', async () => {
    const lived = await livedRegister();
    const isaiah = person(lived, 'isaiah');
    const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);
    let read = 0;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      read += 1;
      yield text([HEADER, ...many(12)]);
      if (read === 2) {
        await lived.insists([HELD]);
        for (const { caseId, holder } of await lived.cases()) {
          if (!holder) await lived.wired.register.take(PATHWAY, caseId, isaiah);
        }
        await lived.settles();
      }
      yield text(many(12, 13));
    }
    await lived.imports([], { bytes });
    const left = (await lived.cases()).filter(({ holder }) => !holder);
    expect(left.length).toBeGreaterThan(5);
    expect(new Set(left.map(({ unowned }) => unowned?.list))).toEqual(new Set(['000001']));
    expect(await lived.climbing()).toEqual(['_list:harbour escalation:list:000001']);
  });

  it('are held, or on the list of what is unowned with a ladder that runs, after any imports and takes', async () => {
    const line = fc.record({
      id: fc.integer({ min: 1, max: 30 }),
      nobody: fc.boolean(),
      closed: fc.boolean(),
    });
    const lists = fc.record({
      lines: fc.uniqueArray(line, { selector: ({ id }) => id, minLength: 1, maxLength: 30 }),
    });
    const take = fc.record({ nth: fc.nat(40), by: fc.constantFrom('isaiah', 'alex', 'patti') });
    const seen = { unowned: 0, together: 0, taken: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(lists, take, take), { minLength: 1, maxLength: 5 }),
        async (steps) => {
          const lived = await livedRegister();
          for (const step of steps) {
            if ('lines' in step) {
              const written = step.lines.map(
                ({ id, nobody, closed }) =>
                  `N${id},x,,,${nobody ? '' : 'harbour'},${closed ? 'closed' : 'open'}`,
              );
              await lived.insists(written);
            } else {
              const all = await lived.cases();
              const open = all.filter(({ holder }) => !holder);
              const from = step.nth % 5 === 0 ? all : open;
              const one = from[step.nth % Math.max(1, from.length)];
              if (!one) continue;
              const { kind } = await lived.wired.register
                .take(PATHWAY, one.caseId, person(lived, step.by), 'northside')
                .catch(() => lived.wired.register.take(PATHWAY, one.caseId, person(lived, step.by)));
              if (kind === 'change') seen.taken += 1;
              await lived.settles();
            }
            const climbing = await lived.climbing();
            const listed = await lived.wired.register.page(PATHWAY, undefined, '', 100);
            const onList = new Set(listed.map(({ doc }) => doc.caseId));
            const cases = await lived.cases();
            for (const { caseId, holder, unowned, state } of cases) {
              expect(onList.has(caseId)).toBe(holder === undefined);
              if (holder) continue;
              seen.unowned += 1;
              expect(state).toBe('open');
              const alone = unowned?.climbs === 'alone';
              if (!alone) seen.together += 1;
              expect(climbing).toContain(
                alone
                  ? `${caseId} escalation:unowned:case`
                  : `_list:harbour escalation:list:${unowned?.list}`,
              );
            }
            const open = cases.filter(({ holder }) => !holder);
            const together = new Set(
              open.flatMap(({ unowned }) => (unowned?.climbs === 'with-its-list' ? [unowned.list] : [])),
            );
            const alone = open.filter(({ unowned }) => unowned?.climbs === 'alone').length;
            expect(climbing).toHaveLength(alone + together.size);
          }
        },
      ),
      {
        numRuns: 40,
        examples: [
          [
            [
              { lines: Array.from({ length: 25 }, (_, id) => ({ id, nobody: true, closed: false })) },
              { nth: 3, by: 'isaiah' },
            ],
          ],
        ],
      },
    );
    console.log(seen);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });
});
