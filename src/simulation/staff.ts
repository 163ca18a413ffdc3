import type { Agreement } from '../agreement/agreement.ts';
import type { Message } from '../core/messenger.ts';
import type { CardView, Reply } from '../core/routes.ts';
import type { Rota } from '../rota/rota.ts';
import { type About, type PromptRef, promptIn, refIn, taskIn } from './card-ref.ts';
import type { DutyAct } from './happening.ts';
import { accountOf, ownerOf, PATHWAY, personalChat, WORKING } from './pathway.ts';
import { dutyPress } from './roster.ts';
import { type Dice, diceOf } from './seeded.ts';
import { another, asReceiver, asSender, createChoices, type OfferHappening } from './staff-choices.ts';
import type { ConcernHappening } from './staff-concerns.ts';
import { promptNext } from './staff-prompts.ts';
import { takersAt, takingFrom } from './staff-tasks.ts';
import { settlingFrom } from './staff-weekly.ts';
import { cardOf, type Shown } from './teams.ts';
import type { VirtualTime } from './time.ts';
import { type Activity, type Answered, TENANT, type Worker } from './worker.ts';

export interface StaffDeps {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly workers: readonly Worker[];
  readonly met: (what: string) => void;
  readonly note: (who: string, what: string) => void;
  /** Which handover of the script a case came from; 0 while that is not known. */
  readonly numberOfCase: (caseId: string) => number;
  /** What tells a partition from others in every run of a seed: the number of a handover, a list's own id, an action's words. */
  readonly nameOf: (caseId: string) => string | number;
  /** The id of some case, where there is one. */
  readonly someCase: (dice: Dice) => string;
  /** The id of some case of which people decided a pair, where there is one. */
  readonly someDecided: (dice: Dice) => string;
  /** The rota and the agreement as they stand. */
  readonly rota: () => { readonly rota: Rota; readonly terms: Agreement };
  /** A mistake that nobody expected. */
  readonly mistake: (error: unknown, where: string) => void;
  /** Told what a person was answered, and when they asked. */
  readonly answered: (person: string, activity: Activity, answer: Answered, askedAt: number) => void;
}

/** The people of the pathway. */
export interface Staff {
  /** A card came, or changed, in a conversation that somebody may look at. */
  sees(shown: Shown, message: Message): void;
  offer(happening: OfferHappening): void;
  /** They raise a concern, in the form. */
  raises(happening: ConcernHappening): void;
  types(person: string, command: string): void;
  /** Types it, and goes on from what they are answered. */
  asks(person: string, command: string): void;
  /** They say something about their own duty. */
  duty(act: DutyAct, person: string): void;
  /** Baton is installed in somebody's chat, or in a provider's channel by one of its people. */
  installs(person: string, conversationId: string): void;
}

type Owner = NonNullable<ReturnType<typeof ownerOf>>;

const MINUTE = 60_000;
const PEOPLE = WORKING;
/** How often somebody follows up what they were answered. */
const PATIENCE = 7;

/** After so many prompts about a case, whoever is asked does not leave it at that. */
const RINGS_AFTER = 4;

