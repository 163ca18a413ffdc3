import { describe, expect, it } from 'vitest';
import { systemChance } from '../../../src/core/chance.ts';
import type { NoticeDoc } from '../../../src/core/change.ts';
import type { Facts } from '../../../src/duplicates/facts.ts';
import type { Pair } from '../../../src/duplicates/pair.ts';
import { apart, type Verdict } from '../../../src/duplicates/rules.ts';
import { agree, canOf, disagree, link, merge, undo } from '../../../src/duplicates/same-person.ts';
import { VERBS as HANDOVER_VERBS } from '../../../src/handovers/cards-verbs.ts';
import { Content } from '../../../src/handovers/handover.ts';
import { withdraw } from '../../../src/handovers/rules.ts';
import { VERBS as REGISTER_VERBS } from '../../../src/register/cards-verbs.ts';
import { CASE_HEAD, type CaseDoc, caseListed, identified } from '../../../src/register/case.ts';
import { createClaims } from '../../../src/store/claim.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { NOW, PATHWAY } from '../register/lived-register.ts';
import { type Lived, livedDuplicates, margaret } from './lived-duplicates.ts';

type Deed = 'link' | 'apart' | 'merge' | 'agree' | 'disagree' | 'undo';

/** Presses a button of the pair as it stands. */
async function does(lived: Lived, one: string, other: string, deed: Deed, who: string, keep = one) {
  const pair = await lived.pair(one, other);
  if (!pair) throw new Error('there is no such pair');
  const press = { revision: pair.revision, reason: 'Different referrers, seen together.', keep };
  const rules: Readonly<Record<Deed, (facts: Facts) => Verdict>> = {
    link: (facts) => link(facts, press),
    apart: (facts) => apart(facts, press),
    merge: (facts) => merge(facts, press),
    agree: (facts) => agree(facts, press),
    disagree: (facts) => disagree(facts, press),
    undo: (facts) => undo(facts, press),
  };
  const which = { pathwayId: PATHWAY, a: one, b: other };
  return lived.wired.duplicates.press(which, lived.person(who), rules[deed]);
}

/** One person on two lists, held by two providers: the case of each. */
async function begin() {
  const lived = await livedDuplicates();
  await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
  await lived.lists('northside', [{ id: 'N1', person: margaret, holder: 'northside' }]);
  await lived.settles();
  const [pair] = await lived.pairs();
  if (!pair) throw new Error('they are not suggested');
  const cases = await Promise.all([pair.a, pair.b].map((id) => lived.caseOf(id)));
  const idOf = (provider: string) => cases.find(({ holder }) => holder?.provider === provider)?.caseId ?? '';
  return { lived, theirs: idOf('st-annes'), ours: idOf('northside') };
}

async function merged() {
  const begun = await begin();
  const { lived, theirs, ours } = begun;
  await does(lived, ours, theirs, 'merge', 'alex');
  await does(lived, ours, theirs, 'agree', 'adele');
  await lived.settles();
  return begun;
}

const noticesOf = async (lived: Lived, form: string): Promise<NoticeDoc['notice'][]> => {
  const found: NoticeDoc['notice'][] = [];
  for await (const { doc } of lived.store.everything(PATHWAY)) {
    const { notice } = doc as NoticeDoc;
    if (doc.kind === 'notice' && notice.subject.startsWith('pair:') && notice.form === form)
      found.push(notice);
  }
  return found;
};
const placesOf = async (lived: Lived, list: string): Promise<string[]> =>
  (await lived.store.page<CaseDoc>(PATHWAY, list, { limit: 100 })).map(({ doc }) => doc.caseId);
const eventsOf = async (lived: Lived, caseId: string) => lived.store.history({ pathwayId: PATHWAY, caseId });
/** A case goes to another provider, and what follows from it is done. */
async function holds(lived: Lived, caseId: string, provider: string): Promise<void> {
  await lived.wired.run<CaseDoc, void>({ pathwayId: PATHWAY, caseId }, CASE_HEAD, ({ head }, now) => {
    const moved = caseListed({ ...(head as CaseDoc), holder: { provider, role: 'coordinator' } });
    return { change: identified(head, { documents: [moved] }, now), answer: undefined };
  });
  await lived.settles();
}
const sound = async (lived: Lived) => expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);

