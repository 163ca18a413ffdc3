import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { agreementFilesIn } from '../../src/agreement-files.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { systemChance } from '../../src/core/chance.ts';
import { systemClock } from '../../src/core/clock.ts';
import { BadConfiguration, Invalid, Refused, Unavailable } from '../../src/core/errors.ts';
import { examine } from '../../src/doctor.ts';
import { openStore } from '../../src/open-store.ts';
import { operations } from '../../src/operations.ts';
import { wire } from '../../src/wire.ts';
import { told } from './safeguarding/fixture.ts';

const RIVERSIDE = join(import.meta.dirname, '..', '..', 'infra', 'demo', 'agreements', 'riverside.yaml');

/** Settings over a folder of its own, removed afterwards. */
function fresh(env: Record<string, string> = {}): { config: Config; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'baton-operations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, config: readConfig({ BATON_DATA_DIR: join(folder, 'data'), ...env }) };
}

describe('an operator', () => {
  test('applies an agreement, sees that it is in force, verifies and exports what is held', async () => {
    const { config, folder } = fresh();
    const first = await operations.applyAgreement(config, RIVERSIDE, false);
    expect(first).toMatchObject({ good: true });
    expect(first.lines.at(-1)).toBe('In force as version 1.');
    const again = await operations.applyAgreement(config, RIVERSIDE, false);
    expect(again.lines).toEqual(['Nothing changes: version 1 is in force as the file says.']);

    const verified = await operations.verify(config, 'riverside', false);
    expect(verified).toMatchObject({ good: true, json: { holds: true, chains: 1, events: 1 } });
    const out = join(folder, 'out');
    expect(await operations.exportTo(config, 'riverside', out, false)).toMatchObject({ good: true });
    expect(readdirSync(out)).toContain('manifest.json');
  });

  test('imports a rota, all of it or nothing, and the same file changes nothing', async () => {
    const { config, folder } = fresh();
    await operations.applyAgreement(config, RIVERSIDE, false);
    const file = join(folder, 'rota.csv');
    const lines = [
      'person,provider,role,from,to',
      'adele,st-annes,duty-manager,2099-01-05 08:00,2099-01-05 20:00',
    ];
    writeFileSync(file, [...lines, 'adele,st-annes,visits-coordinator,2099-01-06 08:00,soon'].join('\n'));
    const importing = operations.importRota(config, 'riverside', file);
    await expect(importing).rejects.toBeInstanceOf(Invalid);
    await importing.catch((error: Invalid) => {
      expect(error.problems.map(({ field }) => field)).toEqual(['rota.csv:3 to', 'rota.csv:3 role']);
    });
    writeFileSync(file, lines.join('\n'));
    const first = await operations.importRota(config, 'riverside', file);
    expect(first.lines).toEqual(['On the rota: 1 new, 0 with another end.']);
    const again = await operations.importRota(config, 'riverside', file);
    expect(again.lines).toEqual(['Nothing changes.', '1 were there already, or were imported before.']);
    expect(await operations.verify(config, 'riverside', false)).toMatchObject({
      json: { holds: true, chains: 2 },
    });
    await expect(operations.importRota(config, 'nowhere', file)).rejects.toThrow('no such pathway');
    await expect(operations.importRota(config, 'riverside', join(folder, 'none.csv'))).rejects.toThrow(
      'path',
    );
  });

  test('imports training dates, all of them or nothing, and the same file changes nothing', async () => {
    const { config, folder } = fresh();
    await operations.applyAgreement(config, RIVERSIDE, false);
    const file = join(folder, 'training.csv');
    const demo = readFileSync(join(dirname(RIVERSIDE), '../training.csv'), 'utf8');
    writeFileSync(file, `${demo}nobody,basic-life-support,2026-01-01,2027-01-01\n`);
    const importing = operations.importTraining(config, 'riverside', file);
    await expect(importing).rejects.toMatchObject({ problems: [{ field: 'training.csv:10 person' }] });
    expect(await operations.verify(config, 'riverside', false)).toMatchObject({ json: { chains: 1 } });
    writeFileSync(file, demo);
    const first = await operations.importTraining(config, 'riverside', file);
    expect(first.lines).toEqual(['Training dates: 8 new, 0 newer than before.']);
    const again = await operations.importTraining(config, 'riverside', file);
    expect(again.lines).toEqual(['Nothing changes.', '8 were there already.']);
    expect(await operations.verify(config, 'riverside', false)).toMatchObject({
      json: { holds: true, chains: 2 },
    });
    writeFileSync(file, Buffer.from([0x50, 0x4b, 0x03, 0x04]));
    await expect(operations.importTraining(config, 'riverside', file)).rejects.toThrow('a spreadsheet');
    await expect(operations.importTraining(config, 'nowhere', file)).rejects.toThrow();
    await expect(operations.importTraining(config, 'riverside', join(folder, 'none.csv'))).rejects.toThrow(
      'path',
    );
  });

  test('imports a caseload list, tells of bad lines without a name, and the same file changes nothing', async () => {
    const { config, folder } = fresh();
    await operations.applyAgreement(config, RIVERSIDE, false);
    const file = join(folder, 'list.csv');
    const request = { pathway: 'riverside', provider: 'harbour', file, asOf: '2026-11-20T18:00' };
    const lines = ['Ref,Name,Born,NHS,Held by,Status', 'A1,Canary,,,harbour,open', 'A2,Canary,,,,open'];
    writeFileSync(file, [...lines, 'A3,Canary,31/02/1950,,Canary,open'].join('\n'));
    const whole = operations.importList(config, { ...request, allOrNothing: true });
    await expect(whole).rejects.toMatchObject({
      problems: [{ field: 'line 4, Born' }, { field: 'line 4, Held by' }],
    });
    expect(await operations.verify(config, 'riverside', false)).toMatchObject({ json: { chains: 1 } });
    let shown = 0;
    const first = await operations.importList(config, { ...request, progress: (done) => (shown = done) });
    expect(first.problems.map(({ field }) => field)).toEqual(['line 4, Born', 'line 4, Held by']);
    expect(first.lines).toEqual([
      'List 000001 of Harbour Rapid Response, true Fri 20 Nov, 18:00. Good lines: 2.',
      'It is the first list of this provider: the baseline.',
      'Cases: 2 new, 0 brought up to date, 0 as they were.',
      'New cases that nobody holds: 1. They are alerted, and on /unowned.',
      'Lines that did not go in: 1. Put them right and import the list again.',
    ]);
    expect(shown).toBe(2);
    expect(JSON.stringify(first)).not.toContain('Canary');
    const again = await operations.importList(config, request);
    expect(again.lines.slice(1, 2)).toEqual(['Nothing changes: all of this was in.']);
    expect(await operations.verify(config, 'riverside', false)).toMatchObject({
      json: { holds: true, chains: 6 },
    });
    await expect(operations.importList(config, { ...request, asOf: 'Friday' })).rejects.toBeInstanceOf(
      Invalid,
    );
    await expect(operations.importList(config, { ...request, file: join(folder, 'no.csv') })).rejects.toThrow(
      'path',
    );
    await expect(operations.importList(config, { ...request, pathway: 'nowhere' })).rejects.toThrow(
      'no such pathway',
    );
  });

  test('imports the demo’s caseload list whole: two of its cases are held by nobody', async () => {
    const { config } = fresh();
    await operations.applyAgreement(config, RIVERSIDE, false);
    const file = fileURLToPath(new URL('../../infra/demo/caseload.csv', import.meta.url));
    const request = { pathway: 'riverside', provider: 'st-annes', file };
    const { lines, problems } = await operations.importList(config, request);
    expect(problems).toEqual([]);
    expect(lines).toContain('Cases: 6 new, 0 brought up to date, 0 as they were.');
    expect(lines).toContain('New cases that nobody holds: 2. They are alerted, and on /unowned.');
  });

  test('gets the figures of escalations, which say "none" of nothing', async () => {
    const { config } = fresh();
    await operations.applyAgreement(config, RIVERSIDE, false);
    const days = { from: '2026-11-01', to: '2026-11-30' };
    const { lines, json } = await operations.escalations(config, 'riverside', days);
    expect(lines.find((line) => line.startsWith('All'))).toMatch(/^All +0 +none +none/);
    expect(json).toMatchObject({
      pathway: 'riverside',
      ...days,
      escalations: 0,
      acknowledgement: { all: { asked: 0, medianMinutes: null, withinTarget: null } },
    });
    await expect(operations.escalations(config, 'nowhere', days)).rejects.toBeInstanceOf(Refused);
  });

  test('takes concerns out only when they are asked for, and each of them records it', async () => {
    const { config, folder } = fresh();
    await operations.applyAgreement(config, RIVERSIDE, false);
    const store = await openStore(config);
    const { concerns } = wire({
      store,
      clock: systemClock,
      chance: systemChance,
      channel: async () => undefined,
    });
    const position = { provider: 'kindly', role: 'visits-coordinator' };
    const concernId = concerns.newId();
    await concerns.raise(
      { pathwayId: 'riverside', concernId },
      { kind: 'person', person: 'patti', name: 'Patti Fernandez', positions: [position] },
      { told, named: [], position },
    );
    await store.close();
    const [open, apart] = [join(folder, 'open'), join(folder, 'apart')];
    const whole = (out: string): string =>
      readdirSync(out)
        .map((file) => readFileSync(join(out, file), 'utf8'))
        .join('\n');
    const plain = await operations.exportTo(config, 'riverside', open, false);
    expect(`${plain.lines.join('\n')}${whole(open)}`).not.toContain(concernId);
    await operations.exportTo(config, 'riverside', apart, true);
    expect(whole(apart)).toContain('"concern.exported"');
    expect(whole(apart)).not.toContain('"kind":"agreement"');
    const once = readFileSync(join(apart, 'event.jsonl'), 'utf8').match(/"concern.exported"/g);
    expect(once).toHaveLength(1);
    const checked = await operations.verify(config, 'riverside', false);
    expect(checked).toMatchObject({ good: true, json: { chains: 1 } });
    expect(JSON.stringify(await operations.verify(config, 'riverside', true))).toContain('1 chains');
  });

  test('is told when a pathway is not known', async () => {
    const { config, folder } = fresh();
    expect(await operations.verify(config, 'nowhere', false)).toMatchObject({
      good: false,
      json: { holds: false },
    });
    expect(await operations.exportTo(config, 'nowhere', join(folder, 'out'), false)).toMatchObject({
      good: false,
    });
  });

  test('checks an agreement without touching the store, and gets what is wrong by its line', async () => {
    const { folder } = fresh();
    expect((await operations.checkAgreement(RIVERSIDE)).good).toBe(true);
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'pathway: Bad Name\nzones: x\n');
    const checking = operations.checkAgreement(file);
    await expect(checking).rejects.toBeInstanceOf(Invalid);
    await checking.catch((error: Invalid) => {
      expect(error.problems.map((problem) => problem.field)).toContain('bad.yaml:1:10 pathway');
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('names a folder of agreements that is missing or empty', async () => {
    const { folder } = fresh();
    await expect(agreementFilesIn(folder)).rejects.toBeInstanceOf(BadConfiguration);
    await expect(agreementFilesIn(join(folder, 'none'))).rejects.toBeInstanceOf(BadConfiguration);
  });
});

describe('the doctor', () => {
  const clock = (now: string) => ({ now: () => now, sleep: async () => undefined });
  const deps = (config: Config, now = '2026-11-24T12:00:00.000Z') => ({
    config,
    clock: clock(now),
    openStore: async () => Promise.reject(new Unavailable('the store does not answer: start it', 'no')),
    checkAgreement: operations.checkAgreement,
    signIn: async () =>
      Promise.reject(Object.assign(new Error('AADSTS7000215 secret'), { code: 'invalid_client' })),
  });
  const wrongs = (findings: readonly { what: string; wrong?: string }[]) =>
    findings.filter(({ wrong }) => wrong !== undefined).map(({ what, wrong }) => `${what}: ${wrong}`);

  test('finds nothing wrong with a fresh installation', async () => {
    const { config } = fresh();
    const findings = await operations.doctor(config);
    expect(findings.length).toBeGreaterThan(4);
    expect(wrongs(findings)).toEqual([]);
  });

  test('names each fault with its remedy, and one does not hide another', async () => {
    const { config, folder } = fresh({
      MICROSOFT_APP_ID: '5f0c1a52-7a2e-4c55-9d37-0a4f6a0f3b11',
      MICROSOFT_APP_PASSWORD: 's',
    });
    writeFileSync(join(folder, 'bad.yaml'), 'pathway: x');
    const found = wrongs(await examine(deps({ ...config, agreements: folder }, '2025-01-01T00:00:00.000Z')));
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'store',
      'Teams credentials',
      'agreement bad.yaml',
      'clock and time zone',
    ]);
    expect(found.join()).toContain('start it');
    expect(found.join()).toContain('invalid_client');
    expect(found.join()).not.toContain('AADSTS');
  });

  test('names the providers whose paging service nobody can sign for, in files and in what is in force', async () => {
    const paged = (folder: string, before: string): string => {
      const file = join(folder, 'riverside.yaml');
      const paging = 'paging: { url: "https://paging.example.nhs.uk/baton" }';
      writeFileSync(file, readFileSync(RIVERSIDE, 'utf8').replace(before, `${paging}\n    ${before}`));
      return file;
    };
    const keys = async (config: Config) =>
      wrongs(await operations.doctor(config)).filter((line) => line.startsWith('keys of paging services'));
    const secret = 's'.repeat(32);

    const { config, folder } = fresh();
    await operations.applyAgreement(config, paged(folder, 'phone: 0300 123 4501'), false);
    expect(await keys(config)).toEqual([
      expect.stringMatching(/nobody can be paged at northside: set BATON_PAGING_KEYS to PROVIDER=SECRET/),
    ]);
    paged(folder, 'phone: 0300 123 4503');
    expect(await keys({ ...config, agreements: folder })).toEqual([
      expect.stringContaining('at northside and st-annes: '),
    ]);
    const { pagingKeys } = readConfig({
      BATON_PAGING_KEYS: `northside=${secret},st-annes=${secret.toUpperCase()}`,
    });
    expect(await keys({ ...config, agreements: folder, pagingKeys })).toEqual([]);
  });

  test('warns half a year before the table of bank holidays ends', async () => {
    const { config } = fresh();
    const calendar = async (now: string) =>
      wrongs(await examine(deps(config, now))).some((line) => line.startsWith('calendar'));
    expect(await calendar('2028-06-01T12:00:00.000Z')).toBe(false);
    expect(await calendar('2028-09-01T12:00:00.000Z')).toBe(true);
  });
});
