import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { onDuty } from '../../src/rota/rota.ts';
import { importRotaFile } from '../../src/rota-file.ts';
import { wire } from '../../src/wire.ts';
import { type Answer, actionsOf, type Person, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock, store } = world;
const folder = mkdtempSync(join(tmpdir(), 'baton-oncall-'));
const pathway = 'riverside';
const adele = world.person(pathway, 'adele');
const alex = world.person(pathway, 'alex');
const megan = world.person(pathway, 'megan');
const isaiah = world.person(pathway, 'isaiah');
const lynne = world.person(pathway, 'lynne');
await world.reaches([adele], [alex], [megan], [isaiah]);
const { rota } = wire({ store, clock, chance: systemChance, channel: async () => undefined });

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const oncall = async (person: Person): Promise<Post | Answer> => {
  await person.says('/oncall');
  if (person !== alex) return connector.expect(person.chat, 'Who is on duty');
  // Alex is on two pathways, and is asked which one is meant.
  const choose = await connector.expect(person.chat, 'Which pathway do you mean?');
  return person.presses(choose, 'Riverside urgent community response');
};
const hospice = (role: string) => ({ provider: 'st-annes', role });
const onNow = async (provider: string, role: string): Promise<string[]> => {
  const found = await rota.onCall(pathway);
  return onDuty(found, clock.now(), { provider, roles: [role] }, found.reached);
};
/** Those on duty in a role, as the card says it: everything between the role and the next one. */
const shownFor = (card: Post | Answer, provider: string, role: string): string => {
  const words = wordsOn(card.card);
  const from = words.indexOf(role, words.indexOf(provider));
  return words.slice(
    from,
    words.indexOf('\nNobody', from) === from + role.length ? from + role.length + 20 : from + 160,
  );
};
/** Presses the button that opens a card, then one on it: what a person does with two taps. */
const twoTaps = async (
  person: Person,
  [first, second]: readonly [string, string],
  carrying: object,
): Promise<Answer> => {
  const opened = await person.presses(await oncall(person), first);
  return person.presses(opened, second, { carrying: { ...carrying } });
};

