import { z } from 'zod/v4';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { concernList, openedCard, ROWS_A_PAGE } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Concerns, WhichConcern } from './commands.ts';
import { concernIdOf } from './concern.ts';
import { type ConcernDrafts, draftPresenter } from './drafts.ts';
import { inPerson } from './in-person.ts';
import { concernPresenter } from './presenter.ts';
import { Pressed, whichOf } from './pressed.ts';
import { concernFormRoutes } from './routes-form.ts';
import { acknowledge } from './rules.ts';
import { concernsWait } from './waits.ts';

const LISTS = ['open', 'all'] as const;
type WhichList = (typeof LISTS)[number];
const TITLES: Record<WhichList, string> = { open: 'Open concerns', all: 'All concerns' };
const More = z.object({ list: z.enum(LISTS), after: z.string().max(60) }).loose();

/** Opening, acknowledging and listing concerns, as plain data, with their timer and how they read. */
export function concernRoutes(concerns: Concerns, drafts: ConcernDrafts, now: () => string) {
  const form = concernFormRoutes(concerns, drafts, now);
  const route = (verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute => ({
    verb,
    input: Pressed,
    run: (asking, pressed) => run(asking, pressed as Pressed),
  });

  const opened = async (asking: Asking, which: WhichConcern, page?: number): Promise<Reply> =>
    inPerson(openedCard(await concerns.view(which, asking.actor), page));

  async function list({ pathwayId, actor }: Asking, which: WhichList, after: string): Promise<Reply> {
    const { terms } = await concerns.inForce(pathwayId);
    const all = await concerns.known(
      pathwayId,
      which === 'open' ? 'concerns.open' : 'concerns',
      actor.person,
    );
    const rest = all.filter(({ raisedAt, concernId }) => `${raisedAt}|${concernId}` > after);
    const shown = rest.slice(0, ROWS_A_PAGE);
    const last = shown.at(-1);
    const more =
      last && rest.length > shown.length
        ? { list: which, after: `${last.raisedAt}|${last.concernId}` }
        : undefined;
    return inPerson(concernList(shown, TITLES[which], actor.person, terms, now(), more));
  }

  const verbs: VerbRoute[] = [
    route('concern.view', (asking, { concern, page }) => opened(asking, whichOf(asking, concern), page)),
    route('concern.acknowledge', async (asking, { concern }) =>
      inPerson(
        openedCard(
          await concerns.press(whichOf(asking, concern), 'concern.acknowledge', asking.actor, acknowledge),
        ),
      ),
    ),
    {
      verb: 'concern.list' satisfies Verb,
      input: More,
      run: (asking, input) => {
        const { list: which, after } = input as z.infer<typeof More>;
        return list(asking, which, after);
      },
    },
    ...form.verbs,
  ];

  const typed: TypedRoute[] = [
    ...form.typed,
    {
      command: '/concerns',
      usage: '[open|all|ID]',
      help: 'Safeguarding concerns that you raised or answer for',
      personalOnly: true,
      run: (asking, args) => {
        const word = args.toLowerCase();
        const which = word === '' ? 'open' : LISTS.find((one) => one === word);
        if (which) return list(asking, which, '');
        return opened(asking, whichOf(asking, args));
      },
    },
  ];

  const timers: Timers = {
    'concern.due': ({ pathwayId, subject, late }) =>
      concerns.due({ pathwayId, concernId: concernIdOf(subject) }, late),
    ...form.timers,
  };
  const presenters: Presenters = {
    concern: concernPresenter(concerns),
    'concern-draft': draftPresenter(drafts),
  };
  return { verbs, typed, timers, presenters, waits: concernsWait(concerns, now), openConcernForm: form.open };
}
