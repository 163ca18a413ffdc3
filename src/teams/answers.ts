import type { z } from 'zod/v4';
import { Conflict, Invalid, type Problem, Refused, Unavailable } from '../core/errors.ts';
import { type Log, newReference } from '../log.ts';

/**
 * What to say to a person whose press or command came to nothing: what is wrong and what to do next. Safe in
 * a channel. What is nobody's but our own fault goes to the log under the reference that the person is given.
 */
export function wordsOf(error: unknown, log: Log): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof Invalid) {
    return [error.message, ...error.problems.map(({ field, message }) => `${field}: ${message}`)].join('\n');
  }
  if (error instanceof Unavailable) {
    return error.took === 'no'
      ? 'Not stored. Try again in a minute.'
      : 'Baton could not confirm that this was stored. Try again in a minute: the same answer twice does no harm.';
  }
  if (error instanceof Conflict) return 'Somebody changed this at the same moment. Try again.';
  const reference = newReference();
  log.error({ err: error, reference }, 'a turn failed');
  return `Something went wrong in Baton. Look at where things stand before you try again. If it happens again, tell whoever runs Baton the reference ${reference}.`;
}

/** Said when an answer is not ready before Teams would show a failure of its own. */
export const STILL_WORKING =
  'This takes longer than usual, and may be done in a moment. Look again in a minute: the same answer twice does no harm.';

/** What is wrong with a button's data or inputs, without repeating any of it. */
export function invalidInput(error: z.ZodError): Invalid {
  const problems: Problem[] = error.issues.map((issue) => ({
    field: issue.path.map(String).join('.') || 'answer',
    message: inputText(issue),
  }));
  return new Invalid('Nothing was stored, since this cannot be read:', problems);
}

/** What is wrong, without the words of the schema: what people can put right is its length. */
function inputText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.origin === 'string') {
    return `use at most ${issue.maximum.toLocaleString('en-GB')} characters`;
  }
  const ours = issue.code !== 'invalid_type' && !/^(?:Invalid|Too) /.test(issue.message);
  return ours ? issue.message : 'is missing or not what the form sends';
}

/** The answers to an invoke, each with status 200: Teams shows nothing of a failure but its own words. */
export interface InvokeAnswer {
  readonly status: number;
  readonly body?: object;
}

/** Replaces the card for whoever pressed. */
export const cardAnswer = (card: object): InvokeAnswer => ({
  status: 200,
  body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card },
});

/** A line beside the card, which stays as it is. */
export const textAnswer = (text: string): InvokeAnswer => ({
  status: 200,
  body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: text },
});

/** A dialog's next step. */
export const dialogAnswer = (title: string, card: object): InvokeAnswer => ({
  status: 200,
  body: {
    task: {
      type: 'continue',
      value: {
        title,
        width: 'medium',
        height: 'large',
        card: { contentType: 'application/vnd.microsoft.card.adaptive', content: card },
      },
    },
  },
});

/** A dialog's last words. */
export const dialogText = (text: string): InvokeAnswer => ({
  status: 200,
  body: { task: { type: 'message', value: text } },
});
