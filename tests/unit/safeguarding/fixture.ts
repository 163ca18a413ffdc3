import type { Ground } from '../../../src/safeguarding/ask.ts';
import type { Concern, Named } from '../../../src/safeguarding/concern.ts';
import { raise } from '../../../src/safeguarding/rules.ts';
import { Told } from '../../../src/safeguarding/told.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';

/** A Tuesday in November, 16:42 in London. */
export const NOW = '2026-11-24T16:42:00.000Z';

/** What a charity worker tells with no more than what is asked for. */
export const told: Told = Told.parse({
  person: { given: 'Margaret', surname: 'Example' },
  age: 'adult',
  categories: ['financial'],
  facts: 'Her card was with the neighbour. She said: "He keeps it for me."',
  when: 'This morning',
  danger: 'no',
  consent: 'given',
  staff: 'no',
});

export const ground = (now = NOW): Ground => ({ today: terms, now, onDuty: () => [] });

/** A concern that Wim of the charity raised, as it stands right after. */
export const raised = (
  given: { readonly told?: Partial<Told>; readonly named?: readonly Named[]; readonly caseId?: string } = {},
  now = NOW,
): Concern =>
  raise(
    '7K2-M4Z',
    {
      told: { ...told, ...given.told },
      named: given.named ?? [],
      caseId: given.caseId,
      position: { provider: 'charity', role: 'worker' },
    },
    actor('wim'),
    inForce,
    ground(now),
  ).concern;
