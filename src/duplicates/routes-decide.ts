import { z } from 'zod/v4';
import type { PersonActor } from '../core/actors.ts';
import { doneCard } from '../core/cards.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, CardView, Reply, VerbRoute } from '../core/routes.ts';
import { apartForm, disagreeForm, pairCard, sameForm } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Duplicates, Outcome, Present, Which } from './commands.ts';
import type { Facts } from './facts.ts';
import { apart, type Verdict } from './rules.ts';
import { agree, asksOf, canOf, disagree, link, merge, undo } from './same-person.ts';
import type { Since } from './since.ts';
import { asksText, keepsText, sinceText } from './words.ts';

const registerId = z.string().transform((id, found) => {
  const read = readRegisterId(id);
  if (read === undefined) found.addIssue({ code: 'custom', message: 'is no case' });
  return read ?? '';
});
/** What every button about a pair carries, and what may be typed or chosen beside it. */
const Pressed = z
  .object({
    a: registerId,
    b: registerId,
    revision: z.coerce.number().int().min(0).default(0),
    reason: z.string().max(20_000).optional(),
    how: z.string().max(100).optional(),
  })
  .loose();
type Pressed = z.infer<typeof Pressed>;

/** Ids and initials only. */
const card = (view: CardView): Reply => ({ kind: 'card', view });
/** Says whom a case is about: it goes to whoever asked, in their own chat. */
const inPerson = (view: CardView): Reply => ({ kind: 'card', private: true, view });

type Form = (present: Present, form?: { typed?: string; problems?: readonly Problem[] }) => CardView;
const KEEP = /^keep:(.+)$/;

/** The buttons by which people decide a pair. */
export function decisionRoutes(duplicates: Duplicates): VerbRoute[] {
  const whichOf = ({ pathwayId }: Asking, { a, b }: Pressed): Which => ({ pathwayId, a, b });
  const route = (verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute => ({
    verb,
    input: Pressed,
    run: (asking, pressed) => run(asking, pressed as Pressed),
  });
  const asItStands = (present: Present, actor: PersonActor): Reply =>
    inPerson(pairCard(present, canOf({ ...present, actor })));

  /** Opens a form, for somebody who may send it; the pair as it stands where the card that was pressed is old. */
  const opens = (verb: Verb, form: Form): VerbRoute =>
    route(verb, async (asking, pressed) => {
      const found = await duplicates.view(whichOf(asking, pressed), asking.actor, 'duplicate.decide');
      return found.pair.revision === pressed.revision ? card(form(found)) : asItStands(found, asking.actor);
    });

  /** One press, and what it means in words; `again`: the form, with what was typed, when something is wrong with it. */
  const sends = (
    verb: Verb,
    decide: (facts: Facts, pressed: Pressed) => Verdict,
    done: (outcome: Outcome) => Promise<string> | string,
    again?: { readonly form: Form; readonly typed: (pressed: Pressed) => string | undefined },
  ): VerbRoute =>
    route(verb, async (asking, pressed) => {
      const which = whichOf(asking, pressed);
      try {
        const outcome = await duplicates.press(which, asking.actor, (facts) => decide(facts, pressed));
        return outcome.verdict === 'moved'
          ? asItStands(outcome, asking.actor)
          : card(doneCard(await done(outcome)));
      } catch (error) {
        if (!(error instanceof Invalid) || !again) throw error;
        const found = await duplicates.view(which, asking.actor, 'duplicate.decide');
        const shown = { ...found, pair: { ...found.pair, revision: pressed.revision } };
        return card(again.form(shown, { typed: again.typed(pressed) ?? '', problems: error.problems }));
      }
    });

  const both = ({ pair }: Present): string => `Cases ${pair.a} and ${pair.b}`;

  return [
    route('duplicate.view', async (asking, pressed) =>
      asItStands(await duplicates.view(whichOf(asking, pressed), asking.actor), asking.actor),
    ),
    opens('duplicate.apart', apartForm),
    sends(
      'duplicate.apart.send',
      (facts, pressed) => apart(facts, pressed),
      (outcome) =>
        `${both(outcome)} are not duplicates. They are suggested again only if a record changes what it says of the person.`,
      { form: apartForm, typed: ({ reason }) => reason },
    ),
    opens('duplicate.same', sameForm),
    sends('duplicate.same.send', same, sameText, { form: sameForm, typed: ({ how }) => how }),
    sends('duplicate.agree', agree, agreedText),
    opens('duplicate.disagree', disagreeForm),
    sends(
      'duplicate.disagree.send',
      (facts, pressed) => disagree(facts, pressed),
      (outcome) => `${both(outcome)} stay as they are and wait for a decision again. Whoever asked is told.`,
      { form: disagreeForm, typed: ({ reason }) => reason },
    ),
    sends('duplicate.undo', undo, async (outcome) => undoneText(outcome, await duplicates.since(outcome))),
  ];
}

function same(facts: Facts, { revision, how = '' }: Pressed): Verdict {
  const keep = KEEP.exec(how)?.[1];
  if (keep !== undefined) return merge(facts, { revision, keep });
  if (how === 'link') return link(facts, { revision });
  const message = 'Choose whether it is one referral, and which case stays, or two pieces of work.';
  throw new Invalid('Please choose.', [{ field: 'how', message }]);
}

function sameText(outcome: Outcome): string {
  const { pair, a, b } = outcome;
  const { stands } = pair;
  if (stands.state === 'linking' || stands.state === 'linked') {
    return `Cases ${pair.a} and ${pair.b} are two pieces of work for one person. Both go on, each with its holder.`;
  }
  if (stands.state === 'asked' && asksOf(pair, { a, b }).length > 0) {
    return `${asksText(outcome)} is asked to agree. Until then both cases stay as they are.`;
  }
  return agreedText(outcome);
}

function agreedText(outcome: Outcome): string {
  const { pair } = outcome;
  const { stands } = pair;
  if (stands.state === 'asked') return `You agreed. It waits for ${asksText(outcome)} now.`;
  const keep = 'keep' in stands ? stands.keep : pair.a;
  return `It is one referral. ${keepsText(keep, outcome)}`;
}

/** What taking a decision back means, with what came to the case that stayed, which stays there. */
function undoneText({ pair, today }: Outcome, { keep, what }: Since): string {
  const again = `Cases ${pair.a} and ${pair.b} wait for a decision again.`;
  if (what.length === 0) return again;
  return `${again} What came to case ${keep} meanwhile stays there: ${what.map((one) => sinceText(one, today)).join(', ')}.`;
}
