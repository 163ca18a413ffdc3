import { type Agreement, roleOf, staffName } from '../agreement/agreement.ts';
import { rungOf } from '../agreement/ladder.ts';
import type { Instant } from '../core/clock.ts';
import { inColumns } from '../core/columns.ts';
import { dateText, localDateOf } from '../core/wording.ts';
import type { PersonCount, RungCount, Spread, Tally } from './dry-run-tally.ts';

/** What a dry run found: what was really raised, and the two walks beside each other. */
export interface DryRun {
  readonly pathway: string;
  /** Of the agreement in force. */
  readonly version: number;
  readonly days: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly handovers: number;
  /** Those of them that wait for somebody still. */
  readonly open: number;
  /** Handovers whose urgency one of the two agreements does not have: by urgency. */
  readonly unknownUrgencies: Readonly<{ [urgency: string]: number }>;
  /** The rota's own record; undefined where it has none. */
  readonly rota: { readonly since: Instant; readonly changes: number } | undefined;
  /** Rungs of the file whose roles nobody ever had on the rota. */
  readonly unstaffed: readonly string[];
  /** Of the people asked, those whom Baton cannot reach now. */
  readonly unreached: readonly string[];
  readonly recorded: Tally;
  readonly inForce: Tally;
  readonly file: Tally;
}

/** How many people are shown by name. */
const SHOWN = 10;

/** A dry run as aligned plain text. `inForce` and `file`: the terms of both walks. */
export function dryRunLines(run: DryRun, inForce: Agreement, file: Agreement): string[] {
  const { days, from, until, handovers, open } = run;
  const date = (at: Instant): string => dateText(localDateOf(at, inForce.zone));
  const over = `the last ${days === 1 ? 'day' : `${days} days`} (${date(from)} to ${date(until)})`;
  if (handovers === 0) {
    return [`Nothing to replay: the record has no handover offered in ${over}. --days N looks further back.`];
  }
  const still = open === 0 ? 'none is open' : `${open} still open, walked until now`;
  return [
    `Replayed: ${handovers} ${handovers === 1 ? 'handover' : 'handovers'} of ${over}; ${still}.`,
    '',
    ...table(run, inForce, file),
    '',
    ...people(run, inForce, file),
    '',
    ...notes(run, inForce, file).map((line) => `- ${line}`),
  ];
}

function table(
  { recorded, inForce: before, file: after, version }: DryRun,
  inForce: Agreement,
  file: Agreement,
) {
  const columns = [recorded, before, after];
  const rungs = [...new Set(columns.flatMap((one) => one.rungs.map(({ rung }) => rung)))].sort(
    (a, b) => placeIn(file, a) - placeIn(file, b) || placeIn(inForce, a) - placeIn(inForce, b),
  );
  const row = (label: string, of: (one: Tally) => string | number): string[] => [
    label,
    ...columns.map((one) => String(of(one))),
  ];
  const byRung = (of: (count: RungCount) => number): string[][] =>
    rungs.map((rung) =>
      row(`  ${rungName(rung, file, inForce)}`, (one) => {
        const count = one.rungs.find((each) => each.rung === rung);
        return count ? of(count) : '-';
      }),
    );
  const time = (of: (one: Tally) => Spread | undefined, which: 'median' | 'longest') => (one: Tally) => {
    const spread = of(one);
    return spread ? lengthText(spread[which]) : '-';
  };
  return inColumns([
    ['', 'recorded', `version ${version}`, 'the file'],
    row('Handovers', ({ matters }) => matters),
    row('  not answered in time', ({ overdue }) => overdue),
    row('  that began to climb', ({ climbed }) => climbed),
    row('  for which somebody was asked', ({ prompted }) => prompted),
    row('Handovers that a rung asked about', () => ''),
    ...byRung(({ matters }) => matters),
    row('Prompts', ({ prompts }) => prompts),
    ...byRung(({ prompts }) => prompts),
    row('Prompts out of hours', ({ outOfHours }) => outOfHours),
    ...byRung(({ outOfHours }) => outOfHours),
    row('Prompts that wake people', ({ waking }) => waking),
    ...byRung(({ waking }) => waking),
    row('Prompts that wake people out of hours', ({ wakingOutOfHours }) => wakingOutOfHours),
    row('Reminders', ({ reminders }) => reminders),
    row('Nobody was on duty', ({ empty }) => empty),
    ...byRung(({ empty }) => empty),
    row('From the offer to the first prompt', () => ''),
    row(
      '  median',
      time(({ sinceOffer }) => sinceOffer, 'median'),
    ),
    row(
      '  longest',
      time(({ sinceOffer }) => sinceOffer, 'longest'),
    ),
    row('From when an answer was due to the first prompt', () => ''),
    row(
      '  median',
      time(({ sinceDue }) => sinceDue, 'median'),
    ),
    row(
      '  longest',
      time(({ sinceDue }) => sinceDue, 'longest'),
    ),
  ]);
}

