import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { importTrainingFile } from '../../src/training-file.ts';
import { wire } from '../../src/wire.ts';
import { wordsOn } from '../support/connector.ts';
import { startWorld } from '../support/world.ts';

const HOUR = 3_600_000;
const pathway = 'riverside';
const world = await startWorld();
const { connector, clock, store } = world;
const [alex, adele, patti, lynne, megan] = ['alex', 'adele', 'patti', 'lynne', 'megan'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person, Person];
await world.reaches([alex], [adele], [patti], [lynne], [megan]);
const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
const file = join(world.folder, 'training.csv');
const imports = (...lines: string[]): Promise<string[]> => {
  writeFileSync(file, `\uFEFF${['person,course,done,expires', ...lines].join('\r\n')}`);
  return importTrainingFile(wired, pathway, file);
};
type Person = ReturnType<typeof world.person>;
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const LINES = [
  'alex,safeguarding-adults,2025-09-01,2028-09-01',
  'alex,basic-life-support,2023-11-25,2026-11-25',
  'Adele Vance,"Safeguarding adults, level 2",2025-09-01,2028-09-01',
  'lynne,basic-life-support,2025-12-20,2026-12-20',
];

describe('training dates', () => {
  it('come from a file, all of it or nothing, and the same file changes nothing', async () => {
    const before = await world.kept();
    await expect(imports(...LINES, 'nobody,basic-life-support,2026-01-01,soon')).rejects.toMatchObject({
      problems: [{ field: 'training.csv:6 person' }, { field: 'training.csv:6 expires' }],
    });
    expect(await world.kept()).toEqual(before);
    expect(await imports(...LINES)).toEqual(['Training dates: 4 new, 0 newer than before.']);
    const after = await world.kept();
    expect(await imports(...LINES)).toEqual(['Nothing changes.', '4 were there already.']);
    expect(await world.kept()).toEqual(after);
  });

  it('are told at nine in the morning to the person, and a lapse to their coordinators, once', async () => {
    clock.pass(22 * HOUR);
    await connector.expectNothingElse(1_500);
    clock.pass(HOUR);
    await connector.expect(alex.chat, 'Your training “Basic life support” lapsed on Wed 25 Nov');
    await connector.expect(
      adele.chat,
      'The training “Basic life support” of Alex Wilber lapsed on Wed 25 Nov',
    );
    await connector.expect(lynne.chat, 'Your training “Basic life support” lapses on Sun 20 Dec');
    clock.pass(24 * HOUR);
    await connector.expectNothingElse(1_500);
  });

  it('a newer date ends it', async () => {
    expect(await imports('lynne,basic-life-support,2026-11-25,2027-11-25')).toEqual([
      'Training dates: 0 new, 1 newer than before.',
    ]);
    clock.pass(30 * 24 * HOUR);
    await connector.expectNothingElse(1_500);
  });
});

describe('/training', () => {
  it('shows one’s own, the colleagues of a coordinator, and the cover as far as it is theirs', async () => {
    await lynne.says('/training');
    const own = wordsOn((await connector.expect(lynne.chat, 'Training')).card);
    expect(own).toContain('In date, lapses on');
    expect(own).not.toContain('Alex Wilber');
    expect(own).not.toContain('Cover by provider');
    await adele.says('/training');
    const theirs = wordsOn((await connector.expect(adele.chat, 'Training')).card);
    expect(theirs).toContain('Alex Wilber, St Anne');
    expect(theirs).toContain('Lapsed on Wed 25 Nov');
    expect(theirs).not.toContain('Patti');
    expect(theirs).not.toContain('All providers');
    await megan.says('/training');
    const whole = wordsOn((await connector.expect(megan.chat, 'Training')).card);
    expect(whole).not.toContain('Alex Wilber');
    const rows = [...whole.matchAll(/^(\d+) of (\d+) in date$/gm)].map(([, some, all]) => [
      Number(some),
      Number(all),
    ]);
    const sum = (at: number): number => rows.slice(0, -1).reduce((total, row) => total + (row[at] ?? 0), 0);
    expect(rows.length).toBe(5);
    expect([sum(0), sum(1)]).toEqual(rows.at(-1));
    expect(sum(0)).toBeGreaterThan(0);
    expect(whole).toContain('All providers');
  });

  it('is never answered in a channel', async () => {
    const channel = world.channel(pathway, 'st-annes');
    await adele.mentions('/training', channel);
    await connector.expect(adele.chat, 'Cover by provider');
    const said = await connector.expect(channel, '');
    expect(JSON.stringify(said.card ?? said.text)).not.toMatch(/Alex|apsed|in date/);
  });

  it('leaves a record that holds', async () => {
    expect(await verifyPathway(store, pathway)).toMatchObject({ holds: true });
  });
});
