import { describe, expect, it } from 'vitest';
import { caseCard } from '../../../src/handovers/cards-lists.ts';
import { makeOffer } from '../../../src/handovers/offer.ts';
import {
  type CaseDoc,
  caseLabel,
  caseListed,
  heldBy,
  heldCase,
  identified,
  isCandidate,
  keeperOf,
} from '../../../src/register/case.ts';
import { actor, complete, inForce, terms } from '../../support/pathway.ts';
import { NOW, nobodys } from './case-fixture.ts';

describe('a case that nobody holds', () => {
  it('stands on the lists of what is unowned, and on nobody’s cases', () => {
    expect(caseListed(nobodys).lists).toEqual({
      chains: '7K2-M4X',
      identity: `${NOW}|7K2-M4X`,
      unowned: `${NOW}|7K2-M4X`,
      'unowned@hospice': `${NOW}|7K2-M4X`,
      'listed@hospice': '000001|7K2-M4X',
    });
  });

  it('stands with the others of its list where they climb as one', () => {
    const unowned = nobodys.unowned && { ...nobodys.unowned, climbs: 'with-its-list' as const };
    expect(caseListed({ ...nobodys, ...(unowned && { unowned }) }).lists).toMatchObject({
      'unowned.of@hospice': '000001|7K2-M4X',
    });
  });

  it('leaves them all when somebody holds it', () => {
    const held = { ...nobodys, holder: { provider: 'charity', role: 'worker' } };
    expect(Object.keys(caseListed(held).lists ?? {}).sort()).toEqual([
      'cases@charity',
      'chains',
      'identity',
      'listed@hospice',
    ]);
  });

  it('cannot be offered on before somebody takes it, and says how', () => {
    const offer = { from: 'hospice', to: 'charity', caseId: nobodys.caseId, content: complete };
    const times = { now: NOW, answerBy: NOW, neededBy: NOW };
    const making = {
      offer,
      actor: actor('nina'),
      agreement: inForce,
      caseId: nobodys.caseId,
      claim: 'c',
      ...times,
    };
    const refused = 'Nobody holds this case. Take it first: /take 7K2-M4X';
    expect(() => makeOffer(making, { caseDoc: nobodys, last: undefined })).toThrow(refused);
    expect(() => heldCase(nobodys)).toThrow(refused);
    const holder = { provider: 'hospice', role: 'nurse' };
    const { change } = makeOffer(making, { caseDoc: { ...nobodys, holder }, last: undefined });
    expect(change.documents?.[0]).toMatchObject({ holder, handovers: [{ id: 'h1' }] });
  });

  it('says so on /case, and asks nobody to decide in the place of a holder', () => {
    expect(heldBy(undefined, terms)).toBe('Nobody holds this case');
    const view = caseCard(nobodys, terms, NOW, { entitled: false, onDuty: () => [] });
    expect(view.summary).toBe('Case 7K2-M4X. Nobody holds this case.');
    expect(view.data).toMatchObject({ holder: 'Nobody holds this case' });
    expect(JSON.stringify(view)).not.toContain('Margaret');
  });
});

describe('a merged case', () => {
  const holder = { provider: 'charity', role: 'worker' };

  it('counts with the other: it is on nobody’s list of cases, held or not', () => {
    for (const one of [nobodys, { ...nobodys, holder }]) {
      const lists = Object.keys(caseListed({ ...one, mergedInto: '7K2-XYZ' }).lists ?? {});
      expect(lists).toContain('merged');
      expect(lists.filter((name) => /^(?:cases|unowned)/.test(name))).toEqual([]);
    }
  });

  it.each([
    [{}, true],
    [{ state: 'closed' as const }, false],
    [{ mergedInto: '7K2-XYZ' }, false],
  ])('and a closed one are suggested to nobody: %j', (more, candidate) => {
    expect(isCandidate({ ...nobodys, ...more })).toBe(candidate);
  });
});

