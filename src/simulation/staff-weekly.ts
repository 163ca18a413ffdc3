import type { CardView } from '../core/routes.ts';
import { SETTLINGS } from '../reconciliation/mismatch.ts';
import { MARK } from './people.ts';
import type { Dice } from './seeded.ts';
import type { Pressed } from './staff-prompts.ts';

interface Row {
  readonly verb: string;
  readonly ref: object;
}
interface Data {
  readonly ref: object;
  readonly may?: { readonly show?: boolean };
  readonly rows?: readonly Row[];
  readonly shows?: readonly Row[];
  readonly more?: readonly Row[];
}

/** What somebody presses next about mismatches with the lists, or about what a digest shows; undefined: they leave it. */
export function weeklyNext(view: CardView, dice: Dice): Pressed | undefined {
  const { ref, may, rows = [], shows = [], more = [] } = view.data as unknown as Data;
  switch (view.card) {
    case 'reconciliation/figures':
      return shows.length > 0 && dice.happens(0.8) ? ['mismatch.list', dice.pick(shows).ref] : undefined;
    case 'reconciliation/batch':
      return may?.show === true && dice.happens(0.9) ? ['mismatch.list', ref] : undefined;
    case 'reconciliation/list': {
      const [next] = more;
      if (next && dice.happens(0.2)) return ['mismatch.list', next.ref];
      return rows.length > 0 && dice.happens(0.9) ? ['mismatch.settle', dice.pick(rows).ref] : undefined;
    }
    case 'reconciliation/settle': {
      const words = dice.happens(0.92) ? `${MARK} was told` : ' ';
      return ['mismatch.settle.send', { ...ref, reason: dice.pick(Object.keys(SETTLINGS)), words }];
    }
    case 'digests/digest': {
      if (dice.happens(0.2)) return [dice.pick(['digest.more', 'digest.send']), ref];
      if (rows.length === 0 || dice.happens(0.4)) return undefined;
      const { verb, ref: row } = dice.pick(rows);
      return [verb, row];
    }
    default:
      return undefined;
  }
}

/** Settles some of the mismatches of a page, one after another, where there are more than one can settle singly. */
export const settlingFrom = (view: CardView, dice: Dice): readonly Pressed[] =>
  (view.data as unknown as Data).rows?.flatMap(({ ref }): Pressed[] =>
    dice.happens(0.7)
      ? [
          [
            'mismatch.settle.send',
            { ...ref, reason: dice.pick(Object.keys(SETTLINGS)), words: `${MARK} was told` },
          ],
        ]
      : [],
  ) ?? [];
