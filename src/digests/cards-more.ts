import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { refOf } from './cards.ts';
import type { Shown } from './commands.ts';
import type { Digest, Figures, Findings, Scope } from './digest.ts';
import { seenBy } from './figures.ts';
import { mondayOf, weeksBefore } from './period.ts';
import { countedText, madeText, notKnownText, partText, scopeText, weekText } from './words.ts';

/** Weeks behind a digest that are shown. */
export const WEEKS = 12;

/** What the weeks are compared by. */
const SERIES: readonly { readonly title: string; readonly of: (figures: Figures) => number | undefined }[] = [
  { title: 'Cases that nobody holds', of: ({ unowned }) => unowned },
  { title: 'Actions overdue', of: ({ actionsOverdue }) => actionsOverdue },
  {
    title: 'Handovers waiting',
    of: ({ handoversUnanswered: open, handoversRejected: rejected = 0 }) =>
      open === undefined ? undefined : open + rejected,
  },
];

/** One week of one series; without a value where no digest was made. */
interface Point {
  readonly week: string;
  readonly value: number | undefined;
}

/** The values of each series over the weeks before a digest, oldest first. Weeks before the first digest are left out. */
export function seriesOf(
  week: string,
  before: readonly Digest[],
  scope: Scope,
): readonly { readonly title: string; readonly points: readonly Point[] }[] {
  const known = new Map(before.map((one) => [one.week, one] as const));
  const weeks = Array.from({ length: WEEKS }, (_, at) => weeksBefore(week, WEEKS - at));
  const first = weeks.findIndex((one) => known.has(one));
  const shown = first === -1 ? [] : weeks.slice(first);
  return SERIES.map(({ title, of }) => ({
    title,
    points: shown.map((one) => {
      const digest = known.get(one);
      return {
        week: one,
        value: digest?.state === 'posted' ? of(seenBy(digest, scope).figures) : undefined,
      };
    }),
  }));
}

const short = (week: string): string => `W${week.slice(6)}`;

/** `Cases that nobody holds, W36 to W47: 5, 4, none made, 2.` */
const pointsText = (title: string, points: readonly Point[]): string =>
  `${title}, ${short(points[0]?.week ?? '')} to ${short(points.at(-1)?.week ?? '')}: ${points
    .map(({ value }) => value ?? 'none made')
    .join(', ')}.`;

/** What each partner has, and what they add up to. */
export const partTexts = (findings: Findings, scope: Scope, shown: Shown): readonly string[] => [
  ...findings.parts
    .filter(({ provider }) => scope === 'all' || scope.includes(provider))
    .map(({ provider, figures }) => `${partText(provider, shown.today)}: ${countedText(figures)}`),
];

/** Where every list stands, by which it can be told how far the numbers are known. */
export function listTexts({ findings: { caseloads, at }, today }: Shown, scope: Scope): readonly string[] {
  const seen = caseloads.filter(({ provider }) => scope === 'all' || scope.includes(provider));
  const stale = seen.filter(({ fresh }) => !fresh);
  if (seen.length === 0) return ['No caseload list is agreed here.'];
  if (stale.length === 0) return ['Every caseload list is in and fresh.'];
  return stale.map((one) => notKnownText(one, today, at));
}

/** Behind More: by partner, how far it is known, and the twelve weeks before as a chart and as words. */
export function moreCard(shown: Shown, scope: Scope, before: readonly Digest[], now: Instant): CardView {
  const { findings, today, week, live } = shown;
  const series = seriesOf(week, before, scope);
  const known = series.flatMap(({ points }) => points).length > 0;
  const texts = known
    ? series.map(({ title, points }) => pointsText(title, points))
    : ['No digest was made in the twelve weeks before.'];
  const title = live ? 'What is open now' : `Weekly digest: ${weekText(week)}`;
  return {
    card: 'digests/more',
    data: {
      kicker: scopeText(scope, today),
      title,
      made: madeText(shown, now).join(' '),
      parts: partTexts(findings, scope, shown).map((text) => ({ text })),
      lists: listTexts(shown, scope).map((text) => ({ text })),
      known,
      series: series.map(({ title: legend, points }) => ({
        legend,
        values: points.flatMap(({ week: one, value }) =>
          value === undefined ? [] : [{ x: mondayOf(one), y: value }],
        ),
      })),
      texts: texts.map((text) => ({ text })),
      ref: refOf(shown),
    },
    summary: `${title}, ${scopeText(scope, today)}. ${texts.join(' ')}`,
  };
}
