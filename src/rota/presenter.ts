import { peopleWho, positionCan, primeOf } from '../agreement/agreement.ts';
import type { Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Presenter } from '../jobs/presenter.ts';
import type { RotaCommands } from './commands.ts';
import { ladderGaps } from './gaps.ts';
import { positionsOf } from './people.ts';
import { duties, gapName, ROTA_HEAD, type Rota, runs } from './rota.ts';
import { GAP_SUBJECT } from './upkeep.ts';
import { dutyLine, gapLine } from './words.ts';

/** Is the line still so? Somebody whom Baton did not reach may be told long after: not of what is over or undone. */
function stillSo(line: string, refs: Readonly<Record<string, string>>, rota: Rota, now: Instant): boolean {
  const { person = '', provider = '', role = '', from = now, to } = refs;
  if (line === 'rota.away') {
    return rota.away.some((one) => one.person === person && one.from === from && one.to > now);
  }
  if (line !== 'rota.on' && line !== 'rota.given') return true;
  if (to !== undefined && to <= now) return false;
  const at = from > now ? from : now;
  const theirs = rota.shifts.filter((one) => one.provider === provider && one.role === role && runs(one, at));
  const has = duties({ shifts: theirs, away: rota.away }, at, { provider });
  return [...theirs, ...has].some((one) => one.person === person);
}

/** How what is told of the rota reads: a line in person about one's duty, and about a coming gap. */
export function rotaPresenter(rota: Pick<RotaCommands, 'termsOf' | 'onCall'>): Presenter {
  return {
    head: () => ROTA_HEAD,

    // The rota has no card that is kept up to date: /oncall shows it as it stands.
    show: async () => undefined,

    async tell({ pathwayId }, { subject, route, line, refs = {} }, now) {
      const [terms, onCall] = await Promise.all([rota.termsOf(pathwayId), rota.onCall(pathwayId)]);
      if (subject === GAP_SUBJECT) {
        const { provider = '', roles = '', from = '' } = refs;
        const name = gapName({ provider, roles: roles.split(','), from });
        const gap = ladderGaps(onCall, terms, now, onCall.reached).find((one) => gapName(one) === name);
        return gap && gapLine(gap, terms, now);
      }
      if (route.to !== 'person') return undefined;
      if (!stillSo(line, refs, onCall, now)) return undefined;
      return dutyLine(line, refs, route.person, terms, now);
    },

    /** Of a gap others hear where somebody cannot be reached: the prime's channel for its leads, else the provider's. */
    async fallbacks({ pathwayId }, subject, route) {
      if (subject !== GAP_SUBJECT || route.to !== 'person') return [];
      const terms = await rota.termsOf(pathwayId);
      const prime = primeOf(terms).id;
      const leads = peopleWho(terms, prime, 'clinical-lead').includes(route.person);
      const at = positionsOf(terms, route.person).find((one) => positionCan(terms, one, 'coordinate'));
      const provider = leads ? prime : at?.provider;
      return provider === undefined ? [] : [{ to: 'channel', provider } satisfies Route];
    },

    settled: () => ({}),
  };
}
