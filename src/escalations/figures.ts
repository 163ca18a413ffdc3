import { type LadderTerms, type RungKind, rungOf } from '../agreement/ladder.ts';
import type { ActorRef } from '../core/actors.ts';
import { type Instant, msBetween } from '../core/clock.ts';
import { duties, type Rota, type Shift } from '../rota/rota.ts';
import { askedAt, type Cause, type Escalation, type Parties, type Raising } from './escalation.ts';
import { type Measured, measured, type Timed } from './times.ts';

/** What one person was asked in one shift; without `from` where the rota does not know their shift any more. */
export interface ShiftAsked {
  readonly person: string;
  readonly provider: string;
  readonly role?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly prompts: number;
  /** Those that this person acted on: "I'm on it", stepped up, or answered. */
  readonly acted: number;
}

export interface Figures {
  readonly escalations: number;
  readonly running: number;
  /** From each prompt to the first "I'm on it", step up or answer. */
  readonly acknowledgement: Measured;
  /** From reaching a clinical rung to the first reaction of somebody asked there. */
  readonly review: Measured;
  /** Rungs passed over because nobody was on duty, by rung. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Prompts that asked somebody, and those that somebody asked acted on. */
  readonly prompts: { readonly asked: number; readonly acted: number };
  readonly people: readonly ShiftAsked[];
}

/** One time that an escalation ran, from beginning to climb to its end. */
interface Run {
  readonly raisings: readonly Raising[];
  readonly parties: Parties;
  readonly end?: { readonly at: Instant; readonly answered: boolean; readonly by: ActorRef };
}

const ANSWERS: readonly string[] = ['accepted', 'rejected', 'completed', 'resolved'];
/** Offering it to another answers a rejection that left the need open; otherwise it takes the question away. */
const isAnswer = (how: string, cause: Cause): boolean =>
  ANSWERS.includes(how) || (how === 'offered-again' && cause === 'rejected');

function runsOf(escalation: Escalation): Run[] {
  const { raisings, parties, endedBefore = [] } = escalation;
  const runs: Run[] = [];
  let from = 0;
  for (const { upTo, cause, at, how, by } of endedBefore) {
    const end = { at, answered: isAnswer(how, cause), by };
    runs.push({ raisings: raisings.filter(({ n }) => n > from && n <= upTo), parties, end });
    from = upTo;
  }
  const rest = raisings.filter(({ n }) => n > from);
  if (escalation.state === 'running') return [...runs, { raisings: rest, parties }];
  const { endedAt: at, how, endedBy: by, cause } = escalation;
  return [...runs, { raisings: rest, parties, end: { at, answered: isAnswer(how, cause), by } }];
}

