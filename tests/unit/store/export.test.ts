import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenLink } from '../../../src/core/audit.ts';
import type { EventDoc, Head } from '../../../src/core/change.ts';
import { anchorUpTo, newestAnchor } from '../../../src/store/anchor.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { exportPathway } from '../../../src/store/export.ts';
import type { Held, Store } from '../../../src/store/store.ts';
import { PATHWAY, threeDays } from './record.ts';

const NOW = '2026-11-25T01:00:00.000Z';
let folder: string;
let out: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-export-'));
  out = join(folder, 'deep', 'export');
  store = openEmbedded({ path: ':memory:' });
});
afterEach(() => rm(folder, { recursive: true }));

const lines = async (file: string): Promise<Held[]> =>
  (await readFile(join(out, file), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('an export', () => {
  it('holds everything of the pathway as stored, one file a kind, and says so in its manifest', async () => {
    await threeDays(store);
    await anchorUpTo(store, PATHWAY, NOW);
    const unlisted = { id: 'draft', kind: 'draft', schema: 1, text: 'line one\nline two \u2028 é' };
    await store.commit({ pathwayId: PATHWAY, caseId: '_draft:alex' }, [{ do: 'create', doc: unlisted }]);
    await store.commit({ pathwayId: 'other', caseId: 'C-1' }, [{ do: 'create', doc: unlisted }]);

    const result = await exportPathway(store, PATHWAY, out, NOW);

    expect(result.files.map(({ file, documents }) => [file, documents])).toEqual([
      ['anchor.jsonl', 3],
      ['case.jsonl', 3],
      ['draft.jsonl', 1],
      ['event.jsonl', 12],
    ]);
    expect(result).toMatchObject({ pathwayId: PATHWAY, exportedAt: NOW, documents: 19 });
    const newest = await newestAnchor(store, PATHWAY);
    expect(result.anchor).toEqual({ day: '2026-11-24', hash: newest?.hash });
    expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))).toEqual(result);
    expect(await lines('draft.jsonl')).toEqual([
      { key: { pathwayId: PATHWAY, caseId: '_draft:alex' }, doc: unlisted },
    ]);
    for (const { file, sha256 } of result.files) {
      expect(
        createHash('sha256')
          .update(await readFile(join(out, file)))
          .digest('hex'),
      ).toBe(sha256);
    }
  });

  it('carries chains that can be checked without the store', async () => {
    await threeDays(store);
    await exportPathway(store, PATHWAY, out, NOW);
    const heads = (await lines('case.jsonl')) as (Held & { doc: Head })[];
    const events = (await lines('event.jsonl')) as (Held & { doc: EventDoc })[];
    expect(heads).toHaveLength(3);
    for (const { key, doc } of heads) {
      const own = events.filter((event) => event.key.caseId === key.caseId).map((event) => event.doc);
      expect(brokenLink(key, own, doc.audit)).toBeUndefined();
    }
  });

  it('writes more than it keeps in memory', async () => {
    const text = 'x'.repeat(50_000);
    for (let n = 0; n < 30; n++) {
      await store.commit({ pathwayId: PATHWAY, caseId: `C-${n}` }, [
        { do: 'create', doc: { id: 'note', kind: 'note', schema: 1, text } as Held['doc'] },
      ]);
    }
    const result = await exportPathway(store, PATHWAY, out, NOW);
    expect(result.files.map((file) => file.documents)).toEqual([30]);
    expect((await lines('note.jsonl')).map((held) => held.key.caseId).sort()).toHaveLength(30);
    expect((await stat(join(out, 'note.jsonl'))).size).toBeGreaterThan(30 * 50_000);
  });

  it('of an empty pathway is a manifest alone', async () => {
    expect(await exportPathway(store, 'quiet', out, NOW)).toMatchObject({ documents: 0, files: [] });
    expect(await readdir(out)).toEqual(['manifest.json']);
  });

  it('keeps a kind of any name inside the folder', async () => {
    const doc = { id: 'x', kind: '../odd kind', schema: 1 };
    await store.commit({ pathwayId: PATHWAY, caseId: 'C-1' }, [{ do: 'create', doc }]);
    await exportPathway(store, PATHWAY, out, NOW);
    expect((await readdir(out)).sort()).toEqual(['..%2Fodd%20kind.jsonl', 'manifest.json']);
  });

  it.runIf(process.platform !== 'win32')('can be read by its owner alone', async () => {
    await threeDays(store);
    await exportPathway(store, PATHWAY, out, NOW);
    const modes = await Promise.all(
      (await readdir(out)).map(async (file) => (await stat(join(out, file))).mode),
    );
    expect(modes.length).toBeGreaterThan(2);
    expect(new Set(modes.map((mode) => mode & 0o777))).toEqual(new Set([0o600]));
    expect((await stat(out)).mode & 0o777).toBe(0o700);
  });

  it('does not mix with what is in the folder already', async () => {
    out = folder;
    await writeFile(join(folder, 'manifest.json'), '{}');
    const refused = exportPathway(store, PATHWAY, out, NOW);
    await expect(refused).rejects.toMatchObject({ name: 'Refused', code: 'folder-not-empty' });
    expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe('{}');
  });

  it('that failed half-way has no manifest', async () => {
    await threeDays(store);
    const failing: Store = {
      ...store,
      async *everything(pathwayId) {
        let n = 0;
        for await (const held of store.everything(pathwayId)) {
          if (++n > 5) throw new Error('the disk is gone');
          yield held;
        }
      },
    };
    await expect(exportPathway(failing, PATHWAY, out, NOW)).rejects.toThrow('the disk is gone');
    expect(await readdir(out)).not.toContain('manifest.json');
  });
});
