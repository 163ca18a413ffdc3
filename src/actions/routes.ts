import { z } from 'zod/v4';
import { doneCard, noticeCard } from '../core/cards.ts';
import type { Verdict } from '../core/change.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { dayText } from '../core/wording.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { actionIdOf, actionLabel, ORIGINS, type Origin } from './action.ts';
import { actionCard, canOf, sharedCard } from './cards.ts';
import { type ActionForm, actionForm, setForm } from './cards-forms.ts';
import type { Verb } from './cards-verbs.ts';
import type { Outcome, Present, Which } from './commands.ts';
import type { Facts } from './facts.ts';
import { move } from './move.ts';
import { actionPresenter } from './presenter.ts';
import { type ActionRouteDeps, actionsWait, pageOf, WHICH, type WhichList } from './routes-list.ts';
import { cancel, done, reopen } from './rules.ts';
import { type Inputs, settingPositions } from './wanted.ts';
import { ownerText } from './words.ts';

const typed = z.string().max(20_000).optional();
/** What every button of an action carries, and what may be typed beside it. */
const Pressed = z
  .object({
    action: z.string().transform((id, found) => {
      const read = readRegisterId(id);
      if (read === undefined) found.addIssue({ code: 'custom', message: 'is no action' });
      return read ?? '';
    }),
    revision: z.coerce.number().int().min(0).default(0),
    ...{ what: typed, owner: typed, due: typed, from: typed, caseId: typed, by: typed },
    ...{ reason: typed, proof: typed },
    fixed: z.boolean().optional(),
  })
  .loose();
type Pressed = z.infer<typeof Pressed>;
/** A place on a list as it travels on a button; empty for the first page. */
const More = z
  .object({ list: z.enum(WHICH), after: z.string().regex(/^(?:[\d:.TZ-]{24}\|[0-9A-Z-]{1,20})?$/) })
  .loose();
const About = z.object({ caseId: z.string().max(20), from: z.enum(ORIGINS).default('case') }).loose();

const card = (view: CardView): Reply => ({ kind: 'card', view });
/** A form takes what people write, so it is never a card that a channel's members see. */
const form = (view: CardView): Reply => ({ kind: 'card', private: true, view });

