import type { Person } from '../../src/linkage/linkage.ts';
import { type Dice, diceOf } from '../../src/simulation/seeded.ts';

/** People of several lists, with who is who. */
export interface People {
  readonly records: readonly Required<Person>[];
  /** The person of each record. */
  readonly truth: Uint32Array;
}

const GIVEN = (
  'oliver george harry jack jacob noah charlie muhammad thomas oscar william james henry leo alfie joshua freddie ' +
  'archie ethan isaac alexander joseph edward samuel max logan lucas daniel theo arthur mohammed harrison benjamin ' +
  'mason finley sebastian adam dylan zachary riley teddy theodore david toby jake louie elijah reuben arlo hugo luca ' +
  'jaxon matthew harvey reggie michael harley jude albert tommy luke stanley jenson frankie jayden gabriel elliot ' +
  'john peter paul mark andrew stephen robert richard christopher kenneth ronald derek brian keith alan graham colin ' +
  'olivia amelia isla emily ava lily mia sophia isabella grace poppy ella evie charlotte jessica daisy isabelle ' +
  'freya florence alice sienna sophie ruby phoebe ivy emma elsie evelyn sofia millie matilda lucy maya molly rosie ' +
  'eliza maisie zara chloe eleanor hannah harriet willow margaret susan patricia jean joan mary doreen sheila ' +
  'barbara dorothy joyce maureen irene kathleen christine janet elizabeth linda carol brenda sandra jacqueline ' +
  'fatima aisha priya mei ananya olga agnieszka siobhan niamh rhiannon bronwen'
).split(' ');
const HEADS = (
  'ash black brad bright brook burn chad clay clif cold crow dar dun east ed elm fair farn fen gar glen gold grey ' +
  'hal ham har hart haw hazel hol hunt kel ken king lang led lin long mar mel mid mill nor oak old par pem pres rad ' +
  'red rother rush sal sand shel shir stan strat sut tan thorn wake wal war wes whit win wood wych'
).split(' ');
const TAILS = (
  'bourne bridge brook burn bury by cliffe combe cott croft dale den don field ford gate grave ham hill holme hurst ' +
  'land leigh ley low man mere mond more ridge son stead stone ston thorpe ton wall ward way well wick wood worth'
).split(' ');
const COMMON = (
  'smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white roberts green ' +
  'hall wood jackson clarke patel khan lewis james phillips singh begum ali hussain ahmed murphy kelly oconnor'
).split(' ');
const SURNAMES = [...COMMON, ...HEADS.flatMap((head) => TAILS.map((tail) => head + tail))];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** How often a record of a list is wrong or lacks something. */
const RATES = {
  numberMissing: 0.25,
  numberMistyped: 0.04,
  nameSlip: 0.03,
  nameSwapped: 0.01,
  dateSlip: 0.02,
  dayMonthSwapped: 0.005,
  dateMissing: 0.01,
  moved: 0.12,
  postcodeSlip: 0.02,
  postcodeMissing: 0.03,
  renamed: 0.03,
  twins: 0.015,
};

/**
 * A register of about `size` records: households of one to five that share a surname and postcode, some with twins;
 * of four people (or the share `twice`) one is on two lists, some on three. Each record errs on its own. The seed
 * decides everything.
 */
export function makePeople(size: number, seed: number, twice = 0.25): People {
  const dice = diceOf('people', seed);
  const records: Required<Person>[] = [];
  const truth: number[] = [];
  let person = 0;
  while (records.length < size) {
    const surname = zipf(dice, SURNAMES);
    const postcode = makePostcode(dice, size);
    const many = dice.pick([1, 1, 1, 2, 2, 2, 2, 3, 4, 5]);
    let last: Required<Person> | undefined;
    for (let n = 0; n < many && records.length < size; n++) {
      const twin: boolean = last !== undefined && dice.happens(RATES.twins);
      const one: Required<Person> = {
        id: '',
        provider: '',
        given: zipf(dice, GIVEN),
        surname: n > 0 && dice.happens(0.2) ? zipf(dice, SURNAMES) : surname,
        dob: twin && last ? last.dob : makeDate(dice),
        postcode,
        nhs: makeNumber(dice),
      };
      if (twin && last && one.given === last.given) continue;
      last = one;
      const lists = dice.happens(twice) ? (dice.happens(0.15) ? 3 : 2) : 1;
      for (let list = 0; list < lists && records.length < size; list++) {
        records.push(recorded(dice, one, records.length, list, size));
        truth.push(person);
      }
      person++;
    }
  }
  return { records, truth: Uint32Array.from(truth) };
}

