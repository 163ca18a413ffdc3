import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { operations } from '../../src/operations.ts';

const AGREEMENT = new URL('../support/agreements/moorland.yaml', import.meta.url);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('checks a file by itself, and against what is in force where there is a store', async () => {
  const config = readConfig({ BATON_DATA_DIR: join(folder, 'data') });
  const file = join(folder, 'moorland.yaml');
  const text = readFileSync(AGREEMENT, 'utf8');
  writeFileSync(file, text);
  const alone = (await operations.checkAgreement(file, config)).lines;
  expect(alone).toEqual([
    expect.stringContaining('Moorland reablement: good'),
    expect.stringMatching(
      /^warning: moorland\.yaml:2:1 register: no role is named that is asked about marked/,
    ),
    expect.stringMatching(
      /^warning: moorland\.yaml:112:11 urgencies\[0\]\.need: the answer is due after the need/,
    ),
  ]);
  await operations.applyAgreement(config, file, false);
  expect((await operations.checkAgreement(file, config)).lines[1]).toMatch(/Nothing differs from version 1/);
  writeFileSync(file, text.replace(/^name: .*$/m, 'name: Moorland and coast'));
  const found = await operations.checkAgreement(file, config);
  expect(found.lines.join('\n')).toMatch(/Against version 1.*Moorland and coast/s);
});
