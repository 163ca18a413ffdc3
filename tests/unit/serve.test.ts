import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** Starts `baton serve` over a folder of its own and waits until it serves or ends. */
async function serve(
  folder: string,
): Promise<{ process: ChildProcess; url: string | undefined; err(): string }> {
  const child = spawn(process.execPath, [join(ROOT, 'src', 'baton.js'), 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      BATON_DATA_DIR: folder,
      BATON_AGREEMENTS: join(ROOT, 'infra', 'demo', 'agreements'),
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const url = await new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const found = /"url":"([^"]+)"/.exec(out)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => resolve(undefined));
  });
  return { process: child, url, err: () => err };
}

test('serve answers until it is told to end, then exits 0; meanwhile a second one on the same data exits 78', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = await serve(folder);
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);

  const second = await serve(folder);
  expect(second.url).toBeUndefined();
  expect(second.process.exitCode).toBe(78);
  expect(second.err()).toContain('BATON_DATA_DIR: another Baton');

  first.process.kill('SIGTERM');
  const [code] = await once(first.process, 'exit');
  expect(code).toBe(0);
  expect(first.err()).toBe('');
});
