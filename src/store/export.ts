import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isApart } from '../core/apart.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type AnchorRow, newestAnchor } from './anchor.ts';
import type { Held, Store } from './store.ts';

export interface ExportedFile {
  readonly file: string;
  readonly kind: string;
  readonly documents: number;
  readonly sha256: string;
}

/** What was exported; also written as `manifest.json`, last, so that a folder without it is not complete. */
export interface ExportResult {
  readonly pathwayId: string;
  /** The open record, or what is kept apart from it: never both in one folder. */
  readonly part: AnchorRow;
  readonly exportedAt: Instant;
  readonly documents: number;
  readonly files: readonly ExportedFile[];
  /** The newest anchor, to be kept outside the store and given to `verify` later. */
  readonly anchor: { readonly day: string; readonly hash: string } | undefined;
}

/** Lines are gathered to about so many characters before they are written. */
const CHUNK = 256 * 1024;

interface Open {
  readonly kind: string;
  readonly file: string;
  readonly handle: FileHandle;
  readonly hash: Hash;
  documents: number;
  waiting: string;
}

/**
 * Writes one part of what is held of a pathway into `outDir`, which must be new or empty: JSON Lines in UTF-8, one
 * file a kind, each line `{"key":{pathwayId,caseId},"doc":{…}}` as stored. The files hold people's records:
 * only their owner may read them. Errors: `Refused` (`folder-not-empty`); those of the store and the disk.
 */
export async function exportPathway(
  store: Store,
  pathwayId: string,
  outDir: string,
  now: Instant,
  part: AnchorRow = 'open',
): Promise<ExportResult> {
  await mkdir(outDir, { recursive: true, mode: 0o700 });
  if ((await readdir(outDir)).length > 0) {
    throw new Refused('folder-not-empty', 'The folder is not empty: choose a new one for this export.');
  }
  const opened = new Map<string, Open>();
  try {
    for await (const stored of store.everything(pathwayId)) {
      if (isApart(stored.key.caseId) !== (part === 'apart')) continue;
      const held = shown(stored);
      const { kind } = held.doc;
      let out = opened.get(kind);
      if (!out) {
        const file = `${encodeURIComponent(kind)}.jsonl`;
        const handle = await open(join(outDir, file), 'wx', 0o600);
        out = { kind, file, handle, hash: createHash('sha256'), documents: 0, waiting: '' };
        opened.set(kind, out);
      }
      out.documents++;
      out.waiting += `${JSON.stringify(held)}\n`;
      if (out.waiting.length > CHUNK) await write(out);
    }
    for (const out of opened.values()) {
      await write(out);
      await out.handle.sync();
    }
  } finally {
    for (const { handle } of opened.values()) await handle.close();
  }
  const anchor = await newestAnchor(store, pathwayId, part);
  const files = [...opened.values()]
    .map(({ file, kind, documents, hash }) => ({ file, kind, documents, sha256: hash.digest('hex') }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const result: ExportResult = {
    pathwayId,
    part,
    exportedAt: now,
    documents: files.reduce((sum, { documents }) => sum + documents, 0),
    files,
    anchor: anchor && { day: anchor.day, hash: anchor.hash },
  };
  const manifest = await open(join(outDir, 'manifest.json'), 'wx', 0o600);
  await manifest.writeFile(`${JSON.stringify(result, null, 2)}\n`);
  await manifest.close();
  return result;
}

/** The lease names the messages that a worker was sending when it ended; those that are kept apart stay unnamed. */
function shown({ key, doc }: Held): Held {
  if (doc.kind !== 'lease' || !('sending' in doc) || !Array.isArray(doc.sending)) return { key, doc };
  const sending = doc.sending.filter(({ caseId }: { caseId?: unknown }) => !isApart(String(caseId)));
  return { key, doc: { ...doc, sending } as typeof doc };
}

async function write(out: Open): Promise<void> {
  const text = out.waiting;
  out.waiting = '';
  out.hash.update(text);
  await out.handle.writeFile(text);
}
