import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dice, diceOf } from '../../src/simulation/seeded.ts';
import { makePeople } from './people.ts';

/** The columns of Northside's list in the demo's agreement: all that Baton reads. */
const COLUMNS =
  'Case ID,First name,Surname,Date of birth,NHS number,Postcode,Holder,Status,Received,First contact,Discharged,Outcome,Next review';
const GIVEN = 'Margaret Ibrahim Wendy Olga Patrick Aisha John Mei Thomas Fatima'.split(' ');
const SYLLABLES =
  'ash brad cliff dale east field gar hill kel lang mar nor oak pres red stan thorn wake'.split(' ');
const HOLDERS = ['Northside Community Trust', 'northside', 'st-annes', 'RN1', 'Harbour Rapid Response'];

/** How a list is made: so many lines, these of them without a holder, this week of its provider. */
export interface Caseload {
  readonly lines: number;
  readonly seed: number;
  /** The share of lines that name no holder. */
  readonly nobodys: number;
  /** In a later week some cases have a first contact and another review. */
  readonly week: number;
}

/** Writes a provider's caseload list to `path`; the seed decides everything. */
export async function writeCaseload(path: string, { lines, seed, nobodys, week }: Caseload): Promise<void> {
  const dice = diceOf('caseload', seed);
  const file = createWriteStream(path);
  let text = `${COLUMNS}\r\n`;
  for (let n = 1; n <= lines; n++) {
    text += `${line(dice, n, nobodys, week)}\r\n`;
    if (text.length < 1_000_000 && n < lines) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end();
  await once(file, 'finish');
}

function line(dice: Dice, n: number, nobodys: number, week: number): string {
  const two = (most: number): string => String(dice.between(1, most)).padStart(2, '0');
  const surname = dice.pick(SYLLABLES) + dice.pick(SYLLABLES);
  const born = `${two(28)}/${two(12)}/${dice.between(1925, 2005)}`;
  const number = dice.happens(0.1) ? '' : String(dice.between(4_000_000_000, 7_999_999_999));
  const postcode = `RV${dice.between(1, 20)} ${dice.between(1, 9)}AB`;
  const holder = dice.happens(nobodys) ? '' : dice.pick(HOLDERS);
  const day = `2026-11-${two(20)}`;
  const seen = dice.happens(0.5 + week / 100) ? day : '';
  return [
    `NS-${String(n).padStart(7, '0')}`,
    dice.pick(GIVEN),
    surname,
    born,
    number,
    postcode,
    holder,
    dice.pick(['open', 'open', 'waiting']),
    `2026-10-${two(28)}`,
    seen,
    '',
    '',
    `2026-12-${two(28)}`,
  ].join(',');
}

/** The share of people who are on two lists, or three. */
const TWICE = 0.02;

/**
 * Writes the lists of several providers into `folder`, as `<provider>.csv`, all in the columns of `COLUMNS`: people of
 * whom some are on two lists, held by the provider of the list, by another, or by nobody.
 */
export async function writeCaseloads(
  folder: string,
  providers: readonly string[],
  { lines, seed, nobodys }: Pick<Caseload, 'lines' | 'seed' | 'nobodys'>,
): Promise<void> {
  const dice = diceOf('caseloads', seed);
  const { records, truth } = makePeople(lines, seed, TWICE);
  const texts = providers.map(() => [COLUMNS]);
  for (const [at, { given, surname, dob, nhs, postcode, provider }] of records.entries()) {
    // The second record of a person is on another provider's list.
    const which = ((truth[at] ?? 0) + Number(provider.slice(-1))) % providers.length;
    const own = providers[which] ?? '';
    const holder = dice.happens(nobodys) ? '' : dice.happens(0.03) ? dice.pick(providers) : own;
    const received = `2026-${dice.pick(['08', '09', '10'])}-${String(dice.between(1, 28)).padStart(2, '0')}`;
    const seen = dice.happens(0.9) ? '2026-11-02' : '';
    const who = [given, surname, dob, nhs, postcode].join(',');
    const review = dice.happens(0.95) ? '2027-01-15' : '2026-11-02';
    texts[which]?.push(`${own}-${at},${who},${holder},open,${received},${seen},,,${review}`);
  }
  for (const [at, text] of texts.entries()) {
    await writeFile(join(folder, `${providers[at]}.csv`), `${text.join('\r\n')}\r\n`);
  }
}
