import { describe, expect, it } from 'vitest';
import { acknowledge, resolve, stepUp } from '../../../src/escalations/answers.ts';
import type { Cause } from '../../../src/escalations/causes.ts';
import { begin, end, review, step, turn, undelivered, unpaged } from '../../../src/escalations/rules.ts';
import { terms } from '../../support/pathway.ts';
import {
  at,
  begun,
  by,
  EVERYBODY,
  eventsOf,
  ground,
  matter,
  noticesOf,
  stands,
  timerOf,
  waiting,
} from './ground.ts';

const climbed = (minutes: number, from = begun()) => step(ground({ now: at(minutes) }), from);

describe('beginning', () => {
  const change = begin(ground(), matter(), 'unanswered', undefined, undefined);

  it('asks those on duty on the first rung, in person, and says so where the cards stand', () => {
    expect(waiting(stands(change))).toEqual([`desk 0: nina, noah until ${at(30).slice(0, 16)}`]);
    expect(noticesOf(change)).toEqual([
      'show prompt:handover:h1#1 → person:nina',
      'show prompt:handover:h1#1 → person:noah',
      'escalation.raised escalation:handover:h1 → person:cora',
      'escalation.raised escalation:handover:h1 → channel:hospice',
    ]);
  });

  it('has one timer, for the reminder before the end', () => {
    expect(timerOf(change)).toBe(at(20));
  });

  it('goes to the clinical rung at once, with the contractual one beside it, where the reason says so', () => {
    const unsafe = begin(ground(), matter(), 'rejected', 'clinical', undefined);
    expect(waiting(stands(unsafe))).toEqual([
      'contract 0: cora, both until 2026-11-26T23:59',
      `lead 0: lena, luke until ${at(60).slice(0, 16)}`,
    ]);
  });

  it('never gives a prompt the number of one before, when it begins again', () => {
    const ended = stands(end(ground(), begun(), 'accepted'));
    const again = stands(begin(ground({ now: at(5) }), matter(), 'unanswered', undefined, ended));
    expect(again.raisings.map(({ n, state }) => `${n} ${state}`)).toEqual(['1 ended', '2 waiting']);
  });
});

