import { describe, expect, it } from 'vitest';
import { type Agreement, peopleInRole, personOf } from '../../../src/agreement/agreement.ts';
import { answerBy, calendarOf, needBy } from '../../../src/agreement/calendar.ts';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { at, moorland, riverside } from './demo.ts';

describe('what no single entry of an agreement can show', () => {
  const table: [string, (terms: Agreement) => void, string, string][] = [
    [
      'no prime',
      (t) => {
        at(t.providers, 0).kind = 'trust';
      },
      'providers',
      'no provider is the prime',
    ],
    [
      'two primes',
      (t) => {
        at(t.providers, 1).kind = 'prime';
      },
      'providers.1.kind',
      'more than one prime',
    ],
    [
      'a provider twice',
      (t) => {
        at(t.providers, 3).id = 'harbour';
      },
      'providers.3.id',
      'is there twice',
    ],
    [
      'somebody asked about concerns whose role cannot answer',
      (t) => {
        at(t.safeguarding?.ask ?? [], 0).role = 'clinician';
      },
      'safeguarding.ask.0.role',
      'cannot answer for safeguarding concerns',
    ],
    [
      'concerns that nobody leads on',
      (t) => {
        t.safeguarding?.ask.shift();
      },
      'safeguarding.ask',
      'no step asks the safeguarding lead',
    ],
    [
      'a manager who is not there',
      (t) => {
        at(t.safeguarding?.manages ?? [], 0).manager = 'nobody';
      },
      'safeguarding.manages.0',
      'the person nobody is not in this agreement',
    ],
    [
      'a role twice',
      (t) => {
        t.roles.push({ ...at(t.roles, 0) });
      },
      'roles.8.id',
      'is there twice',
    ],
    [
      'a person twice',
      (t) => {
        at(t.people, 1).key = 'alex';
      },
      'people.1.key',
      'is there twice',
    ],
    [
      'one account of two people',
      (t) => {
        at(t.people, 1).accounts = [...at(t.people, 0).accounts];
      },
      'people.1.accounts.0',
      'already belongs to alex',
    ],
    [
      'an account twice',
      (t) => {
        at(t.people, 0).accounts.push({ ...at(at(t.people, 0).accounts, 0) });
      },
      'people.0.accounts.1',
      'this account is there twice',
    ],
    [
      'a position at nobody',
      (t) => {
        at(at(t.people, 1).positions, 0).provider = 'southside';
      },
      'people.1.positions.0.provider',
      'southside is not in the agreement',
    ],
    [
      'a position without a role',
      (t) => {
        at(at(t.people, 1).positions, 0).role = 'porter';
      },
      'people.1.positions.0.role',
      'porter is not in the agreement',
    ],
    [
      'a position twice',
      (t) => {
        at(t.people, 1).positions.push({ ...at(at(t.people, 1).positions, 0) });
      },
      'people.1.positions.1',
      'there twice',
    ],
    [
      'cases held by an unknown role',
      (t) => {
        at(t.providers, 1).holdsAs = 'porter';
      },
      'providers.1.holdsAs',
      'porter is not in the agreement',
    ],
    [
      'cases held by nobody',
      (t) => {
        at(t.providers, 1).holdsAs = 'coordinator';
      },
      'providers.1.holdsAs',
      'held by nobody',
    ],
    [
      'an accepting role that nobody has',
      (t) => {
        t.roles.push({ id: 'porter', name: 'Porter', can: ['answer'] });
        at(t.urgencies, 0).accept = ['porter'];
      },
      'urgencies.0.accept.0',
      'nobody has the role porter',
    ],
    [
      'an accepting role that cannot answer',
      (t) => {
        at(t.roles, 2).can = ['offer', 'clinical'];
      },
      'urgencies.0.accept.0',
      'cannot answer',
    ],
    [
      'an accepting role that is unknown',
      (t) => {
        at(t.urgencies, 0).accept = ['porter'];
      },
      'urgencies.0.accept.0',
      'porter is not in the agreement',
    ],
    [
      'no clinical lead at the prime',
      (t) => {
        at(t.roles, 3).can = ['offer', 'answer', 'clinical'];
      },
      'providers.0',
      'clinical lead',
    ],
    [
      'a provider that can do nothing',
      (t) => {
        at(t.roles, 4).can = ['coordinate'];
        at(t.urgencies, 2).accept = ['clinician'];
      },
      'providers.3',
      'nobody at Kindly Visits can offer or answer',
    ],
    [
      'an outside sender kept by no provider',
      (t) => {
        at(t.outside, 0).keptBy.provider = 'southside';
      },
      'outside.0.keptBy.provider',
      'southside',
    ],
    [
      'an outside sender kept by an unknown role',
      (t) => {
        at(t.outside, 0).keptBy.role = 'porter';
      },
      'outside.0.keptBy.role',
      'porter',
    ],
    [
      'an outside sender kept by nobody',
      (t) => {
        at(t.outside, 0).keptBy.role = 'duty-manager';
      },
      'outside.0.keptBy',
      'kept by nobody',
    ],
    [
      'an outside sender with the id of a provider',
      (t) => {
        at(t.outside, 0).id = 'harbour';
      },
      'outside.0.id',
      'is there twice',
    ],
    [
      'an unknown zone',
      (t) => {
        t.zone = 'Europe/Lundon';
      },
      'zone',
      'not known',
    ],
    [
      'hours that end before they begin',
      (t) => {
        at(t.providers, 1).hours = { mon: { open: '20:00', close: '08:00' } };
      },
      'providers.1.hours.mon',
      'no opening time',
    ],
    [
      'a service clock where no hour is open',
      (t) => {
        at(t.providers, 1).hours = {};
      },
      'urgencies.1.answer.clock',
      'never runs at Harbour Rapid Response',
    ],
    [
      'a working-days clock where only the weekend is open',
      (t) => {
        at(t.providers, 1).hours = { sat: { open: '08:00', close: '20:00' } };
      },
      'urgencies.2.answer.clock',
      'never runs',
    ],
    [
      'days on a service clock',
      (t) => {
        at(t.urgencies, 1).answer.within = '1d';
      },
      'urgencies.1.answer.within',
      'cannot be used',
    ],
    [
      'no time at all',
      (t) => {
        at(t.urgencies, 0).need = '0m';
      },
      'urgencies.0.need',
      'cannot be used',
    ],
    [
      'no reason that closes',
      (t) => {
        for (const reason of t.rejection) reason.closes = false;
      },
      'rejection',
      'no reason closes',
    ],
    [
      'only reasons that close',
      (t) => {
        for (const reason of t.rejection) reason.closes = true;
      },
      'rejection',
      'would be forgotten',
    ],
    [
      'a channel twice',
      (t) => {
        at(t.channels, 1).conversation = 'team-riverside;messageid=5';
      },
      'channels.1.conversation',
      'this channel is there twice',
    ],
    [
      'a provider with two channels',
      (t) => {
        at(t.channels, 1).provider = 'northside';
      },
      'channels.1.provider',
      'two channels',
    ],
    [
      'a channel of nobody',
      (t) => {
        at(t.channels, 1).provider = 'southside';
      },
      'channels.1.provider',
      'southside',
    ],
  ];
  it.each(table)('%s', (_name, spoil, path, message) => {
    const terms = riverside();
    expect(checkAgreement(terms)).toEqual([]);
    spoil(terms);
    const found = checkAgreement(terms);
    expect(found.map((each) => each.path.join('.'))).toContain(path);
    const here = found.filter((each) => each.path.join('.') === path);
    expect(here.map((each) => each.message).join('\n')).toContain(message);
    for (const each of found) expect(each.remedy).not.toBe('');
  });
});

