import type { AgreementDoc } from '../../../src/agreement/agreement.ts';
import type { Doc, EventDoc, NoticeDoc, TimerDoc } from '../../../src/core/change.ts';
import { type Instant, plusMs } from '../../../src/core/clock.ts';
import type { Message } from '../../../src/core/messenger.ts';
import type { Handover } from '../../../src/handovers/handover.ts';
import type { LeaseDoc } from '../../../src/jobs/lease.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { FIRST_TERMS } from '../../../src/simulation/pathway.ts';
import type { Planted } from '../../../src/simulation/run.ts';
import type { ClaimDoc } from '../../../src/store/claim.ts';
import type { Write } from '../../../src/store/store.ts';
import {
  type Commit,
  commits,
  due,
  type Fault,
  hasEvent,
  messenger,
  reading,
  without,
  writing,
} from './planting.ts';

const unmarked = (message: Message): Message => {
  const words = (text: string): string => text.replace('You may have had this already. ', '');
  return message.kind === 'text'
    ? { ...message, text: words(message.text) }
    : { ...message, view: { ...message.view, summary: words(message.view.summary) } };
};

/** Acceptances that leave the offer as it was. */
const notKept: Commit = async (key, writes, store) => {
  if (!hasEvent(writes, 'handover.accepted')) return writes;
  const changed: Write[] = [];
  for (const write of writes) {
    if (write.do === 'remove') {
      if (!write.id.startsWith('timer:')) changed.push(write);
      continue;
    }
    const before = (await store.get(key, write.doc.id))?.doc;
    if (write.doc.kind === 'handover' && before) {
      const { revision, last } = write.doc as Handover;
      changed.push({ ...write, doc: { ...before, revision, last } as Doc });
    } else if (write.doc.kind === 'case' && before) {
      changed.push({ ...write, doc: { ...before, audit: (write.doc as CaseDoc).audit } as Doc });
    } else changed.push(write);
  }
  return changed;
};

const showsHandover = ({ notice }: Partial<NoticeDoc>): boolean =>
  notice?.form === 'show' && notice.subject.startsWith('handover:');

const laggard = (): Planted => {
  const before = new Map<string, Message>();
  return messenger((real) => ({
    edit(reach, activityId, message) {
      if (message.kind === 'card' && message.view.card === 'escalations/prompt') {
        return real.edit(reach, activityId, message);
      }
      const older = before.get(activityId) ?? message;
      before.set(activityId, message);
      return real.edit(reach, activityId, older);
    },
  }));
};

/** The time to answer reads ten minutes earlier than it is, and the ticker looks as far ahead. */
function hasty(): Planted {
  const AHEAD_MS = 600_000;
  const truly = new Map<string, Instant>();
  const ahead = due((listed) => listed, AHEAD_MS);
  const written = commits((key, writes) =>
    writes.map((write) => {
      if (write.do === 'remove' || write.doc.kind !== 'handover') return write;
      const name = `${key.caseId}|${write.doc.id}`;
      const { answerBy } = write.doc as Handover;
      const known = truly.get(name);
      const same = known !== undefined && plusMs(known, -AHEAD_MS) === answerBy;
      if (!same) truly.set(name, answerBy);
      return same ? { ...write, doc: { ...write.doc, answerBy: known } as Doc } : write;
    }),
  );
  const read = reading((_, __, found) =>
    found.doc.kind === 'handover'
      ? {
          ...found,
          doc: { ...found.doc, answerBy: plusMs((found.doc as Handover).answerBy, -AHEAD_MS) } as Doc,
        }
      : found,
  );
  return {
    store: (store, now) =>
      [ahead, written, read].reduce((inner, planted) => planted.store?.(inner, now) ?? inner, store),
  };
}

/** Everybody reads as a member of staff who ever was one; what is kept is as it was. */
function staying(): Planted {
  const read = reading((_, id, found) => {
    if (id !== 'agreement') return found;
    const doc = found.doc as AgreementDoc;
    const terms = { ...doc.terms, people: FIRST_TERMS.people };
    return { ...found, doc: { ...doc, terms } as Doc };
  });
  const written = commits(async (key, writes, store) => {
    const stands = (await store.get<AgreementDoc>(key, 'agreement'))?.doc;
    return writes.map((write) => {
      if (write.do === 'remove' || write.doc.id !== 'agreement' || !stands) return write;
      const doc = write.doc as AgreementDoc;
      // A new version says itself who is there.
      const { people } = doc.version === stands.version ? stands.terms : doc.terms;
      return { ...write, doc: { ...doc, terms: { ...doc.terms, people } } as Doc };
    });
  });
  return {
    store: (store, now) =>
      [written, read].reduce((inner, planted) => planted.store?.(inner, now) ?? inner, store),
  };
}

/** A claim of a request, and not of a line on a partner's list. */
const claimsRequest = (write: Write): boolean =>
  write.do !== 'remove' && write.doc.kind === 'claim' && (write.doc as ClaimDoc).bodyHash !== 'alias';

