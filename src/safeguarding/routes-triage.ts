import type { Asking, Reply, TypedRoute } from '../core/routes.ts';
import { localDateOf } from '../core/wording.ts';
import { dashboardCard } from './cards-dashboard.ts';
import { OUTCOMES, themeLabels } from './figures.ts';
import { inPerson } from './in-person.ts';
import type { CreatedRoutines } from './routines.ts';

const LABELS = { theme: themeLabels, outcome: OUTCOMES };

/** What those who answer for concerns look at together: a month's figures. */
export function triageRoutes(routines: CreatedRoutines) {
  async function dashboard({ pathwayId, actor }: Asking, typed: string): Promise<Reply> {
    const { terms } = await routines.inForce(pathwayId);
    const month = typed === '' ? localDateOf(routines.now(), terms.zone).slice(0, 7) : typed;
    return inPerson(dashboardCard(await routines.dashboard(pathwayId, actor, month), LABELS, terms));
  }

  const typed: TypedRoute[] = [
    {
      command: '/triage',
      usage: 'dashboard [YYYY-MM]',
      help: 'Safeguarding: the figures of a month, for those who answer for concerns',
      personalOnly: true,
      run: (asking, args) => dashboard(asking, args.replace(/^dashboard\s*/i, '').trim()),
    },
  ];
  return { verbs: [], typed };
}
