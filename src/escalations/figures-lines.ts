import { type Agreement, partnerName } from '../agreement/agreement.ts';
import { rungOf } from '../agreement/ladder.ts';
import type { Instant } from '../core/clock.ts';
import { inColumns } from '../core/columns.ts';
import { dateText, dateTime } from '../core/wording.ts';
import type { Figures, ShiftAsked } from './figures.ts';
import type { Measured, Times } from './times.ts';

/** The days that figures are for, both included, `2026-11-01`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const HEADS = [
  'asked',
  'median',
  'within target',
  'in time',
  'late',
  'unanswered',
  'stopped',
  'waiting',
  'nobody',
];

/** `41 min`, `3 h 20 min`, `none`. */
export function minutesText(minutes: number | null): string {
  if (minutes === null) return 'none';
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  const rest = whole % 60;
  return rest === 0 ? `${(whole - rest) / 60} h` : `${(whole - rest) / 60} h ${rest} min`;
}

/** `61 % (19 of 31)`; of nothing there is no share. */
export const shareText = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${Math.round((100 * part) / whole)} % (${part} of ${whole})`;

/** Figures as lines for a terminal. Staff are named by their keys. */
export function figuresLines(figures: Figures, terms: Agreement, days: Days, now: Instant): string[] {
  const { escalations, running, acknowledgement, review, skipped, prompts, people } = figures;
  const rungName = (id: string): string => rungOf(terms.ladder, id)?.name ?? id;
  const skips = Object.entries(skipped).map(([rung, times]) => `${rungName(rung)} ${times}`);
  return [
    `${terms.name}: escalations that began from ${dateText(days.from)} to ${dateText(days.to)}: ${escalations}, ${running} of them running.`,
    '',
    ...table('Time to acknowledgement', acknowledgement, terms, rungName),
    '',
    ...table('Time to clinical review', review, terms, rungName),
    '',
    `Rungs skipped because nobody was on duty: ${skips.length === 0 ? 'none' : skips.join(', ')}.`,
    `Prompts that somebody who was asked acted on: ${shareText(prompts.acted, prompts.asked)}.`,
    '',
    ...(people.length === 0
      ? ['Prompts by person and shift: none']
      : inColumns([
          ['Prompts by person and shift', 'prompts', 'acted on'],
          ...people.map((one) => [
            shiftText(one, terms, now),
            String(one.prompts),
            shareText(one.acted, one.prompts),
          ]),
        ])),
  ];
}

function shiftText({ person, provider, from, to }: ShiftAsked, terms: Agreement, now: Instant): string {
  const when = (at: Instant): string => dateTime(at, terms.zone, now);
  const shift =
    from === undefined ? 'shift not known' : `${when(from)} to ${to === undefined ? 'no end yet' : when(to)}`;
  return `${person} at ${partnerName(terms, provider)}, ${shift}`;
}

function table(
  title: string,
  { all, byProvider, byRung }: Measured,
  terms: Agreement,
  rungName: (id: string) => string,
): string[] {
  return inColumns([
    [title, ...HEADS],
    ['All', ...cells(all)],
    ...Object.entries(byProvider).map(([id, times]) => [`  ${partnerName(terms, id)}`, ...cells(times)]),
    ...Object.entries(byRung).map(([id, times]) => [`  Rung ${rungName(id)}`, ...cells(times)]),
  ]);
}

const cells = (times: Times): string[] => {
  const { asked, inTime, late, unanswered, stopped, waiting, nobody } = times;
  return [
    String(asked),
    minutesText(times.medianMinutes),
    shareText(inTime, inTime + late + unanswered),
    ...[inTime, late, unanswered, stopped, waiting, nobody].map(String),
  ];
};
