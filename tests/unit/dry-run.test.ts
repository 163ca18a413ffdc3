import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Agreement } from '../../src/agreement/agreement.ts';
import { plusMs } from '../../src/core/clock.ts';
import { replay } from '../../src/dry-run.ts';
import type { DryRun } from '../../src/escalations/dry-run-words.ts';
import { main } from '../../src/main.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { embeddedPath } from '../../src/store/embedded-file.ts';
import { complete, terms } from '../support/pathway.ts';
import { DEEDS, type Deed, livePathway } from './lived-pathway.ts';

const { risk: _, ...withoutRisk } = complete;
const incomplete = { ...withoutRisk, risk: { detail: undefined } };

/** The same agreement with other times on its first rung. */
const withFirst = (within: string, more: object = {}): Agreement => {
  const [first, ...rest] = terms.ladder.rungs;
  if (!first) throw new Error('the test ladder has rungs');
  const rung = { ...first, answer: { ...first.answer, within }, ...more };
  return { ...terms, ladder: { ...terms.ladder, rungs: [rung, ...rest] } };
};

describe('a replay under the ladder in force', () => {
  type What = Deed | 'offer' | 'offer-incomplete' | 'nina' | 'noah' | 'lena' | 'cora';
  interface Move {
    readonly after: number;
    readonly what: What;
  }
  const script: fc.Arbitrary<Move[]> = fc.array(
    fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 200 })),
      what: fc.constantFrom<What[]>(...DEEDS, 'offer', 'offer-incomplete', 'nina', 'noah', 'lena', 'cora'),
    }),
    { minLength: 4, maxLength: 16 },
  );
  const told = (...moves: [number, What][]): [Move[]] => [moves.map(([after, what]) => ({ after, what }))];
  /** Everything that people can do, met in every run. */
  const EXAMPLES = [
    told([5, 'accept'], [3, 'undo'], [30, 'ask'], [5, 'answer'], [40, 'accept'], [1, 'undo'], [50, 'accept']),
    told([20, 'ask'], [20, 'lena'], [10, 'answer'], [200, 'no-capacity'], [30, 'offer'], [20, 'unsafe']),
    told([0, 'lena'], [1, 'unsafe'], [90, 'resolve'], [5, 'offer-incomplete'], [30, 'cora'], [9, 'complete']),
    // Taken back when the time to answer is over already.
    told([0, 'ask'], [6, 'accept'], [9, 'undo'], [0, 'accept']),
    told([20, 'withdraw'], [60, 'offer'], [1, 'duplicate'], [1, 'offer'], [1, 'no-capacity'], [400, 'offer']),
    told([1, 'no-capacity'], [1, 'offer'], [5, 'withdraw'], [90, 'nina'], [9, 'offer'], [3, 'no-capacity']),
  ];
  const POSTS: Record<string, [string, string]> = {
    nina: ['hospice', 'nurse'],
    noah: ['hospice', 'nurse'],
    lena: ['prime', 'lead'],
    cora: ['prime', 'coordinator'],
  };

  it('raises exactly what was raised in life, whatever people did', async () => {
    const met = new Map<string, number>();
    const count = (name: string, by = 1) => met.set(name, (met.get(name) ?? 0) + by);
    await fc.assert(
      fc.asyncProperty(script, async (moves) => {
        const store = openEmbedded({ path: ':memory:' });
        const world = await livePathway(store, terms, '2026-11-24T06:00:00.000Z');
        await world.onDuty('noah', 'hospice', 'nurse', 30);
        let at = await world.offer('first');
        for (const [index, { after, what }] of moves.entries()) {
          await world.minutes(after);
          const post = POSTS[what];
          if (post) await world.onDuty(what, ...post, 12);
          else if (what === 'offer' || what === 'offer-incomplete') {
            const given = what === 'offer' ? complete : incomplete;
            at = await world.offer(`${index}`, given, at.caseId).catch(() => world.offer(`${index}`, given));
          } else if (!(await world.does(what as Deed, at))) continue;
          count(what);
        }
        await world.minutes(1_500);
        const { json } = await replay(store, { now: world.now, sleep: async () => undefined }, terms, {
          days: 92,
        });
        const run = json as DryRun;
        expect(run.inForce).toEqual(run.recorded);
        expect(run.file).toEqual(run.inForce);
        count('prompts', run.recorded.prompts);
        count('handovers', run.handovers);
        count('climbed', run.recorded.climbed);
        await store.close();
      }),
      { numRuns: 30, examples: EXAMPLES },
    );
    console.log([...met].map(([name, times]) => `${name} ${times}`).join(', '));
    for (const what of [...DEEDS, 'offer', 'offer-incomplete', 'climbed']) {
      expect(met.get(what) ?? 0, what).toBeGreaterThan(0);
    }
    expect(met.get('prompts')).toBeGreaterThan(100);
  });
});

