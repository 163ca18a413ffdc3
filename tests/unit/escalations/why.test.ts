import { expect, it } from 'vitest';
import type { Change, EventDoc } from '../../../src/core/change.ts';
import { acknowledge, stepUp } from '../../../src/escalations/answers.ts';
import { begin, end, step } from '../../../src/escalations/rules.ts';
import { replay, stopping } from '../../../src/escalations/why.ts';
import { terms } from '../../support/pathway.ts';
import { at, by, ground, matter, stands, TODAY } from './ground.ts';

let seq = 0;
const recorded = (change: Change | string | undefined, when: string): EventDoc[] =>
  typeof change === 'object'
    ? (change.events ?? []).map((event) => ({
        ...event,
        id: `event:${++seq}`,
        kind: 'event',
        schema: 1,
        seq,
        happenedAt: when,
        recordedAt: when,
        prev: '',
        hash: '',
      }))
    : [];
const sent = (n: number, route: string, when: string, type = 'notice.sent'): EventDoc[] =>
  recorded(
    {
      events: [
        {
          type,
          by: { system: 'sender' },
          data: { subject: `prompt:handover:h1#${n}`, route, form: 'show' },
        },
      ],
    },
    when,
  );

it('replays who was due when, on which clock, what was delivered and answered, and what would have stopped it', () => {
  const began = begin(ground(), matter(), 'unanswered', undefined, undefined);
  const held = acknowledge(ground({ now: at(5), by: by('nina') }), stands(began), 1, 'nina');
  const back = step(ground({ now: at(35) }), stands(held));
  const up = step(ground({ now: at(65), late: true }), stands(back));
  const over = end(ground({ now: at(70), by: by('lena') }), stands(up), 'accepted');
  const history = [
    ...recorded(
      { events: [{ type: 'handover.overdue', by: { system: 'timer' }, data: { handover: 'h1' } }] },
      at(0),
    ),
    ...recorded(began, at(0)),
    ...sent(1, 'person:nina', at(0)),
    ...sent(1, 'person:noah', at(1), 'notice.failed'),
    ...recorded(held, at(5)),
    ...sent(1, 'person:nina', at(5)),
    ...recorded(back, at(35)),
    ...recorded(up, at(65)),
    ...recorded({ events: [{ type: 'handover.viewed', by: by('lena'), data: { handover: 'h1' } }] }, at(68)),
    ...recorded({ events: [{ type: 'handover.viewed', by: by('lena'), data: { handover: 'h2' } }] }, at(69)),
    ...recorded(over, at(70)),
  ];
  const record = { escalation: stands(over), history, agreed: terms, today: TODAY };
  expect(replay(record).map((line) => `${line.at.slice(11, 16)} ${line.text}`)).toMatchInlineSnapshot(`
    [
      "14:30 The time to answer passed with no answer.",
      "14:30 It began to climb, by agreement version 1.",
      "14:30 Operational at St Test Hospice: Nobody has answered in time. Nina Test and Noah Test asked; due Tue 24 Nov, 15:00 (30 minutes).",
      "14:30 Teams took the prompt of Operational for Nina Test.",
      "14:31 Operational did not reach Noah Test.",
      "14:35 Nina Test said “I’m on it” until Tue 24 Nov, 15:05.",
      "15:05 Operational at St Test Hospice: Nina Test was on it, and it is still not answered. Nina Test and Noah Test asked; due Tue 24 Nov, 15:35 (30 minutes).",
      "15:35 Contractual at Prime Trust: Still nobody has answered. Cora Test and Both Test asked; due Thu 26 Nov, 23:59 (2 working days). Late.",
      "15:35 Clinical at Prime Trust: Still nobody has answered. Lena Test and Luke Test asked; due Tue 24 Nov, 16:35 (1 hour). Late.",
      "15:38 Lena Test opened the details.",
      "15:40 It ended, and nobody was asked any more.",
    ]
  `);
  expect(stopping(record)).toBe(
    'Accepted by Lena Test. Before that it would have been stopped by Accept, Reject or Ask for information at St Test Hospice.',
  );
  expect(stopping({ ...record, escalation: stands(began) })).toMatch(/Otherwise it goes to Clinical\.$/);
});

it('shows what somebody wrote to the entitled alone', () => {
  const began = begin(ground(), matter(), 'unanswered', undefined, undefined);
  const up = stepUp(ground({ now: at(5), by: by('nina') }), stands(began), 1, 'She is alone and in pain');
  const record = { escalation: stands(up), history: recorded(up, at(5)), agreed: terms, today: TODAY };
  const said = (written: boolean): string =>
    replay({ ...record, written })
      .map(({ text }) => text)
      .join(' ');
  expect(said(true)).toContain('Nina Test stepped it up: She is alone and in pain');
  expect(said(false)).not.toContain('alone');
  expect(said(false)).toContain('Nina Test stepped it up; the record says why');
});
