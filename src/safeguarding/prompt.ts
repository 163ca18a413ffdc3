import { actorRef, type PersonActor } from '../core/actors.ts';
import type { Change, Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';

/** What somebody answers about one contact. That they asked, did not ask, and do not know are three answers. */
export const PROMPT_ANSWERS = {
  yes: 'Yes',
  'not-sure': 'Not sure',
  asked: 'No. I asked: no concern',
  'not-asked': 'No. I did not ask',
  unknown: 'Don’t know. I did not see or speak to them',
} as const;
export type PromptAnswer = keyof typeof PROMPT_ANSWERS;

export const isPromptAnswer = (text: unknown): text is PromptAnswer =>
  typeof text === 'string' && Object.hasOwn(PROMPT_ANSWERS, text);

/** After these the form of a concern is opened. */
export const opensForm = (answer: PromptAnswer): boolean => answer === 'yes' || answer === 'not-sure';

/** One answer, as it was given; a later one about the same contact stands beside it. */
export interface PromptEntry {
  readonly caseId: string;
  readonly answer: PromptAnswer;
  readonly at: Instant;
}

/** What a person was asked about their contacts of one day, and what they answered: theirs alone. */
export interface PromptDoc extends Head {
  readonly kind: 'prompt';
  readonly person: string;
  /** The pathway's local day. */
  readonly day: string;
  /** Cases asked about, in the order in which they came to be. */
  readonly contacts: readonly string[];
  /** Added to, never edited; oldest first. */
  readonly answers: readonly PromptEntry[];
}

/** The id of its head document. */
export const PROMPT_HEAD = 'prompt';

/** A partition for each person and day, kept apart as concerns are: an answer may tell that there is one. */
export const promptKey = (pathwayId: string, person: string, day: string): Key => ({
  pathwayId,
  caseId: `_concern-prompt:${person}:${day}`,
});

/** What they answered last about a contact; undefined while they have not. */
export const answerTo = ({ answers }: Pick<PromptDoc, 'answers'>, caseId: string): PromptEntry | undefined =>
  answers.findLast((entry) => entry.caseId === caseId);

/** Which day of whom on which pathway. */
export interface WhichPrompt {
  readonly pathwayId: string;
  readonly day: string;
}

/** The day's card with these contacts on it besides those that were there; nothing to change where all of them were. */
export function openPrompt(
  head: PromptDoc | undefined,
  { pathwayId, day }: WhichPrompt,
  actor: PersonActor,
  contacts: readonly string[],
): { readonly doc: PromptDoc; readonly change?: Change } {
  const { person } = actor;
  const before = head?.contacts ?? [];
  const added = [...new Set(contacts)].filter((caseId) => !before.includes(caseId));
  if (head && added.length === 0) return { doc: head };
  const doc: PromptDoc = {
    id: PROMPT_HEAD,
    kind: 'prompt',
    schema: 1,
    lists: { chains: promptKey(pathwayId, person, day).caseId },
    audit: { seq: 0, hash: '' },
    person,
    day,
    answers: [],
    ...head,
    contacts: [...before, ...added],
  };
  const events = [{ type: 'prompt.shown', by: actorRef(actor), data: { day, cases: added } }];
  return { doc, change: { documents: [doc], events } };
}

/**
 * Adds what was answered; about whom nothing was chosen stays open. The same answer again adds nothing. Errors:
 * `Refused` where nobody asked them on that day.
 */
export function answerPrompt(
  head: PromptDoc | undefined,
  actor: PersonActor,
  given: Readonly<Record<string, PromptAnswer>>,
  now: Instant,
): { readonly doc: PromptDoc; readonly change?: Change } {
  if (!head) {
    throw new Refused('prompt-gone', 'This card asks you for nothing any more. Type /prompt for today’s.');
  }
  const added = head.contacts.flatMap((caseId): PromptEntry[] => {
    const answer = given[caseId];
    if (answer === undefined || answerTo(head, caseId)?.answer === answer) return [];
    return [{ caseId, answer, at: now }];
  });
  if (added.length === 0) return { doc: head };
  const doc: PromptDoc = { ...head, answers: [...head.answers, ...added] };
  const by = actorRef(actor);
  const events = added.map(({ caseId, answer }) => ({
    type: 'prompt.answered',
    by,
    data: { day: head.day, case: caseId, answer },
  }));
  return { doc, change: { documents: [doc], events } };
}