describe('climbing', () => {
  it('says so where a reminder comes late', () => {
    const late = step(ground({ now: at(25), late: true }), begun());
    expect(late?.events?.map(({ type, data }) => [type, data.late])).toEqual([['escalation.reminded', true]]);
    const [notice] = late?.notices ?? [];
    expect(notice?.form === 'tell' && notice.refs).toEqual({ late: 'yes' });
  });

  it('reminds before the end, once, and then waits for the end', () => {
    const reminded = climbed(20);
    expect(noticesOf(reminded)).toEqual([
      'escalation.reminder prompt:handover:h1#1 → person:nina',
      'escalation.reminder prompt:handover:h1#1 → person:noah',
    ]);
    expect(timerOf(reminded)).toBe(at(30));
    expect(step(ground({ now: at(21) }), stands(reminded))).toBeUndefined();
  });

  it('goes up when nobody answered, and asks again as often as agreed', () => {
    const up = stands(climbed(30));
    expect(waiting(up).map((line) => line.split(' until')[0])).toEqual([
      'contract 0: cora, both',
      'lead 0: lena, luke',
    ]);
    const again = stands(step(ground({ now: at(90) }), up));
    expect(waiting(again).map((line) => line.split(' until')[0])).toEqual([
      'contract 0: cora, both',
      'lead 1: lena, luke',
    ]);
  });

  it('above the last rung asks again, each time after twice as long', () => {
    let now = 0;
    let one = begun();
    const dues: number[] = [];
    for (let index = 0; index < 5; index++) {
      const due = one.raisings.findLast(({ state, rung }) => state === 'waiting' && rung !== 'contract')?.due;
      if (!due) throw new Error('nothing waits');
      now = (Date.parse(due) - Date.parse(at(0))) / 60_000;
      dues.push(now);
      one = stands(step(ground({ now: due }), one));
    }
    expect(dues).toEqual([30, 90, 150, 270, 510]);
  });

  it('fires once for all that was overdue, from now on, and says that it is late', () => {
    const late = stands(step(ground({ now: at(600), late: true }), begun()));
    expect(late.raisings.at(-1)).toMatchObject({ rung: 'lead', beganAt: at(600), due: at(660), late: true });
  });

  it('skips a rung with nobody on duty at once, and says so', () => {
    const change = begin(
      ground({ duty: { prime: { lead: ['lena', 'luke'] } } }),
      matter(),
      'unanswered',
      undefined,
      undefined,
    );
    expect(eventsOf(change)).toEqual([
      'escalation.began',
      'escalation.skipped',
      'escalation.raised',
      'escalation.raised',
    ]);
    expect(stands(change).raisings.map(({ rung, state, stood }) => `${rung} ${state} ${stood}`)).toEqual([
      'desk skipped nobody',
      'contract waiting nobody',
      'lead waiting duty',
    ]);
  });

  it('tells all on shift where one alone stands for a rung', () => {
    const duty = { ...EVERYBODY, hospice: { nurse: ['nina'], volunteer: ['vera'] } };
    expect(begun({ duty }).raisings[0]).toMatchObject({ asked: ['nina', 'vera'], stood: 'all-on-shift' });
  });

  it('goes to the prime’s clinicians on call where the clinical rung is empty', () => {
    const people = [
      ...terms.people,
      {
        key: 'carl',
        name: 'Carl Test',
        accounts: [{ tenant: 't', objectId: 'carl' }],
        positions: [{ provider: 'prime', role: 'nurse' }],
      },
    ];
    const change = step(
      ground({ now: at(30), duty: { prime: { nurse: ['carl'] } }, agreed: { ...terms, people } }),
      begun(),
    );
    expect(stands(change).raisings.at(-1)).toMatchObject({ asked: ['carl'], stood: 'prime-clinicians' });
  });

  it('stands at the last rung with nobody, and keeps a timer', () => {
    const change = step(ground({ now: at(30), duty: {} }), begun());
    expect(stands(change).raisings.at(-1)).toMatchObject({ rung: 'lead', asked: [], stood: 'nobody' });
    expect(timerOf(change)).toBe(at(90));
  });

  it('says once that nobody is on duty, and says it anew when it begins anew', () => {
    const first = begin(ground({ duty: {} }), matter(), 'unanswered', undefined, undefined);
    const raised = (change: Parameters<typeof noticesOf>[0]) =>
      noticesOf(change).filter((one) => one.startsWith('escalation.raised'));
    expect(raised(first)).toHaveLength(2);
    expect(raised(step(ground({ now: at(60), duty: {} }), stands(first)))).toEqual([]);
    const ended = stands(end(ground({ now: at(61) }), stands(first), 'completed'));
    const anew = begin(ground({ now: at(70), duty: {} }), matter(), 'unanswered', undefined, ended);
    expect(raised(anew)).toEqual(raised(first));
  });

  it('counts what was asked in vain from where it last began', () => {
    const twice = step(ground({ now: at(90) }), stands(climbed(30)));
    const ended = stands(end(ground({ now: at(91) }), stands(twice), 'accepted'));
    const anew = stands(begin(ground({ now: at(100) }), matter(), 'rejected', 'clinical', ended));
    const again = step(ground({ now: at(160) }), anew);
    expect(stands(again).raisings.at(-1)).toMatchObject({ rung: 'lead', due: at(220) });
  });

  it('keeps the ladder that it began with', () => {
    const [desk, ...rest] = terms.ladder.rungs;
    if (!desk) throw new Error('the test ladder has a rung');
    const other = { ...terms, ladder: { ...terms.ladder, rungs: [{ ...desk, id: 'other' }, ...rest] } };
    const change = step({ ...ground({ now: at(30) }), today: other }, begun());
    expect(stands(change).raisings.at(-1)?.rung).toBe('lead');
  });
});