describe('/oncall', () => {
  it('shows nobody at first, and takes somebody on duty with two taps', async () => {
    const empty = await oncall(adele);
    expect(wordsOn(empty.card)).toContain('Nobody is on duty');
    expect(titlesOf(empty.card)).toEqual(['I’m on duty', 'I’m off duty', 'Swap', 'I’m away']);
    const entered = await twoTaps(adele, ['I’m on duty', 'Until I say so'], hospice('duty-manager'));
    expect(wordsOn(entered.card)).toContain('You are on duty');
    const card = await adele.presses(entered, 'Who is on duty');
    expect(shownFor(card, 'St Anne', 'Duty manager')).toContain('Adele Vance until they say they are off');
    expect(await onNow('st-annes', 'duty-manager')).toEqual(['adele']);
    const again = await twoTaps(adele, ['I’m on duty', 'Until I say so'], hospice('duty-manager'));
    expect(wordsOn(again.card)).toContain('It stood like this already');
    expect(await world.events(pathway, '_rota')).toEqual(['rota.on']);
  });

  it('takes an end, offered as a button or typed', async () => {
    const opened = await adele.presses(await oncall(adele), 'I’m on duty');
    const until = actionsOf(opened.card).find(
      ({ title, data }) => /^Until \d/.test(title) && data.role === 'clinician',
    );
    if (!until) throw new Error('no end to press');
    const entered = await adele.presses(opened, until.title, { carrying: hospice('clinician') });
    expect(wordsOn(entered.card)).toContain(`${until.title} today`);
    const form = await adele.presses(opened, 'Other times or people');
    const typed = { who: 'adele|st-annes|clinician', toDate: '2026-11-24', toTime: '09:00' };
    clock.pass(5_000);
    const wrong = await adele.presses(form, 'Put on the rota', { inputs: typed });
    expect(wordsOn(wrong.card)).toContain('Choose a later end');
    clock.pass(5_000);
    const right = await adele.presses(wrong, 'Put on the rota', { inputs: { ...typed, toTime: '18:30' } });
    expect(wordsOn(right.card)).toContain('Until 18:30 today');
    expect(await onNow('st-annes', 'clinician')).toEqual(['adele']);
  });

  it('gives the present duty to a colleague in the same role, and tells both in person', async () => {
    const list = await adele.presses(await oncall(adele), 'Swap');
    const shift = actionsOf(list.card).find(({ data }) => String(data.shift).includes('clinician'));
    const choose = await adele.presses(list, 'Give', { carrying: { shift: shift?.data.shift } });
    expect(wordsOn(choose.card)).toContain('Alex Wilber');
    expect(wordsOn(choose.card)).not.toContain('Lynne');
    clock.pass(5_000);
    const given = await adele.presses(choose, 'Give', { carrying: { to: 'alex' } });
    expect(wordsOn(given.card)).toContain('Alex Wilber has it now');
    const taken = await connector.expect(alex.chat, 'You are on duty as Clinician on call');
    expect(taken.text).toContain('until 18:30 today, in place of Adele Vance');
    const left = await connector.expect(adele.chat, 'Alex Wilber is on duty as Clinician on call');
    expect(left.text).toContain('in place of you');
    expect(await onNow('st-annes', 'clinician')).toEqual(['alex']);
    const before = await world.kept();
    const again = await adele.presses(choose, 'Give', { carrying: { to: 'alex' } });
    expect(wordsOn(again.card)).toContain('Alex Wilber has it now');
    const forged = await adele.presses(choose, 'Give', { carrying: { to: 'alex' }, forged: { to: 'megan' } });
    expect(read(forged)).toContain('is over or was given away');
    expect(await world.kept()).toEqual(before);
  });

  it('ends a duty at once, and says who is left or that nobody is', async () => {
    const opened = await adele.presses(await oncall(adele), 'I’m off duty');
    expect(wordsOn(opened.card)).toContain('Nobody is on duty there after that.');
    const off = await adele.presses(opened, 'I’m off duty', { carrying: {} });
    expect(wordsOn(off.card)).toContain('You are off duty');
    expect(wordsOn(off.card)).toContain('Nobody is on duty there now.');
    expect(await onNow('st-annes', 'duty-manager')).toEqual([]);
    // Nobody is left where the ladder asks: the clinical lead and the provider's coordinator hear of it.
    await connector.expect(megan.chat, 'nobody is on duty as Duty manager');
    await connector.expect(adele.chat, 'nobody is on duty as Duty manager');
  });

  it('says of somebody whom Baton has not reached that they do not count, until they open Baton', async () => {
    const form = await isaiah.presses(
      await isaiah.presses(await oncall(isaiah), 'I’m on duty'),
      'Other times or people',
    );
    clock.pass(5_000);
    const put = await isaiah.presses(form, 'Put on the rota', { inputs: { who: 'lynne|harbour|clinician' } });
    expect(wordsOn(put.card)).toContain('Lynne Robbins is on duty');
    expect(wordsOn(put.card)).toContain('they must open Baton once');
    await connector.expect(isaiah.chat, 'Lynne Robbins is on duty as Clinician on call at Harbour');
    expect(wordsOn((await oncall(adele)).card)).toContain(
      'Baton cannot reach them yet: they must open Baton once.',
    );
    expect(await onNow('harbour', 'clinician')).toEqual([]);
    await world.reaches([lynne]);
    await connector.expect(lynne.chat, 'You are on duty as Clinician on call at Harbour');
    expect(await onNow('harbour', 'clinician')).toEqual(['lynne']);
    expect(wordsOn((await oncall(adele)).card)).not.toContain('must open Baton');
  });

  it('refuses a role that is not held, a colleague of another provider, and what nobody could have pressed', async () => {
    const opened = await megan.presses(await oncall(megan), 'I’m on duty');
    const before = await world.kept();
    for (const [person, forged, words] of [
      [megan, { provider: 'st-annes', role: 'clinician' }, 'is not Clinician on call'],
      [megan, { provider: 'nowhere', role: 'clinician' }, 'is not Clinician on call'],
      [megan, { until: 'soon' }, 'Nothing was stored'],
      [megan, { until: '2026-01-01T00:00:00.000Z' }, 'Choose a later end'],
    ] as const) {
      const refused = await person.presses(opened, 'Until I say so', { forged });
      expect(read(refused)).toContain(words);
    }
    const form = await adele.presses(
      await adele.presses(await oncall(adele), 'I’m on duty'),
      'Other times or people',
    );
    clock.pass(5_000);
    const theirs = await adele.presses(form, 'Put on the rota', {
      forged: { who: 'lynne|harbour|clinician' },
    });
    expect(wordsOn(theirs.card)).toContain('Only a coordinator of their service');
    expect(await world.kept()).toEqual(before);
  });

  it('answers in a channel without anything but staff', async () => {
    const channel = world.channel(pathway, 'st-annes');
    await world.reaches([adele, channel]);
    await adele.mentions('/oncall', channel);
    const shared = await connector.expect(channel, 'Who is on duty');
    expect(wordsOn(shared.card)).toContain('Alex Wilber until 18:30 today');
  });

  it('tells somebody who presses in a channel, and has no chat with Baton, to open one', async () => {
    const patti = world.person(pathway, 'patti');
    const channel = world.channel(pathway, 'st-annes');
    await patti.mentions('/oncall', channel);
    const card = await connector.expect(channel, 'Who is on duty');
    const entered = await patti.presses(await patti.presses(card, 'I’m on duty'), 'Until I say so');
    expect(wordsOn(entered.card)).toContain('Baton cannot reach you yet: open a chat with Baton');
    expect(await onNow('kindly', 'visits-coordinator')).toEqual([]);
    await world.reaches([patti]);
    expect(await onNow('kindly', 'visits-coordinator')).toEqual(['patti']);
  });
});

