import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Verdict } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import { add } from '../../../src/safeguarding/add.ts';
import { type Concern, standingOf } from '../../../src/safeguarding/concern.ts';
import type { Facts } from '../../../src/safeguarding/facts.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { sectionsOf } from '../../../src/safeguarding/sections.ts';
import { tick } from '../../../src/safeguarding/times.ts';
import { mayKnow } from '../../../src/safeguarding/who.ts';
import { raiserText, standingText } from '../../../src/safeguarding/words.ts';
import { actor, terms } from '../../support/pathway.ts';
import { ground, NOW, raised as sent } from './fixture.ts';

const MINUTE = 60_000;
const LATER = plusMs(NOW, 10 * MINUTE);
/** Raised, and the lead has its card. */
const raised = (...given: Parameters<typeof sent>): Concern => ({
  ...sent(...given),
  delivered: [{ person: 'sana', at: NOW }],
});
const factsOf = (concern: Concern, who: string, now = LATER): Facts => ({
  concern,
  actor: actor(who),
  knows: mayKnow(concern, who, terms) ?? 'raiser',
  today: terms,
  now,
});
const changeOf = (verdict: Verdict): Change => {
  if (verdict.kind !== 'change') throw new Error(`nothing was changed: ${verdict.kind}`);
  return verdict.change;
};
const standsAfter = (change: Change): Concern => change.documents?.[0] as Concern;
const adds = (concern: Concern, who: string, inputs: Record<string, string>, now = LATER): Change =>
  changeOf(add(factsOf(concern, who, now), inputs, concern.revision, ground(now)));
/** Who is told what. */
const told = ({ notices = [] }: Change): string[] =>
  notices.flatMap((one) =>
    one.form === 'tell' ? [`${one.line} ${one.route.to === 'person' ? one.route.person : one.route.to}`] : [],
  );
const acknowledgedBy = (who: string, concern: Concern): Concern =>
  standsAfter(changeOf(acknowledge(factsOf(concern, who))));

describe('what is added to a concern', () => {
  it('stands beside what was told, with who and when; fact and opinion apart', () => {
    const concern = raised();
    const change = adds(concern, 'wim', { facts: ' He rang again. ', opinion: 'She is afraid.' });
    expect(standsAfter(change).added).toEqual([
      { n: 1, by: concern.raisedBy, at: LATER, facts: 'He rang again.', opinion: 'She is afraid.' },
    ]);
    expect(standsAfter(change).told).toEqual(concern.told);
    expect(change.events).toEqual([
      expect.objectContaining({
        type: 'concern.added',
        data: { concern: '7K2-M4Z', n: 1, danger: null },
      }),
    ]);
    expect(JSON.stringify(change.events)).not.toMatch(/rang|afraid/);
    expect(told(change)).toEqual([]);
  });

  it.each([
    [{}, ['facts']],
    [{ facts: '  ', opinion: '​' }, ['facts']],
    [{ facts: 'x'.repeat(4_001) }, ['facts']],
    [{ facts: 'He rang.', danger: 'perhaps' }, ['danger']],
  ])('is refused with what to do where it is %j', (inputs, fields) => {
    try {
      adds(raised(), 'wim', inputs as Record<string, string>);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Invalid);
      expect((error as Invalid).problems.map(({ field }) => field)).toEqual(fields);
    }
  });

  it('is refused once it is closed', () => {
    const concern = raised();
    const closed = { ...concern, closed: { by: concern.raisedBy, at: NOW } };
    expect(() => adds(closed, 'wim', { facts: 'He rang.' })).toThrow(Refused);
  });

  it('is added once however often the form is sent, and again from a new form', () => {
    const concern = raised();
    const once = standsAfter(adds(concern, 'wim', { facts: 'He rang.' }));
    const again = add(factsOf(once, 'wim'), { facts: 'He rang.' }, concern.revision, ground(LATER));
    expect(again).toEqual({ kind: 'done' });
    expect(standsAfter(adds(once, 'wim', { facts: 'He rang.' })).added).toHaveLength(2);
  });

  it('is told to whoever has it, not to whoever added it; the raiser reads only what they added', () => {
    const concern = acknowledgedBy('sana', raised());
    expect(told(adds(concern, 'wim', { facts: 'He rang.' }))).toEqual(['concern.added sana']);
    const hers = adds(concern, 'sana', { facts: 'Ring the police on Monday.' });
    expect(told(hers)).toEqual([]);
    const present = { concern: standsAfter(hers), today: terms, now: LATER };
    expect(JSON.stringify(sectionsOf({ ...present, knows: 'safeguarding' }))).toContain('Ring the police');
    expect(JSON.stringify(sectionsOf({ ...present, knows: 'raiser' }))).not.toContain('Ring the police');
  });
});

