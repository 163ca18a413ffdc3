import {
  type Change,
  copyId,
  type EventDraft,
  type Head,
  type Key,
  mergeChanges,
  noticeId,
  type Route,
  routeName,
} from '../core/change.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import { duePlace, type Loaded, type RunTurn } from '../store/turn.ts';
import { beside, instead, sameCopy, stillUnsure, toRetire, whileAway, without } from './earlier.ts';
import {
  type DoubtDoc,
  doubtId,
  type EarlierCard,
  type KeptCopy,
  type Presenter,
  type Settled,
  type WaitingNotice,
} from './presenter.ts';

/** One notice under way, as it was read from the list. */
export interface Delivery {
  readonly key: Key;
  readonly doc: WaitingNotice;
  readonly presenter: Presenter;
  /** More to record with the outcome: codes and references, never a name. */
  readonly said?: Readonly<Record<string, string>>;
}

/** Why a notice did not arrive and will not. */
export type Failure = 'gone' | 'refused' | 'no-answer' | 'no-pager' | 'no-key';

/** Records what became of a notice, each in one turn of its case. Errors: `Unavailable` when the turn's time is spent. */
export interface Settling {
  /** `copy`: where its card stands now; `before`: where it stood when the sending of it began. */
  sent(delivery: Delivery, copy?: KeptCopy, before?: KeptCopy): Promise<void>;
  /** It no longer matters, or the copy shows it already: the notice goes, and nothing else is recorded. */
  dropped(delivery: Delivery): Promise<void>;
  /** It may have arrived: repeated once, after `delayMs`; the second time the ladder moves on. */
  unknown(delivery: Delivery, delayMs: number): Promise<void>;
  /** A post of an older state may have arrived: the next is marked. */
  doubted(delivery: Delivery): Promise<void>;
  /**
   * An edit to be made once more after `delayMs`, without a mark. `unsure`: the copy that it was for, where it has
   * no answer and may still land.
   */
  again(delivery: Delivery, delayMs: number, unsure?: KeptCopy): Promise<void>;
  failed(delivery: Delivery, reason: Failure): Promise<void>;
  /** An earlier card was told that the card has moved, or cannot be; `left`: that is tried again after this revision. */
  retired(delivery: Delivery, card: EarlierCard, left?: number): Promise<void>;
  /** The card of `copy` was deleted and is not posted anew: an earlier one takes its place, or the copy goes. */
  gone(delivery: Delivery, copy: KeptCopy): Promise<void>;
  /** Nobody can be reached there yet: others are told, while the notice stays until somebody can. */
  unreached(delivery: Delivery): Promise<void>;
  /** Nobody came: others were told long ago, and the notice goes. */
  never(delivery: Delivery): Promise<void>;
}

/** After two unknown outcomes a card is tried again after so long, in milliseconds, and then after twice as long. */
const LAST_TRY_MS = 30_000;
/** … for so long, in milliseconds. */
const KEPT_TRYING_MS = 24 * 60 * 60_000;

type Decide = (
  loaded: Loaded<Head>,
  stands: WaitingNotice | undefined,
  now: Instant,
) => Promise<Change | undefined> | Change | undefined;

