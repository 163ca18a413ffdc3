import { describe, expect, it } from 'vitest';
import { digestCard } from '../../../src/digests/cards.ts';
import { seriesOf } from '../../../src/digests/cards-more.ts';
import { digestCsv } from '../../../src/digests/cards-print.ts';
import { seenBy } from '../../../src/digests/figures.ts';
import { standingTexts } from '../../../src/digests/words.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';
import { parts, shown, weeks } from './cards-samples.ts';

const AT = '2026-11-23T08:00:00.000Z';
const none = { figures: { unowned: 0, actionsOpen: 0 }, lines: [] };
const list = (provider: string, fresh: boolean, asOf?: string) => ({
  provider,
  fresh,
  ...(asOf !== undefined && { asOf }),
});

describe('what a digest says of nothing', () => {
  it.each([
    [
      'every list is in and fresh',
      [list('goodwill', true, AT)],
      ['Nothing outstanding: every case is held, no action is open and no handover waits.'],
    ],
    [
      'a list is old',
      [list('goodwill', false, '2026-11-12T18:00:00.000Z'), list('st-annes', true, AT)],
      ['Not known for Goodwill Homes: last list Thu 12 Nov.'],
    ],
    ['a list never came', [list('goodwill', false)], ['Not known for Goodwill Homes: no list yet.']],
    [
      'no list was agreed',
      [],
      [
        'Nothing outstanding in Baton. No caseload list is agreed here, so it knows nothing of what is not in Baton.',
      ],
    ],
  ])('when %s', (_, caseloads, texts) => {
    expect(standingTexts({ ...none, caseloads }, terms, AT)).toEqual(texts);
  });

  it('is nothing where something is outstanding, but that a list is old', () => {
    const some = { ...none, figures: { unowned: 1 } };
    expect(standingTexts({ ...some, caseloads: [list('goodwill', true, AT)] }, terms, AT)).toEqual([]);
    expect(standingTexts({ ...some, caseloads: [list('goodwill', false)] }, terms, AT)).toHaveLength(1);
  });
});

describe('the digest as CSV', () => {
  it('has each partner’s figures, their sum, and the lines by id', () => {
    const lines = digestCsv(shown, 'all');
    expect(lines[0]).toBe('Week,Partner,What,Number,Act by,Carried over');
    expect(lines).toContain('2026-W48,Goodwill Homes,Actions overdue,1,,');
    expect(lines).toContain('2026-W48,Sum,Actions open,5,,');
    expect(lines).toContain('2026-W48,St Anne’s,Case 7K2-M4Z,1,"Fri 13 Nov, 17:00",yes');
    const own = digestCsv(shown, ['goodwill']).join('\n');
    expect(own).toContain('3T9-XQ0');
    for (const other of ['St Anne’s', 'Northside', '7K2-M4Z']) expect(own).not.toContain(other);
  });
});

it('the weeks before are told from the first digest on, and a missed one is none and not nothing', () => {
  const [unowned, , waiting] = seriesOf('2026-W48', weeks, 'all');
  expect(unowned?.points.map(({ week, value }) => [week, value])).toEqual([
    ['2026-W44', 4],
    ['2026-W45', 5],
    ['2026-W46', undefined],
    ['2026-W47', 7],
  ]);
  expect(waiting?.points.map(({ value }) => value)).toEqual([2, 2, undefined, 2]);
  expect(seriesOf('2026-W48', [], 'all')[0]?.points).toEqual([]);
});

it('a partner sees its own lines and numbers alone', () => {
  const card = JSON.stringify(digestCard(shown, ['goodwill'], NOW));
  expect(card).toContain('3T9-XQ0');
  for (const other of ['7K2-M4Z', '7K2-04V', 'St Anne’s']) expect(card).not.toContain(other);
  expect(seenBy({ parts, caseloads: [] }, ['goodwill']).figures.actionsOverdue).toBe(1);
});
