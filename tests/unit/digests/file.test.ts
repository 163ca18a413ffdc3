import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { CardView } from '../../../src/core/routes.ts';
import { writeDigest } from '../../../src/digest-file.ts';
import { digestCard } from '../../../src/digests/cards.ts';
import { printCard } from '../../../src/digests/cards-print.ts';
import type { Shown } from '../../../src/digests/commands.ts';
import { FIGURES, KEPT, type Line } from '../../../src/digests/digest.ts';
import { firstOf, linesIn } from '../../../src/digests/figures.ts';
import { pageOf, pageText } from '../../../src/digests/page.ts';
import { createRenderer } from '../../../src/teams/render.ts';
import { livedRegister, NOW, PATHWAY } from '../register/lived-register.ts';
import { shown } from './cards-samples.ts';
import { put, State } from './random-state.ts';

const { render } = createRenderer(new URL('../../../cards/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'baton-digest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As many lines as there can be, at as many partners. */
function crowded(lines: number, partners: number): Shown {
  const providers = Array.from({ length: partners }, (_, n) => ({
    ...(shown.today.providers[0] as (typeof shown.today.providers)[number]),
    id: `p${n}`,
    name: `The provider of long names in the north and the south, number ${n}`,
  }));
  const parts = providers.map(({ id: provider }, at) => {
    const all = Array.from(
      { length: lines },
      (_, n): Line => ({
        kind: n % 2 ? 'unowned' : 'mismatch',
        id: `7K2-${at}${n}`,
        provider,
        since: shown.dueAt,
        needBy: shown.dueAt,
        ...(n % 2 ? {} : { what: 'different-holder' as const }),
      }),
    );
    const figures = Object.fromEntries(FIGURES.map((figure) => [figure, lines]));
    return { provider, figures, lines: firstOf(all) };
  });
  return { ...shown, today: { ...shown.today, providers }, findings: { ...shown.findings, parts } };
}

describe('what is sent to somebody who takes it along', () => {
  it.each([
    [1, 1],
    [5, 6],
    [1_000, 2],
    [1_000, 5],
    [1_000, 40],
  ])(
    'with %i lines at each of %i partners is one page and one message, and says what is left',
    (lines, partners) => {
      const crowd = crowded(lines, partners);
      const page = pageOf(crowd, 'all', NOW);
      const rows = pageText(page).split('\n');
      expect(rows.length).toBeLessThanOrEqual(60);
      for (const row of rows) expect(row.length).toBeLessThanOrEqual(84);
      const there = linesIn(Object.fromEntries(FIGURES.map((figure) => [figure, lines * partners])));
      const onPage = page.texts.filter((text) => /^\d+\. /.test(text)).length;
      expect(onPage + page.left).toBe(there);
      if (lines > 1)
        expect(page.texts.at(-1)).toMatch(new RegExp(`^${page.left} more are not here[.] /duplicates`));
      const print: CardView = printCard(crowd, 'all', NOW);
      for (const view of [print, digestCard(crowd, 'all', NOW)]) {
        // It throws for a card that is larger than a message may be.
        expect(JSON.stringify(render(view)).length).toBeGreaterThan(500);
      }
      const { cut, left } = print.data as { cut: boolean; left: string };
      expect(left.includes('baton digest --pathway')).toBe(cut);
      if (lines > KEPT) expect(cut).toBe(true);
    },
  );
});

describe('baton digest', () => {
  it('writes every line and figure there is, and one page, and records it', async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(State, async (state) => {
        const lived = await livedRegister();
        const { store, wired } = lived;
        await put(store, PATHWAY, state, NOW);
        const [csv, print] = [join(folder, 'digest.csv'), join(folder, 'digest.txt')];
        const said = await writeDigest(wired, PATHWAY, { csv, print }, NOW);
        const text = readFileSync(csv, 'utf8');
        expect(text.startsWith('\uFEFFWeek,Partner,What,Id,Number,Act by,Carried over\r\n')).toBe(true);
        const rows = text.slice(1).trimEnd().split('\r\n');
        const lines = rows.filter((row) =>
          /,[0-9A-Z]{3}-[0-9A-Z]{3}(?: [0-9A-Z]{3}-[0-9A-Z]{3})?,1,/.test(row),
        );
        // What a former partner had rejected before there was a list of it for all is on no list of a partner.
        const old = state.things.filter(
          (one) => one.kind === 'rejected' && one.old && one.provider === 'gone',
        ).length;
        expect(lines).toHaveLength(state.things.length - old);
        const counted = lines.length === 1 ? '1 line' : `${lines.length} lines`;
        expect(said[0]).toBe(`${csv}: ${counted} and the figures of each partner.`);
        expect(readFileSync(print, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
        const events = await store.history({ pathwayId: PATHWAY, caseId: '_digests' });
        expect(events.map(({ type, by }) => [type, by])).toEqual([['digest.sent', { system: 'operator' }]]);
        most = Math.max(most, lines.length);
        await store.close();
      }),
      { numRuns: 12 },
    );
    expect(most).toBeGreaterThan(20);
  });

  it('prints the page where no file is named, and leaves no half of a file', async () => {
    const { wired, store } = await livedRegister();
    const page = await writeDigest(wired, PATHWAY, {}, NOW);
    expect(page[0]).toContain('digest, week 48 of 2026');
    expect(page.join('\n')).toContain('Not known: the lists were not compared yet.');
    await expect(
      writeDigest(wired, PATHWAY, { csv: join(folder, 'none', 'digest.csv') }, NOW),
    ).rejects.toThrow('digest.csv cannot be written');
    await expect(writeDigest(wired, 'nowhere', {}, NOW)).rejects.toThrow('no such pathway');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    await store.close();
  });
});
