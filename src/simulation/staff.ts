import type { Agreement } from '../agreement/agreement.ts';
import type { Message } from '../core/messenger.ts';
import type { CardView, Reply } from '../core/routes.ts';
import { inputsFromContent } from '../handovers/form.ts';
import type { Rota } from '../rota/rota.ts';
import { type PromptRef, promptIn, refIn } from './card-ref.ts';
import { accountOf, contentOf, FIRST_TERMS, ownerOf, PATHWAY, personalChat } from './pathway.ts';
import { dutyPress } from './roster.ts';
import type { DutyAct, Happening } from './script.ts';
import { type Dice, diceOf } from './seeded.ts';
import { type Pressed, promptForm, promptNext } from './staff-prompts.ts';
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
  /** The id of some case, where there is one. */
  readonly someCase: (dice: Dice) => string;
  /** The rota and the agreement as they stand. */
  readonly rota: () => { readonly rota: Rota; readonly terms: Agreement };
  /** A mistake that nobody expected. */
  readonly mistake: (error: unknown, where: string) => void;
  /** Told what a person was answered, and when they asked. */
  readonly answered: (person: string, activity: Activity, answer: Answered, askedAt: number) => void;
}

type OfferHappening = Extract<Happening, { kind: 'offer' }>;

/** The people of the pathway. */
export interface Staff {
  /** A card came, or changed, in a conversation that somebody may look at. */
  sees(shown: Shown, message: Message): void;
  offer(happening: OfferHappening): void;
  types(person: string, command: string): void;
  /** They say something about their own duty. */
  duty(act: DutyAct, person: string): void;
  /** Baton is installed in somebody's chat, or in a provider's channel by one of its people. */
  installs(person: string, conversationId: string): void;
}

