// `npm test`: every check in order, each under its heading, ending at the first that fails.
// The last line counts the tests: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'baton-test-'));
const report = join(folder, 'report.json');
const only = process.argv.slice(2);

const at = (...parts) => join(ROOT, 'node_modules', ...parts);
const steps = [
  ['format and lint', at('@biomejs', 'biome', 'bin', 'biome'), ['check', '--error-on-warnings']],
  ['types', at('typescript', 'bin', 'tsc'), ['--noEmit']],
  [
    'tests',
    at('vitest', 'vitest.mjs'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only],
  ],
];

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `The tests need Node 24 and this is ${process.versions.node}: run them by npm test after npm ci.`,
  );
  process.exit(78);
}
for (const [name, script, words] of steps) {
  const from = performance.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [script, ...words], { cwd: ROOT, stdio: 'inherit' });
  console.log(`== ${name}: ${status === 0 ? 'good' : 'FAILED'} in ${seconds(from)} s`);
  if (status !== 0) finish(status ?? 1);
}
finish(0);

/** Prints the totals and ends with the code; no test at all is a failure too. */
function finish(code) {
  const { passed, failed, skipped } = totals();
  rmSync(folder, { recursive: true, force: true });
  const asides = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`\ntotal ${seconds(started)} s`);
  console.log(`${passed} passed, ${failed} failed${asides}`);
  process.exit(code !== 0 ? code : passed === 0 || failed > 0 ? 1 : 0);
}

/** What vitest counted; a step that failed before it counts as one failure. */
function totals() {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that could not be loaded has no test to count, and is a failure all the same.
    const failed = numFailedTests === 0 && numFailedTestSuites > 0 ? numFailedTestSuites : numFailedTests;
    return { passed: numPassedTests, failed, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function seconds(from) {
  return ((performance.now() - from) / 1000).toFixed(1);
}