describe('the two pathways of the tests', () => {
  it('share one account and nothing else', () => {
    const [a, b] = [riverside(), moorland()];
    const account = at(at(a.people, 0).accounts, 0);
    expect(personOf(a, account.tenant, account.objectId)?.positions).toEqual([
      { provider: 'northside', role: 'coordinator' },
      { provider: 'st-annes', role: 'clinician' },
      { provider: 'northside', role: 'safeguarding-lead' },
    ]);
    expect(personOf(b, account.tenant, account.objectId)?.positions).toEqual([
      { provider: 'fell-therapy', role: 'therapist' },
    ]);
    const both = (of: (terms: Agreement) => string[]) => of(a).filter((id) => of(b).includes(id));
    expect(both((t) => t.providers.map((each) => each.id))).toEqual([]);
    expect(both((t) => t.roles.map((each) => each.id))).toEqual([]);
    expect(both((t) => t.rejection.map((each) => each.code))).toEqual([]);
    expect(both((t) => t.urgencies.map((each) => each.id))).toEqual([]);
    expect(b.dataset).not.toEqual(a.dataset);
    expect(b.initialsOnCards).toBe(false);
    expect(peopleInRole(b, 'fell-therapy', 'team-leader')).toEqual(['priya']);
  });
});

describe('by when', () => {
  it('an answer is due follows the receiver', () => {
    const terms = riverside();
    const friday = '2026-11-20T18:00:00.000Z';
    expect(answerBy(terms, 'urgent-2h', 'kindly', friday)).toBe('2026-11-20T18:15:00.000Z');
    expect(answerBy(terms, 'same-day', 'harbour', friday)).toBe('2026-11-20T19:00:00.000Z');
    expect(answerBy(terms, 'same-day', 'kindly', friday)).toBe('2026-11-23T10:00:00.000Z');
    expect(answerBy(terms, 'routine', 'kindly', friday)).toBe('2026-11-24T17:00:00.000Z');
    expect(answerBy(terms, 'whenever', 'kindly', friday)).toBeUndefined();
    expect(needBy(terms, 'urgent-2h', friday)).toBe('2026-11-20T20:00:00.000Z');
    expect(needBy(terms, 'whenever', friday)).toBeUndefined();
  });
  it('a former provider counts as always open', () => {
    expect(calendarOf(riverside(), 'gone')).toEqual({
      zone: 'Europe/London',
      hours: undefined,
      closedOnBankHolidays: false,
      extraHolidays: [],
    });
  });
});
