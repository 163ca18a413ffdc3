import { type Agreement, peopleWho } from '../agreement/agreement.ts';
import { type Change, type Head, type Key, type Route, routeName } from '../core/change.ts';
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
      const card = viewAt(handover, route, today) === 'sender' ? senderCard : offerCard;
      return { view: card(handover, caseDoc, today, now), revision: handover.revision };
    },

    async tell(key, notice, now) {
      const found = await present(key, notice.subject);
      if (!found) return undefined;
      if (notice.line === 'handover.overdue' && !isOpen(found.handover)) return undefined;
      return line(notice.line, notice.refs ?? {}, found.handover, found.caseDoc, found.today, now);
    },

    /** Everybody at the channel's provider who answers or offers handovers, in person. */
    async fallbacks({ pathwayId }, _subject, route) {
      if (route.to === 'person') return [];
      const { terms } = await handovers.inForce(pathwayId);
      const people = [
        ...peopleWho(terms, route.provider, 'answer'),
        ...peopleWho(terms, route.provider, 'offer'),
      ];
      return [...new Set(people)].map((person) => ({ to: 'person' as const, person }));
    },

    async settled(loaded, what) {
      const { terms } = await handovers.inForce(loaded.key.pathwayId);
      return settled(loaded, what, terms);
    },
  };
}

const copyAt = ({ shownTo }: Handover, route: Route) =>
  shownTo.find((one) => routeName(one.route) === routeName(route));

/**
 * Which side's card a route shows. One that is not among the copies is a person reached instead of a
 * channel: the receiver's card unless they work for the sender alone.
 */
function viewAt(handover: Handover, route: Route, today: Agreement): 'receiver' | 'sender' {
  const shown = copyAt(handover, route);
  if (shown) return shown.view;
  const worksAt = (provider: string): boolean =>
    route.to === 'person' &&
    (today.people.find(({ key }) => key === route.person)?.positions ?? []).some(
      (position) => position.provider === provider,
    );
  return worksAt(handover.sender) && !worksAt(handover.to) ? 'sender' : 'receiver';
}

/** What delivery means for a handover: the sender's card says "Delivered", or that it could not be. */
async function settled(loaded: Loaded<Head>, what: Settled, today: Agreement): Promise<Change> {
  const handover = await loaded.get<Handover>(handoverDocId(handoverIdOf(what.subject)));
  const head = loaded.head as CaseDoc | undefined;
  if (!handover || !head || what.form !== 'show') return {};
  const view = viewAt(handover, what.route, today);
  const { delivery } = handover;
  const undelivered = view === 'receiver' && delivery.deliveredAt === undefined;
  const arrived = undelivered && what.outcome === 'sent';
  // Twice without an answer, and nobody else to tell: it may be there, and ringing is safer than waiting.
  const lost = undelivered && what.outcome !== 'sent' && delivery.failed === undefined;
  // A person reached instead of the channel keeps a copy, which must change with the others: from now on,
  // and once more for what changed while it was on its way.
  const reached =
    what.outcome === 'sent' && !copyAt(handover, what.route) ? [{ view, route: what.route }] : [];
  if (!arrived && !lost && reached.length === 0) return {};
  const { failed: _, ...rest } = delivery;
  const next: Handover = {
    ...handover,
    delivery: arrived ? { ...rest, deliveredAt: what.now } : lost ? { ...delivery, failed: true } : delivery,
    shownTo: [...handover.shownTo, ...reached],
  };
  const senders = arrived || lost ? routesOf(handover, 'sender') : [];
  return {
    documents: [next],
    notices: [
      ...showAt(handover, [...senders, ...reached.map(({ route }) => route)]),
      ...(lost ? tellAt(handover, senders, 'handover.not-delivered') : []),
    ],
  };
}
