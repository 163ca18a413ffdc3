import type { Waits } from '../core/waiting.ts';
import { refOf } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Concerns } from './commands.ts';
import { concernLabel } from './concern.ts';
import { mayKnow } from './who.ts';
import { categoriesText, standingText } from './words.ts';

/** Concerns on /mine; the rest are on /concerns. */
const MOST_WAITING = 5;

/** Concerns that wait for the reader to acknowledge them, for /mine: alone with Baton, and not even counted elsewhere. */
export const concernsWait =
  (concerns: Pick<Concerns, 'known' | 'inForce'>, now: () => string): Waits =>
  async ({ pathwayId, actor, place }) => {
    if (place.scope !== 'personal') return undefined;
    const { terms } = await concerns.inForce(pathwayId);
    const waiting = (await concerns.known(pathwayId, 'concerns.open', actor.person)).filter(
      (concern) => !concern.acknowledged && mayKnow(concern, actor.person, terms) === 'safeguarding',
    );
    if (waiting.length === 0) return undefined;
    const at = now();
    return {
      title: 'Safeguarding concerns',
      count: waiting.length,
      rows: waiting.slice(0, MOST_WAITING).map((concern) => ({
        who: concernLabel(concern.concernId),
        lines: [categoriesText(concern)],
        standing: standingText(concern, terms, at),
        late: concern.acknowledgeBy <= at,
        button: { title: 'Open', verb: 'concern.view' satisfies Verb, data: refOf(concern, terms) },
      })),
      ...(waiting.length > MOST_WAITING && {
        more: {
          title: 'All open concerns',
          verb: 'concern.list' satisfies Verb,
          data: { pathway: pathwayId, list: 'open', after: '' },
        },
      }),
    };
  };
