import { describe, expect, it } from 'vitest';
import { boundCard } from '../../../src/agreement/cards.ts';
import { movedOnCard, offerCard, senderCard } from '../../../src/handovers/cards.ts';
import { caseCard, handoverList } from '../../../src/handovers/cards-lists.ts';
import type { Handover } from '../../../src/handovers/handover.ts';
import { LINES, line } from '../../../src/handovers/lines.ts';
import { nobodys, unowned } from '../register/case-fixture.ts';
import {
  accepted,
  asked,
  caseOf,
  expand,
  filledWith,
  NOW,
  nodes,
  offered,
  rejected,
  terms,
  withdrawn,
} from './cards-fixture.ts';

const shown = (view: { card: string; data: object; summary: string }): string =>
  JSON.stringify([expand(view), view.summary]);
const buttons = (view: { card: string; data: object; summary: string }): unknown[] =>
  [...nodes(expand(view))].filter((node) => node.type === 'Action.Execute').map((node) => node.title);
const offer = (handover: Handover) => offerCard(handover, caseOf(handover), terms, NOW);
const sent = (handover: Handover) => senderCard(handover, caseOf(handover), terms, NOW);

describe('the card of a case', () => {
  it.each([
    [offered(), 'Nurse, St Anne’s. On duty now: Sam Okafor', 'Coordinator, Northside. Nobody is on duty now'],
    [
      accepted(),
      'Nurse, St Anne’s. On duty now: Sam Okafor',
      'Coordinator, Northside. Nobody is on duty now',
    ],
    [
      rejected(),
      'Whoever keeps cases at the receiver. Nobody is asked at the moment',
      'Coordinator, Northside. Nobody is on duty now',
    ],
  ] as const)('says who decides at each step (%#)', (handover, triage, risk) => {
    const onDuty = ({ provider }: { provider: string }) => (provider === 'st-annes' ? ['sam'] : []);
    const holder = handover.state === 'accepted' ? { provider: 'st-annes', role: 'nurse' } : undefined;
    const caseDoc = { ...caseOf(handover), ...(holder && { holder }) };
    const view = caseCard(caseDoc, terms, NOW, { entitled: false, onDuty });
    const { deciding } = view.data as { deciding: { step: string; who: string }[] };
    expect(deciding.slice(1)).toEqual([
      { step: 'Triage of an offered handover', who: triage },
      { step: 'Decisions about risk', who: risk },
    ]);
    expect(shown(view)).toContain('Who decides');
  });

  it('has the partners’ own numbers for the entitled alone', () => {
    const caseDoc = { ...caseOf(offered()), aliases: { 'st-annes': 'SA-1041', northside: 'N-104' } };
    const view = (entitled: boolean) => shown(caseCard(caseDoc, terms, NOW, { entitled, onDuty: () => [] }));
    expect(view(true)).toContain('St Anne’s SA-1041, Northside N-104');
    expect(view(false)).not.toMatch(/SA-1041|N-104|Own numbers/);
  });

  it('names for one that nobody holds only the steps at which somebody decides', () => {
    const view = caseCard({ ...nobodys, unowned }, terms, NOW, { entitled: false, onDuty: () => [] });
    const { deciding } = view.data as { deciding: { step: string; who: string }[] };
    expect(deciding.map(({ who }) => who)).toEqual(['Coordinator, Northside. Nobody is on duty now']);
  });

  it('says nothing of it where nothing was agreed', () => {
    const view = caseCard(caseOf(offered()), { ...terms, raci: [] }, NOW, {
      entitled: false,
      onDuty: () => [],
    });
    expect(shown(view)).not.toContain('Who decides');
  });
});

describe('the shared card', () => {
  it.each([
    [offered(), 'Answer by 15:00 today', ['Accept', 'Reject', 'Ask for information', 'View details']],
    [
      offered({ answerBy: '2026-11-24T14:20:00.000Z' }),
      'Answer was due Tue 24 Nov, 14:20',
      ['Accept', 'Reject', 'Ask for information', 'View details'],
    ],
    [asked(), 'Waiting for Northside', ['Accept', 'Reject', 'View details']],
    [accepted(), 'Accepted by Sam Okafor, St Anne’s', ['View details']],
    [rejected(), 'Rejected: no capacity', []],
    [withdrawn(), 'Withdrawn by Alex Kim, Northside', []],
  ] as const)('says where it stands and what can be pressed (%#)', (handover, words, can) => {
    const view = offer(handover);
    expect(shown(view)).toContain(words);
    expect(buttons(view)).toEqual(can);
    expect(shown(view)).toContain('7K2-04 · M.K.');
    expect(shown(view)).toContain('Held by ');
  });

  it('shows what is missing and doubtful by its labels while it is open', () => {
    const doubtful = { missing: ['allergies', 'plan.nextReview'], warnings: ['nhs-number-invalid'] } as const;
    expect(shown(offer(offered(doubtful)))).toContain('Missing: Allergies, Next review date.');
    expect(shown(offer(offered(doubtful)))).toContain('The NHS number does not pass its check');
    expect(shown(offer(withdrawn(doubtful)))).not.toContain('NHS number');
  });

  it('leaves the initials out where the partners turned them off', () => {
    const plain = { ...terms, initialsOnCards: false };
    expect(shown(offerCard(offered(), caseOf(offered()), plain, NOW))).not.toContain('M.K.');
  });

  it('names a gap with the reason for accepting', () => {
    const gap = { reason: 'known', missing: ['allergies'] } as const;
    expect(shown(offer(accepted({ gap })))).toContain(
      'Accepted with a gap: we know this person already. Missing: Allergies.',
    );
  });
});