describe('two pieces of work for one person', () => {
  it('stay open with their holders, say so at both, and are undone at both', async () => {
    const { lived, theirs, ours } = await begin();
    expect((await does(lived, theirs, ours, 'link', 'alex')).verdict).toBe('change');
    await lived.settles();
    expect(await lived.caseOf(theirs)).toMatchObject({
      linkedWith: [ours],
      holder: { provider: 'st-annes' },
    });
    expect(await lived.caseOf(ours)).toMatchObject({
      linkedWith: [theirs],
      holder: { provider: 'northside' },
    });
    expect(await lived.pair(theirs, ours)).toMatchObject({ stands: { state: 'linked' } });
    expect(await lived.pairs()).toEqual([]);
    const told = (await eventsOf(lived, theirs)).at(-1);
    expect(told).toMatchObject({ type: 'case.linked', data: { with: ours } });
    const other = (await eventsOf(lived, ours)).find(({ seq }) => seq === told?.data.seq);
    expect(told?.data.hash).toBe(other?.hash);

    expect((await does(lived, theirs, ours, 'undo', 'adele')).verdict).toBe('change');
    await lived.settles();
    for (const id of [theirs, ours]) expect((await lived.caseOf(id)).linkedWith).toBeUndefined();
    expect(await lived.pairs()).toHaveLength(1);
    await sound(lived);
  });

  it('are for those to say who may decide', async () => {
    const { lived, theirs, ours } = await begin();
    for (const deed of ['link', 'merge', 'undo'] as const) {
      await expect(does(lived, theirs, ours, deed, 'isaiah')).rejects.toThrow('There is no such pair');
    }
  });
});