/** Staff who answer, forget, click twice and come back later, over a Teams that delivers twice, late or never. */
export function createStaff(deps: StaffDeps): Staff {
  const { seed, time, workers, met } = deps;
  const reacted = new Map<string, number>();
  /** The last cards of each case, by the conversation that they stand in. */
  const standing = new Map<string, Map<string, { readonly shown: Shown; readonly view: CardView }>>();

  const wait = (ms: number): Promise<void> => new Promise((resolve) => time.at(time.ms + ms, resolve));

  const choices = createChoices({
    met,
    wait,
    now: () => time.now(),
    numberOfCase: deps.numberOfCase,
    someCase: deps.someCase,
  });

  const reachOf = (conversationId: string) => ({
    serviceUrl: 'https://teams.example/',
    conversationId,
    tenant: TENANT,
    scope: 'provider' in (ownerOf(conversationId) ?? {}) ? ('channel' as const) : ('personal' as const),
    seenAt: time.now(),
  });

  /** One activity at whichever worker it comes to. */
  async function arrives(person: string, activity: Activity, dice: Dice): Promise<Answered> {
    const up = workers.filter(({ life }) => life.alive);
    const askedAt = time.ms;
    const answer: Answered = up.length === 0 ? { kind: 'lost' } : await dice.pick(up).hear(activity);
    met(`answer ${answer.kind}`);
    deps.note(person, `${activity.verb ?? activity.command} → ${saidIn(answer)}`);
    deps.answered(person, activity, answer, askedAt);
    return answer;
  }

  /** A press, as Teams brings it and as people press. */
  async function press(
    person: string,
    conversationId: string,
    verb: string,
    data: object,
    dice: Dice,
    tries = 0,
  ): Promise<Answered> {
    const activity = (): Activity => ({
      account: accountOf(person),
      reach: reachOf(conversationId),
      verb,
      data,
    });
    if (dice.happens(0.02)) {
      met('activity never came');
      return { kind: 'lost' };
    }
    if (dice.happens(0.02)) {
      met('activity came late');
      await wait(dice.between(MINUTE, 60 * MINUTE));
    }
    if (dice.happens(0.05)) {
      met('activity came twice');
      time.at(time.ms + dice.between(0, MINUTE), () => void arrives(person, activity(), dice));
    }
    if (dice.happens(0.12)) {
      met('clicked twice');
      time.at(time.ms + dice.between(0, 800), () => void arrives(person, activity(), dice));
    }
    const answer = await arrives(person, activity(), dice);
    if ((answer.kind === 'lost' || answer.kind === 'unavailable') && tries < 4 && dice.happens(0.8)) {
      met('pressed again');
      await wait(dice.between(3_000, MINUTE));
      return press(person, conversationId, verb, data, dice, tries + 1);
    }
    return answer;
  }

  /** Goes on from what they were answered: fills the form, gives the reason, thinks better of it. */
  async function follow(person: string, at: string, answer: Answered, dice: Dice, depth = 0): Promise<void> {
    if (answer.kind !== 'reply' || answer.reply.kind !== 'card' || depth > PATIENCE) return;
    const { view } = answer.reply;
    if (view.card === 'register/list') return takes(person, at, view, dice, depth);
    if (view.card === 'reconciliation/list' && dice.happens(0.6)) {
      for (const [verb, data] of settlingFrom(view, dice)) {
        await wait(dice.between(2_000, 20_000));
        await press(person, at, verb, data, dice);
      }
    }
    const next = await choices.nextOf(person, view, dice);
    if (!next) return;
    const [verb, data] = next;
    await follow(person, at, await press(person, at, verb, data, dice), dice, depth + 1);
  }

  /** Takes some of the cases that nobody holds, one after another. */
  async function takes(person: string, at: string, view: CardView, dice: Dice, depth: number): Promise<void> {
    for (const [verb, data] of takingFrom(view, dice)) {
      await wait(dice.between(2_000, 20_000));
      const answer = await press(person, at, verb, data, dice);
      if (verb === 'unowned.list') await follow(person, at, answer, dice, depth + 1);
    }
  }

  /** What somebody who looks at a card does about it. */
  async function looks(person: string, shown: Shown, view: CardView, dice: Dice): Promise<void> {
    const ref = refIn(view);
    if (!ref) return;
    await wait(
      dice.happens(0.65) ? dice.between(20_000, 20 * MINUTE) : dice.between(20 * MINUTE, 6 * 60 * MINUTE),
    );
    // Mostly the card as it is by now, sometimes as it was when they opened the app.
    const now = dice.happens(0.85) ? (cardOf(shown.versions.at(-1)) ?? view) : view;
    const pressed = refIn(now) ?? ref;
    const verb = now.card === 'handovers/offer' ? asReceiver(now, dice) : asSender(now, dice);
    if (!verb) return;
    if (verb === 'handover.offer-another')
      choices.writes(person, another(deps.numberOfCase(pressed.caseId), dice));
    const at = shown.conversationId;
    await follow(person, at, await press(person, at, verb, { ...pressed }, dice), dice);
  }

  /** Who may look at a card there. */
  const peopleAt = (owner: Owner): string[] =>
    'person' in owner
      ? [owner.person]
      : PEOPLE.filter(({ positions }) => positions.some(({ provider }) => provider === owner.provider)).map(
          ({ key }) => key,
        );

  /** Whoever was asked often enough rings both services, until somebody there looks at the case. */
  async function ringsRound({ caseId, subject, n }: PromptRef, dice: Dice): Promise<void> {
    met('rang round');
    await wait(dice.between(5 * MINUTE, 90 * MINUTE));
    for (const { shown, view } of standing.get(caseId)?.values() ?? []) {
      const owner = ownerOf(shown.conversationId);
      if (!owner) continue;
      const person = dice.pick(peopleAt(owner));
      const own = diceOf(seed, 'rung', deps.nameOf(caseId), subject, n, person);
      await (taskIn(view) ? visits(person, shown, view, own) : looks(person, shown, view, own));
    }
  }

  /** What somebody does about a card of an action, or of cases that nobody holds: soon, late, or never. */
  async function visits(person: string, shown: Shown, view: CardView, dice: Dice): Promise<void> {
    if (dice.happens(0.3)) {
      met('task forgotten');
      return;
    }
    await wait(
      dice.happens(0.6) ? dice.between(20_000, 40 * MINUTE) : dice.between(40 * MINUTE, 30 * 60 * MINUTE),
    );
    const now = dice.happens(0.85) ? (cardOf(shown.versions.at(-1)) ?? view) : view;
    const reply: Reply = { kind: 'card', view: now };
    await follow(person, shown.conversationId, { kind: 'reply', reply }, dice);
  }

  /** Whoever sees the card of a task looks after it; some cards that nobody holds two see at the same moment. */
  function seesTask(shown: Shown, view: CardView, about: About, owner: Owner): void {
    const { caseId } = about;
    const cards = standing.get(caseId) ?? new Map();
    standing.set(caseId, cards.set(shown.conversationId, { shown, view }));
    const version = shown.versions.length;
    const dice = diceOf(seed, 'task', deps.nameOf(caseId), shown.conversationId, version);
    // Every case that is taken changes the card of all.
    if (version > 1 && dice.happens(0.7)) return;
    const people =
      'provider' in owner ? [...takersAt(owner.provider), dice.pick(peopleAt(owner))] : peopleAt(owner);
    const looking = 'provider' in owner && dice.happens(0.35) ? 2 : 1;
    const first = dice.between(0, people.length - 1);
    for (let nth = 0; nth < looking; nth++) {
      const person = people[(first + nth) % people.length] ?? '';
      // The same dice: they press at the same moment.
      const own = diceOf(seed, 'visits', deps.nameOf(caseId), shown.conversationId, version);
      visits(person, shown, view, own).catch((error: unknown) => deps.mistake(error, 'a task'));
    }
  }

  /** What somebody who was asked in person does: soon, late, or never. */
  async function isAsked(person: string, shown: Shown, view: CardView, dice: Dice): Promise<void> {
    const prompt = promptIn(view);
    if (prompt && prompt.n > RINGS_AFTER && dice.happens(0.6)) return ringsRound(prompt, dice);
    if (dice.happens(0.3)) {
      met('prompt forgotten');
      return;
    }
    await wait(
      dice.happens(0.7) ? dice.between(20_000, 25 * MINUTE) : dice.between(25 * MINUTE, 5 * 60 * MINUTE),
    );
    const caseId = prompt?.caseId ?? '';
    const at = shown.conversationId;
    // Whoever said "I'm on it" mostly comes back to it.
    for (let more = 2; more > 0; more--) {
      const now = dice.happens(0.85) ? (cardOf(shown.versions.at(-1)) ?? view) : view;
      const next = promptNext(now, dice);
      if (!next) return;
      const [verb, data] = next;
      met(`prompt ${verb}`);
      if (verb === 'handover.offer-another') choices.writes(person, another(deps.numberOfCase(caseId), dice));
      await follow(person, at, await press(person, at, verb, data, dice), dice);
      if (verb !== 'escalation.acknowledge' || dice.happens(0.4)) return;
      await wait(dice.between(MINUTE, 50 * MINUTE));
    }
  }

  async function offersInTeams(happening: OfferHappening): Promise<void> {
    const dice = diceOf(seed, 'author', happening.n);
    const able = PEOPLE.filter(({ positions }) =>
      positions.some(({ provider, role }) => provider === happening.from && role !== 'volunteer'),
    );
    const person = dice.pick(able).key;
    choices.writes(person, happening);
    const at = personalChat(person);
    const opened = await press(person, at, 'handover.form.open', { provider: happening.from }, dice);
    await follow(person, at, opened, dice, -2);
  }

  return {
    sees(shown, message) {
      const view = cardOf(message);
      const ref = refIn(view);
      const owner = ownerOf(shown.conversationId);
      const prompt = promptIn(view);
      if (view && prompt && owner && 'person' in owner && !reacted.has(shown.activityId)) {
        reacted.set(shown.activityId, prompt.n);
        const { caseId, subject, n } = prompt;
        const own = diceOf(seed, 'asked', deps.nameOf(caseId), subject, n, owner.person);
        isAsked(owner.person, shown, view, own).catch((error: unknown) => deps.mistake(error, 'a prompt'));
        return;
      }
      const task = taskIn(view);
      if (view && task && owner) return seesTask(shown, view, task, owner);
      if (!view || !ref || !owner || (reacted.get(shown.activityId) ?? 0) >= ref.revision) return;
      reacted.set(shown.activityId, ref.revision);
      const cards = standing.get(ref.caseId) ?? new Map();
      standing.set(ref.caseId, cards.set(shown.conversationId, { shown, view }));
      const n = deps.numberOfCase(ref.caseId);
      const dice = diceOf(seed, 'look', n, ref.handoverId, ref.revision, shown.conversationId);
      const here = peopleAt(owner);
      for (let looking = dice.between(0, 3); looking > 0; looking--) {
        const person = dice.pick(here);
        const own = diceOf(seed, 'looks', n, ref.handoverId, ref.revision, person, looking);
        looks(person, shown, view, own).catch((error: unknown) => deps.mistake(error, 'a look at a card'));
      }
    },
    offer(happening) {
      offersInTeams(happening).catch((error: unknown) => deps.mistake(error, 'an offer'));
    },
    raises(happening) {
      const { person, n } = happening;
      const dice = diceOf(seed, 'raises', n);
      choices.raises(person, happening);
      const at = personalChat(person);
      press(person, at, 'concern.form.open', {}, dice)
        .then((answer) => follow(person, at, answer, dice, -2))
        .catch((error: unknown) => deps.mistake(error, 'a concern'));
    },
    types(person, typed) {
      const dice = diceOf(seed, 'types', person, time.ms);
      const at = personalChat(person);
      const [command = '', words = ''] = typed.split(' ');
      const args = command === '/case' ? deps.someCase(dice) : words;
      const activity: Activity = { account: accountOf(person), reach: reachOf(at), command, args };
      void arrives(person, activity, dice);
    },
    asks(person, typed) {
      const dice = diceOf(seed, 'asks', person, time.ms);
      const at = personalChat(person);
      const [command = '', words = ''] = typed.split(' ');
      const args = words === 'decided' ? deps.someDecided(dice) : words;
      met(`asked ${typed}`);
      arrives(person, { account: accountOf(person), reach: reachOf(at), command, args }, dice)
        .then((answer) => follow(person, at, answer, dice))
        .catch((error: unknown) => deps.mistake(error, typed));
    },
    duty(act, anybody) {
      const dice = diceOf(seed, 'duty', anybody, time.ms);
      const { rota, terms } = deps.rota();
      const absent = rota.away.filter(({ to }) => to > time.now());
      const person = act === 'back' && absent.length > 0 ? dice.pick(absent).person : anybody;
      const pressed = dutyPress(act, person, rota, terms, time.now(), dice);
      if (!pressed) return;
      const [verb, data] = pressed;
      met(`duty ${act}`);
      press(person, personalChat(person), verb, data, dice).catch((error: unknown) =>
        deps.mistake(error, 'a duty'),
      );
    },
    installs(person, conversationId) {
      const dice = diceOf(seed, 'installs', person, conversationId);
      const up = workers.filter(({ life }) => life.alive);
      if (up.length === 0) return;
      const reach = reachOf(conversationId);
      void dice
        .pick(up)
        .ask(async ({ book, installed, shownAgain, agreements }) => {
          await book.seen(reach, accountOf(person));
          if (reach.scope === 'personal') await installed(PATHWAY, { to: 'person', person });
          const channel = await agreements.findChannel(TENANT, conversationId);
          if (channel) await shownAgain(channel.pathwayId, channel.provider);
        })
        .catch(() => met('installation was not heard'));
    },
  };
}

function saidIn(answer: Answered): string {
  if (answer.kind === 'refused') return `refused: ${answer.code}`;
  if (answer.kind !== 'reply') return answer.kind;
  const { reply }: { reply: Reply } = answer;
  return reply.kind === 'card' ? `${reply.view.card}: ${reply.view.summary}` : reply.text;
}
