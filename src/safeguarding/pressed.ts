import { z } from 'zod/v4';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking } from '../core/routes.ts';
import type { WhichConcern } from './commands.ts';
import type { Inputs } from './form.ts';

/** What every button of a concern carries; whatever else comes with it is an input. */
export const Pressed = z
  .object({
    // Whatever is sent here instead is answered as an id that is none.
    concern: z.string().max(20).catch(''),
    revision: z.coerce.number().int().min(0).catch(0),
    page: z.coerce.number().int().min(1).max(100).optional().catch(undefined),
  })
  .catchall(z.unknown());
export type Pressed = z.infer<typeof Pressed>;

/** The inputs among what was pressed: the texts, by the id of the input. */
export const inputsOf = (pressed: Pressed): Inputs =>
  Object.fromEntries(
    Object.entries(pressed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** What is no id is looked for as one that nothing has: the answer, and what is done for it, tell nothing. */
const NONE = 'none';

/** Which concern a button or a typed text means. */
export const whichOf = ({ pathwayId }: Asking, id: string): WhichConcern => ({
  pathwayId,
  concernId: readRegisterId(id.replace(/^concern\s+/i, '')) ?? NONE,
});
