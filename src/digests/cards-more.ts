import { partText, type Scope, scopeText, within } from '../agreement/scope.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { rateOf } from '../reconciliation/reconciliation.ts';
import { refOf } from './cards.ts';
import type { Shown } from './commands.ts';
import type { Digest, Figures } from './digest.ts';
import { arrivalsIn, seenBy } from './figures.ts';
import { weeksBefore } from './period.ts';
import { arrivalText, madeText, shortText, unknownTexts, weekText } from './words.ts';

/** Weeks behind a digest that are shown. */
export const WEEKS = 12;

/** What the weeks are compared by, each on a chart of its own, so that no colour has to be told from another. */
const MEASURES: readonly {
  readonly title: string;
  readonly unit: string;
  readonly of: (figures: Figures) => number | undefined;
}[] = [
  { title: 'Pairs that may be one person', unit: 'Pairs', of: ({ duplicates }) => duplicates },
  { title: 'Cases that nobody holds', unit: 'Cases', of: ({ unowned }) => unowned },
  { title: 'Actions overdue', unit: 'Actions', of: ({ actionsOverdue }) => actionsOverdue },
  {
    title: 'Handovers waiting',
    unit: 'Handovers',
    of: ({ handoversUnanswered: open, handoversRejected: rejected = 0 }) =>
      open === undefined ? undefined : open + rejected,
  },
  { title: 'Long waits', unit: 'Cases', of: ({ longWaits }) => longWaits },
  {
    title: 'Cases with something to settle, per cent',
    unit: 'Per cent',
    of: ({ mismatched, cases }) =>
      mismatched === undefined || cases === undefined ? undefined : rateOf({ mismatched, cases }),
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
  readonly unit: string;
  readonly points: readonly Point[];
}

/** Each measure over the weeks before a digest, oldest first; those before the first digest are left out. */
export function seriesOf(week: string, before: readonly Digest[], scope: Scope): readonly Series[] {
  const known = new Map(before.map((one) => [one.week, one] as const));
  const weeks = Array.from({ length: WEEKS }, (_, at) => weeksBefore(week, WEEKS - at));
  const first = weeks.findIndex((one) => known.has(one));
  const shown = first === -1 ? [] : weeks.slice(first);
  const figures = shown.map((one) => {
    const digest = known.get(one);
    return digest?.state === 'posted' ? seenBy(digest, scope).figures : undefined;
  });
  return MEASURES.map(({ of, ...measure }) => ({
    ...measure,
    points: shown.map((one, at) => {
      const found = figures[at];
      return { week: one, value: found && of(found), made: found !== undefined };
    }),
  }));
}

/** A series as a chart; one with nothing in it is said and not drawn. A week without a value has no bar. */
function chartOf(series: Series) {
  const { title, unit, points } = series;
  return {
    text: pointsText(series),
    title,
    unit,
    drawn: points.some(({ value = 0 }) => value > 0),
    bars: points.flatMap(({ week, value }) =>
      value === undefined ? [] : [{ x: week.slice(6), y: value, color: 'categoricalBlue' }],
    ),
  };
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
    ...button(duplicates, 'Pairs of cases that may be one person', 'duplicate.page', {
      caseId: '',
      after: '',
    }),
    ...button(unowned, 'Cases that nobody holds', 'unowned.list', { provider: whose, after: '' }),
    ...button(actionsOpen, 'Open actions', 'action.page', { list: 'open', after: '' }),
    ...button(
      (handoversUnanswered ?? 0) + handoversRejected,
      'Handovers that wait for your service',
      'list.page',
      {
        list: 'mine',
        after: '',
      },
    ),
    ...findings.parts
      .filter(({ provider, figures: of }) => within(scope, provider) && provider !== '' && of.mismatches)
      .slice(0, MOST_PARTNERS)
      .map(({ provider }) => ({
        title: `Mismatches of ${partText(provider, today)}`,
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
  const series = seriesOf(week, before, scope);
  const known = series.some(({ points }) => points.length > 0);
  const title = live ? 'What is open now' : `Weekly digest: ${weekText(week)}`;
  const lists = allOf(shown, scope);
  const arrivals = arrivalsIn(shown.findings, scope, today);
  return {
    card: 'digests/more',
    data: {
      kicker: scopeText(scope, today),
      title,
      made: madeText(shown, now).join(' '),
      parts: partTexts(shown, scope).map((text) => ({ text })),
      lists: listTexts(shown, scope).map((text) => ({ text })),
      arrived: arrivals.length > 0,
      arrivals: arrivals.map((one) => ({ text: arrivalText(one, today) })),
      some: lists.length > 0,
      all: lists.map((one) => ({ ...one, tooltip: `Show: ${one.title}` })),
      known,
      weeks: known ? series.map(chartOf) : [],
      ref: refOf(shown),
    },
    summary: `${title}, ${scopeText(scope, today)}, by partner and over the weeks before.`,
  };
}
