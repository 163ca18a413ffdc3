import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { inputsFromContent } from '../handovers/form.ts';
import { refIn } from './card-ref.ts';
import type { Happening } from './happening.ts';
import { contentOf, FIRST_TERMS } from './pathway.ts';
import type { Dice } from './seeded.ts';
import { type ConcernHappening, concernForm, concernNext } from './staff-concerns.ts';
import { pairNext } from './staff-pairs.ts';
import { type Pressed, promptForm, promptNext } from './staff-prompts.ts';
import { actionNext, unownedNext } from './staff-tasks.ts';
import { weeklyNext } from './staff-weekly.ts';

export type OfferHappening = Extract<Happening, { kind: 'offer' }>;

export interface ChoiceDeps {
  readonly met: (what: string) => void;
  /** Lets the world's time pass, in milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  readonly now: () => Instant;
  /** Which handover of the script a case came from; 0 while that is not known. */
  readonly numberOfCase: (caseId: string) => number;
  /** The id of some case, where there is one. */
  readonly someCase: (dice: Dice) => string;
}

/** What people choose to press next. */
export interface Choices {
  /** After a while, what somebody presses on a card that they were answered with; undefined: they leave it. */
  nextOf(person: string, view: CardView, dice: Dice): Promise<Pressed | undefined>;
  /** This is what the person's next form is about. */
  writes(person: string, happening: OfferHappening): void;
  /** And this what their next concern is about. */
  raises(person: string, happening: ConcernHappening): void;
}

const MINUTE = 60_000;
const REASONS = FIRST_TERMS.rejection.map(({ code }) => code);

export function createChoices({ met, wait, now, numberOfCase, someCase }: ChoiceDeps): Choices {
  /** Which handover of the script a person's form is about. */
  const writing = new Map<string, OfferHappening>();
  const raising = new Map<string, ConcernHappening>();

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
      case 'core/choose-provider': {
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
        const n = numberOfCase(ref?.caseId ?? '');
        const inputs = inputsFromContent(contentOf(n, 'same-day', [], dice.happens(0.25)), FIRST_TERMS.zone);
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
      case 'safeguarding/form': {
        const happening = raising.get(person);
        return happening && concernForm(view, happening, dice);
      }
      case 'escalations/prompt':
        return dice.happens(0.5) ? promptNext(view, dice) : undefined;
      default: {
        const known = { now: now(), someCase: () => someCase(dice) };
        return (
          promptForm(view, dice) ??
          actionNext(view, dice, known) ??
          unownedNext(view, dice) ??
          weeklyNext(view, dice) ??
          pairNext(view, dice) ??
          concernNext(view, dice)
        );
      }
    }
  }

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

  return {
    nextOf,
    writes: (person, happening) => void writing.set(person, happening),
    raises: (person, happening) => void raising.set(person, happening),
  };
}

/** What somebody at the receiver presses on the card of a handover; undefined: nothing. */
export function asReceiver(view: CardView, dice: Dice): string | undefined {
  const { may = {} } = view.data as { may?: { answer?: boolean; ask?: boolean; view?: boolean } };
  if (!may.answer) return may.view && dice.happens(0.1) ? 'handover.view' : undefined;
  if (dice.happens(0.2)) return 'handover.view';
  if (dice.happens(0.55)) return 'handover.accept';
  if (may.ask && dice.happens(0.35)) return 'handover.ask';
  return 'handover.reject';
}

/** The same at the sender. */
export function asSender(view: CardView, dice: Dice): string | undefined {
  const { may = {} } = view.data as { may?: { answer?: boolean; withdraw?: boolean; another?: boolean } };
  if (may.answer && dice.happens(0.7)) return 'handover.answer';
  if (may.another && dice.happens(0.7)) return 'handover.offer-another';
  if (may.withdraw && dice.happens(0.05)) return 'handover.withdraw';
  return dice.happens(0.05) ? 'handover.view' : undefined;
}

/** The `n`th handover, to whomever else. */
export function another(n: number, dice: Dice): OfferHappening {
  const to = dice.pick(FIRST_TERMS.providers).id;
  return { at: 0, kind: 'offer', n, by: 'person', from: '', to, urgency: 'same-day', omit: [] };
}
