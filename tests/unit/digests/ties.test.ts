import fc from 'fast-check';
import { expect, it } from 'vitest';
import { personOf } from '../../../src/agreement/agreement.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { Asking, CardView, Place, Reply } from '../../../src/core/routes.ts';
import { FIGURES, type Figures } from '../../../src/digests/digest.ts';
import { seenBy } from '../../../src/digests/figures.ts';
import { livedRegister, NOW, PATHWAY } from '../register/lived-register.ts';
import { PROVIDERS, put, State } from './random-state.ts';

type Lived = Awaited<ReturnType<typeof livedRegister>>;
const IN_PERSON: Place = { scope: 'personal', conversationId: 'c' };

interface ListData {
  readonly total?: string;
  readonly rows: readonly unknown[];
  readonly may?: { readonly more: boolean };
  readonly more: object & { readonly [n: number]: { readonly ref: object } };
}

/** Somebody at their desk, who types and presses. */
function desk({ wired, terms }: Lived, key: string) {
  const [account] = terms.people.find((one) => one.key === key)?.accounts ?? [];
  const actor = account && (personOf(terms, account.tenant, account.objectId) as PersonActor);
  if (!actor) throw new Error(`nobody is ${key}`);
  const asking: Asking = { pathwayId: PATHWAY, actor, place: IN_PERSON };
  const viewOf = (reply: Reply): CardView => {
    if (reply.kind !== 'card') throw new Error(reply.text);
    return reply.view;
  };
  const types = async (command: string, args = ''): Promise<CardView> => {
    const route = wired.typed.find((one) => one.command === command);
    if (!route) throw new Error(`there is no ${command}`);
    return viewOf(await route.run(asking, args));
  };
  /** How many rows all pages of a list have, and what it says of its total. */
  async function lists(command: string, args: string, more: string) {
    let { data } = (await types(command, args)) as { data: ListData };
    const { total } = data;
    let rows = data.rows.length;
    for (;;) {
      const ref = Array.isArray(data.more) ? data.more[0]?.ref : data.may?.more ? data.more : undefined;
      if (!ref) return { rows, total };
      const verb = wired.verbs.find((one) => one.verb === more);
      if (!verb) throw new Error(`there is no ${more}`);
      data = viewOf(await verb.run(asking, verb.input.parse(ref))).data as ListData;
      expect(data.total).toBe(total);
      rows += data.rows.length;
    }
  }
  const own = [...new Set(actor.positions.map(({ provider }) => provider))];
  return { types, lists, own, says: viewOf };
}

/** The figures that a digest card says, read back from its five numbers. */
function saidOn({ data }: CardView): Figures {
  const { numbers } = data as { numbers: readonly { number: string; words: string }[] };
  const [pairs, unowned, overdue, waiting, waits] = numbers.map(({ number, words }) => `${number} ${words}`);
  const found = (text: string | undefined, pattern: RegExp): number => Number(pattern.exec(text ?? '')?.[1]);
  expect(numbers).toHaveLength(5);
  const isKnown = !waits?.startsWith('?');
  return {
    duplicates: found(pairs, /^(\d+) pairs? of cases that may be one person$/),
    unowned: found(unowned, /^(\d+) cases? that nobody holds$/),
    actionsOverdue: found(overdue, /^(\d+) actions? overdue/),
    actionsOpen: found(overdue, /of (\d+) open$/),
    handoversUnanswered: found(waiting, /: (\d+) unanswered/),
    handoversRejected: found(waiting, /, (\d+) rejected/),
    ...(isKnown && {
      longWaits: found(waits, /^(\d+) long wait/),
      mismatched: found(waits, /; (?:no case|(\d+) of)/) || 0,
      cases: found(waits, /of (\d+) cases?\b/) || 0,
      mismatches: found(waits, /(\d+) on \/mismatches$/),
    }),
  };
}

/** Numbers in a text. */
const numbersIn = (text: string | undefined): number[] => (text?.match(/\b\d+\b/g) ?? []).map(Number);

const VIEWERS = ['megan', 'alex', 'adele', 'isaiah', 'patti', 'lynne'];

