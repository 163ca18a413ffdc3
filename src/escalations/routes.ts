import { z } from 'zod/v4';
import { positionCan, providerNamed } from '../agreement/agreement.ts';
import type { Actor, Position } from '../core/actors.ts';
import { doneCard, noticeCard } from '../core/cards.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { type Ability, type Act, rule } from '../core/permissions.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import type { Listed } from '../store/store.ts';
import {
  escalationList,
  FORMS,
  type PromptForm,
  promptCard,
  promptForm,
  ROWS_A_PAGE,
  whyCard,
} from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { type Escalation, live, subjectIn } from './escalation.ts';
import { escalationPresenter, findEscalation, type PresenterDeps, promptPresenter } from './presenter.ts';
import { type Pressed, unknownEscalation, type Which } from './press.ts';
import { promptsWait } from './waits.ts';
import { replay, stopping } from './why.ts';
import { askedText, lastResortText } from './words.ts';

const Prompt = z
  .object({
    caseId: z.string().max(60),
    subject: z.string().max(80),
    n: z.coerce.number().int().min(0).max(99_999),
    reason: z.string().optional(),
    decision: z.string().optional(),
  })
  .loose();
type Prompt = z.infer<typeof Prompt>;

/** Events in which somebody wrote something. */
const WRITTEN = ['escalation.stepped-up', 'escalation.decided'];

const WHICH = ['open', 'mine', 'all'] as const;
type WhichList = (typeof WHICH)[number];
const TITLES: Record<WhichList, string> = {
  open: 'Open escalations',
  mine: 'Escalations that ask you',
  all: 'All escalations',
};
/** A place on a list, as it travels on "Show more": an instant, a case, a subject. */
const More = z
  .object({
    list: z.enum(WHICH),
    after: z.string().regex(/^[\d:.TZ-]{24}\|[\w:-]{1,60}\|[a-z]{1,20}:[\w-]{1,12}$/),
  })
  .loose();

const card = (view: CardView): Reply => ({ kind: 'card', view });

