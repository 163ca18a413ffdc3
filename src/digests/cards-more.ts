import { partText, type Scope, scopeText, within } from '../agreement/scope.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { rateOf } from '../reconciliation/reconciliation.ts';
import { refOf } from './cards.ts';
import type { Shown } from './commands.ts';
import type { Digest, Figures } from './digest.ts';
import { seenBy } from './figures.ts';
import { mondayOf, weeksBefore } from './period.ts';
import { madeText, shortText, unknownTexts, weekText } from './words.ts';

/** Weeks behind a digest that are shown. */
export const WEEKS = 12;

/** What the weeks are compared by, chart by chart: what is counted in pieces, and what is a share of them. */
const CHARTS: readonly {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly {
    readonly title: string;
    readonly of: (figures: Figures) => number | undefined;
  }[];
}[] = [
  {
    title: 'Open each week',
    unit: 'Number',
    series: [
      { title: 'Pairs that may be one person', of: ({ duplicates }) => duplicates },
      { title: 'Cases that nobody holds', of: ({ unowned }) => unowned },
      { title: 'Actions overdue', of: ({ actionsOverdue }) => actionsOverdue },
      {
        title: 'Handovers waiting',
        of: ({ handoversUnanswered: open, handoversRejected: rejected = 0 }) =>
          open === undefined ? undefined : open + rejected,
      },
      { title: 'Long waits', of: ({ longWaits }) => longWaits },
    ],
  },
  {
    title: 'Cases that differ from the lists',
    unit: 'Per cent',
    series: [
      {
        title: 'Cases that differ from the lists, per cent',
        of: ({ mismatched, cases }) =>
          mismatched === undefined || cases === undefined ? undefined : rateOf({ mismatched, cases }),
      },
    ],
  },
];

/** One week of one series. */
interface Point {
  readonly week: string;
  /** Absent where no digest was made, or it did not count this. */
  readonly value: number | undefined;
  readonly made: boolean;
}

export interface Series {
  readonly title: string;
  readonly points: readonly Point[];
}

/** The charts of the weeks before a digest, oldest first. Weeks before the first digest are left out. */
export function chartsOf(
  week: string,
  before: readonly Digest[],
  scope: Scope,
): readonly { readonly title: string; readonly unit: string; readonly series: readonly Series[] }[] {
  const known = new Map(before.map((one) => [one.week, one] as const));
  const weeks = Array.from({ length: WEEKS }, (_, at) => weeksBefore(week, WEEKS - at));
  const first = weeks.findIndex((one) => known.has(one));
  const shown = first === -1 ? [] : weeks.slice(first);
  const figures = new Map(
    shown.map((one) => {
      const digest = known.get(one);
      return [one, digest?.state === 'posted' ? seenBy(digest, scope).figures : undefined] as const;
    }),
  );
  return CHARTS.map(({ series, ...chart }) => ({
    ...chart,
    series: series.map(({ title, of }) => ({
      title,
      points: shown.map((one) => {
        const found = figures.get(one);
        return { week: one, value: found && of(found), made: found !== undefined };
      }),
    })),
  }));
}

const short = (week: string): string => `W${week.slice(6)}`;

/** `Cases that nobody holds, W36 to W47: 5, 4, none made, not counted, 2.` */
function pointsText({ title, points }: Series): string {
  const from = short(points[0]?.week ?? '');
  const to = short(points.at(-1)?.week ?? '');
  const values = points.map(({ value, made }) => value ?? (made ? 'not counted' : 'none made'));
  return `${title}, ${from === to ? from : `${from} to ${to}`}: ${values.join(', ')}.`;
}

/** What each partner has; their sums are the numbers of the whole. */
export const partTexts = ({ findings, today }: Shown, scope: Scope): readonly string[] =>
  findings.parts
    .filter(({ provider }) => within(scope, provider))
    .map(({ provider, figures }) => `${partText(provider, today)}: ${shortText(figures)}`);

/** Where every list stands, by which it can be told how far the numbers are known. */
export function listTexts({ findings, today }: Shown, scope: Scope): readonly string[] {
  const caseloads = findings.caseloads.filter(({ provider }) => within(scope, provider));
  if (caseloads.length === 0) return ['No caseload list is agreed here.'];
  const unknown = unknownTexts({ ...findings, caseloads }, today, findings.at);
  return unknown.length > 0 ? unknown : ['Every caseload list is in, fresh, and compared.'];
}

/** Everything of each kind: the lists of the commands, from where each line can be opened. */
function allOf({ findings, today }: Shown, scope: Scope) {
  const { pathway } = today;
  const { figures } = seenBy(findings, scope);
  const button = (some: number | undefined, title: string, verb: string, ref: object) =>
    (some ?? 0) === 0 ? [] : [{ title, verb, ref: { pathway, ...ref } }];
  const { duplicates, unowned, actionsOpen, handoversUnanswered, handoversRejected = 0 } = figures;
  const whose = scope !== 'all' && scope.length === 1 ? (scope[0] ?? '') : '';
  return [
    ...button(duplicates, 'Pairs', 'duplicate.page', { caseId: '', after: '' }),
    ...button(unowned, 'Unowned', 'unowned.list', { provider: whose, after: '' }),
    ...button(actionsOpen, 'Actions', 'action.page', { list: 'open', after: '' }),
    ...button((handoversUnanswered ?? 0) + handoversRejected, 'Handovers', 'list.page', {
      list: 'mine',
      after: '',
    }),
    ...findings.parts
      .filter(({ provider, figures: of }) => within(scope, provider) && provider !== '' && of.mismatches)
      .slice(0, MOST_PARTNERS)
      .map(({ provider }) => ({
        title: `Mismatches: ${partText(provider, today)}`,
        verb: 'mismatch.list',
        ref: { pathway, provider, after: '' },
      })),
  ];
}

/** So many partners have a button for their mismatches; `/mismatches PROVIDER` has those of the others. */
const MOST_PARTNERS = 5;

/** Behind More: by partner, how far it is known, all of each kind, and the twelve weeks before as charts and as words. */
export function moreCard(shown: Shown, scope: Scope, before: readonly Digest[], now: Instant): CardView {
  const { today, week, live } = shown;
  const charts = chartsOf(week, before, scope);
  const all = charts.flatMap(({ series }) => series);
  const known = all.some(({ points }) => points.length > 0);
  const texts = known ? all.map(pointsText) : ['No digest was made in the twelve weeks before.'];
  const title = live ? 'What is open now' : `Weekly digest: ${weekText(week)}`;
  const lists = allOf(shown, scope);
  return {
    card: 'digests/more',
    data: {
      kicker: scopeText(scope, today),
      title,
      made: madeText(shown, now).join(' '),
      parts: partTexts(shown, scope).map((text) => ({ text })),
      lists: listTexts(shown, scope).map((text) => ({ text })),
      some: lists.length > 0,
      all: lists.map((one) => ({ ...one, tooltip: `All of them: ${one.title}` })),
      known,
      charts: charts.flatMap(({ title: name, unit, series }) => {
        const drawn = series.flatMap(({ title: legend, points }) => {
          const values = points.flatMap(({ week: one, value }) =>
            value === undefined ? [] : [{ x: mondayOf(one), y: value }],
          );
          return values.length === 0 ? [] : [{ legend, values }];
        });
        return drawn.length === 0 ? [] : [{ title: name, unit, series: drawn }];
      }),
      texts: texts.map((text) => ({ text })),
      ref: refOf(shown),
    },
    summary: `${title}, ${scopeText(scope, today)}. ${texts.join(' ')}`,
  };
}
