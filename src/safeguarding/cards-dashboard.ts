import type { Agreement } from '../agreement/agreement.ts';
import { partText } from '../agreement/scope.ts';
import type { CardView } from '../core/routes.ts';
import type { Dashboard, Times } from './dashboard.ts';
import type { Categories } from './published.ts';
import { monthText } from './published-text.ts';

type Labels = Readonly<Record<string, string>>;

const concerns = (count: number): string => (count === 1 ? '1 concern' : `${count} concerns`);

/** `35 minutes`, `2 h 05 min`; a median of whole minutes. */
export function minutesText(minutes: number): string {
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `Acknowledged in time: 4 of 6, half of them within 35 minutes. Late: 1. Overdue now: 1. Still in time: 0.` */
function timesText({ raised, median, late, overdue, waiting, ...times }: Times): string {
  if (raised === 0) return 'Nothing to acknowledge.';
  const half = median === undefined ? '' : ` Median time to acknowledgement: ${minutesText(median)}.`;
  return `Acknowledged in time: ${times['in-time']} of ${raised}. Late: ${late}. Overdue now: ${overdue}. Not due yet: ${waiting}.${half}`;
}

/** A chart, and the same as a line of text for whoever does not see it; one without anything is said and not drawn. */
function chart(title: string, bars: readonly (readonly [name: string, count: number])[], none: string) {
  const some = bars.some(([, count]) => count > 0);
  return {
    title,
    text: some ? `${bars.map(([name, count]) => `${name}: ${count}`).join('. ')}.` : none,
    drawn: some,
    bars: bars.map(([x, y]) => ({ x, y, color: 'categoricalBlue' })),
  };
}

const labelled = (counts: Readonly<Record<string, number>>, labels: Labels) =>
  Object.entries(counts).map(([key, count]) => [labels[key] ?? key, count] as const);

/** A month's concerns for somebody who may know of all that are counted in it: exact, and so in person only. */
export function dashboardCard(
  { month, whole, partners, themes, outcomes, before }: Dashboard,
  labels: Pick<Categories, 'theme' | 'outcome'>,
  today: Agreement,
): CardView {
  const title = `Safeguarding concerns in ${monthText(month)}`;
  const row = (name: string, times: Times) => ({
    name,
    raised: String(times.raised),
    inTime: String(times['in-time']),
    late: String(times.late + times.overdue),
    waiting: String(times.waiting),
  });
  return {
    card: 'safeguarding/dashboard',
    data: {
      title,
      raised: `${concerns(whole.raised)} that you answer for. Exact figures: do not pass them on.`,
      times: timesText(whole),
      some: whole.raised > 0,
      rows: [
        ...Object.entries(partners).map(([id, times]) => row(partText(id, today), times)),
        row('All', whole),
      ],
      charts: [
        chart('Themes', labelled(themes, labels.theme), 'No concern, and so no theme.'),
        chart('Outcomes', labelled(outcomes, labels.outcome), 'No concern, and so no outcome.'),
        chart(
          'Raised by month',
          before.map((one) => [monthText(one.month).replace(/(?<=^...)\w+/, ''), one.raised] as const),
          'None in these months.',
        ),
      ],
    },
    summary: `${title}.`,
  };
}
