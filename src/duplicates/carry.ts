import type { Actor } from '../core/actors.ts';
import type { EventDraft, Key, NoticeDraft, Route } from '../core/change.ts';
import { rule } from '../core/permissions.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { DuplicateDeps } from './commands.ts';
import { keepersOf } from './facts.ts';
import type { Joining, Obstacle } from './joined.ts';
import { carryTimer, listed, lostOf, PAIR_HEAD, type Pair, pairSubject, type Standing } from './pair.ts';
import { showsOver } from './same-person.ts';

const timer: Actor = { kind: 'system', job: 'timer' };

/** How a pair stands once both its cases have it, what is recorded of it, and the line that its providers are told. */
interface Arrived {
  readonly stands: Standing;
  readonly type: string;
  readonly line?: string;
  readonly why?: Obstacle;
}

/** Carries what was decided of a pair to both its cases, each harmless the second time; then the pair says so. */
export function createCarry({ store, run, kick }: DuplicateDeps, joining: Joining) {
  async function arrive(pathwayId: string, { a, b, marked, stands }: Pair): Promise<Arrived | undefined> {
    switch (stands.state) {
      case 'linking':
        // A marked record is not to be found by its other case.
        if (!marked) await joining.link(pathwayId, a, b, true);
        return { stands: { ...stands, state: 'linked' }, type: 'pair.linked' };
      case 'unlinking':
        await joining.link(pathwayId, a, b, false);
        return { stands: { state: 'open' }, type: 'pair.unlinked' };
      case 'merging': {
        const { keep } = stands;
        const why = await joining.merge({ pathwayId, keep, lost: lostOf({ a, b }, keep) });
        if (why !== undefined) {
          return { stands: { state: 'open' }, type: 'pair.not-merged', line: 'pair.not-merged', why };
        }
        return { stands: { ...stands, state: 'merged' }, type: 'pair.merged', line: 'pair.merged' };
      }
      case 'unmerging': {
        const { keep } = stands;
        await joining.unmerge({ pathwayId, keep, lost: lostOf({ a, b }, keep) });
        return { stands: { state: 'open' }, type: 'pair.unmerged', line: 'pair.unmerged' };
      }
      default:
        return undefined;
    }
  }

  /** Who answers for the two cases by now: they may have moved since they were suggested. */
  async function keepersNow(pathwayId: string, { a, b, providers }: Pair): Promise<readonly string[]> {
    const [one, other] = await Promise.all(
      [a, b].map(async (caseId) => (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc),
    );
    return one && other ? keepersOf(one, other) : providers;
  }

  return async function carry(key: Key): Promise<void> {
    if (!rule('duplicates.carry', timer, {}, () => false).allowed) throw new Error('carrying is a timer’s');
    const { pathwayId } = key;
    const found = (await store.get<Pair>(key, PAIR_HEAD))?.doc;
    const arrived = found && (await arrive(pathwayId, found));
    const providers = found ? await keepersNow(pathwayId, found) : [];
    await run<Pair, void>(key, PAIR_HEAD, ({ head }) => {
      // Decided anew meanwhile: the timer of that decision carries it.
      if (!head || head.revision !== found?.revision) return { answer: undefined };
      const timers = [carryTimer(head, null)];
      if (!arrived) return { change: { documents: [head], timers }, answer: undefined };
      const { stands, type, why } = arrived;
      const next = listed({ ...head, stands, revision: head.revision + 1 });
      const event: EventDraft = {
        type,
        by: { system: 'timer' },
        data: { cases: [head.a, head.b], ...(why && { why }) },
      };
      const notices = [...showsOver(next), ...lines(head, providers, arrived)];
      return { change: { documents: [next], events: [event], notices, timers }, answer: undefined };
    });
    kick(pathwayId);
  };
}

/**
 * What became of it is told in the channels of those that answer for the cases, of marked records in none; that it could
 * not be, also in person to whoever decided it. What the line speaks of is in the standing before.
 */
function lines(
  { a, b, marked, stands }: Pair,
  providers: readonly string[],
  { line, why }: Arrived,
): NoticeDraft[] {
  if (line === undefined || !('keep' in stands)) return [];
  const refs = { keep: stands.keep, lost: lostOf({ a, b }, stands.keep), ...(why && { why }) };
  const routes: Route[] = [
    ...(why === undefined ? [] : [{ to: 'person' as const, person: stands.person }]),
    ...(marked ? [] : providers.map((provider) => ({ to: 'channel' as const, provider }))),
  ];
  return routes.map((route) => ({ form: 'tell', subject: pairSubject({ a, b }), route, line, refs }));
}

export type Carry = ReturnType<typeof createCarry>;
