import type { CardView } from '../core/routes.ts';
import { type PromptRef, promptIn } from './card-ref.ts';
import { MARK } from './people.ts';
import type { Dice } from './seeded.ts';

/** What somebody presses next: which button, with what it carries and what they typed. */
export type Pressed = readonly [verb: string, data: object];

interface PromptData {
  readonly may: { readonly acknowledge: boolean; readonly stepUp: boolean; readonly resolve: boolean };
  readonly rows: readonly { readonly buttons: readonly { readonly verb: string; readonly data: object }[] }[];
}

const ANSWERS = [
  'handover.accept',
  'handover.reject',
  'handover.ask',
  'handover.answer',
  'handover.offer-another',
  'action.done',
  'action.move',
  'case.take',
  'unowned.list',
  'mismatch.list',
];

/** What somebody who was asked does about a prompt; undefined: they leave it. */
export function promptNext(view: CardView, dice: Dice): Pressed | undefined {
  const ref = promptIn(view);
  if (!ref) return undefined;
  const { may, rows } = view.data as unknown as PromptData;
  if (may.acknowledge && dice.happens(0.35)) return ['escalation.acknowledge', ref];
  if (may.stepUp && dice.happens(0.12)) return ['escalation.step-up', ref];
  if (may.resolve && dice.happens(0.25)) return ['escalation.resolve', ref];
  if (dice.happens(0.05)) return ['escalation.view', ref];
  const answers = rows.flatMap(({ buttons }) => buttons).filter(({ verb }) => ANSWERS.includes(verb));
  if (answers.length === 0) return undefined;
  const button = dice.pick(answers);
  return [button.verb, button.data];
}

/** The form of a press that asks for words. */
export function promptForm(view: CardView, dice: Dice): Pressed | undefined {
  const { ref } = view.data as unknown as { readonly ref: PromptRef };
  const words = (text: string): string => (dice.happens(0.9) ? `${MARK} ${text}` : ' ');
  switch (view.card) {
    case 'escalations/step-up':
      return ['escalation.step-up.send', { ...ref, reason: words('gets worse') }];
    case 'escalations/resolve':
      return ['escalation.resolve.send', { ...ref, decision: words('stays at home') }];
    default:
      return undefined;
  }
}
