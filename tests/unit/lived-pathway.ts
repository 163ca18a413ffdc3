import type { Agreement } from '../../src/agreement/agreement.ts';
import { applyAgreement } from '../../src/agreement/apply.ts';
import { createAgreements } from '../../src/agreement/current.ts';
import type { Doc, TimerDoc } from '../../src/core/change.ts';
import { type Instant, plusMs } from '../../src/core/clock.ts';
import { Invalid, Refused } from '../../src/core/errors.ts';
import { createEscalations, type Escalations } from '../../src/escalations/commands.ts';
import { timesOf } from '../../src/handovers/clocks.ts';
import { createHandovers, type Handovers } from '../../src/handovers/commands.ts';
import { handoverOnLadder } from '../../src/handovers/face.ts';
import type { Facts } from '../../src/handovers/facts.ts';
import { type Content, handoverIdOf, handoverSubject } from '../../src/handovers/handover.ts';
import { answer, complete } from '../../src/handovers/information.ts';
import { accept, ask, reject, undo, withdraw } from '../../src/handovers/rules.ts';
import { CASE_HEAD, type CaseDoc, lookFor, workedTimer } from '../../src/register/case.ts';
import { createRota } from '../../src/rota/commands.ts';
import { putOn } from '../../src/rota/rules.ts';
import { createClaims } from '../../src/store/claim.ts';
import type { Listed, Store } from '../../src/store/store.ts';
import { createTurns } from '../../src/store/turn.ts';
import { actor, complete as content } from '../support/pathway.ts';

/** What somebody does, by name. */
export const DEEDS = [
  'accept',
  'undo',
  'no-capacity',
  'unsafe',
  'duplicate',
  'ask',
  'answer',
  'withdraw',
  'complete',
  'resolve',
] as const;
export type Deed = (typeof DEEDS)[number];