describe('one referral that was entered twice', () => {
  it('changes nothing until the other provider agrees, who is asked in its channel', async () => {
    const { lived, theirs, ours } = await begin();
    expect((await does(lived, ours, theirs, 'merge', 'alex')).pair.stands).toMatchObject({
      state: 'asked',
      keep: ours,
    });
    await lived.settles();
    expect((await lived.caseOf(theirs)).mergedInto).toBeUndefined();
    expect(await noticesOf(lived, 'show')).toMatchObject([
      { route: { to: 'channel', provider: 'st-annes' } },
    ]);
    for (const list of ['duplicates', 'duplicates@st-annes', 'duplicates@northside']) {
      expect(await lived.pairs(list)).toHaveLength(1);
    }
    await sound(lived);
  });

  it('is not agreed by whoever asked, nor by anybody who is not asked', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    for (const deed of ['agree', 'disagree'] as const) {
      await expect(does(lived, ours, theirs, deed, 'alex')).rejects.toThrow('This waits for St Anne');
      await expect(does(lived, ours, theirs, deed, 'isaiah')).rejects.toThrow('There is no such pair');
    }
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'asked' } });
  });

  it('is taken back by whoever asked, and answered by whoever is asked: a no has its reason', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    await expect(does(lived, ours, theirs, 'undo', 'adele')).rejects.toThrow('Do not agree and say why');
    const shown = await lived.wired.duplicates.present({ pathwayId: PATHWAY, a: ours, b: theirs }, NOW);
    if (!shown) throw new Error('there is such a pair');
    expect(canOf({ ...shown, actor: lived.person('adele') })).toMatchObject({ agree: true, undo: false });
    expect(canOf({ ...shown, actor: lived.person('alex') })).toMatchObject({ agree: false, undo: true });
    await does(lived, ours, theirs, 'undo', 'alex');
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'open' } });
    expect(await noticesOf(lived, 'tell')).toEqual([]);
  });

  it('is one case once it is agreed, with its holder; the other counts with it, and both say so', async () => {
    const { lived, theirs, ours } = await merged();
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'merged', keep: ours } });
    expect(await lived.pairs()).toEqual([]);
    const [lost, kept] = [await lived.caseOf(theirs), await lived.caseOf(ours)];
    expect(lost).toMatchObject({ mergedInto: ours, holder: { provider: 'st-annes' } });
    expect(kept).toMatchObject({ mergedFrom: [theirs], holder: { provider: 'northside' } });
    expect(await placesOf(lived, 'cases@st-annes')).toEqual([]);
    expect(await placesOf(lived, 'cases@northside')).toEqual([ours]);
    const told = (await eventsOf(lived, theirs)).findLast(({ type }) => type === 'case.merged');
    const other = (await eventsOf(lived, ours)).find(({ seq }) => seq === told?.data.seq);
    expect(told?.data).toMatchObject({ with: ours, hash: other?.hash });
    const lines = (await noticesOf(lived, 'tell')).map((one) =>
      'line' in one ? `${one.line} ${JSON.stringify(one.route)}` : '',
    );
    expect(lines.sort()).toEqual([
      'pair.merged {"to":"channel","provider":"northside"}',
      'pair.merged {"to":"channel","provider":"st-annes"}',
    ]);
    await sound(lived);
  });

  it('is one case at once where one provider answers for both', async () => {
    const lived = await livedDuplicates();
    await lived.lists('northside', [
      { id: 'N1', person: margaret, holder: 'northside' },
      { id: 'N2', person: margaret, holder: 'northside' },
    ]);
    await lived.settles();
    const [pair] = await lived.pairs();
    await does(lived, pair?.a ?? '', pair?.b ?? '', 'merge', 'alex');
    await lived.settles();
    expect(await lived.caseOf(pair?.b ?? '')).toMatchObject({ mergedInto: pair?.a });
    expect(await noticesOf(lived, 'show')).toEqual([]);
  });

  it('waits for a decision again when it is not agreed, with the reason for whoever asked', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    const asked = await lived.pair(ours, theirs);
    await expect(
      lived.wired.duplicates.press(
        { pathwayId: PATHWAY, a: ours, b: theirs },
        lived.person('adele'),
        (facts) => disagree(facts, { revision: asked?.revision ?? 0, reason: '  ' }),
      ),
    ).rejects.toThrow('Please say why');
    await does(lived, ours, theirs, 'disagree', 'adele');
    await lived.settles();
    expect(await lived.pair(ours, theirs)).toMatchObject({
      stands: { state: 'open' },
      declined: { reason: 'Different referrers, seen together.', person: 'adele' },
    });
    expect(await noticesOf(lived, 'tell')).toMatchObject([
      { line: 'pair.not-agreed', route: { to: 'person', person: 'alex' } },
      { line: 'pair.not-agreed', route: { to: 'channel', provider: 'northside' } },
    ]);
    for (const id of [ours, theirs]) expect((await lived.caseOf(id)).mergedInto).toBeUndefined();
    expect(JSON.stringify(await noticesOf(lived, 'tell'))).not.toContain('seen together');
  });

  it('goes on by itself when the case of whoever is asked moves to the provider that said so', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    await holds(lived, theirs, 'northside');
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'merged', keep: ours } });
    expect(await lived.caseOf(theirs)).toMatchObject({ mergedInto: ours });
    expect(await lived.pairs()).toEqual([]);
    await sound(lived);
  });

  it('asks the provider that a case moves to meanwhile as well, and no other any more', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    await holds(lived, theirs, 'harbour');
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'asked' } });
    expect((await noticesOf(lived, 'show')).map(({ route }) => route)).toContainEqual({
      to: 'channel',
      provider: 'harbour',
    });
    await expect(does(lived, ours, theirs, 'agree', 'adele')).rejects.toThrow('There is no such pair');
    await does(lived, ours, theirs, 'agree', 'isaiah');
    await lived.settles();
    expect(await lived.caseOf(theirs)).toMatchObject({ mergedInto: ours });
  });

  it('tells whoever holds what stayed by now when it is taken back', async () => {
    const { lived, theirs, ours } = await merged();
    await holds(lived, ours, 'harbour');
    await does(lived, ours, theirs, 'undo', 'adele');
    await lived.settles();
    const told = (await noticesOf(lived, 'tell')).filter(
      (one) => 'line' in one && one.line === 'pair.unmerged',
    );
    expect(told.map(({ route }) => ('provider' in route ? route.provider : '')).sort()).toEqual([
      'harbour',
      'st-annes',
    ]);
  });

  it('is taken back later: both are cases of their own again, on every list, with the holders they had', async () => {
    const { lived, theirs, ours } = await merged();
    expect((await does(lived, ours, theirs, 'undo', 'adele')).verdict).toBe('change');
    await lived.settles();
    const [lost, kept] = [await lived.caseOf(theirs), await lived.caseOf(ours)];
    expect(lost.mergedInto).toBeUndefined();
    expect(kept.mergedFrom).toBeUndefined();
    expect(await placesOf(lived, 'cases@st-annes')).toEqual([theirs]);
    expect(await placesOf(lived, 'cases@northside')).toEqual([ours]);
    expect(await lived.pairs()).toHaveLength(1);
    expect((await eventsOf(lived, theirs)).map(({ type }) => type).slice(-2)).toEqual([
      'case.merged',
      'case.unmerged',
    ]);
    await sound(lived);
  });

  it('lists what came to the case that stayed when it is taken back', async () => {
    const { lived, theirs, ours } = await merged();
    await lived.offers(margaret, 'northside', 'harbour', ours);
    await lived.lists('northside', [
      { id: 'N1', person: { ...margaret, phone: undefined }, holder: 'harbour' },
    ]);
    const pair = (await lived.pair(ours, theirs)) as Pair;
    const shown = await lived.wired.duplicates.present({ pathwayId: PATHWAY, a: ours, b: theirs }, NOW);
    if (!shown) throw new Error('there is such a pair');
    expect(await lived.wired.duplicates.since({ ...shown, pair })).toEqual({
      keep: ours,
      what: [
        { kind: 'handover', to: 'harbour', state: 'information-requested' },
        { kind: 'line', provider: 'northside' },
      ],
    });
  });

  it('goes to the prime when it is taken back and the provider that held it is no partner any more', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [
      { id: 'SA1', person: margaret, holder: 'st-annes' },
      { id: 'SA2', person: margaret, holder: 'harbour' },
    ]);
    await lived.settles();
    const [pair] = (await lived.pairs()) as [Pair];
    const [theirs = '', gone = ''] = [
      ...(await placesOf(lived, 'cases@st-annes')),
      ...(await placesOf(lived, 'cases@harbour')),
    ];
    await does(lived, theirs, gone, 'merge', 'adele');
    await does(lived, theirs, gone, 'agree', 'isaiah');
    await lived.settles();
    expect(pair.stands.state).toBe('open');
    await lived.wired.run<CaseDoc, void>({ pathwayId: PATHWAY, caseId: gone }, CASE_HEAD, ({ head }) => ({
      change: {
        documents: [caseListed({ ...(head as CaseDoc), holder: { provider: 'former', role: 'nurse' } })],
      },
      answer: undefined,
    }));
    await does(lived, theirs, gone, 'undo', 'adele');
    await lived.settles();
    expect(await lived.caseOf(gone)).toMatchObject({ holder: { provider: 'northside' } });
  });
});

