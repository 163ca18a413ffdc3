import type { CardView } from '../../../src/core/routes.ts';
import { dashboardCard } from '../../../src/safeguarding/cards-dashboard.ts';
import { dashboardOf, type Seen } from '../../../src/safeguarding/dashboard.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';

const labels = {
  theme: { neglect: 'Neglect and acts of omission', financial: 'Financial or material abuse' },
  outcome: { open: 'Not decided', removed: 'Risk removed' },
};
const one = (over: Partial<Seen> = {}): Seen => ({
  raisedAt: '2026-11-20T10:00:00.000Z',
  partner: 'st-annes',
  themes: ['neglect'],
  acknowledgeBy: '2026-11-21T00:00:00.000Z',
  acknowledgedAt: '2026-11-20T10:35:00.000Z',
  outcome: 'removed',
  ...over,
});
const seen: readonly Seen[] = [
  one(),
  one({ themes: ['neglect', 'financial'], partner: 'goodwill' }),
  one({ acknowledgedAt: '2026-11-21T08:00:00.000Z', outcome: 'open' }),
  one({ raisedAt: '2026-10-02T10:00:00.000Z' }),
];

/** The views of the samples, by the sample’s file. */
export const SAFEGUARDING_SAMPLES: Readonly<Record<string, CardView>> = {
  'safeguarding/dashboard': dashboardCard(dashboardOf(seen, '2026-11', 'Europe/London', NOW), labels, terms),
  'safeguarding/dashboard.nothing': dashboardCard(
    dashboardOf([], '2026-11', 'Europe/London', NOW),
    labels,
    terms,
  ),
};
