import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import { NOBODY, sayWhom } from '../../../src/safeguarding/about.ts';
import { timerOf } from '../../../src/safeguarding/ask.ts';
import { type Concern, type Named, stillAsked } from '../../../src/safeguarding/concern.ts';
import { handOn } from '../../../src/safeguarding/hand-on.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { tick } from '../../../src/safeguarding/times.ts';
import { inConflict, mayKnow } from '../../../src/safeguarding/who.ts';
import { terms } from '../../support/pathway.ts';
import { factsOf } from './changes.ts';
import { ground, NOW, raised } from './fixture.ts';

const people = ['sana', 'dora', 'olu', 'petra', 'nina'];
const step = fc.record({
  by: fc.constantFrom(...people),
  does: fc.constantFrom('about', 'acknowledge', 'hand-on', 'time'),
  staff: fc.constantFrom('yes', 'no'),
  people: fc.subarray(people),
  match: fc.oneof(fc.subarray(people, { minLength: 1 }), fc.constant([NOBODY])),
  to: fc.constantFrom(...people),
  minutes: fc.integer({ min: 1, max: 300 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const start = fc.record({
  danger: fc.constantFrom('yes' as const, 'no' as const),
  staff: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
  named: fc.constantFrom<readonly Named[]>(
    [],
    [{ typed: 'Zebedee' }],
    [{ typed: 'Sana' }],
    [{ person: 'olu' }],
  ),
});

/** What this step changes, if it may be done and does. */
function changeOf(concern: Concern, one: Step, now: string): Change | undefined {
  const at = ground(now);
  if (one.does === 'time') return tick(concern, at);
  if (mayKnow(concern, one.by, terms) !== 'safeguarding') return undefined;
  const facts = factsOf(concern, one.by, now);
  const inputs = {
    staff: one.staff,
    people: one.people.join(','),
    match0: one.match.join(','),
    to: one.to,
    handWhy: 'Away from tonight',
  };
  try {
    const verdict =
      one.does === 'about'
        ? sayWhom(facts, inputs, at)
        : one.does === 'hand-on'
          ? handOn(facts, inputs, at)
          : acknowledge(facts);
    return verdict.kind === 'change' ? verdict.change : undefined;
  } catch (error) {
    if (error instanceof Invalid || error instanceof Refused) return undefined;
    throw error;
  }
}

const waiting = ({ asked }: Concern): string[] =>
  asked.filter(({ state }) => state === 'waiting').flatMap(stillAsked);

/** Nobody in conflict is entitled, is asked, has it, or is told anything but, once, that it is not theirs any more. */
function keepsOut(before: Concern, concern: Concern, { notices = [] }: Change): number {
  const conflict = inConflict(concern, terms);
  const told = notices.filter(({ route }) => route.to === 'person' && conflict.has(route.person));
  for (const { form, route } of told) {
    expect(form).toBe('show');
    expect(before.shownTo).toContainEqual(route);
    expect(concern.shownTo).not.toContainEqual(route);
  }
  for (const person of conflict) {
    expect(mayKnow(concern, person, terms)).not.toBe('safeguarding');
    expect(waiting(concern)).not.toContain(person);
    expect(concern.acknowledged?.by.person).not.toBe(person);
  }
  return told.length;
}

/** Acknowledged, or somebody is asked or the outside contact is waited for, and something happens by itself then. */
function waitsForSomebody(concern: Concern): void {
  const { due } = timerOf(concern, terms);
  if (concern.acknowledged) {
    expect(due).toBeNull();
    return;
  }
  expect(due).not.toBeNull();
  const asks = concern.asked.some((one) => one.state === 'waiting' && one.due >= (due ?? ''));
  const reminds = concern.outside !== undefined && concern.outside.remindAt >= (due ?? '');
  expect([asks && waiting(concern).length > 0, reminds]).toContain(true);
}

it('whatever is named, matched, handed on and acknowledged: nobody in conflict has it, and somebody is always asked', () => {
  const met = { changes: 0, turned: 0, outside: 0, handed: 0, lapsed: 0 };
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 14 }), ({ danger, staff, named }, steps) => {
      let concern = raised({ told: { danger, staff }, named });
      let now = NOW;
      waitsForSomebody(concern);
      for (const one of steps) {
        if (one.does === 'time') now = plusMs(now, one.minutes * 60_000);
        const change = changeOf(concern, one, now);
        if (!change) continue;
        const before = concern;
        concern = change.documents?.[0] as Concern;
        met.changes++;
        met.turned += keepsOut(before, concern, change);
        waitsForSomebody(concern);
        // Nothing is edited, only added to.
        expect(concern.told).toEqual(before.told);
        for (const list of ['about', 'lapsed', 'handedOn'] as const)
          expect(concern[list]?.slice(0, before[list]?.length ?? 0) ?? []).toEqual(before[list] ?? []);
      }
      met.outside += concern.outside ? 1 : 0;
      met.handed += concern.handedOn?.length ?? 0;
      met.lapsed += concern.lapsed?.filter(({ because }) => because === 'may-not-know').length ?? 0;
    }),
    { numRuns: 1_000 },
  );
  console.log(JSON.stringify(met));
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(20);
});
