import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BadConfiguration, Unavailable } from '../core/errors.ts';

/** The layout of the tables below, kept in `PRAGMA user_version`. */
const LAYOUT = 1;
const TABLES = `
  CREATE TABLE docs (
    doc INTEGER PRIMARY KEY,
    pathway TEXT NOT NULL,
    caseId TEXT NOT NULL,
    id TEXT NOT NULL,
    etag TEXT NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (pathway, caseId, id)
  ) STRICT;
  CREATE TABLE lists (
    pathway TEXT NOT NULL,
    list TEXT NOT NULL,
    place TEXT NOT NULL,
    doc INTEGER NOT NULL,
    PRIMARY KEY (pathway, list, place)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${LAYOUT};
`;

/** How long a commit waits for another process's before it says that the store is busy. */
const BUSY_MS = 1_000;

/** The store's file in a data folder. */
export const embeddedPath = (dataDir: string): string => join(dataDir, 'baton.db');

/** What SQLite says now of its durability: `wal` and 2 (FULL) for a file. */
export interface Settings {
  readonly journalMode: string;
  readonly synchronous: number;
}
export const readSettings = (database: DatabaseSync): Settings => ({
  journalMode: String(database.prepare('PRAGMA journal_mode').get()?.journal_mode),
  synchronous: Number(database.prepare('PRAGMA synchronous').get()?.synchronous),
});

/** The files hold people's records: only their owner may read them. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Opens the store's file, made with its folder and tables if missing. Errors: `BadConfiguration`. */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') makeFolder(dirname(path));
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    patiently(database, 'PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    createTables(database);
  } catch (error) {
    database?.close();
    if (error instanceof BadConfiguration) throw error;
    throw badData(
      'the store cannot be opened: check that the folder is on a local disk and can be written',
      error,
    );
  }
  const { journalMode, synchronous } = readSettings(database);
  if (synchronous !== 2 || (path !== ':memory:' && journalMode !== 'wal')) {
    database.close();
    throw badData('SQLite cannot keep commits safe here: choose a folder on a local disk');
  }
  return database;
}

function createTables(database: DatabaseSync): void {
  const layout = () => Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (layout() === 0) {
    database.exec('BEGIN IMMEDIATE');
    if (layout() === 0) database.exec(TABLES);
    database.exec('COMMIT');
  }
  if (layout() > LAYOUT) throw badData('the store was written by a newer Baton: run that version');
}

/** The change to WAL does not wait for a busy file by itself, and two processes may open a new one at once. */
function patiently(database: DatabaseSync, text: string): void {
  for (let tries = 1; ; tries++) {
    try {
      database.exec(text);
      return;
    } catch (error) {
      if (!isBusy(error) || tries === 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** `serve` holds this while it runs; the operating system gives it back however the process ends. */
export interface DataLock {
  release(): void;
}

/** A lock whose holder forgot it would go with the garbage, so the open files are kept here. */
const held = new Set<DatabaseSync>();

/**
 * Takes the data folder for one serving process. Other commands open the store without it.
 * Errors: `BadConfiguration` when another process has it.
 */
export function takeLock(dataDir: string): DataLock {
  makeFolder(dataDir);
  const database = new DatabaseSync(join(dataDir, 'serve.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw badData('the folder cannot be locked: check that it can be written', error);
    throw badData(
      'another Baton is serving this folder: stop it, or give this one a folder of its own',
      error,
    );
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}

function badData(message: string, cause?: unknown): BadConfiguration {
  const error = new BadConfiguration([{ field: 'BATON_DATA_DIR', message }]);
  error.cause = cause;
  return error;
}

/** SQLite's primary result codes, https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const resultCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
/** Did SQLite itself fail, rather than the batch? */
export const isSqlite = (error: unknown): boolean => resultCode(error) !== 0;
const isBusy = (error: unknown): boolean => resultCode(error) === SQLITE_BUSY;

/** What SQLite's failure means to the caller of the store. */
export function unavailable(error: unknown, took: 'no' | 'unknown'): Unavailable {
  const said = isBusy(error) ? 'the store is busy' : 'the store does not answer';
  return new Unavailable(`${said}: try again`, took, { cause: error });
}
