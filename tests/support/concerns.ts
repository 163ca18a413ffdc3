import type { PersonActor } from '../../src/core/actors.ts';
import { systemChance } from '../../src/core/chance.ts';
import type { Named } from '../../src/safeguarding/concern.ts';
import { Told } from '../../src/safeguarding/told.ts';
import { wire } from '../../src/wire.ts';
import type { World } from './world.ts';

const PATHWAY = 'riverside';
const position = { provider: 'kindly', role: 'visits-coordinator' };
/** Whoever raises the concerns: a charity's worker. */
const PATTI: PersonActor = {
  kind: 'person',
  person: 'patti',
  name: 'Patti Fernandez',
  positions: [position],
};
const TOLD = Told.parse({
  person: { given: 'Margaret', surname: 'Example', nhsNumber: '9990000018' },
  age: 'adult',
  categories: ['financial'],
  facts: 'Her card was with the neighbour.',
  when: 'This morning',
  danger: 'no',
  consent: 'given',
  staff: 'no',
});

export interface Raised {
  readonly told?: Partial<Told>;
  readonly named?: readonly Named[];
  readonly caseId?: string;
}

/** Raises a concern in Patti's name, without the form; the timers and the sender of the running Baton do the rest. */
export function raisingIn({ store, clock }: World): (more?: Raised) => Promise<string> {
  const { concerns } = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  return async ({ told = {}, named = [], caseId } = {}) => {
    const concernId = concerns.newId();
    await concerns.raise({ pathwayId: PATHWAY, concernId }, PATTI, {
      told: { ...TOLD, ...told },
      named,
      caseId,
      position,
    });
    return concernId;
  };
}
