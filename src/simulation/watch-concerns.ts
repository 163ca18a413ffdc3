import type { EventDoc, Key, NoticeDoc, TimerDoc } from '../core/change.ts';
import { CONCERN_HEAD, type Concern } from '../safeguarding/concern.ts';
import type { Write } from '../store/store.ts';
import { isConcern } from './card-ref.ts';
import type { Happening } from './happening.ts';
import type { Break } from './invariants.ts';
import { isTooLate } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { ANSWERING, ownerOf, PATHWAY } from './pathway.ts';
import { type ConcernHappening, numberOfFacts } from './staff-concerns.ts';
import type { Call } from './teams.ts';
import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface ConcernWatch {
  committed(key: Key, writes: readonly Write[]): void;
  /** A message is about to go. */
  calling(call: Call): void;
  /** Somebody was answered with this, as JSON. */
  shown(person: string, answer: string): void;
  /** Looks at every concern. */
  all(): void;
  /** Every concern that was sent is there, once. */
  settled(): void;
}

export interface ConcernWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  /** The script of the world: whom each concern is about. */
  readonly happenings: readonly Happening[];
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** What happened to a concern so far. */
interface Seen {
  asked: number;
  /** When the step that was asked last is over; milliseconds since 1970. */
  due: number;
  acknowledged: boolean;
  rang: boolean;
  timedFor: string | undefined;
  timedAt: number;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
const WITHIN: Readonly<Record<string, readonly [plain: number, urgent: number, wake: boolean]>> = {
  lead: [2 * HOUR, 15 * MINUTE, true],
  deputy: [3 * HOUR, 15 * MINUTE, true],
  'out-of-hours': [2 * HOUR, 10 * MINUTE, false],
  'prime-lead': [HOUR, 15 * MINUTE, true],
};
/** So long nobody may leave a concern unseen before whoever raised it is told to ring. */
const RING_MS = HOUR;
const MANAGES: readonly (readonly [manager: string, of: readonly string[]])[] = [
  ['cleo', ['dev', 'eve']],
  ['yan', ['una']],
];
/** Of those who answer: who may know while it is not known whom a concern is about. */
const NARROW = ['una', 'vic'];

/** Everybody whom a concern may be about, and who manages them or is managed by them. Said in other words than the rules. */
function outOf(who: string): readonly string[] {
  const around = MANAGES.flatMap(([manager, of]) =>
    manager === who ? of : of.includes(who) ? [manager] : [],
  );
  return [who, ...around];
}

/** Holds every commit to a concern, and everything that is said to anybody, against what must be true of it. */
export function watchConcerns(deps: ConcernWatchDeps): ConcernWatch {
  const { time, memory, weather, broken, met } = deps;
  const written = new Map<number, ConcernHappening>();
  for (const one of deps.happenings) if (one.kind === 'concern') written.set(one.n, one);
  const seen = new Map<string, Seen>();
  const sent = new Set<string>();

  const headOf = (caseId: string): Concern | undefined =>
    memory.inside({ pathwayId: PATHWAY, caseId }).get(CONCERN_HEAD)?.doc as Concern | undefined;
  const seenOf = (caseId: string): Seen => {
    const known = seen.get(caseId) ?? {
      asked: 0,
      due: 0,
      acknowledged: false,
      rang: false,
      timedFor: undefined,
      timedAt: 0,
    };
    seen.set(caseId, known);
    return known;
  };

  /** Those who may know of it, by what its raiser meant. */
  function mayKnow({ told, raisedBy }: Concern): ReadonlySet<string> {
    const happening = written.get(numberOfFacts(told.facts));
    const { about = 'nobody', who = '' } = happening ?? {};
    const out = about === 'picked' || about === 'typed' ? outOf(who) : [];
    const those = about === 'typed' || about === 'unknown' ? NARROW : ANSWERING;
    return new Set([raisedBy.person, ...those.filter((key) => !out.includes(key))]);
  }

  function checkAsked(caseId: string, event: EventDoc, concern: Concern, writes: readonly Write[]): void {
    const state = seenOf(caseId);
    const wrong = (says: string): void => broken('concern-asks', `asking ${event.data.n}: ${says}`, caseId);
    const asked = concern.asked.at(-1);
    if (!asked || event.data.n !== state.asked + 1 || asked.n !== event.data.n) {
      wrong(`it comes after asking ${state.asked}`);
      return;
    }
    if (concern.asked.filter((one) => one.state === 'waiting').length !== 1) wrong('more than one waits');
    const may = mayKnow(concern);
    for (const person of asked.people) {
      if (!may.has(person) || person === concern.raisedBy.person)
        broken('concern-hidden', `${person} is asked, and may not know of it`, caseId);
    }
    const [plain, urgent, wake] = WITHIN[asked.as] ?? [0, 0, false];
    const within = concern.urgent ? urgent : plain;
    if (Date.parse(asked.due) - Date.parse(asked.at) !== within) wrong(`they have until ${asked.due}`);
    if (asked.because === 'unanswered') {
      if (state.due > time.ms) wrong('it comes before the one before is over');
      if (asked.late) met('concern asked late');
      else checkLate(caseId, state.due);
      met('concern passed on');
    }
    const pages = writes.some(
      (write) => write.do !== 'remove' && write.doc.kind === 'notice' && isPage(write.doc as NoticeDoc),
    );
    if (pages !== (asked.paged !== undefined) || (!wake && pages)) wrong('those whom it wakes are not paged');
    if (pages) met('concern paged');
    state.asked = asked.n;
    state.due = Date.parse(asked.due);
    met(`concern asked ${asked.as}`);
  }

  function checkLate(caseId: string, due: number): void {
    const from = Math.max(due, seenOf(caseId).timedAt);
    if (isTooLate(time, weather, from))
      broken(
        'concern-late',
        `what was due at ${new Date(due).toISOString()} has not come before ${time.now()}`,
        caseId,
      );
  }

  /** What is due by itself for a concern that nobody has acknowledged. */
  function dueOf(concern: Concern): string | undefined {
    if (concern.acknowledged || concern.closed) return undefined;
    const ring = new Date(Date.parse(concern.raisedAt) + RING_MS).toISOString();
    const { outside } = concern;
    const inTime = concern.lapsed?.some(
      (one) => one.what === 'acknowledged' && one.because === 'handed-on' && one.at <= concern.acknowledgeBy,
    );
    const times = [
      ...concern.asked.filter(({ state }) => state === 'waiting').map(({ due }) => due),
      ...(outside ? [outside.remindAt] : []),
      ...(concern.opened || concern.toldToRing || outside ? [] : [ring]),
      ...(concern.missed || inTime ? [] : [concern.acknowledgeBy]),
      ...(concern.retryAt === undefined ? [] : [concern.retryAt]),
    ];
    return times.sort()[0];
  }

  function checkTimer(key: Key, concern: Concern): void {
    const state = seenOf(key.caseId);
    const timer = memory.inside(key).get(`timer:${key.caseId}`)?.doc as TimerDoc | undefined;
    const due = dueOf(concern);
    if (timer?.due !== due) {
      const said = `what comes next is due at ${due}, its timer is ${timer ? `due ${timer.due}` : 'gone'}`;
      broken('concern-timer', said, key.caseId);
    }
    if (state.timedFor === timer?.due) return;
    state.timedFor = timer?.due;
    state.timedAt = time.ms;
  }

  function checkEvent(caseId: string, event: EventDoc, concern: Concern, writes: readonly Write[]): void {
    const state = seenOf(caseId);
    const by = 'person' in event.by ? event.by.person : undefined;
    switch (event.type) {
      case 'concern.raised':
        sent.add(caseId);
        break;
      case 'concern.asked':
        checkAsked(caseId, event, concern, writes);
        if (state.acknowledged) broken('concern-ends', 'somebody is asked after it was acknowledged', caseId);
        break;
      case 'concern.acknowledged': {
        if (state.acknowledged) broken('concern-ends', 'it is acknowledged a second time', caseId);
        state.acknowledged = true;
        if (concern.asked.some((one) => one.state === 'waiting'))
          broken('concern-ends', 'somebody still is asked', caseId);
        if (by === concern.raisedBy.person) broken('concern-ends', 'by whoever raised it', caseId);
        met(
          time.now() <= concern.acknowledgeBy ? 'concern acknowledged in time' : 'concern acknowledged late',
        );
        break;
      }
      case 'concern.ring': {
        const told = writes.some(
          (write) =>
            write.do !== 'remove' &&
            write.doc.kind === 'notice' &&
            isRing(write.doc as NoticeDoc, concern.raisedBy.person),
        );
        if (state.rang || !told || concern.opened || time.ms < Date.parse(concern.raisedAt) + RING_MS)
          broken('concern-told', 'whoever raised it is told to ring wrongly, twice or not at all', caseId);
        state.rang = true;
        break;
      }
    }
    if (by !== undefined && !mayKnow(concern).has(by))
      broken('concern-hidden', `${by} did ${event.type}`, caseId);
  }

  /** Each notice of a concern goes to somebody who may know of it, in person; a pager learns a number. */
  function checkNotice(caseId: string, { notice }: NoticeDoc, concern: Concern): void {
    const { route } = notice;
    if (route.to === 'pager') return;
    if (route.to === 'channel' || !mayKnow(concern).has(route.person))
      broken('concern-hidden', `${notice.form} for ${JSON.stringify(route)}`, caseId);
  }

  /** Whoever reads this may know of each concern that it names. */
  function checkRead(text: string, person: string | undefined, where: string): void {
    for (const [, id] of text.matchAll(/Concern ([0-9A-Z]{3}-[0-9A-Z]{3})/g)) {
      const caseId = `concern:${id}`;
      const concern = headOf(caseId);
      met('read of a concern');
      if (concern && (person === undefined || !mayKnow(concern).has(person)))
        broken('concern-hidden', `${where} names it`, caseId);
    }
  }

  return {
    committed(key, writes) {
      const { caseId } = key;
      if (!isConcern(caseId)) return;
      const concern = headOf(caseId);
      if (!concern) return;
      for (const write of writes) {
        if (write.do === 'remove') continue;
        if (write.doc.kind === 'notice') checkNotice(caseId, write.doc as NoticeDoc, concern);
        if (write.do === 'create' && write.doc.kind === 'event')
          checkEvent(caseId, write.doc as EventDoc, concern, writes);
      }
      checkTimer(key, concern);
    },

    calling({ reach, message }) {
      const owner = ownerOf(reach.conversationId);
      const person = owner && 'person' in owner ? owner.person : undefined;
      checkRead(JSON.stringify(message), person, `a message to ${reach.conversationId}`);
    },

    shown(person, answer) {
      checkRead(answer, person, `an answer to ${person}`);
    },

    all() {
      for (const key of memory.keys()) {
        if (!isConcern(key.caseId)) continue;
        const concern = headOf(key.caseId);
        if (!concern) continue;
        checkTimer(key, concern);
        const due = dueOf(concern);
        if (due !== undefined && due < time.now()) checkLate(key.caseId, Date.parse(due));
      }
    },

    settled() {
      const numbers = new Map<number, number>();
      for (const { caseId } of memory.keys()) {
        const concern = isConcern(caseId) ? headOf(caseId) : undefined;
        if (!concern) continue;
        const n = numberOfFacts(concern.told.facts);
        numbers.set(n, (numbers.get(n) ?? 0) + 1);
        if (!written.has(n) || concern.raisedBy.person !== written.get(n)?.person)
          broken('concern-once', `${caseId} is not as it was sent`, caseId);
      }
      for (const [n, times] of numbers)
        if (times > 1) broken('concern-once', `concern ${n} is there ${times} times`);
      for (const caseId of sent) if (!headOf(caseId)) broken('concern-once', `${caseId} is gone`, caseId);
    },
  };
}

const isPage = ({ notice }: NoticeDoc): boolean => notice.route.to === 'pager';
const isRing = ({ notice }: NoticeDoc, person: string): boolean =>
  notice.form === 'tell' &&
  notice.line === 'concern.ring' &&
  notice.route.to === 'person' &&
  notice.route.person === person;