describe('what a change of a case means for finding duplicates', () => {
  const LATER = '2026-11-24T09:00:00.000Z';
  const holder = { provider: 'charity', role: 'worker' };
  const means = (before: CaseDoc | undefined, after: CaseDoc) => {
    const { documents = [], events, timers } = identified(before, { documents: [after] }, LATER);
    return {
      told: documents.some((doc) => (doc as CaseDoc).identityAt === LATER),
      marks: (events ?? []).map(({ type, data }) => [type, data]),
      looked: (timers ?? []).map(({ fires, due }) => [fires, due]),
    };
  };
  const looked = [['duplicates.look', LATER]];
  const marks = (marked: string) => [['case.marked', { marked }]];
  const held = { ...nobodys, holder };
  const restricted = { ...nobodys, marked: 'restricted' as const };

  it.each<[string, CaseDoc | undefined, CaseDoc, object]>([
    ['a new case is told and looked at', undefined, nobodys, { told: true, marks: [], looked }],
    ['the same again means nothing', nobodys, nobodys, { told: false, marks: [], looked: [] }],
    [
      'another surname is told',
      nobodys,
      { ...nobodys, person: { given: 'Margaret', surname: 'Sample' } },
      { told: true, marks: [], looked },
    ],
    [
      'a name in the other field is told',
      nobodys,
      { ...nobodys, person: { surname: 'Margaret', given: 'Example' } },
      { told: true, marks: [], looked },
    ],
    [
      'another address says nothing of who it is',
      nobodys,
      { ...nobodys, person: { ...nobodys.person, address: '1 High Street' } },
      { told: false, marks: [], looked: [] },
    ],
    ['who takes it answers for it', nobodys, held, { told: false, marks: [], looked }],
    [
      'whose list brought it answers for it as before once it is held there',
      nobodys,
      { ...nobodys, holder: { provider: 'hospice', role: 'nurse' } },
      { told: false, marks: [], looked: [] },
    ],
    ['a mark is recorded once', nobodys, restricted, { told: false, marks: marks('restricted'), looked }],
    ['a mark that stays is not', restricted, restricted, { told: false, marks: [], looked: [] }],
    [
      'a stronger mark is',
      restricted,
      { ...nobodys, marked: 'changed-identity' },
      { told: false, marks: marks('changed-identity'), looked },
    ],
    [
      'what is new and marked is both',
      undefined,
      restricted,
      { told: true, marks: marks('restricted'), looked },
    ],
    ['a closed case is suggested no more', nobodys, { ...nobodys, state: 'closed' }, { looked }],
    ['a reopened one is again', { ...nobodys, state: 'closed' }, nobodys, { looked }],
  ])('%s', (_, before, after, meaning) => {
    expect(means(before, after)).toMatchObject(meaning);
  });

  it('is recorded as by whoever made it, and by the register where nobody did', () => {
    const restricted = { ...nobodys, marked: 'restricted' as const };
    const by = { system: 'operator' };
    const event = { type: 'case.listed', by, data: {} };
    for (const [events, author] of [
      [[event], by],
      [[], { system: 'register' }],
    ] as const) {
      const change = identified(nobodys, { documents: [restricted], events: [...events] }, LATER);
      expect(change.events?.at(-1)).toMatchObject({ type: 'case.marked', by: author });
    }
  });

  it('has its handovers read anew where an earlier name is kept out now, if it has any', () => {
    const changed = { ...nobodys, marked: 'changed-identity' as const, earlierNames: ['Peter'] };
    const handover = { id: 'h1', from: 'a', to: 'b', state: 'accepted', need: 'x', claim: 'c' } as const;
    const fires = (after: CaseDoc, before: CaseDoc = nobodys) =>
      (identified(before, { documents: [after] }, LATER).timers ?? []).map((one) => one.fires);
    expect(fires({ ...changed, handovers: [handover] })).toContain('handover.renamed');
    expect(fires(changed)).not.toContain('handover.renamed');
    const known = { ...changed, handovers: [handover] };
    expect(fires({ ...known, state: 'closed' }, known)).toEqual(['duplicates.look']);
  });

  it('is nothing where the change has no case', () => {
    expect(identified(nobodys, { events: [] }, LATER)).toEqual({ events: [] });
  });

  it('keeps the mark on the case itself', () => {
    const told = { ...nobodys, person: { ...nobodys.person, marked: 'restricted' as const } };
    expect(caseListed(told).marked).toBe('restricted');
    expect(caseListed(nobodys)).not.toHaveProperty('marked');
  });

  it.each([
    [held, 'charity'],
    [nobodys, 'hospice'],
  ])('is answered for by its holder, or whose list brought it', (one, keeper) => {
    expect(keeperOf(one)).toBe(keeper);
  });
});

describe('how a case is named and whose it is', () => {
  const person = { given: '(Margaret', surname: 'Example' };

  it.each([
    [person, terms, '7K2-M4X · M.E.'],
    [person, { ...terms, initialsOnCards: false }, '7K2-M4X'],
    [{}, terms, '7K2-M4X'],
  ])('%j', (of, agreed, label) => {
    expect(caseLabel('7K2-M4X', of, agreed)).toBe(label);
  });

  it.each([
    [{ provider: 'charity', role: 'worker' }, 'Held by Test Charity (worker)'],
    [{ provider: 'charity', role: 'worker', person: 'wim' }, 'Held by Test Charity (Wim Test, worker)'],
    // A role that was agreed once, and is no more.
    [{ provider: 'charity', role: 'porter' }, 'Held by Test Charity'],
  ])('%j', (holder, text) => {
    expect(heldBy(holder, terms)).toBe(text);
  });
});
