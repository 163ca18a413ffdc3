import { type Agreement, primeOf, providerOf } from '../agreement/agreement.ts';
import { calendarOf } from '../agreement/calendar.ts';
import { rungOf } from '../agreement/ladder.ts';
import { type Instant, msBetween } from '../core/clock.ts';
import { type Calendar, isOpen } from '../core/working-time.ts';
import type { Said } from './dry-run.ts';
import { medianOf } from './times.ts';

/** One matter: when it began, when its times passed, and what was said of its escalation. */
export interface Matters {
  readonly since: Instant;
  readonly overdue: readonly Instant[];
  readonly said: readonly Said[];
}

/** One rung over all matters. */
export interface RungCount {
  readonly rung: string;
  /** Prompts that asked somebody. */
  readonly prompts: number;
  readonly outOfHours: number;
  /** Those that wake people: all of them, or none. */
  readonly waking: number;
  readonly reminders: number;
  /** Matters in which it asked somebody. */
  readonly matters: number;
  /** How often it was passed over, or stood with nobody, since nobody was on duty. */
  readonly empty: number;
}

/** One person over all matters: the prompts brought to them. */
export interface PersonCount {
  readonly person: string;
  readonly asked: number;
  readonly outOfHours: number;
  /** Those of rungs that wake. */
  readonly woken: number;
}

/** Lengths of time in milliseconds, over `of` matters. */
export interface Spread {
  readonly of: number;
  readonly median: number;
  readonly longest: number;
}

/** What a ladder did, or would have done. */
export interface Tally {
  readonly matters: number;
  /** Matters whose time passed without an answer. */
  readonly overdue: number;
  /** Matters of which something began to climb. */
  readonly climbed: number;
  /** Matters of which somebody was asked. */
  readonly prompted: number;
  readonly prompts: number;
  readonly outOfHours: number;
  readonly reminders: number;
  /** Prompts of rungs that wake people. */
  readonly waking: number;
  readonly wakingOutOfHours: number;
  readonly empty: number;
  /** In the ladder's order; those that it does not have last. */
  readonly rungs: readonly RungCount[];
  /** Most woken first, then most asked. */
  readonly people: readonly PersonCount[];
  /** From the offer to the first prompt that asked somebody; undefined where nobody ever was. */
  readonly sinceOffer: Spread | undefined;
  /** From the end of the time to answer to that prompt. */
  readonly sinceDue: Spread | undefined;
}

/** Counts what matters did under `terms`: their ladder says what wakes, their opening hours what is out of hours. */
export function tally(matters: readonly Matters[], terms: Agreement): Tally {
  const read = matters.map((one) => ({ ...one, ...promptsOf(one.said, terms) }));
  const all = read.flatMap(({ prompts }) => prompts);
  const firsts = read.flatMap(({ since, overdue, prompts }) => {
    const [first] = prompts;
    return first ? [{ since, due: overdue[0], at: first.at }] : [];
  });
  const named = [...all, ...read.flatMap(({ empty }) => empty)].map(({ rung }) => rung);
  const rungs = [...new Set([...terms.ladder.rungs.map(({ id }) => id), ...named])].map((rung) => {
    const its = <T extends { rung: string }>(some: readonly T[]): T[] =>
      some.filter((one) => one.rung === rung);
    return {
      rung,
      prompts: its(all).length,
      outOfHours: its(all).filter(({ away }) => away).length,
      waking: its(all).filter(({ wakes }) => wakes).length,
      reminders: read.reduce((sum, { reminders }) => sum + its(reminders).length, 0),
      matters: read.filter(({ prompts }) => its(prompts).length > 0).length,
      empty: read.reduce((sum, { empty }) => sum + its(empty).length, 0),
    };
  });
  const total = (key: 'prompts' | 'outOfHours' | 'waking' | 'reminders' | 'empty'): number =>
    rungs.reduce((sum, one) => sum + one[key], 0);
  return {
    matters: matters.length,
    overdue: matters.filter(({ overdue }) => overdue.length > 0).length,
    climbed: matters.filter(({ said }) => said.some(({ type }) => type === 'escalation.began')).length,
    prompted: read.filter(({ prompts }) => prompts.length > 0).length,
    prompts: total('prompts'),
    outOfHours: total('outOfHours'),
    reminders: total('reminders'),
    waking: total('waking'),
    wakingOutOfHours: all.filter(({ wakes, away }) => wakes && away).length,
    empty: total('empty'),
    rungs,
    people: peopleOf(read.flatMap(({ brought }) => brought)),
    sinceOffer: spread(firsts.map(({ since, at }) => msBetween(since, at))),
    sinceDue: spread(
      firsts.flatMap(({ due, at }) => (due === undefined || at < due ? [] : [msBetween(due, at)])),
    ),
  };
}

