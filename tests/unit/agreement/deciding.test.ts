import { describe, expect, it } from 'vitest';
import { ladderCard, raciCard, stepCard } from '../../../src/agreement/cards-ladder.ts';
import { type OnDuty, partyEverywhere, whoDecides } from '../../../src/agreement/deciding.ts';
import { orWords, spanWords, timesWords, timeWords } from '../../../src/agreement/ladder-words.ts';
import { meantBy } from '../../../src/agreement/sides.ts';
import { at, moorland, riverside } from './demo.ts';

const nobody: OnDuty = () => [];
/** Everybody in a role there is on duty. */
const adele: OnDuty = ({ provider, roles }) =>
  provider === 'st-annes' && roles.includes('duty-manager') ? ['adele'] : [];

describe('the providers that a side can mean', () => {
  const ids = (terms: ReturnType<typeof riverside>) =>
    (['receiver', 'sender', 'prime'] as const).map((side) => meantBy(terms, side).map(({ id }) => id));
  it('are those with somebody who can answer or offer, and the prime', () => {
    expect(ids(moorland())).toEqual([
      ['fell-therapy', 'home-again'],
      ['moorland-council', 'fell-therapy', 'home-again'],
      ['moorland-council'],
    ]);
  });
  it('send although nobody there can offer, where they keep the cases of a sender outside', () => {
    const terms = moorland();
    for (const role of terms.roles) role.can = role.can.filter((ability) => ability !== 'offer');
    expect(ids(terms)[1]).toEqual(['moorland-council']);
    terms.outside = [];
    expect(ids(terms)[1]).toEqual([]);
  });
});

describe('who decides', () => {
  const sides = { sender: 'northside', receiver: 'st-annes' };
  it('is one role at one provider for each step, and whoever is on duty', () => {
    expect(
      whoDecides(riverside(), sides, adele).map(({ step, at }) => [
        step,
        at?.role,
        at?.provider.id,
        at?.onDuty,
      ]),
    ).toEqual([
      ['Offering a handover', 'Coordinator', 'northside', []],
      ['Triage of an offered handover', 'Duty manager', 'st-annes', ['Adele Vance']],
      ['Decisions about risk', 'Clinical lead', 'northside', []],
      ['Unanswered handovers and escalations', 'Clinical lead', 'northside', []],
    ]);
  });
  it('asks for nobody on a side where nobody stands, or stands no more', () => {
    for (const receiver of [undefined, 'gone']) {
      const found = whoDecides(riverside(), { sender: 'northside', ...(receiver && { receiver }) }, adele);
      expect(found.map(({ at }) => at !== undefined)).toEqual([true, false, true, true]);
    }
  });
  it('knows where nobody has the role, and a leaver who is still in the rota by no name', () => {
    const terms = riverside();
    at(terms.raci, 1).accountable = { of: 'receiver', role: 'clinician' };
    expect(at(whoDecides(terms, { receiver: 'kindly' }, adele), 1).at).toMatchObject({ onDuty: [] });
    expect(at(whoDecides(terms, { receiver: 'kindly' }, adele), 1).at?.role).toBeUndefined();
    const gone: OnDuty = () => ['left-us'];
    expect(at(whoDecides(riverside(), sides, gone), 0).at?.onDuty).toEqual(['a former colleague']);
  });
  it('lists a party at every provider that it can mean', () => {
    const found = partyEverywhere(riverside(), { of: 'receiver', role: 'clinician' }, nobody);
    expect(found.map(({ provider, role }) => [provider.id, role])).toEqual([
      ['northside', undefined],
      ['harbour', 'Clinician on call'],
      ['st-annes', 'Clinician on call'],
      ['kindly', undefined],
    ]);
  });
});

describe('the cards', () => {
  const text = (view: { data: object }): string => JSON.stringify(view.data);

  it('name steps that find no room, and count providers that find none', () => {
    const terms = riverside();
    const [step] = terms.raci;
    const [, harbour] = terms.providers;
    if (!step || !harbour) throw new Error('the demo has steps and providers');
    terms.raci = Array.from({ length: 10 }, (_, n) => ({ ...step, step: `step-${n}`, name: `Step ${n}` }));
    terms.providers = [
      ...terms.providers,
      ...Array.from({ length: 7 }, (_, n) => ({ ...harbour, id: `more-${n}`, name: `More ${n}` })),
    ];
    terms.people = terms.people.map((person) =>
      person.key === 'isaiah'
        ? {
            ...person,
            positions: [
              ...person.positions,
              ...Array.from({ length: 7 }, (_, n) => ({ provider: `more-${n}`, role: 'duty-manager' })),
            ],
          }
        : person,
    );
    const all = text(raciCard(terms, nobody));
    expect(all).toContain('There is more: type /raci step-8, /raci step-9.');
    expect(all).not.toContain('"Step 8"');
    expect(all).toContain('and 3 more providers');
    expect(text(stepCard(terms, { ...step, name: 'Alone' }, nobody))).not.toContain('There is more');
  });

  it('say who is woken by a service, and whom one has to ring', () => {
    const terms = riverside();
    const one = at(terms.ladder.rungs, 0);
    one.wake = true;
    at(terms.providers, 1).paging = { url: 'https://paging.example/' };
    const words = text(ladderCard(terms));
    expect(words).toContain('Wakes people by the paging service of Harbour Rapid Response');
    expect(words).toContain(
      "Teams wakes nobody: ring Northside Community Trust (0300 123 4501), St Anne's Hospice (0300 123 4503), Kindly Visits (0300 123 4504)",
    );
    one.wake = false;
    expect(text(ladderCard(terms))).not.toContain('paging service');
  });

  it('say which rejections start above the first rung', () => {
    expect(text(ladderCard(riverside()))).toContain(
      'A rejection starts here when it says: Not suitable for this service; Unsafe to accept',
    );
    expect(text(ladderCard(moorland()))).toContain(
      'A rejection starts here when it says: Not for reablement; Our list is full',
    );
  });
});

describe('times in words', () => {
  it.each([
    ['90m', '1 hour 30 minutes'],
    ['1h', '1 hour'],
    ['2d', '2 days'],
    ['1d1m', '1 day 1 minute'],
    ['soon', 'soon'],
  ])('%s is %s', (span, words) => expect(spanWords(span)).toBe(words));
  it('name the clock', () => {
    expect(timeWords({ within: '2h', clock: 'elapsed' })).toBe('2 hours');
    expect(timeWords({ within: '2h', clock: 'service-hours' })).toBe('2 hours of opening time');
    expect(timeWords({ within: '1d', clock: 'working-days' })).toBe('1 working day');
    expect(timeWords({ within: '3d', clock: 'working-days' })).toBe('3 working days');
  });
  it('count and choose', () => {
    expect([1, 2, 3].map(timesWords)).toEqual(['once', 'twice', '3 times']);
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(orWords)).toEqual(['', 'a', 'a or b', 'a, b or c']);
  });
});
