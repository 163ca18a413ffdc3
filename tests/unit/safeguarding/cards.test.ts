import { describe, expect, it } from 'vitest';
import { minutesText } from '../../../src/safeguarding/cards-dashboard.ts';
import { SAFEGUARDING_SAMPLES as samples } from './cards-samples.ts';

describe('the dashboard', () => {
  it('says each chart in words as well, and draws none where nothing is', () => {
    const { data } = samples['safeguarding/dashboard'] as { data: { charts?: readonly object[] } };
    expect(data.charts).toEqual([
      expect.objectContaining({
        drawn: true,
        text: 'Neglect and acts of omission: 3. Financial or material abuse: 1.',
      }),
      expect.objectContaining({ drawn: true, text: 'Risk removed: 2. Not decided: 1.' }),
      expect.objectContaining({
        drawn: true,
        text: 'Jun 2026: 0. Jul 2026: 0. Aug 2026: 0. Sep 2026: 0. Oct 2026: 1. Nov 2026: 3.',
      }),
    ]);
    const nothing = samples['safeguarding/dashboard.nothing'] as { data: { charts?: readonly object[] } };
    expect(nothing.data.charts).toHaveLength(3);
    for (const chart of nothing.data.charts ?? []) expect(chart).toMatchObject({ drawn: false });
  });

  it.each([
    [1, '1 minute'],
    [59, '59 minutes'],
    [60, '1 h 00 min'],
    [125, '2 h 05 min'],
  ])('says %i minutes as %s', (minutes, text) => expect(minutesText(minutes)).toBe(text));
});
