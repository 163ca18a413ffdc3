import { z } from 'zod/v4';
import { Duration, Label, Slug } from './parts.ts';

/** Training that the partners ask for, and of whom. */
const Course = z
  .object({
    id: Slug,
    name: Label,
    /** Everybody in one of these roles needs it. */
    roles: z.array(Slug).min(1, 'name at least one role that needs it'),
    /** So many days before it lapses the person is reminded. */
    remind: Duration.default('30d'),
  })
  .strict();

export const TrainingTerms = z.object({ courses: z.array(Course).default([]) }).strict();
export type TrainingTerms = z.infer<typeof TrainingTerms>;
export type CourseTerms = z.infer<typeof Course>;

/** Stands where the partners agreed nothing about training. */
export const TRAINING: TrainingTerms = TrainingTerms.parse({});
