import type { CardView } from '../core/routes.ts';
import type { Happening } from './happening.ts';
import { ANSWERING, FIRST_TERMS } from './pathway.ts';
import { MARK } from './people.ts';
import type { Dice } from './seeded.ts';
import type { Pressed } from './staff-prompts.ts';

export type ConcernHappening = Extract<Happening, { kind: 'concern' }>;

/** The words by which a concern is known again. */
export const factsOf = (n: number): string => `${MARK} concern number ${n}.`;
export const numberOfFacts = (facts: string): number => Number(/number (\d+)[.]/.exec(facts)?.[1] ?? 0);

/** Their first name, as people type it. */
const typedName = (key: string): string =>
  (FIRST_TERMS.people.find((one) => one.key === key)?.name ?? '').split(' ')[0] ?? '';

/** What somebody who raises a concern fills in on this step, and presses; undefined: they leave it. */
export function concernForm(view: CardView, happening: ConcernHappening, dice: Dice): Pressed | undefined {
  const { ref, may } = view.data as {
    ref: { step: string; draft: string };
    may: { send: boolean; anew: boolean };
  };
  // A form that was left before is begun again: what it was about is forgotten.
  if (may.anew) return ['concern.form.open', { anew: true }];
  if (dice.happens(0.03)) return undefined;
  const { n, urgent, about, who } = happening;
  switch (ref.step) {
    case 'danger':
      return [
        'concern.form.next',
        {
          ...ref,
          danger: urgent ? 'yes' : 'no',
          age: dice.pick(['adult', 'child', 'unknown']),
          categories: 'neglect',
        },
      ];
    case 'facts':
      return ['concern.form.next', { ...ref, facts: factsOf(n), when: 'Today' }];
    default: {
      const staff = about === 'nobody' ? 'no' : about === 'unknown' ? 'unknown' : 'yes';
      const named =
        about === 'picked' ? { staffPerson: who } : about === 'typed' ? { staffTyped: typedName(who) } : {};
      const consent = dice.happens(0.9) ? 'given' : 'without';
      const inputs = { surname: `${MARK} Person`, consent, staff, ...named };
      // Without consent and without why: it comes again.
      const why = consent === 'without' && dice.happens(0.7) ? { withoutConsent: 'crime' } : {};
      return ['concern.form.send', { ...ref, ...inputs, ...why }];
    }
  }
}

interface Row {
  readonly buttons: readonly { readonly verb: string; readonly data: object }[];
}

/** What is there all the time is left that often: each press has everybody look again. */
const SELDOM: Readonly<Record<string, number>> = {
  'concern.add': 0.8,
  'concern.decide': 0.3,
  'concern.reopen': 0.8,
};

/** What somebody presses next on a card about a concern; undefined: they leave it. */
export function concernNext(view: CardView, dice: Dice): Pressed | undefined {
  const { rows = [], first = [] } = view.data as { rows?: readonly Row[]; first?: readonly Row[] };
  const press = (verb: string): Pressed | undefined => {
    const button = [...first, ...rows].flatMap(({ buttons }) => buttons).find((one) => one.verb === verb);
    return button && [verb, button.data];
  };
  switch (view.card) {
    case 'safeguarding/notice':
      if (dice.happens(0.1)) return press('concern.add');
      return dice.happens(0.9) ? press('concern.view') : undefined;
    case 'safeguarding/opened': {
      const acknowledge = press('concern.acknowledge');
      const about = press('concern.about');
      if (about && dice.happens(0.6)) return about;
      if (acknowledge) return dice.happens(0.75) ? acknowledge : undefined;
      const verbs = ['concern.add', 'concern.decide', 'concern.answered', 'concern.close', 'concern.reopen'];
      const can = verbs.filter((verb) => press(verb) !== undefined && !dice.happens(SELDOM[verb] ?? 0));
      return can.length === 0 || dice.happens(0.4) ? undefined : press(dice.pick(can));
    }
    case 'safeguarding/ask':
      return asked(view, dice);
    case 'safeguarding/list': {
      const { rows: listed } = view.data as { rows: readonly { ref: object }[] };
      return listed.length === 0 ? undefined : ['concern.view', dice.pick(listed).ref];
    }
    default:
      return undefined;
  }
}

interface Field {
  readonly id: string;
  readonly choices: readonly { readonly value: string }[];
}

/** What somebody fills in on a form about a concern, and sends. */
function asked(view: CardView, dice: Dice): Pressed | undefined {
  const { verb, ref, fields } = view.data as { verb: string; ref: object; fields: readonly Field[] };
  switch (verb) {
    case 'concern.about.send': {
      const answers = fields.flatMap(({ id, choices }) => {
        // Those who are likely by their name stand first.
        const some = dice.happens(0.7) ? choices.slice(0, 3) : choices;
        if (id === 'staff' || some.length === 0) return [];
        // Often about one of those who were told of it.
        return [[id, id === 'people' && dice.happens(0.5) ? dice.pick(ANSWERING) : dice.pick(some).value]];
      });
      return [verb, { ...ref, staff: dice.happens(0.8) ? 'yes' : 'no', ...Object.fromEntries(answers) }];
    }
    case 'concern.add.send': {
      const facts = dice.happens(0.9) ? `${MARK} more ${dice.between(1, 1_000_000_000)}` : '';
      return [verb, { ...ref, facts, danger: dice.pick(['yes', 'no', 'unknown', '']) }];
    }
    case 'concern.decide.send': {
      const told = dice.happens(0.5);
      const authority = told
        ? { authority: 'yes', authorityDay: '2026-01-05', basis: 'public-task' }
        : { authority: 'no' };
      return [
        verb,
        {
          ...ref,
          police: 'no',
          policeWhy: `${MARK} no crime`,
          ...authority,
          authorityWhy: `${MARK} why`,
          met: 'partly',
          risk: dice.pick(['removed', 'reduced', 'remaining']),
          employer: `${MARK} told`,
          rationale: dice.happens(0.9) ? `${MARK} rationale ${dice.between(1, 1_000_000_000)}` : '',
        },
      ];
    }
    case 'concern.answered.send':
      return [verb, { ...ref, answer: 'enquiry', answeredDay: '2026-01-06' }];
    case 'concern.close.send':
      return [verb, { ...ref, reason: 'protected' }];
    case 'concern.reopen.send':
      return [verb, { ...ref, reopening: dice.happens(0.8) ? `${MARK} more came` : ' ' }];
    default:
      return undefined;
  }
}
