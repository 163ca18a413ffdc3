import { Invalid } from '../core/errors.ts';
import type { Asking, Reply, VerbRoute } from '../core/routes.ts';
import { add, mayAdd } from './add.ts';
import { addedCard, addForm } from './cards-add.ts';
import type { Concerns } from './commands.ts';
import { fitting } from './form-problems.ts';
import { inPerson } from './in-person.ts';
import { inputsOf, Pressed, whichOf } from './pressed.ts';

/** Adding to a concern, as plain data: its form, and sending it. */
export function addRoutes(concerns: Concerns, now: () => string) {
  async function send(asking: Asking, pressed: Pressed): Promise<Reply> {
    const which = whichOf(asking, pressed.concern);
    const inputs = inputsOf(pressed);
    const ground = await concerns.groundOf(asking.pathwayId, now());
    try {
      const done = await concerns.press(which, 'concern.add', asking.actor, (facts) =>
        add(facts, inputs, pressed.revision, { ...ground, today: facts.today, now: facts.now }),
      );
      return inPerson(addedCard(done, inputs.danger === 'yes'));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { concern, today } = await concerns.forAct(which, 'concern.add', asking.actor);
      return inPerson(addForm(concern, today, { typed: fitting(inputs), problems: error.problems }));
    }
  }

  const verbs: VerbRoute[] = [
    {
      verb: 'concern.add',
      input: Pressed,
      async run(asking, input) {
        const which = whichOf(asking, (input as Pressed).concern);
        const found = await concerns.forAct(which, 'concern.add', asking.actor);
        mayAdd(found);
        return inPerson(addForm(found.concern, found.today));
      },
    },
    { verb: 'concern.add.send', input: Pressed, run: (asking, input) => send(asking, input as Pressed) },
  ];
  return { verbs, typed: [] };
}
