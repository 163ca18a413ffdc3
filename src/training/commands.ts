import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import { mayAt } from '../agreement/scope.ts';
import { type Actor, actorRef } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { CsvRecord } from '../core/csv.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { localDateOf } from '../core/wording.ts';
import type { Store } from '../store/store.ts';
import { type RunTurn, timerDue } from '../store/turn.ts';
import { readTrainingFile } from './csv.ts';
import { nextMorning } from './days.ts';
import { added, type Counts, dueOn } from './rules.ts';
import {
  nameOf,
  newTraining,
  TRAINING_HEAD,
  TRAINING_SUBJECT,
  type Trained,
  type TrainingDoc,
  trainingKey,
} from './training.ts';

export interface TrainingDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Wakes the sender of this pathway's notices. */
  readonly kick: (pathwayId: string) => void;
}

/** The most trainings that one pathway holds; about 1 MB of the 2 MB that a document may have. */
export const MAX_DATES = 8_000;

/** Holds until when people are trained, and tells them and their coordinators when it lapses. */
export function createTraining({ store, run, agreements, kick }: TrainingDeps) {
  const termsOf = async (pathwayId: string): Promise<Agreement> =>
    (await inForceOf(agreements)(pathwayId)).terms;

  return {
    termsOf,

    /** The newest training of each person and course that was imported. */
    async dates(pathwayId: string): Promise<readonly Trained[]> {
      return (await store.get<TrainingDoc>(trainingKey(pathwayId), TRAINING_HEAD))?.doc.dates ?? [];
    },

    /**
     * Imports a file of dates (CSV: person, course, done, expires), all of it or nothing.
     * Errors: `Invalid` with each wrong line and what to do; `Refused` for whoever may not, and when there are too many.
     */
    async importFile(
      pathwayId: string,
      actor: Actor,
      file: string,
      records: readonly CsvRecord[],
    ): Promise<Counts> {
      const terms = await termsOf(pathwayId);
      if (!mayAt('training.import', actor, terms)) {
        throw new Refused('role', 'Training dates are imported by the operator, at the command line.');
      }
      return run<TrainingDoc, Counts>(trainingKey(pathwayId), TRAINING_HEAD, async (loaded, now) => {
        const head = loaded.head ?? newTraining();
        const today = localDateOf(now, terms.zone);
        const { entries, problems } = readTrainingFile(file, records, { terms, today });
        if (problems.length > 0) {
          const says = 'Nothing was imported. Put these lines right and import the file again:';
          throw new Invalid(says, problems);
        }
        const { dates, changed, counts } = added(head.dates, entries);
        if (changed.length === 0) return { answer: counts };
        if (dates.length > MAX_DATES) {
          throw new Refused('training-full', `A pathway holds at most ${MAX_DATES} training dates.`);
        }
        // What is overdue stays due: an import is no reason to tell it a day later.
        const due = (await timerDue(loaded, TRAINING_SUBJECT)) ?? nextMorning(now, terms.zone);
        const data = { dates: changed.map((one) => ({ ...one })) };
        return {
          change: {
            documents: [{ ...head, dates }],
            events: [{ type: 'training.imported', by: actorRef(actor), data }],
            timers: [watchAt(due)],
          },
          answer: counts,
        };
      });
    },

    /**
     * The timer of every morning: tells what lapses and what has lapsed, each once, and looks again the next morning.
     * After an outage it tells late what the mornings missed.
     */
    async watch(pathwayId: string): Promise<void> {
      const terms = await termsOf(pathwayId);
      const timer: Actor = { kind: 'system', job: 'timer' };
      if (!mayAt('training.watch', timer, terms)) throw new Error('training.watch is a timer’s');
      await run<TrainingDoc, void>(trainingKey(pathwayId), TRAINING_HEAD, ({ head }, now) => {
        if (!head) return { answer: undefined };
        const { told, notices, more } = dueOn(head.dates, terms, localDateOf(now, terms.zone));
        const marked = new Map(told.map((one) => [nameOf(one), one]));
        const dates = head.dates.map((one) => marked.get(nameOf(one)) ?? one);
        const data = { told: told.map((one) => ({ ...one })) };
        return {
          change: {
            documents: [{ ...head, dates }],
            events: told.length > 0 ? [{ type: 'training.told', by: actorRef(timer), data }] : [],
            notices,
            timers: [watchAt(more ? now : nextMorning(now, terms.zone))],
          },
          answer: undefined,
        };
      });
      kick(pathwayId);
    },
  };
}

export type TrainingCommands = ReturnType<typeof createTraining>;

const watchAt = (due: Instant) => ({ subject: TRAINING_SUBJECT, fires: 'training.watch', due });