describe('the sender’s card', () => {
  it.each([
    [offered(), 'Not delivered yet', ['View details', 'Withdraw']],
    [
      offered({ delivery: { deliveredAt: '2026-11-24T14:31:00.000Z' } }),
      'Delivered Tue 24 Nov, 14:31',
      ['View details', 'Withdraw'],
    ],
    [
      offered({
        delivery: { deliveredAt: '2026-11-24T14:31:00.000Z', openedAt: '2026-11-24T14:33:00.000Z' },
      }),
      'Opened Tue 24 Nov, 14:33',
      ['View details', 'Withdraw'],
    ],
    [
      offered({ delivery: { failed: true } }),
      'Ring St Anne’s on 0300 123 2000',
      ['View details', 'Withdraw'],
    ],
    [asked(), 'St Anne’s asks for information', ['Give information', 'View details', 'Withdraw']],
    [rejected(), 'The need is still open', ['Offer to another', 'View details']],
    [rejected({ reason: 'duplicate', needOpen: false }), 'This reason closes the need', ['View details']],
    [rejected({ reofferedAs: 'h2' }), 'offered to another provider', ['View details']],
    [accepted(), 'Accepted by Sam Okafor', ['View details']],
  ] as const)('says whether it arrived and what to do (%#)', (handover, words, can) => {
    expect(shown(sent(handover))).toContain(words);
    expect(buttons(sent(handover))).toEqual(can);
  });
});

describe('the answer to a stale click', () => {
  it('says who acted and that nothing is left to do', () => {
    const view = movedOnCard(accepted(), caseOf(accepted()), terms, NOW);
    expect(shown(view)).toContain('Accepted by Sam Okafor, St Anne’s');
    expect(shown(view)).toContain('Nothing for you to do.');
    expect(buttons(view)).toEqual([]);
  });

  it('keeps the buttons while the handover can still be answered', () => {
    const view = movedOnCard(asked(), caseOf(asked()), terms, NOW);
    expect(buttons(view)).toEqual(['Accept', 'Reject', 'View details']);
  });
});

describe('what everybody in a channel sees', () => {
  const MARK = 'CANARYMARK';
  const marked = filledWith(MARK);
  const question = { asked: MARK, by: { person: 'sam', name: 'Sam Okafor' }, at: NOW, answer: MARK };
  const states: readonly Handover[] = [
    offered({}, marked),
    offered({ questions: [question], missing: ['allergies'], warnings: ['nhs-number-invalid'] }, marked),
    asked({ questions: [{ asked: MARK, by: { person: 'sam', name: 'Sam Okafor' }, at: NOW }] }, marked),
    asked({ askedBy: 'dataset', missing: ['contacts'], questions: [] }, marked),
    accepted({ gap: { reason: 'known', missing: ['allergies'] } }, marked),
    rejected({ next: MARK }, marked),
    withdrawn({}, marked),
  ];
  const outputs = states.flatMap((handover) => {
    const caseDoc = caseOf(handover);
    return [
      shown(offer(handover)),
      shown(sent(handover)),
      shown(movedOnCard(handover, caseDoc, terms, NOW)),
      shown(handoverList('Open', [handover], terms, NOW)),
      shown(caseCard(caseDoc, terms, NOW, { entitled: false, onDuty: () => [] })),
      ...LINES.map((code) => line(code, {}, handover, caseDoc, terms, NOW)),
    ];
  });
  console.log(`searched ${outputs.length} shared outputs for the mark`);

  it('holds no name, number or free text of the handover', () => {
    expect(outputs.length).toBeGreaterThan(80);
    expect(outputs.filter((output) => output.includes(MARK))).toEqual([]);
    expect(outputs.filter((output) => output.includes('1941'))).toEqual([]);
  });

  it('is not empty of what it may hold', () => {
    expect(outputs.filter((output) => output.includes('7K2-04')).length).toBeGreaterThan(30);
    expect(outputs.filter((output) => output.includes('C.C.')).length).toBeGreaterThan(20);
  });

  it('shows a stranger’s name in a bound channel as text that formats nothing', () => {
    const [, provider] = terms.providers;
    if (!provider) throw new Error('the fixture has a second provider');
    const card = expand(boundCard(provider, ['**Eve** [x](http://x)']));
    const runs = [...nodes(card)].filter((node) => node.type === 'TextRun').map((node) => node.text);
    expect(runs).toContain('• **Eve** [x](http://x)');
  });
});

describe('the lines of a thread', () => {
  it.each([
    ['handover.rejected', rejected(), 'Rejected: no capacity. The case is still held by Northside.'],
    [
      'handover.accepted',
      accepted(),
      'Accepted by Sam Okafor, St Anne’s. Held by St Anne’s (Sam Okafor, nurse).',
    ],
    ['handover.undone', offered(), 'The case is held by Northside again. Answer by 15:00 today.'],
    ['handover.information-requested', asked(), 'The time does not move: answer by 15:00 today.'],
    ['handover.second-rejection', rejected(), 'rejected twice'],
    ['handover.not-delivered', offered(), 'could not be delivered to St Anne’s'],
  ] as const)('%s', (code, handover, words) => {
    expect(line(code, {}, handover, caseOf(handover), terms, NOW)).toContain(words);
  });

  it('are told from what happened, also when the handover has moved on since', () => {
    const told = line(
      'handover.rejected',
      { reason: 'out-of-area' },
      withdrawn(),
      caseOf(withdrawn()),
      terms,
      NOW,
    );
    expect(told).toContain('Rejected: out of area.');
  });

  it('are sentences, each of its own', () => {
    const all = LINES.map((code) => line(code, {}, offered(), caseOf(offered()), terms, NOW));
    expect(new Set(all).size).toBe(LINES.length);
    for (const sentence of all) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
