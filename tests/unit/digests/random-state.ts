import fc from 'fast-check';
import { type Action, actionCase, listed as actionListed } from '../../../src/actions/action.ts';
import type { Doc } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { newRegisterId } from '../../../src/core/register-id.ts';
import { type Pair, pairCase, listed as pairListed } from '../../../src/duplicates/pair.ts';
import type { Handover } from '../../../src/handovers/handover.ts';
import { listed as handoverListed } from '../../../src/handovers/lists.ts';
import { mismatchesCase, mismatchId, mismatchListed } from '../../../src/reconciliation/mismatch.ts';
import {
  MISMATCH_KINDS,
  RECONCILIATION_CASE,
  type Reconciled,
  runId,
} from '../../../src/reconciliation/reconciliation.ts';
import { type Counted, createTally } from '../../../src/reconciliation/tally.ts';
import { type CaseDoc, caseListed } from '../../../src/register/case.ts';
import type { Store } from '../../../src/store/store.ts';
import { opened } from '../actions/fixture.ts';
import { asked, offered, rejected } from '../handovers/cards-fixture.ts';
import { nobodys, unowned } from '../register/case-fixture.ts';

/** The demo's providers, and one that is no partner any more. */
export const PROVIDERS = ['northside', 'harbour', 'st-annes', 'kindly', 'gone'] as const;
const DAY_MS = 24 * 60 * 60_000;

/** One thing that is open: which of the fixtures it is, at whom, since when and until when in days from now. */
const Thing = fc.record({
  kind: fc.constantFrom('pair', 'unowned', 'action', 'offered', 'asked', 'rejected', 'mismatch'),
  provider: fc.constantFrom(...PROVIDERS),
  other: fc.constantFrom(...PROVIDERS),
  days: fc.integer({ min: -20, max: 5 }),
  what: fc.constantFrom(...MISMATCH_KINDS.filter((kind) => kind !== 'unowned')),
  /** Kept before Baton had lists of its own for what was rejected. */
  old: fc.boolean(),
});
type Of<T> = T extends fc.Arbitrary<infer V> ? V : never;
type Thing = Of<typeof Thing>;

const Compared = fc.array(
  fc.record({
    provider: fc.constantFrom(...PROVIDERS),
    found: fc.array(
      fc.record({
        kind: fc.constantFrom(...MISMATCH_KINDS),
        as: fc.constantFrom('fresh', 'carried-over', 'settled'),
      }) as fc.Arbitrary<Counted>,
      { maxLength: 3 },
    ),
  }),
  { maxLength: 30 },
);

export const State = fc.record({
  things: fc.array(Thing, { maxLength: 90, size: 'max' }),
  /** Absent: the lists were never compared. */
  compared: fc.option(Compared, { nil: undefined }),
});
export type State = Of<typeof State>;

/** Puts a state into a store, as if everything in it had happened. */
export async function put(store: Store, pathwayId: string, state: State, now: string): Promise<void> {
  const write = (caseId: string, doc: Doc): Promise<void> =>
    store.commit({ pathwayId, caseId }, [{ do: 'put', doc }]);
  let seed = 7;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const used = new Set<string>();
  const newId = (): string => {
    const id = newRegisterId(random);
    if (used.has(id)) return newId();
    used.add(id);
    return id;
  };
  const held = (caseId: string, provider: string): CaseDoc => {
    const { unowned: _, ...rest } = nobodys;
    return caseListed({ ...rest, caseId, holder: { provider, role: 'coordinator' } });
  };

  for (const thing of state.things) await one(thing);
  if (state.compared) await compared(state.compared);

  async function one({ kind, provider, other, days, what, old }: Thing): Promise<void> {
    const id = newId();
    const at = plusMs(now, days * DAY_MS);
    switch (kind) {
      case 'pair': {
        const beside = newId();
        const [a, b] = id < beside ? [id, beside] : [beside, id];
        const pair: Pair = {
          ...{ id: 'pair', kind: 'pair', schema: 1, audit: { seq: 1, hash: 'h' } },
          ...{ a, b, revision: 1, band: 'likely', reasons: ['Same birth date'], said: { a: 'x', b: 'y' } },
          providers: [...new Set([other, provider])],
          owner: provider,
          since: at,
          stands: { state: 'open' },
        };
        await write(pairCase(a, b), pairListed(pair));
        await write(a, held(a, other));
        return write(b, held(b, provider));
      }
      case 'unowned':
        return write(
          id,
          caseListed({
            ...nobodys,
            caseId: id,
            createdAt: at,
            unowned: { ...unowned, provider, needBy: at },
          }),
        );
      case 'action': {
        const action: Action = { ...opened(), actionId: id, owner: { provider }, dueAt: at, setAt: at };
        return write(actionCase(id), actionListed(action));
      }
      case 'mismatch':
        return write(
          mismatchesCase(provider),
          mismatchListed({
            ...{ id: mismatchId(id, what), kind: 'mismatch', schema: 1, caseId: id, what, provider },
            ...{ says: 'x', since: at, run: '000001', settleBy: plusMs(at, 5 * DAY_MS) },
          }),
        );
      default: {
        const like: Handover = { offered, asked, rejected }[kind]();
        // What is offered waits for the receiver, the rest for the sender.
        const [sender, to] = kind === 'offered' ? [other, provider] : [provider, other];
        const handover = handoverListed({ ...like, caseId: id, sender, to, answerBy: at });
        if (!old || kind !== 'rejected') return write(id, handover);
        const lists = Object.entries(handover.lists ?? {}).filter(
          ([name]) => !name.startsWith('handovers.rejected') && name !== 'handovers.waiting',
        );
        return write(id, { ...handover, lists: Object.fromEntries(lists) });
      }
    }
  }

  async function compared(cases: NonNullable<State['compared']>): Promise<void> {
    const tally = createTally(PROVIDERS.filter((one) => one !== 'gone'));
    for (const { provider, found } of cases) tally.count(provider, found);
    const run = '000001';
    const result: Reconciled = {
      ...{ id: runId(run), kind: 'reconciled', schema: 1, run, week: '2026-W48', startedAt: now },
      ...{ finishedAt: now, by: { system: 'operator' }, agreementVersion: 1, compared: [], gone: 0 },
      ...tally.result(),
    };
    await write(RECONCILIATION_CASE, result);
    await write(RECONCILIATION_CASE, {
      ...{ id: 'reconciliation', kind: 'reconciliation', schema: 1, audit: { seq: 1, hash: 'h' } },
      ...{ count: 1, newest: run, weeks: { '2026-W48': run }, lists: { chains: RECONCILIATION_CASE } },
    } as Doc);
  }
}
