import { createHash } from 'node:crypto';
import type { Agreement, AgreementDoc } from '../../../src/agreement/agreement.ts';
import type { Doc, EventDoc, NoticeDoc, TimerDoc } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import type { Message } from '../../../src/core/messenger.ts';
import { type Escalation, nextAt } from '../../../src/escalations/escalation.ts';
import { PATHWAY } from '../../../src/simulation/pathway.ts';
import type { Planted } from '../../../src/simulation/run.ts';
import { TENANT } from '../../../src/simulation/worker.ts';
import type { Stored, Write } from '../../../src/store/store.ts';
import { duePlace } from '../../../src/store/turn.ts';
import { commits, due, type Fault, hasEvent, messenger, reading, relinked, without } from './planting.ts';

/** A prompt, and its event, that keep to themselves that they are late. */
function withoutLate(write: Write): Write {
  if (write.do === 'remove') return write;
  const { doc } = write;
  if (doc.kind === 'escalation') {
    const { raisings, ...rest } = doc as Escalation;
    return {
      ...write,
      doc: { ...rest, raisings: raisings.map((one) => without(one, 'late')) } as Escalation,
    };
  }
  const { type, data } = doc as EventDoc;
  if (type !== 'escalation.raised') return write;
  const { late: _, ...kept } = data;
  return { ...write, doc: { ...doc, data: kept } as EventDoc };
}

const ofEscalation = (write: Write): boolean =>
  write.do === 'remove' ? write.id.startsWith('timer:escalation:') : write.doc.kind === 'escalation';
const timesEscalation = (write: Write): boolean =>
  (write.do === 'remove' ? write.id : write.doc.id).startsWith('timer:escalation:');

/** What leaves out of commits with an event whatever fits. */
const dropping = (event: string, drop: (write: Write) => boolean): Planted =>
  commits((_, writes) => (hasEvent(writes, event) ? writes.filter((write) => !drop(write)) : writes));

/** The agreement as it is read to decide by. */
const agreeing = (change: (terms: Agreement) => Agreement, from = ''): Planted =>
  reading((_, id, found, now) => {
    if (id !== 'agreement' || now.slice(11) < from) return found;
    const doc = found.doc as AgreementDoc;
    return { ...found, doc: { ...doc, terms: change(doc.terms) } as Doc };
  });

/** "I'm on it" for half a day, with the timer that follows from it. */
const lasting = commits((key, writes) => {
  const asked = writes.flatMap((write) =>
    write.do !== 'remove' && write.doc.kind === 'escalation' ? [write.doc as Escalation] : [],
  );
  const [escalation] = asked;
  if (!escalation || escalation.state === 'ended' || !hasEvent(writes, 'escalation.acknowledged'))
    return writes;
  const raisings = escalation.raisings.map((one) =>
    one.state === 'acknowledged' && one.acknowledged
      ? { ...one, acknowledged: { ...one.acknowledged, until: plusMs(one.acknowledged.at, 43_200_000) } }
      : one,
  );
  const next = nextAt({ raisings });
  return writes.map((write) => {
    if (write.do === 'remove') return write;
    if (write.doc.kind === 'escalation') return { ...write, doc: { ...write.doc, raisings } as Doc };
    if (!timesEscalation(write) || next === undefined) return write;
    const lists = { due: duePlace(next, key.caseId, write.doc.id) };
    return { ...write, doc: { ...write.doc, due: next, lists } as Doc };
  });
});

/** Somebody counts as reached who never opened Baton. */
const reachedAnyway = (person: string): Planted => {
  const hash = createHash('sha256')
    .update(JSON.stringify([TENANT, `object-${person}`]))
    .digest('hex');
  const id = `account:${hash.slice(0, 32)}`;
  const reach = {
    serviceUrl: 'https://teams.example/',
    conversationId: `chat-${person}`,
    tenant: TENANT,
    scope: 'personal',
    seenAt: '2026-01-01T00:00:00.000Z',
  };
  return {
    store: (store) => ({
      ...store,
      async get<T extends Doc>(key: Parameters<typeof store.get>[0], asked: string) {
        const found = await store.get<T>(key, asked);
        if (found || asked !== id) return found;
        return { doc: { id, kind: 'reach', schema: 1, reach } as Doc, etag: 'none' } as Stored<T>;
      },
    }),
  };
};

