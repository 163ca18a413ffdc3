import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventDoc, Key } from '../core/change.ts';
import { Conflict } from '../core/errors.ts';
import { isSqlite, openDatabase, readSettings, type Settings, unavailable } from './embedded-file.ts';
import { type ReadUp, readNothingUp } from './read-up.ts';
import { checkBatch, checkPage, type Held, type Listed, type Page, type Store, type Write } from './store.ts';

/** Commits that wait at the same moment share one transaction, and so one fsync; at most so many. */
const GROUP = 512;
/** Documents read at a time by `everything`. */
const PORTION = 500;

export interface EmbeddedOptions {
  /** The file, made with its folder if missing; `:memory:` keeps nothing. */
  readonly path: string;
  readonly readUp?: ReadUp;
}

export interface EmbeddedStore extends Store {
  /** What SQLite says now of its durability: `wal` and 2 (FULL) for a file. */
  settings(): Settings;
}

interface Row {
  readonly doc: number;
  readonly caseId: string;
  readonly etag: string;
  readonly json: string;
  readonly place: string;
}

/**
 * The store for one machine: SQLite in WAL mode with `synchronous=FULL`, so that a commit that returned is
 * on disk. Several processes may open one file. Errors as `Store` says; `BadConfiguration` when the file
 * cannot be opened; an `Error` when a document is given a place that another one has.
 */
export function openEmbedded({ path, readUp = readNothingUp }: EmbeddedOptions): EmbeddedStore {
  const database = openDatabase(path);
  const sql = prepare(database);
  let waiting: Waiting[] = [];

  // On disk, a turn of the event loop between groups lets sockets and timers in. Memory needs none.
  const soon: (task: () => void) => void = path === ':memory:' ? queueMicrotask : setImmediate;

  function flush(): void {
    const group = waiting.slice(0, GROUP);
    waiting = waiting.slice(GROUP);
    if (waiting.length > 0) soon(flush);
    if (group.length > 0) commitGroup(database, sql, group);
  }

  function rows(statement: StatementSync, ...values: (string | number)[]): Row[] {
    try {
      return statement.all(...values) as unknown as Row[];
    } catch (error) {
      throw unavailable(error, 'no');
    }
  }

  return {
    async get(key, id) {
      const [row] = rows(sql.get, key.pathwayId, key.caseId, id);
      return row && { doc: readUp(JSON.parse(row.json)), etag: row.etag };
    },

    async commit(key, writes) {
      const json = writes.map((write) => (write.do === 'remove' ? '' : JSON.stringify(write.doc)));
      checkBatch(writes, json);
      const prepared = writes.map((write, at) => prepareWrite(write, json[at] ?? ''));
      return new Promise((done, failed) => {
        waiting.push({ key, writes: prepared, done, failed });
        if (waiting.length === 1) soon(flush);
      });
    },

    async history(key) {
      return rows(sql.history, key.pathwayId, key.caseId).map((row) => JSON.parse(row.json) as EventDoc);
    },

    async page(pathwayId: string, list: string, page: Page) {
      checkPage(page);
      const { after = '', upTo, limit } = page;
      const found =
        upTo === undefined
          ? rows(sql.page, pathwayId, list, after, limit)
          : rows(sql.pageUpTo, pathwayId, list, after, upTo, limit);
      return found.map(({ caseId, place, json, etag }) => ({
        key: { pathwayId, caseId },
        place,
        doc: readUp(JSON.parse(json)),
        etag,
      })) as Listed<never>[];
    },

    async count(pathwayId, list, upTo) {
      const [row] =
        upTo === undefined ? rows(sql.count, pathwayId, list) : rows(sql.countUpTo, pathwayId, list, upTo);
      return row?.doc ?? 0;
    },

    async *everything(pathwayId): AsyncGenerator<Held> {
      for (let last = 0; ; ) {
        const portion = rows(sql.everything, pathwayId, last, PORTION);
        for (const { doc, caseId, json } of portion) {
          last = doc;
          yield { key: { pathwayId, caseId }, doc: JSON.parse(json) };
        }
        if (portion.length < PORTION) return;
      }
    },

    settings() {
      return readSettings(database);
    },

    async close() {
      while (waiting.length > 0) flush();
      if (database.isOpen) database.close();
    },
  };
}

