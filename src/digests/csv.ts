import { partnerName } from '../agreement/agreement.ts';
import { partText, type Scope, within } from '../agreement/scope.ts';
import type { Instant } from '../core/clock.ts';
import { csvLine } from '../core/csv.ts';
import { dateTime, dayText } from '../core/wording.ts';
import { KIND_WORDS } from '../reconciliation/reconciliation.ts';
import type { Shown } from './commands.ts';
import { FIGURES, type Figure, type Line } from './digest.ts';
import { arrivalsIn, isCarried, seenBy } from './figures.ts';
import { dueDay } from './words.ts';

const NAMES: Readonly<Record<Figure, string>> = {
  duplicates: 'Pairs of cases that may be one person',
  unowned: 'Cases that nobody holds',
  actionsOpen: 'Actions open',
  actionsOverdue: 'Actions overdue',
  handoversUnanswered: 'Handovers unanswered',
  handoversRejected: 'Handovers rejected and not taken on',
  mismatches: 'Mismatches to settle',
  longWaits: 'Long waits',
  mismatched: 'Cases with something to settle',
  cases: 'Cases compared with the lists',
};
const HEADER = ['Week', 'Partner', 'What', 'Id', 'Number', 'Act by', 'Carried over'];

const trimmed = (cells: readonly (string | number)[]): string => csvLine(cells).trimEnd();

/**
 * The figures of a digest as CSV (RFC 4180), with the header: each partner's, where there are any, and their sum; and
 * how handovers came.
 * One that was not counted is left out.
 */
export function figureRows({ week, findings, today }: Shown, scope: Scope): string[] {
  const seen = findings.parts.filter(({ provider }) => within(scope, provider));
  const { figures: whole } = seenBy(findings, scope);
  const sums = [
    ...seen.map(({ provider, figures }) => ({ name: partText(provider, today), figures, least: 1 })),
    { name: 'Sum', figures: whole, least: 0 },
  ];
  return [
    trimmed(HEADER),
    ...sums.flatMap(({ name, figures, least }) =>
      FIGURES.flatMap((figure) => {
        const value = figures[figure];
        if (value === undefined || value < least) return [];
        return [trimmed([week, name, NAMES[figure], '', value, '', ''])];
      }),
    ),
    ...arrivalRows({ week, findings, today }, scope),
  ];
}

/** How what the senders offered came, as CSV. */
const arrivalRows = (
  { week, findings, today }: Pick<Shown, 'week' | 'findings' | 'today'>,
  scope: Scope,
): string[] =>
  arrivalsIn(findings, scope, today).flatMap(({ from, offered, complete }) => [
    trimmed([week, partnerName(today, from), 'Handovers offered in seven days', '', offered, '', '']),
    trimmed([week, partnerName(today, from), 'Of them complete on arrival', '', complete, '', '']),
  ]);

/** One line of a digest as CSV. Times are local ones of the pathway's zone. */
export function lineRow({ week, findings, today }: Shown, line: Line): string {
  const { id, other, provider } = line;
  return trimmed([
    week,
    partText(provider, today),
    whatOf(line),
    other === undefined ? id : `${id} ${other}`,
    1,
    byText(line, today.zone, findings.at),
    isCarried(line, findings.before) ? 'yes' : 'no',
  ]);
}

/** `Fri 13 Nov, 17:00`, of an action the day whose end it is due by, and nothing where nobody was given a time. */
function byText({ kind, needBy }: Line, zone: string, now: Instant): string {
  if (needBy === undefined) return '';
  return kind === 'action' ? dayText(dueDay(needBy, zone), now, zone) : dateTime(needBy, zone, now);
}

function whatOf({ kind, rejected, what }: Line): string {
  switch (kind) {
    case 'duplicate':
      return 'Pair of cases that may be one person';
    case 'unowned':
      return 'Case that nobody holds';
    case 'action':
      return 'Action open';
    case 'handover':
      return rejected ? 'Handover rejected and not taken on' : 'Handover unanswered';
    case 'mismatch':
      return what === undefined ? 'Mismatch' : `Mismatch: ${KIND_WORDS[what].toLowerCase()}`;
  }
}