/** Everything that calls escalations, as plain data: buttons, typed commands, the timer, and how they read. */
export function escalationRoutes(deps: PresenterDeps & { readonly now: () => string }) {
  const { store, agreements, escalations } = deps;

  const whichOf = ({ pathwayId }: Asking, { caseId, subject }: Prompt): Which => ({
    pathwayId,
    caseId,
    subject,
  });

  function route(verb: Verb, run: (asking: Asking, pressed: Prompt) => Promise<Reply>): VerbRoute {
    return { verb, input: Prompt, run: (asking, input) => run(asking, input as Prompt) };
  }

  /** The prompt as it stands for this person. */
  async function promptFor(asking: Asking, which: Which, n: number): Promise<CardView> {
    const found = await findEscalation(deps, which, which.subject);
    const raising =
      found?.escalation.raisings.find((one) => one.n === n) ?? found?.escalation.raisings.at(-1);
    const face = await escalations.subjectOf(which.subject)?.face(which, which.subject, asking.actor.person);
    if (!found || !raising || !face) throw unknownEscalation();
    const presses = escalations.mayPress(found.escalation, raising, asking.actor, found.today);
    return promptCard(found.escalation, raising, face, found.agreed, found.today, deps.now(), { presses });
  }

  /** Refuses whom the table of permissions does not let see it. */
  async function mustSee(act: Act, { pathwayId, actor }: Asking): Promise<void> {
    const terms = (await agreements.inForce(pathwayId))?.terms;
    const has = (position: Position, ability: Ability): boolean =>
      terms !== undefined && positionCan(terms, position, ability);
    if (!rule(act, actor, {}, has).allowed) throw unknownEscalation();
  }

  async function answered(asking: Asking, which: Which, n: number, pressed: Pressed, done: CardView) {
    return card(pressed.verdict === 'moved' ? await promptFor(asking, which, n) : done);
  }

  /** Opens a form about a prompt, for somebody who could send it. */
  const opens = (
    form: PromptForm,
    may: (which: Which, n: number, actor: Actor) => Promise<Pressed>,
  ): VerbRoute =>
    route(`escalation.${form}`, async (asking, pressed) => {
      const which = whichOf(asking, pressed);
      const { verdict, escalation } = await may(which, pressed.n, asking.actor);
      const today = (await agreements.inForce(asking.pathwayId))?.terms;
      if (verdict === 'moved' || !today) return card(await promptFor(asking, which, pressed.n));
      return card(promptForm(form, escalation, pressed.n, today));
    });

  /** Sends it. It is shown again with what was typed when the rule finds something wrong with it. */
  const sends = (
    form: PromptForm,
    send: (which: Which, n: number, actor: Actor, typed: string) => Promise<Pressed>,
    done: (outcome: Pressed, which: Which) => Promise<string>,
  ): VerbRoute =>
    route(`escalation.${form}.send`, async (asking, pressed) => {
      const which = whichOf(asking, pressed);
      const typed = pressed[FORMS[form].input] ?? '';
      try {
        const outcome = await send(which, pressed.n, asking.actor, typed);
        return await answered(asking, which, pressed.n, outcome, doneCard(await done(outcome, which)));
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        const found = await findEscalation(deps, which, which.subject);
        if (!found) throw error;
        const { problems } = error;
        return card(promptForm(form, found.escalation, pressed.n, found.today, { typed, problems }));
      }
    });

  async function pageOf(asking: Asking, list: WhichList, after: string): Promise<Reply> {
    const { pathwayId, actor, place } = asking;
    const inForce = await agreements.inForce(pathwayId);
    if (!inForce) throw unknownEscalation();
    const here =
      place.provider === undefined
        ? [...new Set(actor.positions.map(({ provider }) => provider))]
        : [place.provider];
    const names =
      list === 'mine'
        ? [`escalations.mine@${actor.person}`]
        : here.map((provider) => `${list === 'open' ? 'escalations.open' : 'escalations'}@${provider}`);
    const pages = await Promise.all(
      names.map((name) => store.page<Escalation>(pathwayId, name, { after, limit: ROWS_A_PAGE + 1 })),
    );
    const merged = new Map<string, Listed<Escalation>>();
    for (const row of pages.flat()) merged.set(row.place, row);
    const rows = [...merged.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
    const shown = rows.slice(0, ROWS_A_PAGE);
    const last = shown.at(-1);
    const more = rows.length > ROWS_A_PAGE && last ? { list, after: last.place } : undefined;
    const withLadder = await Promise.all(
      shown.map(async ({ doc }) => ({
        escalation: doc,
        agreed: (await agreements.termsAt(pathwayId, doc.agreementVersion)) ?? inForce.terms,
      })),
    );
    return card(escalationList(TITLES[list], withLadder, inForce.terms, deps.now(), more));
  }

  /** The replay of the case's newest escalation, or of the one named. */
  async function why(
    asking: Asking,
    caseId: string,
    named: string | undefined,
    page: number,
  ): Promise<Reply> {
    await mustSee('escalation.why', asking);
    const key = { pathwayId: asking.pathwayId, caseId };
    const history = await store.history(key);
    const began = history.filter(({ type }) => type === 'escalation.began');
    const subject = named ?? String(began.at(-1)?.data.escalation ?? '');
    const found = subject === '' ? undefined : await findEscalation(deps, key, subject);
    if (!found) {
      throw new Refused(
        'nothing-climbed',
        'Nothing has climbed the ladder for such a case. Check the number, or type /case and the number to see how it stands.',
      );
    }
    const { sender, receiver, prime } = found.escalation.parties;
    const ruling =
      asking.place.scope === 'personal'
        ? rule('case.details', asking.actor, { sender, receiver, prime }, (position, ability) =>
            positionCan(found.today, position, ability),
          )
        : undefined;
    const written = ruling?.allowed === true && history.some(({ type }) => WRITTEN.includes(type));
    if (written) await escalations.readWritten({ ...key, subject }, asking.actor, ruling.positions[0]);
    const record = { ...found, history, written };
    return card(whyCard(found.escalation, replay(record), stopping(record), found.today, deps.now(), page));
  }

  async function providerIn(pathwayId: string, words: string): Promise<string | undefined> {
    const terms = (await agreements.inForce(pathwayId))?.terms;
    return terms && providerNamed(terms, words)?.id;
  }

  /** Of everything that people name by this id, what began to climb last; the id where nothing did. */
  async function newestClimb(pathwayId: string, id: string): Promise<string> {
    let newest = { at: '', caseId: id };
    for (const caseId of escalations.partitionsOf(id)) {
      const history = await store.history({ pathwayId, caseId });
      const began = history.findLast(({ type }) => type === 'escalation.began');
      if (began && began.recordedAt > newest.at) newest = { at: began.recordedAt, caseId };
    }
    return newest.caseId;
  }

  const verbs: VerbRoute[] = [
    route('escalation.acknowledge', async (asking, pressed) => {
      const which = whichOf(asking, pressed);
      const outcome = await escalations.acknowledge(which, pressed.n, asking.actor);
      const held = outcome.escalation.raisings.find(({ n }) => n === pressed.n)?.acknowledged;
      const zone = (await agreements.inForce(asking.pathwayId))?.terms.zone ?? 'Europe/London';
      const until = held ? whenText(held.until, outcome.now, zone) : '';
      return answered(
        asking,
        which,
        pressed.n,
        outcome,
        noticeCard({
          title: `You are on it until ${until}`,
          text: 'Nothing is accepted yet. Baton asks again then, unless it is answered before.',
        }),
      );
    }),
    opens('step-up', escalations.mayStepUp),
    sends('step-up', escalations.stepUp, async ({ escalation, now }, which) => {
      const found = await findEscalation(deps, which, which.subject);
      const next = live(escalation).at(-1);
      const asked =
        found && next
          ? ` ${askedText(next, found.agreed, found.today, now)}${lastResortText(next, found.escalation, found.agreed, found.today)}`
          : '';
      return `It was stepped up.${asked}`;
    }),
    opens('resolve', escalations.mayResolve),
    sends(
      'resolve',
      escalations.resolve,
      async () => 'Your decision is recorded, and nobody is asked any more.',
    ),
    route('escalation.view', async (asking, pressed) => {
      await mustSee('escalation.view', asking);
      return card(await promptFor(asking, whichOf(asking, pressed), pressed.n));
    }),
    route('escalation.why', (asking, pressed) => why(asking, pressed.caseId, pressed.subject, pressed.n)),
    {
      verb: 'escalation.page',
      input: More,
      run: async (asking, input) => {
        await mustSee('/escalations', asking);
        const { list, after } = input as z.infer<typeof More>;
        return pageOf(asking, list, after);
      },
    },
  ];

  const typed: TypedRoute[] = [
    {
      command: '/escalations',
      usage: '[open|mine|all]',
      help: 'What nobody answered in time, and who is asked now',
      run: (asking, args) => {
        const list = args === '' ? 'open' : WHICH.find((one) => one === args.toLowerCase());
        if (!list)
          throw new Refused('usage', 'Type /escalations open, /escalations mine or /escalations all.');
        return pageOf(asking, list, '');
      },
    },
    {
      command: '/why',
      usage: 'ID or PROVIDER',
      help: 'Why something climbed: who was asked when, what arrived, what would stop it',
      run: async (asking, args) => {
        const id = readRegisterId(args) ?? (await providerIn(asking.pathwayId, args));
        if (id === undefined) {
          throw new Refused(
            'usage',
            'Type /why and the case number on the card, such as /why 7K2-M4Z, or a provider for its list and mismatches.',
          );
        }
        return why(asking, await newestClimb(asking.pathwayId, id), undefined, 0);
      },
    },
  ];

  const timers: Timers = {
    'escalation.step': ({ pathwayId, caseId, subject, late }) =>
      escalations.step({ pathwayId, caseId, subject: subjectIn(subject) }, late),
  };
  const presenters: Presenters = {
    escalation: escalationPresenter(deps),
    prompt: promptPresenter(deps),
  };
  return { verbs, typed, timers, presenters, waits: promptsWait(deps) };
}