/** Everything that calls actions, as plain data: `/actions`, `/action`, their buttons, the timer, how they read. */
export function actionRoutes(deps: ActionRouteDeps) {
  const { actions } = deps;
  const whichOf = ({ pathwayId }: Asking, { action }: Pressed): Which => ({ pathwayId, actionId: action });

  const route = (verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute => ({
    verb,
    input: Pressed,
    run: (asking, pressed) => run(asking, pressed as Pressed),
  });

  const asItStands = ({ actor }: Asking, { action, today, now }: Present): Reply =>
    card(actionCard(action, canOf(action, actor, today, now), today, now));

  /** With its words for those entitled, where nobody else reads along; that they were seen is recorded. */
  async function view(asking: Asking, which: Which, alone: boolean): Promise<Reply> {
    const found = alone ? await actions.view(which, asking.actor) : await actions.present(which);
    if (!found) throw new Refused('unknown-action', 'There is no such action on this pathway.');
    return alone ? asItStands(asking, found) : card(sharedCard(found.action, found.today, found.now));
  }

  async function openForm(asking: Asking, caseId?: string, from: Origin = 'case'): Promise<Reply> {
    const { terms } = await actions.inForce(asking.pathwayId);
    const positions = settingPositions(asking.actor, terms);
    const here = positions.filter(({ provider }) => provider === asking.place.provider);
    const typed = caseId === undefined ? {} : { caseId, from };
    return form(setForm(actions.newId(), here.length > 0 ? here : positions, terms, { typed }));
  }

  /** Sends the form of a new action; it comes again with what was typed when something is wrong with it. */
  async function send(asking: Asking, pressed: Pressed): Promise<Reply> {
    try {
      const set = await actions.set(whichOf(asking, pressed), asking.actor, inputsOf(pressed));
      return card(noticeCard({ title: 'Set', text: setText(set) }));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { terms } = await actions.inForce(asking.pathwayId);
      const all = settingPositions(asking.actor, terms);
      // Set for the provider of a channel, it does not ask for which one the second time.
      const positions = pressed.fixed ? all.filter(({ provider }) => provider === pressed.by) : all;
      const again = { typed: inputsOf(pressed), problems: error.problems };
      return form(setForm(pressed.action, positions, terms, again));
    }
  }

  /** Opens a form about an action, for somebody who could send it. */
  const opens = (name: ActionForm): VerbRoute =>
    route(`action.${name}`, async (asking, pressed) => {
      const found = await actions.forAct(whichOf(asking, pressed), `action.${name}`, asking.actor);
      const { action, today, now } = found;
      return action.state === 'open' ? card(actionForm(name, action, today, now)) : asItStands(asking, found);
    });

  /**
   * Sends it. It is shown again with what was typed when the rule finds something wrong with it. `done`: what is
   * answered; without it how the action stands now.
   */
  const sends = (
    name: ActionForm,
    decide: (facts: Facts, pressed: Pressed) => Verdict,
    done?: (outcome: Outcome) => string,
  ): VerbRoute =>
    route(`action.${name}.send`, async (asking, pressed) => {
      const which = whichOf(asking, pressed);
      try {
        const outcome = await actions.press(which, asking.actor, (facts) => decide(facts, pressed));
        return outcome.verdict === 'moved' || !done
          ? asItStands(asking, outcome)
          : card(doneCard(done(outcome)));
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return again(name, asking, which, pressed, error.problems);
      }
    });

  async function again(
    name: ActionForm,
    { actor }: Asking,
    which: Which,
    pressed: Pressed,
    problems: readonly Problem[],
  ): Promise<Reply> {
    const { action, today, now } = await actions.forAct(which, `action.${name}`, actor);
    const shown = { ...action, revision: pressed.revision };
    return card(actionForm(name, shown, today, now, { typed: inputsOf(pressed), problems }));
  }

  const verbs: VerbRoute[] = [
    // What a press is answered with is seen by whoever pressed alone.
    route('action.view', (asking, pressed) => view(asking, whichOf(asking, pressed), true)),
    {
      verb: 'action.form' satisfies Verb,
      input: About,
      run: (asking, input) => {
        const { caseId, from } = input as z.infer<typeof About>;
        return openForm(asking, readRegisterId(caseId), from);
      },
    },
    route('action.set.send', send),
    opens('done'),
    // Where it can be undone for a while.
    sends('done', (facts, { revision, proof = '' }) => done(facts, { revision, proof })),
    route('action.reopen', async (asking, pressed) => {
      const { revision } = pressed;
      const which = whichOf(asking, pressed);
      return asItStands(
        asking,
        await actions.press(which, asking.actor, (facts) => reopen(facts, { revision })),
      );
    }),
    opens('move'),
    sends(
      'move',
      (facts, pressed) => move(facts, { revision: pressed.revision, typed: inputsOf(pressed) }),
      ({ action, today, now }) =>
        `${actionLabel(action.actionId)} is now with ${ownerText(action.owner, today)}, due ${dayText(action.due, now, today.zone)}.`,
    ),
    opens('cancel'),
    sends(
      'cancel',
      (facts, { revision, reason = '' }) => cancel(facts, { revision, reason }),
      ({ action }) => `${actionLabel(action.actionId)} is cancelled. Nobody is asked for it any more.`,
    ),
    {
      verb: 'action.page' satisfies Verb,
      input: More,
      run: (asking, input) => {
        const { list, after } = input as z.infer<typeof More>;
        return pageOf(deps, asking, list, after);
      },
    },
  ];

  const typedCommands: TypedRoute[] = [
    {
      command: '/actions',
      usage: '[open|mine|overdue|ID]',
      help: 'What partners have agreed to do, whose it is, and by when',
      run: (asking, args) => {
        const word = args.toLowerCase();
        const list: WhichList | undefined = word === '' ? 'open' : WHICH.find((one) => one === word);
        if (list) return pageOf(deps, asking, list, '');
        const actionId = readRegisterId(args.replace(/^action\s+/i, ''));
        const { pathwayId, place } = asking;
        if (actionId !== undefined) return view(asking, { pathwayId, actionId }, place.scope === 'personal');
        throw new Refused(
          'usage',
          'Type /actions open, /actions mine, /actions overdue, or /actions and the number on the card, such as /actions 7K2-M4Z.',
        );
      },
    },
    {
      command: '/action',
      usage: '[CASE]',
      help: 'Set an action: what is to be done, by whom, and by when',
      run: async (asking, args) => {
        const caseId = readRegisterId(args);
        if (args !== '' && caseId === undefined) {
          throw new Refused(
            'usage',
            'Type /action, or /action and a case number, such as /action 7K2-M4Z. /actions shows those there are.',
          );
        }
        return { ...(await openForm(asking, caseId)), instead: IN_PERSON };
      },
    },
  ];

  const timers: Timers = {
    'action.overdue': ({ pathwayId, subject, late }) =>
      actions.overdue({ pathwayId, actionId: actionIdOf(subject) }, late),
  };
  const presenters: Presenters = { action: actionPresenter(actions) };
  return { verbs, typed: typedCommands, timers, presenters, waits: actionsWait(deps) };
}

/** What happens next with an action that was just set. */
function setText({ action, today, now }: Present): string {
  const due = dayText(action.due, now, today.zone);
  const reminded = action.remindAt === undefined ? '' : ', and reminded the morning before';
  return `${actionLabel(action.actionId)} is set: ${ownerText(action.owner, today)}, due ${due}. They are told now${reminded}. When it is not done in time it climbs the ladder.`;
}

const IN_PERSON = noticeCard({
  title: 'An action is set in person',
  text: 'Everybody here would read what you write. Open a chat with Baton and type /action there.',
});

function inputsOf({ what, owner, due, from, caseId, by, reason, proof }: Pressed): Inputs {
  return { what, owner, due, from, caseId, by, reason, proof };
}
