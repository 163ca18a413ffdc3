import type { NoticeDoc } from '../../../src/core/change.ts';
import type { Page } from '../../../src/core/page.ts';
import type { CallPager } from '../../../src/paging/client.ts';
import type { Planted } from '../../../src/simulation/run.ts';
import { commits, type Fault, writing } from './planting.ts';

const MINUTE = 60_000;

/** Every page, changed as it is called. */
const paging = (change: (page: Page) => Page): Planted => ({
  pager: (call) => (url, provider, page) => call(url, provider, change(page)),
});

/** What a call of a paging service comes to, changed. */
const answering = (
  change: (outcome: Awaited<ReturnType<CallPager>>) => Awaited<ReturnType<CallPager>>,
): Planted => ({
  pager: (call) => async (url, provider, page) => change(await call(url, provider, page)),
});

/** Notices that fit are left out of every commit. */
const leavingOut = (fits: (notice: NoticeDoc['notice']) => boolean): Planted =>
  commits((_, writes) =>
    writes.filter(
      (write) =>
        write.do === 'remove' || write.doc.kind !== 'notice' || !fits((write.doc as NoticeDoc).notice),
    ),
  );

/** The attempts at a page count for more than they are, once it was put off `most` times. */
const fewer = (most: number): Planted =>
  writing<NoticeDoc>('notice', (doc) =>
    doc.notice.route.to === 'pager' && doc.attempts >= most ? { ...doc, attempts: 7 } : doc,
  );

/** Faults of what wakes people. */
export const PAGING_FAULTS: readonly Fault[] = [
  {
    what: 'a prompt that wakes people and is raised without its page',
    breaks: 'paged',
    planted: leavingOut(({ route }) => route.to === 'pager'),
  },
  {
    what: 'a page that goes to another provider',
    breaks: 'paged',
    planted: writing<NoticeDoc>('notice', (doc) =>
      doc.notice.form === 'tell' && doc.notice.route.to === 'pager'
        ? { ...doc, notice: { ...doc.notice, route: { to: 'pager', provider: 'hospice' } } }
        : doc,
    ),
  },
  {
    what: 'a repeat with a reference of its own',
    breaks: 'paged',
    planted: paging((page) => (page.again ? { ...page, reference: 'ZZZZZ-ZZZZZ' } : page)),
  },
  {
    what: 'pages that are held up by a sender that is busy with others',
    breaks: 'paged',
    planted: {
      pager: (call, sleep) => async (url, provider, page) => {
        const outcome = await call(url, provider, page);
        await sleep(10 * MINUTE);
        return outcome;
      },
    },
  },
  {
    what: 'a page that goes twice although its service took it',
    breaks: 'paged-again',
    planted: {
      pager: (call) => async (url, provider, page) => {
        const outcome = await call(url, provider, page);
        return outcome.kind === 'sent' ? call(url, provider, page) : outcome;
      },
    },
  },
  {
    what: 'a repeat that does not say that an earlier attempt may have arrived',
    breaks: 'paged-again',
    planted: paging((page) => ({ ...page, again: false })),
  },
  {
    what: 'a page that is called again sooner than its service asked for',
    from: 2,
    breaks: 'paged-again',
    planted: answering((outcome) =>
      outcome.kind === 'throttled' ? { ...outcome, retryAfterMs: 0 } : outcome,
    ),
  },
  {
    what: 'an unknown outcome that counts as put off',
    breaks: 'paged-again',
    planted: answering((outcome) =>
      outcome.kind === 'unknown' ? { kind: 'throttled', retryAfterMs: 10_000 } : outcome,
    ),
  },
  {
    what: 'a busy service that is given up at once',
    breaks: 'page-told',
    planted: answering((outcome) =>
      outcome.kind === 'throttled' ? { kind: 'failed', reason: 'refused' } : outcome,
    ),
  },
  {
    what: 'a page that goes some time after it was asked whether it still matters',
    from: 3,
    breaks: 'page-in-time',
    planted: {
      pager: (call, sleep) => async (url, provider, page) => {
        await sleep(5_000);
        return call(url, provider, page);
      },
    },
  },
  {
    what: 'a busy service that is called a few times only',
    breaks: 'paged-again',
    planted: fewer(4),
  },
  {
    what: 'a refusal that counts as taken',
    breaks: 'page-told',
    planted: answering((outcome) => (outcome.kind === 'failed' ? { kind: 'sent', status: 202 } : outcome)),
  },
  {
    what: 'a page that nobody took, and nobody is told',
    breaks: 'page-told',
    planted: leavingOut((notice) => notice.form === 'tell' && notice.line === 'escalation.unpaged'),
  },
  {
    what: 'a page with the number of somebody’s family',
    breaks: 'page-bare',
    planted: paging((page) => ({ ...page, ring: '01632 960002' })),
  },
];
