import type { Verdict } from '../core/change.ts';
import { Invalid } from '../core/errors.ts';
import type { Asking, Reply, VerbRoute } from '../core/routes.ts';
import type { Timers } from '../jobs/ticker.ts';
import { openedCard } from './cards.ts';
import { askCard, DECISION_FORMS, type DecisionForm } from './cards-decision.ts';
import type { Concerns } from './commands.ts';
import { answered, chaseConcern, close, decide, mayDecide, reopen } from './decide.ts';
import type { Facts } from './facts.ts';
import { inPerson } from './in-person.ts';
import { inputsOf, Pressed, whichOf } from './pressed.ts';

/** Deciding about a concern, as plain data: a form each, sent to the rule of the same name, and the reminders. */
export function decisionRoutes(concerns: Concerns) {
  const both = (
    form: DecisionForm,
    rule: (facts: Facts, pressed: Pressed) => Verdict,
    before: (facts: Facts) => void = () => undefined,
  ): VerbRoute[] => [
    {
      verb: form,
      input: Pressed,
      async run(asking, input) {
        const which = whichOf(asking, (input as Pressed).concern);
        const found = await concerns.forAct(which, form, asking.actor);
        before({ ...found, actor: asking.actor });
        return inPerson(
          askCard(DECISION_FORMS[form](found.concern, found.today), found.concern, found.today),
        );
      },
    },
    {
      verb: `${form}.send`,
      input: Pressed,
      run: (asking, input) => send(form, rule, asking, input as Pressed),
    },
  ];

  async function send(
    form: DecisionForm,
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
      return inPerson(askCard(DECISION_FORMS[form](concern, today), concern, today, again));
    }
  }

  const verbs = [
    ...both(
      'concern.decide',
      (facts, pressed) => decide(facts, inputsOf(pressed), pressed.revision),
      mayDecide,
    ),
    ...both('concern.answered', (facts, pressed) => answered(facts, inputsOf(pressed))),
    ...both('concern.close', (facts, pressed) => close(facts, inputsOf(pressed))),
    ...both('concern.reopen', (facts, pressed) => reopen(facts, inputsOf(pressed))),
  ];
  const timers: Timers = {
    'concern.chase': ({ pathwayId, subject }) =>
      concerns.chase({ pathwayId, concernId: chaseConcern(subject) }),
  };
  return { verbs, typed: [], timers };
}
