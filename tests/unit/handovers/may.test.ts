import { describe, expect, it } from 'vitest';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { Change } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Refused } from '../../../src/core/errors.ts';
import type { Facts, Verdict } from '../../../src/handovers/facts.ts';
import type { Handover } from '../../../src/handovers/handover.ts';
import { canOf } from '../../../src/handovers/may.ts';
import { makeOffer } from '../../../src/handovers/offer.ts';
import { accept, mayAccept, mayUndo, UNDO_MS, undo } from '../../../src/handovers/rules.ts';
import type { HeldCase } from '../../../src/register/case.ts';
import { actor, complete, inForce, system, terms } from '../../support/pathway.ts';

const NOW = '2026-11-24T14:00:00.000Z';
const LATER = plusMs(NOW, 60_000);

const { change: made, handover } = makeOffer(
  {
    offer: { from: 'hospital', to: 'hospice', content: complete },
    actor: system('hospital'),
    agreement: inForce,
    caseId: '7K2-M4X',
    claim: 'c1',
    now: NOW,
    answerBy: plusMs(NOW, 15 * 60_000),
    neededBy: plusMs(NOW, 2 * 3_600_000),
  },
  undefined,
);
const caseIn = (change: Change): HeldCase => change.documents?.find(({ id }) => id === 'case') as HeldCase;
const caseDoc = caseIn(made);

const facts = (
  who: PersonActor,
  state: { handover: Handover; caseDoc: HeldCase } = { handover, caseDoc },
  now = LATER,
): Facts => ({ ...state, actor: who, agreed: terms, today: terms, now });
const can = ({ actor: _, ...rest }: Facts, who: PersonActor) => canOf({ ...rest, pathwayId: 'p' }, who);

const nina = actor('nina');
const hospiceWorker: PersonActor = { ...actor('wim'), positions: [{ provider: 'hospice', role: 'worker' }] };

/** Does the rule take the press, whatever it then asks for? */
function taken(press: () => Verdict<Change>): boolean {
  try {
    return press().kind !== 'moved';
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

function acceptedByNina(): { handover: Handover; caseDoc: HeldCase } {
  const verdict = accept(facts(nina), { revision: handover.revision });
  if (verdict.kind !== 'change') throw new Error(`expected a change, got ${verdict.kind}`);
  const after = verdict.change.documents?.find(({ id }) => id === handover.id) as Handover;
  return { handover: after, caseDoc: caseIn(verdict.change) };
}

/** The same case once it was offered on. */
const offeredOn = ({ handovers, ...rest }: HeldCase): HeldCase => ({
  ...rest,
  handovers: [
    ...handovers,
    { id: 'h2', from: 'hospice', to: 'charity', state: 'offered', need: 'h2', claim: 'c2' },
  ],
});

describe('Accept is offered to whom the rule lets accept', () => {
  it.each([
    ['a nurse of the receiver', nina, true],
    ['a colleague whose role answers, but not at this urgency', hospiceWorker, false],
    ['a colleague whose role does not answer', actor('vera'), false],
    ['somebody who works at both ends', actor('both'), true],
    ['somebody of another provider', actor('wim'), false],
  ])('%s', (_, who, expected) => {
    const found = facts(who);
    expect(can(found, who).accept).toBe(expected);
    expect(mayAccept(found)).toBe(expected);
    expect(taken(() => accept(found, { revision: handover.revision }))).toBe(expected);
  });

  it('not to whoever sent it', () => {
    const own: Handover = { ...handover, from: { partner: 'hospital', person: 'nina', outside: true } };
    expect(mayAccept(facts(nina, { handover: own, caseDoc }))).toBe(false);
  });

  it('not once it was answered', () => {
    expect(mayAccept(facts(nina, acceptedByNina()))).toBe(false);
  });
});

describe('Undo is offered to whom the rule lets undo', () => {
  const end = plusMs(LATER, UNDO_MS);
  it.each([
    ['the person who accepted', 'nina', false, end, true],
    ['a colleague', 'noah', false, end, false],
    ['the person who accepted, after its time', 'nina', false, plusMs(end, 1), false],
    ['the person who accepted, once the case was offered on', 'nina', true, end, false],
  ])('%s', (_, who, on, now, expected) => {
    const state = acceptedByNina();
    const found = facts(actor(who), on ? { ...state, caseDoc: offeredOn(state.caseDoc) } : state, now);
    expect(can(found, actor(who)).undo).toBe(expected);
    expect(mayUndo(found)).toBe(expected);
    expect(taken(() => undo(found, { revision: state.handover.revision }))).toBe(expected);
  });

  it('and where the case was offered on, the refusal says so', () => {
    const state = acceptedByNina();
    const found = facts(nina, { ...state, caseDoc: offeredOn(state.caseDoc) });
    expect(() => undo(found, { revision: state.handover.revision })).toThrow(/offered on since/);
  });
});
