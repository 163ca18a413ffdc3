import { type Instant, msBetween, plusMs } from '../core/clock.ts';

/** Something on the list `due` whose time passed longer ago than a working system needs. */
export interface Overdue {
  /** Its case and id. */
  readonly name: string;
  /** Another one after every write: what was tried and recorded has moved. */
  readonly etag: string;
  readonly what: 'timer' | 'notice';
  readonly caseId: string;
  readonly due: Instant;
  /** It is about something that is kept apart. */
  readonly apart?: true;
}

/** Something overdue that did not move from look to look. */
export interface Standing extends Overdue {
  /** The first look of an unbroken row at which it stood as it stands now. */
  readonly since: Instant;
}

/** What one look at a pathway found, with what is known from those before it. */
export interface Look {
  readonly at: Instant;
  readonly standing: ReadonlyMap<string, Standing>;
  /** When something overdue of this sort was last seen to go; at first, when the row of looks began. */
  readonly movedAt: Readonly<Record<Overdue['what'], Instant>>;
}

/** Looks further apart than this, in milliseconds, are no row: the process or the store stood still meanwhile. */
export const ROW_MS = 45_000;
/**
 * So long nothing overdue of a sort may stand still, in milliseconds. Teams may ask a sender to wait: for
 * notices it is longer than any wait of its published limits but the hourly one.
 */
const STILL_MS: Readonly<Record<Overdue['what'], number>> = { timer: 30_000, notice: 120_000 };
/** So long one may stand still while others before it go, in milliseconds. */
const PATIENCE_MS = 300_000;

/** What `found` means after the look before; one too long ago tells nothing. */
export function lookAgain(before: Look | undefined, found: readonly Overdue[], now: Instant): Look {
  const row = before && msBetween(before.at, now) <= ROW_MS ? before : undefined;
  const here = new Map(found.map((one) => [one.name, one]));
  const movedAt = { timer: row?.movedAt.timer ?? now, notice: row?.movedAt.notice ?? now };
  for (const one of row?.standing.values() ?? []) {
    if (here.get(one.name)?.etag !== one.etag) movedAt[one.what] = now;
  }
  const standing = new Map<string, Standing>();
  for (const [name, one] of here) {
    const known = row?.standing.get(name);
    standing.set(name, { ...one, since: known?.etag === one.etag ? known.since : now });
  }
  return { at: now, standing, movedAt };
}

/**
 * What surely will not go by itself, oldest first: it stood still while nothing of its sort moved, or for
 * minutes while others went. A backlog that is worked off, however long, is not stuck.
 */
export function stuckAt({ at, standing, movedAt }: Look): Standing[] {
  return [...standing.values()]
    .filter(({ what, since }) => {
      const quietSince = since > movedAt[what] ? since : movedAt[what];
      return msBetween(quietSince, at) >= STILL_MS[what] || msBetween(since, at) >= PATIENCE_MS;
    })
    .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
}

/**
 * What is stuck as it may be told of: what is kept apart tells only that something is, and its time is that at which
 * it was found, less what a working system needs. `lateMs`: so long, in milliseconds.
 */
export const toldOf = (stuck: readonly Standing[], lateMs: number): Standing[] =>
  stuck
    .map((one) => (one.apart ? { ...one, due: plusMs(one.since, -lateMs) } : one))
    .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
