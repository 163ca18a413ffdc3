import type { Presenter } from '../jobs/presenter.ts';
import type { TrainingCommands } from './commands.ts';
import { TRAINING_HEAD } from './training.ts';
import { trainingLine } from './words.ts';

/** How what is told of training reads: a line in person, never in a channel. */
export function trainingPresenter(training: Pick<TrainingCommands, 'termsOf' | 'dates'>): Presenter {
  return {
    head: () => TRAINING_HEAD,

    // /training shows it as it stands.
    show: async () => undefined,

    async tell({ pathwayId }, { route, line, refs = {} }, now) {
      if (route.to !== 'person') return undefined;
      const [terms, dates] = await Promise.all([training.termsOf(pathwayId), training.dates(pathwayId)]);
      const { person, course, expires } = refs;
      // A newer date that was imported in the meantime ends it.
      const stands = dates.find(
        (one) => one.person === person && one.course === course && one.expires === expires,
      );
      return stands && trainingLine(line, stands, route.person, terms, now);
    },

    fallbacks: async () => [],
    settled: () => ({}),
  };
}
