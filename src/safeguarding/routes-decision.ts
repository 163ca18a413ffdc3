import type { Verdict } from '../core/change.ts';
import { Invalid } from '../core/errors.ts';
import type { Asking, Reply, VerbRoute } from '../core/routes.ts';
import type { Timers } from '../jobs/ticker.ts';
import { openedCard } from './cards.ts';
import { askCard, DECISION_FORMS } from './cards-decision.ts';
import { TODO_FORMS } from './cards-todos.ts';
import { answered, chaseConcern, mayAnswer } from './chase.ts';
import { close, mayClose, mayReopen, reopen } from './closing.ts';
import type { Concerns } from './commands.ts';
import { decide, mayDecide } from './decide.ts';
import type { Facts } from './facts.ts';
import { inPerson } from './in-person.ts';
import { inputsOf, Pressed, whichOf } from './pressed.ts';
import { endTodo, mayEnd, maySet, setTodo, todoConcern } from './todos.ts';

const FORMS = { ...DECISION_FORMS, ...TODO_FORMS };
type Form = keyof typeof FORMS;

/** Deciding about a concern, as plain data: a form each, sent to the rule of the same name, and the reminders. */
export function decisionRoutes(concerns: Concerns) {
  const both = (
    form: Form,
    rule: (facts: Facts, pressed: Pressed) => Verdict,
    before: (facts: Facts) => void,
  ): VerbRoute[] => [
    {
      verb: form,
      input: Pressed,
      async run(asking, input) {
        const which = whichOf(asking, (input as Pressed).concern);
        const found = await concerns.forAct(which, form, asking.actor);
        before({ ...found, actor: asking.actor });
        return inPerson(askCard(FORMS[form](found.concern, found.today), found.concern, found.today));
      },
    },
    {
      verb: `${form}.send`,
      input: Pressed,
      run: (asking, input) => send(form, rule, asking, input as Pressed),
    },
  ];

  async function send(
    form: Form,
    rule: (facts: Facts, pressed: Pressed) => Verdict,
    asking: Asking,
    pressed: Pressed,
  ): Promise<Reply> {
    const which = whichOf(asking, pressed.concern);
    try {
      return inPerson(
        openedCard(await concerns.press(which, form, asking.actor, (facts) => rule(facts, pressed))),
      );
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { concern, today } = await concerns.forAct(which, form, asking.actor);
      const again = { typed: inputsOf(pressed), problems: error.problems };
      return inPerson(askCard(FORMS[form](concern, today), concern, today, again));
    }
  }

  const verbs = [
    ...both(
      'concern.decide',
      (facts, pressed) => decide(facts, inputsOf(pressed), pressed.revision),
      mayDecide,
    ),
    ...both('concern.answered', (facts, pressed) => answered(facts, inputsOf(pressed)), mayAnswer),
    ...both('concern.close', (facts, pressed) => close(facts, inputsOf(pressed)), mayClose),
    ...both('concern.reopen', (facts, pressed) => reopen(facts, inputsOf(pressed)), mayReopen),
    ...both(
      'concern.action',
      (facts, pressed) => setTodo(facts, inputsOf(pressed), pressed.revision),
      maySet,
    ),
    ...both('concern.action-over', (facts, pressed) => endTodo(facts, inputsOf(pressed)), mayEnd),
  ];
  const timers: Timers = {
    'concern.chase': ({ pathwayId, subject }) =>
      concerns.remind('concern.chase', { pathwayId, concernId: chaseConcern(subject) }),
    'concern.remind': ({ pathwayId, subject }) =>
      concerns.remind('concern.remind', { pathwayId, concernId: todoConcern(subject) }),
  };
  return { verbs, typed: [], timers };
}