interface Prompt {
  readonly rung: string;
  readonly at: Instant;
  readonly away: boolean;
  readonly wakes: boolean;
}

interface Brought extends Omit<Prompt, 'at' | 'rung'> {
  readonly person: string;
}

interface Read {
  readonly prompts: Prompt[];
  readonly brought: Brought[];
  readonly reminders: { rung: string }[];
  readonly empty: { rung: string }[];
}

function promptsOf(said: readonly Said[], terms: Agreement): Read {
  const read: Read = { prompts: [], brought: [], reminders: [], empty: [] };
  /** Prompts by number: whose hours count for them, and whether they asked somebody. */
  const raised = new Map<number, { rung: string; provider: string; asks: boolean }>();
  const bring = (at: Instant, n: number, people: readonly string[]): void => {
    const one = raised.get(n);
    if (!one || people.length === 0) return;
    const { rung } = one;
    const away = !isOpen(at, openingOf(terms, one.provider));
    const wakes = rungOf(terms.ladder, rung)?.wake ?? false;
    // Somebody who came on duty later makes a prompt of one that had nobody.
    if (!one.asks) read.prompts.push({ rung, at, away, wakes });
    raised.set(n, { ...one, asks: true });
    for (const person of people) read.brought.push({ person, away, wakes });
  };
  for (const { at, type, data } of said) {
    const n = Number(data.n);
    const rung = textOf(data.rung);
    switch (type) {
      case 'escalation.raised': {
        // Where the prime's clinicians stand in, it is their hours that count.
        const provider = data.stood === 'prime-clinicians' ? primeOf(terms).id : textOf(data.provider);
        const people = listOf(data.asked);
        raised.set(n, { rung, provider, asks: false });
        if (people.length === 0) read.empty.push({ rung });
        bring(at, n, people);
        break;
      }
      case 'escalation.asked-too':
        bring(at, n, listOf(data.asked));
        break;
      case 'escalation.skipped':
        read.empty.push({ rung });
        break;
      case 'escalation.reminded':
        if (raised.get(n)?.asks) read.reminders.push({ rung });
        break;
    }
  }
  return read;
}

function peopleOf(brought: readonly Brought[]): PersonCount[] {
  const people = new Map<string, PersonCount>();
  for (const { person, away, wakes } of brought) {
    const { asked, outOfHours, woken } = people.get(person) ?? { asked: 0, outOfHours: 0, woken: 0 };
    people.set(person, {
      person,
      asked: asked + 1,
      outOfHours: outOfHours + (away ? 1 : 0),
      woken: woken + (wakes ? 1 : 0),
    });
  }
  return [...people.values()].sort(
    (a, b) => b.woken - a.woken || b.asked - a.asked || (a.person < b.person ? -1 : 1),
  );
}

const DAYTIME = { open: '08:00', close: '20:00' };
/** For a provider without opening hours, which is open at all times: the hours at which people expect to be awake. */
const DAYTIMES = {
  mon: DAYTIME,
  tue: DAYTIME,
  wed: DAYTIME,
  thu: DAYTIME,
  fri: DAYTIME,
  sat: DAYTIME,
  sun: DAYTIME,
};

function openingOf(terms: Agreement, provider: string): Calendar {
  const calendar = calendarOf(terms, provider);
  return providerOf(terms, provider)?.hours ? calendar : { ...calendar, hours: DAYTIMES };
}

function spread(lengths: readonly number[]): Spread | undefined {
  const median = medianOf(lengths);
  return median === null ? undefined : { of: lengths.length, median, longest: Math.max(...lengths) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
