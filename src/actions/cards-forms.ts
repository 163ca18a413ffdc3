import { type Agreement, partnerName, roleOf } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import { type Action, actionLabel, ORIGINS } from './action.ts';
import { refOf } from './cards.ts';
import { type Inputs, ownerValue } from './wanted.ts';
import { ORIGIN_WORDS, ownerText, standingText } from './words.ts';

/** What a form is shown with the second time: what was typed, and what is wrong with it. */
export interface Again {
  readonly typed?: Inputs;
  readonly problems?: readonly Problem[];
}

/** Choices of more bytes than this do not fit a card beside what is typed: Teams takes 28 KB in all. */
const CHOICES_BYTES = 16_000;

/**
 * Whom an action can be given to: each provider, each role that somebody has there, each person; those of the
 * providers `near` first, since not all fit where a pathway has very many people.
 */
export function ownerChoices(
  terms: Agreement,
  near: readonly string[],
): readonly { readonly title: string; readonly value: string }[] {
  const providers = terms.providers.map(({ id }) => id);
  const ordered = [
    ...providers.filter((id) => near.includes(id)),
    ...providers.filter((id) => !near.includes(id)),
  ];
  const at = (provider: string) =>
    terms.people.flatMap(({ key, name, positions }) =>
      positions.filter((one) => one.provider === provider).map(({ role }) => ({ key, name, role })),
    );
  const whole = ordered.map((provider) => ({
    title: `${partnerName(terms, provider)} (as a whole)`,
    value: ownerValue({ provider }),
  }));
  const people = ordered.flatMap((provider) =>
    [...new Map(at(provider).map((one) => [one.key, one])).values()].map(({ key, name }) => ({
      title: `${name}, ${partnerName(terms, provider)}`,
      value: ownerValue({ provider, person: key }),
    })),
  );
  const roles = ordered.flatMap((provider) =>
    [...new Set(at(provider).map(({ role }) => role))].map((role) => ({
      title: `${roleOf(terms, role)?.name ?? role}, ${partnerName(terms, provider)}`,
      value: ownerValue({ provider, role }),
    })),
  );
  let bytes = 0;
  return [...whole, ...roles, ...people].filter((choice) => {
    bytes += Buffer.byteLength(JSON.stringify(choice));
    return bytes <= CHOICES_BYTES;
  });
}

const originChoices = ORIGINS.map((value) => {
  const words = ORIGIN_WORDS[value];
  return { value, title: `${words.charAt(0).toUpperCase()}${words.slice(1)}` };
});

const problemsOf = ({ problems = [] }: Again) => ({
  wrong: problems.length > 0,
  problems: problems.map(({ message }) => ({ text: message })),
});

/**
 * A new action: what, whose, by when, out of what. Nothing is preselected, what is typed is kept. In person
 * only. `positions`: those in which the person may set it; `actionId` makes a form that is sent twice one action.
 */
export function setForm(
  actionId: string,
  positions: readonly Position[],
  terms: Agreement,
  { typed = {}, ...again }: Again = {},
): CardView {
  const providers = [...new Set(positions.map(({ provider }) => provider))];
  const [only] = providers;
  const several = providers.length > 1;
  return {
    card: 'actions/set',
    data: {
      several,
      providers: providers.map((value) => ({ value, title: partnerName(terms, value) })),
      by: typed.by ?? '',
      what: typed.what ?? '',
      owners: ownerChoices(terms, providers),
      owner: typed.owner ?? '',
      due: typed.due ?? '',
      origins: originChoices,
      from: typed.from ?? '',
      caseId: typed.caseId ?? '',
      ...problemsOf(again),
      ref: {
        pathway: terms.pathway,
        action: actionId,
        ...(only !== undefined && !several && { by: only, fixed: true }),
      },
    },
    summary: 'A new action: what is to be done, whose it is, and by when.',
  };
}

/** The forms about an action that stands, with the one text that each needs. */
export const FORMS = {
  done: { input: 'proof', summary: 'say what shows that it is done' },
  cancel: { input: 'reason', summary: 'say why it is not needed any more' },
  move: { input: 'reason', summary: 'choose another owner or another day, and say why' },
} as const;
export type ActionForm = keyof typeof FORMS;

/** A form about an action. It names the action and its owner; what is to be done stands on the action's own card. */
export function actionForm(
  form: ActionForm,
  action: Action,
  terms: Agreement,
  now: Instant,
  { typed = {}, ...again }: Again = {},
): CardView {
  const { input, summary } = FORMS[form];
  return {
    card: `actions/${form}`,
    data: {
      label: actionLabel(action.actionId),
      owner: ownerText(action.owner, terms),
      standing: `${standingText(action, terms, now)}.`,
      [input]: typed[input] ?? '',
      ...(form === 'move' && {
        owners: ownerChoices(terms, [action.owner.provider]),
        newOwner: typed.owner ?? '',
        due: typed.due ?? '',
      }),
      ...problemsOf(again),
      ref: refOf(action, terms),
    },
    summary: `${actionLabel(action.actionId)}: ${summary}.`,
  };
}
