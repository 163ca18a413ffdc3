import type { Agreement } from './agreement.ts';
import { climbOf, type Party, type RungTerms, rungOf, type StepTerms } from './ladder.ts';
import { askedWords, partyWords, remindWords, spanWords, timesWords, timeWords } from './ladder-words.ts';
import { same } from './same.ts';

/** What changes on the ladder, as plain sentences, the rungs in the order of the file. */
export function ladderChanges(before: Agreement, after: Agreement): string[] {
  const [old, now] = [before.ladder, after.ladder];
  const stay = (terms: Agreement, other: Agreement): string[] =>
    climbOf(terms.ladder)
      .map(({ id }) => id)
      .filter((id) => climbOf(other.ladder).some((rung) => rung.id === id));
  return [
    ...now.rungs.flatMap((rung) => {
      const was = rungOf(old, rung.id);
      return was
        ? rungChanges(before, was, after, rung).map((change) => `On the rung ${called(rung)} ${change}.`)
        : [`The rung ${called(rung)} is added: ${askedWords(after, rung)}, with ${timeWords(rung.answer)}.`];
    }),
    ...old.rungs.filter(({ id }) => !rungOf(now, id)).map((rung) => `The rung ${called(rung)} is removed.`),
    ...(same(stay(before, after), stay(after, before))
      ? []
      : [`The rungs are climbed in another order: ${climbOf(now).map(called).join(', ')}.`]),
    ...(same(old.lastResort, now.lastResort)
      ? []
      : [
          `The last resort changes from ${old.lastResort.name} (${old.lastResort.phone}) to ${now.lastResort.name} (${now.lastResort.phone}).`,
        ]),
  ];
}

const called = ({ id, name }: RungTerms): string => `${name} (${id})`;

function rungChanges(before: Agreement, was: RungTerms, after: Agreement, now: RungTerms): string[] {
  const changes = (what: string, from: string, to: string): string[] =>
    from === to ? [] : [`${what} from ${from} to ${to}`];
  const again = ({ repeats }: RungTerms): string => (repeats === 0 ? 'never' : timesWords(repeats));
  return [
    ...changes('the name changes', was.name, now.name),
    ...changes('the kind changes', was.kind, now.kind),
    ...changes('those asked change', askedWords(before, was), askedWords(after, now)),
    ...changes('the time to answer changes', timeWords(was.answer), timeWords(now.answer)),
    ...changes('the reminders change', remindWords(was), remindWords(now)),
    ...changes('asking again changes', again(was), again(now)),
    ...(was.beside === now.beside
      ? []
      : [
          now.beside === undefined
            ? 'the place changes: it no longer runs beside another'
            : `the place changes: it runs beside ${now.beside}`,
        ]),
    ...(was.wake === now.wake ? [] : [now.wake ? 'people are woken now' : 'people are no longer woken']),
    ...changes('the time of "I’m on it" changes', spanWords(was.hold), spanWords(now.hold)),
    ...(was.says === now.says ? [] : [`the prompt now says: ${now.says.replace(/[.!?]$/, '')}`]),
  ];
}

const PARTS = ['responsible', 'consulted', 'informed'] as const;

/** Who does what from now on, as plain sentences. */
export function raciChanges(before: Agreement, after: Agreement): string[] {
  return [
    ...after.raci.flatMap((step) => {
      const was = before.raci.find((one) => one.step === step.step);
      if (was) return stepChanges(before, was, after, step);
      return [
        `The step ${stepCalled(step)} is added: ${partyWords(after, step.accountable)} is accountable.`,
      ];
    }),
    ...before.raci
      .filter((step) => !after.raci.some((one) => one.step === step.step))
      .map((step) => `The step ${stepCalled(step)} is removed.`),
  ];
}

const stepCalled = ({ step, name }: StepTerms): string => `${name} (${step})`;

function stepChanges(before: Agreement, was: StepTerms, after: Agreement, now: StepTerms): string[] {
  const step = `In the step ${stepCalled(now)}`;
  const has = (parties: readonly Party[], party: Party): boolean => parties.some((one) => same(one, party));
  return [
    ...(was.name === now.name ? [] : [`The step ${stepCalled(was)} is now called ${now.name}.`]),
    ...(same(was.accountable, now.accountable)
      ? []
      : [
          `${step} ${partyWords(after, now.accountable)} becomes accountable instead of ${partyWords(before, was.accountable)}.`,
        ]),
    ...PARTS.flatMap((part) => [
      ...now[part]
        .filter((party) => !has(was[part], party))
        .map((party) => `${step} ${partyWords(after, party)} becomes ${part}.`),
      ...was[part]
        .filter((party) => !has(now[part], party))
        .map((party) => `${step} ${partyWords(before, party)} is no longer ${part}.`),
    ]),
  ];
}
