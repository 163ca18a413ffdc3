import { isApart } from '../core/apart.ts';
import { type Doc, routeName, type TimerDoc } from '../core/change.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import type { FindReach } from '../core/messenger.ts';
import type { Listed, Store } from '../store/store.ts';
import type { Overdue } from './overdue.ts';
import type { WaitingNotice } from './presenter.ts';

const PAGE = 200;
/** The oldest so many are read; where more wait, the oldest are late. */
const MOST = 5_000;
/** The sender tells others when nobody can be reached for two minutes, and looks each half minute. */
const UNREACHED_MS = 180_000;

export interface BacklogDeps {
  readonly store: Store;
  readonly findReach: FindReach;
  /** So long after its time a working system has done it, whatever died, in milliseconds. */
  readonly lateMs: number;
}

/**
 * The timers and notices of a pathway that a working system would have fired and sent, as the store has
 * them. A notice for somebody who was never seen is none: others were told, or will be in a moment.
 */
export async function readOverdue(
  { store, findReach, lateMs }: BacklogDeps,
  pathwayId: string,
  now: Instant,
): Promise<Overdue[]> {
  const found: Overdue[] = [];
  const ways = new Map<string, boolean>();
  const upTo = `${plusMs(now, -lateMs)}|~`;

  async function counts({ fellBack, due, notice: { route } }: WaitingNotice): Promise<boolean> {
    if (fellBack) return false;
    if (route.to === 'pager' || msBetween(due, now) >= lateMs + UNREACHED_MS) return true;
    const name = routeName(route);
    const known = ways.get(name) ?? (await findReach(pathwayId, route)) !== undefined;
    ways.set(name, known);
    return known;
  }

  let after = '';
  for (let read = 0; read < MOST; ) {
    const page = await store.page<Doc>(pathwayId, 'due', { after, upTo, limit: PAGE });
    for (const one of page) {
      const { key, doc, etag } = one;
      const { caseId } = key;
      const common = {
        name: `${caseId}|${doc.id}`,
        etag,
        caseId,
        ...(isApart(caseId) && { apart: true as const }),
      };
      if (isTimer(one)) found.push({ ...common, what: 'timer', due: one.doc.due });
      if (isNotice(one) && (await counts(one.doc)))
        found.push({ ...common, what: 'notice', due: one.doc.due });
    }
    read += page.length;
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    after = last.place;
  }
  return found;
}

const isTimer = (listed: Listed): listed is Listed<TimerDoc> => listed.doc.kind === 'timer';
const isNotice = (listed: Listed): listed is Listed<WaitingNotice> => listed.doc.kind === 'notice';
