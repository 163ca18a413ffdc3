import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Environment } from '../../src/config.ts';
import { BadConfiguration, Invalid, Refused, Unavailable } from '../../src/core/errors.ts';
import { main } from '../../src/main.ts';
import type { App, Operations } from '../../src/operations.ts';

const good = async () => ({ good: true, lines: ['fine'] });

/** Runs one command over stand-ins; tells what it printed, what it asked for and its exit code. */
async function baton(
  line: string,
  over: Partial<Operations & { compose: () => Promise<App> }> = {},
  env: Environment = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const asked: unknown[][] = [];
  const recorded = <K extends keyof Operations>(name: K, run: Operations[K]): Operations[K] =>
    ((...given: unknown[]) => {
      asked.push([name, ...given]);
      return (run as (...given: unknown[]) => unknown)(...given);
    }) as Operations[K];
  const operations: Operations = {
    checkAgreement: recorded('checkAgreement', over.checkAgreement ?? good),
    replayAgreement: recorded(
      'replayAgreement',
      over.replayAgreement ?? (async () => ({ ...(await good()), json: { handovers: 2 } })),
    ),
    applyAgreement: recorded('applyAgreement', over.applyAgreement ?? good),
    importRota: recorded('importRota', over.importRota ?? good),
    importTraining: recorded('importTraining', over.importTraining ?? good),
    importList: recorded('importList', over.importList ?? (async () => ({ lines: ['fine'], problems: [] }))),
    escalations: recorded(
      'escalations',
      over.escalations ?? (async () => ({ ...(await good()), json: { escalations: 2 } })),
    ),
    reconcile: recorded(
      'reconcile',
      over.reconcile ?? (async () => ({ good: true, lines: ['fine'], json: { all: 'x' } })),
    ),
    digest: recorded('digest', over.digest ?? good),
    safeguarding: recorded('safeguarding', over.safeguarding ?? good),
    verify: recorded('verify', over.verify ?? (async () => ({ ...(await good()), json: { holds: true } }))),
    exportTo: recorded('exportTo', over.exportTo ?? good),
    doctor: recorded('doctor', over.doctor ?? (async () => [{ what: 'store' }])),
    offer: recorded('offer', over.offer ?? good),
    link: recorded('link', over.link ?? good),
    simulate: recorded(
      'simulate',
      over.simulate ?? (async () => ({ ...(await good()), json: { seeds: 2 } })),
    ),
  };
  const code = await main({
    words: line.split(' ').filter((word) => word !== ''),
    env: { LOG_LEVEL: 'silent', ...env },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    operations: async () => operations,
    compose: over.compose ?? failing(new Error('not stood in for')),
    askedToEnd: async () => undefined,
  });
  return { code, out: out.join('\n'), err: err.join('\n'), asked };
}

const failing = (error: Error) => async () => Promise.reject(error);

