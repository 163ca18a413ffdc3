import { type Agreement, primeOf } from '../agreement/agreement.ts';
import { calendarOf } from '../agreement/calendar.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { answerDue, clockRuns } from '../core/working-time.ts';
import { type Gap, gapName, gapsAt, type Rota } from './rota.ts';

/** A coming gap is told so long before, in milliseconds. */
export const AHEAD_MS = 24 * 60 * 60_000;

/**
 * The gaps of the ladder that are running or begin within a day: some rung would ask there and nobody is on
 * duty, although somebody was until then. On clocks that count opening hours a gap while the provider is
 * closed is none. Each once, however many rungs ask there.
 */
export function ladderGaps(
  rota: Rota,
  terms: Agreement,
  now: Instant,
  reached: (person: string) => boolean,
): Gap[] {
  const span = { after: plusMs(now, -AHEAD_MS), upTo: plusMs(now, AHEAD_MS) };
  const found = new Map<string, Gap>();
  for (const { ask, answer } of terms.ladder.rungs) {
    const providers = ask.of === 'prime' ? [primeOf(terms)] : terms.providers;
    for (const { id } of providers) {
      for (const gap of gapsAt(rota, span, { provider: id, roles: ask.roles }, reached)) {
        const over = gap.to !== undefined && gap.to <= now;
        const matters = answer.clock === 'elapsed' || opensDuring(gap, terms);
        if (!over && matters) found.set(gapName(gap), gap);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Is the provider open at any minute of the gap? */
function opensDuring(gap: Gap, terms: Agreement): boolean {
  const calendar = calendarOf(terms, gap.provider);
  if (!clockRuns('service-hours', calendar)) return false;
  return gap.to === undefined || answerDue(gap.from, '1m', 'service-hours', calendar) <= gap.to;
}
