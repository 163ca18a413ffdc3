import { TrainingTerms } from '../../../src/agreement/training.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { trainingCard } from '../../../src/training/cards.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';

const roles = terms.roles.map(({ id }) => id);
const asked = {
  ...terms,
  training: TrainingTerms.parse({
    courses: [
      { id: 'adults', name: 'Safeguarding adults, level 2', roles },
      { id: 'life', name: 'Basic life support', roles },
    ],
  }),
};
const who = (key: string): PersonActor => {
  const found = asked.people.find((one) => one.key === key);
  if (!found) throw new Error(`nobody is ${key}`);
  return { kind: 'person', person: key, name: found.name, positions: found.positions };
};
const dates = [
  { person: 'alex', course: 'adults', done: '2025-05-04', expires: '2028-05-04' },
  { person: 'alex', course: 'life', done: '2025-12-10', expires: '2026-12-10' },
  { person: 'sam', course: 'adults', done: '2023-10-20', expires: '2026-10-20' },
];

/** Every sample of the training card, by its name. */
export const TRAINING_SAMPLES: Readonly<Record<string, CardView>> = {
  'training/training': trainingCard({ dates, terms: asked, now: NOW }, who('alex')),
  'training/training.own': trainingCard({ dates, terms: asked, now: NOW }, who('sam')),
  'training/training.none': trainingCard({ dates: [], terms, now: NOW }, who('sam')),
  'training/training.more': trainingCard(
    {
      dates,
      terms: {
        ...asked,
        people: [
          ...asked.people,
          ...Array.from({ length: 7 }, (_, n) => ({
            key: `jo-${n}`,
            name: `Jo Test ${n + 1}`,
            accounts: [{ tenant: 't', objectId: `jo-${n}` }],
            positions: [{ provider: 'northside', role: 'coordinator' }],
          })),
        ],
      },
      now: NOW,
    },
    who('alex'),
  ),
};
