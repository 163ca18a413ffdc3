import type { Agreement, AgreementDoc } from '../agreement/agreement.ts';
import { eventHash } from '../core/audit.ts';
import type { AuditHead, EventDoc, Head, Key, TimerDoc } from '../core/change.ts';
import { type Content, type Handover, handoverDocId } from '../handovers/handover.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Write } from '../store/store.ts';
import type { Break } from './invariants.ts';
import { isTooLate, LATE_MS } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface CaseWatch {
  /** Looks at what a commit touched. */
  committed(key: Key, writes: readonly Write[]): void;
  /** Looks at every case. */
  all(): void;
  /** The agreement as it was at a time, and for a while before. */
  termsAround(ms: number): readonly Agreement[];
  /** The terms of one version; undefined if there never was one. */
  version(version: number): Agreement | undefined;
  /** When a handover stopped being open, or changed as its card shows it, last; milliseconds since 1970. */
  changedAt(caseId: string, handoverId: string): number;
}

interface Seen {
  /** How often it was decided. */
  decisions: number;
  accepted: boolean;
  /** From which revisions a decision was made. */
  readonly from: Set<number>;
  /** For which times to answer it was raised that nobody did. */
  readonly raised: Set<string>;
  changedAt: number;
  /** Since when its timer stands: an undo may bring one back that is due already. */
  timedAt: number;
  timedFor: string | undefined;
  revision: number;
  open: boolean;
}

export interface CaseWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

const DECISIONS: ReadonlySet<string> = new Set([
  'handover.accepted',
  'handover.undone',
  'handover.rejected',
  'handover.withdrawn',
  'handover.information-requested',
  'handover.information-given',
  'handover.information-added',
]);

const isOpen = ({ state }: Handover): boolean => state === 'offered' || state === 'information-requested';
/** When something of it is due by itself: its answer, or somebody else after a rejection. */
function dueOf(handover: Handover): string | undefined {
  if (handover.state === 'rejected' || handover.state === 'withdrawn') return handover.reofferBy;
  return isOpen(handover) && handover.overdueAt === undefined ? handover.answerBy : undefined;
}
const handoverOf = ({ data }: EventDoc): string => String(data.handover ?? '');

