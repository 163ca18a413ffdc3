import { isApart } from '../core/apart.ts';
import { type Page, type PageOutcome, type Pager, pageReference } from '../core/page.ts';
import { type DeliveryDeps, ended, later, markOf, type Owed } from './delivery.ts';
import type { Lane, Place } from './limits.ts';
import type { PageNotice } from './presenter.ts';
import type { Delivery } from './settle.ts';

/** A page that a busy or absent service did not take is given up after so many attempts: four minutes or more. */
const PAGE_TRIES = 8;
/** Waited between attempts at least, doubled each time, in milliseconds. */
const SHORTEST_WAIT_MS = 5_000;
/** No service puts somebody's waking off for longer than this, in milliseconds. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Calls the paging service about one notice. As with a message, it is marked in the lease before it goes, and
 * whether it still matters is asked after that. Without an answer it is repeated once, with the same
 * reference. Returns what is to be recorded; undefined if nothing was done (the lease is lost).
 */
export async function deliverPage(
  deps: DeliveryDeps,
  delivery: Delivery,
  notice: PageNotice,
  pager: Pager,
  lane: Lane,
  place: Place,
): Promise<Owed | undefined> {
  const { clock, lease, pace, random, settling } = deps;
  const { key, doc, presenter } = delivery;
  if (!presenter.ring) throw new Error('whoever raises lines for a pager says which number to ring');
  const mark = [markOf(delivery)];
  if (!(await lease.begin(mark))) return undefined;
  const settled = ended(deps, mark);
  let ring: string | undefined;
  try {
    ring = await presenter.ring(key, notice, clock.now());
  } catch (error) {
    lease.end(mark);
    throw error;
  }
  if (!lease.held()) {
    lease.end(mark);
    return undefined;
  }
  if (ring === undefined) return settled(() => settling.dropped(delivery));

  const page: Page = {
    reference: pageReference(key, notice),
    ring,
    again: doc.maybeSent === true,
    ...(isApart(key.caseId) && { apart: true as const }),
  };
  place.went(clock.now());
  const outcome = await pager(page).catch((): PageOutcome => ({ kind: 'unknown' }));
  const { status } = outcome;
  const said = { reference: page.reference, ...(status !== undefined && { status: String(status) }) };
  const answered: Delivery = { ...delivery, said };
  switch (outcome.kind) {
    case 'sent':
      return settled(() => settling.sent(answered));
    case 'unknown':
      return settled(() => settling.unknown(answered, later(deps)));
    case 'failed': {
      const { reason } = outcome;
      return settled(() => settling.failed(answered, reason));
    }
    case 'throttled': {
      if (doc.attempts + 1 >= PAGE_TRIES) return settled(() => settling.failed(answered, 'no-answer'));
      const asked = Math.min(outcome.retryAfterMs, LONGEST_WAIT_MS);
      // Others are held up for as long as the service asked; this one backs off as well.
      pace.hold(lane.conversationId, asked, clock.now());
      const wait = Math.max(asked, Math.min(SHORTEST_WAIT_MS * 2 ** doc.attempts, LONGEST_WAIT_MS));
      return settled(() => settling.again(answered, Math.round(wait * (1 + random() / 4))));
    }
  }
}