const personOf = (by: ActorRef): string | undefined => ('person' in by ? by.person : undefined);
const earliest = (...instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.filter((at) => at !== undefined).sort()[0];

function timed(
  { rung }: Raising,
  provider: string,
  nobody: boolean,
  span: {
    readonly from: Instant;
    readonly due: Instant;
    readonly reacted?: Instant;
    readonly over?: Instant;
  },
  now: Instant,
): Timed {
  const { from, due, reacted, over } = span;
  const common = { provider, rung, nobody };
  if (reacted !== undefined) {
    const minutes = Math.max(0, msBetween(from, reacted)) / 60_000;
    return { ...common, outcome: reacted <= due ? 'inTime' : 'late', minutes };
  }
  if (over !== undefined && over <= due) return { ...common, outcome: 'stopped' };
  return { ...common, outcome: due <= now ? 'unanswered' : 'waiting' };
}

/** A step up counts where somebody who was asked made it: the holder may step up as well. */
function steppedUpBy({ steppedUp, asked }: Raising): string | undefined {
  const person = steppedUp && personOf(steppedUp.by);
  return person !== undefined && asked.includes(person) ? person : undefined;
}

function acknowledgementOf(raising: Raising, { end, parties }: Run, now: Instant): Timed {
  const reacted = earliest(
    raising.acknowledged?.at,
    steppedUpBy(raising) === undefined ? undefined : raising.steppedUp?.at,
    end?.answered ? end.at : undefined,
  );
  const { beganAt: from, due } = raising;
  const span = { from, due, ...(reacted !== undefined && { reacted }), ...(end && { over: end.at }) };
  return timed(raising, askedAt(raising, parties), raising.asked.length === 0, span, now);
}

/** Undefined for a run that reached no clinical rung. */
function reviewOf(
  { raisings, end, parties }: Run,
  kindOf: (rung: string) => RungKind | undefined,
  now: Instant,
) {
  const clinical = raisings.filter(({ rung }) => kindOf(rung) === 'clinical');
  const [first] = clinical;
  if (!first) return undefined;
  const raised = clinical.find(({ state }) => state !== 'skipped');
  const asked = new Set(clinical.flatMap((one) => one.asked));
  const answered = end?.answered && asked.has(personOf(end.by) ?? '') ? end.at : undefined;
  const reacted = earliest(
    answered,
    ...clinical.map(({ acknowledged }) =>
      acknowledged && asked.has(acknowledged.person) ? acknowledged.at : undefined,
    ),
  );
  const span = { from: first.beganAt, due: (raised ?? first).due };
  return timed(
    raised ?? first,
    askedAt(raised ?? first, parties),
    asked.size === 0,
    { ...span, ...(reacted !== undefined && { reacted }), ...(end && { over: end.at }) },
    now,
  );
}

/** The shift in which somebody was asked: the one that ran then, or that began while the prompt waited. */
function shiftOf(rota: Rota, person: string, provider: string, { beganAt, due }: Raising): Shift | undefined {
  const then = duties(rota, beganAt, { provider }).find((duty) => duty.person === person);
  if (then) return then.shift;
  return rota.shifts
    .filter((one) => one.person === person && one.provider === provider)
    .filter(({ from }) => from > beganAt && from <= due)
    .sort((a, b) => (a.from < b.from ? -1 : 1))[0];
}

/** Adds up escalations, one after another, so that no more than their times need be kept. */
export interface Tally {
  /** `ladder`: the one that it began with. */
  add(escalation: Escalation, ladder: LadderTerms): void;
  figures(): Figures;
}

/** `now`: what is still open is judged by it. */
export function createTally(rota: Rota, now: Instant): Tally {
  const acknowledgements: Timed[] = [];
  const reviews: Timed[] = [];
  const skipped = new Map<string, number>();
  const people = new Map<string, ShiftAsked>();
  const prompts = { asked: 0, acted: 0 };
  let escalations = 0;
  let running = 0;

  function addPeople(raising: Raising, { end, parties }: Run): void {
    if (raising.asked.length === 0) return;
    const answered = end?.answered ? personOf(end.by) : undefined;
    const actors = [raising.acknowledged?.person, steppedUpBy(raising), answered];
    prompts.asked += 1;
    if (raising.asked.some((person) => actors.includes(person))) prompts.acted += 1;
    for (const person of raising.asked) {
      const provider = askedAt(raising, parties);
      const shift = shiftOf(rota, person, provider, raising);
      const name = `${person}|${provider}|${shift?.id ?? ''}`;
      const before = people.get(name) ?? {
        person,
        provider,
        ...(shift && { role: shift.role, from: shift.from }),
        ...(shift?.to !== undefined && { to: shift.to }),
        prompts: 0,
        acted: 0,
      };
      const acted = before.acted + (actors.includes(person) ? 1 : 0);
      people.set(name, { ...before, prompts: before.prompts + 1, acted });
    }
  }

  return {
    add(escalation, ladder) {
      escalations += 1;
      if (escalation.state === 'running') running += 1;
      for (const run of runsOf(escalation)) {
        for (const raising of run.raisings) {
          if (raising.state === 'skipped') {
            skipped.set(raising.rung, (skipped.get(raising.rung) ?? 0) + 1);
            continue;
          }
          acknowledgements.push(acknowledgementOf(raising, run, now));
          addPeople(raising, run);
        }
        const review = reviewOf(run, (rung) => rungOf(ladder, rung)?.kind, now);
        if (review) reviews.push(review);
      }
    },
    figures: () => ({
      escalations,
      running,
      acknowledgement: measured(acknowledgements),
      review: measured(reviews),
      skipped: Object.fromEntries([...skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
      prompts: { ...prompts },
      people: [...people.values()].sort(
        (a, b) =>
          (a.from ?? '').localeCompare(b.from ?? '') ||
          b.prompts - a.prompts ||
          a.person.localeCompare(b.person) ||
          a.provider.localeCompare(b.provider),
      ),
    }),
  };
}
