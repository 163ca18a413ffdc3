import type { Agreement } from '../agreement/agreement.ts';
import type { Doc, Key, Route } from '../core/change.ts';
import { type Clock, type Instant, inTime, plusMs } from '../core/clock.ts';
import { Conflict, Unavailable } from '../core/errors.ts';
import type { FindReach, Messenger, Outcome } from '../core/messenger.ts';
import type { Store, Stored } from '../store/store.ts';
import { alerted, type CaseStands, casesOf, lateSince, lateText, MOST_CASES, wellText } from './alert.ts';
import type { JobLog } from './outbox.ts';
import type { Overdue } from './overdue.ts';

/** What was told of a pathway, by whichever worker: written before the telling, so that one of them tells. */
export interface WatchDoc extends Doc {
  readonly kind: 'watch';
  readonly state: 'late' | 'well';
  /** Finds the line of the log; the same until it is well again. */
  readonly reference: string;
  /** Nothing more is told of lateness before. */
  readonly notBefore: Instant;
  /** New with each write, so that a lost answer is settled by reading. */
  readonly mark: string;
}

export const WATCH_CASE = '_watch';
export const WATCH_ID = 'watch';

export interface AlarmDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: JobLog;
  readonly messenger: Messenger;
  readonly findReach: FindReach;
  readonly terms: (pathwayId: string) => Promise<Agreement | undefined>;
  /** Who holds a case; undefined for what is no case. */
  readonly stands: (key: Key) => Promise<CaseStands | undefined>;
  /** Something short that a person can read out, new at each call. */
  readonly reference: () => string;
}

/** Tells people that a pathway's timers or messages are stuck, and that they are well again. */
export interface Alarm {
  /** Told at most each half hour, by one of all workers. */
  late(pathwayId: string, late: readonly Overdue[], now: Instant): Promise<void>;
  /** Told once after it was late. `since`: when all of it had been done. */
  well(pathwayId: string, since: Instant, now: Instant): Promise<void>;
}

/** How often lateness is told at most, in milliseconds. */
const TELL_EVERY_MS = 30 * 60_000;
/** When surely nobody was told it is tried again after this, in milliseconds. */
const TRY_AGAIN_MS = 60_000;
/** A message that takes longer is left alone, in milliseconds. */
const SEND_MS = 20_000;

/** Posts through the messenger itself: no outbox, lease or pace, any of which may be what is stuck. */
export function createAlarm(deps: AlarmDeps): Alarm {
  const { store, clock, log, messenger, findReach } = deps;

  const read = (pathwayId: string): Promise<Stored<WatchDoc> | undefined> =>
    store.get<WatchDoc>(keyOf(pathwayId), WATCH_ID);

  /** Writes over `before`; false when another worker was faster, and tells. */
  async function write(
    pathwayId: string,
    before: Stored<WatchDoc> | undefined,
    next: Pick<WatchDoc, 'state' | 'reference' | 'notBefore'>,
  ): Promise<boolean> {
    const doc: WatchDoc = { id: WATCH_ID, kind: 'watch', schema: 1, ...next, mark: deps.reference() };
    try {
      await store.commit(keyOf(pathwayId), [
        before ? { do: 'replace', doc, etag: before.etag } : { do: 'create', doc },
      ]);
      return true;
    } catch (error) {
      const settledByReading =
        error instanceof Conflict || (error instanceof Unavailable && error.took === 'unknown');
      if (!settledByReading) throw error;
      return (await read(pathwayId))?.doc.mark === doc.mark;
    }
  }

  /** To the people, and to the channel where none of them surely got it; false when surely nobody did. */
  async function tell(pathwayId: string, terms: Agreement, text: string): Promise<boolean> {
    const { people, otherwise } = alerted(terms);
    const send = async (route: Route): Promise<Outcome['kind'] | 'unreached'> => {
      const reach = await inTime(clock, SEND_MS, findReach(pathwayId, route)).catch(() => undefined);
      if (!reach) return 'unreached';
      const post = inTime(clock, SEND_MS, messenger.post(reach, { kind: 'text', text }));
      return (await post.catch(() => UNKNOWN)).kind;
    };
    const told = await Promise.all(people.map(send));
    if (!told.includes('sent')) told.push(await send(otherwise));
    return told.includes('sent') || told.includes('unknown');
  }

  return {
    async late(pathwayId, late, now) {
      const [before, terms] = await Promise.all([read(pathwayId), deps.terms(pathwayId)]);
      if (!terms || (before && before.doc.notBefore > now)) return;
      const again = before?.doc.state === 'late';
      const doc = { state: 'late' as const, reference: again ? before.doc.reference : deps.reference() };
      if (!(await write(pathwayId, before, { ...doc, notBefore: plusMs(now, TELL_EVERY_MS) }))) return;
      const { reference } = doc;
      const since = lateSince(late);
      log.error(
        { pathwayId, reference, since },
        'timers or messages are stuck; the lines before this one say why',
      );
      const cases = casesOf(late);
      const looked = cases
        .slice(0, MOST_CASES)
        .map((caseId) => inTime(clock, SEND_MS, deps.stands({ pathwayId, caseId })).catch(() => undefined));
      const named = (await Promise.all(looked)).filter((one) => one !== undefined);
      const shown = { named, more: cases.length - named.length };
      if (await tell(pathwayId, terms, lateText(terms, since, shown, reference, again, now))) return;
      log.error({ pathwayId, reference }, 'nobody could be told that timers or messages are stuck');
      const notBefore = plusMs(clock.now(), TRY_AGAIN_MS);
      await write(pathwayId, await read(pathwayId), { ...doc, notBefore });
    },

    async well(pathwayId, since, now) {
      const [before, terms] = await Promise.all([read(pathwayId), deps.terms(pathwayId)]);
      if (!terms || before?.doc.state !== 'late') return;
      const { reference, notBefore } = before.doc;
      if (!(await write(pathwayId, before, { state: 'well', reference, notBefore }))) return;
      log.warn({ pathwayId, reference, since }, 'timers and messages are well again');
      await tell(pathwayId, terms, wellText(terms, since, reference, notBefore, now));
    },
  };
}

const UNKNOWN: Outcome = { kind: 'unknown' };
const keyOf = (pathwayId: string): Key => ({ pathwayId, caseId: WATCH_CASE });
