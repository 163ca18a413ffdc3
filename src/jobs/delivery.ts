import { createHash } from 'node:crypto';
import { copyId } from '../core/change.ts';
import { msBetween } from '../core/clock.ts';
import type { Message, Reach } from '../core/messenger.ts';
import type { CardView } from '../core/routes.ts';
import { call, type DeliveryDeps, ended, later, markOf, type Owed } from './delivery-call.ts';
import { deliverMoved, retire } from './delivery-earlier.ts';
import { edited, standing } from './earlier.ts';
import type { Place } from './limits.ts';
import { AGAIN, doubtId, type KeptCopy } from './presenter.ts';
import type { Delivery } from './settle.ts';

export { type DeliveryDeps, ended, later, markOf, type Owed } from './delivery-call.ts';

/** An edit without an answer is repeated this often; it does no harm twice. */
const EDIT_TRIES = 4;

/**
 * Brings the copy of a subject to its present state. The card is made after the post is marked in the
 * lease, so that nothing but the call to Teams stands between asking whether it matters and sending it.
 * Returns what is to be recorded; undefined if nothing was done (throttled, or the lease is lost).
 */
export async function deliverShow(
  deps: DeliveryDeps,
  delivery: Delivery,
  reach: Reach,
  place: Place,
): Promise<Owed | undefined> {
  const { store, clock, lease, settling } = deps;
  const { key, doc, presenter } = delivery;
  if (doc.notice.form !== 'show') return undefined;
  const { subject, route } = doc.notice;
  const stood = (await store.get<KeptCopy>(key, copyId(subject, route)))?.doc;
  const load = () => presenter.show(key, subject, route, clock.now());

  // A channel bound to another conversation gets the card there; a person's chat stays where it was.
  const elsewhere =
    stood?.lost === true || (route.to === 'channel' && stood?.conversationId !== reach.conversationId);
  const standsAs = stood && (await load());
  if (stood && !standsAs) return () => settling.dropped(delivery);
  if (stood && standsAs && (!elsewhere || standsAs.editOnly)) {
    const { view, revision, editOnly } = standsAs;
    const viewHash = hashOf(view);
    const { conversationId, serviceUrl, tenant } = stood;
    const there = { ...reach, conversationId, serviceUrl, tenant };
    const { unsureUntil } = stood;
    if (stood.revision === revision && stood.viewHash === viewHash) {
      if (unsureUntil === undefined) return deliverMoved(deps, delivery, stood, there, place);
      const wait = msBetween(clock.now(), unsureUntil);
      if (wait > 0) return () => settling.again(delivery, wait);
    }
    if (!lease.held()) return undefined;
    const outcome = await call(deps, there, place, 'edit', (messenger) =>
      messenger.edit(there, stood.activityId, { kind: 'card', view }),
    );
    if (outcome.kind === 'sent') {
      const copy = { ...edited(stood, clock.now()), revision, viewHash };
      return () => settling.sent(delivery, copy, stood);
    }
    if (outcome.kind === 'throttled') return undefined;
    if (outcome.kind === 'unknown') {
      if (doc.attempts + 1 < EDIT_TRIES) return () => settling.again(delivery, later(deps), stood);
      return () => settling.failed(delivery, 'no-answer');
    }
    if (outcome.reason === 'refused') return () => settling.failed(delivery, 'refused');
    if (editOnly) return () => settling.gone(delivery, stood);
  }

  const again = doc.maybeSent === true || (await store.get(key, doubtId(doc.id))) !== undefined;
  const mark = [markOf(delivery)];
  if (!(await lease.begin(mark))) return undefined;
  const settled = ended(deps, mark);
  let shown: Awaited<ReturnType<typeof load>>;
  try {
    shown = await load();
  } catch (error) {
    lease.end(mark);
    throw error;
  }
  // Where it stopped asking only now, the next look changes it where it stands.
  const over = !shown || (shown.editOnly === true && !stood);
  if (!shown || shown.editOnly || !lease.held()) {
    lease.end(mark);
    return over ? () => settling.dropped(delivery) : undefined;
  }
  const { view, revision } = shown;
  const outcome = await call(deps, reach, place, 'post', (messenger) =>
    messenger.post(reach, { kind: 'card', view: again ? marked(view) : view }),
  );
  switch (outcome.kind) {
    case 'sent': {
      const copy: KeptCopy = {
        id: copyId(subject, route),
        kind: 'copy',
        schema: 1,
        subject,
        route,
        conversationId: reach.conversationId,
        activityId: outcome.activityId,
        serviceUrl: reach.serviceUrl,
        tenant: reach.tenant,
        revision,
        viewHash: hashOf(view),
        sentAt: clock.now(),
        ...(stood && { earlier: [...(stood.earlier ?? []), standing(stood, leftAt(stood, revision))] }),
      };
      if (stood && stood.conversationId !== reach.conversationId) await retire(deps, stood, reach);
      return settled(() => settling.sent(delivery, copy, stood));
    }
    case 'throttled':
      lease.end(mark);
      return undefined;
    case 'unknown':
      return settled(() => settling.unknown(delivery, later(deps)));
    case 'failed':
      return settled(() => settling.failed(delivery, outcome.reason));
  }
}

