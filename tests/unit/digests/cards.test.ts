import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/agreement/scope.ts';
import { digestCard } from '../../../src/digests/cards.ts';
import { moreCard, seriesOf } from '../../../src/digests/cards-more.ts';
import { figureRows, lineRow } from '../../../src/digests/csv.ts';
import {
  type Digest,
  FIGURES,
  type Findings,
  LINE_KINDS,
  type Line,
  type ListStands,
} from '../../../src/digests/digest.ts';
import { seenBy } from '../../../src/digests/figures.ts';
import { standingTexts } from '../../../src/digests/words.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';
import { parts, shown, weeks } from './cards-samples.ts';

const AT = '2026-11-23T08:00:00.000Z';
const none = { figures: { unowned: 0, actionsOpen: 0, longWaits: 0, cases: 40 }, lines: [] };
const list = (provider: string, fresh: boolean, asOf?: string, compared = true): ListStands => ({
  provider,
  fresh,
  compared,
  ...(asOf !== undefined && { asOf }),
});
const NOTHING =
  'Nothing outstanding: every case is held, no pair or mismatch is to be decided, no action is open and no handover waits.';
const COMPARED: Pick<Findings, 'reconciled'> = { reconciled: { run: '000001', at: AT } };

describe('what a digest says of nothing', () => {
  it.each<[string, ListStands[], Pick<Findings, 'reconciled'>, string[]]>([
    ['every list is in, fresh and compared', [list('goodwill', true, AT)], COMPARED, [NOTHING]],
    [
      'a list is old',
      [list('goodwill', false, '2026-11-12T18:00:00.000Z'), list('st-annes', true, AT)],
      COMPARED,
      ['Not known for Goodwill Homes: last list Thu 12 Nov.'],
    ],
    [
      'a list never came',
      [list('goodwill', false)],
      COMPARED,
      ['Not known for Goodwill Homes: no list yet.'],
    ],
    [
      'a list is still going in',
      [{ ...list('goodwill', false, '2026-11-20T18:00:00.000Z'), importing: true }],
      COMPARED,
      ['Not known for Goodwill Homes: its list of Fri 20 Nov is still going in.'],
    ],
    [
      'a list came after the lists were compared',
      [list('goodwill', true, '2026-11-22T18:00:00.000Z', false)],
      COMPARED,
      ['Not known for Goodwill Homes: its list of Sun 22 Nov was not compared yet.'],
    ],
    [
      'the lists were never compared',
      [list('goodwill', true, AT, false)],
      {},
      ['Not known: the lists were not compared yet.'],
    ],
    [
      'the lists were compared too long ago',
      [list('goodwill', true, AT)],
      { reconciled: { run: '000001', at: '2026-11-12T08:00:00.000Z' } },
      ['Not known: the lists were last compared Thu 12 Nov.'],
    ],
    [
      'no list was agreed',
      [],
      {},
      [
        'Nothing outstanding in Baton. No caseload list is agreed here, so it knows nothing of what is not in Baton.',
      ],
    ],
  ])('when %s', (_, caseloads, reconciled, texts) => {
    expect(standingTexts({ ...none, caseloads, ...reconciled }, terms, AT)).toEqual(texts);
  });

  it.each(FIGURES.filter((figure) => figure !== 'cases'))(
    'is not nothing while there is any of %s',
    (figure) => {
      const some = { ...none, figures: { ...none.figures, [figure]: 1 } };
      expect(
        standingTexts({ ...some, caseloads: [list('goodwill', true, AT)], ...COMPARED }, terms, AT),
      ).toEqual([]);
      expect(
        standingTexts({ ...some, caseloads: [list('goodwill', false)], ...COMPARED }, terms, AT),
      ).toHaveLength(1);
    },
  );
});

const csvOf = (scope: Scope): string[] => {
  const rows = seenBy(shown.findings, scope).lines.map((line) => lineRow(shown, line));
  return [...figureRows(shown, scope), ...rows];
};

describe('the digest as CSV', () => {
  it('has each partner’s figures, their sum, and the lines by id', () => {
    const lines = csvOf('all');
    expect(lines[0]).toBe('Week,Partner,What,Id,Number,Act by,Carried over');
    expect(lines).toContain('2026-W48,Goodwill Homes,Actions overdue,,1,,');
    expect(lines).toContain('2026-W48,Sum,Actions open,,5,,');
    expect(lines).toContain('2026-W48,Sum,Cases compared with the lists,,200,,');
    expect(lines).toContain('2026-W48,St Anne’s,Case that nobody holds,7K2-M4Z,1,"Fri 13 Nov, 17:00",yes');
    expect(lines).toContain('2026-W48,St Anne’s,Pair of cases that may be one person,7K2-M4Z 9B3-77K,1,,no');
    expect(lines).toContain('2026-W48,Goodwill Homes,Mismatch: long wait,7K2-M51,1,"Fri 27 Nov, 17:00",no');
    const own = csvOf(['goodwill']).join('\n');
    expect(own).toContain('3T9-XQ0');
    for (const other of ['St Anne’s', 'Northside', '7K2-M4Z']) expect(own).not.toContain(other);
  });

  it('lets no name of a partner run as a formula', () => {
    const providers = shown.today.providers.map((one) => ({ ...one, name: `=cmd|${one.name}` }));
    const named = { ...shown, today: { ...shown.today, providers } };
    const rows = [
      ...figureRows(named, 'all'),
      ...shown.findings.parts.flatMap(({ lines }) => lines.map((line) => lineRow(named, line))),
    ];
    const cells = rows.filter((row) => row.includes('=cmd'));
    expect(cells.length).toBeGreaterThan(5);
    for (const row of cells) expect(row).toContain('"\'=cmd|');
  });
});

