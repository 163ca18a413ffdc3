import type { Agreement } from '../agreement/agreement.ts';
import type { Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { localDateOf, startOfDay } from '../core/wording.ts';
import type { Open } from './agenda.ts';
import type { Concern } from './concern.ts';
import { TRIAGE_OUTCOMES, type Triage, type TriageOutcome } from './entries.ts';
import { answering, changed, type Facts, happened, personOf, positionOf } from './facts.ts';
import type { Inputs } from './form.ts';
import { openTodos } from './todo.ts';

type Said = Pick<Triage, 'outcome' | 'words' | 'reviewOn'>;

const isOutcome = (code: string | undefined): code is TriageOutcome =>
  code !== undefined && Object.hasOwn(TRIAGE_OUTCOMES, code);

/** Every review is within so many days. */
const LONGEST_DAYS = 366;
const DAY_MS = 86_400_000;

/** What is wrong with the day of the next review; undefined when nothing is. */
function reviewProblem(typed: string | undefined, { zone }: Agreement, now: Instant): string | undefined {
  const today = localDateOf(now, zone);
  if (typed === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(typed) || Number.isNaN(Date.parse(typed)))
    return 'Give the day of the next review.';
  if (typed < today) return 'The next review cannot be before today.';
  return (Date.parse(typed) - Date.parse(today)) / DAY_MS > LONGEST_DAYS
    ? 'Review it within a year.'
    : undefined;
}

function readTriage(inputs: Inputs, today: Agreement, now: Instant): Said {
  const { outcome, words = '', reviewOn } = inputs;
  const problems: Problem[] = [];
  if (!isOutcome(outcome)) problems.push({ field: 'outcome', message: 'Choose what comes of it.' });
  const wrong = textProblem(words, 'Write what was said and who does what.');
  if (wrong) problems.push({ field: 'words', message: wrong });
  const day = reviewProblem(reviewOn, today, now);
  if (day) problems.push({ field: 'reviewOn', message: day });
  if (problems.length > 0 || !isOutcome(outcome) || reviewOn === undefined)
    throw new Invalid('Not recorded yet.', problems);
  return { outcome, words: words.trim(), reviewOn };
}

/** May the meeting's outcome be recorded now? Errors: `Refused` for whoever raised it, and where it is closed. */
export function mayTriage(facts: Facts): void {
  answering(facts);
  if (facts.concern.closed) throw new Refused('closed', 'This concern is closed. Open it again first.');
}

/** Records what the meeting says of it, beside what it said before. Sent twice it is one. */
export function triage(facts: Facts, inputs: Inputs, revision: number): Verdict {
  mayTriage(facts);
  const { concern, actor, today, now } = facts;
  const said = readTriage(inputs, today, now);
  const before = concern.triages ?? [];
  const same = ({ outcome, words, reviewOn, by }: Triage): boolean =>
    outcome === said.outcome &&
    words === said.words &&
    reviewOn === said.reviewOn &&
    by.person === actor.person;
  if (revision < concern.revision && before.some(same)) return { kind: 'done' };
  const entry: Triage = {
    ...said,
    n: before.length + 1,
    by: personOf(actor, positionOf(actor, today)),
    at: now,
  };
  const data = { n: entry.n, outcome: entry.outcome, reviewOn: entry.reviewOn };
  const after: Concern = { ...concern, triages: [...before, entry] };
  return { kind: 'change', change: changed(after, [happened(facts, 'concern.triaged', data)]) };
}

/** The concern as the agenda looks at it. */
export const openOf = (concern: Concern, { zone }: Pick<Agreement, 'zone'>): Open => {
  const { concernId, raisedAt, urgent, decided, chase, triages = [] } = concern;
  const review = triages.at(-1)?.reviewOn;
  return {
    concernId,
    raisedAt,
    urgent,
    ...(decided && { decidedAt: decided.at }),
    actionsDue: openTodos(concern).map(({ dueAt }) => dueAt),
    answersDue: chase ? [chase.due] : [],
    ...(review !== undefined && { reviewAt: startOfDay(review, zone) }),
  };
};