describe('danger that is added', () => {
  const inputs = { facts: 'He is at the door.', danger: 'yes' };

  it('makes it urgent, and asks those who were asked anew, in the urgent time', () => {
    const concern = raised();
    const change = adds(concern, 'wim', inputs);
    const now = standsAfter(change);
    expect(now.urgent).toBe(true);
    expect(now.acknowledgeBy).toBe(plusMs(LATER, 60 * MINUTE));
    expect(now.asked.map(({ people, state, because }) => [people, state, because])).toEqual([
      [['sana'], 'passed', 'raised'],
      [['sana'], 'waiting', 'danger'],
    ]);
    expect(now.asked[1]?.due).toBe(plusMs(LATER, 15 * MINUTE));
    expect(change.timers).toEqual([
      expect.objectContaining({ fires: 'concern.due', due: now.asked[1]?.due }),
    ]);
    expect(told(change)).toContain('concern.danger sana');
  });

  it('never brings the next later than they would have been asked', () => {
    const late = plusMs(NOW, 115 * MINUTE);
    const concern = raised();
    const now = standsAfter(adds(concern, 'wim', inputs, late));
    expect(concern.asked[0]?.due).toBe(plusMs(NOW, 120 * MINUTE));
    expect(now.asked[1]?.due).toBe(concern.asked[0]?.due);
  });

  it('asks about it again where it had been acknowledged; that it was stays on record', () => {
    const concern = acknowledgedBy('sana', raised());
    const change = adds(concern, 'wim', inputs);
    const now = standsAfter(change);
    expect(now.acknowledged).toBeUndefined();
    expect(now.lapsed).toEqual([
      { ...concern.acknowledged, what: 'acknowledged', until: LATER, because: 'danger' },
    ]);
    expect(now.acknowledgeBy).toBe(plusMs(LATER, 60 * MINUTE));
    expect(told(change)).toEqual(['concern.danger sana']);
    expect(standingOf({ ...now, decided: concern.raisedBy && { by: concern.raisedBy, at: NOW } })).toBe(
      'opened',
    );
    expect(standingText(now, terms, LATER)).toContain('Not acknowledged again yet');
    expect(raiserText(now, terms, LATER)).toContain('Nobody has answered it yet');
    const due = now.asked.at(-1)?.due ?? '';
    const climbed = tick(now, ground(due));
    expect(standsAfter(climbed as Change).asked.at(-1)?.people).toEqual(['dora']);
    const over = acknowledgedBy('dora', now);
    expect(raiserText(over, terms, LATER)).toContain('Seen, and answered for');
  });

  it('said by whoever has it asks nobody again; said of what is urgent already tells those asked, and keeps their time', () => {
    const has = acknowledgedBy('sana', raised());
    const own = adds(has, 'sana', inputs);
    expect(standsAfter(own)).toMatchObject({ urgent: true, acknowledged: has.acknowledged });
    expect(told(own)).toEqual([]);
    const urgent = raised({ told: { danger: 'yes' } });
    const more = adds(urgent, 'wim', inputs);
    expect(standsAfter(more).asked).toEqual(urgent.asked);
    expect(told(more)).toEqual(['concern.danger sana']);
  });

  it('never changes a word that stood, nor lets anything come later', () => {
    const one = fc.record({
      who: fc.constantFrom('wim', 'sana', 'dora'),
      facts: fc.string({ minLength: 1, maxLength: 20 }).filter((text) => /[a-z]/.test(text)),
      danger: fc.constantFrom('', 'yes', 'no', 'unknown'),
      acknowledges: fc.boolean(),
      minutes: fc.integer({ min: 0, max: 90 }),
    });
    let asked = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (all) => {
        let concern = raised();
        let now = NOW;
        for (const { who, facts, danger, acknowledges, minutes } of all) {
          now = plusMs(now, minutes * MINUTE);
          const text = facts.replaceAll('\0', '').trim();
          const next = standsAfter(adds(concern, who, { facts: text, danger }, now));
          expect(next.told).toEqual(concern.told);
          expect(next.added.slice(0, -1)).toEqual(concern.added);
          if (!concern.acknowledged && !next.acknowledged) {
            expect(next.acknowledgeBy <= concern.acknowledgeBy).toBe(true);
            const due = (c: Concern) => c.asked.find(({ state }) => state === 'waiting')?.due ?? '';
            expect(due(next) <= due(concern)).toBe(true);
          }
          expect(next.asked.filter(({ state }) => state === 'waiting').length).toBe(
            next.acknowledged ? 0 : 1,
          );
          asked += next.asked.length > concern.asked.length ? 1 : 0;
          concern = acknowledges && !next.acknowledged ? acknowledgedBy('sana', next) : next;
        }
      }),
      { numRuns: 200 },
    );
    expect(asked).toBeGreaterThan(20);
  });
});
