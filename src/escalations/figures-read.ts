import { type Agreements, inForceOf } from '../agreement/current.ts';
import type { Clock } from '../core/clock.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { nextDay, startOfDay } from '../core/wording.ts';
import type { Rota } from '../rota/rota.ts';
import type { Store } from '../store/store.ts';
import type { Escalation } from './escalation.ts';
import { createTally, type Figures } from './figures.ts';
import { type Days, figuresLines } from './figures-lines.ts';

export interface FiguresDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly agreements: Agreements;
  readonly rota: { read(pathwayId: string): Promise<Rota> };
}

const PAGE = 200;

/**
 * The figures of the escalations that began on these days of the pathway's zone, and the same as lines to
 * print. Reads them page by page in the order in which they began, and nothing else of their cases.
 * Errors: `Invalid` for what is no day; `Refused` for an unknown pathway; those of the store.
 */
export async function readFigures(
  { store, clock, agreements, rota }: FiguresDeps,
  pathwayId: string,
  days: Days,
): Promise<{ readonly figures: Figures; readonly lines: readonly string[] }> {
  const { terms } = await inForceOf(agreements)(pathwayId);
  const [after, upTo] = bounds(days, terms.zone);
  const now = clock.now();
  const tally = createTally(await rota.read(pathwayId), now);
  for (let place = after; ; ) {
    const page = await store.page<Escalation>(pathwayId, 'escalations', { after: place, upTo, limit: PAGE });
    for (const { doc } of page) {
      const agreed = (await agreements.termsAt(pathwayId, doc.agreementVersion)) ?? terms;
      tally.add(doc, agreed.ladder);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    place = last.place;
  }
  const figures = tally.figures();
  return { figures, lines: figuresLines(figures, terms, days, now) };
}

/** The places between which escalations of these days stand: after the one, up to the other. */
function bounds({ from, to }: Days, zone: string): readonly [string, string] {
  const problems: Problem[] = [];
  const startOf = (field: string, typed: string, dayOf: (date: string) => string): string => {
    try {
      if (!/^\d{4}-\d\d-\d\d$/.test(typed)) throw new RangeError('no date');
      return startOfDay(dayOf(typed), zone);
    } catch {
      problems.push({ field, message: 'write a day such as 2026-11-24' });
      return '';
    }
  };
  const places = [startOf('--from', from, (date) => date), startOf('--to', to, nextDay)] as const;
  if (problems.length === 0 && places[0] >= places[1]) {
    problems.push({ field: '--to', message: 'write the same day as --from, or a later one' });
  }
  if (problems.length > 0) throw new Invalid('These are no days.', problems);
  return places;
}
