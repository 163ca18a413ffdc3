import { type Agreement, primeOf } from '../agreement/agreement.ts';
import { rungOf } from '../agreement/ladder.ts';
import type { EventDoc } from '../core/change.ts';
import type { Climbed, LadderWatchDeps } from './climbed.ts';

/** Whether a prompt that wakes people is raised with its page, and no other is. */
export function checkWoken(
  { cases, time, broken, met }: LadderWatchDeps,
  { key, after, notices, agreed }: Climbed,
  event: EventDoc,
): void {
  const raising = after.raisings.find(({ n }) => n === Number(event.data.n));
  const rung = raising && rungOf(agreed.ladder, raising.rung);
  if (!rung) return;
  const terms = new Set([...cases.termsAround(Date.parse(event.recordedAt)), ...cases.termsAround(time.ms)]);
  // A difference between lists can wait for the morning.
  const wakes = rung.wake && raising.asked.length > 0 && after.cause !== 'mismatch';
  const could = [...terms].map((each) =>
    wakes ? pagedBy(each, raising.stood, raising.provider) : undefined,
  );
  const subject = `prompt:${after.subject}#${raising.n}`;
  const pages = notices.flatMap(({ notice }) =>
    notice.route.to === 'pager' && notice.subject === subject ? [notice.route.provider] : [],
  );
  const fits = could.some((provider) => pages.join() === (provider ?? ''));
  if (!fits) {
    const by = (all: readonly (string | undefined)[]): string =>
      all.map((one) => one ?? 'nobody').join(' or ');
    const said = `prompt ${raising.n} of ${rung.id} pages ${by(pages) || 'nobody'}, and is to page ${by(could)}`;
    broken('paged', said, key.caseId);
  }
  if (wakes) met(pages.length > 0 ? 'raised with a page' : 'raised where no pager is');
}

/** Whose paging service wakes those who were asked: where they work; the prime’s where its clinicians stand in. */
function pagedBy(terms: Agreement, stood: string, provider: string): string | undefined {
  const at = stood === 'prime-clinicians' ? primeOf(terms).id : provider;
  return terms.providers.find(({ id }) => id === at)?.paging && at;
}
