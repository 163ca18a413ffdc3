import type { EventDoc, Key, NoticeDoc } from '../core/change.ts';
import { type PageOf, pageReference } from '../core/page.ts';
import { readPrompt } from '../escalations/escalation.ts';
import type { Write } from '../store/store.ts';
import { isConcern } from './card-ref.ts';
import { toldOf } from './climbers.ts';
import { bareness, type Heard } from './page-bare.ts';
import { aboutOf, asks, type Page, type PagingWatchDeps, TRIES } from './paged.ts';
import type { PagerCall, PagersWatch } from './pagers.ts';
import { pageCalls } from './watch-page-calls.ts';

export interface PagingWatch extends PagersWatch {
  committed(key: Key, writes: readonly Write[]): void;
  /** No page waits for longer than it may. */
  all(): void;
  /** Once everything has had its time: every page ended, and what a service took is recorded. */
  settled(): void;
}

const MINUTE = 60_000;
/** A service that puts a page off is called for so long before it is given up. */
const TRIED_MS = 4 * MINUTE;
/** However long services keep Baton waiting, a page is over by then. */
const OVER_MS = 45 * MINUTE;

/** Holds every page, and every call of a paging service, against what must be true of it. */
export function watchPaging(deps: PagingWatchDeps): PagingWatch {
  const { time, memory, weather, ladder, broken, met } = deps;
  const pages = new Map<string, Page>();
  const byId = new Map<string, Page>();
  const bySubject = new Map<string, Page>();
  /** The provider whose service is called, by the reference. */
  const ofConcerns = new Map<string, string>();
  const calls = pageCalls(deps);

  const nameOf = ({ caseId }: Key, id: string): string => `${caseId}|${id}`;

  function raised(key: Key, { id, notice, raisedAt, raisedSeq }: NoticeDoc): void {
    if (notice.route.to !== 'pager') return;
    // Whom a concern wakes is held against its own way.
    if (isConcern(key.caseId)) {
      ofConcerns.set(pageReference(key, notice as PageOf), notice.route.provider);
      return;
    }
    const { provider } = notice.route;
    const reference = pageReference(key, notice as PageOf);
    const raising = `${id}|${raisedAt}|${raisedSeq}`;
    const stands = pages.get(reference);
    if (stands?.raising === raising) return;
    if (stands) broken('paged', `${notice.subject} has the page of ${stands.subject} again`, key.caseId);
    const { subject } = notice;
    const at = Date.parse(raisedAt);
    const page: Page = {
      key,
      id,
      raising,
      raisedAt: at,
      provider,
      subject,
      reference,
      calls: [],
      unknown: 0,
      unknownAt: 0,
    };
    pages.set(reference, page);
    byId.set(nameOf(key, id), page);
    bySubject.set(`${key.caseId}|${subject}|pager:${provider}`, page);
    met('page raised');
  }

  function outcome(key: Key, event: EventDoc, writes: readonly Write[]): void {
    const { data, type } = event;
    const page = bySubject.get(`${key.caseId}|${data.subject}|${data.route}`);
    if (!page) {
      broken('page-told', `${type} is recorded of no page`, key.caseId);
      return;
    }
    const { caseId } = key;
    const last = page.calls.findLast(({ answer }) => answer !== undefined);
    if (type === 'notice.sent') {
      page.ended = 'sent';
      met('page taken');
      const taken = page.calls.some(
        ({ answer, status }) => answer === 'taken' && String(status) === data.status,
      );
      if (!taken || data.reference !== page.reference)
        broken('page-told', `${page.subject} is recorded as paged, and its pager never said so`, caseId);
      return;
    }
    if (type === 'notice.unknown' && data.repeated !== undefined) {
      page.unknown++;
      page.unknownAt = time.ms;
      met('page unknown');
      if (page.calls.every(({ effective }) => !effective)) met('page never made and repeated');
      return;
    }
    page.ended = 'failed';
    met(`page failed ${data.reason}`);
    if (data.reason === 'refused' && last?.answer !== 'refused')
      broken('page-told', `${page.subject} is recorded as refused, and was not`, caseId);
    if (type === 'notice.failed' && data.reason === 'no-answer') checkPatience(page);
    checkTold(page, writes);
  }

  /** A service that puts a page off has had eight calls over four minutes before it is given up. */
  function checkPatience({ key, subject, calls, unknown }: Page): void {
    const over = time.ms - (calls[0]?.at ?? time.ms);
    // What a worker died over counts as a call, and is made up for at once.
    if (unknown > 0 ? calls.length < TRIES - 1 : calls.length < TRIES || over < TRIED_MS) {
      broken('paged-again', `${subject} is given up after ${calls.length} calls in ${over} ms`, key.caseId);
    }
  }

  /** While its prompt asks, whoever holds the case is told that nobody was woken. */
  function checkTold(page: Page, writes: readonly Write[]): void {
    const { key, subject } = page;
    if (!asks(ladder, page).so) {
      met('page failed when it was over');
      return;
    }
    const n = String(readPrompt(subject)?.n);
    const docs = writes.flatMap((write) => (write.do === 'remove' ? [] : [write.doc]));
    const recorded = docs.some((doc) => {
      const { type, data } = doc as EventDoc;
      return type === 'escalation.unpaged' && String(data.n) === n;
    });
    const told = docs.flatMap((doc) => {
      if (doc.kind !== 'notice') return [];
      const { notice } = doc as NoticeDoc;
      const says = notice.form === 'tell' && notice.line === 'escalation.unpaged' && notice.refs?.n === n;
      return says ? [JSON.stringify(notice.route)] : [];
    });
    const holders = toldOf(key, memory.inside(key), aboutOf(page));
    const missed = holders.find((route) => !told.includes(JSON.stringify(route)));
    if (recorded && holders.length > 0 && !missed) met('unpaged told');
    else
      broken(
        'page-told',
        `nobody was woken by ${subject}, and whoever holds the case is not told`,
        key.caseId,
      );
  }

  function ended(key: Key, id: string): void {
    const page = byId.get(nameOf(key, id));
    if (!page || page.ended) return;
    page.ended = 'dropped';
    met('page dropped');
    if (asks(ladder, page).so)
      broken('paged', `${page.subject} still asked, and its page went unsent`, key.caseId);
  }

  function paging(call: PagerCall): void {
    const heard: Heard | string = bareness(call, time.ms);
    if (typeof heard === 'string') {
      broken('page-bare', heard);
      return;
    }
    const ofConcern = ofConcerns.get(heard.reference);
    if (ofConcern !== undefined) {
      met('page of a concern called');
      // What holds its service up holds the others up as well.
      calls.keep(ofConcern, call);
      return;
    }
    const page = pages.get(heard.reference);
    if (!page) {
      broken('paged', `a call bears the reference ${heard.reference}, which is of no prompt that was raised`);
      return;
    }
    calls.check(page, call, heard);
    met(page.calls.length === 0 ? 'page called' : heard.again ? 'page repeated' : 'page called again');
    page.calls.push(call);
  }

  return {
    paging,

    committed(key, writes) {
      const docs = writes.flatMap((write) => (write.do === 'remove' ? [] : [write.doc]));
      for (const doc of docs) if (doc.kind === 'notice') raised(key, doc as NoticeDoc);
      for (const doc of docs) {
        if (doc.kind !== 'event') continue;
        const event = doc as EventDoc;
        if (!/^notice[.](?:sent|failed|unknown)$/.test(event.type)) continue;
        if (isConcern(key.caseId)) continue;
        if (String(event.data.route).startsWith('pager:')) outcome(key, event, writes);
      }
      for (const write of writes) if (write.do === 'remove') ended(key, write.id);
    },

    all() {
      for (const page of pages.values()) {
        const since = Math.max(page.raisedAt, weather.troubledAt);
        if (!page.ended && time.ms - since > OVER_MS) {
          broken(
            'paged',
            `${page.subject} has waited since ${new Date(page.raisedAt).toISOString()}`,
            page.key.caseId,
          );
        }
      }
    },

    settled() {
      for (const { key, subject, ended: how, calls, unknown } of pages.values()) {
        if (!how) broken('paged', `${subject} was raised, and nothing came of its page`, key.caseId);
        const silent = how === 'dropped' && unknown === 0;
        if (silent && calls.some(({ effective }) => effective))
          broken('page-told', `${subject} was paged, and nothing is recorded of it`, key.caseId);
      }
    },
  };
}
