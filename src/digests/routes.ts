import { z } from 'zod/v4';
import type { Scope } from '../agreement/scope.ts';
import { Refused } from '../core/errors.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Presenters } from '../jobs/presenter.ts';
import { digestCard } from './cards.ts';
import { moreCard, WEEKS } from './cards-more.ts';
import { printCard } from './cards-print.ts';
import type { Verb } from './cards-verbs.ts';
import type { Digests, Shown } from './commands.ts';
import { isWeek } from './period.ts';
import { digestPresenter } from './presenter.ts';
import { shownAt } from './scope.ts';

/** A week as it travels on a button: `now`, or that of a digest that was made. */
const Pressed = z
  .object({ week: z.string().refine((week) => week === 'now' || isWeek(week), 'is no week') })
  .loose();

/** `/digest`, the buttons of its cards, and how it reads where it is posted. */
export function digestRoutes(digests: Digests, now: () => string) {
  async function find({ pathwayId }: Asking, week: string): Promise<Shown> {
    const shown = week === 'now' ? await digests.live(pathwayId, now()) : await digests.made(pathwayId, week);
    if (shown) return shown;
    throw new Refused(
      'unknown-week',
      'There is no digest of that week. Type /digest to see what is open now.',
    );
  }

  /** In a chat of several people that is no provider's channel, each sees their own in person. */
  const card = ({ place }: Asking, view: CardView): Reply => ({
    kind: 'card',
    view,
    ...(place.scope !== 'personal' && place.provider === undefined && { private: true }),
  });

  const verb = (
    name: Verb,
    show: (asking: Asking, shown: Shown, scope: Scope) => Promise<Reply> | Reply,
  ): VerbRoute => ({
    verb: name,
    input: Pressed,
    run: async (asking, input) => {
      const shown = await find(asking, (input as z.infer<typeof Pressed>).week);
      return show(asking, shown, shownAt(asking.actor, asking.place, shown.today));
    },
  });

  const verbs: VerbRoute[] = [
    verb('digest.show', (asking, shown, scope) => card(asking, digestCard(shown, scope, now()))),
    verb('digest.more', async (asking, shown, scope) => {
      const before = await digests.before(asking.pathwayId, shown.week, WEEKS);
      return card(asking, moreCard(shown, scope, before, now()));
    }),
    verb('digest.send', async ({ pathwayId, actor, place }, shown, scope) => {
      await digests.sent(pathwayId, shown.week, scope, actor);
      const view = printCard(shown, scope, now());
      if (place.scope !== 'personal') return { kind: 'card', private: true, view };
      const text = 'It stands below, to print or to copy.';
      return { kind: 'text', text, beside: view };
    }),
  ];
  const typed: TypedRoute[] = [
    {
      command: '/digest',
      usage: '',
      help: 'What is open now, between all partners: numbers and the first lines',
      run: async (asking) => {
        const shown = await digests.live(asking.pathwayId, now());
        return card(asking, digestCard(shown, shownAt(asking.actor, asking.place, shown.today), now()));
      },
    },
  ];
  const presenters: Presenters = { digest: digestPresenter(digests) };
  return { verbs, typed, presenters };
}
