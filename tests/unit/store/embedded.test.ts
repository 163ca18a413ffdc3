import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenLink } from '../../../src/core/audit.ts';
import type { Doc, Head } from '../../../src/core/change.ts';
import { BadConfiguration, Unavailable } from '../../../src/core/errors.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { embeddedPath, takeLock } from '../../../src/store/embedded-file.ts';

const key = { pathwayId: 'p', caseId: 'C-1' };
const doc = (id: string, lists?: Record<string, string>): Doc => ({
  id,
  kind: 'note',
  schema: 1,
  ...(lists && { lists }),
});

let folder: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-embedded-'));
  path = embeddedPath(folder);
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.kill('SIGKILL')) await once(child, 'exit');
  await rm(folder, { recursive: true });
});

/** Starts child.ts, and gives the process once it printed its word. */
async function child(word: string, ...args: string[]): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const started = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(started);
  let said = '';
  started.stderr.on('data', (text) => {
    said += text;
  });
  await new Promise<void>((resolve, reject) => {
    started.stdout.on('data', (text) => {
      said += text;
      if (said.includes(word)) resolve();
    });
    started.on('exit', () => (said.includes(word) ? resolve() : reject(new Error(said))));
  });
  return started;
}

describe('the embedded store', () => {
  it('syncs every commit to disk before it returns', async () => {
    const store = openEmbedded({ path });
    expect(store.settings()).toEqual({ journalMode: 'wal', synchronous: 2 });
    await store.close();
  });

  it('makes its folder, for its owner alone', async () => {
    const deep = embeddedPath(join(folder, 'a', 'b'));
    const store = openEmbedded({ path: deep });
    await store.commit(key, [{ do: 'create', doc: doc('n1') }]);
    await store.close();
    expect(existsSync(deep)).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('says that a place is taken, and writes nothing of that batch', async () => {
    const store = openEmbedded({ path });
    await store.commit(key, [{ do: 'create', doc: doc('n1', { due: '1' }) }]);
    const taken = store.commit(key, [
      { do: 'create', doc: doc('n2') },
      { do: 'create', doc: doc('n3', { due: '1' }) },
    ]);
    await expect(taken).rejects.toThrow('a place on list due is taken by another document');
    expect(await store.get(key, 'n2')).toBeUndefined();
    expect((await store.page('p', 'due', { limit: 5 })).map((found) => found.doc.id)).toEqual(['n1']);
    await store.close();
  });

  it('keeps commits that share a transaction apart: one fails, the others stand', async () => {
    const store = openEmbedded({ path });
    await store.commit(key, [{ do: 'create', doc: doc('n0', { due: '0' }) }]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) =>
        store.commit(key, [
          { do: 'create', doc: doc(`n${n}-a`) },
          n % 3 === 0 ? { do: 'create', doc: doc('n0') } : { do: 'create', doc: doc(`n${n}-b`) },
        ]),
      ),
    );
    let failed = 0;
    for (const [n, outcome] of outcomes.entries()) {
      if (n % 3 === 0) failed++;
      expect(outcome.status).toBe(n % 3 === 0 ? 'rejected' : 'fulfilled');
      expect((await store.get(key, `n${n}-a`)) !== undefined).toBe(n % 3 !== 0);
    }
    expect(failed).toBe(67);
    await store.close();
  });

  it('finishes what was asked before it closes, and answers nothing after', async () => {
    const store = openEmbedded({ path });
    const asked = store.commit(key, [{ do: 'create', doc: doc('n1') }]);
    await store.close();
    await asked;
    await expect(store.get(key, 'n1')).rejects.toThrow(Unavailable);
    await expect(store.commit(key, [{ do: 'put', doc: doc('n1') }])).rejects.toMatchObject({ took: 'no' });
    await store.close();
    const again = openEmbedded({ path });
    expect(await again.get(key, 'n1')).toBeDefined();
    await again.close();
  });

  it('says that it is busy, with nothing written, while another process keeps the file', async () => {
    const store = openEmbedded({ path });
    const other = await child('held', 'store', path);
    const busy = store.commit(key, [{ do: 'create', doc: doc('n1') }]);
    await expect(busy).rejects.toMatchObject({ name: 'Unavailable', took: 'no' });
    expect(await store.get(key, 'n1')).toBeUndefined();
    other.kill('SIGKILL');
    await once(other, 'exit');
    await store.commit(key, [{ do: 'create', doc: doc('n1') }]);
    await store.close();
  });

  it('loses nothing when three processes commit to one case at once', async () => {
    const names = ['a', 'b', 'c'];
    const each = 100;
    const ready = names.map((name) => child('ready', 'commit', path, name, String(each)));
    const finished = (await Promise.all(ready)).map((committing) => {
      const exit = once(committing, 'exit');
      committing.stdin?.end('go\n');
      return exit;
    });
    for (const [code] of await Promise.all(finished)) expect(code).toBe(0);
    const store = openEmbedded({ path });
    const events = await store.history(key);
    expect(events).toHaveLength(names.length * each);
    for (const name of names) {
      const own = events.filter((event) => 'system' in event.by && event.by.system === name);
      expect(own.map((event) => event.data.n)).toEqual(Array.from({ length: each }, (_, n) => n));
    }
    const hands = events.map((event) => JSON.stringify(event.by));
    const changes = hands.filter((hand, at) => at > 0 && hand !== hands[at - 1]).length;
    console.log(`three processes: the case changed hands ${changes} times in ${events.length} events`);
    expect(changes).toBeGreaterThan(names.length);
    const head = await store.get<Head>(key, 'case');
    expect(brokenLink(key, events, head?.doc.audit)).toBeUndefined();
    await store.close();
  });

  it.each([
    [
      'is no store',
      async (file: string) => writeFile(file, 'something else, and long enough to be read'.repeat(99)),
    ],
    ['is a folder', async (file: string) => void (await mkdir(file))],
    [
      'was written by a newer Baton',
      async (file: string) => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 999');
        database.close();
      },
    ],
  ])('says what to do when the file %s', async (_, make) => {
    await make(path);
    expect(() => openEmbedded({ path })).toThrow(BadConfiguration);
    expect(() => openEmbedded({ path })).toThrow(/^BATON_DATA_DIR: .+: .+/);
  });
});

describe('the lock of a data folder', () => {
  it('is had by one process at a time, which the other is told', async () => {
    await child('held', 'lock', folder);
    expect(() => takeLock(folder)).toThrow('BATON_DATA_DIR: another Baton is serving this folder');
  });

  it('does not keep other commands from the store', async () => {
    await child('held', 'lock', folder);
    const store = openEmbedded({ path });
    await store.commit(key, [{ do: 'create', doc: doc('n1') }]);
    expect(await store.get(key, 'n1')).toBeDefined();
    await store.close();
  });

  it('is free again when its holder was killed', async () => {
    const holder = await child('held', 'lock', folder);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    takeLock(folder).release();
  });

  it('is had by one in the same process too, and can be given back', () => {
    const lock = takeLock(join(folder, 'new'));
    expect(() => takeLock(join(folder, 'new'))).toThrow(BadConfiguration);
    lock.release();
    lock.release();
    takeLock(join(folder, 'new')).release();
  });
});
