/** What Baton says of an escalation, by why it climbs. */
export interface CauseWords {
  /** Why it began: `Nobody has answered in time.` */
  readonly began: string;
  /** Why it climbs on: `Still nobody has answered.` */
  readonly still: string;
  /** After the rung's name, above the card: `handover unanswered`. */
  readonly kicker: string;
  /** What the operational rung is asked for, where the rung's own words do not fit. */
  readonly asks?: string;
  /** What the higher rungs are asked for, where the rung's own words do not fit. */
  readonly decides?: string;
  /** What ends it: `Accept, Reject or Ask for information at Northside`. */
  readonly stops: (sender: string, receiver: string) => string;
  /** How it is ended where nobody records a decision. Absent: somebody who is asked records one. */
  readonly answeredBy?: string;
  /** Its prompts call no paging service, on whatever rung: it can wait for the morning, and a page for a person cannot. */
  readonly wakesNobody?: true;
  /** Who has it meanwhile, for whoever holds it and for all others. */
  readonly heldBy: (holder: string, to: 'holder' | 'others') => string;
}

const caseHeldBy: CauseWords['heldBy'] = (holder, to) =>
  to === 'holder' ? 'You still hold this case.' : `The case is still held by ${holder}.`;
const handoverAnswers =
  'This ends when the handover is accepted, rejected or withdrawn. Use its own buttons.';

/**
 * Everything that can climb, by its cause. A feature whose subjects climb adds its causes here and nothing
 * else in this folder.
 */
export const CAUSES = {
  /** Nobody answered an offer in time. */
  unanswered: {
    began: 'Nobody has answered in time.',
    still: 'Still nobody has answered.',
    kicker: 'handover unanswered',
    stops: (_, receiver) => `Accept, Reject or Ask for information at ${receiver}`,
    answeredBy: handoverAnswers,
    heldBy: caseHeldBy,
  },
  /** What an offer lacked was not added in time. */
  incomplete: {
    began: 'What was missing has not been added in time.',
    still: 'It is still not complete.',
    kicker: 'handover incomplete',
    asks: 'Add what is missing.',
    stops: (_, receiver) => `what was missing, from ${receiver}`,
    answeredBy: handoverAnswers,
    heldBy: caseHeldBy,
  },
  /** The answer was no, and the need is still open. */
  rejected: {
    began: 'Nobody has taken it on, and the need is still open.',
    still: 'The need is still open.',
    kicker: 'need still open',
    asks: 'Offer it to another service, or record what was decided.',
    stops: (sender) => `another offer by ${sender}, or a recorded decision`,
    heldBy: caseHeldBy,
  },
  /** A list brought a case, or many, without anybody who holds it. */
  unowned: {
    began: 'Nobody has taken ownership.',
    still: 'Still nobody has taken ownership.',
    kicker: 'no holder',
    asks: 'Take ownership, or agree who does.',
    decides: 'Decide who takes ownership, and see that they do.',
    stops: () => 'Take ownership, by somebody who may',
    answeredBy: 'This ends when somebody takes ownership.',
    heldBy: () => 'There is no holder yet.',
  },
  /** An action was not done by its day. */
  overdue: {
    began: 'It was not done by its day.',
    still: 'It is still not done.',
    kicker: 'action overdue',
    asks: 'Do it and press Done, or agree a new day.',
    decides: 'See that it is done, or agree another owner or a new day.',
    stops: (_, receiver) => `Done by ${receiver}, or a new day`,
    answeredBy: 'This ends when the action is done, cancelled or given a new day. Use its own buttons.',
    heldBy: (holder, to) => (to === 'holder' ? 'You set this action.' : `It was set by ${holder}.`),
  },
  /** What a reconciliation found was not settled in time. */
  mismatch: {
    began: 'Mismatches were not settled in time.',
    still: 'Some of them are still not settled.',
    kicker: 'mismatches overdue',
    asks: 'Show them and settle those that are left.',
    decides: 'See that they are settled.',
    stops: (_, receiver) => `Settle, by ${receiver} or the prime, or lists that agree`,
    answeredBy: 'This ends when the last of them is settled, or gone from the next lists. Press Show them.',
    wakesNobody: true,
    heldBy: () => 'Each case stays with whoever holds it.',
  },
} as const satisfies Readonly<Record<string, CauseWords>>;

export type Cause = keyof typeof CAUSES;

export const causeWords = (cause: Cause): CauseWords => CAUSES[cause];
