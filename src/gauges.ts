import { overdueUpTo } from './actions/action.ts';
import type { Agreements } from './agreement/current.ts';
import { isApart } from './core/apart.ts';
import type { Clock, Instant } from './core/clock.ts';
import type { Gauge } from './http/metrics.ts';
import type { Ticker } from './jobs/ticker.ts';
import { MAX_PAGE, type Store } from './store/store.ts';

/** The figures asked for when somebody looks: ids of the agreement and counts, nothing about a person. */
export async function gaugesOf(
  store: Store,
  agreements: Agreements,
  ticker: Pick<Ticker, 'behind'>,
  clock: Clock,
): Promise<Gauge[]> {
  const { ms } = ticker.behind();
  const gauges: Gauge[] = [
    { name: 'baton_behind_seconds', help: 'How long the oldest due timer waits.', value: ms / 1_000 },
  ];
  for (const pathway of await agreements.pathways()) {
    const labels = { pathway };
    gauges.push({
      name: 'baton_due',
      help: 'Timers and notices that are due and not done, up to ten thousand.',
      labels,
      value: await dueAt(store, pathway, clock.now()),
    });
    for (const { id } of (await agreements.inForce(pathway))?.terms.providers ?? []) {
      gauges.push({
        name: 'baton_handovers_waiting',
        help: 'Handovers that wait for a provider to act.',
        labels: { pathway, provider: id },
        value: await store.count(pathway, `waiting@${id}`),
      });
      gauges.push({
        name: 'baton_escalations_running',
        help: 'Escalations that run and concern a provider; one may concern several.',
        labels: { pathway, provider: id },
        value: await store.count(pathway, `escalations.open@${id}`),
      });
      const open = `actions.open@${id}`;
      gauges.push({
        name: 'baton_actions_open',
        help: 'Actions that a provider, its roles or its people are to do.',
        labels: { pathway, provider: id },
        value: await store.count(pathway, open),
      });
      gauges.push({
        name: 'baton_actions_overdue',
        help: 'Those of them whose day is over.',
        labels: { pathway, provider: id },
        value: await store.count(pathway, open, overdueUpTo(clock.now())),
      });
    }
  }
  return gauges;
}

/** More than these are not counted. */
const MOST_DUE = 10_000;

/** What is due and not done. What is kept apart is no part of any number, so each is looked at. */
async function dueAt(store: Pick<Store, 'page'>, pathway: string, now: Instant): Promise<number> {
  let due = 0;
  for (let after = ''; due < MOST_DUE; ) {
    const page = await store.page(pathway, 'due', { after, upTo: `${now}~`, limit: MAX_PAGE });
    due += page.filter(({ key }) => !isApart(key.caseId)).length;
    const last = page.at(-1);
    if (!last || page.length < MAX_PAGE) break;
    after = last.place;
  }
  return Math.min(due, MOST_DUE);
}