describe('how handovers came', () => {
  const said = (scope: Scope) =>
    (moreCard(shown, scope, weeks, NOW).data as { arrivals: { text: string }[] }).arrivals.map(
      ({ text }) => text,
    );

  it('is the rate of each sender, to whoever sees that sender', () => {
    expect(said('all')).toEqual([
      expect.stringMatching(/: 4 of 4 complete on arrival \(100 %\)\.$/),
      expect.stringMatching(/: 12 of 15 complete on arrival \(80 %\)\.$/),
    ]);
    expect(said(['goodwill'])).toHaveLength(1);
  });
});

describe('the weeks before', () => {
  const valuesOf = (title: string, before: readonly Digest[] = weeks) =>
    seriesOf('2026-W48', before, 'all')
      .find((one) => one.title === title)
      ?.points.map(({ week, value }) => [week, value]);

  it('are told from the first digest on, and a missed one is none and not nothing', () => {
    expect(valuesOf('Cases that nobody holds')).toEqual([
      ['2026-W44', 4],
      ['2026-W45', 5],
      ['2026-W46', undefined],
      ['2026-W47', 7],
    ]);
    expect(valuesOf('Handovers waiting')?.map(([, value]) => value)).toEqual([2, 2, undefined, 2]);
    expect(valuesOf('Handovers waiting', [])).toEqual([]);
  });

  it('are said in words just as they are drawn, with none for what was not counted then', () => {
    const older = weeks.map((one) => {
      if (one.state === 'missed' || one.week !== '2026-W44') return one;
      const parts = one.parts.map((part) => ({ ...part, figures: { unowned: part.figures.unowned ?? 0 } }));
      return { ...one, parts };
    });
    const { weeks: told } = moreCard(shown, 'all', older, NOW).data as {
      weeks: { text: string; title: string; drawn: boolean; bars: { x: string; y: number }[] }[];
    };
    expect(told).toHaveLength(6);
    for (const { text, title, drawn, bars } of told) {
      expect(text.startsWith(`${title}, W44 to W47: `)).toBe(true);
      const said = (text.split(': ')[1] ?? '').replace(/[.]$/, '').split(', ');
      expect(said).toHaveLength(4);
      const numbers = said.flatMap((one, at) => (/^[\d.]+$/.test(one) ? [[`${44 + at}`, Number(one)]] : []));
      expect(numbers).toEqual(bars.map(({ x, y }) => [x, y]));
      expect(drawn).toBe(numbers.some(([, value]) => Number(value) > 0));
      expect(said[2]).toBe('none made');
      if (title !== 'Cases that nobody holds') expect(said[0]).toBe('not counted');
    }
  });
});

it('a partner sees its own lines and numbers alone', () => {
  const card = JSON.stringify(digestCard(shown, ['goodwill'], NOW));
  expect(card).toContain('3T9-XQ0');
  for (const other of ['7K2-M4Z', '7K2-04V', 'St Anne’s']) expect(card).not.toContain(other);
  expect(seenBy({ parts, caseloads: [] }, ['goodwill']).figures.actionsOverdue).toBe(1);
});

it('marks a line of every kind that was open a week before, and no other', () => {
  const rowsWith = (since: string) => {
    const lines = LINE_KINDS.map((kind): Line => ({ kind, id: '7K2-M4Z', provider: 'goodwill', since }));
    const findings = { ...shown.findings, parts: [{ provider: 'goodwill', figures: {}, lines }] };
    return (
      digestCard({ ...shown, findings }, 'all', NOW).data as { rows: { carriedText: string; verb: string }[] }
    ).rows;
  };
  const before = shown.findings.before ?? '';
  const [old, fresh] = [rowsWith(before), rowsWith(AT)];
  expect(old.map(({ carriedText }) => carriedText)).toEqual(
    LINE_KINDS.map(() => 'Carried over from last week.'),
  );
  expect(fresh.map(({ carriedText }) => carriedText)).toEqual(LINE_KINDS.map(() => ''));
  expect(new Set(old.map(({ verb }) => verb)).size).toBe(LINE_KINDS.length);
});
