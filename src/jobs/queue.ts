import type { PagerRoute, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Owed } from './delivery.ts';
import type { Delivery } from './settle.ts';

/** More tells than this, due to one conversation, go as one message. */
const BUNDLE_OVER = 5;
/** The most lines of one message: about 5 KB, far below what every client shows (28 KB). */
const BUNDLE_MOST = 25;

/** Notices kept in memory; more stay in the store until there is room. */
export const MAX_HELD = 5_000;

/** A notice in memory, until its outcome is recorded. */
export interface Waiting extends Delivery {
  /** Its case and id. */
  readonly name: string;
  /** Where it stands in its queue: safeguarding first, what is over last, each as raised. */
  readonly rank: string;
  /** The epoch of the lease in which it was read: in another it may be sent already. */
  readonly epoch: number | undefined;
  errors: number;
  /** After a mistake it waits a while, and others go before it. */
  notBefore: Instant;
}

/** An outcome to be recorded. */
export interface Recording {
  readonly record: Owed;
  readonly of: readonly Waiting[];
  tries: number;
  notBefore: Instant;
}

/** What waits for one route, in order; one message at a time goes there. */
export interface Queue {
  readonly route: Route | PagerRoute;
  waiting: Waiting[];
  /** Outcomes that are not recorded yet. */
  owed: Recording[];
  running: Promise<void> | undefined;
  notBefore: Instant;
  unreached: boolean;
}

export const newQueue = (route: Route | PagerRoute): Queue => ({
  route,
  waiting: [],
  owed: [],
  running: undefined,
  notBefore: '',
  unreached: false,
});

export function newWaiting(delivery: Delivery, name: string, epoch: number | undefined): Waiting {
  const { presenter, doc } = delivery;
  const seq = String(doc.raisedSeq).padStart(9, '0');
  // Of one change, cards go before lines, so that a line finds the thread that it belongs to.
  const { notice } = doc;
  const nth = notice.form === 'show' ? '-' : String(doc.nth ?? 0).padStart(4, '0');
  // Hundreds of cards may say at once that they are answered: none of them may hold up a question.
  const turn = presenter.first ? 0 : notice.form === 'show' && notice.isOver ? 2 : 1;
  const rank = `${turn}|${doc.raisedAt}|${seq}|${nth}|${name}`;
  return { ...delivery, name, rank, epoch, errors: 0, notBefore: '' };
}

/** Puts one in its place; nearly always that is the end. */
export function enqueue(queue: Queue, one: Waiting): void {
  const last = queue.waiting.at(-1);
  queue.waiting.push(one);
  if (last && last.rank > one.rank) queue.waiting.sort((a, b) => (a.rank < b.rank ? -1 : 1));
}

/** The card in whose thread a line is said, where that waits as well: raised again, it lost its place before the line. */
function cardOf(line: Waiting, queue: Queue, now: Instant): Waiting | undefined {
  const { notice } = line.doc;
  if (notice.form !== 'tell') return undefined;
  const about = notice.under ?? notice.subject;
  return queue.waiting.find(
    ({ doc, key, notBefore }) =>
      doc.notice.form === 'show' &&
      doc.notice.subject === about &&
      key.caseId === line.key.caseId &&
      notBefore <= now,
  );
}

/** The next to go: one card, one line, or all lines in one message when they are many. */
export function nextOf(queue: Queue, now: Instant): Waiting[] {
  const first = queue.waiting.find((one) => one.notBefore <= now);
  const head = first && (cardOf(first, queue, now) ?? first);
  // Each page has its own reference, so pages never go together.
  if (head?.doc.notice.form !== 'tell' || queue.route.to === 'pager') return head ? [head] : [];
  // Repeats say that they are, so they go with repeats only.
  const repeat = head.doc.maybeSent ?? false;
  const alike = queue.waiting.filter(
    ({ doc, notBefore }) =>
      notBefore <= now && doc.notice.form === 'tell' && (doc.maybeSent ?? false) === repeat,
  );
  return alike.length > BUNDLE_OVER ? alike.slice(0, BUNDLE_MOST) : [head];
}

/** Lets at most `most` jobs run at the same time; the others wait their turn. */
export function createSlots(most: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