/** Holds every commit to a case against what must be true of it. */
export function watchCases({ time, memory, weather, broken, met }: CaseWatchDeps): CaseWatch {
  const heads = new Map<string, AuditHead>();
  const seen = new Map<string, Seen>();
  const claims = new Map<string, string>();
  const agreements: { readonly from: number; readonly version: number; readonly terms: Agreement }[] = [];

  const seenOf = (caseId: string, handoverId: string): Seen => {
    const name = `${caseId}|${handoverId}`;
    const known = seen.get(name) ?? {
      decisions: 0,
      accepted: false,
      from: new Set(),
      raised: new Set(),
      changedAt: 0,
      timedAt: 0,
      timedFor: undefined,
      revision: 0,
      open: true,
    };
    seen.set(name, known);
    return known;
  };

  function checkChain(key: Key, writes: readonly Write[], events: readonly EventDoc[]): void {
    const name = `${key.pathwayId}|${key.caseId}`;
    let last = heads.get(name) ?? { seq: 0, hash: '' };
    for (const event of events) {
      if (event.seq !== last.seq + 1 || event.prev !== last.hash || event.hash !== eventHash(key, event)) {
        broken(
          'chain',
          `event ${event.seq} (${event.type}) does not follow from event ${last.seq}`,
          key.caseId,
        );
      }
      last = { seq: event.seq, hash: event.hash };
    }
    heads.set(name, last);
    for (const write of writes) {
      const id = write.do === 'remove' ? write.id : write.doc.id;
      if (id.startsWith('event:') && write.do !== 'create')
        broken('chain', `${id} was written over`, key.caseId);
      if (write.do !== 'remove' && 'audit' in write.doc) {
        const { audit } = write.doc as Head;
        if (audit.seq !== last.seq || audit.hash !== last.hash) {
          broken(
            'chain',
            `the case says that its chain ends at ${audit.seq}; it ends at ${last.seq}`,
            key.caseId,
          );
        }
      }
    }
  }

  /** Each event was hashed when it came, and what is kept is frozen: only what is gone remains to be seen. */
  function checkEnd(key: Key, { audit }: CaseDoc, docs: ReturnType<MemoryStore['inside']>): void {
    let events = 0;
    for (const id of docs.keys()) if (id.startsWith('event:')) events++;
    const last = heads.get(`${key.pathwayId}|${key.caseId}`);
    if (events !== audit.seq || last?.hash !== audit.hash) {
      broken('chain', `${events} events stand in a chain of ${audit.seq}`, key.caseId);
    }
  }

  function checkDecision(caseId: string, event: EventDoc, handover: Handover): void {
    const state = seenOf(caseId, handover.handoverId);
    const completed = event.type === 'handover.offered' && event.data.from === undefined;
    // What was decided elsewhere changes its card all the same.
    if (event.type === 'handover.need-closed') state.decisions++;
    if (!DECISIONS.has(event.type) && !completed) return;
    state.decisions++;
    const from = handover.last?.fromRevision ?? -1;
    if (state.from.has(from)) {
      broken('one-effect', `two decisions were made from revision ${from}`, caseId);
    }
    state.from.add(from);
    if (event.type === 'handover.undone') {
      if (!state.accepted) broken('one-acceptance', 'an acceptance was undone that was not there', caseId);
      state.accepted = false;
      return;
    }
    if (state.accepted) broken('one-acceptance', `it was accepted, and then ${event.type}`, caseId);
    if (event.type !== 'handover.accepted') return;
    state.accepted = true;
    checkDataset(caseId, handover);
  }

  function checkDataset(caseId: string, handover: Handover): void {
    if (handover.state !== 'accepted') return;
    const agreed = agreements.find(({ version }) => version === handover.agreementVersion);
    if (!agreed) {
      broken('dataset', 'it was offered under an agreement that never was', caseId);
      return;
    }
    const missing = agreed.terms.dataset.filter((field) => !given(handover.content, field));
    if (missing.length === 0) return;
    met('accepted with a gap');
    const { gap } = handover;
    const known = agreed.terms.acceptWithGap.some(({ code }) => code === gap?.reason);
    const named = missing.every((field) => gap?.missing.includes(field));
    if (!known || !named) broken('dataset', `it was accepted without ${missing.join(', ')}`, caseId);
  }

  function checkOverdue(caseId: string, handover: Handover): void {
    const { raised } = seenOf(caseId, handover.handoverId);
    const due = Date.parse(handover.answerBy);
    if (raised.has(handover.answerBy))
      broken('overdue-once', 'it was raised twice that nobody answered', caseId);
    raised.add(handover.answerBy);
    if (!isOpen(handover)) broken('overdue-early', `it was raised when it was ${handover.state}`, caseId);
    if (time.ms < due) {
      broken('overdue-early', `it was raised at ${time.now()}, and was due at ${handover.answerBy}`, caseId);
    }
    checkLate(caseId, handover, due);
    met(time.ms - due > LATE_MS ? 'overdue after an outage' : 'overdue in time');
  }

  /** Nobody was found in the time that the sender had for it after a rejection. */
  function checkNeedOpen(caseId: string, handover: Handover, reofferBy: string): void {
    if (time.now() < reofferBy || isOpen(handover) || handover.state === 'accepted') {
      broken('overdue-early', `it was raised at ${time.now()}, and was due at ${reofferBy}`, caseId);
    }
    checkLate(caseId, handover, Date.parse(reofferBy));
  }

  function checkLate(caseId: string, handover: Handover, due: number): void {
    const from = Math.max(due, seenOf(caseId, handover.handoverId).timedAt);
    if (!isTooLate(time, weather, from)) return;
    const said = `due at ${new Date(from).toISOString()}, it is not raised before ${time.now()}`;
    broken('overdue-late', said, caseId);
  }

  function checkHandover(key: Key, handover: Handover): void {
    const { caseId } = key;
    const state = seenOf(caseId, handover.handoverId);
    if (handover.revision !== 1 + state.decisions) {
      broken(
        'one-effect',
        `after ${state.decisions} decisions it is at revision ${handover.revision}`,
        caseId,
      );
    }
    const open = isOpen(handover);
    if (state.revision !== handover.revision || state.open !== open) state.changedAt = time.ms;
    state.revision = handover.revision;
    state.open = open;
    const timer = memory.inside(key).get(`timer:handover:${handover.handoverId}`)?.doc as
      | TimerDoc
      | undefined;
    if (timer?.due !== state.timedFor) {
      // One that an undo brought back, or that begins again, may be due already.
      state.timedFor = timer?.due;
      state.timedAt = timer ? time.ms : 0;
    }
    const due = dueOf(handover);
    if (due === undefined) {
      if (timer) broken('timer', `it is ${handover.state} and has a timer`, caseId);
    } else if (timer?.due !== due || !timer.lists?.due?.startsWith(due)) {
      broken('timer', `${handover.state}, it is due at ${due}, its timer ${timer?.due ?? 'is gone'}`, caseId);
    }
    const lists = handover.lists ?? {};
    for (const name of [
      'handovers.open',
      `handovers.open@${handover.sender}`,
      `handovers.open@${handover.to}`,
    ]) {
      if ((lists[name] !== undefined) !== open) {
        broken(
          'parts',
          `it is ${handover.state}, and ${lists[name] ? '' : 'not '}on the list ${name}`,
          caseId,
        );
      }
    }
  }

  function checkHeld(caseDoc: CaseDoc, docs: ReturnType<MemoryStore['inside']>): void {
    // What a list brought stays with its holder while nobody offers it; the register's watch looks at it.
    if (caseDoc.handovers.length === 0 && caseDoc.listed) return;
    const last = caseDoc.handovers.at(-1);
    const handover = last && (docs.get(handoverDocId(last.id))?.doc as Handover | undefined);
    if (!handover) {
      broken('held', 'it has no handover', caseDoc.caseId);
      return;
    }
    const holder = handover.state === 'accepted' ? handover.to : handover.sender;
    if (caseDoc.holder?.provider !== holder || !caseDoc.holder?.role) {
      broken(
        'held',
        `${handover.state}, it is held by ${caseDoc.holder?.provider} and not by ${holder}`,
        caseDoc.caseId,
      );
    }
    for (const { id, claim } of caseDoc.handovers) {
      const name = `${caseDoc.caseId}|${id}`;
      const known = claims.get(claim) ?? name;
      claims.set(claim, name);
      if (known !== name)
        broken('taken-once', `one request made two handovers, ${known} and ${name}`, caseDoc.caseId);
    }
  }

  return {
    committed(key, writes) {
      const events = writes.flatMap((write) =>
        write.do === 'create' && write.doc.kind === 'event' ? [write.doc as EventDoc] : [],
      );
      for (const { type } of events) met(type);
      if (key.caseId === '_agreement') {
        const doc = memory.inside(key).get('agreement')?.doc as AgreementDoc | undefined;
        if (doc) agreements.push({ from: time.ms, version: doc.version, terms: doc.terms });
      }
      checkChain(key, writes, events);
      const docs = memory.inside(key);
      const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
      if (!caseDoc) return;
      for (const event of events) {
        const handover = docs.get(handoverDocId(handoverOf(event)))?.doc as Handover | undefined;
        if (!handover) continue;
        checkDecision(key.caseId, event, handover);
        if (event.type === 'handover.overdue') checkOverdue(key.caseId, handover);
        if (event.type === 'handover.need-open')
          checkNeedOpen(key.caseId, handover, String(event.data.reofferBy));
      }
      for (const { id } of caseDoc.handovers) {
        const handover = docs.get(handoverDocId(id))?.doc as Handover | undefined;
        if (handover) checkHandover(key, handover);
      }
      checkHeld(caseDoc, docs);
    },

    all() {
      for (const key of memory.keys()) {
        const docs = memory.inside(key);
        const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
        if (!caseDoc) continue;
        checkHeld(caseDoc, docs);
        for (const { id } of caseDoc.handovers) {
          const handover = docs.get(handoverDocId(id))?.doc as Handover | undefined;
          if (!handover) continue;
          checkHandover(key, handover);
          const due = dueOf(handover);
          if (due !== undefined && due < time.now()) checkLate(key.caseId, handover, Date.parse(due));
        }
        checkEnd(key, caseDoc, docs);
      }
    },

    termsAround(ms) {
      const last = agreements.findLastIndex(({ from }) => from <= ms);
      const since = agreements.findLastIndex(({ from }) => from <= ms - AROUND_MS);
      return agreements.slice(Math.max(0, since), last + 1).map(({ terms }) => terms);
    },

    version: (version) => agreements.find((one) => one.version === version)?.terms,

    changedAt: (caseId, handoverId) => seenOf(caseId, handoverId).changedAt,
  };
}

/** Another process reads an agreement again after five seconds; a turn and a slow answer take some more. */
const AROUND_MS = 15_000;

/** Does the content carry the field? Said here in its own words, so that the rule cannot vouch for itself. */
function given(content: Content, field: string): boolean {
  if (field === 'contacts') return content.contacts.some(({ phone }) => (phone ?? '').trim() !== '');
  if (field === 'consent.status') {
    const { status, reason } = content.consent;
    return status === 'given' || (status !== undefined && (reason ?? '').trim() !== '');
  }
  const value = field
    .split('.')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], content);
  return typeof value === 'string' && value.trim() !== '';
}
