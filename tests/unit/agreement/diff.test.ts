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
  it.each(table)('says %s in plain sentences', (_name, change, sentences) => {
    const after = riverside();
    change(after);
    expect(diffAgreements(riverside(), after)).toEqual(sentences);
  });
});
