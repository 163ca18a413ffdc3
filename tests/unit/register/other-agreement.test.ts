import { afterAll, expect, it } from 'vitest';
import type { Action } from '../../../src/actions/action.ts';
import { Agreement, personOf } from '../../../src/agreement/agreement.ts';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { systemChance } from '../../../src/core/chance.ts';
import type { TimerDoc } from '../../../src/core/change.ts';
import { sum } from '../../../src/digests/figures.ts';
import type { Pair } from '../../../src/duplicates/pair.ts';
import { merge } from '../../../src/duplicates/same-person.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { wire } from '../../../src/wire.ts';
import { moorland } from '../agreement/demo.ts';

/** Other partners, roles, hours, columns and words than the demo's: what is agreed decides, and nothing else. */
const terms = Agreement.parse({
  ...moorland(),
  lists: [
    {
      provider: 'fell-therapy',
      columns: {
        id: 'No',
        given: 'Forename',
        surname: 'Family',
        dob: 'Born',
        holder: 'Keeper',
        status: 'Stage',
      },
      statuses: { 'In therapy': 'open', Ended: 'closed' },
    },
    { provider: 'home-again', columns: { id: 'Client', given: 'First', surname: 'Last', dob: 'Birthday' } },
  ],
  register: {
    take: ['therapist'],
    unowned: { within: '2h', clock: 'service-hours' },
    markedRecords: 'principal-therapist',
  },
  digest: { day: 'wed', at: '11:30', listDays: 3, channel: 'fell-therapy' },
});
const PATHWAY = terms.pathway;
/** A Wednesday noon: Fell Therapy closes in an hour, and Home Again is shut until tomorrow. */
const NOW = '2026-11-25T12:00:00.000Z';

const store = openEmbedded({ path: ':memory:' });
const clock = { now: () => NOW, sleep: async () => undefined };
const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
await applyAgreement({ store, run: wired.run }, terms, { system: 'operator' }, { yes: true });
afterAll(() => store.close());

const operator = { kind: 'system', job: 'operator' } as const;
function person(key: string) {
  const [account] = terms.people.find((one) => one.key === key)?.accounts ?? [];
  const actor = account && personOf(terms, account.tenant, account.objectId);
  if (!actor) throw new Error(`nobody is ${key}`);
  return actor;
}
const imports = (provider: string, ...lines: readonly string[]) =>
  wired.lists.importList(
    PATHWAY,
    operator,
    {
      provider,
      bytes: async function* () {
        yield new TextEncoder().encode(lines.join('\n'));
      },
    },
    NOW,
  );
const listOf = async <T extends CaseDoc | Pair | Action>(list: string): Promise<T[]> =>
  (await store.page<T>(PATHWAY, list, { limit: 100 })).map(({ doc }) => doc);
async function looks(): Promise<void> {
  for (let rounds = 0; rounds < 100; rounds++) {
    const due = await store.page<TimerDoc>(PATHWAY, 'due', { limit: 100 });
    const ours = due.filter(({ doc }) => doc.kind === 'timer' && doc.fires in wired.deciding);
    if (ours.length === 0) return;
    for (const { doc, key } of ours) await wired.deciding[doc.fires as keyof typeof wired.deciding](key);
  }
}

it('has a register, lists, duplicates, actions, mismatches and a digest of its own', async () => {
  const fell = await imports(
    'fell-therapy',
    'Stage,No,Forename,Family,Born,Keeper',
    'In therapy,F1,Ada,Sampleton,02/01/1950,Fell Therapy Partners',
    'In therapy,F2,Bert,Exampleby,03/02/1951,',
  );
  const home = await imports('home-again', 'Client,First,Last,Birthday', 'H1,Ada,Sampleton,1950-01-02');
  expect([fell.fresh, fell.unowned, home.fresh]).toEqual([2, 1, 1]);

  // Its clock runs out an hour after it opens again.
  const [nobodys] = await listOf<CaseDoc>('unowned@fell-therapy');
  expect(nobodys?.unowned?.needBy).toBe('2026-11-26T10:00:00.000Z');
  const { caseId = '' } = nobodys ?? {};
  await expect(wired.register.take(PATHWAY, caseId, person('noor'))).rejects.toThrow(
    'these roles: Therapist',
  );
  const { caseDoc } = await wired.register.take(PATHWAY, caseId, person('alex-wilber'));
  expect(caseDoc.holder).toEqual({ provider: 'fell-therapy', role: 'therapist', person: 'alex-wilber' });

  await looks();
  const [pair] = await listOf<Pair>('duplicates@home-again');
  expect([...(pair?.providers ?? [])].sort()).toEqual(['fell-therapy', 'home-again']);
  expect(await listOf('duplicates@moorland-council')).toEqual([]);
  const which = { pathwayId: PATHWAY, a: pair?.a ?? '', b: pair?.b ?? '' };
  const press = { revision: pair?.revision ?? 0, keep: which.a };
  const said = await wired.duplicates.press(which, person('gwen'), (facts) => merge(facts, press));
  expect(said.pair.shownTo).toEqual([{ to: 'channel', provider: 'fell-therapy' }]);

  // Both lists were their provider's first: one action each, which climbs only while they are open.
  for (const provider of ['fell-therapy', 'home-again']) await wired.lists.checkBaseline(PATHWAY, provider);
  const actions = await listOf<Action>('actions.open');
  expect(actions.map(({ owner, climbsAt, setBy }) => [owner.provider, climbsAt, setBy.role]).sort()).toEqual([
    ['fell-therapy', '2026-12-03T09:00:00.000Z', 'reablement-desk'],
    ['home-again', '2026-12-03T10:00:00.000Z', 'reablement-desk'],
  ]);

  const { partners, all } = await wired.reconciliation.run(PATHWAY, operator);
  expect(partners.map(({ provider, cases }) => [provider, cases])).toEqual([
    ['moorland-council', 0],
    ['fell-therapy', 2],
    ['home-again', 1],
  ]);
  expect(all.kinds.duplicate).toBe(1);

  // It was due before there was an agreement.
  expect(await wired.digests.post(PATHWAY, NOW)).toBeUndefined();
  const { findings, dueAt } = await wired.digests.live(PATHWAY, NOW);
  expect(dueAt).toBe('2026-11-25T11:30:00.000Z');
  expect(sum(findings.parts.map(({ figures }) => figures))).toMatchObject({
    duplicates: 1,
    unowned: 0,
    actionsOpen: 2,
    cases: 3,
  });
  expect(findings.caseloads.map(({ provider, fresh }) => [provider, fresh])).toEqual([
    ['fell-therapy', true],
    ['home-again', true],
  ]);
});
