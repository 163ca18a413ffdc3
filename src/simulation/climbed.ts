import type { Agreement } from '../agreement/agreement.ts';
import type { EventDoc, Key, NoticeDoc } from '../core/change.ts';
import type { Escalation, Raising } from '../escalations/escalation.ts';
import type { Climber } from './climbers.ts';
import type { Break } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import type { VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';
import type { DutyWatch } from './watch-duty.ts';
import type { Weather } from './weather.ts';

/** What the checks of an escalation look at it with. */
export interface LadderWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly cases: CaseWatch;
  readonly duty: DutyWatch;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** One commit to an escalation, as the checks look at it. */
export interface Climbed {
  readonly key: Key;
  readonly before: Escalation | undefined;
  readonly after: Escalation;
  /** Its own events, in order. */
  readonly events: readonly EventDoc[];
  readonly notices: readonly NoticeDoc[];
  readonly climber: Climber;
  /** The agreement that it began with. */
  readonly agreed: Agreement;
  /** When what it waited for next was set, in milliseconds since 1970. */
  readonly setAt: number;
}

export const isLive = ({ state }: Raising): boolean => state === 'waiting' || state === 'acknowledged';

/** What a prompt waits for next. */
export const nextOf = ({ state, acknowledged, remind, due }: Raising): string =>
  state === 'acknowledged' ? (acknowledged?.until ?? '') : ([...remind, due].sort()[0] ?? due);
