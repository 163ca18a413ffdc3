import type { Chance } from '../core/chance.ts';
import type { Presenter } from '../jobs/presenter.ts';
import { createDrafts, type DraftDoc } from '../store/drafts.ts';
import type { RunTurn } from '../store/turn.ts';
import { type ConcernDraft, type Step, stepOf } from './form.ts';

/** What came of a sent concern. */
interface Sent {
  readonly concernId: string;
}
export type ConcernDraftDoc = DraftDoc<ConcernDraft, Step, Sent>;

const NAME = 'concern-draft';
/** Whose draft that partition holds. */
export const authorOf = (caseId: string): string => caseId.replace(`_${NAME}:`, '');

/** Unsent for so long after it was touched last, its author is reminded, in milliseconds. */
export const REMIND_MS = 60 * 60_000;

/** Each person's unsent concern: theirs alone, reminded of after an hour, forgotten after a day. */
export const createConcernDrafts = (run: RunTurn, chance: Pick<Chance, 'uuid'>) =>
  createDrafts<ConcernDraft, Step, Sent>(run, chance, {
    name: NAME,
    fires: 'concern.draft',
    first: 'danger',
    stepOf,
    emptied: ({ id, concernId, provider, role }) => ({ id, concernId, provider, role, inputs: {} }),
    remind: {
      afterMs: REMIND_MS,
      notice: (person) => ({
        form: 'tell',
        subject: `${NAME}:${person}`,
        route: { to: 'person', person },
        line: 'concern.unsent',
      }),
    },
  });
export type ConcernDrafts = ReturnType<typeof createConcernDrafts>;

/** The reminder of a concern that was begun and not sent: to its author alone, without a word of it. */
export function draftPresenter(drafts: Pick<ConcernDrafts, 'unsent'>): Presenter {
  return {
    head: () => 'draft',
    first: true,
    show: async () => undefined,
    async tell({ pathwayId }, { route }) {
      if (route.to !== 'person' || !(await drafts.unsent(pathwayId, route.person))) return undefined;
      return 'You began something with /concern and have not sent it: nobody has seen it. Type /concern to go on. If somebody is in danger now, ring 999.';
    },
    fallbacks: async () => [],
    settled: () => ({}),
  };
}
