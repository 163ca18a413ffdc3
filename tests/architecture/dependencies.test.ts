import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '..', '..');
const CONFIG = '.dependency-cruiser.cjs';
const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');

interface Cruised {
  modules: { source: string; dependencies: unknown[] }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

/** Runs the rules over the folder `src` in `root`. */
function cruise(root: string): Cruised {
  const args = [CRUISER, 'src', '--config', CONFIG, '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser did not run: ${stderr}`);
  return JSON.parse(stdout) as Cruised;
}

const sourcesIn = (root: string): string[] =>
  globSync('src/**/*.{ts,js}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();

test('parts import only what they may, and every source file was read', () => {
  const { modules, summary } = cruise(ROOT);
  const read = modules.map((module) => module.source).filter((source) => source.startsWith('src/'));
  const followed = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  console.log(`dependency rules: ${read.length} modules read, ${followed} imports followed`);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`)).toEqual([]);
  expect(read.sort()).toEqual(sourcesIn(ROOT));
  expect(followed).toBeGreaterThan(read.length);
});

/** For each rule modules that break it and nothing else: where it is, and what it imports. */
const PLANTED: readonly [rule: string, path: string, imports: string][] = [
  ['core-and-linkage-stand-alone', 'src/core/reaches-out.ts', "import '../store/store.ts';"],
  ['core-and-linkage-stand-alone', 'src/linkage/reaches-out.ts', "import '../core/change.ts';"],
  ['core-and-linkage-use-few-packages', 'src/core/uses-express.ts', "import 'express';"],
  ['rules-are-pure', 'src/handovers/rules.ts', "import '../store/store.ts';"],
  ['rules-are-pure', 'src/escalations/raise.ts', "import type { x } from '../store/store.ts';"],
  ['rules-are-pure', 'src/escalations/answers.ts', "import 'express';"],
  ['rules-are-pure', 'src/rota/absence.ts', "import './commands.ts';"],
  ['features-offer-their-thing', 'src/register/peeks.ts', "import '../handovers/offer.ts';"],
  ['rooms-know-no-feature', 'src/http/knows.ts', "import type { x } from '../handovers/offer.ts';"],
  ['only-compose-imports-teams', 'src/jobs/sends.ts', "import '../teams/bot.ts';"],
  ['only-teams-imports-the-bot-framework', 'src/http/bot.ts', "import 'botbuilder';"],
  ['only-the-cosmos-store-imports-cosmos', 'src/jobs/cosmos.ts', "import '@azure/cosmos';"],
  ['only-the-embedded-store-imports-sqlite', 'src/jobs/sqlite.ts', "import 'node:sqlite';"],
  ['source-does-not-know-tests-or-the-demo', 'src/fhir/demo.ts', "import '../../infra/demo/start.js';"],
  ['no-cycles', 'src/fhir/cycle-a.ts', "import './cycle-b.ts';"],
  ['every-import-resolves', 'src/fhir/missing.ts', "import './nowhere.ts';"],
];

test('every rule finds a module that breaks it, and nothing is found in one that does not', () => {
  const rules = (require(join(ROOT, CONFIG)) as { forbidden: { name: string }[] }).forbidden;
  expect([...new Set(PLANTED.map(([rule]) => rule))].sort()).toEqual(rules.map((rule) => rule.name).sort());

  const root = mkdtempSync(join(tmpdir(), 'baton-rules-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const file of [CONFIG, 'tsconfig.json']) cpSync(join(ROOT, file), join(root, file));
  for (const name of ['express', 'botbuilder', '@azure/cosmos']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  write('infra/demo/start.js', 'export {};');
  write('src/fhir/cycle-b.ts', "import './cycle-a.ts';");
  write('src/core/change.ts', "import { createHash } from 'node:crypto';\nexport const x = createHash;");
  write('src/handovers/handover.ts', "export { x } from '../core/change.ts';");
  write('src/handovers/offer.ts', "export { x } from './handover.ts';");
  write('src/rota/commands.ts', "import '../store/store.ts';");
  write('src/escalations/escalation.ts', "import type { x } from '../store/store.ts';");
  write('src/handovers/climb.ts', "import '../escalations/escalation.ts';\nimport './handover.ts';");
  write('src/store/store.ts', "export { x } from '../core/change.ts';");
  write('src/store/cosmos.ts', "import '@azure/cosmos';\nimport './store.ts';");
  write('src/store/embedded.ts', "import 'node:sqlite';\nimport './store.ts';");
  write('src/teams/bot.ts', "import 'botbuilder';");
  write('src/http/intake.ts', "import '../handovers/handover.ts';\nimport 'express';");
  write('src/compose.ts', "import './teams/bot.ts';\nimport './handovers/offer.ts';");
  for (const [, path, imports] of PLANTED) write(path, imports);

  const { modules, summary } = cruise(root);
  const found = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  const expected = PLANTED.map(([rule, path]) => `${rule}: ${path}`);
  expect(modules.filter((module) => module.source.startsWith('src/'))).toHaveLength(sourcesIn(root).length);
  expect([...new Set(found)].sort()).toEqual(expected.sort());
});

/** Sources without comments, by path. */
const code = sourcesIn(ROOT).map(
  (path) =>
    [
      path,
      readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, ''),
    ] as const,
);

test.each([
  ['the environment and the command line', /process\.(?:env|argv)\b/, ['src/baton.js', 'src/main.ts']],
  ['the time', /\bDate\.now\(|new Date\(\)/, ['src/core/clock.ts']],
])('only its own reader reads %s', (_name, pattern, readers) => {
  const found = code.filter(([, text]) => pattern.test(text)).map(([path]) => path);
  console.log(`${code.length} files searched for ${pattern}`);
  expect(code.length).toBeGreaterThan(20);
  expect(found).not.toEqual([]);
  expect(found.filter((path) => !readers.includes(path))).toEqual([]);
});