/** `raised`: called when more was raised with an outcome, so that it need not wait for the next look. */
export function createSettling(turn: RunTurn, raised: () => void): Settling {
  /**
   * `stands` is the notice if it is still the one that was sent: raised again meanwhile, it stays as it is.
   * Gone, or counting another attempt, the outcome was recorded already and only the store's answer was
   * lost; nothing is recorded twice, unless `always`.
   */
  async function settle(delivery: Delivery, decide: Decide, always = false): Promise<void> {
    const { key, doc, presenter } = delivery;
    const more = await turn<Head, boolean>(key, presenter.head(doc.notice.subject), async (loaded, now) => {
      if (!loaded.head) return { answer: false };
      const current = await loaded.get<WaitingNotice>(doc.id);
      const same = current?.raisedAt === doc.raisedAt && current.raisedSeq === doc.raisedSeq;
      const recorded = !current || (same && current.attempts !== doc.attempts);
      if (recorded && !always) return { answer: false };
      const change = await decide(loaded, same && !recorded ? current : undefined, now);
      if (!change) return { answer: false };
      // A card shown again by what its own delivery changed: the new notice takes the old one's place.
      const notices = new Set(change.notices?.map((notice) => noticeId(notice, 0)));
      const removed = change.removed?.filter((id) => !notices.has(id)) ?? [];
      return { change: { ...change, removed }, answer: notices.size > 0 };
    });
    if (more) raised();
  }

  function settledBy(
    { doc: { notice }, presenter }: Delivery,
    loaded: Loaded<Head>,
    what: Pick<Settled, 'outcome' | 'reason' | 'now'>,
  ) {
    const { subject } = notice;
    return presenter.settled(
      loaded,
      notice.form === 'show'
        ? { ...what, subject, form: notice.form, route: notice.route }
        : { ...what, subject, form: notice.form, route: notice.route, line: notice.line },
    );
  }

  /** A paging service has none: who is told beside it was told already. */
  async function fallbacksOf({ doc: { notice }, key, presenter }: Delivery): Promise<readonly Route[]> {
    return notice.route.to === 'pager' ? [] : presenter.fallbacks(key, notice.subject, notice.route);
  }

  /** The last of a notice here: to the fallbacks, or to the feature where there are none. */
  async function giveUp(delivery: Delivery, outcome: 'failed' | 'unknown', reason: string): Promise<void> {
    const { doc, key } = delivery;
    const routes = doc.fellBack ? [] : await fallbacksOf(delivery);
    await settle(delivery, async (loaded, stands, now) => {
      const recorded = { events: [event(delivery, `notice.${outcome}`, { reason })] };
      if (!stands) return recorded;
      const young = msBetween(stands.raisedAt, now) < KEPT_TRYING_MS;
      if (outcome === 'unknown' && belongsInChannel(doc) && young) {
        // Others are told once; the card itself is tried again, ever more rarely, until its outcome is known.
        const wait = LAST_TRY_MS * 2 ** Math.min(10, Math.max(0, stands.attempts - 1));
        const kept: WaitingNotice = {
          ...moved(stands, key, plusMs(now, wait)),
          maybeSent: true,
          fellBack: true,
        };
        const told = {
          ...recorded,
          documents: [kept],
          notices: routes.map((route) => ({ ...doc.notice, route })),
        };
        return doc.fellBack || routes.length > 0
          ? told
          : mergeChanges(told, await settledBy(delivery, loaded, { outcome, reason, now }));
      }
      const gone = { ...recorded, removed: [doc.id] };
      if (routes.length > 0) return { ...gone, notices: routes.map((route) => ({ ...doc.notice, route })) };
      return mergeChanges(gone, await settledBy(delivery, loaded, { outcome, reason, now }));
    });
  }

  const isSecond = async ({ doc }: Delivery, loaded: Loaded<Head>): Promise<boolean> =>
    doc.maybeSent === true ||
    (doc.notice.form === 'show' && (await loaded.get<DoubtDoc>(doubtId(doc.id))) !== undefined);

  return {
    sent(delivery, copy, before) {
      const decide: Decide = async (loaded, stands, now) => {
        const kept = copy && (await loaded.get<KeptCopy>(copy.id));
        if (!stands && kept && sameCopy(kept, copy)) return undefined;
        const main = copy && (stands ? copy : whileAway(copy, before, kept));
        const shown = main && stillUnsure(beside(main, kept, copy), kept, now);
        // Whoever ended the notice may have known of no card here: it may be answered, and this one go on asking.
        const waits = !stands && (await loaded.get<WaitingNotice>(delivery.doc.id)) !== undefined;
        const unseen = shown && !stands && !kept;
        const more =
          shown && !waits && (unseen || toRetire(shown).length > 0 || shown.unsureUntil !== undefined);
        return mergeChanges(
          {
            documents: shown ? [shown] : [],
            removed: [...(stands ? [delivery.doc.id] : []), ...(copy ? [doubtId(delivery.doc.id)] : [])],
            events: [event(delivery, 'notice.sent')],
            notices: more ? [delivery.doc.notice] : [],
          },
          await settledBy(delivery, loaded, { outcome: 'sent', now }),
        );
      };
      // Where the card stands is kept even if its notice is gone by now.
      return settle(delivery, decide, copy !== undefined);
    },

    dropped: (delivery) =>
      settle(delivery, (_, stands) => (stands ? { removed: [delivery.doc.id] } : undefined)),

    retired: (delivery, card, left) =>
      settle(delivery, async (loaded, stands, now) => {
        const { notice, id } = delivery.doc;
        const kept =
          notice.form === 'show' && (await loaded.get<KeptCopy>(copyId(notice.subject, notice.route)));
        if (!kept) return stands && { removed: [id] };
        const copy = without(kept, card, left);
        // Another attempt, so that it is looked at again although nothing new was raised.
        if (stands && toRetire(copy).length > 0)
          return { documents: [copy, moved(stands, delivery.key, now)] };
        return { documents: [copy], removed: stands ? [id] : [] };
      }),

    gone: (delivery, copy) =>
      settle(delivery, async (loaded, stands, now) => {
        const kept = await loaded.get<KeptCopy>(copy.id);
        const next = kept && sameCopy(kept, copy) ? instead(kept) : kept;
        if (!next) return { removed: [copy.id, ...(stands ? [delivery.doc.id] : [])] };
        // What may stand is looked at once more.
        return { documents: [next, ...(stands ? [moved(stands, delivery.key, now)] : [])] };
      }),

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
          events: [event(delivery, 'notice.unknown', { repeated: 'yes' })],
        };
      });
      if (second) await giveUp(delivery, 'unknown', 'no-answer');
    },

    doubted: (delivery) => settle(delivery, (_, __, now) => ({ documents: [doubtOf(delivery.doc, now)] })),

    again: (delivery, delayMs, unsure) =>
      settle(
        delivery,
        async (loaded, stands, now) => {
          const due = plusMs(now, delayMs);
          const kept = unsure && (await loaded.get<KeptCopy>(unsure.id));
          const waits = (await loaded.get<WaitingNotice>(delivery.doc.id)) !== undefined;
          if (!stands && !kept) return undefined;
          return {
            documents: [
              ...(stands ? [moved(stands, delivery.key, due)] : []),
              ...(kept ? [{ ...kept, unsureUntil: due }] : []),
            ],
            // Ended by another worker meanwhile, the card is looked at once more all the same.
            notices: kept && !waits ? [delivery.doc.notice] : [],
          };
        },
        unsure !== undefined,
      ),

    failed: (delivery, reason) => giveUp(delivery, 'failed', reason),

    never: (delivery) =>
      settle(delivery, (_, stands) =>
        stands
          ? {
              removed: [delivery.doc.id],
              events: [event(delivery, 'notice.failed', { reason: 'unreached' })],
            }
          : undefined,
      ),

    async unreached(delivery) {
      const { doc } = delivery;
      const routes = await fallbacksOf(delivery);
      await settle(delivery, async (loaded, stands, now) => {
        if (!stands || stands.fellBack) return undefined;
        const kept: WaitingNotice = { ...stands, fellBack: true };
        const recorded: Change = {
          documents: [kept],
          notices: routes.map((route) => ({ ...doc.notice, route })),
          events: [event(delivery, 'notice.unreached')],
        };
        return routes.length > 0
          ? recorded
          : mergeChanges(recorded, await settledBy(delivery, loaded, { outcome: 'failed', now }));
      });
    },
  };
}

/** A card of a channel: its members look for it there, whoever else was told. */
const belongsInChannel = ({ notice }: WaitingNotice): boolean =>
  notice.form === 'show' && notice.route.to === 'channel';

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
function event(
  { doc: { notice }, said }: Delivery,
  type: string,
  more: Record<string, string> = {},
): EventDraft {
  return {
    type,
    by: { system: 'sender' },
    data: {
      subject: notice.subject,
      route: routeName(notice.route),
      form: notice.form,
      ...(notice.form === 'tell' ? { line: notice.line } : {}),
      ...said,
      ...more,
    },
  };
}
