import { type PagerRoute, type Route, routeName } from '../core/change.ts';
import type { FindReach } from '../core/messenger.ts';
import type { FindPager } from '../core/page.ts';
import { type DeliveryDeps, deliverShow, deliverTells, type Owed } from './delivery.ts';
import { deliverPage } from './delivery-page.ts';
import type { Lane, Place } from './limits.ts';
import { isPage } from './presenter.ts';
import type { Delivery } from './settle.ts';

/** The way to a route: the lane in which its pace is kept, and what sends there. */
export interface Way extends Lane {
  /** Sends what goes next, as the queue gave it. */
  send(within: DeliveryDeps, batch: readonly Delivery[], place: Place): Promise<Owed | undefined>;
}

export interface WayDeps {
  readonly findReach: FindReach;
  /** None: nobody can be paged, and pages fail at once. */
  readonly findPager?: FindPager;
}

/** The way to a person or a channel; undefined where nobody has been reached yet. */
export async function wayTo(
  { findReach }: WayDeps,
  pathwayId: string,
  route: Route,
): Promise<Way | undefined> {
  const reach = await findReach(pathwayId, route);
  return (
    reach && {
      ...reach,
      send: async (within, batch, place) => {
        const [first] = batch;
        return first?.doc.notice.form === 'show'
          ? deliverShow(within, first, reach, place)
          : deliverTells(within, batch, reach, place);
      },
    }
  );
}

/** The way to a pager. Nobody comes to one that is not there, as somebody comes to a chat: pages fail at once. */
export async function wayToPager({ findPager }: WayDeps, pathwayId: string, route: PagerRoute): Promise<Way> {
  const pager = await findPager?.(pathwayId, route.provider);
  const name = `${pathwayId}|${routeName(route)}`;
  const lane: Lane = { tenant: name, conversationId: name };
  return {
    ...lane,
    send: async (within, [first], place) => {
      if (!first || !isPage(first.doc.notice)) return undefined;
      if (!pager) return () => within.settling.failed(first, 'no-pager');
      return deliverPage(within, first, first.doc.notice, pager, lane, place);
    },
  };
}
