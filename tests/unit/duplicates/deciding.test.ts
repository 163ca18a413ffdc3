import { describe, expect, it } from 'vitest';
import type { PersonActor } from '../../../src/core/actors.ts';
import { Invalid } from '../../../src/core/errors.ts';
import type { Facts } from '../../../src/duplicates/facts.ts';
import type { Pair, Standing } from '../../../src/duplicates/pair.ts';
import { apart, type Verdict } from '../../../src/duplicates/rules.ts';
import { agree, disagree, link, merge, obstacles, undo } from '../../../src/duplicates/same-person.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { terms } from '../../support/pathway.ts';
import { nobodys } from '../register/case-fixture.ts';

const NOW = '2026-11-24T10:00:00.000Z';
const [A, B] = ['7K2-M4X', '7K2-XYZ'];
const someone = (person: string, provider: string, role = 'coordinator'): PersonActor => ({
  kind: 'person',
  person,
  name: person,
  positions: [{ provider, role }],
});
/** Of the hospice, of the charity, and of nobody who decides. */
const hanna = someone('hanna', 'hospice');
const carl = someone('carl', 'charity');
const nina = someone('nina', 'hospice', 'nurse');

const { unowned: _, ...plain } = nobodys;
const a: CaseDoc = { ...plain, caseId: A, holder: { provider: 'hospice', role: 'nurse' } };
const b: CaseDoc = { ...plain, caseId: B, holder: { provider: 'charity', role: 'worker' } };
const said = {
  by: { person: 'hanna', name: 'Hanna', provider: 'hospice', role: 'coordinator' },
  person: 'hanna',
};
const STANDS: Readonly<Record<string, Standing>> = {
  open: { state: 'open' },
  asked: { state: 'asked', keep: A, agreed: [], ...said, at: NOW },
  linked: { state: 'linked', ...said, at: NOW },
  merged: { state: 'merged', keep: A, ...said, at: NOW },
  apart: { state: 'apart', reason: 'Seen together', ...said, at: NOW },
};
const pairIn = (stands: Standing): Pair => ({
  id: 'pair',
  kind: 'pair',
  schema: 1,
  audit: { seq: 1, hash: 'h' },
  a: A,
  b: B,
  revision: 3,
  band: 'likely',
  reasons: ['Same birth date'],
  said: { a: 'h1', b: 'h2' },
  providers: ['hospice', 'charity'],
  owner: 'charity',
  since: NOW,
  stands,
});
const factsOf = (stands: string, actor: PersonActor, more: Partial<Facts> = {}): Facts => ({
  pair: pairIn(STANDS[stands] ?? { state: 'open' }),
  a,
  b,
  busy: [],
  actor,
  today: terms,
  now: NOW,
  ...more,
});

const press = { revision: 3, keep: A, reason: 'Different referrers, seen together' };
type Rule = (facts: Facts, press: { revision: number; keep: string; reason: string }) => Verdict;
const RULES: readonly (readonly [string, Rule, string, PersonActor])[] = [
  ['link', link, 'open', hanna],
  ['merge', merge, 'open', hanna],
  ['apart', apart, 'open', hanna],
  ['agree', agree, 'asked', carl],
  ['disagree', disagree, 'asked', carl],
  ['undo', undo, 'merged', hanna],
];

