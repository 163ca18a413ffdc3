import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { warnLate } from '../../../src/agreement/warn-late.ts';
import { at, riverside } from './demo.ts';

const warned = (change: (terms: Agreement) => void): string[] => {
  const terms = riverside();
  change(terms);
  expect(checkAgreement(terms)).toEqual([]);
  return warnLate(terms).map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const sameDay =
  'urgencies.1.need: the answer is due after the need: offered to Kindly Visits on the Saturday before a bank holiday, it is due Tue 30 Mar, 10:00, and Same day has 12h';

describe('a need that passes while the ladder is climbed', () => {
  it('is said where the receiver is closed for longer than the need', () => {
    expect(warned(() => undefined)).toEqual([sameDay]);
  });
  it('is not said once everybody is open or the need is longer', () => {
    expect(
      warned((t) => {
        at(t.urgencies, 1).answer.clock = 'elapsed';
      }),
    ).toEqual([]);
    expect(
      warned((t) => {
        at(t.urgencies, 1).need = '4d';
      }),
    ).toEqual([]);
  });
  it('counts every repeat of a rung', () => {
    // 15 minutes to answer, 2 on the operational rung, and 23 minutes eight times are 3h21.
    const late = warned((t) => {
      at(t.ladder.rungs, 1).answer.within = '23m';
      at(t.ladder.rungs, 1).repeats = 7;
      at(t.urgencies, 0).need = '200m';
      at(t.urgencies, 3).need = '5h';
    });
    expect(late[0]).toBe(
      "urgencies.0.need: the rung clinical is due after the need: offered to Northside Community Trust on a Monday at 09:00, it is due Mon 23 Nov, 12:21, and Urgent, within 2 hours has 200m, and likewise at Harbour Rapid Response and St Anne's Hospice and Kindly Visits",
    );
    expect(
      warned((t) => {
        at(t.ladder.rungs, 1).answer.within = '23m';
        at(t.ladder.rungs, 1).repeats = 6;
        at(t.urgencies, 0).need = '200m';
        at(t.urgencies, 3).need = '5h';
      }),
    ).toEqual([sameDay]);
  });
  it('counts a rung on the clock of those who are asked', () => {
    // Kindly's desk opens on Tuesday again; everybody else is asked at once.
    const late = warned((t) => {
      at(t.ladder.rungs, 0).answer = { within: '30m', clock: 'service-hours' };
      at(t.ladder.rungs, 0).remind = [];
      at(t.urgencies, 0).need = '6h';
      at(t.urgencies, 3).need = '6h';
    });
    expect(late[0]).toBe(
      'urgencies.0.need: the rung operational is due after the need: offered to Kindly Visits on the Saturday before a bank holiday, it is due Tue 30 Mar, 09:30, and Urgent, within 2 hours has 6h',
    );
  });
  it('takes the slowest sender that a rung can mean', () => {
    const late = warned((t) => {
      at(t.ladder.rungs, 0).ask = {
        of: 'sender',
        roles: ['duty-manager', 'visits-coordinator', 'coordinator'],
      };
      at(t.ladder.rungs, 0).answer = { within: '30m', clock: 'service-hours' };
      at(t.ladder.rungs, 0).remind = [];
      at(t.urgencies, 0).need = '6h';
    });
    expect(late[0]).toMatch(/the rung operational .* due Tue 30 Mar, 09:30.*Harbour Rapid Response/);
  });
});