describe('what is in the way of making two cases one', () => {
  const changes = (lived: Lived, caseId: string, to: (head: CaseDoc) => CaseDoc): Promise<void> =>
    lived.wired.run<CaseDoc, void>({ pathwayId: PATHWAY, caseId }, CASE_HEAD, ({ head }) => ({
      change: { documents: [caseListed(to(head as CaseDoc))] },
      answer: undefined,
    }));
  const offered = (lived: Lived, _: string, theirs: string) =>
    lived.offers(margaret, 'st-annes', 'harbour', theirs);

  it.each<[string, (lived: Lived, ours: string, theirs: string) => Promise<unknown>, string]>([
    ['a handover of the one that goes waits', offered, 'waits for somebody'],
    [
      'one of them is closed',
      (lived, ours) => changes(lived, ours, (head) => ({ ...head, state: 'closed' })),
      'is closed',
    ],
    [
      'one of them is made one with another already',
      (lived, _, theirs) => changes(lived, theirs, (head) => ({ ...head, mergedInto: 'ZZZ-ZZZ' })),
      'same referral as case ZZZ-ZZZ',
    ],
    [
      'nobody holds one of them',
      (lived, ours) =>
        changes(lived, ours, ({ holder: _, ...head }) => ({ ...head, unowned: unowned('northside') })),
      'Nobody holds case',
    ],
  ])('%s', async (_, comes, told) => {
    const { lived, theirs, ours } = await begin();
    await comes(lived, ours, theirs);
    const refused = await does(lived, ours, theirs, 'merge', 'alex').catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'Invalid' });
    expect(JSON.stringify((refused as { problems: unknown }).problems)).toContain(told);
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'open' } });
  });

  it('is told when it comes between asking and agreeing', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    await offered(lived, ours, theirs);
    await expect(does(lived, ours, theirs, 'agree', 'adele')).rejects.toThrow('waits for somebody');
  });

  it('leaves both as they are when it comes between agreeing and the cases, and tells whoever asked', async () => {
    const { lived, theirs, ours } = await begin();
    await does(lived, ours, theirs, 'merge', 'alex');
    await does(lived, ours, theirs, 'agree', 'adele');
    await offered(lived, ours, theirs);
    await lived.settles();
    expect(await lived.pair(ours, theirs)).toMatchObject({ stands: { state: 'open' } });
    expect((await lived.caseOf(ours)).mergedFrom).toBeUndefined();
    expect((await lived.caseOf(theirs)).mergedInto).toBeUndefined();
    const told = (await noticesOf(lived, 'tell')).map((one) => ({ ...one, to: JSON.stringify(one.route) }));
    expect(told.sort((one, other) => (one.to < other.to ? -1 : 1))).toMatchObject([
      { line: 'pair.not-merged', route: { provider: 'northside' }, refs: { why: 'waiting' } },
      { line: 'pair.not-merged', route: { provider: 'st-annes' }, refs: { why: 'waiting' } },
      { line: 'pair.not-merged', route: { person: 'alex' }, refs: { why: 'waiting' } },
    ]);
    await sound(lived);
  });
});

