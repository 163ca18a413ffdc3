import { z } from 'zod/v4';
import type { PersonActor } from '../core/actors.ts';
import { doneCard } from '../core/cards.ts';
import type { Change } from '../core/change.ts';
import { Invalid } from '../core/errors.ts';
import type { Asking, CardView, Reply, VerbRoute } from '../core/routes.ts';
import { movedOnCard, senderCard } from './cards.ts';
import { fieldsForMissing } from './cards-fields.ts';
import { answerForm, askForm, chooseProviderCard, gapForm, rejectForm } from './cards-forms.ts';
import { acceptedAnswer, detailsCard, noteCard } from './cards-private.ts';
import type { Verb } from './cards-verbs.ts';
import { timesOf } from './clocks.ts';
import type { Handovers, Outcome, Present, Subject } from './commands.ts';
import type { Facts, Press, Verdict } from './facts.ts';
import { contentFromInputs, type Inputs, inputsFromContent } from './form.ts';
import { Content, waitsFor } from './handover.ts';
import { answer, complete } from './information.ts';
import { isOpen } from './lists.ts';
import { canOf } from './may.ts';
import { contentProblems, urgencyFor } from './offer.ts';
import { accept, ask, mayUndo, reject, undo, withdraw } from './rules.ts';

/** What every button of a handover carries; whatever else comes with it is an input. */
const Pressed = z
  .object({
    caseId: z.string().max(20),
    handoverId: z.string().regex(/^h\d{1,4}$/),
    revision: z.coerce.number().int().min(0),
    provider: z.string().max(40).optional(),
    page: z.coerce.number().int().min(1).max(100).optional(),
    /** Which part of the handover note to show, instead of the details. */
    note: z.coerce.number().int().min(1).max(100).optional(),
  })
  .catchall(z.unknown());
type Pressed = z.infer<typeof Pressed>;

