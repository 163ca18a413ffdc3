import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { diffAgreements } from '../../../src/agreement/diff.ts';
import { at, riverside } from './demo.ts';

describe('the difference between two agreements', () => {
  it('is nothing between equal ones, whatever the order of keys', () => {
    const terms = riverside();
    const turned = Object.fromEntries(Object.entries(terms).reverse()) as Agreement;
    expect(diffAgreements(terms, turned)).toEqual([]);
  });
  it('begins a pathway', () => {
    expect(diffAgreements(undefined, riverside())).toEqual([
      'The pathway Riverside urgent community response begins, with 4 providers and 6 people.',
    ]);
  });
  const table: [string, (terms: Agreement) => void, string[]][] = [
    [
      'a leaver',
      (t) => {
        t.people.pop();
      },
      ['Lynne Robbins (lynne) leaves: Clinician on call at Harbour Rapid Response.'],
    ],
    [
      'a joiner',
      (t) => {
        t.people.push({
          key: 'mo',
          name: 'Mo Farrow',
          accounts: [{ tenant: 't', objectId: 'o' }],
          positions: [{ provider: 'kindly', role: 'visits-coordinator' }],
        });
      },
      ['Mo Farrow (mo) joins: Visits coordinator at Kindly Visits.'],
    ],
    [
      'another position',
      (t) => {
        at(t.people, 1).positions = [{ provider: 'northside', role: 'coordinator' }];
      },
      [
        'Megan Bowen (megan) becomes Coordinator at Northside Community Trust.',
        'Megan Bowen (megan) is no longer Clinical lead at Northside Community Trust.',
      ],
    ],
    [
      'another account and name',
      (t) => {
        at(t.people, 1).name = 'Megan Hill';
        at(at(t.people, 1).accounts, 0).objectId = 'x';
      },
      ['Megan Bowen (megan) is now called Megan Hill.', 'Megan Hill (megan) has other accounts.'],
    ],
    [
      'a channel gone, one moved, one new',
      (t) => {
        t.channels = [
          { ...at(t.channels, 1), conversation: 'other' },
          { provider: 'kindly', tenant: 't', conversation: 'c' },
        ];
      },
      [
        "St Anne's Hospice gets another channel.",
        'Kindly Visits gets a channel.',
        'Northside Community Trust loses its channel.',
      ],
    ],
    [
      'the dataset',
      (t) => {
        t.dataset = [...t.dataset.filter((field) => field !== 'allergies'), 'person.phone'];
      },
      [
        'The field person.phone joins the minimum dataset.',
        'The field allergies leaves the minimum dataset.',
      ],
    ],
    [
      'an urgency',
      (t) => {
        at(t.urgencies, 0).need = '3h';
        at(t.urgencies, 0).answer.within = '20m';
      },
      ['The urgency Urgent, within 2 hours (urgent-2h) changes: need from 2h to 3h, answer.'],
    ],
    [
      'a reason',
      (t) => {
        at(t.rejection, 0).closes = false;
        t.rejection.splice(4, 1);
      },
      [
        'The rejection reason Duplicate of another referral (duplicate) changes: closes from true to false.',
        'The rejection reason Out of area (out-of-area) is removed.',
      ],
    ],
    [
      'settings',
      (t) => {
        t.initialsOnCards = false;
        t.extraHolidays = ['2027-05-07'];
      },
      [
        'The showing of initials on cards changes from on to off.',
        '2027-05-07 becomes a day closed like a bank holiday.',
      ],
    ],
    [
      'a provider and an outside sender',
      (t) => {
        t.providers.splice(3, 1);
        t.outside = [];
      },
      [
        'The provider Kindly Visits (kindly) is removed.',
        'The outside sender Riverside General Hospital (riverside-general) is removed.',
      ],
    ],
  ];
  const rung = (terms: Agreement, index: number) => at(terms.ladder.rungs, index);
  table.push(
    [
      'a rung more, one fewer and another order',
      (t) => {
        const [operational, clinical] = [rung(t, 0), rung(t, 1)];
        const desk = {
          ...operational,
          id: 'desk',
          name: 'Desk',
          answer: { within: '4h', clock: 'service-hours' as const },
        };
        t.ladder.rungs = [desk, clinical, operational];
      },
      [
        'The rung Desk (desk) is added: Duty manager, Visits coordinator or Coordinator of the receiver, with 4 hours of opening time.',
        'The rung Contractual (contractual) is removed.',
        'The rungs are climbed in another order: Desk (desk), Clinical (clinical), Operational (operational).',
      ],
    ],
    [
      'a rung that asks others, in other time, and otherwise',
      (t) => {
        const one = rung(t, 0);
        one.ask = { of: 'prime', roles: ['coordinator'] };
        one.answer = { within: '1d', clock: 'working-days' };
        one.remind = [];
        one.repeats = 2;
        one.hold = '1h30m';
        one.wake = true;
        one.says = 'Ring them.';
      },
      [
        'On the rung Operational (operational) those asked change from Duty manager, Visits coordinator or Coordinator of the receiver to Coordinator of Northside Community Trust.',
        'On the rung Operational (operational) the time to answer changes from 2 minutes to 1 working day.',
        'On the rung Operational (operational) the reminders change from 1 minute before the end to none.',
        'On the rung Operational (operational) asking again changes from never to twice.',
        'On the rung Operational (operational) people are woken now.',
        'On the rung Operational (operational) the time of "I’m on it" changes from 2 minutes to 1 hour 30 minutes.',
        'On the rung Operational (operational) the prompt now says: Ring them.',
      ],
    ],
    [
      'a rung of another name, kind and place, and the last resort',
      (t) => {
        Object.assign(rung(t, 2), { name: 'Contract', kind: 'clinical', beside: undefined });
        Object.assign(rung(t, 1), { beside: 'operational', wake: false });
        t.ladder.lastResort.phone = '0300 123 4000';
      },
      [
        'On the rung Clinical (clinical) the place changes: it runs beside operational.',
        'On the rung Clinical (clinical) people are no longer woken.',
        'On the rung Contract (contractual) the name changes from Contractual to Contract.',
        'On the rung Contract (contractual) the kind changes from contractual to clinical.',
        'On the rung Contract (contractual) the place changes: it no longer runs beside another.',
        'The last resort changes from Director on call (0300 123 4500) to Director on call (0300 123 4000).',
      ],
    ],
    [
      'who does what',
      (t) => {
        t.raci = [
          {
            ...at(t.raci, 0),
            name: 'Offering',
            accountable: { of: 'prime', role: 'coordinator' },
            informed: [],
          },
          { ...at(t.raci, 2), consulted: [{ of: 'sender' }] },
          at(t.raci, 3),
          {
            step: 'contact',
            name: 'First contact',
            accountable: { of: 'receiver' },
            responsible: [],
            consulted: [],
            informed: [],
          },
        ];
      },
      [
        'The step Offering a handover (offer) is now called Offering.',
        'In the step Offering (offer) Coordinator of Northside Community Trust becomes accountable instead of whoever keeps cases at the sender.',
        'In the step Offering (offer) whoever keeps cases at the receiver is no longer informed.',
        'In the step Decisions about risk (risk) whoever keeps cases at the sender becomes consulted.',
        'The step First contact (contact) is added: whoever keeps cases at the receiver is accountable.',
        'The step Triage of an offered handover (triage) is removed.',
      ],
    ],
  );
  it.each(table)('says %s in plain sentences', (_name, change, sentences) => {
    const after = riverside();
    change(after);
    expect(diffAgreements(riverside(), after)).toEqual(sentences);
  });
});
