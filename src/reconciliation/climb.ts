import { type Agreement, partnerName, primeOf } from '../agreement/agreement.ts';
import { calendarOf } from '../agreement/calendar.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { answerDue, clockRuns } from '../core/working-time.ts';
import type { Matter } from '../escalations/escalation.ts';
import { type Batch, batchesList, batchId, batchSubject, mismatchesCase } from './mismatch.ts';

/** So long after its time a mismatch is to be settled at last, in milliseconds: by the next weekly meeting. */
const LAST_MS = 7 * 24 * 60 * 60_000;

/** By when a mismatch that was found now is to be settled, on the agreed clock of the provider it concerns. */
export function settleBy(terms: Agreement, provider: string, now: Instant): Instant {
  const { within, clock } = terms.register.mismatch;
  const calendar = calendarOf(terms, provider);
  const runs = clockRuns(clock, calendar);
  return answerDue(now, within, clock, runs ? calendar : { ...calendar, hours: undefined });
}

/** What one run finds for a provider, at its start: in its channel, to be settled by one time. */
export function begunBatch(provider: string, run: string, by: Instant, version: number, now: Instant): Batch {
  return batchListed({
    id: batchId(run),
    kind: 'mismatch-batch',
    schema: 1,
    provider,
    run,
    since: now,
    settleBy: by,
    agreementVersion: version,
    revision: 1,
    shownTo: [{ to: 'channel', provider }],
  });
}

/** On its list while it is not over. */
export function batchListed(batch: Batch): Batch {
  const { lists: _, ...rest } = batch;
  return rest.ended === undefined ? { ...rest, lists: { [batchesList(rest.provider)]: rest.run } } : rest;
}

/** What a run found for a provider, as the ladder sees it; undefined while its time is not up, and when it is over. */
export function matterOf(batch: Batch, terms: Agreement): Matter | undefined {
  if (batch.ended !== undefined || !batch.climbing) return undefined;
  const { provider, run, since, settleBy: by, agreementVersion, shownTo } = batch;
  const prime = primeOf(terms).id;
  return {
    subject: batchSubject(run),
    caseId: mismatchesCase(provider),
    about: `Mismatches of ${partnerName(terms, provider)}`,
    agreementVersion,
    parties: { receiver: provider, sender: prime, prime },
    since,
    needBy: plusMs(by, LAST_MS),
    routes: { receiver: shownTo, holder: [] },
  };
}
