import type { Actor } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { Digests } from './commands.ts';
import { figureRows, lineRow } from './csv.ts';
import { pageOf, pageText } from './page.ts';

/** What is open between all partners: one page of text, how many lines are not on it, and all of it as rows of CSV. */
export interface WholeDigest {
  readonly page: string;
  readonly left: number;
  /** Of the figures, with the header. */
  readonly figures: readonly string[];
  /** Of the lines, read as they are asked for. */
  readonly lines: AsyncIterable<string>;
}

/**
 * All that is open now, for somebody who takes it along; that they do is recorded. Errors: `Refused` for an unknown
 * pathway, and for whoever may not see all of it.
 */
export async function wholeDigest(
  digests: Pick<Digests, 'live' | 'lines' | 'sent'>,
  pathwayId: string,
  actor: Actor,
  now: Instant,
): Promise<WholeDigest> {
  const shown = await digests.live(pathwayId, now);
  await digests.sent(pathwayId, shown.week, 'all', actor);
  const page = pageOf(shown, 'all', now);
  async function* lines(): AsyncGenerator<string> {
    for await (const line of digests.lines(pathwayId, shown)) yield lineRow(shown, line);
  }
  return { page: pageText(page), left: page.left, figures: figureRows(shown, 'all'), lines: lines() };
}