/** A write whose document is already copied, as JSON. */
interface PreparedWrite {
  readonly do: Write['do'];
  readonly id: string;
  readonly json: string;
  readonly lists: Readonly<Record<string, string>>;
  readonly etag: string | undefined;
}
interface Waiting {
  readonly key: Key;
  readonly writes: readonly PreparedWrite[];
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

function prepareWrite(write: Write, json: string): PreparedWrite {
  if (write.do === 'remove') return { do: 'remove', id: write.id, json: '', lists: {}, etag: undefined };
  return {
    do: write.do,
    id: write.doc.id,
    json,
    lists: { ...write.doc.lists },
    etag: write.do === 'replace' ? write.etag : undefined,
  };
}

/**
 * One transaction for several commits; each of them stands or falls by itself. As a rule all of them stand: only when
 * one does not are they made again with a savepoint around each, which costs a copy of every page that it touches.
 */
function commitGroup(database: DatabaseSync, sql: Statements, group: readonly Waiting[]): void {
  if (commitAll(database, sql, group, 'together') === 'one-fell') {
    commitAll(database, sql, group, 'each-by-itself');
  }
}

function commitAll(
  database: DatabaseSync,
  sql: Statements,
  group: readonly Waiting[],
  how: 'together' | 'each-by-itself',
): 'settled' | 'one-fell' {
  const settle: (() => void)[] = [];
  try {
    sql.begin.run();
    for (const one of group) {
      if (how === 'each-by-itself') sql.savepoint.run();
      try {
        apply(sql, one);
        settle.push(one.done);
      } catch (error) {
        if (isSqlite(error)) throw error;
        if (how === 'together') {
          database.exec('ROLLBACK');
          return 'one-fell';
        }
        sql.rollbackTo.run();
        settle.push(() => one.failed(error));
      }
      if (how === 'each-by-itself') sql.release.run();
    }
    sql.commit.run();
  } catch (error) {
    // Before COMMIT, or when COMMIT left the transaction open, undoing it makes sure of "no effect".
    const committing = settle.length === group.length;
    const open = database.isOpen && database.isTransaction;
    if (open) database.exec('ROLLBACK');
    const reason = unavailable(error, committing && !open ? 'unknown' : 'no');
    for (const one of group) one.failed(reason);
    return 'settled';
  }
  for (const tell of settle) tell();
  return 'settled';
}

function apply(sql: Statements, { key, writes }: Waiting): void {
  const { pathwayId, caseId } = key;
  const etag = randomUUID();
  const entries: [list: string, place: string, doc: number | bigint][] = [];
  for (const write of writes) {
    // What is new is looked for by putting it there, which is one search of the table and not two.
    const old =
      write.do === 'create'
        ? undefined
        : (sql.before.get(pathwayId, caseId, write.id) as (Row & { lists: string | null }) | undefined);
    refuse(write, old);
    const before: Record<string, string> = old?.lists ? JSON.parse(old.lists) : {};
    for (const [list, place] of Object.entries(before)) {
      if (write.lists[list] !== place) sql.unlist.run(pathwayId, list, place);
    }
    let doc: number | bigint | undefined = old?.doc;
    if (write.do === 'remove') sql.remove.run(doc ?? null);
    else if (doc !== undefined) sql.replace.run(etag, write.json, doc);
    else doc = insert(sql, key, write, etag);
    for (const [list, place] of Object.entries(write.lists)) {
      if (before[list] !== place && doc !== undefined) entries.push([list, place, doc]);
    }
  }
  // Only now, so that documents of one batch can change places with each other.
  for (const [list, place, doc] of entries) {
    if (sql.enlist.run(pathwayId, list, place, doc).changes === 0) {
      throw new Error(
        `a place on list ${list} is taken by another document; end places with the case and id`,
      );
    }
  }
}

function insert(sql: Statements, { pathwayId, caseId }: Key, write: PreparedWrite, etag: string) {
  const { changes, lastInsertRowid } = sql.insert.run(pathwayId, caseId, write.id, etag, write.json);
  if (changes === 0) throw conflict('the id is taken');
  return lastInsertRowid;
}

function refuse(write: PreparedWrite, old: Row | undefined): void {
  const wrong =
    write.do === 'replace'
      ? old?.etag !== write.etag && (old ? 'another writer was faster' : 'the document is gone')
      : write.do === 'remove' && !old && 'the document is gone';
  if (wrong) throw conflict(wrong);
}

const conflict = (why: string): Conflict => new Conflict(`${why}: load again and decide again`);

type Statements = ReturnType<typeof prepare>;
function prepare(database: DatabaseSync) {
  const pageOf = (upTo: string) =>
    `SELECT docs.caseId, docs.etag, docs.json, lists.place FROM lists JOIN docs USING (doc)
     WHERE lists.pathway = ? AND list = ? AND place > ? ${upTo} ORDER BY place LIMIT ?`;
  const texts = {
    begin: 'BEGIN IMMEDIATE',
    commit: 'COMMIT',
    savepoint: 'SAVEPOINT one',
    release: 'RELEASE one',
    rollbackTo: 'ROLLBACK TO one',
    get: 'SELECT etag, json FROM docs WHERE pathway = ? AND caseId = ? AND id = ?',
    before: `SELECT doc, etag, json -> '$.lists' AS lists FROM docs WHERE pathway = ? AND caseId = ? AND id = ?`,
    insert: 'INSERT OR IGNORE INTO docs (pathway, caseId, id, etag, json) VALUES (?, ?, ?, ?, ?)',
    replace: 'UPDATE docs SET etag = ?, json = ? WHERE doc = ?',
    remove: 'DELETE FROM docs WHERE doc = ?',
    enlist: 'INSERT OR IGNORE INTO lists (pathway, list, place, doc) VALUES (?, ?, ?, ?)',
    unlist: 'DELETE FROM lists WHERE pathway = ? AND list = ? AND place = ?',
    history: `SELECT json FROM docs WHERE pathway = ? AND caseId = ? AND id >= 'event:' AND id < 'event;' ORDER BY id`,
    page: pageOf(''),
    pageUpTo: pageOf('AND place <= ?'),
    count: 'SELECT count(*) AS doc FROM lists WHERE pathway = ? AND list = ?',
    countUpTo: 'SELECT count(*) AS doc FROM lists WHERE pathway = ? AND list = ? AND place <= ?',
    everything: 'SELECT doc, caseId, json FROM docs WHERE pathway = ? AND doc > ? ORDER BY doc LIMIT ?',
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, database.prepare(text)]),
  ) as Record<keyof typeof texts, StatementSync>;
}
