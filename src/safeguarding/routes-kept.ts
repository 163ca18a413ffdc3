import type { Key, Verdict } from '../core/change.ts';
import { Invalid } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, Reply, VerbRoute } from '../core/routes.ts';
import type { Timers } from '../jobs/ticker.ts';
import { sayWhom } from './about.ts';
import type { Ground } from './ask.ts';
import { moreCard, openedCard, turnedCard } from './cards.ts';
import { aboutAsk, aboutInputs } from './cards-about.ts';
import { caseAsk, holdAsk, personAsk } from './cards-corrections.ts';
import { type Ask, askCard } from './cards-decision.ts';
import { handOnAsk, outsideAsk } from './cards-hand-on.ts';
import { moveAsk } from './cards-move.ts';
import type { Verb } from './cards-verbs.ts';
import type { Concerns, PresentConcern } from './commands.ts';
import { correctCase, correctPerson, personInputs } from './corrections.ts';
import type { ConcernAct, Facts } from './facts.ts';
import type { Inputs } from './form.ts';
import { handOn } from './hand-on.ts';
import { inPerson } from './in-person.ts';
import { moveConcern, readMove, writeMove } from './move.ts';
import { toldOutside } from './outside.ts';
import { inputsOf, Pressed, whichOf } from './pressed.ts';
import { hold } from './retention.ts';
import { mayKnow } from './who.ts';

/** What was looked up before a rule is asked, for every form alike. */
interface Looked extends Ground {
  /** Is there a case of the number that was typed? */
  readonly isCase: boolean;
}

/** One form about a concern: the verb that opens it is also the act that it asks to be permitted. */
interface Form {
  readonly verb: Verb & ConcernAct;
  readonly ask: (present: Pick<PresentConcern, 'concern' | 'today'>, reader: string) => Ask;
  /** What it is filled with when it is opened. */
  readonly filled?: (present: Pick<PresentConcern, 'concern'>) => Inputs;
  readonly rule: (facts: Facts, inputs: Inputs, ground: Looked, revision: number) => Verdict;
}

const FORMS: readonly Form[] = [
  {
    verb: 'concern.about',
    ask: ({ concern, today }) => aboutAsk(concern, today),
    filled: ({ concern }) => aboutInputs(concern),
    rule: sayWhom,
  },
  {
    verb: 'concern.move',
    ask: ({ concern, today }) => moveAsk(concern, today),
    rule: writeMove,
  },
  {
    verb: 'concern.hand-on',
    ask: ({ concern, today }, from) => handOnAsk(concern, today, from),
    rule: handOn,
  },
  {
    verb: 'concern.correct-person',
    ask: personAsk,
    filled: ({ concern }) => personInputs(concern),
    rule: correctPerson,
  },
  {
    verb: 'concern.correct-case',
    ask: caseAsk,
    filled: ({ concern: { caseId } }) => (caseId === undefined ? {} : { caseNumber: caseId }),
    rule: (facts, inputs, { isCase }) => correctCase(facts, inputs, isCase),
  },
  {
    verb: 'concern.hold',
    ask: ({ concern }) => holdAsk(concern),
    rule: hold,
  },
  {
    verb: 'concern.outside',
    ask: ({ concern, today }) => outsideAsk(concern, today),
    rule: toldOutside,
  },
];

/** What is put right about a concern, and who answers for it, as plain data: a form each, and what it sends. */
export function keptRoutes(concerns: Concerns, accepted: (key: Key) => Promise<void>, now: () => string) {
  const opening = ({ verb, ask, filled }: Form): VerbRoute => ({
    verb,
    input: Pressed,
    async run(asking, input) {
      const found = await concerns.forAct(whichOf(asking, (input as Pressed).concern), verb, asking.actor);
      return inPerson(
        askCard(ask(found, asking.actor.person), found.concern, found.today, {
          typed: filled?.(found) ?? {},
        }),
      );
    },
  });

  async function send(form: Form, asking: Asking, pressed: Pressed): Promise<Reply> {
    const which = whichOf(asking, pressed.concern);
    const { verb, ask, rule } = form;
    const typed = inputsOf(pressed);
    const caseId = readRegisterId(typed.caseNumber ?? '');
    const ground: Looked = {
      ...(await concerns.groundOf(which.pathwayId, now())),
      isCase: caseId !== undefined && (await concerns.isCase(which.pathwayId, caseId)),
    };
    try {
      const present = await concerns.press(which, verb, asking.actor, (facts) =>
        rule(facts, typed, ground, pressed.revision),
      );
      // Whoever says that it is about themselves, or somebody near them, may not know of it from then on.
      const knows = mayKnow(present.concern, asking.actor.person, present.today);
      return inPerson(knows ? openedCard({ ...present, knows }) : turnedCard());
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const found = await concerns.forAct(which, verb, asking.actor);
      const again = { typed, problems: error.problems };
      return inPerson(askCard(ask(found, asking.actor.person), found.concern, found.today, again));
    }
  }

  const verbs = FORMS.flatMap((form): VerbRoute[] => [
    opening(form),
    {
      verb: `${form.verb}.send`,
      input: Pressed,
      run: (asking, input) => send(form, asking, input as Pressed),
    },
  ]);
  const more: VerbRoute = {
    verb: 'concern.more' satisfies Verb,
    input: Pressed,
    async run(asking, input) {
      const found = await concerns.forAct(
        whichOf(asking, (input as Pressed).concern),
        'concern.about',
        asking.actor,
      );
      return inPerson(moreCard(found.concern, found.today, found.now));
    },
  };
  const read: VerbRoute = {
    verb: 'concern.read' satisfies Verb,
    input: Pressed,
    async run(asking, input) {
      const which = whichOf(asking, (input as Pressed).concern);
      return inPerson(openedCard(await concerns.press(which, 'concern.read', asking.actor, readMove)));
    },
  };
  const timers: Timers = {
    'concerns.accepted': ({ pathwayId, caseId }) => accepted({ pathwayId, caseId }),
    'concern.move': ({ pathwayId, subject }) =>
      concerns.remindMoves({ pathwayId, concernId: moveConcern(subject) }),
  };
  return { verbs: [more, read, ...verbs], typed: [], timers };
}