/** Prompts that are changed to what they showed before. */
const behind = (): Planted => {
  const shown = new Map<string, Message>();
  return messenger((real) => ({
    async post(reach, message, thread) {
      const outcome = await real.post(reach, message, thread);
      if (outcome.kind === 'sent') shown.set(outcome.activityId, message);
      return outcome;
    },
    edit(reach, activityId, message) {
      const prompt = message.kind === 'card' && message.view.card === 'escalations/prompt';
      return real.edit(reach, activityId, (prompt ? shown.get(activityId) : undefined) ?? message);
    },
  }));
};

/** Faults of what climbs the ladder. */
export const LADDER_FAULTS: readonly Fault[] = [
  {
    what: 'an offer that is overdue and begins nothing',
    breaks: 'climbs',
    planted: dropping('handover.overdue', (write) => ofEscalation(write) || timesEscalation(write)),
  },
  {
    what: 'an acceptance that ends its escalation in a commit of its own',
    breaks: 'answer-ends',
    planted: dropping('handover.accepted', (write) => ofEscalation(write) || timesEscalation(write)),
  },
  {
    what: 'a prompt that is raised without its timer',
    breaks: 'ladder-timer',
    planted: dropping('escalation.raised', timesEscalation),
  },
  {
    what: 'a timer that fires outside its commit',
    breaks: 'rung-once',
    planted: commits((_, writes) =>
      hasEvent(writes, 'escalation.raised') && !hasEvent(writes, 'escalation.began')
        ? writes.filter((write) => !ofEscalation(write) && !timesEscalation(write))
        : writes,
    ),
  },
  {
    what: 'a rung that gives less time than was agreed',
    breaks: 'rung-early',
    planted: agreeing((terms) => ({
      ...terms,
      ladder: {
        ...terms.ladder,
        rungs: terms.ladder.rungs.map((rung) => ({
          ...rung,
          answer: rung.answer.clock === 'elapsed' ? { ...rung.answer, within: '10m' } : rung.answer,
        })),
      },
    })),
  },
  {
    what: 'a ticker that leaves the timers of escalations lying',
    breaks: 'rung-late',
    planted: due((listed, now) =>
      listed.filter(
        ({ doc }) =>
          (doc as TimerDoc).fires !== 'escalation.step' || (doc as TimerDoc).due < plusMs(now, -3_600_000),
      ),
    ),
  },
  {
    what: 'late prompts that do not say so',
    breaks: 'rung-late',
    planted: commits((key, writes) => relinked(key, writes.map(withoutLate))),
  },
  {
    what: 'somebody who is asked and has no prompt',
    breaks: 'prompted',
    planted: dropping('escalation.raised', (write) => {
      const notice =
        write.do !== 'remove' && write.doc.kind === 'notice' ? (write.doc as NoticeDoc).notice : undefined;
      return notice?.form === 'show' && /^prompt:.+#2$/.test(notice.subject);
    }),
  },
  {
    what: 'a holder who is not told that nobody has taken it',
    breaks: 'prompted',
    planted: dropping('escalation.raised', (write) => {
      const notice =
        write.do !== 'remove' && write.doc.kind === 'notice' ? (write.doc as NoticeDoc).notice : undefined;
      return notice?.form === 'tell' && notice.refs?.to === 'holder';
    }),
  },
  { what: 'a prompt that goes on asking after it was answered', breaks: 'hushed', planted: behind() },
  {
    what: 'an escalation that changes to the ladder of a new agreement',
    breaks: 'ladder-kept',
    planted: commits(async (_, writes, store) => {
      const found = await store.get<AgreementDoc>({ pathwayId: PATHWAY, caseId: '_agreement' }, 'agreement');
      const agreementVersion = found?.doc.version;
      return writes.map((write) =>
        write.do !== 'remove' &&
        write.doc.kind === 'escalation' &&
        (write.doc as Escalation).raisings.length > 1
          ? { ...write, doc: { ...write.doc, agreementVersion } as Doc }
          : write,
      );
    }),
  },
  { what: '“I’m on it” for half a day', breaks: 'on-it', planted: lasting },
  { what: 'somebody on duty whom nobody has reached', breaks: 'asked', planted: reachedAnyway('jo') },
  {
    what: 'people on duty who are passed over',
    breaks: 'skipped',
    // After the night in which the rota is imported.
    planted: agreeing(
      (terms) => ({
        ...terms,
        people: terms.people.map((person) => ({
          ...person,
          positions: person.positions.filter(({ provider }) => provider !== 'charity'),
        })),
      }),
      '06:00',
    ),
  },
  {
    what: 'a contractual rung that is climbed to instead of running beside',
    breaks: 'beside',
    planted: agreeing((terms) => ({
      ...terms,
      ladder: { ...terms.ladder, rungs: terms.ladder.rungs.map(({ beside: _, ...rung }) => rung) },
    })),
  },
];