describe('“I’m on it”', () => {
  const pressed = acknowledge(ground({ now: at(5), by: by('nina') }), begun(), 1, 'nina');

  it('accepts nothing, says who and until when, and comes back then', () => {
    expect(waiting(stands(pressed))).toEqual([`desk 0: nina, noah until ${at(35).slice(0, 16)}`]);
    expect(timerOf(pressed)).toBe(at(35));
    expect(stands(pressed).state).toBe('running');
    const back = step(ground({ now: at(35) }), stands(pressed));
    expect(stands(back).raisings.at(-1)).toMatchObject({ rung: 'desk', cycle: 1, because: 'came-back' });
  });

  it('is done once, however often it is pressed, and by one', () => {
    expect(acknowledge(ground({ now: at(6) }), stands(pressed), 1, 'nina')).toBe('done');
    expect(acknowledge(ground({ now: at(6) }), stands(pressed), 1, 'noah')).toBe('moved');
  });

  it('cannot outlast the need, nor the duty of whoever says it', () => {
    const soon = begun({}, 'unanswered', { needBy: at(20) });
    expect(
      stands(acknowledge(ground({ now: at(5) }), soon, 1, 'nina')).raisings[0]?.acknowledged?.until,
    ).toBe(at(20));
    const off = ground({ now: at(5), ends: { nina: at(12) } });
    expect(stands(acknowledge(off, begun(), 1, 'nina')).raisings[0]?.acknowledged?.until).toBe(at(12));
    expect(() => acknowledge(ground({ now: at(21) }), soon, 1, 'nina')).toThrow(/has passed/);
  });

  it('is for somebody on duty: whoever went off duty is told so', () => {
    const gone = ground({ now: at(5), duty: { hospice: { nurse: ['noah'] } } });
    expect(() => acknowledge(gone, begun(), 1, 'nina')).toThrow(/not on duty now/);
  });

  it('is the prime’s clinician’s too, who is asked for an empty clinical rung, until their own duty ends', () => {
    const duty = { prime: { clinician: ['carl'] } };
    const escalation = begun();
    const raisings = escalation.raisings.map((one) => ({
      ...one,
      asked: ['carl'],
      stood: 'prime-clinicians' as const,
    }));
    const world = { now: at(5), duty, ends: { carl: at(12) } };
    const held = stands(acknowledge(ground(world), { ...escalation, raisings }, 1, 'carl'));
    expect(held.raisings[0]?.acknowledged).toMatchObject({ person: 'carl', until: at(12) });
    expect(review(ground({ ...world, now: at(6) }), held)).toBeUndefined();
    expect(stands(step(ground({ now: at(12), duty }), held)).raisings[1]?.because).toBe('came-back');
  });

  it('passes on when the duty there ends, though they are on duty at the prime as well', () => {
    const both = { hospice: { nurse: ['both', 'nina'] }, prime: { coordinator: ['both'] } };
    const held = stands(acknowledge(ground({ now: at(5), duty: both }), begun({ duty: both }), 1, 'both'));
    const duty = { hospice: { nurse: ['nina'] }, prime: { coordinator: ['both'] } };
    const handed = review(ground({ now: at(10), duty }), held);
    expect(stands(handed).raisings.at(-1)).toMatchObject({ because: 'handed-on' });
  });

  it('passes to the next on duty when the duty ends', () => {
    const duty = { ...EVERYBODY, hospice: { nurse: ['noah', 'both'] } };
    const handed = review(ground({ now: at(10), duty }), stands(pressed));
    expect(stands(handed).raisings.at(-1)).toMatchObject({ asked: ['noah', 'both'], because: 'handed-on' });
  });
});

