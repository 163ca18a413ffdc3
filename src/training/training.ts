import type { Head, Key } from '../core/change.ts';

/** Who has done which training until when: imported from a list, never part of the agreement's file. */

/** One person's training in one course. Days are local, `2026-11-30`; on the day `expires` it has lapsed. */
export interface Trained {
  readonly person: string;
  readonly course: string;
  readonly done: string;
  readonly expires: string;
  /** What was told of this date already. */
  readonly told?: 'soon' | 'lapsed';
}

/** The head of `_training`: of each person and course the newest training that was imported. */
export interface TrainingDoc extends Head {
  readonly kind: 'training';
  readonly dates: readonly Trained[];
}

export const TRAINING_CASE = '_training';
export const TRAINING_HEAD = 'training';
export const trainingKey = (pathwayId: string): Key => ({ pathwayId, caseId: TRAINING_CASE });

/** The subject of what people are told, and of the timer that looks every morning. */
export const TRAINING_SUBJECT = 'training';

/** Names the training of one person in one course. */
export const nameOf = ({ person, course }: Pick<Trained, 'person' | 'course'>): string =>
  `${person}|${course}`;

/** Before anything was imported. */
export const newTraining = (): TrainingDoc => ({
  id: TRAINING_HEAD,
  kind: 'training',
  schema: 1,
  lists: { chains: TRAINING_CASE },
  audit: { seq: 0, hash: '' },
  dates: [],
});
