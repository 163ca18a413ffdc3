import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Request } from 'express';

/** A body on disk, for as long as it is needed. */
export interface Spooled {
  readonly path: string;
  /** SHA-256 in hex of what it says, unpacked. */
  readonly hash: string;
}

/** A body that was not kept, and why. */
export type NotSpooled = { readonly problem: 'too-large' | 'not-gzip' | 'gone' };

/** Its files are whole lists of people: nobody but their owner may read them, and none outlasts its request. */
const FOLDER = 'incoming';

/** Removes what a crash left, in the data folder of this process. */
export const clearSpool = (dataDir: string): Promise<void> =>
  rm(join(dataDir, FOLDER), { recursive: true, force: true });

/** Writes the body of a request to a file of its own, at most so many bytes of it unpacked. */
export async function spool(request: Request, dataDir: string, most: number): Promise<Spooled | NotSpooled> {
  if (Number(request.get('Content-Length') ?? 0) > most) return refused(request, 'too-large');
  const packed = (request.get('Content-Encoding') ?? 'identity').trim().toLowerCase();
  if (packed !== 'gzip' && packed !== 'identity') return refused(request, 'not-gzip');
  const folder = join(dataDir, FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, randomUUID());
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > most) return done(new Error('too large'));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  // Whoever sends too much is to read the answer, so their connection stays.
  const body = request.iterator({ destroyOnReturn: false });
  try {
    await (packed === 'gzip' ? pipeline(body, createGunzip(), meter, file) : pipeline(body, meter, file));
    return { path, hash: hash.digest('hex') };
  } catch (error) {
    await unspool({ path });
    if (bytes > most) return refused(request, 'too-large');
    if (request.destroyed && !request.complete) return { problem: 'gone' };
    if (isOfZlib(error)) return refused(request, 'not-gzip');
    throw error;
  }
}

/** Removes the file. */
export const unspool = ({ path }: Pick<Spooled, 'path'>): Promise<void> => rm(path, { force: true });

/** What else comes is let pass by unread: whoever is still sending does not read an answer. The server's time limit ends it. */
async function refused(request: Request, problem: NotSpooled['problem']): Promise<NotSpooled> {
  request.resume();
  await finished(request).catch(() => undefined);
  return { problem: request.complete ? problem : 'gone' };
}

const isOfZlib = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
