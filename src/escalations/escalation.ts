import type { RungKind } from '../agreement/ladder.ts';
import type { Actor, ActorRef } from '../core/actors.ts';
import type { Change, Doc, Head, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import type { Loaded } from '../store/turn.ts';
import type { Cause } from './causes.ts';

export type { Cause } from './causes.ts';

/** The providers that a rung's `of` can mean. */
export interface Parties {
  /** Whoever is waited for now. */
  readonly receiver: string;
  /** Whoever holds the case. */
  readonly sender: string;
  readonly prime: string;
}

/** Why this prompt was raised. */
export type Because =
  | 'began'
  | 'unanswered'
  | 'stepped-up'
  | 'nobody-on-duty'
  | 'not-delivered'
  | 'came-back'
  | 'handed-on'
  | 'came-on-duty'
  | 'turned';

/** One prompt: a rung, raised for one cycle. It is raised exactly once; what became of it is added. */
export interface Raising {
  /** Counted from 1 over the whole escalation. */
  readonly n: number;
  readonly rung: string;
  /** How often this rung was raised before, in this escalation. */
  readonly cycle: number;
  readonly because: Because;
  readonly beganAt: Instant;
  /** Fixed when it begins. */
  readonly due: Instant;
  /** It came later than a working system is late. */
  readonly late?: true;
  /** Whose people are asked. */
  readonly provider: string;
  /** Keys of the people asked; those who came on duty meanwhile are added. */
  readonly asked: readonly string[];
  /** Who stands for the rung: those on duty, all on shift since they were too few, the prime's clinicians, or nobody. */
  readonly stood: 'duty' | 'all-on-shift' | 'prime-clinicians' | 'nobody';
  /** Whose paging service is called. */
  readonly paged?: string;
  /** Its time ran out with no answer. */
  readonly ranOut?: true;
  /** Reminders still to come. */
  readonly remind: readonly Instant[];
  /** People whom it could not be brought to. */
  readonly undelivered?: readonly string[];
  readonly state: 'waiting' | 'acknowledged' | 'passed' | 'skipped' | 'ended';
  readonly acknowledged?: {
    readonly by: ActorRef;
    readonly person: string;
    readonly at: Instant;
    readonly until: Instant;
  };
  /** Somebody said that it cannot wait for this rung. */
  readonly steppedUp?: { readonly by: ActorRef; readonly at: Instant };
}

/** How it ended, each time that it did and began again later. `upTo`: the last prompt of that time. */
export interface EarlierEnd {
  readonly upTo: number;
  readonly cause: Cause;
  readonly at: Instant;
  readonly how: string;
  readonly by: ActorRef;
}

interface Common extends Doc {
  readonly kind: 'escalation';
  /** What it is about, such as `handover:h1`. */
  readonly subject: string;
  readonly caseId: string;
  /** What its lines begin with, where that is not its case. */
  readonly about?: string;
  readonly revision: number;
  /** The agreement whose ladder it began with, and keeps. */
  readonly agreementVersion: number;
  readonly cause: Cause;
  readonly parties: Parties;
  /** Since when somebody waits. */
  readonly since: Instant;
  /** When the need must be met: nobody's "I'm on it" outlasts it. */
  readonly needBy: Instant;
  readonly startedAt: Instant;
  /** The number of the first prompt since it last began: what came before says nothing about repeats. */
  readonly from: number;
  readonly raisings: readonly Raising[];
  /** Oldest first; none while it began once. */
  readonly endedBefore?: readonly EarlierEnd[];
}

export type Running = Common & { readonly state: 'running' };
export type Ended = Common & {
  readonly state: 'ended';
  readonly endedAt: Instant;
  /** What ended it: `accepted`, `rejected`, `withdrawn`, `offered-again`, `completed`, `resolved`. */
  readonly how: string;
  readonly endedBy: ActorRef;
};
export type Escalation = Running | Ended;

/** What a feature says of a subject that can climb, as it stands in its partition. */
export interface Matter {
  readonly subject: string;
  readonly caseId: string;
  /** What is said instead of `Case 7K2-M4Z`, where the subject lives in no case. Safe for everybody. */
  readonly about?: string;
  readonly agreementVersion: number;
  readonly parties: Parties;
  readonly since: Instant;
  readonly needBy: Instant;
  /** Where its cards stand: whose thread is told what follows. */
  readonly routes: { readonly receiver: readonly Route[]; readonly holder: readonly Route[] };
}

/** What a change of a subject means for its escalation. */
export type LadderStep =
  | { readonly do: 'begin'; readonly cause: Cause; readonly from?: RungKind; readonly matter: Matter }
  | { readonly do: 'end'; readonly how: string; readonly subject: string }
  | { readonly do: 'turn'; readonly matter: Matter }
  /** Its prompts read otherwise: what they call the subject has changed. */
  | { readonly do: 'show'; readonly subject: string };

/** One of the subject's own buttons on a prompt. */
export interface FaceButton {
  readonly title: string;
  readonly verb: string;
  readonly data: object;
  readonly style?: 'positive';
}

/** How a subject looks on a prompt: safe for everybody, like its shared card. */
export interface Face {
  readonly who: string;
  readonly between: string;
  readonly urgency: string;
  /** `Answer was due 14:30 today`, or that it was rejected and why. */
  readonly standing: string;
  readonly heldBy: string;
  /** Number of whoever holds the case; absent where nobody does. */
  readonly ring?: string;
  readonly buttons: readonly FaceButton[];
}

/**
 * What follows for the ladder when a subject changes, to go into the same commit. `late`: the timer that led
 * to it came later than a working system is late.
 */
export type Follow = (
  loaded: Loaded<Head>,
  steps: readonly LadderStep[],
  actor: Actor,
  now: Instant,
  late?: boolean,
) => Promise<Change[]>;

/** What a feature hands in for its subjects, by their prefix. */
export interface Subject {
  /** The id of the head document of the partition that its subjects live in. */
  readonly head: string;
  /** The partition of the subject that people name by this id, where it lives in none of a case. */
  readonly partition?: (id: string) => string;
  /** The subject as loaded; undefined when it no longer waits for anybody. */
  matter(loaded: Loaded<Head>, subject: string): Promise<Matter | undefined>;
  /** What it means for the subject that somebody recorded a decision instead of an answer. */
  resolved(loaded: Loaded<Head>, subject: string, by: ActorRef): Promise<Change>;
  /** `person`: whose buttons are wanted. */
  face(at: { pathwayId: string; caseId: string }, subject: string, person: string): Promise<Face | undefined>;
}

/** A card and the revision it shows. */
export interface Shown {
  readonly view: CardView;
  readonly revision: number;
}

export const escalationId = (subject: string): string => `escalation:${subject}`;
/** The subject that an escalation's own notices and timer are about. */
export const subjectIn = (escalation: string): string => escalation.replace(/^escalation:/, '');
/** The notices of one prompt. */
export const promptSubject = (subject: string, n: number): string => `prompt:${subject}#${n}`;

/** The call of the paging service that goes with a prompt. */
export const wakeOf = (subject: string, n: number, provider: string) => ({
  form: 'tell' as const,
  subject: promptSubject(subject, n),
  route: { to: 'pager' as const, provider },
  line: 'escalation.wake',
});

/** Which prompt of which subject a notice is about; undefined for none. */
export function readPrompt(prompt: string): { readonly subject: string; readonly n: number } | undefined {
  const [, subject, n] = /^prompt:(.+)#(\d{1,5})$/.exec(prompt) ?? [];
  return subject === undefined ? undefined : { subject, n: Number(n) };
}

/** Whose people are asked: the prime's, where its clinicians stand in for an empty clinical rung. */
export const askedAt = ({ stood, provider }: Raising, { prime }: Parties): string =>
  stood === 'prime-clinicians' ? prime : provider;

/** The prompts that somebody can still answer. */
export const live = ({ raisings }: Pick<Escalation, 'raisings'>): Raising[] =>
  raisings.filter(({ state }) => state === 'waiting' || state === 'acknowledged');

/** When a prompt wants the clock next: a reminder, its end, or the end of "I'm on it". */
export const nextOf = (raising: Raising): Instant =>
  raising.state === 'acknowledged' && raising.acknowledged
    ? raising.acknowledged.until
    : (raising.remind[0] ?? raising.due);

/**
 * How often this rung was raised before this prompt without an answer, since the escalation last began.
 * `asked`: only as far as somebody was there to be asked.
 */
export const unansweredBefore = (
  { from, raisings }: Escalation,
  { n, rung }: Pick<Raising, 'n' | 'rung'>,
  { asked = true } = {},
): number =>
  raisings.filter(
    (one) =>
      one.n >= from &&
      one.n < n &&
      one.rung === rung &&
      one.ranOut === true &&
      (!asked || one.stood !== 'nobody'),
  ).length;

/** The earliest instant at which something happens by itself; undefined when nothing is waited for. */
export const nextAt = (escalation: Pick<Escalation, 'raisings'>): Instant | undefined =>
  live(escalation).map(nextOf).sort()[0];
