import type { Instant } from '../core/clock.ts';
import { csvLine } from '../core/csv.ts';
import type { CardView } from '../core/routes.ts';
import { dateTime } from '../core/wording.ts';
import { listTexts, partTexts } from './cards-more.ts';
import type { Shown } from './commands.ts';
import { FIGURES, type Figure, type Scope } from './digest.ts';
import { isCarried, seenBy } from './figures.ts';
import {
  carriedText,
  countedText,
  lineText,
  madeText,
  partText,
  scopeText,
  titleOf,
  weekText,
} from './words.ts';

const NAMES: Readonly<Record<Figure, string>> = {
  unowned: 'Cases that nobody holds',
  actionsOpen: 'Actions open',
  actionsOverdue: 'Actions overdue',
  handoversUnanswered: 'Handovers unanswered',
  handoversRejected: 'Handovers rejected and not taken on',
};
const HEADER = ['Week', 'Partner', 'What', 'Number', 'Act by', 'Carried over'];

/**
 * A digest as CSV (RFC 4180): each partner's figures and the sum, then the lines, by id. Times are local ones of
 * the pathway's zone. A figure that was not counted is left out.
 */
export function digestCsv({ week, findings, today }: Shown, scope: Scope): string[] {
  const { lines, figures: whole } = seenBy(findings, scope);
  const seen = findings.parts.filter(({ provider }) => scope === 'all' || scope.includes(provider));
  const sums = [
    ...seen.map(({ provider, figures }) => ({ name: partText(provider, today), figures })),
    { name: 'Sum', figures: whole },
  ];
  return [
    HEADER,
    ...sums.flatMap(({ name, figures }) =>
      FIGURES.flatMap((figure) => {
        const value = figures[figure];
        return value === undefined ? [] : [[week, name, NAMES[figure], value, '', '']];
      }),
    ),
    ...lines.map((line) => [
      week,
      partText(line.provider, today),
      titleOf(line),
      1,
      dateTime(line.needBy, today.zone, findings.at),
      isCarried(line, findings.before) ? 'yes' : 'no',
    ]),
  ].map((cells) => csvLine(cells).trimEnd());
}

/** The digest to take along: one page of plain text to print, and the same as CSV to copy. Ids only. */
export function printCard(shown: Shown, scope: Scope, now: Instant): CardView {
  const { findings, today, week } = shown;
  const { lines, figures } = seenBy(findings, scope);
  const page = [
    ...madeText(shown, now),
    `${scopeText(scope, today)}: ${countedText(figures)}`,
    ...(scope === 'all' ? partTexts(findings, scope, shown) : []),
    ...listTexts(shown, scope),
    ...lines.map((line, at) =>
      [
        `${at + 1}. ${titleOf(line)}. ${lineText(line, today, findings.at)}`,
        carriedText(line, findings.before),
      ]
        .filter((text) => text !== '')
        .join(' '),
    ),
  ];
  const title = `${today.name}: digest, ${weekText(week).toLowerCase()}`;
  return {
    card: 'digests/print',
    data: {
      title,
      page: page.map((text) => ({ text })),
      csv: digestCsv(shown, scope).map((text) => ({ text })),
    },
    summary: `${title}, to print or to copy.`,
  };
}