export const FAULTS: readonly Fault[] = [
  {
    what: 'an acceptance that does not move the case',
    breaks: 'held',
    planted: writing<CaseDoc>('case', (doc) => ({
      ...doc,
      holder: {
        provider: doc.handovers[0]?.from === 'hospital' ? 'prime' : (doc.handovers[0]?.from ?? ''),
        role: 'any',
      },
    })),
  },
  {
    what: 'an offer without its timer',
    breaks: 'timer',
    planted: commits((_, writes) =>
      writes.filter((write) => write.do === 'remove' || write.doc.kind !== 'timer'),
    ),
  },
  {
    what: 'an undone acceptance that forgets that nobody answered in time',
    breaks: 'overdue-once',
    planted: reading((_, __, found) => {
      const { kind } = found.doc;
      if (kind !== 'handover' || (found.doc as Handover).state !== 'accepted') return found;
      return { ...found, doc: without(found.doc as Handover, 'overdueAt') };
    }),
  },
  {
    what: 'a ticker that looks ahead of its time',
    breaks: 'overdue-early',
    planted: hasty(),
  },
  {
    what: 'a ticker that leaves the timers of offers lying',
    breaks: 'overdue-late',
    planted: due((listed, now) =>
      listed.filter(
        ({ doc }) =>
          (doc as TimerDoc).fires !== 'handover.overdue' || (doc as TimerDoc).due < plusMs(now, -3_600_000),
      ),
    ),
  },
  {
    what: 'lines to people that are put off for ever',
    breaks: 'notice-ends',
    days: 1,
    planted: messenger((real) => ({
      post: async (reach, message, thread) =>
        reach.scope === 'personal' && message.kind === 'text'
          ? { kind: 'throttled', retryAfterMs: 600_000 }
          : real.post(reach, message, thread),
    })),
  },
  {
    what: 'a repeat that does not say that it is one',
    breaks: 'told-once',
    planted: messenger((real) => ({
      post: (reach, message, thread) => real.post(reach, unmarked(message), thread),
    })),
  },
  {
    what: 'a post that begins without its mark in the lease',
    breaks: 'told-once',
    planted: writing<LeaseDoc>('lease', (doc) => ({ ...doc, sending: [] }) as Doc),
  },
  {
    what: 'a decision after which no card is shown again',
    breaks: 'copies',
    planted: commits((_, writes) =>
      hasEvent(writes, 'handover.rejected')
        ? writes.filter((write) => write.do === 'remove' || !showsHandover(write.doc as NoticeDoc))
        : writes,
    ),
  },
  {
    what: 'a notice sent without a last look at what it is about',
    breaks: 'in-time',
    planted: laggard(),
  },
  {
    what: 'people who stay in the agreement although they left',
    from: 3,
    breaks: 'entitled',
    planted: staying(),
  },
  {
    what: 'a card that names the person',
    breaks: 'entitled',
    planted: messenger((real) => ({
      post: (reach, message, thread) =>
        real.post(
          reach,
          message.kind === 'text' ? { kind: 'text', text: `${message.text} CANARY` } : message,
          thread,
        ),
    })),
  },
  { what: 'an acceptance that is not kept', breaks: 'one-acceptance', planted: commits(notKept) },
  {
    what: 'a decision that does not raise the revision',
    breaks: 'one-effect',
    planted: commits((_, writes) =>
      hasEvent(writes, 'handover.information-requested')
        ? writes.map((write) =>
            write.do !== 'remove' && write.doc.kind === 'handover'
              ? { ...write, doc: { ...write.doc, revision: (write.doc as Handover).revision - 1 } as Doc }
              : write,
          )
        : writes,
    ),
  },
  {
    what: 'a gap that is accepted without its reason',
    breaks: 'dataset',
    planted: writing<Handover>('handover', (doc) => (doc.state === 'accepted' ? without(doc, 'gap') : doc)),
  },
  {
    what: 'a request that is forgotten',
    breaks: 'taken-once',
    planted: commits((_, writes) => (writes.some(claimsRequest) ? [] : writes)),
  },
  {
    what: 'an event that is not what was hashed',
    breaks: 'chain',
    planted: writing<EventDoc>('event', (doc) =>
      doc.type === 'handover.viewed' ? ({ ...doc, data: { ...doc.data, more: 1 } } as Doc) : doc,
    ),
  },
  {
    what: 'an anchor of something else',
    breaks: 'anchors',
    days: 2,
    planted: writing('anchor', (doc) => ({ ...doc, hash: 'another' }) as Doc),
  },
  {
    what: 'a lease that is taken while another holds it',
    breaks: 'lease',
    planted: reading((key, _, found) =>
      key.caseId === '_lease'
        ? { ...found, doc: { ...found.doc, until: '2000-01-01T00:00:00.000Z' } as Doc }
        : found,
    ),
  },
  {
    what: 'an offer that is not on its receiver’s list',
    breaks: 'parts',
    planted: writing<Handover>('handover', (doc) => ({
      ...doc,
      lists: Object.fromEntries(
        Object.entries(doc.lists ?? {}).filter(([list]) => list !== `handovers.open@${doc.to}`),
      ),
    })),
  },
  {
    what: 'a mistake in the answer to a click',
    breaks: 'answers',
    planted: reading((_, id, found) => {
      if (id === 'draft') throw new TypeError('planted');
      return found;
    }),
  },
];
