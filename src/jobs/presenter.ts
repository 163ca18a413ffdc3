import {
  type Change,
  type CopyDoc,
  copyId,
  type Doc,
  type Head,
  type Key,
  type NoticeDoc,
  type NoticeDraft,
  type PagerRoute,
  type Route,
} from '../core/change.ts';
import { type Instant, msBetween } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import type { Loaded } from '../store/turn.ts';

export type TellNotice = Extract<NoticeDraft, { form: 'tell' }>;

/** A line that goes to a paging service. */
export type PageNotice = TellNotice & { readonly route: PagerRoute };
export const isPage = (notice: NoticeDraft): notice is PageNotice => notice.route.to === 'pager';

/** What became of a notice, once that is known or given up on. `unknown`: it may have arrived, twice tried. */
export type Settled = {
  readonly subject: string;
  readonly outcome: 'sent' | 'failed' | 'unknown';
  /** Why it failed, as its event says. */
  readonly reason?: string;
  readonly now: Instant;
} & (
  | { readonly form: 'show'; readonly route: Route }
  | { readonly form: 'tell'; readonly route: Route | PagerRoute; readonly line: string }
);

/** A card and the revision that it shows. `editOnly`: it asks for nothing more, so it is changed where it stands and never posted. */
export interface Presented {
  readonly view: CardView;
  readonly revision: number;
  readonly editOnly?: true;
}

/** How a feature's notices read, chosen by the subject's prefix (`handover:` …). Words are made when they are sent. */
export interface Presenter {
  /** The id of the head document of the partition that the subject lives in. */
  head(subject: string): string;
  /** Goes before what others have to say in the same poll: safeguarding. */
  readonly first?: true;
  /**
   * The card of a subject for a route as things stand; undefined when it no longer matters. A card posted
   * again after an unknown outcome gets `again` in its data, a sentence to show.
   */
  show(key: Key, subject: string, route: Route, now: Instant): Promise<Presented | undefined>;
  /** The line as things stand; undefined when it no longer matters. */
  tell(key: Key, notice: TellNotice, now: Instant): Promise<string | undefined>;
  /**
   * For a line at a pager, which learns no words: the number that the woken person rings; undefined when it
   * no longer matters. Whoever raises such lines has it.
   */
  ring?(key: Key, notice: PageNotice, now: Instant): Promise<string | undefined>;
  /** Who else is told where a route cannot be reached; none: `settled` must act on what failed. */
  fallbacks(key: Key, subject: string, route: Route): Promise<readonly Route[]>;
  /** What to record with the outcome, in the same commit: "delivered", and the sender's card to be shown. */
  settled(loaded: Loaded<Head>, what: Settled): Promise<Change> | Change;
}

/** A copy younger than this, in milliseconds, is in sight. */
const FRESH_MS = 10_000;

/**
 * The copy of a subject at a route as out of sight, so that its card is posted anew where Baton was installed again
 * or a channel was bound; none where there is no copy, or a fresh one: two activities speak of one installation.
 */
export async function outOfSight(
  get: Loaded<Head>['get'],
  subject: string,
  route: Route,
  now: Instant,
): Promise<readonly KeptCopy[]> {
  const copy = await get<KeptCopy>(copyId(subject, route));
  return copy && msBetween(copy.sentAt, now) > FRESH_MS ? [{ ...copy, lost: true }] : [];
}

/** Presenters by the subject's prefix, without the colon. */
export type Presenters = Readonly<Record<string, Presenter>>;

/** Who presents a subject; undefined where this version knows nobody. */
export function presenterOf(presenters: Presenters, subject: string): Presenter | undefined {
  const prefix = subject.split(':')[0] ?? '';
  return Object.hasOwn(presenters, prefix) ? presenters[prefix] : undefined;
}

/** A notice as it waits: `fellBack` once it was raised for another route because nobody can be reached here. */
export interface WaitingNotice extends NoticeDoc {
  readonly fellBack?: true;
}

/** Another card of a copy, which may still ask. `left`: the subject's revision at which it was left as it is. */
export interface EarlierCard {
  readonly conversationId: string;
  readonly activityId: string;
  readonly left?: number;
}

/** A copy as the sender keeps it: with what it takes to edit it, and where earlier ones stand. */
export interface KeptCopy extends CopyDoc {
  readonly serviceUrl: string;
  readonly tenant: string;
  /** Of the view last sent, so that nothing is sent twice that looks the same. */
  readonly viewHash: string;
  /** It is out of sight (Baton was installed anew, or the channel moved): the next goes as a new message. */
  readonly lost?: true;
  /** An edit without an answer may land over newer ones until then: the card is edited once more after it. */
  readonly unsureUntil?: Instant;
  /** Off the list once they were told that the card has moved, or could not be. */
  readonly earlier?: readonly EarlierCard[];
}

/**
 * A card whose post may have arrived, although no copy is known. It outlives its notice, which a newer
 * one of the same card replaces, and goes when a post is known to have arrived.
 */
export interface DoubtDoc extends Doc {
  readonly kind: 'doubt';
  readonly since: Instant;
}

/** One a notice, so that a newer one of the same card finds it. */
export const doubtId = (noticeId: string): string => `doubt:${noticeId}`;

/** The sentence before whatever may be arriving for the second time. */
export const AGAIN = 'You may have had this already. ';