/**
 * Says one line in the thread of its card (or as a message of its own where there is no card), or
 * several in one message. All of `deliveries` go to one route, and are repeats or none is.
 * Returns what is to be recorded; undefined if nothing was done (throttled, or the lease is lost).
 */
export async function deliverTells(
  deps: DeliveryDeps,
  deliveries: readonly Delivery[],
  reach: Reach,
  place: Place,
): Promise<Owed | undefined> {
  const { clock, lease, settling } = deps;
  const marks = deliveries.map(markOf);
  const thread = deliveries.length === 1 ? await threadOf(deps, deliveries[0], reach) : undefined;
  if (!(await lease.begin(marks))) return undefined;
  const settled = ended(deps, marks);
  const lines: { readonly delivery: Delivery; readonly text: string }[] = [];
  const dropped: Delivery[] = [];
  try {
    for (const delivery of deliveries) {
      const { notice } = delivery.doc;
      if (notice.form !== 'tell') continue;
      const text = await delivery.presenter.tell(delivery.key, notice, clock.now());
      if (text === undefined) dropped.push(delivery);
      else lines.push({ delivery, text });
    }
  } catch (error) {
    lease.end(marks);
    throw error;
  }
  if (!lease.held()) {
    lease.end(marks);
    return undefined;
  }
  const drop = dropped.map((delivery) => () => settling.dropped(delivery));
  if (lines.length === 0) return settled(...drop);

  const again = deliveries[0]?.doc.maybeSent === true;
  const message: Message = { kind: 'text', text: `${again ? AGAIN : ''}${together(lines)}` };
  let outcome = await call(deps, reach, place, 'post', (messenger) => messenger.post(reach, message, thread));
  if (thread !== undefined && outcome.kind === 'failed' && outcome.reason === 'gone') {
    outcome = await call(deps, reach, place, 'post', (messenger) => messenger.post(reach, message));
  }
  const each = (record: (delivery: Delivery) => Promise<void>): Owed =>
    settled(
      ...drop,
      ...lines.map(
        ({ delivery }) =>
          () =>
            record(delivery),
      ),
    );
  switch (outcome.kind) {
    case 'sent':
      return each((delivery) => settling.sent(delivery));
    case 'throttled':
      lease.end(marks);
      return undefined;
    case 'unknown': {
      // One delay for all, so that what went together is repeated together.
      const delay = later(deps);
      return each((delivery) => settling.unknown(delivery, delay));
    }
    case 'failed': {
      const { reason } = outcome;
      return each((delivery) => settling.failed(delivery, reason));
    }
  }
}

async function threadOf(
  { store }: DeliveryDeps,
  delivery: Delivery | undefined,
  reach: Reach,
): Promise<string | undefined> {
  if (!delivery) return undefined;
  const { notice } = delivery.doc;
  if (notice.form !== 'tell' || notice.route.to !== 'channel') return undefined;
  const { subject, under = subject, route } = notice;
  const copy = (await store.get<KeptCopy>(delivery.key, copyId(under, route)))?.doc;
  return copy?.conversationId === reach.conversationId ? copy.activityId : undefined;
}

const together = (lines: readonly { readonly text: string }[]): string =>
  lines.length === 1
    ? (lines[0]?.text ?? '')
    : `${lines.length} updates:\n${lines.map(({ text }) => `- ${text}`).join('\n')}`;

/**
 * The revision at which a card is left as it is when it is posted anew. In the same conversation, one that is
 * out of sight does no harm while it shows the same, and one that is gone was just tried.
 */
const leftAt = ({ lost, revision }: KeptCopy, now: number): number => (lost ? revision : now);

const marked = (view: CardView): CardView => ({
  ...view,
  data: { ...view.data, again: AGAIN.trim() },
  summary: `${AGAIN}${view.summary}`,
});

/** One view made by one release has one order of fields; another release's costs at most one edit too many. */
const hashOf = (view: CardView): string =>
  createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 32);
