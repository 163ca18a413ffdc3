import { readFileSync } from 'node:fs';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { problemLine, readAgreement } from '../../../src/agreement/file.ts';

function load(path: string): Agreement {
  const read = readAgreement(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'), path);
  if (!read.agreement) throw new Error(read.problems.map(problemLine).join('\n'));
  return read.agreement;
}

/** Fresh copies, free to be changed. */
export const riverside = (): Agreement => load('infra/demo/agreements/riverside.yaml');
export const moorland = (): Agreement => load('tests/support/agreements/moorland.yaml');

/** The entry at a place; a test that names one that is not there is wrong. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