describe('the command line', () => {
  test.each([
    ['agreement check a.yaml', ['checkAgreement', 'a.yaml', expect.anything()]],
    ['agreement check a.yaml --replay', ['replayAgreement', expect.anything(), 'a.yaml', { days: 92 }]],
    [
      'agreement check a.yaml --replay --days 7',
      ['replayAgreement', expect.anything(), 'a.yaml', { days: 7 }],
    ],
    ['agreement apply a.yaml', ['applyAgreement', expect.anything(), 'a.yaml', false]],
    ['agreement apply a.yaml --yes', ['applyAgreement', expect.anything(), 'a.yaml', true]],
    ['training import --pathway p t.csv', ['importTraining', expect.anything(), 'p', 't.csv']],
    ['rota import --pathway p r.csv', ['importRota', expect.anything(), 'p', 'r.csv']],
    [
      'register import --pathway p --provider x l.csv',
      ['importList', expect.anything(), { pathway: 'p', provider: 'x', file: 'l.csv' }],
    ],
    [
      'register import --pathway p --provider x --as-of 2026-11-20T18:00 --all-or-nothing l.csv',
      [
        'importList',
        expect.anything(),
        { pathway: 'p', provider: 'x', file: 'l.csv', asOf: '2026-11-20T18:00', allOrNothing: true },
      ],
    ],
    [
      'escalations --pathway p --from 2026-11-01 --to 2026-11-30',
      ['escalations', expect.anything(), 'p', { from: '2026-11-01', to: '2026-11-30' }],
    ],
    [
      'escalations --pathway p --from 2026-11-01 --to 2026-11-30 --json',
      ['escalations', expect.anything(), 'p', { from: '2026-11-01', to: '2026-11-30' }],
    ],
    ['verify --pathway p', ['verify', expect.anything(), 'p', false]],
    ['verify --pathway p --safeguarding', ['verify', expect.anything(), 'p', true]],
    ['export --pathway p --out folder', ['exportTo', expect.anything(), 'p', 'folder', false]],
    ['export --pathway p --out folder --safeguarding', ['exportTo', expect.anything(), 'p', 'folder', true]],
    ['doctor', ['doctor', expect.anything()]],
    [
      'offer --pathway p --from a --to b m.json',
      ['offer', { file: 'm.json', pathway: 'p', from: 'a', to: 'b', url: 'http://localhost:3978' }],
    ],
    ['link people.csv', ['link', 'people.csv', {}]],
    ['link people.csv --labels l.csv --json', ['link', 'people.csv', { labels: 'l.csv', json: true }]],
    ['simulate --seeds 2 --weeks 1', ['simulate', { seeds: 2, weeks: 1, from: 1 }]],
    [
      'simulate --seeds 1 --weeks 4 --from 9 --only 3,17',
      ['simulate', { seeds: 1, weeks: 4, from: 9, only: [3, 17] }],
    ],
  ])('%s is done, and exits 0', async (line, asked) => {
    const ran = await baton(line);
    expect(ran.asked).toEqual([asked]);
    expect(ran.code).toBe(0);
    expect(ran.out).not.toBe('');
  });

  test('names the lines of a list that did not go in, beside what did, and exits 65', async () => {
    const importList = async () => ({
      lines: ['Cases: 1 new'],
      problems: [{ field: 'line 4, Born', message: 'write it as 2026-11-20' }],
    });
    const ran = await baton('register import --pathway p --provider x l.csv', { importList });
    expect(ran).toMatchObject({
      code: 65,
      out: 'Cases: 1 new',
      err: '  line 4, Born: write it as 2026-11-20',
    });
  });

  test('serves until it is asked to end, then closes what it opened', async () => {
    const order: string[] = [];
    const compose = async () => ({
      listen: async () => {
        order.push('listen');
        return { url: 'http://localhost:1' };
      },
      close: async () => void order.push('close'),
    });
    expect((await baton('serve', { compose })).code).toBe(0);
    expect(order).toEqual(['listen', 'close']);
  });

  test.each([
    'fly',
    'agreement',
    'agreement check',
    'agreement check a.yaml --days 7',
    'agreement check a.yaml --json',
    'agreement check a.yaml --replay --days soon',
    'agreement check a.yaml --replay --days 999999',
    'verify',
    'export --pathway p',
    'escalations --pathway p --from 2026-11-01',
    'verify --pathway p --loud',
    'register import --pathway p l.csv',
    'register import --provider x l.csv',
    'register import --pathway p --provider x',
    'serve extra',
    'link',
    'link a.csv b.csv',
    'link a.csv --labels',
  ])('"%s" is bad usage and exits 64', async (line) => {
    const ran = await baton(line);
    expect(ran.code).toBe(64);
    expect(ran.err).not.toBe('');
    expect(ran.asked).toEqual([]);
  });

  test.each(['--help', 'agreement --help', 'verify --help'])('"%s" exits 0', async (line) => {
    const ran = await baton(line);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('Usage: baton');
  });

  test.each([
    [new BadConfiguration([{ field: 'PORT', message: 'set it' }]), 78, 'PORT: set it'],
    [new Invalid('Mend it.', [{ field: 'line 4', message: 'write a name' }]), 65, '  line 4: write a name'],
    [new Refused('unknown-pathway', 'There is no such pathway.'), 1, 'There is no such pathway.'],
    [new Unavailable('The store is away.', 'no'), 69, 'The store is away.'],
  ])('%s decides the exit code and is told in words', async (error, code, says) => {
    const ran = await baton('agreement check a.yaml', { checkAgreement: failing(error) });
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(says);
  });

  test('a bug is told with a reference and without what it says', async () => {
    const ran = await baton('doctor', { doctor: failing(new TypeError('Margaret Example is undefined')) });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/reference [0-9a-f]{8}/);
    expect(ran.err).not.toContain('Margaret');
  });

  test('bad settings exit 78 before anything is done, all named', async () => {
    const ran = await baton('doctor', {}, { PORT: 'x', BATON_STORE: 'y' });
    expect(ran.code).toBe(78);
    expect(ran.err).toContain('PORT: ');
    expect(ran.err).toContain('BATON_STORE: ');
    expect(ran.asked).toEqual([]);
  });

  test('what does not hold exits 1', async () => {
    const verify = async () => ({ good: false, lines: ['broken: event 3'], json: { holds: false } });
    expect(await baton('verify --pathway p', { verify })).toMatchObject({ code: 1, out: 'broken: event 3' });
    expect(await baton('verify --pathway p --json', { verify })).toMatchObject({
      code: 1,
      out: '{"holds":false}',
    });
    const doctor = async () => [{ what: 'settings' }, { what: 'store', wrong: 'start it' }];
    const ran = await baton('doctor', { doctor });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('store: start it');
  });
});

describe('baton.js', () => {
  const BATON = join(import.meta.dirname, '..', '..', 'src', 'baton.js');

  test('runs the command line without a warning', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BATON, '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: baton');
    expect(stderr).toBe('');
  });

  test('ends quietly when whoever reads its output has gone', () => {
    const pipe = `"${process.execPath}" "${BATON}" --help | true; echo "code ${'$'}{PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', pipe], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('code 0');
  });

  test('on an older Node, with none beside it, says in one line what is needed and exits 78', () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-node-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    copyFileSync(BATON, join(folder, 'baton.js'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const older = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})";
    const args = ['--import', `data:text/javascript,${older}`, join(folder, 'baton.js'), 'serve'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(78);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('Node 24');
  });
});
