import { noticeCard } from '../core/cards.ts';
import type { Reach } from '../core/messenger.ts';
import { call, type DeliveryDeps, type Owed } from './delivery-call.ts';
import { toRetire } from './earlier.ts';
import type { Place } from './limits.ts';
import type { KeptCopy } from './presenter.ts';
import type { Delivery } from './settle.ts';

const MOVED = noticeCard({
  title: 'This card has moved',
  text: 'Its new copy is the one that is kept up to date. Nothing for you to do here.',
});

/**
 * Tells the next earlier card of a copy that shows the present that it has moved, so that it asks for nothing
 * any more; with none left the notice goes. One call a time, so that each keeps within Teams' limits.
 * Returns what is to be recorded; undefined if nothing was done (throttled, or the lease is lost).
 */
export async function deliverMoved(
  deps: DeliveryDeps,
  delivery: Delivery,
  copy: KeptCopy,
  there: Reach,
  place: Place,
): Promise<Owed | undefined> {
  const { lease, settling } = deps;
  const [card] = toRetire(copy);
  if (!card) return () => settling.dropped(delivery);
  if (!lease.held()) return undefined;
  const outcome = await call(deps, there, place, 'edit', (messenger) =>
    messenger.edit(there, card.activityId, { kind: 'card', view: MOVED }),
  );
  if (outcome.kind === 'throttled') return undefined;
  return () => settling.retired(delivery, card, outcome.kind === 'unknown' ? copy.revision : undefined);
}

/**
 * A card that was posted anew elsewhere must not go on asking for an answer. Tried once: pressed all the
 * same, an old card is answered with how things stand.
 */
export async function retire({ messenger }: DeliveryDeps, stood: KeptCopy, reach: Reach): Promise<void> {
  const { conversationId, serviceUrl, tenant, activityId } = stood;
  const there = { ...reach, conversationId, serviceUrl, tenant };
  await messenger.edit(there, activityId, { kind: 'card', view: MOVED }).catch(() => undefined);
}
