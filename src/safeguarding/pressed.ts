import { z } from 'zod/v4';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking } from '../core/routes.ts';
import type { WhichConcern } from './commands.ts';
import { unknownConcern } from './facts.ts';
import type { Inputs } from './form.ts';

/** What every button of a concern carries; whatever else comes with it is an input. */
export const Pressed = z
  .object({
    concern: z.string().max(20),
    revision: z.coerce.number().int().min(0).default(0),
    page: z.coerce.number().int().min(1).max(100).optional(),
  })
  .catchall(z.unknown());
export type Pressed = z.infer<typeof Pressed>;

/** The inputs among what was pressed: the texts, by the id of the input. */
export const inputsOf = (pressed: Pressed): Inputs =>
  Object.fromEntries(
    Object.entries(pressed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Which concern a button or a typed text means. What is no id is answered as an unknown one. */
export const whichOf = ({ pathwayId }: Asking, id: string): WhichConcern => {
  const concernId = readRegisterId(id.replace(/^concern\s+/i, ''));
  if (concernId === undefined) throw unknownConcern();
  return { pathwayId, concernId };
};
