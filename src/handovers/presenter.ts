import { type Change, type Head, type Key, routeName } from '../core/change.ts';
import type { Presenter, Settled } from '../jobs/presenter.ts';
import type { Loaded } from '../store/turn.ts';
import { offerCard, senderCard } from './cards.ts';
import type { Handovers, Present } from './commands.ts';
import { routesOf, showAt, tellAt } from './facts.ts';
import { CASE_HEAD, type CaseDoc, type Handover, handoverDocId, handoverIdOf } from './handover.ts';
import { line } from './lines.ts';
import { isOpen } from './lists.ts';

/** How handovers read when they are sent: the receiver's and the sender's card, the lines of their threads. */
export function handoverPresenter(handovers: Handovers): Presenter {
  const present = (key: Key, subject: string): Promise<Present | undefined> =>
    handovers.present({ ...key, handoverId: handoverIdOf(subject) });

  return {
    head: CASE_HEAD,

    async show(key, subject, route, now) {
      const found = await present(key, subject);
      if (!found) return undefined;
      const { handover, caseDoc, today } = found;
      const name = routeName(route);
      const shown = handover.shownTo.find((one) => routeName(one.route) === name);
      // A route that is not among its copies is a person reached instead of the receiver's channel.
      const card = shown?.view === 'sender' ? senderCard : offerCard;
      return { view: card(handover, caseDoc, today, now), revision: handover.revision };
    },

    async tell(key, notice, now) {
      const found = await present(key, notice.subject);
      if (!found) return undefined;
      if (notice.line === 'handover.overdue' && !isOpen(found.handover)) return undefined;
      return line(notice.line, notice.refs ?? {}, found.handover, found.caseDoc, found.today, now);
    },

    settled,
  };
}

/** What delivery means for a handover: the sender's card says "Delivered", or that it could not be. */
async function settled(loaded: Loaded<Head>, what: Settled): Promise<Change> {
  const handover = await loaded.get<Handover>(handoverDocId(handoverIdOf(what.subject)));
  const head = loaded.head as CaseDoc | undefined;
  if (!handover || !head || what.form !== 'show') return {};
  const name = routeName(what.route);
  const shown = handover.shownTo.find((one) => routeName(one.route) === name);
  if (shown?.view === 'sender') return {};
  const { delivery } = handover;
  const arrived = what.outcome === 'sent' && delivery.deliveredAt === undefined;
  const lost =
    what.outcome === 'failed' && delivery.deliveredAt === undefined && delivery.failed === undefined;
  if (!arrived && !lost) return {};
  const { failed: _, ...rest } = delivery;
  // A person reached instead of the channel keeps a copy, which must change with the others.
  const reached = arrived && !shown ? [{ view: 'receiver' as const, route: what.route }] : [];
  const next: Handover = {
    ...handover,
    delivery: arrived ? { ...rest, deliveredAt: what.now } : { ...delivery, failed: true },
    shownTo: [...handover.shownTo, ...reached],
  };
  const senders = routesOf(handover, 'sender');
  return {
    documents: [next],
    notices: [
      ...showAt(handover, senders),
      ...(lost ? tellAt(handover, senders, 'handover.not-delivered') : []),
    ],
  };
}
