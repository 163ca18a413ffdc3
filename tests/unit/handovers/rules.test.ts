import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/actors.ts';
import type { Change, NoticeDraft } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import type { Facts, Verdict } from '../../../src/handovers/facts.ts';
import type { Content, Handover } from '../../../src/handovers/handover.ts';
import { answer, complete as completeIt, overdue } from '../../../src/handovers/information.ts';
import { isOpen } from '../../../src/handovers/lists.ts';
import { makeOffer } from '../../../src/handovers/offer.ts';
import { accept, ask, mayView, reject, UNDO_MS, undo, withdraw } from '../../../src/handovers/rules.ts';
import type { HeldCase } from '../../../src/register/case.ts';
import { actor, complete, inForce, system, terms } from '../../support/pathway.ts';

const NOW = '2026-11-24T14:00:00.000Z';
const LATER = plusMs(NOW, 60_000);

interface State {
  readonly caseDoc: HeldCase;
  readonly handover: Handover;
}

function offered(content: Content = complete, by: Actor = system('hospital'), from = 'hospital'): State {
  const { change, handover } = makeOffer(
    {
      offer: { from, to: 'hospice', content },
      actor: by,
      agreement: inForce,
      caseId: '7K2-M4X',
      claim: 'c1',
      now: NOW,
      answerBy: plusMs(NOW, 15 * 60_000),
      neededBy: plusMs(NOW, 2 * 3_600_000),
    },
    undefined,
  );
  return { caseDoc: caseOf(change), handover };
}

const caseOf = (change: Change): HeldCase => {
  const found = change.documents?.find((doc) => doc.id === 'case');
  if (!found) throw new Error('the change has no case');
  return found as HeldCase;
};

const facts = (state: State, who: Actor, now = LATER): Facts => ({
  ...state,
  actor: who,
  agreed: terms,
  today: terms,
  now,
});

/** The state after a verdict that must be a change. */
function stateAfter(state: State, verdict: Verdict<Change>): State {
  if (verdict.kind !== 'change') throw new Error(`expected a change, got ${verdict.kind}`);
  const { documents } = verdict.change;
  return {
    caseDoc: (documents?.find((doc) => doc.id === 'case') as HeldCase) ?? state.caseDoc,
    handover: (documents?.find((doc) => doc.id === 'handover:h1') as Handover) ?? state.handover,
  };
}

const notices = (verdict: Verdict<Change>): readonly NoticeDraft[] =>
  verdict.kind === 'change' ? (verdict.change.notices ?? []) : [];
const whereTo = ({ route }: NoticeDraft): string => (route.to === 'person' ? route.person : route.provider);
const shows = (verdict: Verdict<Change>): string[] =>
  notices(verdict).flatMap((notice) => (notice.form === 'show' ? [whereTo(notice)] : []));
const tells = (verdict: Verdict<Change>): string[] =>
  notices(verdict).flatMap((notice) =>
    notice.form === 'tell' ? [`${notice.line} → ${whereTo(notice)}`] : [],
  );
const press = (state: State) => ({ revision: state.handover.revision });

const nina = actor('nina');
const incomplete: Content = { ...complete, plan: {} };

describe('offering', () => {
  it('keeps an outside sender’s case with the partner role that the agreement names', () => {
    expect(offered().caseDoc.holder).toEqual({ provider: 'prime', role: 'coordinator' });
  });

  it('keeps what is below the minimum dataset as information requested, and says what is missing', () => {
    const { handover } = offered(incomplete);
    expect(handover).toMatchObject({
      state: 'information-requested',
      askedBy: 'dataset',
      missing: ['plan.nextReview'],
    });
  });

  it('marks an invalid NHS number of a system and offers it all the same', () => {
    const odd: Content = { ...complete, person: { ...complete.person, nhsNumber: '9434765918' } };
    expect(offered(odd).handover).toMatchObject({ state: 'offered', warnings: ['nhs-number-invalid'] });
  });
});