describe('people', () => {
  it('step up with a reason, to the next rung at once', () => {
    const change = stepUp(ground({ now: at(5), by: by('nina') }), begun(), 1, 'She is alone and in pain');
    expect(stands(change).raisings.at(-1)).toMatchObject({ rung: 'lead', because: 'stepped-up' });
    expect(() => stepUp(ground(), begun(), 1, '  ')).toThrow(/Not stepped up yet/);
    expect(() => stepUp(ground(), stands(change), 3, 'more')).toThrow(
      /no rung above this one.*0300 000 0998/,
    );
  });

  it('end it everywhere by answering', () => {
    const ended = end(ground({ now: at(40), by: by('nina') }), stands(climbed(30)), 'accepted');
    expect(stands(ended)).toMatchObject({ state: 'ended', how: 'accepted' });
    expect(timerOf(ended)).toBeNull();
    expect(noticesOf(ended)).toEqual([
      'show prompt:handover:h1#1 → person:nina',
      'show prompt:handover:h1#1 → person:noah',
      'show prompt:handover:h1#2 → person:cora',
      'show prompt:handover:h1#2 → person:both',
      'show prompt:handover:h1#3 → person:lena',
      'show prompt:handover:h1#3 → person:luke',
    ]);
    expect(end(ground(), stands(ended), 'accepted')).toBeUndefined();
  });

  it('resolve what has no answer of its own, with a decision', () => {
    const rejected = stands(begin(ground(), matter(), 'rejected', 'clinical', undefined));
    expect(stands(resolve(ground(), rejected, rejected.raisings.length, 'The GP keeps her'))).toMatchObject({
      how: 'resolved',
    });
    expect(() => resolve(ground(), rejected, rejected.raisings.length, '')).toThrow(/Not resolved yet/);
    expect(() => resolve(ground(), begun(), 1, 'x')).toThrow(/its own buttons/);
  });

  it('are asked on the other side when it turns to them', () => {
    const parties = { receiver: 'prime', sender: 'prime', prime: 'prime' };
    const turned = turn(ground({ now: at(5) }), begun(), matter({ parties }));
    expect(waiting(stands(turned)).map((line) => line.split(' until')[0])).toEqual(['desk 1: cora, both']);
  });

  it('who come on duty are asked too', () => {
    const duty = { ...EVERYBODY, hospice: { nurse: ['nina', 'noah', 'both'] } };
    const change = review(ground({ now: at(3), duty }), begun());
    expect(noticesOf(change)[0]).toBe('show prompt:handover:h1#1 → person:both');
    expect(review(ground({ now: at(3) }), begun())).toBeUndefined();
  });

  it('who come on duty for an empty rung get the whole time, and are paged', () => {
    const empty = stands(step(ground({ now: at(30), duty: {} }), begun()));
    expect(empty.raisings.at(-1)).toMatchObject({ rung: 'lead', stood: 'nobody', due: at(90) });
    const paged = {
      ...terms,
      providers: terms.providers.map((one) => ({ ...one, paging: { url: 'https://p.test' } })),
    };
    const change = review(ground({ now: at(85), agreed: paged }), empty);
    expect(
      stands(change)
        .raisings.filter(({ rung }) => rung === 'lead')
        .at(-1),
    ).toMatchObject({
      because: 'came-on-duty',
      asked: ['lena', 'luke'],
      due: at(145),
    });
    expect(noticesOf(change).filter((one) => one.startsWith('escalation.wake'))).toHaveLength(1);
  });

  it('who cannot be reached do not hold it up', () => {
    const one = stands(undelivered(ground({ now: at(1) }), begun(), 1, 'nina'));
    expect(one.raisings.at(-1)?.rung).toBe('desk');
    const both = undelivered(ground({ now: at(1) }), one, 1, 'noah');
    expect(stands(both).raisings.at(-1)).toMatchObject({ rung: 'lead', because: 'not-delivered' });
  });
});

