import type { AskedAs } from '../agreement/safeguarding.ts';
import type { Head, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Answered, Chase, Closing, Decision } from './decision.ts';
import type {
  AboutWhom,
  Correction,
  HandedOn,
  Hold,
  Lapsed,
  Named,
  Outside,
  OutsideTold,
  Triage,
  Works,
} from './entries.ts';
import type { Mark, Person } from './mark.ts';
import type { Move } from './moved.ts';
import type { Todos } from './todo.ts';
import type { Told, YesNo } from './told.ts';

export type { Named } from './entries.ts';
export type { Mark, Person } from './mark.ts';
export { CATEGORIES, type Category, Told } from './told.ts';

/**
 * A safeguarding concern: a partition of its own, so that no case, list or export of one can betray it. Its words are
 * added to and never edited.
 */

/** Why somebody is asked now: the step before was not answered, could not be brought there, or may not know. */
export type AskedBecause = 'raised' | 'unanswered' | 'not-delivered' | 'handed-on' | 'turned' | 'danger';

/** One asking of one step of the agreement's way. Each is raised exactly once; what became of it is added. */
export interface Asked {
  /** Counted from 1 over the whole concern. */
  readonly n: number;
  readonly as: AskedAs;
  /** Whose people in which role: a way may ask two deputies, one after the other. */
  readonly provider: string;
  readonly role: string;
  readonly because: AskedBecause;
  /** Keys of the people asked. */
  readonly people: readonly string[];
  readonly at: Instant;
  /** Fixed when it begins, elapsed time. */
  readonly due: Instant;
  /** Raised later than a working system is late. */
  readonly late?: true;
  /** Whose paging service is called. */
  readonly paged?: string;
  /** People whom it could not be brought to. */
  readonly undelivered?: readonly string[];
  /** Those of its people who, as it turned out, may not know. */
  readonly turned?: readonly string[];
  readonly state: 'waiting' | 'passed' | 'ended';
}

/** Something added later, by its raiser or by whoever answers for it. */
export interface Added {
  readonly n: number;
  readonly by: Person;
  readonly at: Instant;
  /** Fact and opinion apart; at least one. */
  readonly facts?: string;
  readonly opinion?: string;
  /** Is somebody in danger now? Absent where it was not said. */
  readonly danger?: YesNo;
}

export interface Concern extends Head {
  readonly kind: 'concern';
  readonly concernId: string;
  readonly revision: number;
  /** Whose ways and times count for it. */
  readonly agreementVersion: number;
  readonly raisedBy: Person;
  readonly raisedAt: Instant;
  /** The case that it is about, if any; the case itself does not know. */
  readonly caseId?: string;
  /** Not a word of it is changed afterwards. */
  readonly told: Told;
  readonly added: readonly Added[];
  /** The person is in danger now, or was when it was last said. */
  readonly urgent: boolean;
  /** Is it about somebody of a partner, as it is known now? */
  readonly staff: YesNo;
  readonly named: readonly Named[];
  /** To be acknowledged by then: the end of the day, four hours after 20:00, sooner where it is urgent. */
  readonly acknowledgeBy: Instant;
  readonly asked: readonly Asked[];
  /** When Teams took the card of each person who was asked, and whether that was late. */
  readonly delivered: readonly { readonly person: string; readonly at: Instant; readonly late?: true }[];
  /** First opened by somebody who was asked. */
  readonly opened?: Mark;
  readonly acknowledged?: Mark;
  readonly decided?: Mark;
  readonly closed?: Mark;
  /** Every decision, oldest first. */
  readonly decisions?: readonly Decision[];
  /** An authority was told and has not answered. */
  readonly chase?: Chase;
  readonly answers?: readonly Answered[];
  /** What somebody is to do about it. */
  readonly todos?: Todos;
  /** Each closing and reopening, with its reason. */
  readonly closings?: readonly Closing[];
  /** What each weekly meeting said of it. */
  readonly triages?: readonly Triage[];
  /** Each time somebody who answers for it said whom it is about. */
  readonly about?: readonly AboutWhom[];
  /** Facts of the timeline that do not stand any more. */
  readonly lapsed?: readonly Lapsed[];
  readonly handedOn?: readonly HandedOn[];
  readonly works?: readonly Works[];
  /** Absent as long as somebody may be asked. */
  readonly outside?: Outside;
  readonly outsideTold?: readonly OutsideTold[];
  readonly corrections?: readonly Correction[];
  /** Each time its case went to another provider while it was open. */
  readonly moves?: readonly Move[];
  /** Each legal hold, set or lifted. */
  readonly holds?: readonly Hold[];
  /** When those who were asked and have no card are sent it once more: Teams may be back. */
  readonly retryAt?: Instant;
  /** Nobody had opened it when its urgent time was over: whoever raised it was told to ring. */
  readonly toldToRing?: Instant;
  /** It was not acknowledged in its time. */
  readonly missed?: Instant;
  /** Routes, all of them people, where its card stands or is on its way. */
  readonly shownTo: readonly Route[];
}

