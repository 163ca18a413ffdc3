import type { Agreement, AgreementInForce } from '../agreement/agreement.ts';
import { type Actor, actorRef, type PersonActor, type Position } from '../core/actors.ts';
import { type Change, mergeChanges } from '../core/change.ts';
import { Invalid, Refused } from '../core/errors.ts';
import type { Act } from '../core/permissions.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Keep, KeepDeps } from './keep.ts';
import {
  MISMATCHES_HEAD,
  type Mismatch,
  type MismatchesDoc,
  mismatchesKey,
  mismatchId,
  mismatchListed,
  SETTLINGS,
  type Settling,
} from './mismatch.ts';
import type { MismatchKind } from './reconciliation.ts';

/** Which mismatch: a case has one of a kind with a provider. */
export interface WhichMismatch {
  readonly pathwayId: string;
  readonly provider: string;
  readonly caseId: string;
  readonly what: MismatchKind;
}

/** A mismatch with its case, as it stands. */
export interface PresentMismatch {
  readonly mismatch: Mismatch;
  readonly caseDoc: CaseDoc | undefined;
  readonly today: Agreement;
}

const MOST_WORDS = 2_000;

/** A mismatch settled by a person, with a reason and words. */
export function createSettle(
  { store, run, kick }: Pick<KeepDeps, 'store' | 'run'> & { readonly kick: (pathwayId: string) => void },
  keep: Pick<Keep, 'fewer'>,
  inForce: (pathwayId: string) => Promise<AgreementInForce>,
  /** The positions in which somebody may. Errors: `Refused` `role`. */
  may: (act: Act, actor: Actor, today: Agreement, provider: string) => readonly Position[],
) {
  async function mismatchOf(which: WhichMismatch): Promise<PresentMismatch | undefined> {
    const { pathwayId, provider, caseId, what } = which;
    const [found, caseDoc, { terms }] = await Promise.all([
      store.get<Mismatch>(mismatchesKey(pathwayId, provider), mismatchId(caseId, what)),
      store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD),
      inForce(pathwayId),
    ]);
    return found && { mismatch: found.doc, caseDoc: caseDoc?.doc, today: terms };
  }

  return {
    /** A mismatch as it stands, for its form. Errors: `Refused` `role`, and `gone` where a later run closed it. */
    async forSettling(which: WhichMismatch, actor: PersonActor): Promise<PresentMismatch> {
      may('mismatch.settle', actor, (await inForce(which.pathwayId)).terms, which.provider);
      const found = await mismatchOf(which);
      if (!found) throw goneRefusal();
      return settleable(found);
    },

    /**
     * Settles a mismatch with a reason and words. It does not come back until what it says changes. The same
     * again changes nothing. Errors: `Refused` as for its form; `Invalid` without a reason or words.
     */
    async settle(
      which: WhichMismatch,
      actor: PersonActor,
      {
        reason = '',
        words = '',
      }: { readonly reason?: string | undefined; readonly words?: string | undefined },
    ): Promise<PresentMismatch> {
      const { pathwayId, provider, caseId, what } = which;
      const { terms } = await inForce(pathwayId);
      const [position] = may('mismatch.settle', actor, terms, provider);
      const problems = [
        ...(Object.hasOwn(SETTLINGS, reason) ? [] : [{ field: 'reason', message: 'Choose why.' }]),
        ...(words.trim() === '' ? [{ field: 'words', message: 'Write what was found.' }] : []),
        ...(words.length > MOST_WORDS
          ? [{ field: 'words', message: `Use at most ${MOST_WORDS} characters.` }]
          : []),
      ];
      if (problems.length > 0) throw new Invalid('It was not settled.', problems);
      const by = actorRef(actor, position);
      await run<MismatchesDoc, void>(
        mismatchesKey(pathwayId, provider),
        MISMATCHES_HEAD,
        async (loaded, now) => {
          const stands = await loaded.get<Mismatch>(mismatchId(caseId, what));
          if (!loaded.head || !stands) throw goneRefusal();
          if (stands.settled) return { answer: undefined };
          if (stands.what === 'duplicate') throw decideRefusal(stands);
          const coded = reason as Settling;
          const settled = { by, at: now, reason: coded, words: words.trim() };
          const change: Change = {
            documents: [loaded.head, mismatchListed({ ...stands, settled })],
            events: [
              { type: 'mismatch.settled', by, data: { case: caseId, kind: what, provider, reason: coded } },
            ],
          };
          const less = await keep.fewer(loaded, stands.run, 1, 'settled', actor, now);
          return { change: mergeChanges(change, less), answer: undefined };
        },
      );
      kick(pathwayId);
      const found = await mismatchOf(which);
      if (!found) throw goneRefusal();
      return found;
    },
  };
}

const decideRefusal = ({ caseId }: Mismatch) =>
  new Refused(
    'decide',
    `Whether this is one person with another case is decided there: /duplicates ${caseId}`,
  );

/** A mismatch that people settle with a reason. Errors: `Refused` `decide` for a pair of cases. */
function settleable(found: PresentMismatch): PresentMismatch {
  if (found.mismatch.what === 'duplicate') throw decideRefusal(found.mismatch);
  return found;
}

const goneRefusal = () =>
  new Refused('gone', 'This mismatch is gone: the lists and Baton agree by now. Nothing for you to do.');
