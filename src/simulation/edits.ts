import type { Agreement } from '../agreement/agreement.ts';
import type { DatasetField } from '../agreement/dataset.ts';
import { pagingUrl } from './pagers.ts';
import { day, FIRST_TERMS, office } from './pathway.ts';
import type { Dice } from './seeded.ts';

/** How an agreement is edited while the world runs, by name. */
export const EDITS: Readonly<Record<string, (terms: Agreement, dice: Dice) => Agreement>> = {
  leaver: (terms, dice) => {
    // Somebody of each kind stays, or nobody could answer and the agreement would not hold together.
    const key = dice.pick([
      'ben',
      'eve',
      'finn',
      'hana',
      'ian',
      'kim',
      'mia',
      'ned',
      'oli',
      'quin',
      'sam',
      'tess',
      'xan',
    ]);
    return { ...terms, people: terms.people.filter((person) => person.key !== key) };
  },
  returner: (terms, dice) => {
    const away = FIRST_TERMS.people.filter(({ key }) => !terms.people.some((person) => person.key === key));
    return away.length === 0 ? terms : { ...terms, people: [...terms.people, dice.pick(away)] };
  },
  windows: (terms, dice) => ({
    ...terms,
    urgencies: terms.urgencies.map((urgency) =>
      urgency.id === 'same-day'
        ? { ...urgency, answer: { ...urgency.answer, within: dice.pick(['30m', '1h', '2h']) } }
        : urgency,
    ),
  }),
  dataset: (terms, dice) => ({
    ...terms,
    dataset: dice.happens(0.5)
      ? FIRST_TERMS.dataset
      : [...FIRST_TERMS.dataset, dice.pick<DatasetField>(['allergies', 'person.language', 'author.role'])],
  }),
  reasons: (terms, dice) => ({
    ...terms,
    rejection: dice.happens(0.5)
      ? FIRST_TERMS.rejection
      : [
          ...FIRST_TERMS.rejection,
          { code: 'out-of-area', text: 'Out of area', closes: false, firstRung: 'operational' as const },
        ],
  }),
  ladder: (terms, dice) => ({
    ...terms,
    ladder: {
      ...terms.ladder,
      rungs: FIRST_TERMS.ladder.rungs
        .filter(({ id }) => id !== 'clinician' || dice.happens(0.7))
        .map((rung) =>
          rung.id === 'contract'
            ? rung
            : {
                ...rung,
                answer: { within: dice.pick(['20m', '40m', '1h', '2h']), clock: 'elapsed' as const },
                remind: dice.pick([[], ['10m'], ['15m', '5m']]),
                repeats: dice.pick([0, 0, 1, 2]),
                hold: dice.pick(['15m', '30m', '3h']),
              },
        ),
    },
  }),
  hours: (terms, dice) => ({
    ...terms,
    providers: terms.providers.map((provider) =>
      provider.id === 'rapid'
        ? { ...provider, hours: { ...provider.hours, sun: dice.happens(0.5) ? office : day } }
        : provider,
    ),
  }),
  paging: (terms, dice) =>
    withPaging(
      terms,
      dice.happens(0.6)
        ? FIRST_TERMS.providers.flatMap(({ id, paging }) => (paging ? [id] : []))
        : terms.providers.flatMap(({ id }) => (dice.happens(0.6) ? [id] : [])),
    ),
};

/** The agreement with paging services at these providers, and no others. */
export function withPaging(terms: Agreement, at: readonly string[]): Agreement {
  const providers = terms.providers.map(({ paging: _, ...provider }) =>
    at.includes(provider.id) ? { ...provider, paging: { url: pagingUrl(provider.id) } } : provider,
  );
  return { ...terms, providers };
}

/** The agreement without the paging service of this provider. */
export const withoutPaging = (terms: Agreement, provider: string): Agreement =>
  withPaging(
    terms,
    terms.providers.flatMap(({ id, paging }) => (paging && id !== provider ? [id] : [])),
  );