it('the totals of /digest are what the commands say and list to the same person at that moment, whatever there is', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(State, fc.constantFrom(...VIEWERS), async (state, key) => {
      const lived = await livedRegister();
      await put(lived.store, PATHWAY, state, NOW);
      const { types, lists, own } = desk(lived, key);
      const said = saidOn(await types('/digest'));
      const whole = key === 'megan' || key === 'alex';

      const unowned = await lists('/unowned', '', 'unowned.list');
      const [mine, all = mine] = numbersIn(unowned.total);
      expect([mine, all]).toEqual([said.unowned, unowned.rows]);

      const actions = await lists('/actions', '', 'action.page');
      expect(numbersIn(actions.total)).toEqual([said.actionsOpen, said.actionsOverdue]);
      const overdue = await lists('/actions', 'overdue', 'action.page');
      if (whole) expect([actions.rows, overdue.rows]).toEqual([said.actionsOpen, said.actionsOverdue]);

      const handovers = await lists('/handovers', 'mine', 'list.page');
      expect(numbersIn(handovers.total)).toEqual([said.handoversUnanswered, said.handoversRejected]);
      const waiting = (said.handoversUnanswered ?? 0) + (said.handoversRejected ?? 0);
      if (!whole) expect(handovers.rows).toBe(waiting);

      if (key === 'alex' || key === 'patti') {
        const pairs = await lists('/duplicates', '', 'duplicate.page');
        expect(numbersIn(pairs.total)).toEqual([said.duplicates]);
        if (whole) expect(pairs.rows).toBe(said.duplicates);
        else expect(pairs.rows).toBeGreaterThanOrEqual(said.duplicates ?? 0);
      }

      let settle = 0;
      const partners = PROVIDERS.filter((one) => one !== 'gone');
      for (const provider of whole ? partners : own) {
        const mismatches = await lists('/mismatches', provider, 'mismatch.list');
        settle += mismatches.rows;
        if (state.compared) expect(numbersIn(mismatches.total)).toEqual([said.mismatches]);
      }
      const former = state.things.filter(({ kind, provider }) => kind === 'mismatch' && provider === 'gone');
      if (state.compared) expect(settle + (whole ? former.length : 0)).toBe(said.mismatches);

      if (state.compared && !whole) {
        const { rate, partners: told } = (await types('/reconcile')).data as {
          rate: string;
          partners: { name: string; rate: string; kinds: string }[];
        };
        expect(rate).toMatch(/\bcases?\b/);
        const [part] = told.filter(({ name }) =>
          lived.terms.providers.some((one) => one.name === name && one.id === own[0]),
        );
        const [mismatched, cases] = numbersIn(part?.rate);
        expect([mismatched ?? 0, cases ?? 0]).toEqual([said.mismatched, said.cases]);
        expect(Number(/long wait (\d+)/i.exec(part?.kinds ?? '')?.[1] ?? 0)).toBe(said.longWaits);
      }
      met += state.things.length;
      await lived.store.close();
    }),
    { numRuns: 30 },
  );
  expect(met).toBeGreaterThan(100);
});

it('the figures of the partners add up to the pathway’s, whatever there is', async () => {
  await fc.assert(
    fc.asyncProperty(State, async (state) => {
      const lived = await livedRegister();
      const { store, wired } = lived;
      await put(store, PATHWAY, state, NOW);
      const { findings } = await wired.digests.live(PATHWAY, NOW);
      const whole = seenBy(findings, 'all').figures;
      const old = state.things.filter(
        ({ kind, provider, old }) => kind === 'rejected' && provider === 'gone' && old,
      );
      const count = (list: string, upTo?: string) => store.count(PATHWAY, list, upTo);
      const rejected = state.things.filter(({ kind }) => kind === 'rejected').length;
      const result = await wired.reconciliation.newest(PATHWAY);
      const counted: Figures = {
        duplicates: await count('duplicates'),
        unowned: await count('unowned'),
        actionsOpen: await count('actions.open'),
        actionsOverdue: await count('actions.open', `${NOW}|~`),
        handoversUnanswered: await count('handovers.open'),
        // Of a former partner's old ones there is no list any more.
        handoversRejected: rejected - old.length,
        mismatches: await count('mismatches'),
        ...(result && {
          longWaits: result.all.kinds['long-wait'],
          mismatched: result.all.mismatched,
          cases: result.all.cases,
        }),
      };
      expect(whole).toEqual(counted);
      for (const figure of FIGURES) {
        const parts = findings.parts.map(({ provider }) => seenBy(findings, [provider]).figures[figure] ?? 0);
        expect(parts.reduce((total, one) => total + one, 0)).toBe(whole[figure] ?? 0);
      }
      const ofFormer = findings.parts.find(({ provider }) => provider === '');
      for (const line of ofFormer?.lines ?? []) expect(line.provider).toBe('gone');
      await store.close();
    }),
    { numRuns: 30 },
  );
});
