import { z } from 'zod/v4';
import type { Instant } from '../core/clock.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { trainingCard } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { TrainingCommands } from './commands.ts';
import { trainingPresenter } from './presenter.ts';

const Page = z.object({ page: z.coerce.number().int().min(1).max(1_000).optional() }).loose();

/** Everything that calls training, as plain data: `/training`, its button, its timer, and how its notices read. */
export function trainingRoutes(training: TrainingCommands, now: () => Instant) {
  async function shown({ pathwayId, actor }: Asking, page?: number): Promise<Reply> {
    const [terms, dates] = await Promise.all([training.termsOf(pathwayId), training.dates(pathwayId)]);
    return { kind: 'card', private: true, view: trainingCard({ dates, terms, now: now() }, actor, page) };
  }

  const view: Verb = 'training.view';
  const verbs: VerbRoute[] = [
    { verb: view, input: Page, run: (asking, pressed) => shown(asking, Page.parse(pressed).page) },
  ];
  const typed: TypedRoute[] = [
    {
      command: '/training',
      usage: '',
      help: 'Until when you are trained; for coordinators whose training lapses, and the cover',
      personalOnly: true,
      run: (asking) => shown(asking),
    },
  ];
  const timers: Timers = { 'training.watch': ({ pathwayId }) => training.watch(pathwayId) };
  const presenters: Presenters = { training: trainingPresenter(training) };
  return { verbs, typed, timers, presenters };
}