/** The inputs among what was pressed: the texts, by the id of the input. */
const inputsOf = (pressed: Pressed): Inputs =>
  Object.fromEntries(
    Object.entries(pressed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

const inputOf = (pressed: Pressed, id: string): string => inputsOf(pressed)[id] ?? '';

const card = (view: CardView): Reply => ({ kind: 'card', view });

/** Is there a pair of this case that this person is to decide? */
export type MayBeDouble = (pathwayId: string, caseId: string, actor: PersonActor) => Promise<boolean>;

/** The buttons that answer a handover, each with what it opens or does. */
export function answerRoutes(handovers: Handovers, mayBeDouble: MayBeDouble): VerbRoute[] {
  const subjectOf = ({ pathwayId }: Asking, { caseId, handoverId }: Pressed): Subject => ({
    pathwayId,
    caseId,
    handoverId,
  });

  /** The press as the rules take it; in a bound channel the person acts for the channel's provider. */
  const pressOf = (asking: Asking, pressed: Pressed): Press => ({
    revision: pressed.revision,
    as: pressed.provider ?? asking.place.provider,
  });

  function route(verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute {
    return { verb, input: Pressed, run: (asking, input) => run(asking, input as Pressed) };
  }

  /** Runs a rule and answers with the card for what came of it. */
  async function decide(
    asking: Asking,
    pressed: Pressed,
    verb: Verb,
    by: (facts: Facts) => Verdict<Change>,
    done: (outcome: Outcome) => CardView,
  ): Promise<Reply> {
    const outcome = await handovers.press(subjectOf(asking, pressed), asking.actor, by);
    const { handover, caseDoc, today, agreed } = outcome;
    switch (outcome.verdict) {
      case 'change':
      case 'done':
        return card(done(outcome));
      case 'moved':
        return card(movedFor(verb, outcome));
      case 'gap':
        return card(gapForm(handover, caseDoc, agreed));
      case 'choose':
        return card(
          chooseProviderCard(verb, { ...pressed, pathway: asking.pathwayId }, outcome.positions, today),
        );
    }
  }

  /** Opens a form: only for somebody who could send it, and only while there is something to answer. */
  function opens(
    verb: Verb,
    by: (facts: Facts) => Verdict<Change>,
    form: (found: Present) => CardView,
  ): VerbRoute {
    return route(verb, async (asking, pressed) => {
      const outcome = await handovers.press(subjectOf(asking, pressed), asking.actor, (facts) => {
        const verdict = tryOut(by, facts);
        return verdict.kind === 'change' ? { kind: 'done' } : verdict;
      });
      return card(outcome.verdict === 'done' ? form(outcome) : movedFor(verb, outcome));
    });
  }

  /** Sends a form; what is wrong with it stands on top of what was typed. */
  function sends(
    verb: Verb,
    by: (facts: Facts, press: Press, pressed: Pressed) => Verdict<Change>,
    form: (found: Present, again: { typed: Inputs; problems: Invalid['problems'] }) => CardView,
    done: (outcome: Outcome) => CardView,
  ): VerbRoute {
    return route(verb, async (asking, pressed) => {
      try {
        return await decide(
          asking,
          pressed,
          verb,
          (facts) => by(facts, pressOf(asking, pressed), pressed),
          done,
        );
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        const found = await handovers.present(subjectOf(asking, pressed));
        if (!found) throw error;
        return card(form(found, { typed: inputsOf(pressed), problems: error.problems }));
      }
    });
  }

  const accepted = ({ handover, caseDoc, agreed, now }: Present) =>
    acceptedAnswer(handover, caseDoc, agreed, now);
  const standing = ({ handover, caseDoc, today, now }: Present) => movedOnCard(handover, caseDoc, today, now);

  return [
    route('handover.accept', (asking, pressed) =>
      decide(
        asking,
        pressed,
        'handover.accept',
        (facts) => accept(facts, pressOf(asking, pressed)),
        accepted,
      ),
    ),
    sends(
      'handover.accept.gap',
      (facts, press, pressed) => accept(facts, { ...press, gap: inputOf(pressed, 'reason') }),
      ({ handover, caseDoc, agreed }, again) => gapForm(handover, caseDoc, agreed, again),
      accepted,
    ),
    opens(
      'handover.reject',
      (facts) =>
        reject(facts, {
          revision: facts.handover.revision,
          reason: facts.agreed.rejection[0]?.code ?? '',
          next: 'x',
        }),
      ({ handover, caseDoc, agreed }) => rejectForm(handover, caseDoc, agreed),
    ),
    sends(
      'handover.reject.send',
      (facts, press, pressed) =>
        reject(facts, { ...press, reason: inputOf(pressed, 'reason'), next: inputOf(pressed, 'next') }),
      ({ handover, caseDoc, agreed }, again) => rejectForm(handover, caseDoc, agreed, again),
      standing,
    ),
    opens(
      'handover.ask',
      (facts) => ask(facts, { revision: facts.handover.revision, question: 'x' }),
      ({ handover, caseDoc, agreed }) => askForm(handover, caseDoc, agreed),
    ),
    sends(
      'handover.ask.send',
      (facts, press, pressed) => ask(facts, { ...press, question: inputOf(pressed, 'question') }),
      ({ handover, caseDoc, agreed }, again) => askForm(handover, caseDoc, agreed, again),
      standing,
    ),
    opens('handover.answer', openAnswer, ({ handover, caseDoc, agreed }) =>
      answerForm(handover, caseDoc, agreed),
    ),
    sends(
      'handover.answer.send',
      (facts, press, pressed) => giveInformation(facts, press, inputsOf(pressed)),
      ({ handover, caseDoc, agreed }, again) => answerForm(handover, caseDoc, agreed, again),
      (outcome) =>
        outcome.handover.state === 'information-requested'
          ? answerForm(outcome.handover, outcome.caseDoc, outcome.agreed)
          : standing(outcome),
    ),
    route('handover.withdraw', (asking, pressed) =>
      decide(
        asking,
        pressed,
        'handover.withdraw',
        (facts) => withdraw(facts, pressOf(asking, pressed)),
        (found) =>
          // The need is still open: here is what it is, with the button that offers it to another.
          waitsFor(found.handover) === undefined
            ? doneCard('You withdrew this handover. Your service still holds the case.')
            : detailsCard(found.handover, found.caseDoc, found.agreed, found.now, canOf(found, asking.actor)),
      ),
    ),
    route('handover.undo', (asking, pressed) =>
      decide(asking, pressed, 'handover.undo', (facts) => undo(facts, pressOf(asking, pressed)), standing),
    ),
    route('handover.view', async (asking, pressed) => {
      const found = await handovers.view(subjectOf(asking, pressed), asking.actor);
      const { handover, caseDoc, agreed, now } = found;
      if (pressed.note !== undefined) return card(noteCard(handover, caseDoc, agreed, pressed.note));
      // The change of the shared card takes the answer to Accept off the screen; here it is again.
      if (pressed.page === undefined && mayUndo({ ...found, actor: asking.actor })) {
        return card(accepted(found));
      }
      const double = isOpen(handover) && (await mayBeDouble(asking.pathwayId, caseDoc.caseId, asking.actor));
      const can = canOf(found, asking.actor);
      return card(detailsCard(handover, caseDoc, agreed, now, can, { page: pressed.page, double }));
    }),
  ];
}

const OF_THE_SENDER: readonly Verb[] = ['handover.answer', 'handover.answer.send', 'handover.withdraw'];

/** How it stands now, with the buttons of whoever pressed an old card: the sender's are others than the receiver's. */
const movedFor = (verb: Verb, { handover, caseDoc, today, now }: Present): CardView =>
  isOpen(handover) && OF_THE_SENDER.includes(verb)
    ? senderCard(handover, caseDoc, today, now)
    : movedOnCard(handover, caseDoc, today, now);

/** What a rule would say to a well-filled form. */
function tryOut(by: (facts: Facts) => Verdict<Change>, facts: Facts): Verdict<Change> {
  try {
    return by(facts);
  } catch (error) {
    if (error instanceof Invalid) return { kind: 'done' };
    throw error;
  }
}

const openAnswer = (facts: Facts): Verdict<Change> =>
  answer(facts, { revision: facts.handover.revision, answer: 'x' }).kind === 'change'
    ? { kind: 'done' }
    : giveInformation(facts, { revision: facts.handover.revision }, {});

/** The sender's answer to a question, or the fields that the minimum dataset lacked. */
function giveInformation(facts: Facts, press: Press, inputs: Inputs): Verdict<Change> {
  const { handover, agreed, today, actor, now } = facts;
  if (handover.state === 'information-requested' && handover.askedBy === 'dataset') {
    const asked = fieldsForMissing(handover.missing, agreed, handover.from.partner)
      .flat()
      .map(({ id }) => id);
    const typed = Object.fromEntries(Object.entries(inputs).filter(([id]) => asked.includes(id)));
    const merged = { ...inputsFromContent(handover.content, agreed.zone), ...typed };
    const parsed = Content.safeParse(contentFromInputs(merged, agreed.zone));
    if (!parsed.success) {
      throw new Invalid(
        'Not sent yet.',
        parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
      );
    }
    // What came in doubtful stays as it came, with its warning: only what is asked here can be put right here.
    const problems = contentProblems(parsed.data, actor, now)
      .map(({ field, message }) => ({ field: field.replace(/^content\./, ''), message }))
      .filter(({ field }) => asked.some((id) => id === field || id.startsWith(`${field}.`)));
    if (problems.length > 0) throw new Invalid('Not sent yet.', problems);
    const urgency = urgencyFor(agreed, parsed.data);
    const { answerBy } = timesOf(today, urgency, handover.to, parsed.data, now);
    return complete(facts, { ...press, content: parsed.data, answerBy, urgency: urgency.id });
  }
  return answer(facts, { ...press, answer: inputs.answer ?? '' });
}