describe('a rota in a file', () => {
  const file = join(folder, 'rota.csv');
  const imports = (text: string): Promise<string[]> => {
    writeFileSync(file, text);
    return importRotaFile({ rota }, pathway, file);
  };
  const rows = [
    'person,provider,role,from,to',
    'adele,st-annes,duty-manager,2026-11-24 11:00,2026-11-24 20:00',
    'Alex Wilber,st-annes,clinician,25/11/2026 08:00,25/11/2026 20:00',
    'adele,st-annes,duty-manager,2026-11-25 08:00,2026-11-26 08:00',
  ].join('\r\n');

  it('names each wrong line and stores nothing', async () => {
    const before = await world.kept();
    const wrong = `${rows}\nnobody,st-annes,clinician,2026-11-26 08:00,2026-11-26 07:00`;
    await expect(imports(wrong)).rejects.toMatchObject({
      problems: [
        { field: 'rota.csv:5 person', message: expect.stringContaining('/people') },
        { field: 'rota.csv:5 to', message: expect.stringContaining('ends before it begins') },
      ],
    });
    expect(await world.kept()).toEqual(before);
  });

  it('is on duty as it says, tells each person once, and changes nothing the second time', async () => {
    expect(await imports(rows)).toEqual(['On the rota: 3 new, 0 with another end.']);
    await connector.expect(adele.chat, '2 shifts of yours were put on the rota');
    await connector.expect(alex.chat, 'One shift of yours was put on the rota');
    await connector.expectNothingElse(200);
    const before = await world.kept();
    expect(await imports(rows)).toEqual([
      'Nothing changes.',
      '3 were there already, or were imported before.',
    ]);
    expect(await world.kept()).toEqual(before);
    const card = await oncall(alex);
    expect(shownFor(card, 'St Anne', 'Clinician on call')).toContain('Next: Alex Wilber');
  });

  it('stays as people changed it, when the same file comes again', async () => {
    const list = await adele.presses(await oncall(adele), 'I’m away');
    clock.pass(5_000);
    const inputs = {
      who: 'adele',
      fromDate: '2026-11-25',
      fromTime: '08:00',
      toDate: '2026-11-25',
      toTime: '12:00',
      cover: 'alex',
    };
    const refused = await adele.presses(list, 'I’m away', { inputs });
    expect(wordsOn(refused.card)).toContain('cannot cover');
    expect(await imports(rows)).toContain('Nothing changes.');
  });
});

describe('a coming gap', () => {
  it('is told to the clinical lead and the provider’s coordinator a day before, once', async () => {
    // A rota is entered step by step: what is still a gap ten minutes later is told.
    clock.pass(11 * 60_000);
    for (const person of [megan, adele]) {
      const line = await connector.expect(person.chat, 'From 20:00 today until Wed 25 Nov, 08:00');
      expect(line.text).toContain("nobody is on duty as Duty manager at St Anne's Hospice");
    }
    clock.pass(3_600_000);
    await connector.expectNothingElse(200);
    expect((await world.events(pathway, '_rota')).filter((type) => type === 'rota.gap-told')).toHaveLength(2);
  });
});

describe('an absence', () => {
  it('passes duties to whoever covers, tells both, and ends when it is taken out', async () => {
    const form = await alex.presses(await oncall(alex), 'I’m away');
    clock.pass(5_000);
    const inputs = {
      who: 'alex',
      fromDate: '2026-11-24',
      fromTime: '08:00',
      toDate: '2026-11-25',
      toTime: '12:00',
      cover: 'adele',
    };
    const entered = await alex.presses(form, 'I’m away', { inputs });
    expect(wordsOn(entered.card)).toContain('Adele Vance covers');
    await connector.expect(alex.chat, 'You are away');
    await connector.expect(adele.chat, 'You cover for Alex Wilber');
    expect(await onNow('st-annes', 'clinician')).toEqual(['adele']);
    expect(wordsOn((await oncall(megan)).card)).toContain(
      'Adele Vance until 18:30 today, covering for Alex Wilber',
    );
    const again = await alex.presses(await oncall(alex), 'I’m away');
    const back = await alex.presses(again, 'Back now');
    expect(wordsOn(back.card)).toContain('Your absence is taken out');
    await connector.expect(adele.chat, 'you no longer cover for them');
    await connector.expect(alex.chat, 'no longer entered as away');
    expect(await onNow('st-annes', 'clinician')).toEqual(['alex']);
  });
});