const unowned = (provider: string): NonNullable<CaseDoc['unowned']> => ({
  provider,
  list: '000001',
  asOf: NOW,
  since: NOW,
  needBy: NOW,
  agreementVersion: 1,
  climbs: 'alone',
  revision: 1,
  shownTo: [],
});

/** Every button that acts on a case or a handover of it, by itself or by the form that it opens. */
const ACTS: readonly string[] = [
  'case.take',
  'handover.accept',
  'handover.accept.gap',
  'handover.reject',
  'handover.reject.send',
  'handover.ask',
  'handover.ask.send',
  'handover.answer',
  'handover.answer.send',
  'handover.undo',
  'handover.withdraw',
];
/** Those that read, that begin something new, or that go on only with a need that waits, which keeps a case its own. */
const ACTS_NOT: readonly string[] = [
  'handover.flag',
  'unowned.list',
  'list.page',
  'handover.view',
  'handover.offer-another',
  'handover.form.open',
  'handover.form.next',
  'handover.form.back',
  'handover.form.send',
];

describe('a case that counts with another', () => {
  it('is left alone by everything that would act on it, with the number to go on under', async () => {
    const { lived, theirs, ours } = await begin();
    await lived.offers(margaret, 'st-annes', 'northside', theirs);
    const which = { pathwayId: PATHWAY, caseId: theirs, handoverId: 'h1' };
    const offered = await lived.wired.handovers.present(which);
    expect(offered?.handover.state).toBe('information-requested');
    await lived.wired.handovers.press(which, lived.person('adele'), (facts) =>
      withdraw(facts, { revision: facts.handover.revision }),
    );
    await does(lived, ours, theirs, 'merge', 'alex');
    await does(lived, ours, theirs, 'agree', 'adele');
    await lived.settles();
    const asking = {
      pathwayId: PATHWAY,
      actor: lived.person('adele'),
      place: { scope: 'personal', conversationId: 'c' },
    } as const;
    const revision = (await lived.wired.handovers.present(which))?.handover.revision;
    for (const verb of ACTS) {
      const route = lived.wired.verbs.find((one) => one.verb === verb);
      const data = route?.input.parse({ caseId: theirs, handoverId: 'h1', revision });
      const said = await route?.run(asking, data).catch((error: unknown) => error);
      expect(said, verb).toMatchObject({ code: 'merged', message: expect.stringContaining(`/case ${ours}`) });
    }
    const take = lived.wired.typed.find(({ command }) => command === '/take');
    await expect(take?.run(asking, theirs)).rejects.toMatchObject({ code: 'merged' });
    const inputs = { what: 'Ring', owner: 'st-annes||', due: '2026-11-27', from: 'case', caseId: theirs };
    const setting = lived.wired.verbs.find(({ verb }) => verb === 'action.set.send');
    const form = await setting?.run(asking, setting.input.parse({ action: '7K2-M4Z', ...inputs }));
    expect(JSON.stringify(form)).toContain(`Go on there: /case ${ours}`);
    expect((await lived.wired.handovers.present(which))?.handover.state).toBe('withdrawn');
  });

  it('is known by every button of handovers and cases: each acts and is refused, or does not act on it', () => {
    expect(new Set([...ACTS, ...ACTS_NOT])).toEqual(new Set([...HANDOVER_VERBS, ...REGISTER_VERBS]));
    expect(ACTS.filter((verb) => ACTS_NOT.includes(verb))).toEqual([]);
  });

  it('takes along an offer that was cut off before it counted with another', async () => {
    const { lived, theirs, ours } = await begin();
    const claims = createClaims(lived.store, lived.wired.run, systemChance);
    const name = await claims.name(PATHWAY, 'offer', 'northside', 'cut-off');
    await claims.take(PATHWAY, name, 'body', () => theirs);
    await does(lived, ours, theirs, 'merge', 'alex');
    await does(lived, ours, theirs, 'agree', 'adele');
    await lived.settles();
    const content = Content.parse({ person: margaret, ask: { what: 'A visit' } });
    for (const caseId of [theirs, theirs]) {
      const answer = await lived.wired.handovers.offer(
        { kind: 'partner', partner: 'northside' },
        PATHWAY,
        { from: 'northside', to: 'harbour', content, caseId },
        { idempotencyKey: 'cut-off', bodyHash: 'body' },
      );
      expect(answer).toMatchObject({ caseId: ours, handoverId: 'h1' });
    }
    expect((await lived.caseOf(ours)).handovers).toHaveLength(1);
    expect((await lived.caseOf(theirs)).handovers).toEqual([]);
    await sound(lived);
  });

  it('is offered on as the case that it counts with', async () => {
    const { lived, theirs, ours } = await merged();
    expect(await lived.offers(margaret, 'northside', 'harbour', theirs)).toBe(ours);
    expect((await lived.caseOf(theirs)).handovers).toEqual([]);
    expect((await lived.caseOf(ours)).handovers).toHaveLength(1);
  });

  it('goes on being told of by its list, without coming back to the register', async () => {
    const { lived, theirs, ours } = await merged();
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'harbour' }]);
    await lived.settles();
    expect(await lived.caseOf(theirs)).toMatchObject({
      mergedInto: ours,
      listed: { 'st-annes': { holder: 'harbour' } },
    });
    expect(await placesOf(lived, 'cases@st-annes')).toEqual([]);
    expect(await lived.pairs()).toEqual([]);
  });
});
