import { type Agreement, primeOf, providerOf } from '../agreement/agreement.ts';
import type { Change, EventDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { markOf, strongest } from '../core/marks.ts';
import { CASE_HEAD, type CaseDoc, caseListed, isHeld, lookFor, renamed } from '../register/case.ts';
import { isChanged, mergedWith, unmerged } from '../register/person.ts';
import type { Loaded } from '../store/turn.ts';
import { isBusy } from './busy.ts';
import type { DuplicateDeps } from './commands.ts';

/** Two cases of one pathway. */
export interface Both {
  readonly pathwayId: string;
  readonly keep: string;
  readonly lost: string;
}

/** Why two cases that people made one could not be: a code. */
export type Obstacle = 'gone' | 'closed' | 'unheld' | 'merged' | 'waiting' | 'changed';

/** A case as it is to be, why it cannot be so, or nothing where it is so already. */
type Next = CaseDoc | Obstacle | undefined;

function obstacleOf(head: CaseDoc | undefined): Obstacle | undefined {
  if (!head) return 'gone';
  if (head.mergedInto !== undefined) return 'merged';
  if (head.state === 'closed') return 'closed';
  return isHeld(head) ? undefined : 'unheld';
}

const with_ = (ids: readonly string[] | undefined, id: string): readonly string[] =>
  [...new Set([...(ids ?? []), id])].sort();
const without = (ids: readonly string[] | undefined, id: string): readonly string[] =>
  (ids ?? []).filter((one) => one !== id);

/**
 * What decisions on pairs do at their cases. Each is harmless the second time, and the chain of each case takes in the
 * end of the other's.
 */
export function createJoining({ store, run, agreements }: Omit<DuplicateDeps, 'kick'>) {
  const find = async (pathwayId: string, caseId: string): Promise<CaseDoc | undefined> =>
    (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;

  /**
   * One change of a case, whose event names the other case and the end of its chain. `changed` gives the case as it is
   * to be, why it cannot, or nothing where it is so already.
   */
  async function at(
    {
      pathwayId,
      caseId,
      other,
    }: { readonly pathwayId: string; readonly caseId: string; readonly other: string },
    type: string,
    changed: (loaded: Loaded<CaseDoc>, now: Instant) => Promise<Next> | Next,
  ): Promise<Obstacle | undefined> {
    const beside = (await find(pathwayId, other))?.audit;
    return run<CaseDoc, Obstacle | undefined>({ pathwayId, caseId }, CASE_HEAD, async (loaded, now) => {
      const next = await changed(loaded, now);
      if (next === undefined || typeof next === 'string') return { answer: next };
      const data = { with: other, seq: beside?.seq ?? 0, hash: beside?.hash ?? '' };
      const event: EventDraft = { type, by: { system: 'timer' }, data };
      const change: Change = {
        documents: [caseListed(next)],
        events: [event],
        timers: [lookFor('case', now), ...renamed(loaded.head, next, now)],
      };
      return { change, answer: undefined };
    });
  }

  /** Takes the note off a case that another counts with it. */
  async function forget({ pathwayId, keep, lost }: Both): Promise<void> {
    await at({ pathwayId, caseId: keep, other: lost }, 'case.unmerged-from', ({ head }) => {
      if (!head?.mergedFrom?.includes(lost)) return undefined;
      const { mergedFrom, ...rest } = head;
      const left = without(mergedFrom, lost);
      return { ...rest, ...(left.length > 0 && { mergedFrom: left }) };
    });
  }

  return {
    /** Records at both cases that they are work for one person, or that they are not any more. */
    async link(pathwayId: string, a: string, b: string, on: boolean): Promise<void> {
      for (const [caseId, other] of [[a, b] as const, [b, a] as const]) {
        await at({ pathwayId, caseId, other }, on ? 'case.linked' : 'case.unlinked', ({ head }) => {
          if (!head || (head.linkedWith ?? []).includes(other) === on) return undefined;
          const { linkedWith, ...rest } = head;
          const left = on ? with_(linkedWith, other) : without(linkedWith, other);
          return { ...rest, ...(left.length > 0 && { linkedWith: left }) };
        });
      }
    },

    /** Makes `lost` count with `keep`. Gives why it cannot be, where something came between: then nothing stands of it. */
    async merge(both: Both): Promise<Obstacle | undefined> {
      const { pathwayId, keep, lost } = both;
      const kept = await at(
        { pathwayId, caseId: keep, other: lost },
        'case.merged-from',
        async ({ head }) => {
          const obstacle = obstacleOf(head);
          if (obstacle || !head || head.mergedFrom?.includes(lost)) return obstacle;
          const other = await find(pathwayId, lost);
          if (other && isChanged(other) && !isChanged(head)) return 'changed';
          const marked = strongest(markOf(head), other && markOf(other));
          return { ...head, ...(marked && { marked }), mergedFrom: with_(head.mergedFrom, lost) };
        },
      );
      const done =
        kept ??
        (await at({ pathwayId, caseId: lost, other: keep }, 'case.merged', async ({ head, get }, now) => {
          if (head?.mergedInto === keep) return undefined;
          const kept = await find(pathwayId, keep);
          const obstacle = obstacleOf(head) ?? obstacleOf(kept);
          if (obstacle || !head || !kept) return obstacle;
          return (await isBusy(head, get))
            ? 'waiting'
            : { ...mergedWith(head, kept), mergedInto: keep, mergedAt: now };
        }));
      if (done !== undefined && (await find(pathwayId, lost))?.mergedInto !== keep) await forget(both);
      return done;
    },

    /** Makes `lost` count as a case of its own again, with the holder that it had; the prime, where that left. */
    async unmerge(both: Both): Promise<void> {
      const { pathwayId, keep, lost } = both;
      const terms = (await agreements.inForce(pathwayId))?.terms;
      await at({ pathwayId, caseId: lost, other: keep }, 'case.unmerged', ({ head }) => {
        if (head?.mergedInto !== keep) return undefined;
        const { mergedInto: _, mergedAt: __, ...rest } = unmerged(head);
        return terms ? heldByPartner(rest, terms) : rest;
      });
      await forget(both);
    },
  };
}

function heldByPartner(caseDoc: CaseDoc, terms: Agreement): CaseDoc {
  const { holder } = caseDoc;
  if (!holder || providerOf(terms, holder.provider)) return caseDoc;
  const prime = primeOf(terms);
  return { ...caseDoc, holder: { provider: prime.id, role: prime.holdsAs } };
}

export type Joining = ReturnType<typeof createJoining>;