describe('accepting', () => {
  it('moves the case to the receiver in the same change', () => {
    const state = offered();
    const verdict = accept(facts(state, nina), press(state));
    expect(stateAfter(state, verdict)).toMatchObject({
      caseDoc: { holder: { provider: 'hospice', role: 'nurse' } },
      handover: { state: 'accepted', revision: 2 },
    });
  });

  it.each([
    ['a colleague without the role', 'vera', 'role', /not part of your role/],
    [
      'somebody of another provider',
      'wim',
      'provider',
      /offered to St Test Hospice; you are signed in for Test Charity/,
    ],
    ['the prime’s clinical lead', 'lena', 'provider', /offered to St Test Hospice/],
  ])('refuses %s', (_, who, code, words) => {
    const state = offered();
    const refused = (): unknown => accept(facts(state, actor(who)), press(state));
    expect(refused).toThrow(words);
    expect(refused).toThrow(expect.objectContaining({ code }));
  });

  it('lets nobody accept their own offer', () => {
    const state = offered(complete, actor('both'), 'prime');
    expect(() => accept(facts(state, actor('both')), { ...press(state), as: 'hospice' })).toThrow(/yourself/);
  });

  it('asks somebody at both ends for which provider they act, and refuses the sender’s side', () => {
    const state = offered();
    expect(accept(facts(state, actor('both')), press(state)).kind).toBe('choose');
    expect(accept(facts(state, actor('both')), { ...press(state), as: 'hospice' }).kind).toBe('change');
    expect(() => accept(facts(state, actor('both')), { ...press(state), as: 'prime' })).toThrow(
      /you chose Prime Trust/,
    );
  });

  it('asks for a reason when something is missing, and marks what was accepted with a gap', () => {
    const state = offered(incomplete);
    expect(accept(facts(state, nina), press(state)).kind).toBe('gap');
    expect(() => accept(facts(state, nina), { ...press(state), gap: 'because' })).toThrow(Invalid);
    const verdict = accept(facts(state, nina), { ...press(state), gap: 'known' });
    expect(stateAfter(state, verdict).handover).toMatchObject({
      gap: { reason: 'known', missing: ['plan.nextReview'] },
    });
  });

  it('answers the same click again with done, and anybody else’s with where it stands', () => {
    const state = offered();
    const accepted = stateAfter(state, accept(facts(state, nina), press(state)));
    expect(accept(facts(accepted, nina), press(state)).kind).toBe('done');
    expect(accept(facts(accepted, actor('noah')), press(state)).kind).toBe('moved');
    expect(reject(facts(accepted, nina), { ...press(state), reason: 'duplicate', next: 'x' }).kind).toBe(
      'moved',
    );
  });
});

describe('undoing', () => {
  const state = offered();
  const accepted = stateAfter(state, accept(facts(state, nina), press(state)));

  it('gives the case back to the sender, with its first clock running on', () => {
    const verdict = undo(facts(accepted, nina), press(accepted));
    expect(stateAfter(accepted, verdict)).toMatchObject({
      caseDoc: { holder: { provider: 'prime', role: 'coordinator' } },
      handover: { state: 'offered', answerBy: state.handover.answerBy, revision: 3 },
    });
    expect(verdict).toMatchObject({ change: { timers: [{ due: state.handover.answerBy }] } });
    expect(stateAfter(accepted, verdict).handover).not.toHaveProperty('acceptedBy');
  });

  it('is for the person who accepted, for ten minutes', () => {
    expect(() => undo(facts(accepted, actor('noah')), press(accepted))).toThrow(
      /Only the person who accepted/,
    );
    expect(() => undo(facts(accepted, nina, plusMs(LATER, UNDO_MS + 1)), press(accepted))).toThrow(
      /ten minutes/,
    );
    expect(undo(facts(accepted, nina, plusMs(LATER, UNDO_MS)), press(accepted)).kind).toBe('change');
  });
});

describe('what is told', () => {
  const decisions: [string, (state: State) => Verdict<Change>, string][] = [
    ['accepts', (state) => accept(facts(state, nina), press(state)), 'handover.accepted'],
    [
      'rejects',
      (state) => reject(facts(state, nina), { ...press(state), reason: 'no-capacity', next: 'x' }),
      'handover.rejected',
    ],
    [
      'asks for information',
      (state) => ask(facts(state, nina), { ...press(state), question: 'x' }),
      'handover.information-requested',
    ],
  ];

  it.each(decisions)(
    'is a line to the other side alone when somebody %s: their own card says it',
    (_, decide, line) => {
      const verdict = decide(offered());
      expect(tells(verdict)).toEqual([`${line} → prime`]);
      expect(shows(verdict)).toEqual(['hospice', 'prime']);
    },
  );

  it('is a line to both sides when an acceptance is undone, and to the receiver when an offer is withdrawn', () => {
    const state = offered();
    const accepted = stateAfter(state, accept(facts(state, nina), press(state)));
    expect(tells(undo(facts(accepted, nina), press(accepted)))).toEqual([
      'handover.undone → hospice',
      'handover.undone → prime',
    ]);
    expect(tells(withdraw(facts(state, actor('cora')), press(state)))).toEqual([
      'handover.withdrawn → hospice',
    ]);
  });
});

