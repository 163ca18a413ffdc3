import type { CardView } from '../../../src/core/routes.ts';
import { digestCard } from '../../../src/digests/cards.ts';
import { moreCard } from '../../../src/digests/cards-more.ts';
import { printCard } from '../../../src/digests/cards-print.ts';
import type { Shown } from '../../../src/digests/commands.ts';
import type { Digest, Findings, Line, Part } from '../../../src/digests/digest.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';

const MADE = '2026-11-23T08:00:00.000Z';
const open = { since: '2026-11-12T09:00:00.000Z' };
const fresh = { since: '2026-11-20T09:00:00.000Z' };
const lines: readonly Line[] = [
  { kind: 'duplicate', id: '7K2-M4Z', other: '9B3-77K', provider: 'st-annes', ...fresh },
  {
    kind: 'mismatch',
    id: '7K2-M51',
    what: 'long-wait',
    provider: 'goodwill',
    needBy: '2026-11-27T17:00:00.000Z',
    ...fresh,
  },
  { kind: 'unowned', id: '7K2-M4Z', provider: 'st-annes', needBy: '2026-11-13T17:00:00.000Z', ...open },
  { kind: 'action', id: '3T9-XQ0', provider: 'goodwill', needBy: '2026-11-21T00:00:00.000Z', ...open },
  {
    kind: 'handover',
    id: '7K2-04V',
    handoverId: 'h1',
    provider: 'northside',
    needBy: '2026-11-20T10:00:00.000Z',
    rejected: true,
    ...fresh,
  },
  {
    kind: 'handover',
    id: '9B3-77K',
    handoverId: 'h2',
    provider: 'st-annes',
    needBy: '2026-11-23T10:00:00.000Z',
    ...fresh,
  },
];
const figures = {
  duplicates: 0,
  unowned: 0,
  actionsOpen: 0,
  actionsOverdue: 0,
  handoversUnanswered: 0,
  handoversRejected: 0,
  mismatches: 0,
  longWaits: 0,
  mismatched: 0,
  cases: 0,
};
const of = (provider: string): readonly Line[] => lines.filter((line) => line.provider === provider);

export const parts: readonly Part[] = [
  {
    provider: 'northside',
    figures: { ...figures, handoversRejected: 1, cases: 120 },
    lines: of('northside'),
  },
  {
    provider: 'st-annes',
    figures: {
      ...figures,
      duplicates: 1,
      unowned: 1,
      actionsOpen: 3,
      handoversUnanswered: 1,
      mismatched: 1,
      cases: 64,
    },
    lines: of('st-annes'),
  },
  {
    provider: 'goodwill',
    figures: {
      ...figures,
      actionsOpen: 2,
      actionsOverdue: 1,
      mismatches: 1,
      longWaits: 1,
      mismatched: 3,
      cases: 16,
    },
    lines: of('goodwill'),
  },
];
const findings: Findings = {
  at: MADE,
  parts,
  caseloads: [
    { provider: 'st-annes', asOf: '2026-11-20T18:00:00.000Z', fresh: true, compared: true },
    { provider: 'goodwill', asOf: '2026-11-12T18:00:00.000Z', fresh: false, compared: true },
  ],
  arrivals: [
    { from: 'st-annes', offered: 4, complete: 4 },
    { from: 'goodwill', offered: 15, complete: 12 },
  ],
  reconciled: { run: '000003', at: MADE },
  before: '2026-11-16T08:00:00.000Z',
};
export const shown: Shown = { week: '2026-W48', live: false, dueAt: MADE, findings, today: terms };

const nothing: Shown = {
  ...shown,
  live: true,
  findings: {
    at: NOW,
    parts: [{ provider: 'st-annes', figures, lines: [] }],
    caseloads: [{ provider: 'st-annes', asOf: MADE, fresh: true, compared: true }],
    reconciled: { run: '000003', at: MADE },
  },
};
const common = { id: 'digest', kind: 'digest' as const, schema: 1, audit: { seq: 1, hash: '' }, dueAt: MADE };
/** Five weeks: one was missed, and one before the first is not known. */
export const weeks: readonly Digest[] = [44, 45, 46, 47].map((week): Digest => {
  const one = { ...common, week: `2026-W${week}` };
  return week === 46
    ? { ...one, state: 'missed' }
    : {
        ...one,
        ...findings,
        parts: parts.map((part) => ({
          ...part,
          figures: {
            ...part.figures,
            unowned: (part.figures.unowned ?? 0) * (week - 40),
            mismatched: Math.min(part.figures.cases ?? 0, (part.figures.mismatched ?? 0) + 50 - week),
          },
        })),
        state: 'posted',
      };
});

/** Every sample of the digest's cards, by its name. */
export const DIGEST_SAMPLES: Readonly<Record<string, CardView>> = {
  'digests/digest': digestCard(shown, 'all', NOW),
  'digests/digest.part': digestCard(shown, ['goodwill'], NOW),
  'digests/digest.late': digestCard({ ...shown, dueAt: '2026-11-23T05:00:00.000Z' }, ['st-annes'], NOW),
  'digests/digest.nothing': digestCard(nothing, ['st-annes'], NOW),
  'digests/more': moreCard(shown, 'all', weeks, NOW),
  'digests/more.first': moreCard(nothing, ['st-annes'], [], NOW),
  'digests/print': printCard(shown, 'all', NOW),
};