describe.each(RULES)('%s', (verb, rule, stands, actor) => {
  it('is taken once: the same press again is done, and an older card shows how it stands', () => {
    const facts = factsOf(stands, actor);
    const verdict = rule(facts, press);
    if (verdict.kind !== 'change') throw new Error(verdict.kind);
    const after = { ...facts, pair: verdict.pair };
    expect(verdict.pair.revision).toBe(4);
    expect(verdict.pair.last).toEqual({ verb, person: actor.person, fromRevision: 3 });
    expect(rule(after, press)).toEqual({ kind: 'done' });
    expect(rule({ ...after, actor: someone('other', 'hospice') }, press)).toEqual({ kind: 'moved' });
    expect(rule(factsOf(stands, actor), { ...press, revision: 2 })).toEqual({ kind: 'moved' });
  });

  it('says which cases it is about in the record, and looks for what comes next', () => {
    const verdict = rule(factsOf(stands, actor), press);
    if (verdict.kind !== 'change') throw new Error(verdict.kind);
    const { events = [], timers = [] } = verdict.change;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ by: { person: actor.person }, data: { cases: [A, B] } });
    expect(JSON.stringify(events)).not.toContain(press.reason);
    expect(timers.map(({ fires }) => fires)).toContain('duplicates.look');
  });

  it('is for whoever coordinates at one of the two, and nobody else', () => {
    for (const other of [nina, someone('eve', 'elsewhere')])
      expect(() => rule(factsOf(stands, other), press)).toThrow('There is no such pair');
  });

  it('moves nothing that stands otherwise', () => {
    const others = Object.keys(STANDS).filter((one) => one !== stands);
    const moved = others.filter((one) => rule(factsOf(one, actor), press).kind === 'moved');
    expect(moved).toEqual(verb === 'undo' ? ['open'] : others);
  });
});

describe('one referral', () => {
  it('is of one of the two cases', () => {
    expect(() => merge(factsOf('open', hanna), { ...press, keep: '7K2-ABC' })).toThrow(Invalid);
    expect(() => merge(factsOf('open', hanna), { ...press, keep: B })).not.toThrow();
  });

  it('is carried at once where one provider answers for both, and asked of the other where two do', () => {
    const ours = { ...b, holder: { provider: 'hospice', role: 'nurse' } };
    const stateOf = (verdict: Verdict) => (verdict.kind === 'change' ? verdict.pair.stands.state : '');
    expect(stateOf(merge(factsOf('open', hanna), press))).toBe('asked');
    expect(stateOf(merge(factsOf('open', hanna, { b: ours }), press))).toBe('merging');
    expect(stateOf(agree(factsOf('asked', carl), press))).toBe('merging');
  });

  it('is agreed by somebody else of the provider that is asked', () => {
    expect(() => agree(factsOf('asked', hanna), press)).toThrow('This waits for Test Charity');
    const herself = { ...hanna, positions: [...hanna.positions, ...carl.positions] };
    expect(() => agree(factsOf('asked', herself), press)).toThrow('somebody else');
  });

  const changed = { marked: 'changed-identity' } as const;
  it.each<[string, Partial<Facts>, string, RegExp[]]>([
    ['of two that are open and held', {}, A, []],
    ['of a closed one', { b: { ...b, state: 'closed' } }, A, [/7K2-XYZ is closed/]],
    [
      'of a merged one',
      { a: { ...a, mergedInto: '7K2-ABC' } },
      A,
      [/7K2-M4X is the same referral as case 7K2-ABC/],
    ],
    ['of one that nobody holds', { b: nobodysNamed(B) }, A, [/Nobody holds case 7K2-XYZ/]],
    ['while a handover of the one that goes waits', { busy: [B] }, A, [/A handover of case 7K2-XYZ waits/]],
    ['while a handover of the one that stays waits', { busy: [A] }, A, []],
    [
      'where the one that goes has the changed identity',
      { b: { ...b, ...changed } },
      A,
      [/case 7K2-XYZ.*Keep that/],
    ],
    ['where the one that stays has it', { b: { ...b, ...changed } }, B, []],
    ['where both have it', { a: { ...a, ...changed }, b: { ...b, ...changed } }, A, []],
  ])('%s: what is in the way', (_, more, keep, expected) => {
    const found = obstacles(factsOf('open', hanna, more), keep);
    expect(found).toHaveLength(expected.length);
    for (const [at, text] of expected.entries()) expect(found[at]).toMatch(text);
  });
});

function nobodysNamed(caseId: string): CaseDoc {
  return { ...nobodys, caseId };
}