function people({ inForce: before, file: after, version }: DryRun, inForce: Agreement, file: Agreement) {
  const keys = [...new Set([...after.people, ...before.people].map(({ person }) => person))];
  if (keys.length === 0) return ['Nobody is asked, before or after.'];
  const find = (one: Tally, person: string): PersonCount =>
    one.people.find((each) => each.person === person) ?? { person, asked: 0, outOfHours: 0, woken: 0 };
  const most = (of: (count: PersonCount) => number) => (person: string) =>
    Math.max(of(find(before, person)), of(find(after, person)));
  const [woken, asked] = [most((count) => count.woken), most((count) => count.asked)];
  const sorted = keys.sort((a, b) => woken(b) - woken(a) || asked(b) - asked(a) || (a < b ? -1 : 1));
  const cells = ({ woken: w, asked: a, outOfHours: o }: PersonCount): string[] => [w, a, o].map(String);
  const heads = (title: string): string[] => [`${title}: woken`, 'asked', 'out of hours'];
  const left = sorted.length - SHOWN;
  return [
    ...inColumns([
      ['Woken most', ...heads(`version ${version}`), ...heads('the file')],
      ...sorted
        .slice(0, SHOWN)
        .map((person) => [
          personName(person, file, inForce),
          ...cells(find(before, person)),
          ...cells(find(after, person)),
        ]),
    ]),
    ...(left > 0 ? [`and ${left} more: --json has all.`] : []),
  ];
}

function notes(run: DryRun, inForce: Agreement, file: Agreement): string[] {
  const date = (at: Instant): string => dateText(localDateOf(at, inForce.zone));
  const { rota, unstaffed, unreached, unknownUrgencies, version } = run;
  const unknown = Object.entries(unknownUrgencies).map(([urgency, count]) => `${urgency} (${count})`);
  return [
    `"recorded" is what Baton raised then, under whatever was in force. Both walks use the real rules with the times of version ${version} and of the file, and people's answers when they were recorded. Nobody says "I'm on it" or steps up in them, and every prompt arrives.`,
    rota
      ? `Duty is as the rota's own record had it at each moment (${rota.changes} ${rota.changes === 1 ? 'change' : 'changes'} since ${date(rota.since)}${rota.since > run.from ? '; nobody was on duty before' : ''}); everybody on it counts as reached.`
      : 'The rota has no record: nobody is on duty in either walk, and nobody is asked.',
    'Out of hours: outside the opening hours of the provider asked; where it has none, outside 08:00 to 20:00. Somebody asked together with others counts once each under their names.',
    ...unstaffed.map((id) => {
      const rung = rungOf(file.ladder, id);
      const roles = (rung?.ask.roles ?? []).map((role) => roleOf(file, role)?.name ?? role).join(' or ');
      return `${rung?.name ?? id} asks ${roles}: nobody was on the rota in that role, so put people on the rota before it is in force.`;
    }),
    ...(unreached.length > 0
      ? [
          `Baton cannot reach ${unreached.map((key) => personName(key, file, inForce)).join(', ')} now: they are counted here, and are not asked until they open a chat with Baton.`,
        ]
      : []),
    ...(unknown.length > 0
      ? [
          `Urgencies that one of the two does not have: ${unknown.join(', ')}; there the recorded time to answer counts.`,
        ]
      : []),
  ];
}

const placeIn = ({ ladder }: Agreement, rung: string): number => {
  const place = ladder.rungs.findIndex(({ id }) => id === rung);
  return place < 0 ? ladder.rungs.length : place;
};

function rungName(id: string, ...terms: readonly Agreement[]): string {
  return terms.flatMap(({ ladder }) => rungOf(ladder, id) ?? [])[0]?.name ?? id;
}

/** Staff by name, as either agreement has them; by their key where neither does any more. */
function personName(key: string, ...terms: readonly Agreement[]): string {
  const known = terms.find(({ people }) => people.some((one) => one.key === key));
  return known ? staffName(key, known) : key;
}

/** `45 min`, `2 h 10 min`, `3 d 4 h`. */
function lengthText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes === 0) return 'at once';
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = [
    ...(days > 0 ? [`${days} d`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(rest > 0 && days === 0 ? [`${rest} min`] : []),
  ];
  return parts.join(' ');
}
