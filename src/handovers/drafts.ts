import type { Chance } from '../core/chance.ts';
import { createDrafts, type DraftDoc } from '../store/drafts.ts';
import type { RunTurn } from '../store/turn.ts';
import { type Draft, type FormStep, stepOf } from './form.ts';

/** What came of a sent offer. */
interface Sent {
  readonly caseId: string;
  readonly to: string;
}
export type OfferDraft = DraftDoc<Draft, FormStep, Sent>;

/** Each person's unsent offer. */
export const createOfferDrafts = (run: RunTurn, chance: Pick<Chance, 'uuid'>) =>
  createDrafts<Draft, FormStep, Sent>(run, chance, {
    name: 'draft',
    fires: 'draft.forgotten',
    first: 'person',
    stepOf,
    emptied: ({ id, from }) => ({ id, from, inputs: {} }),
  });
export type Drafts = ReturnType<typeof createOfferDrafts>;
