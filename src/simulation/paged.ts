import type { Key } from '../core/change.ts';
import { readPrompt } from '../escalations/escalation.ts';
import type { Break } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import type { PagerCall } from './pagers.ts';
import type { VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';
import type { LadderWatch } from './watch-ladder.ts';
import type { LeaseWatch } from './watch-lease.ts';
import type { Weather } from './weather.ts';

/** One page from when its prompt was raised until it ended. */
export interface Page {
  readonly key: Key;
  readonly id: string;
  /** Tells it from the same one raised again. */
  readonly raising: string;
  /** Milliseconds since 1970. */
  readonly raisedAt: number;
  readonly provider: string;
  readonly subject: string;
  readonly reference: string;
  readonly calls: PagerCall[];
  /** Outcomes recorded as unknown, after which it is repeated. */
  unknown: number;
  /** When one was last, in milliseconds since 1970. */
  unknownAt: number;
  ended?: 'sent' | 'failed' | 'dropped';
}

/** What the checks of pages look at them with. */
export interface PagingWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly cases: CaseWatch;
  readonly ladder: LadderWatch;
  readonly lease: LeaseWatch;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** A page is called so often at most, but once more where a call may have arrived. */
export const TRIES = 8;

/** What its prompt is about, such as `handover:h1`. */
export const aboutOf = ({ subject }: Page): string => readPrompt(subject)?.subject ?? '';

/** Whether its prompt still asks, and since when it does or does not, in milliseconds since 1970. */
export const asks = (
  ladder: LadderWatch,
  { key, subject }: Page,
): { readonly so: boolean; readonly since: number } => ladder.matters(key.caseId, subject);