describe('agreement check --replay', () => {
  /** Four handovers of last week: three answered five minutes into the second rung's time, one of them by night; one never. */
  async function recorded(folder: string): Promise<void> {
    const monday = `${plusMs(new Date().toISOString(), -7 * 86_400_000).slice(0, 10)}T12:00:00.000Z`;
    const store = openEmbedded({ path: embeddedPath(folder) });
    const world = await livePathway(store, terms, monday);
    await world.onDuty('noah', 'hospice', 'nurse');
    await world.onDuty('nina', 'hospice', 'nurse');
    await world.onDuty('lena', 'prime', 'lead');
    for (const [index, hours] of [0, 3, 11].entries()) {
      await world.until(plusMs(monday, hours * 3_600_000));
      const at = await world.offer(`${index}`);
      await world.minutes(15 + 35);
      if (!(await world.does('accept', at))) throw new Error('it was not accepted');
    }
    await world.until(plusMs(monday, 26 * 3_600_000));
    await world.offer('open');
    await world.minutes(200);
    await store.close();
  }
  const run = async (folder: string, ...words: string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main({
      words,
      env: { LOG_LEVEL: 'silent', BATON_DATA_DIR: folder },
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      operations: async () => (await import('../../src/operations.ts')).operations,
      compose: () => Promise.reject(new Error('nothing is served')),
      askedToEnd: async () => undefined,
    });
    return { code, out, text: out.join('\n'), err: err.join('\n') };
  };
  function fresh(agreement: Agreement): { folder: string; file: string } {
    const folder = mkdtempSync(join(tmpdir(), 'baton-replay-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'new.yaml');
    writeFileSync(file, JSON.stringify(agreement));
    return { folder: join(folder, 'data'), file };
  }
  const cells = (out: readonly string[], label: string): string[][] =>
    out.filter((line) => line.trim().startsWith(label)).map((line) => line.trim().split(/ {2,}/).slice(1));

  it('shows before and after beside each other, and names no patient', async () => {
    const { folder, file } = fresh(withFirst('45m', { wake: true }));
    await recorded(folder);
    const { code, out, text, err } = await run(folder, 'agreement', 'check', file, '--replay');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(text).toMatch(
      /Replayed: 4 handovers of the last 92 days \(.*\); 1 still open, walked until now\./,
    );
    // In force the clinical rung was asked in each case; with 45 minutes for the first, only in the open one.
    expect(cells(out, 'Clinical')[0]).toEqual(['4', '4', '1']);
    expect(cells(out, 'Operational')[0]).toEqual(['4', '4', '4']);
    expect(cells(out, 'Operational')[2]).toEqual(['1', '1', '1']);
    expect(cells(out, 'Handovers')[0]).toEqual(['4', '4', '4']);
    const [woken] = out.flatMap((line, index) => (line.startsWith('Woken most') ? [out[index + 1]] : []));
    expect(woken).toMatch(/^Lena Test(?: +[1-9]\d*){6}$/);
    expect(text).not.toMatch(/Margaret|Example|9990000018|Overnight|Nurses visit/);

    const json = JSON.parse((await run(folder, 'agreement', 'check', file, '--replay', '--json')).text);
    expect(json).toMatchObject({ handovers: 4, open: 1, inForce: { climbed: 4 }, file: { climbed: 4 } });
    expect(JSON.stringify(json)).not.toMatch(/Margaret|Example|9990000018|Overnight/);
    const one = JSON.parse(
      (await run(folder, 'agreement', 'check', file, '--replay', '--json', '--days', '1')).text,
    );
    expect(one).toMatchObject({ days: 1, handovers: 0 });
  });

  it('says so where nothing is recorded, and makes no store', async () => {
    const { folder, file } = fresh(terms);
    const { code, text } = await run(folder, 'agreement', 'check', file, '--replay');
    expect(code).toBe(0);
    expect(text).toContain('Nothing to replay: no version of testdale is in force in this store');
    expect(existsSync(folder)).toBe(false);
    const store = openEmbedded({ path: embeddedPath(folder) });
    await livePathway(store, terms, '2026-11-24T06:00:00.000Z');
    await store.close();
    const empty = await run(folder, 'agreement', 'check', file, '--replay', '--days', '30');
    expect(empty.code).toBe(0);
    expect(empty.text).toContain('Nothing to replay: the record has no handover offered in the last 30 days');
  });

  it('names what the file leaves to nobody', async () => {
    const { folder, file } = fresh(withFirst('30m', { ask: { of: 'prime', roles: ['coordinator'] } }));
    await recorded(folder);
    const { out, text } = await run(folder, 'agreement', 'check', file, '--replay');
    expect(text).toContain('Operational asks Coordinator: nobody was on the rota in that role');
    expect(text).toContain('Baton cannot reach');
    expect(cells(out, 'Operational')[0]).toEqual(['4', '4', '0']);
  });
});
