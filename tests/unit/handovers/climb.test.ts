import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/change.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import { ladderSteps, matterOf, withoutLeadLines } from '../../../src/handovers/climb.ts';
import type { Handover } from '../../../src/handovers/handover.ts';
import { closeNeed } from '../../../src/handovers/information.ts';
import type { HeldCase } from '../../../src/register/case.ts';
import { begunOn } from '../escalations/ground.ts';
import { accepted, asked, caseOf, NOW, offered, rejected, terms, withdrawn } from './cards-fixture.ts';

const overdue = { overdueAt: NOW };
const dataset = { askedBy: 'dataset' as const, questions: [], missing: ['allergies' as const] };
const waiting = { reofferBy: NOW };
const rejectedAs = (reason: string, more: object = {}): Handover =>
  rejected({ reason, needOpen: true, ...more } as Parameters<typeof rejected>[0]);
const twice = (handover: Handover): HeldCase => ({
  ...caseOf(handover),
  handovers: [
    { id: 'h0', from: 'northside', to: 'goodwill', state: 'rejected', need: handover.need, claim: 'a' },
    ...caseOf(handover).handovers,
  ],
});

const said = (before: Handover | undefined, after: Handover, caseDoc = caseOf(after)): string[] =>
  ladderSteps(before, after, caseDoc, terms).map((step) =>
    step.do === 'begin'
      ? `begin ${step.cause}${step.from ? ` at ${step.from}` : ''} for ${step.matter.parties.receiver}`
      : step.do === 'turn'
        ? `turn to ${step.matter.parties.receiver}`
        : step.do === 'end'
          ? `end ${step.how}`
          : `show ${step.subject}`,
  );

it('a recorded decision closes the need: nobody waits, no time runs, and every copy says so', () => {
  const waits = rejectedAs('no-capacity', waiting);
  const change = closeNeed(waits, { person: 'sam', name: 'Sam Okafor' });
  const closed = change.documents?.[0] as Handover;
  expect(closed).toMatchObject({ needOpen: false, revision: waits.revision + 1 });
  expect(closed).not.toHaveProperty('reofferBy');
  expect(Object.keys(closed.lists ?? {}).filter((list) => list.startsWith('waiting'))).toEqual([]);
  expect(change.timers).toMatchObject([{ due: null }]);
  expect(change.notices).toHaveLength(waits.shownTo.length);
  expect(closeNeed(offered(), { system: 'x' })).toEqual({});
});

describe('what a change of a handover means for the ladder', () => {
  it.each<[string, Handover | undefined, Handover, string[], HeldCase?]>([
    ['a new offer waits for its own time', undefined, offered(), []],
    ['nobody answered', offered(), offered(overdue), ['begin unanswered for st-annes']],
    ['nothing new about what is overdue', offered(overdue), offered(overdue), []],
    [
      'what was missing was not added',
      asked(dataset),
      asked({ ...dataset, ...overdue }),
      ['begin incomplete for northside'],
    ],
    ['a question turns it to the sender', offered(overdue), asked(overdue), ['turn to northside']],
    ['the answer turns it back', asked(overdue), offered(overdue), ['turn to st-annes']],
    ['accepted', offered(overdue), accepted(overdue), ['end accepted']],
    ['withdrawn', offered(), withdrawn(), ['end withdrawn']],
    ['undone after its time', accepted(overdue), offered(overdue), ['begin unanswered for st-annes']],
    ['undone before its time', accepted(), offered(), []],
    ['completed: a new clock', asked({ ...dataset, ...overdue }), offered(), ['end completed']],
    [
      'a first rejection gives the sender time',
      offered(),
      rejectedAs('no-capacity', waiting),
      ['end rejected'],
    ],
    [
      'that time has passed',
      rejectedAs('no-capacity', waiting),
      rejectedAs('no-capacity'),
      ['begin rejected for northside'],
    ],
    [
      'unsafe to accept',
      offered(),
      rejectedAs('unsafe'),
      ['end rejected', 'begin rejected at clinical for northside'],
    ],
    [
      'a second rejection of the need',
      offered(),
      rejectedAs('no-capacity'),
      ['end rejected', 'begin rejected at clinical for northside'],
      twice(rejectedAs('no-capacity')),
    ],
    [
      'taken back, and the time to find somebody has passed',
      withdrawn({ needOpen: true, reofferBy: NOW }),
      withdrawn({ needOpen: true }),
      ['begin rejected for northside'],
    ],
    ['the need is closed', offered(), rejectedAs('duplicate', { needOpen: false }), ['end rejected']],
    [
      'offered to another',
      rejectedAs('unsafe'),
      rejectedAs('unsafe', { reofferedAs: 'h2' }),
      ['end offered-again'],
    ],
  ])('%s', (_, before, after, expected, caseDoc) => {
    expect(said(before, after, caseDoc)).toEqual(expected);
  });
});

describe('the line to the clinical leads about a rejection', () => {
  const told: Change = {
    notices: [
      { form: 'show', subject: 'handover:h1', route: { to: 'channel', provider: 'northside' } },
      {
        form: 'tell',
        subject: 'handover:h1',
        route: { to: 'person', person: 'megan' },
        line: 'handover.second-rejection',
      },
    ],
  };
  const followed = (rung: string, asked: readonly string[]): Change[] => {
    const [raising] = begunOn(terms).raisings;
    if (!raising) throw new Error('a prompt stands');
    const escalation: Escalation = { ...begunOn(terms), raisings: [{ ...raising, rung, asked }] };
    return [{ documents: [escalation] }];
  };

  it.each([
    ['is left out where the ladder asks somebody on its clinical rung', 'clinical', ['sam'], 1],
    ['stays where nobody is on duty for that rung', 'clinical', [], 2],
    ['stays where somebody is asked on another rung alone', 'contractual', ['sam'], 2],
  ])('%s', (_, rung, asked, left) => {
    expect(withoutLeadLines(told, followed(rung, asked), terms).notices).toHaveLength(left);
  });
});

it('tells whoever has said no nothing of what becomes of it', () => {
  const route = { to: 'channel' as const, provider: 'st-annes' };
  const shownTo = [{ route, view: 'receiver' as const }];
  expect(matterOf(offered({ shownTo }), terms)?.routes.receiver).toEqual([route]);
  expect(matterOf(rejectedAs('unsafe', { shownTo }), terms)?.routes.receiver).toEqual([]);
});
