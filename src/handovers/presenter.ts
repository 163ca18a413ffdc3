import { type Agreement, peopleWho, primeOf } from '../agreement/agreement.ts';
import { type Change, type Head, type Key, type Route, routeName } from '../core/change.ts';
import type { Presenter, Settled } from '../jobs/presenter.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Loaded } from '../store/turn.ts';
import { offerCard, senderCard } from './cards.ts';
import type { Handovers, Present } from './commands.ts';
import { clinicalLeads, routesOf, showAt, tellAt } from './facts.ts';
import { type Handover, handoverDocId, handoverIdOf } from './handover.ts';
import { line } from './lines.ts';
import { isOpen } from './lists.ts';

/** How handovers read when they are sent: the receiver's and the sender's card, the lines of their threads. */
export function handoverPresenter(handovers: Handovers): Presenter {
  const present = (key: Key, subject: string): Promise<Present | undefined> =>
    handovers.present({ ...key, handoverId: handoverIdOf(subject) });

  return {
    head: () => CASE_HEAD,

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
      if (!stillTrue(notice.line, found.handover)) return undefined;
      return line(notice.line, notice.refs ?? {}, found.handover, found.caseDoc, found.today, now);
    },

    /**
     * Instead of a channel everybody at its provider who answers or offers handovers, in person; instead of
     * the author their provider's channel; instead of a clinical lead the prime's channel. Whoever is told
     * already, or stands in for a channel, has no further fallback, so that no two stand in for each other.
     */
    async fallbacks(key, subject, route) {
      const found = await present(key, subject);
      if (!found) return [];
      const { handover, today } = found;
      const told = new Set(
        [...handover.shownTo.map((one) => one.route), ...clinicalLeads(today)].map(routeName),
      );
      if (route.to === 'person') {
        if (copyAt(handover, route)?.view === 'sender' && route.person === handover.from.person) {
          return [{ to: 'channel', provider: handover.sender }];
        }
        const lead = clinicalLeads(today).some((one) => routeName(one) === routeName(route));
        return lead ? [{ to: 'channel', provider: primeOf(today).id }] : [];
      }
      const people = [
        ...peopleWho(today, route.provider, 'answer'),
        ...peopleWho(today, route.provider, 'offer'),
      ];
      return [...new Set(people)]
        .map((person): Route => ({ to: 'person', person }))
        .filter((one) => !told.has(routeName(one)));
    },

    async settled(loaded, what) {
      const { terms } = await handovers.inForce(loaded.key.pathwayId);
      return settled(loaded, what, terms);
    },
  };
}

/** Does a line still say what is so? What it told of may have been undone, or done, before it could be sent. */
function stillTrue(code: string, handover: Handover): boolean {
  switch (code) {
    case 'handover.accepted':
      return handover.state === 'accepted';
    case 'handover.rejected':
    case 'handover.rejected-clinical':
    case 'handover.second-rejection':
      return handover.state === 'rejected';
    case 'handover.withdrawn':
      return handover.state === 'withdrawn';
    case 'handover.information-requested':
      return handover.state === 'information-requested';
    case 'handover.not-delivered':
      return isOpen(handover) && handover.delivery.deliveredAt === undefined;
    default:
      return isOpen(handover);
  }
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
  if (route.to === 'channel') return route.provider === handover.to ? 'receiver' : 'sender';
  const worksAt = (provider: string): boolean =>
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