describe('rejecting', () => {
  it.each([
    ['no reason', '', 'Ring us', ['reason']],
    ['an unknown reason', 'busy', 'Ring us', ['reason']],
    ['a reason of blanks', 'duplicate', ' \u200b\u00a0\n', ['next']],
    ['nothing at all', '', '', ['reason', 'next']],
  ])('refuses %s and says which field', (_, reason, next, fields) => {
    const state = offered();
    const rejecting = (): unknown => reject(facts(state, nina), { ...press(state), reason, next });
    expect(rejecting).toThrow(
      expect.objectContaining({ problems: fields.map((field) => expect.objectContaining({ field })) }),
    );
  });

  it.each([
    ['duplicate', false],
    ['no-capacity', true],
    ['unsafe', true],
  ])('keeps the case with the sender; %s leaves the need open: %s', (reason, needOpen) => {
    const state = offered();
    const verdict = reject(facts(state, nina), { ...press(state), reason, next: 'Ring the GP' });
    const rejected = stateAfter(state, verdict);
    expect(rejected).toMatchObject({
      caseDoc: { holder: { provider: 'prime' } },
      handover: { state: 'rejected', reason, next: 'Ring the GP', needOpen },
    });
    expect(tells(verdict)).toContain('handover.rejected → prime');
    expect(Object.keys(rejected.handover.lists ?? {}).includes('waiting@prime')).toBe(needOpen);
  });

  it('tells the clinical lead of an unsafe rejection, and of the second rejection of one need', () => {
    const state = offered();
    const unsafe = reject(facts(state, nina), { ...press(state), reason: 'unsafe', next: 'x' });
    expect(tells(unsafe)).toContain('handover.rejected-clinical → lena');
    const before = {
      ...state,
      caseDoc: {
        ...state.caseDoc,
        handovers: [
          { id: 'h0', from: 'hospital', to: 'charity', state: 'rejected' as const, need: 'n1', claim: 'c0' },
          ...state.caseDoc.handovers,
        ],
      },
    };
    const second = reject(facts(before, nina), { ...press(before), reason: 'no-capacity', next: 'x' });
    expect(tells(second)).toContain('handover.second-rejection → lena');
  });
});

describe('information', () => {
  it('turns the prompt to the sender and back, and never moves either time', () => {
    const state = offered();
    const asked = stateAfter(state, ask(facts(state, nina), { ...press(state), question: 'Which house?' }));
    expect(asked.handover).toMatchObject({ state: 'information-requested', askedBy: 'receiver' });
    expect(asked.handover.lists).toHaveProperty('waiting@prime');
    const verdict = answer(facts(asked, actor('cora')), { ...press(asked), answer: 'Number 4' });
    const back = stateAfter(asked, verdict);
    expect(back.handover).toMatchObject({
      state: 'offered',
      answerBy: state.handover.answerBy,
      neededBy: state.handover.neededBy,
      questions: [{ asked: 'Which house?', answer: 'Number 4' }],
    });
    expect(back.handover).not.toHaveProperty('askedBy');
    expect(() => answer(facts(asked, nina), { ...press(asked), answer: 'x' })).toThrow(Refused);
  });

  it('starts the receiver’s clock when what was missing is given', () => {
    const state = offered(incomplete);
    const answerBy = plusMs(LATER, 15 * 60_000);
    const verdict = completeIt(facts(state, actor('cora')), {
      ...press(state),
      content: complete,
      urgency: 'urgent',
      answerBy,
    });
    expect(stateAfter(state, verdict).handover).toMatchObject({ state: 'offered', missing: [], answerBy });
    expect(verdict).toMatchObject({ change: { timers: [{ fires: 'handover.overdue', due: answerBy }] } });
  });

  it('marks once that the time to answer has passed', () => {
    const state = offered();
    const due = state.handover.answerBy;
    const change = overdue(facts(state, { kind: 'system', job: 'timer' }, due)) ?? {};
    expect(change.events?.map(({ type }) => type)).toEqual(['handover.overdue']);
    const again = stateAfter(state, { kind: 'change', change });
    expect(again.handover.overdueAt).toBe(due);
    const second = overdue(facts(again, { kind: 'system', job: 'timer' }, plusMs(due, 1)));
    expect(second?.events ?? []).toHaveLength(0);
  });

  it('changes nothing when it was answered, or given more time, just before its timer fires', () => {
    const state = offered();
    const due = state.handover.answerBy;
    const accepted = stateAfter(state, accept(facts(state, actor('nina')), { revision: 1 }));
    expect(accepted.handover.state).toBe('accepted');
    expect(overdue(facts(accepted, { kind: 'system', job: 'timer' }, due))).toBeUndefined();
    expect(overdue(facts(state, { kind: 'system', job: 'timer' }, plusMs(due, -1)))).toBeUndefined();
  });
});

