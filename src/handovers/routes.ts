import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { handoverIdOf } from './handover.ts';
import { handoverPresenter } from './presenter.ts';
import { answerRoutes, type MayBeDouble } from './routes-answer.ts';
import { type FlagDeps, flagRoutes } from './routes-flag.ts';
import { formRoutes } from './routes-form.ts';
import { handoversWait, type ListDeps, listRoutes } from './routes-list.ts';

/** Everything that calls handovers, as plain data: buttons, typed commands, timers, and how their notices read. */
export function handoverRoutes(deps: ListDeps & FlagDeps & { readonly mayBeDouble: MayBeDouble }) {
  const flags = flagRoutes(deps);
  const { handovers, drafts } = deps;
  const lists = listRoutes(deps);
  const timers: Timers = {
    'handover.overdue': ({ pathwayId, caseId, subject, late }) =>
      handovers.overdue({ pathwayId, caseId, handoverId: handoverIdOf(subject) }, late),
    'handover.renamed': ({ pathwayId, caseId }) => handovers.renamed(pathwayId, caseId),
    ...flags.timers,
    'draft.forgotten': ({ pathwayId, caseId }) => drafts.due(pathwayId, caseId),
  };
  const presenters: Presenters = { handover: handoverPresenter(handovers), ...flags.presenters };
  return {
    verbs: [
      ...answerRoutes(handovers, deps.mayBeDouble),
      ...formRoutes(handovers, drafts),
      ...flags.verbs,
      ...lists.verbs,
    ],
    typed: lists.typed,
    waits: handoversWait(deps),
    timers,
    presenters,
  };
}
