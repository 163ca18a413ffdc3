import type { Escalation } from '../escalations/escalation.ts';
import { askedWithin, isTooLate } from './lateness.ts';
import type { Heard } from './page-bare.ts';
import { aboutOf, asks, type Page, type PagingWatchDeps, TRIES } from './paged.ts';
import type { PagerCall } from './pagers.ts';

const MINUTE = 60_000;
/** No service puts a page off for longer at a time. */
const LONGEST_WAIT_MS = MINUTE;
/** A service took a call at once; and its pages may wait for so long after it last did not. */
const SOON_MS = 2_000;
const TROUBLED_MS = 5 * MINUTE;

export interface PageCalls {
  /** Holds a call of a paging service against the page that it is for, before anything comes of it. */
  check(page: Page, call: PagerCall, heard: Heard): void;
  /** A service that is slow or away keeps other pages waiting as well. */
  keep(provider: string, call: PagerCall): void;
}

export function pageCalls(deps: PagingWatchDeps): PageCalls {
  const { time, memory, weather, cases, ladder, lease, broken, met } = deps;
  /** The last call of each provider, and when one was not taken at once last; milliseconds since 1970. */
  const lastCalls = new Map<string, PagerCall>();
  const troubled = new Map<string, number>();

  /** The same page goes again only after an outcome that leaves it open, marked where an attempt may have arrived. */
  function checkAgain(page: Page, call: PagerCall, again: boolean): void {
    const { key, subject, calls, unknown } = page;
    const wrong = (says: string): void => broken('paged-again', `${subject}: ${says}`, key.caseId);
    if (again !== unknown > 0) wrong(`its call says ${again ? 'that' : 'nothing of it that'} it is a repeat`);
    const before = calls.filter(({ effective }) => effective);
    if (before.length > 1) wrong('it is called a third time');
    if (before.length > 0 && unknown === 0)
      wrong('it is called again, and its outcome is not known as unknown');
    const most = unknown > 0 ? TRIES + 1 : TRIES;
    if (calls.length >= most) wrong(`it is called more than ${most} times`);
    if (page.ended) wrong(`it is called again when it was ${page.ended}`);
    const last = calls.at(-1);
    if (last?.life !== call.life) return;
    if (last.answer === 'taken' || last.answer === 'refused') {
      // Another worker that had the lease meanwhile may have found it unrecorded.
      const open = page.unknownAt > last.answeredAt || last.life.pausedUntil > 0;
      if (!open) wrong(`it is called again although it was ${last.answer}`);
    } else if (
      last.answer === 'later' &&
      time.ms - last.answeredAt < Math.min(last.waitMs, LONGEST_WAIT_MS)
    ) {
      wrong(`it is called again sooner than in ${last.waitMs} ms, for which its service asked`);
    }
  }

  function checkInTime(page: Page, { life }: PagerCall): void {
    const { so, since } = asks(ladder, page);
    // A worker that stood still between asking and calling could not know better.
    if (!so && time.ms - Math.max(since, life.pausedUntil) > askedWithin(time, weather)) {
      broken('page-in-time', `${page.subject} is paged when it is over`, page.key.caseId);
    }
  }

  /** While worker and service are well, a page goes with the next look. */
  function checkSoon({ key, subject, provider, raisedAt }: Page): void {
    if ((troubled.get(provider) ?? 0) > raisedAt - TROUBLED_MS) return;
    if (isTooLate(time, weather, raisedAt))
      broken(
        'paged',
        `${subject} was raised at ${new Date(raisedAt).toISOString()} and is paged late`,
        key.caseId,
      );
    else met('paged at once');
  }

  function keep(provider: string, call: PagerCall): void {
    const before = lastCalls.get(provider);
    lastCalls.set(provider, call);
    if (!before || (before.answer === 'taken' && before.answeredAt - before.at < SOON_MS)) return;
    troubled.set(provider, Math.max(before.answeredAt, before.at));
  }

  function checkWay(page: Page, call: PagerCall): void {
    const { caseId } = page.key;
    const there = cases
      .termsAround(time.ms)
      .some(({ providers }) =>
        providers.some(({ id, paging }) => id === page.provider && paging?.url === call.url),
      );
    if (!there) broken('paged', `${call.url} is called, which ${page.provider} does not have`, caseId);
    if (!lease.holds(call.life)) {
      broken('lease', `a worker pages that does not hold the lease of epoch ${lease.epoch}`, caseId);
    }
    const marked = lease.sending.some((one) => one.caseId === caseId && one.noticeId === page.id);
    if (!marked) broken('paged-again', `${page.subject} is paged without its mark in the lease`, caseId);
  }

  /** The number of whoever sent what climbs, as the agreement has it. */
  function numbersFor(page: Page): string[] {
    const escalation = memory.inside(page.key).get(`escalation:${aboutOf(page)}`)?.doc as
      | Escalation
      | undefined;
    return cases
      .termsAround(time.ms)
      .flatMap(({ providers }) => providers.filter(({ id }) => id === escalation?.parties.sender))
      .map(({ phone }) => phone);
  }

  function check(page: Page, call: PagerCall, heard: Heard): void {
    const { caseId } = page.key;
    if (!numbersFor(page).includes(heard.ring) || call.body.includes(caseId))
      broken('page-bare', `a page holds ${call.body}`, caseId);
    checkInTime(page, call);
    checkAgain(page, call, heard.again);
    checkWay(page, call);
    keep(page.provider, call);
    if (page.calls.length === 0) checkSoon(page);
  }
  return { check, keep };
}
