import { createHash } from 'node:crypto';
import { noticeCard } from '../core/cards.ts';
import { copyId } from '../core/change.ts';
import type { Clock } from '../core/clock.ts';
import type { Message, Messenger, Outcome, Reach } from '../core/messenger.ts';
import type { CardView } from '../core/routes.ts';
import type { Store } from '../store/store.ts';
import type { Lease, Sending } from './lease.ts';
import type { Pace, Place } from './limits.ts';
import { AGAIN, doubtId, type KeptCopy } from './presenter.ts';
import { type Delivery, type Settling, standing } from './settle.ts';

/** An edit without an answer is repeated this often; it does no harm twice. */
const EDIT_TRIES = 4;

export interface DeliveryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly messenger: Messenger;
  readonly settling: Settling;
  readonly pace: Pace;
  readonly lease: Lease;
  readonly random: () => number;
  /** After so long, and up to a quarter more, a message whose outcome is unknown is repeated, once. */
  readonly repeatMs: number;
  /** Every outcome, for metrics and for what is known of the way there. */
  readonly told: (reach: Reach, outcome: Outcome, by: 'post' | 'edit') => Promise<void>;
}

/**
 * What is left to do: recording what Teams answered. It is kept and tried again until it is recorded;
 * sending again instead would say everything twice.
 */
export type Owed = () => Promise<void>;

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
  if (stood && !elsewhere) {
    const shown = await load();
    if (!shown) return () => settling.dropped(delivery);
    const viewHash = hashOf(shown.view);
    if (stood.revision === shown.revision && stood.viewHash === viewHash) {
      return () => settling.dropped(delivery);
    }
    if (!lease.held()) return undefined;
    const { conversationId, serviceUrl, tenant } = stood;
    const there = { ...reach, conversationId, serviceUrl, tenant };
    const outcome = await call(deps, there, place, 'edit', (messenger) =>
      messenger.edit(there, stood.activityId, { kind: 'card', view: shown.view }),
    );
    if (outcome.kind === 'sent') {
      const copy = { ...stood, revision: shown.revision, viewHash, sentAt: clock.now() };
      return () => settling.sent(delivery, copy, stood);
    }
    if (outcome.kind === 'throttled') return undefined;
    if (outcome.kind === 'unknown') {
      if (doc.attempts + 1 < EDIT_TRIES) return () => settling.again(delivery, later(deps));
      return () => settling.failed(delivery, 'no-answer');
    }
    if (outcome.reason === 'refused') return () => settling.failed(delivery, 'refused');
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
  if (!shown || !lease.held()) {
    lease.end(mark);
    return shown ? undefined : () => settling.dropped(delivery);
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
        ...(stood ? { earlier: [...(stood.earlier ?? []), standing(stood)] } : {}),
      };
      // Where it stood in the same conversation, a client that lost its history may not know it any more.
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

/**
 * A card that was posted anew elsewhere must not go on asking for an answer. Tried once: pressed all the
 * same, an old card is answered with how things stand.
 */
async function retire({ messenger }: DeliveryDeps, stood: KeptCopy, reach: Reach): Promise<void> {
  const { conversationId, serviceUrl, tenant, activityId } = stood;
  const there = { ...reach, conversationId, serviceUrl, tenant };
  await messenger.edit(there, activityId, { kind: 'card', view: MOVED }).catch(() => undefined);
}

const MOVED = noticeCard({
  title: 'This card has moved',
  text: 'Its new copy is the one that is kept up to date. Nothing for you to do here.',
});

/** A call to Teams, counted against its limits. The messenger tries once; what it throws is an unknown outcome. */
async function call(
  { messenger, pace, clock, random, told }: DeliveryDeps,
  reach: Reach,
  place: Place,
  by: 'post' | 'edit',
  send: (messenger: Messenger) => Promise<Outcome>,
): Promise<Outcome> {
  place.went(clock.now());
  const outcome = await send(messenger).catch((): Outcome => ({ kind: 'unknown' }));
  if (outcome.kind === 'throttled') {
    pace.hold(reach.conversationId, outcome.retryAfterMs * (1 + random() / 4), clock.now());
  }
  await told(reach, outcome, by).catch(() => undefined);
  return outcome;
}

/** Runs the records in order, each once however often it is called, and then takes the marks off the lease. */
export function ended({ lease }: DeliveryDeps, marks: Parameters<Lease['end']>[0]) {
  return (...records: Owed[]): Owed => {
    const left = [...records];
    return async () => {
      for (let next = left[0]; next; next = left[0]) {
        await next();
        left.shift();
      }
      lease.end(marks);
    };
  };
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

/** When a message with an unknown outcome is repeated, from now, in milliseconds. */
export const later = ({ random, repeatMs }: DeliveryDeps): number =>
  Math.round(repeatMs * (1 + random() / 4));

export const markOf = ({ key, doc }: Delivery): Sending => ({
  caseId: key.caseId,
  noticeId: doc.id,
  raisedAt: doc.raisedAt,
  raisedSeq: doc.raisedSeq,
  attempts: doc.attempts,
});

const marked = (view: CardView): CardView => ({
  ...view,
  data: { ...view.data, again: AGAIN.trim() },
  summary: `${AGAIN}${view.summary}`,
});

/** One view made by one release has one order of fields; another release's costs at most one edit too many. */
const hashOf = (view: CardView): string =>
  createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 32);