/** Is it asked about anew, after somebody had acknowledged it: there is danger now? */
export const isAskedAnew = ({
  acknowledged,
  lapsed = [],
}: Pick<Concern, 'acknowledged' | 'lapsed'>): boolean =>
  !acknowledged && lapsed.findLast(({ what }) => what === 'acknowledged')?.because === 'danger';

/** Where it stands, in the words of the timeline. */
export type Standing = 'sent' | 'opened' | 'acknowledged' | 'decided' | 'closed';
export const standingOf = (
  concern: Pick<Concern, 'opened' | 'acknowledged' | 'lapsed' | 'decided' | 'closed'>,
): Standing =>
  concern.closed
    ? 'closed'
    : concern.decided && !isAskedAnew(concern)
      ? 'decided'
      : concern.acknowledged
        ? 'acknowledged'
        : concern.opened
          ? 'opened'
          : 'sent';

/** The id of a concern's head document. */
export const CONCERN_HEAD = 'concern';
/** The partition of a concern by its id, which looks like a case's (`7K2-M4Z`). Its name says that it is kept apart. */
export const concernCase = (concernId: string): string => `concern:${concernId}`;
/** What its notices and its timer are about: the same name as its partition. */
export const concernSubject = (concernId: string): string => `concern:${concernId}`;
export const concernIdOf = (name: string): string => name.replace(/^concern:/, '');
/** How people name it: `Concern 7K2-M4Z`. */
export const concernLabel = (concernId: string): string => `Concern ${concernId}`;

/**
 * The concern with its places: `concerns` all by when they were raised, `concerns.open` those that are not closed,
 * `concerns.by@<person>` by raiser, `concerns.case@<case>` by the case they are about, `concerns.to@<person>` by whom was written to when
 * their case moved. Whoever reads a list filters it
 * by who may know; counts are never taken from the lists themselves.
 */
export function listed(concern: Concern): Concern {
  const { concernId, raisedAt, raisedBy, caseId, closed, moves } = concern;
  const place = `${raisedAt}|${concernId}`;
  const lists = {
    chains: concernCase(concernId),
    concerns: place,
    [`concerns.by@${raisedBy.person}`]: place,
    ...(!closed && { 'concerns.open': place }),
    ...(caseId !== undefined && { [`concerns.case@${caseId}`]: place }),
    ...Object.fromEntries(
      (moves ?? []).flatMap(({ written }) => (written ? [[`concerns.to@${written.receiver}`, place]] : [])),
    ),
  };
  return { ...concern, lists };
}

/** Those whom an asking asks, without those who may not know, as it turned out. */
export const stillAsked = ({ people, turned = [] }: Pick<Asked, 'people' | 'turned'>): string[] =>
  people.filter((one) => !turned.includes(one));

/** Keys of the people where its card stands or is on its way. */
export const shownPeople = ({ shownTo }: Pick<Concern, 'shownTo'>): string[] =>
  shownTo.flatMap((route) => (route.to === 'person' ? [route.person] : []));

/** Has whoever raised it told the outside contact, since it waits for them? */
export const outsideTold = ({ outside, outsideTold: told = [] }: Concern): boolean =>
  outside !== undefined && told.some(({ at }) => at >= outside.since);

/** Does it wait for the outside contact, because nobody may be asked? */
export const waitsOutside = ({
  outside,
  acknowledged,
  closed,
}: Pick<Concern, 'outside' | 'acknowledged' | 'closed'>): boolean =>
  outside !== undefined && !acknowledged && !closed;
