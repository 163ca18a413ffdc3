import { Invalid } from '../core/errors.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { localDateOf } from '../core/wording.ts';
import { dashboardCard } from './cards-dashboard.ts';
import { askCard } from './cards-decision.ts';
import { agendaCard, meetingCard, triageAsk } from './cards-triage.ts';
import type { Verb } from './cards-verbs.ts';
import type { Concerns } from './commands.ts';
import { OUTCOMES, themeLabels } from './figures.ts';
import { inPerson } from './in-person.ts';
import { inputsOf, Pressed, whichOf } from './pressed.ts';
import type { CreatedRoutines } from './routines.ts';
import { mayTriage, triage } from './triage.ts';

const LABELS = { theme: themeLabels, outcome: OUTCOMES };

/** The weekly meeting and the month's figures, for those who answer for concerns, as plain data. */
export function triageRoutes(concerns: Concerns, routines: CreatedRoutines) {
  async function dashboard({ pathwayId, actor }: Asking, typed: string): Promise<Reply> {
    const { terms } = await routines.inForce(pathwayId);
    const month = typed === '' ? localDateOf(routines.now(), terms.zone).slice(0, 7) : typed;
    return inPerson(dashboardCard(await routines.dashboard(pathwayId, actor, month), LABELS, terms));
  }

  async function agenda({ pathwayId, actor }: Asking, page = 1): Promise<Reply> {
    const { rows, lastMeeting, today, now } = await routines.agenda(pathwayId, actor);
    return inPerson(agendaCard(rows, page, lastMeeting, today, now));
  }

  async function ask(asking: Asking, { concern: id }: Pressed): Promise<Reply> {
    const found = await concerns.forAct(whichOf(asking, id), 'concern.triage', asking.actor);
    mayTriage({ ...found, actor: asking.actor });
    return inPerson(askCard(triageAsk(), found.concern, found.today));
  }

  async function send(asking: Asking, pressed: Pressed): Promise<Reply> {
    const which = whichOf(asking, pressed.concern);
    const inputs = inputsOf(pressed);
    try {
      await concerns.press(which, 'concern.triage', asking.actor, (facts) =>
        triage(facts, inputs, pressed.revision),
      );
      return await agenda(asking);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { concern, today } = await concerns.forAct(which, 'concern.triage', asking.actor);
      return inPerson(askCard(triageAsk(), concern, today, { typed: inputs, problems: error.problems }));
    }
  }

  async function held(asking: Asking, pressed: Pressed): Promise<Reply> {
    const typed = inputsOf(pressed);
    try {
      await routines.held(asking.pathwayId, asking.actor, typed);
      return await agenda(asking);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const today = await routines.mayHold(asking.pathwayId, asking.actor);
      return inPerson(meetingCard(today, routines.now(), { typed, problems: error.problems }));
    }
  }

  const route = (verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute => ({
    verb,
    input: Pressed,
    run: (asking, pressed) => run(asking, pressed as Pressed),
  });
  const verbs = [
    route('concern.triage', ask),
    route('concern.triage.send', send),
    route('triage.view', (asking, { page }) => agenda(asking, page)),
    route('triage.held', async ({ pathwayId, actor }) =>
      inPerson(meetingCard(await routines.mayHold(pathwayId, actor), routines.now())),
    ),
    route('triage.held.send', held),
  ];

  const typed: TypedRoute[] = [
    {
      command: '/triage',
      usage: '[dashboard [YYYY-MM]]',
      help: 'The weekly safeguarding meeting, and the figures of a month, for those who answer for concerns',
      personalOnly: true,
      run: (asking, args) => {
        const [word = '', ...rest] = args.trim().split(/\s+/);
        if (word === '') return agenda(asking);
        if (word.toLowerCase() === 'dashboard') return dashboard(asking, rest.join(' '));
        throw new Invalid('Type /triage for the agenda, or /triage dashboard 2026-11 for a month.', []);
      },
    },
  ];
  return { verbs, typed };
}
