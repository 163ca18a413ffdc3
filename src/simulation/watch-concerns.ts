import type { EventDoc, Key, NoticeDoc, TimerDoc } from '../core/change.ts';
import type { Message } from '../core/messenger.ts';
import type { Concern } from '../safeguarding/concern.ts';
import type { Write } from '../store/store.ts';
import { isConcern } from './card-ref.ts';
import { concernIn, dueOf, knowers, RING_MS } from './concern-knows.ts';
import type { Happening } from './happening.ts';
import type { Break } from './invariants.ts';
import { askedWithin, isTooLate } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { ownerOf } from './pathway.ts';
import { type ConcernHappening, numberOfFacts } from './staff-concerns.ts';
import type { Call } from './teams.ts';
import type { VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';
import { watchTakenBack } from './watch-taken-back.ts';
import type { Weather } from './weather.ts';

export interface ConcernWatch {
  committed(key: Key, writes: readonly Write[]): void;
  /** A message is about to go. */
  calling(call: Call): void;
  /** Somebody was answered with this, as JSON. */
  shown(person: string, answer: string): void;
  /** Looks at every concern. */
  all(): void;
  /** A message stands in a conversation now. */
  landed(activityId: string, message: Message): void;
  /** Every concern that was sent is there, once, and nobody has a card of it who may not know; of those reached. */
  settled(reached: (person: string) => boolean): void;
}

export interface ConcernWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly cases: Pick<CaseWatch, 'termsAround'>;
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
  /** When whoever raised it is reminded next of the outside contact; milliseconds since 1970. */
  remindAt: number;
  /** Those who may know of it, and since when others may not any more; milliseconds since 1970. */
  knows: ReadonlySet<string>;
  readonly lost: Map<string, number>;
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
/** So long it is before the outside contact is called to mind again. */
const REMIND = { urgent: 15 * MINUTE, otherwise: HOUR };

/** Holds every commit to a concern, and everything that is said to anybody, against what must be true of it. */
export function watchConcerns(deps: ConcernWatchDeps): ConcernWatch {
  const { time, memory, weather, cases, broken, met } = deps;
  const written = new Map<number, ConcernHappening>();
  for (const one of deps.happenings) if (one.kind === 'concern') written.set(one.n, one);
  const seen = new Map<string, Seen>();
  const sent = new Set<string>();
  const takenBack = watchTakenBack(deps);

  const headOf = (caseId: string): Concern | undefined => concernIn(memory, caseId);
  const seenOf = (caseId: string): Seen => {
    const known = seen.get(caseId) ?? {
      asked: 0,
      due: 0,
      acknowledged: false,
      rang: false,
      remindAt: 0,
      knows: new Set(),
      lost: new Map(),
      timedFor: undefined,
      timedAt: 0,
    };
    seen.set(caseId, known);
    return known;
  };

  const mayKnow = (concern: Concern): ReadonlySet<string> =>
    knowers(concern, written, cases.termsAround(time.ms));

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
    const due = Date.parse(asked.at) + (concern.urgent ? urgent : plain);
    // Asked anew for danger, the next do not come later for it.
    const until = asked.because === 'danger' && !state.acknowledged ? Math.min(due, state.due) : due;
    if (Date.parse(asked.due) !== until) wrong(`they have until ${asked.due}`);
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
    if (asked.because === 'danger' || asked.because === 'turned') met(`concern asked, ${asked.because}`);
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
        if (!written.has(numberOfFacts(concern.told.facts)))
          broken('concern-once', 'it is none that was sent', caseId);
        break;
      case 'concern.asked':
        checkAsked(caseId, event, concern, writes);
        if (state.acknowledged && concern.acknowledged)
          broken('concern-ends', 'somebody is asked after it was acknowledged', caseId);
        state.acknowledged = false;
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
      case 'concern.about':
        met('concern is said whom it is about');
        if (state.acknowledged && !concern.acknowledged) met('concern of somebody who may not know');
        if (!concern.acknowledged) state.acknowledged = false;
        break;
      case 'concern.outside': {
        const left = [...mayKnow(concern)].filter((person) => person !== concern.raisedBy.person);
        if (left.length > 0 || concern.asked.some((one) => one.state === 'waiting'))
          broken('concern-asks', `nobody is asked, and ${left.join(', ')} may be`, caseId);
        state.remindAt = Date.parse(concern.outside?.since ?? '') + remind(concern);
        break;
      }
      case 'concern.outside-reminded': {
        if (time.ms < state.remindAt || !tells(writes, 'concern.outside', concern.raisedBy.person))
          broken('concern-told', 'whoever raised it is told of the outside contact wrongly', caseId);
        state.remindAt = Date.parse(event.happenedAt) + remind(concern);
        break;
      }
      case 'concern.ring': {
        const told = tells(writes, 'concern.ring', concern.raisedBy.person);
        if (state.rang || !told || concern.opened || time.ms < Date.parse(concern.raisedAt) + RING_MS)
          broken('concern-told', 'whoever raised it is told to ring wrongly, twice or not at all', caseId);
        state.rang = true;
        break;
      }
    }
    // Whoever says that it is about themselves may not know of it from then on.
    if (by !== undefined && !(event.type === 'concern.about' ? state.knows : mayKnow(concern)).has(by))
      broken('concern-hidden', `${by} did ${event.type}`, caseId);
  }

  /** Each notice of a concern goes to somebody who may know of it, in person; a pager learns a number. */
  function checkNotice(caseId: string, { notice }: NoticeDoc, concern: Concern): void {
    const { route, form } = notice;
    if (route.to === 'pager') return;
    const person = route.to === 'person' ? route.person : undefined;
    // What is for somebody who knew of it is taken back when it goes, or does not go.
    const knew = person !== undefined && seenOf(caseId).lost.has(person);
    if (person === undefined || !(mayKnow(concern).has(person) || knew))
      broken('concern-hidden', `${form} for ${JSON.stringify(route)}`, caseId);
  }

  /** Whoever reads this may know of each concern that it names. */
  function checkRead(text: string, person: string | undefined, where: string, stoodUntil = 0): void {
    const slack = askedWithin(time, weather);
    for (const [, id] of text.matchAll(/Concern ([0-9A-Z]{3}-[0-9A-Z]{3})/g)) {
      const caseId = `concern:${id}`;
      const concern = headOf(caseId);
      met('read of a concern');
      if (!concern || (person !== undefined && mayKnow(concern).has(person))) continue;
      // What was on its way when they were found to be whom it is about.
      const lost = seenOf(caseId).lost.get(person ?? '');
      if (lost !== undefined && time.ms - Math.max(lost, stoodUntil) <= slack) met('concern read as it was');
      else broken('concern-hidden', `${where} names it`, caseId);
    }
  }

  /** Keeps who may know of it now, and who may not any more. */
  function keep(caseId: string, concern: Concern): void {
    const state = seenOf(caseId);
    const knows = mayKnow(concern);
    for (const person of state.knows) if (!knows.has(person)) state.lost.set(person, time.ms);
    for (const person of knows) state.lost.delete(person);
    state.knows = knows;
  }

  return {
    committed(key, writes) {
      const { caseId } = key;
      if (!isConcern(caseId)) return;
      const concern = headOf(caseId);
      if (!concern) return;
      for (const write of writes) {
        if (write.do === 'create' && write.doc.kind === 'event')
          checkEvent(caseId, write.doc as EventDoc, concern, writes);
      }
      keep(caseId, concern);
      for (const write of writes) {
        if (write.do === 'remove') continue;
        if (write.doc.kind === 'notice') checkNotice(caseId, write.doc as NoticeDoc, concern);
      }
      checkTimer(key, concern);
    },

    calling({ reach, message, life }) {
      const owner = ownerOf(reach.conversationId);
      const person = owner && 'person' in owner ? owner.person : undefined;
      checkRead(JSON.stringify(message), person, `a message to ${reach.conversationId}`, life.pausedUntil);
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

    landed: takenBack.landed,

    settled(reached) {
      const numbers = new Map<number, number>();
      for (const { caseId } of memory.keys()) {
        const concern = isConcern(caseId) ? headOf(caseId) : undefined;
        if (!concern) continue;
        const n = numberOfFacts(concern.told.facts);
        numbers.set(n, (numbers.get(n) ?? 0) + 1);
        const knows = mayKnow(concern);
        const out = [...seenOf(caseId).lost.keys()].filter((person) => !knows.has(person) && reached(person));
        takenBack.settled(caseId, out);
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
/** Does one of these notices tell them this? */
const tells = (writes: readonly Write[], line: string, person: string): boolean =>
  writes.some((write) => {
    if (write.do === 'remove' || write.doc.kind !== 'notice') return false;
    const { form, route, ...notice } = (write.doc as NoticeDoc).notice;
    const here = route.to === 'person' && route.person === person;
    return form === 'tell' && here && 'line' in notice && notice.line === line;
  });
const remind = ({ urgent }: Concern): number => (urgent ? REMIND.urgent : REMIND.otherwise);