describe('nobody is left in silence', () => {
  const onlyLeads = { prime: { lead: ['lena'] } };
  const top = (world: Parameters<typeof ground>[0] = {}) =>
    stands(step(ground({ now: at(30), ...world }), begun()));
  const lead = (change: Parameters<typeof stands>[0]) =>
    stands(change).raisings.findLast(({ rung }) => rung === 'lead');

  it('when the only person on the last rung goes off duty, whoever holds the case gets the last resort', () => {
    const change = review(ground({ now: at(40), duty: {} }), top({ duty: onlyLeads }));
    expect(lead(change)).toMatchObject({ stood: 'nobody', asked: [], state: 'waiting' });
    expect(noticesOf(change)).toContain('escalation.raised escalation:handover:h1 → person:cora');
  });

  it('when the last rung reaches nobody, they are told so', () => {
    const asked = top({ duty: onlyLeads });
    const n = asked.raisings.findLast(({ rung }) => rung === 'lead')?.n ?? 0;
    const change = undelivered(ground({ now: at(31), duty: onlyLeads }), asked, n, 'lena');
    expect(lead(change)?.state).toBe('waiting');
    expect(noticesOf(change)).toContain('escalation.unreached escalation:handover:h1 → person:cora');
  });

  it('when a page is not taken, they are told so', () => {
    expect(noticesOf(unpaged(ground(), begun(), 1))).toContain(
      'escalation.unpaged escalation:handover:h1 → person:cora',
    );
  });

  it('when somebody comes on duty on a rung that was skipped, that rung asks them', () => {
    const empty = begun({ duty: {} });
    const change = review(ground({ now: at(9), duty: { hospice: { nurse: ['nina', 'noah'] } } }), empty);
    expect(waiting(stands(change)).at(-1)).toMatch(/^desk 0: nina, noah/);
    expect(stands(change).raisings.at(-1)?.because).toBe('came-on-duty');
  });

  it('when nobody of those asked is on duty any more, whoever is gets the whole time', () => {
    const duty = { ...EVERYBODY, hospice: { nurse: ['both'] } };
    const change = review(ground({ now: at(29), duty }), begun());
    expect(stands(change).raisings.at(-1)).toMatchObject({ asked: ['both'], due: at(59) });
  });
});

describe('what the ladder keeps to', () => {
  it('lets nobody resolve through a prompt that was passed on', () => {
    const unsafe = stands(begin(ground(), matter(), 'rejected', 'clinical', begun()));
    expect(resolve(ground(), unsafe, 1, 'We do not want it')).toBe('moved');
  });

  it('pages the prime where its clinicians stand in', () => {
    const paged = {
      ...terms,
      ladder: {
        ...terms.ladder,
        rungs: terms.ladder.rungs.map((one) =>
          one.id === 'lead' ? { ...one, ask: { of: 'receiver' as const, roles: ['lead'] } } : one,
        ),
      },
      providers: terms.providers.map((one) =>
        one.id === 'prime' ? { ...one, paging: { url: 'https://pager.test' } } : one,
      ),
    };
    const duty = { prime: { lead: ['lena'] } };
    const woken = (cause: Cause): string[] =>
      noticesOf(begin(ground({ agreed: paged, duty }), matter(), cause, undefined, undefined)).filter((one) =>
        one.startsWith('escalation.wake'),
      );
    expect(woken('unanswered')).toEqual(['escalation.wake prompt:handover:h1#3 → pager:prime']);
    // A difference between lists can wait for the morning, whatever the rung.
    expect(woken('mismatch')).toEqual([]);
  });

  it('goes on at the rung that it had come to after an acceptance was undone', () => {
    const up = stands(step(ground({ now: at(30) }), begun()));
    const accepted = stands(end(ground({ now: at(40) }), up, 'accepted'));
    const again = stands(begin(ground({ now: at(42) }), matter(), 'unanswered', undefined, accepted));
    expect(waiting(again).map((line) => line.split(':')[0])).toEqual(['contract 1', 'lead 1']);
  });

  it('asks again by the time of the need, while that is ahead', () => {
    let one = begun({}, 'unanswered', { needBy: at(300) });
    for (const now of [30, 90, 150, 270]) one = stands(step(ground({ now: at(now) }), one));
    expect(one.raisings.at(-1)?.due).toBe(at(330));
    const soon = stands(
      step(
        ground({ now: at(150) }),
        stands(
          step(
            ground({ now: at(90) }),
            stands(step(ground({ now: at(30) }), begun({}, 'unanswered', { needBy: at(240) }))),
          ),
        ),
      ),
    );
    expect(soon.raisings.at(-1)?.due).toBe(at(240));
  });

  it('does not stop where a provider has taken away the hours that its clock ran in', () => {
    const closed = {
      ...terms,
      providers: terms.providers.map((one) =>
        one.id === 'prime' ? { ...one, hours: { sat: { open: '09:00', close: '12:00' } } } : one,
      ),
    };
    const up = step({ ...ground({ now: at(30) }), today: closed }, begun());
    expect(waiting(stands(up))).toHaveLength(2);
  });
});
