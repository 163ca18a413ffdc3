import {
  type Change,
  type EventDraft,
  type Head,
  type Key,
  noticeId,
  type Route,
  routeName,
} from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { duePlace, type Loaded, type RunTurn } from '../store/turn.ts';
import {
  type DoubtDoc,
  doubtId,
  type KeptCopy,
  mergeChanges,
  type Presenter,
  type Settled,
  type WaitingNotice,
} from './presenter.ts';

/** One notice under way, as it was read from the list. */
export interface Delivery {
  readonly key: Key;
  readonly doc: WaitingNotice;
  readonly presenter: Presenter;
}

/** Who else is told where a route cannot be reached; none: the feature itself must act. */
export type Fallbacks = (pathwayId: string, route: Route) => Promise<readonly Route[]>;

/** Records what became of a notice, each in one turn of its case. Errors: `Unavailable` when the turn's time is spent. */
export interface Settling {
  sent(delivery: Delivery, copy?: KeptCopy): Promise<void>;
  /** It no longer matters, or the copy shows it already: the notice goes, and nothing else is recorded. */
  dropped(delivery: Delivery): Promise<void>;
  /** It may have arrived: repeated once, after `delayMs`; the second time the ladder moves on. */
  unknown(delivery: Delivery, delayMs: number): Promise<void>;
  /** A post of an older state may have arrived: the next is marked. */
  doubted(delivery: Delivery): Promise<void>;
  /** An edit without an answer, which can be repeated without a mark. */
  again(delivery: Delivery, delayMs: number): Promise<void>;
  failed(delivery: Delivery, reason: 'gone' | 'refused' | 'no-answer'): Promise<void>;
  /** Nobody can be reached there yet: others are told, while the notice stays until somebody can. */
  unreached(delivery: Delivery): Promise<void>;
}

type Decide = (
  loaded: Loaded<Head>,
  stands: WaitingNotice | undefined,
  now: Instant,
) => Promise<Change | undefined> | Change | undefined;

export function createSettling(turn: RunTurn, fallbacks: Fallbacks): Settling {
  /** `stands` is the notice if it is still the one that was sent: raised again meanwhile, it stays as it is. */
  function settle({ key, doc, presenter }: Delivery, decide: Decide): Promise<void> {
    return turn<Head, void>(key, presenter.head, async (loaded, now) => {
      if (!loaded.head) return { answer: undefined };
      const current = await loaded.get<WaitingNotice>(doc.id);
      const same = current?.raisedAt === doc.raisedAt && current.raisedSeq === doc.raisedSeq;
      const change = await decide(loaded, same ? current : undefined, now);
      if (!change) return { answer: undefined };
      const raised = new Set(change.notices?.map((notice) => noticeId(notice, 0)));
      const removed = change.removed?.filter((id) => !raised.has(id)) ?? [];
      return { change: { ...change, removed }, answer: undefined };
    });
  }

  function settledBy(delivery: Delivery, loaded: Loaded<Head>, outcome: Settled['outcome'], now: Instant) {
    const { notice } = delivery.doc;
    return delivery.presenter.settled(loaded, {
      subject: notice.subject,
      route: notice.route,
      form: notice.form,
      ...(notice.form === 'tell' ? { line: notice.line } : {}),
      outcome,
      now,
    });
  }

  /** The last of a notice here: to the fallbacks, or to the feature where there are none. */
  async function giveUp(delivery: Delivery, outcome: 'failed' | 'unknown', reason: string): Promise<void> {
    const { doc, key } = delivery;
    const routes = await fallbacks(key.pathwayId, doc.notice.route);
    await settle(delivery, async (loaded, stands, now) => {
      const recorded = { events: [event(doc, `notice.${outcome}`, { reason })] };
      if (!stands) return recorded;
      const gone = { ...recorded, removed: [doc.id] };
      if (routes.length > 0) return { ...gone, notices: routes.map((route) => ({ ...doc.notice, route })) };
      return mergeChanges(gone, await settledBy(delivery, loaded, outcome, now));
    });
  }

  const isSecond = async ({ doc }: Delivery, loaded: Loaded<Head>): Promise<boolean> =>
    doc.maybeSent === true ||
    (doc.notice.form === 'show' && (await loaded.get<DoubtDoc>(doubtId(doc.id))) !== undefined);

  return {
    sent: (delivery, copy) =>
      settle(delivery, async (loaded, stands, now) =>
        mergeChanges(
          {
            documents: copy ? [copy] : [],
            removed: [...(stands ? [delivery.doc.id] : []), ...(copy ? [doubtId(delivery.doc.id)] : [])],
            events: [event(delivery.doc, 'notice.sent')],
          },
          await settledBy(delivery, loaded, 'sent', now),
        ),
      ),

    dropped: (delivery) =>
      settle(delivery, (_, stands) => (stands ? { removed: [delivery.doc.id] } : undefined)),

    async unknown(delivery, delayMs) {
      const { doc, key } = delivery;
      let second = false;
      await settle(delivery, async (loaded, stands, now) => {
        second = await isSecond(delivery, loaded);
        if (second) return undefined;
        const later = stands && moved(stands, key, plusMs(now, delayMs));
        return {
          documents: [
            ...(doc.notice.form === 'show' ? [doubtOf(doc, now)] : []),
            ...(later ? [{ ...later, maybeSent: true as const }] : []),
          ],
          events: [event(doc, 'notice.unknown', { repeated: 'yes' })],
        };
      });
      if (second) await giveUp(delivery, 'unknown', 'no-answer');
    },

    doubted: (delivery) => settle(delivery, (_, __, now) => ({ documents: [doubtOf(delivery.doc, now)] })),

    again: (delivery, delayMs) =>
      settle(delivery, (_, stands, now) =>
        stands ? { documents: [moved(stands, delivery.key, plusMs(now, delayMs))] } : undefined,
      ),

    failed: (delivery, reason) => giveUp(delivery, 'failed', reason),

    async unreached(delivery) {
      const { doc, key } = delivery;
      const routes = await fallbacks(key.pathwayId, doc.notice.route);
      await settle(delivery, async (loaded, stands, now) => {
        if (!stands) return undefined;
        const kept: WaitingNotice = { ...stands, fellBack: true };
        const recorded: Change = {
          documents: [kept],
          notices: routes.map((route) => ({ ...doc.notice, route })),
          events: [event(doc, 'notice.unreached')],
        };
        return routes.length > 0
          ? recorded
          : mergeChanges(recorded, await settledBy(delivery, loaded, 'failed', now));
      });
    },
  };
}

const doubtOf = ({ id }: WaitingNotice, since: Instant): DoubtDoc => ({
  id: doubtId(id),
  kind: 'doubt',
  schema: 1,
  since,
});

function moved(notice: WaitingNotice, key: Key, due: Instant): WaitingNotice {
  const lists = { ...notice.lists, due: duePlace(due, key.caseId, notice.id) };
  return { ...notice, due, lists, attempts: notice.attempts + 1 };
}

/** Keys of the agreement and codes only: the record of a delivery names nobody. */
function event({ notice }: WaitingNotice, type: string, more: Record<string, string> = {}): EventDraft {
  return {
    type,
    by: { system: 'sender' },
    data: {
      subject: notice.subject,
      route: routeName(notice.route),
      form: notice.form,
      ...(notice.form === 'tell' ? { line: notice.line } : {}),
      ...more,
    },
  };
}