describe('taking an offer back', () => {
  it('leaves the need open, with a time to find somebody, once nobody has answered in time', () => {
    const early = offered();
    const withdrawn = (state: State) =>
      stateAfter(state, withdraw(facts(state, actor('cora')), press(state))).handover;
    expect(withdrawn(early)).toMatchObject({ state: 'withdrawn', needOpen: false });
    expect(withdrawn(early)).not.toHaveProperty('reofferBy');
    const late = { ...early, handover: { ...early.handover, overdueAt: early.handover.answerBy } };
    expect(withdrawn(late)).toMatchObject({ needOpen: true, reofferBy: expect.any(String) });
  });
});

describe('opening the details', () => {
  const state = offered();
  const rejected = stateAfter(
    state,
    reject(facts(state, nina), { ...press(state), reason: 'unsafe', next: 'x' }),
  );
  const withdrawn = stateAfter(state, withdraw(facts(state, actor('cora')), press(state)));

  it.each([
    ['the receiver while it is open', state, 'nina', true],
    ['the sender’s keeper', state, 'cora', true],
    ['the prime’s clinical lead', state, 'lena', true],
    ['a volunteer of the receiver', state, 'vera', false],
    ['another provider', state, 'wim', false],
    ['the receiver after rejecting', rejected, 'nina', false],
    ['the receiver after withdrawal', withdrawn, 'nina', false],
    ['the sender after rejection', rejected, 'cora', true],
  ])('%s', (_, from, who, allowed) => {
    const looking = (): unknown => mayView(facts(from, actor(who)));
    if (allowed) expect(looking).not.toThrow();
    else expect(looking).toThrow(Refused);
  });
});

/** A field of each state that stands in no other. */
const OWN: readonly (readonly [Handover['state'], string])[] = [
  ['information-requested', 'askedBy'],
  ['accepted', 'holderBefore'],
  ['rejected', 'rejectedAt'],
  ['withdrawn', 'withdrawnAt'],
];

type Step = 'accept' | 'reject' | 'ask' | 'answer' | 'withdraw' | 'undo';
const everybody = terms.people.map((person) => actor(person.key));

/** Presses as anybody might, from the present card or an old one. */
function step(state: State, what: Step, who: Actor, revision: number): Verdict<Change> {
  const f = facts(state, who);
  const p = { revision, as: 'hospice' };
  switch (what) {
    case 'accept':
      return accept(f, p);
    case 'reject':
      return reject(f, { ...p, reason: 'no-capacity', next: 'x' });
    case 'ask':
      return ask(f, { ...p, question: 'x' });
    case 'answer':
      return answer(f, { ...p, answer: 'x' });
    case 'withdraw':
      return withdraw(f, p);
    case 'undo':
      return undo(f, p);
  }
}

describe('whatever is pressed, by whomever, in whatever order', () => {
  it('the case is held by exactly one provider, the receiver’s only while it is accepted; an open offer has one timer, and no field of another state stays', () => {
    let changes = 0;
    const presses = fc.array(
      fc.record({
        what: fc.constantFrom<Step>('accept', 'reject', 'ask', 'answer', 'withdraw', 'undo'),
        who: fc.oneof(fc.constantFrom(nina, actor('cora')), fc.constantFrom(...everybody)),
        old: fc.constantFrom(0, 0, 0, 1),
      }),
      { minLength: 10, maxLength: 40 },
    );
    fc.assert(
      fc.property(presses, (all) => {
        let state = offered();
        let timer = true;
        for (const { what, who, old } of all) {
          let verdict: Verdict<Change>;
          try {
            verdict = step(state, what, who, state.handover.revision - old);
          } catch (error) {
            if (error instanceof Refused || error instanceof Invalid) continue;
            throw error;
          }
          if (verdict.kind !== 'change') continue;
          changes += 1;
          const before = state;
          state = stateAfter(state, verdict);
          for (const one of verdict.change.timers ?? []) {
            if (one.fires === 'handover.overdue') timer = one.due !== null;
          }
          expect(state.handover.revision).toBe(before.handover.revision + 1);
          expect(state.caseDoc.holder?.provider).toBe(
            state.handover.state === 'accepted' ? 'hospice' : 'prime',
          );
          const { handover } = state;
          const toBeFound = 'reofferBy' in handover;
          expect(timer).toBe(isOpen(handover) || toBeFound);
          expect(OWN.filter(([, field]) => field in handover).map(([name]) => name)).toEqual(
            OWN.filter(([name]) => name === handover.state).map(([name]) => name),
          );
        }
      }),
      { numRuns: 300 },
    );
    console.log(`presses that changed something: ${changes}`);
    expect(changes).toBeGreaterThan(300);
  });
});