const MINUTE = 60_000;
const PEOPLE = FIRST_TERMS.people;
const REASONS = FIRST_TERMS.rejection.map(({ code }) => code);
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
    const next = await nextOf(person, view, dice);
    if (!next) return;
    const [verb, data] = next;
    await follow(person, at, await press(person, at, verb, data, dice), dice, depth + 1);
  }

  async function nextOf(person: string, view: CardView, dice: Dice): Promise<Pressed | undefined> {
    const ref = refIn(view);
    const data = view.data as {
      may?: Record<string, boolean>;
      choices?: { verb: string; ref: object }[];
      wrong?: boolean;
    };
    const may = data.may ?? {};
    await wait(dice.between(2_000, 90_000));
    switch (view.card) {
      case 'handovers/choose-provider': {
        const choice = dice.pick(data.choices ?? []);
        return [choice.verb, choice.ref];
      }
      case 'handovers/gap':
        return dice.happens(0.9)
          ? ['handover.accept.gap', { ...ref, reason: dice.happens(0.9) ? 'known' : '' }]
          : undefined;
      case 'handovers/reject':
        return [
          'handover.reject.send',
          { ...ref, reason: dice.pick(REASONS), next: dice.happens(0.9) ? 'Ring CANARY' : ' ' },
        ];
      case 'handovers/ask':
        return ['handover.ask.send', { ...ref, question: 'What does CANARY need?' }];
      case 'handovers/answer': {
        const n = deps.numberOfCase(ref?.caseId ?? '');
        const inputs = inputsFromContent(contentOf(n, 'same-day', []), FIRST_TERMS.zone);
        const some = dice.happens(0.8) ? inputs : Object.fromEntries(Object.entries(inputs).slice(0, 6));
        return ['handover.answer.send', { ...some, ...ref, answer: 'CANARY needs a key safe' }];
      }
      case 'handovers/accepted':
        if (may.undo && dice.happens(0.15)) {
          await wait(dice.between(0, 12 * MINUTE));
          return ['handover.undo', { ...ref }];
        }
        return dice.happens(0.1) ? ['handover.view', { ...ref, note: 1 }] : undefined;
      case 'handovers/details':
        if (may.accept && dice.happens(0.6)) return ['handover.accept', { ...ref }];
        if (may.another && dice.happens(0.6)) return ['handover.offer-another', { ...ref }];
        return undefined;
      case 'handovers/moved-on':
      case 'handovers/sent':
        if (may.answer && view.card === 'handovers/moved-on' && dice.happens(0.4))
          return ['handover.accept', { ...ref }];
        return undefined;
      case 'handovers/form':
        return formNext(person, view, dice);
      case 'escalations/prompt':
        return dice.happens(0.5) ? promptNext(view, dice) : undefined;
      default:
        return promptForm(view, dice);
    }
  }

  /** Which handover of the script a person's form is about. */
  const writing = new Map<string, OfferHappening>();

  function formNext(person: string, view: CardView, dice: Dice): Pressed | undefined {
    const { ref, may } = view.data as { ref: { draft: string; step: string }; may: { send: boolean } };
    const happening = writing.get(person);
    if (!happening) return undefined;
    if (dice.happens(0.03)) {
      met('form left unfinished');
      return undefined;
    }
    const inputs = inputsFromContent(contentOf(happening.n, happening.urgency, []), FIRST_TERMS.zone);
    const { language: _, ...rest } = inputs;
    return [
      may.send ? 'handover.form.send' : 'handover.form.next',
      { ...rest, 'person.language': 'English', 'author.role': 'Nurse', to: happening.to, ...ref },
    ];
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
    if (verb === 'handover.offer-another') writing.set(person, another(pressed.caseId, dice));
    const at = shown.conversationId;
    await follow(person, at, await press(person, at, verb, { ...pressed }, dice), dice);
  }

  /** Who may look at a card there. */
  const peopleAt = (owner: NonNullable<ReturnType<typeof ownerOf>>): string[] =>
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
      await looks(person, shown, view, diceOf(seed, 'rung', deps.numberOfCase(caseId), subject, n, person));
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
      if (verb === 'handover.offer-another') writing.set(person, another(caseId, dice));
      await follow(person, at, await press(person, at, verb, data, dice), dice);
      if (verb !== 'escalation.acknowledge' || dice.happens(0.4)) return;
      await wait(dice.between(MINUTE, 50 * MINUTE));
    }
  }

  function asReceiver(view: CardView, dice: Dice): string | undefined {
    const { may = {} } = view.data as { may?: { answer?: boolean; ask?: boolean; view?: boolean } };
    if (!may.answer) return may.view && dice.happens(0.1) ? 'handover.view' : undefined;
    if (dice.happens(0.2)) return 'handover.view';
    if (dice.happens(0.55)) return 'handover.accept';
    if (may.ask && dice.happens(0.35)) return 'handover.ask';
    return 'handover.reject';
  }

  function asSender(view: CardView, dice: Dice): string | undefined {
    const { may = {} } = view.data as { may?: { answer?: boolean; withdraw?: boolean; another?: boolean } };
    if (may.answer && dice.happens(0.7)) return 'handover.answer';
    if (may.another && dice.happens(0.7)) return 'handover.offer-another';
    if (may.withdraw && dice.happens(0.05)) return 'handover.withdraw';
    return dice.happens(0.05) ? 'handover.view' : undefined;
  }

  function another(caseId: string, dice: Dice): OfferHappening {
    const to = dice.pick(FIRST_TERMS.providers).id;
    const n = deps.numberOfCase(caseId);
    return { at: 0, kind: 'offer', n, by: 'person', from: '', to, urgency: 'same-day', omit: [] };
  }

  async function offersInTeams(happening: OfferHappening): Promise<void> {
    const dice = diceOf(seed, 'author', happening.n);
    const able = PEOPLE.filter(({ positions }) =>
      positions.some(({ provider, role }) => provider === happening.from && role !== 'volunteer'),
    );
    const person = dice.pick(able).key;
    writing.set(person, happening);
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
        const own = diceOf(seed, 'asked', deps.numberOfCase(caseId), subject, n, owner.person);
        isAsked(owner.person, shown, view, own).catch((error: unknown) => deps.mistake(error, 'a prompt'));
        return;
      }
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
    types(person, typed) {
      const dice = diceOf(seed, 'types', person, time.ms);
      const at = personalChat(person);
      const [command = '', words = ''] = typed.split(' ');
      const args = command === '/case' ? deps.someCase(dice) : words;
      const activity: Activity = { account: accountOf(person), reach: reachOf(at), command, args };
      void arrives(person, activity, dice);
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
