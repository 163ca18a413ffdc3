import type { CardView } from '../core/routes.ts';
import { MARK } from './people.ts';
import type { Dice } from './seeded.ts';
import type { Pressed } from './staff-prompts.ts';

interface Data {
  readonly ref: object;
  readonly asks?: boolean;
  readonly may?: {
    readonly same?: boolean;
    readonly apart?: boolean;
    readonly agree?: boolean;
    readonly undo?: boolean;
    readonly more?: boolean;
  };
  readonly rows?: readonly { readonly ref: object }[];
  readonly more?: object;
  readonly choices?: readonly { readonly value: string }[];
}

/** What somebody presses next about two cases that may be one person; undefined: they leave it. */
export function pairNext(view: CardView, dice: Dice): Pressed | undefined {
  const { ref, asks, may = {}, rows = [], more, choices = [] } = view.data as unknown as Data;
  const words = (text: string): string => (dice.happens(0.9) ? `${MARK} ${text}` : ' ');
  switch (view.card) {
    case 'duplicates/list':
      if (may.more && more && dice.happens(0.3)) return ['duplicate.page', more];
      return rows.length > 0 ? ['duplicate.view', dice.pick(rows).ref] : undefined;
    case 'duplicates/pair': {
      if (may.agree) return [dice.happens(0.7) ? 'duplicate.agree' : 'duplicate.disagree', ref];
      if (may.undo) return dice.happens(0.6) ? ['duplicate.undo', ref] : undefined;
      if (!may.same) return undefined;
      return [dice.happens(0.7) ? 'duplicate.same' : 'duplicate.apart', ref];
    }
    case 'duplicates/same':
      return ['duplicate.same.send', { ...ref, how: dice.happens(0.95) ? dice.pick(choices).value : '' }];
    case 'duplicates/apart':
      return ['duplicate.apart.send', { ...ref, reason: words('twins') }];
    case 'duplicates/ask':
      if (!asks) return dice.happens(0.2) ? ['duplicate.view', ref] : undefined;
      return [dice.pick(['duplicate.agree', 'duplicate.agree', 'duplicate.disagree', 'duplicate.view']), ref];
    case 'duplicates/disagree':
      return ['duplicate.disagree.send', { ...ref, reason: words('another ward') }];
    default:
      return undefined;
  }
}
