/**
 * A process of its own for the tests of the embedded store:
 * `commit <file> <name> <count>` prints "ready", waits for a line, makes so many turns on one head, prints "done";
 * `lock <folder>` takes the folder's lock, prints "held" and stays; `store <file>` keeps a write lock likewise.
 */
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import type { Head } from '../../../src/core/change.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { takeLock } from '../../../src/store/embedded-file.ts';
import { createTurns } from '../../../src/store/turn.ts';

const [what, path = '', name = '', count = '0'] = process.argv.slice(2);
if (what === 'commit') {
  const store = openEmbedded({ path });
  const run = createTurns(store, systemClock);
  const start: Head = { id: 'case', kind: 'case', schema: 1, audit: { seq: 0, hash: '' } };
  console.log('ready');
  await once(process.stdin, 'data');
  process.stdin.destroy();
  for (let n = 0; n < Number(count); n++) {
    await run<Head, void>({ pathwayId: 'p', caseId: 'C-1' }, 'case', ({ head }) => ({
      change: {
        documents: [head ?? start, { id: `note:${name}:${n}`, kind: 'note', schema: 1 }],
        events: [{ type: 'test.happened', by: { system: name }, data: { n } }],
      },
      answer: undefined,
    }));
    // Without a pause SQLite lets one process do all its work before the next.
    await systemClock.sleep(Math.random() * 3);
  }
  await store.close();
  console.log('done');
} else if (what === 'lock') {
  takeLock(path);
  console.log('held');
  setInterval(() => {}, 1_000);
} else {
  const database = new DatabaseSync(path);
  database.exec('BEGIN IMMEDIATE');
  console.log('held');
  setInterval(() => database.isTransaction, 1_000);
}
