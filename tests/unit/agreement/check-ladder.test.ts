import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { at, moorland, riverside } from './demo.ts';

const rung = (terms: Agreement, index: number) => at(terms.ladder.rungs, index);
const step = (terms: Agreement, index: number) => at(terms.raci, index);
type Spoil = [name: string, spoil: (terms: Agreement) => void, path: string, message: string];

/** Spoils a good agreement in one way, and looks at what is found there. */
function check([, spoil, path, message]: Spoil, good: () => Agreement): void {
  const terms = good();
  expect(checkAgreement(terms)).toEqual([]);
  spoil(terms);
  const found = checkAgreement(terms);
  const here = found.filter((each) => each.path.join('.') === path);
  expect(here.map((each) => each.message).join('\n'), JSON.stringify(found)).toContain(message);
  for (const each of found) expect(each.remedy).not.toBe('');
}

describe('a ladder that would not be climbed', () => {
  const table: Spoil[] = [
    [
      'a rung twice',
      (t) => {
        rung(t, 1).id = 'operational';
      },
      'ladder.rungs.1.id',
      'the rung operational is there twice',
    ],
    [
      'beside a rung that is not there',
      (t) => {
        rung(t, 2).beside = 'directors';
      },
      'ladder.rungs.2.beside',
      'the rung directors is not on the ladder',
    ],
    [
      'beside itself',
      (t) => {
        rung(t, 2).beside = 'contractual';
      },
      'ladder.rungs.2.beside',
      'beside itself',
    ],
    [
      'beside one that is beside another',
      (t) => {
        t.ladder.rungs.push({ ...rung(t, 2), id: 'board', beside: 'contractual' });
      },
      'ladder.rungs.3.beside',
      'contractual itself runs beside another',
    ],
    [
      'the contractual rung beside an operational one',
      (t) => {
        rung(t, 2).beside = 'operational';
      },
      'ladder.rungs.2.beside',
      'beside the operational rung',
    ],
    [
      'the contractual rung instead of the clinical one',
      (t) => {
        delete rung(t, 2).beside;
      },
      'ladder.rungs.2.kind',
      'the contractual rung contractual stands on the climb',
    ],
    [
      'a climb that begins with the contract',
      (t) => {
        const [a, b, c] = [rung(t, 0), rung(t, 1), rung(t, 2)];
        delete c.beside;
        t.ladder.rungs = [c, a, b];
      },
      'ladder.rungs.0.kind',
      'stands on the climb',
    ],
    [
      'an operational rung after a clinical one',
      (t) => {
        t.ladder.rungs = [rung(t, 1), rung(t, 0), rung(t, 2)];
      },
      'ladder.rungs.1',
      'comes after the clinical rung clinical',
    ],
    [
      'a reason that starts at a kind that has no rung',
      (t) => {
        t.ladder.rungs = [rung(t, 0)];
      },
      'rejection.1.firstRung',
      'starts at a clinical rung, and the ladder has none',
    ],
    [
      'a role that is not in the agreement',
      (t) => {
        rung(t, 1).ask.roles = ['porter'];
      },
      'ladder.rungs.1.ask.roles.0',
      'the role porter is not in the agreement',
    ],
    [
      'a role that nobody at the prime has',
      (t) => {
        rung(t, 1).ask.roles = ['visits-coordinator'];
      },
      'ladder.rungs.1.ask.roles.0',
      'nobody at a provider that can be the prime has the role visits-coordinator',
    ],
    [
      'a receiver at which nobody is asked',
      (t) => {
        rung(t, 0).ask.roles = ['duty-manager', 'coordinator'];
      },
      'ladder.rungs.0.ask',
      'at Kindly Visits nobody has the role duty-manager or coordinator',
    ],
    [
      'a sender at which nobody is asked',
      (t) => {
        rung(t, 0).ask = { of: 'sender', roles: ['coordinator'] };
      },
      'ladder.rungs.0.ask',
      "at St Anne's Hospice nobody has the role coordinator",
    ],
    [
      'people who can do nothing about what they are asked',
      (t) => {
        t.roles.push({ id: 'driver', name: 'Driver', can: ['offer'] });
        at(t.people, 1).positions.push({ provider: 'northside', role: 'driver' });
        rung(t, 1).ask.roles = ['driver'];
      },
      'ladder.rungs.1.ask',
      'at Northside Community Trust the role driver can do nothing about what it is asked',
    ],
    [
      'a time that does not fit its clock',
      (t) => {
        rung(t, 1).answer = { within: '1d', clock: 'service-hours' };
      },
      'ladder.rungs.1.answer.within',
      '1d cannot be used on service-hours',
    ],
    [
      'a clock that never runs at one receiver',
      (t) => {
        rung(t, 0).answer = { within: '1d', clock: 'working-days' };
        at(t.providers, 1).hours = { sat: { open: '08:00', close: '20:00' } };
      },
      'ladder.rungs.0.answer.clock',
      'working-days never runs at Harbour Rapid Response',
    ],
    [
      'a reminder as long as the time to answer',
      (t) => {
        rung(t, 0).remind = ['120m'];
        rung(t, 0).answer.within = '2h';
      },
      'ladder.rungs.0.remind.0',
      'would come before they are asked',
    ],
    [
      'a reminder of no time',
      (t) => {
        rung(t, 0).remind = ['0m'];
      },
      'ladder.rungs.0.remind.0',
      '0m cannot be used',
    ],
    [
      'a reminder twice, in other words',
      (t) => {
        rung(t, 0).answer.within = '3h';
        rung(t, 0).remind = ['1h', '60m'];
      },
      'ladder.rungs.0.remind.1',
      'is there twice',
    ],
    [
      'a hold of no time',
      (t) => {
        rung(t, 1).hold = '0h';
      },
      'ladder.rungs.1.hold',
      'cannot be used',
    ],
    [
      'a hold that would use up a whole need',
      (t) => {
        rung(t, 1).hold = '31m';
      },
      'ladder.rungs.1.hold',
      'longer than the whole need of To watch the ladder, 30m',
    ],
    [
      'a first rung that is due after the need',
      (t) => {
        rung(t, 0).answer.within = '2h';
        at(t.urgencies, 3).need = '5h';
      },
      'urgencies.0.need',
      'the rung operational is due after the need of Urgent, within 2 hours: 15m to answer and 2h on the rung',
    ],
    [
      'an answer that is due after the need, whatever the clock of the rung',
      (t) => {
        rung(t, 0).answer = { within: '1h', clock: 'service-hours' };
        at(t.urgencies, 0).answer.within = '3h';
      },
      'urgencies.0.need',
      '3h to answer are longer than 2h',
    ],
  ];
  it.each(table)('%s', (...row) => check(row, riverside));

  it('lets the first rung end with the need, and not a minute later', () => {
    const terms = riverside();
    rung(terms, 0).answer.within = '105m';
    at(terms.urgencies, 3).need = '2h';
    expect(checkAgreement(terms)).toEqual([]);
    rung(terms, 0).answer.within = '106m';
    expect(checkAgreement(terms).map(({ path }) => path.join('.'))).toEqual(['urgencies.0.need']);
  });

  it('asks an outside sender’s cases where they are kept, offering or not', () => {
    const terms = moorland();
    for (const role of terms.roles) role.can = role.can.filter((ability) => ability !== 'offer');
    rung(terms, 0).ask = { of: 'sender', roles: ['team-leader'] };
    const found = checkAgreement(terms).map(({ message }) => message);
    expect(found).toEqual([
      'nobody at Moorland Council can offer or answer a handover',
      'nobody at a provider that can be the sender has the role team-leader',
      'at Moorland Council nobody has the role team-leader, so that nobody could ever answer there',
    ]);
  });
});

describe('steps of the pathway that leave something open', () => {
  const table: Spoil[] = [
    [
      'a step twice',
      (t) => {
        step(t, 1).step = 'offer';
      },
      'raci.1.step',
      'the step offer is there twice',
    ],
    [
      'an unknown role that is accountable',
      (t) => {
        step(t, 2).accountable.role = 'porter';
      },
      'raci.2.accountable.role',
      'the role porter is not in the agreement',
    ],
    [
      'nobody accountable at one receiver',
      (t) => {
        step(t, 1).accountable = { of: 'receiver', role: 'clinician' };
      },
      'raci.1.accountable',
      'nobody at Northside Community Trust and Kindly Visits has the role clinician',
    ],
    [
      'an unknown role that is told',
      (t) => {
        step(t, 0).informed = [{ of: 'prime' }, { of: 'prime', role: 'porter' }];
      },
      'raci.0.informed.1.role',
      'the role porter',
    ],
    [
      'a role that nobody on that side has',
      (t) => {
        step(t, 3).consulted = [{ of: 'prime', role: 'duty-manager' }];
      },
      'raci.3.consulted.0',
      'nobody at a provider that can be the prime has the role duty-manager',
    ],
  ];
  it.each(table)('%s', (...row) => check(row, riverside));
});
