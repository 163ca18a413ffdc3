import type { Agreement } from '../agreement/agreement.ts';
import type { Verdict } from '../core/change.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { type Ground, timerOf } from './ask.ts';
import type { Concern, Named } from './concern.ts';
import { answering, changed, type Facts, happened, personOf, positionOf } from './facts.ts';
import type { Inputs } from './form.ts';
import type { YesNo } from './told.ts';
import { turn } from './turned.ts';

/** In a choice of people: none of them. */
export const NOBODY = '-nobody';

/** Names the input that says who a typed name is, by its place among the named. */
export const matchInput = (at: number): string => `match${at}`;

/** The typed names of a concern, with their inputs. */
export const typedOf = ({
  named,
}: Pick<Concern, 'named'>): readonly {
  readonly input: string;
  readonly typed: string;
  readonly matched?: readonly string[];
}[] => named.flatMap((one, at) => ('typed' in one ? [{ input: matchInput(at), ...one }] : []));

const picked = (text: string | undefined): string[] => (text ?? '').split(',').filter((one) => one !== '');

/** What the form "Who is it about?" says: keys of people, several at will. */
export interface Whom {
  readonly staff: Extract<YesNo, 'yes' | 'no'>;
  readonly named: readonly Named[];
}

/** What is wrong with the answers about whom it is, as instructions; each names its input. */
export function namedProblems(inputs: Inputs, concern: Pick<Concern, 'named'>, terms: Agreement): Problem[] {
  const { staff } = inputs;
  if (staff !== 'yes' && staff !== 'no')
    return [
      {
        field: 'staff',
        message: 'Say yes or no: is it about somebody who works or volunteers for a partner?',
      },
    ];
  const isKnown = (key: string): boolean => terms.people.some((one) => one.key === key);
  const typed = typedOf(concern);
  const unknown: Problem[] = ['people', ...typed.map(({ input }) => input)].flatMap((field) =>
    picked(inputs[field]).every((key) => isKnown(key) || (key === NOBODY && field !== 'people'))
      ? []
      : [{ field, message: 'Choose people from the list.' }],
  );
  if (unknown.length > 0 || staff === 'no') return unknown;
  const problems = typed.flatMap(({ input, typed: name }): Problem[] => {
    const chosen = picked(inputs[input]);
    if (chosen.length === 0)
      return [{ field: input, message: `Choose who “${name}” is, or “Nobody of this pathway”.` }];
    return chosen.includes(NOBODY) && chosen.length > 1
      ? [{ field: input, message: `Choose either people for “${name}” or “Nobody of this pathway”.` }]
      : [];
  });
  return typed.length === 0 && picked(inputs.people).length === 0
    ? [...problems, { field: 'people', message: 'Choose who it is about; one or more.' }]
    : problems;
}

/** Whom it is about, as the form says. Errors: `Invalid` with a problem for each input. */
export function readWhom(inputs: Inputs, concern: Pick<Concern, 'named'>, terms: Agreement): Whom {
  const problems = namedProblems(inputs, concern, terms);
  if (problems.length > 0) throw new Invalid('Not recorded yet.', problems);
  if (inputs.staff === 'no') return { staff: 'no', named: [] };
  const people = [...new Set(picked(inputs.people))].map((person) => ({ person }));
  const typed = typedOf(concern).map(({ input, typed: name }) => ({
    typed: name,
    matched: [...new Set(picked(inputs[input]).filter((key) => key !== NOBODY))],
  }));
  return { staff: 'yes', named: [...people, ...typed] };
}

const same = (one: Whom, other: Pick<Concern, 'staff' | 'named'>): boolean =>
  JSON.stringify([one.staff, one.named]) === JSON.stringify([other.staff, other.named]);

/**
 * Somebody who answers for it says whom it is about; what was there before is kept. Whoever may not know of it then is
 * out in the same commit, and where nobody is left who was asked, the next are. Errors: `Invalid`, `Refused`.
 */
export function sayWhom(facts: Facts, inputs: Inputs, ground: Ground): Verdict {
  answering(facts);
  const { concern, actor, today, now } = facts;
  const whom = readWhom(inputs, concern, today);
  if (same(whom, concern)) return { kind: 'done' };
  const { staff, named } = concern;
  const about = concern.about ?? [];
  const by = personOf(actor, positionOf(actor, today));
  const entry = { n: about.length + 1, by, at: now, before: { staff, named } };
  const followed = turn(
    concern,
    { ...concern, ...whom, about: [...about, entry] },
    { ...ground, today, now },
  );
  const said = happened(facts, 'concern.about', { n: entry.n, staff: whom.staff, people: whom.named.length });
  const change = changed(followed.concern, [said, ...followed.events], {
    notices: followed.notices,
    timers: [timerOf(followed.concern, today)],
  });
  return { kind: 'change', change };
}