/** A pathway whose people act and whose timers fire at their very moment, over a real store; everybody is reached. */
export async function livePathway(store: Store, terms: Agreement, start: Instant) {
  const pathwayId = terms.pathway;
  let now = start;
  const clock = { now: () => now, sleep: async () => undefined };
  const run = createTurns(store, clock, () => 0.5);
  await applyAgreement({ store, run }, terms, { system: 'operator' }, { yes: true });
  const agreements = createAgreements(store, clock);
  const reached = async () => true;
  const kick = () => undefined;
  const rota = createRota({
    store,
    run,
    agreements,
    reached,
    kick,
    moved: (pathway) => escalations.moved(pathway),
  });
  let drawn = 0;
  const random = (): number => {
    drawn += 1;
    return (drawn * 0.6180339887) % 1;
  };
  const handovers: Handovers = createHandovers({
    run,
    claims: createClaims(store, run, { secret: () => '0'.repeat(64) }),
    agreements,
    kick,
    random,
    follow: (...args) => escalations.follow(...args),
  });
  const escalations: Escalations = createEscalations({
    store,
    run,
    agreements,
    rota: { read: rota.read, reached },
    subjects: { handover: handoverOnLadder(handovers) },
    kick,
  });

  async function fire({ subject, fires }: TimerDoc, caseId: string): Promise<void> {
    if (fires === 'handover.overdue') {
      await handovers.overdue({ pathwayId, caseId, handoverId: handoverIdOf(subject) }, never);
    } else if (fires === 'escalation.step') {
      await escalations.step({ pathwayId, caseId, subject: subject.slice('escalation:'.length) }, never);
    } else if (fires === 'rota.changed') await rota.changed(pathwayId);
    else if (fires === 'rota.watch') await rota.watch(pathwayId);
    else if (fires === 'duplicates.look') {
      await run<CaseDoc, void>({ pathwayId, caseId }, CASE_HEAD, ({ head }) => ({
        ...(head && { change: { documents: [head], timers: [lookFor('case', null)] } }),
        answer: undefined,
      }));
    } else if (fires === 'concerns.accepted') {
      // There is none about it.
      await run<CaseDoc, void>({ pathwayId, caseId }, CASE_HEAD, ({ head }) => ({
        ...(head && { change: { documents: [head], timers: [workedTimer(null)] } }),
        answer: undefined,
      }));
    } else throw new Error(`nobody fires ${fires}`);
  }

  /** Timers, among notices that nobody sends here. */
  async function everythingDue(): Promise<Listed[]> {
    const due: Listed[] = [];
    for (;;) {
      const page = await store.page<Doc>(pathwayId, 'due', { after: due.at(-1)?.place ?? '', limit: 1_000 });
      due.push(...page);
      if (page.length < 1_000) return due;
    }
  }

  /** Time passes until `to`; what is due by then happens, each at its moment. */
  async function until(to: Instant): Promise<void> {
    for (;;) {
      const next = (await everythingDue())
        .flatMap(({ doc, key }) => (doc.kind === 'timer' ? [{ timer: doc as TimerDoc, key }] : []))
        .sort((a, b) => (a.timer.due < b.timer.due ? -1 : 1))[0];
      if (!next || next.timer.due > to) break;
      if (next.timer.due > now) now = next.timer.due;
      await fire(next.timer, next.key.caseId);
    }
    if (to > now) now = to;
  }

  const MATRON = { kind: 'person', person: 'matron', name: 'Matron' } as const;
  return {
    until,
    /** A little more, so that nobody does anything at the very moment of a timer. */
    minutes: (more: number): Promise<void> => until(plusMs(now, more * 60_000 + 7_000)),
    now: () => now,

    /** Puts somebody on duty from now; undefined hours: until they say so. */
    async onDuty(person: string, provider: string, role: string, hours?: number): Promise<void> {
      const entry = {
        person,
        provider,
        role,
        from: now,
        ...(hours && { to: plusMs(now, hours * 3_600_000) }),
      };
      const by = { ...MATRON, positions: [{ provider, role: 'coordinator' }] };
      await rota.enter(pathwayId, by, (facts) => putOn({ ...facts, actor: by }, entry));
      await until(now);
    },

    async offer(key: string, given: Content = content, caseId?: string) {
      const offer = { from: 'prime', to: 'hospice', content: given, ...(caseId !== undefined && { caseId }) };
      return handovers.offer(actor('cora'), pathwayId, offer, { idempotencyKey: key, bodyHash: key });
    },

    /** Does it, if it can be done as things stand; tells whether it was. */
    async does(deed: Deed, at: { readonly caseId: string; readonly handoverId: string }): Promise<boolean> {
      const subject = { pathwayId, ...at };
      const press = (facts: Facts) => ({ revision: facts.handover.revision });
      const by = (key: string, decide: Parameters<Handovers['press']>[2]): Promise<boolean> =>
        handovers.press(subject, actor(key), decide).then(({ verdict }) => verdict === 'change');
      try {
        switch (deed) {
          case 'accept':
            return await by('nina', (facts) => accept(facts, { ...press(facts), gap: 'known' }));
          case 'undo':
            return await by('nina', (facts) => undo(facts, press(facts)));
          case 'ask':
            return await by('noah', (facts) => ask(facts, { ...press(facts), question: 'Which floor?' }));
          case 'answer':
            return await by('cora', (facts) => answer(facts, { ...press(facts), answer: 'The second.' }));
          case 'withdraw':
            return await by('cora', (facts) => withdraw(facts, press(facts)));
          case 'complete':
            return await by('cora', (facts) => {
              const [urgency] = facts.today.urgencies;
              if (!urgency) throw new Error('the test pathway has urgencies');
              const { answerBy } = timesOf(facts.today, urgency, facts.handover.to, content, facts.now);
              return complete(facts, { ...press(facts), content, urgency: urgency.id, answerBy });
            });
          case 'resolve': {
            const which = { pathwayId, caseId: at.caseId, subject: handoverSubject(at.handoverId) };
            const n = (await escalations.present(which))?.raisings.at(-1)?.n;
            if (n === undefined) return false;
            const lead = actor('lena');
            return (await escalations.resolve(which, n, lead, 'We visit ourselves.')).verdict === 'change';
          }
          default:
            return await by('noah', (facts) =>
              reject(facts, { ...press(facts), reason: deed, next: 'Ask the charity.' }),
            );
        }
      } catch (error) {
        if (error instanceof Refused || error instanceof Invalid) return false;
        throw error;
      }
    },
  };
}

const never = (): boolean => false;