/** The first names of a list are many times as frequent as the last, as people's are. */
function zipf(dice: Dice, list: readonly string[]): string {
  return list[Math.floor(list.length ** dice.random()) - 1] ?? (list[0] as string);
}

function makePostcode(dice: Dice, size: number): string {
  const units = Math.max(20, Math.floor(size / 20));
  const unit = dice.between(0, units - 1);
  const sector = Math.floor(unit / 40);
  const area = LETTERS[Math.floor(sector / 180) % 26] as string;
  const letters = 'abdefghjlnpqrstuwxyz';
  const last = `${letters[unit % 20]}${letters[Math.floor(unit / 20) % 20]}`;
  return `${area}b${1 + (Math.floor(sector / 9) % 20)} ${1 + (sector % 9)}${last}`.toUpperCase();
}

function makeDate(dice: Dice): string {
  const day = new Date(Date.UTC(1932, 0, 1) + dice.between(0, 90 * 365) * 86_400_000);
  return day.toISOString().slice(0, 10);
}

/** Ten digits with their check digit. */
function makeNumber(dice: Dice): string {
  for (;;) {
    const digits = Array.from({ length: 9 }, (_, at) => (at === 0 ? dice.between(4, 7) : dice.between(0, 9)));
    const sum = digits.reduce((all, digit, at) => all + digit * (10 - at), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return digits.join('') + check;
  }
}

function recorded(
  dice: Dice,
  one: Required<Person>,
  id: number,
  list: number,
  size: number,
): Required<Person> {
  let { given, surname, dob, postcode, nhs } = one;
  if (dice.happens(RATES.renamed)) surname = zipf(dice, SURNAMES);
  if (dice.happens(RATES.nameSlip)) given = slip(dice, given, LETTERS);
  if (dice.happens(RATES.nameSlip)) surname = slip(dice, surname, LETTERS);
  if (dice.happens(RATES.nameSwapped)) [given, surname] = [surname, given];
  if (dice.happens(RATES.dateSlip)) dob = slipDigit(dice, dob);
  if (dice.happens(RATES.dayMonthSwapped)) dob = `${dob.slice(0, 5)}${dob.slice(8)}-${dob.slice(5, 7)}`;
  if (dice.happens(RATES.dateMissing)) dob = '';
  if (dice.happens(RATES.moved)) postcode = makePostcode(dice, size);
  if (dice.happens(RATES.postcodeSlip)) postcode = slip(dice, postcode, LETTERS.toUpperCase());
  if (dice.happens(RATES.postcodeMissing)) postcode = '';
  if (dice.happens(RATES.numberMistyped)) nhs = slipDigit(dice, nhs);
  if (dice.happens(RATES.numberMissing)) nhs = '';
  return { id: `r${id}`, provider: `list-${list}`, given, surname, dob, postcode, nhs };
}

/** One letter wrong, missing, too many or swapped with its neighbour. */
function slip(dice: Dice, text: string, letters: string): string {
  const at = dice.between(0, text.length - 1);
  const letter = dice.pick([...letters]);
  const head = text.slice(0, at);
  const tail = text.slice(at + 1);
  return dice.pick([
    head + letter + tail,
    head + tail,
    head + text[at] + letter + tail,
    head + (tail[0] ?? '') + text[at] + tail.slice(1),
  ]);
}

function slipDigit(dice: Dice, text: string): string {
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
  const at = dice.pick(places);
  return text.slice(0, at) + ((Number(text[at]) + dice.between(1, 9)) % 10) + text.slice(at + 1);
}
