import { providerOf } from '../agreement/agreement.ts';
import type { Change, Key } from '../core/change.ts';
import type { Presenter } from '../jobs/presenter.ts';
import { askedIn } from './ask.ts';
import { noticeCard, raiserCard, turnedCard } from './cards.ts';
import type { Concerns } from './commands.ts';
import { CONCERN_HEAD, type Concern, concernIdOf } from './concern.ts';
import { delivered, undelivered, unpaged } from './times.ts';
import { mayKnow } from './who.ts';
import { line } from './words.ts';

/**
 * How a concern reads when it is sent: in person alone, to those who may know of it today, and to nobody instead of
 * them. Safeguarding goes before what else waits.
 */
export function concernPresenter(concerns: Pick<Concerns, 'present' | 'groundOf'>): Presenter {
  const find = ({ pathwayId }: Key, subject: string) =>
    concerns.present({ pathwayId, concernId: concernIdOf(subject) });

  return {
    head: () => CONCERN_HEAD,
    first: true,

    async show(key, subject, route, now) {
      const found = await find(key, subject);
      if (!found || route.to !== 'person') return undefined;
      const { concern, today } = found;
      const { revision } = concern;
      const knows = mayKnow(concern, route.person, today);
      if (!knows) return { view: turnedCard(), revision, editOnly: true };
      const view =
        knows === 'raiser' ? raiserCard(concern, today, now) : noticeCard(concern, route.person, today, now);
      return { view, revision, ...(concern.closed && { editOnly: true }) };
    },

    async tell(key, notice) {
      const found = await find(key, notice.subject);
      const { route } = notice;
      if (!found || route.to !== 'person') return undefined;
      if (!mayKnow(found.concern, route.person, found.today)) return undefined;
      return line(notice.line, found.concern, found.today, notice.refs);
    },

    async ring(key, notice) {
      const found = await find(key, notice.subject);
      if (!found?.today.safeguarding || !waits(found.concern, notice.refs?.n)) return undefined;
      const { provider } = found.concern.raisedBy;
      return providerOf(found.today, provider ?? '')?.phone ?? found.today.safeguarding.outside.phone;
    },

    fallbacks: async () => [],

    async settled({ key, head }, what): Promise<Change> {
      const concern = head as Concern | undefined;
      if (!concern) return {};
      if (what.route.to === 'pager') {
        return what.outcome === 'failed' ? unpaged(concern, what.route.provider) : {};
      }
      if (what.form !== 'show' || what.route.to !== 'person') return {};
      const { person } = what.route;
      if (what.outcome === 'sent') return delivered(concern, person, what.now);
      return undelivered(concern, person, await concerns.groundOf(key.pathwayId, what.now));
    },
  };
}

/** Is this asking still open? */
const waits = (concern: Concern, n: string | undefined): boolean =>
  !concern.acknowledged && !concern.closed && askedIn(concern, n)?.state === 'waiting';
