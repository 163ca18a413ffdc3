import { Refused } from '../core/errors.ts';
import type { Asking, Reply, TypedRoute } from '../core/routes.ts';
import type { Agreement } from './agreement.ts';
import { ladderCard, raciCard, stepCard } from './cards-ladder.ts';
import { type Agreements, inForceOf } from './current.ts';
import type { OnDuty } from './deciding.ts';

export interface LadderRouteDeps {
  readonly agreements: Pick<Agreements, 'inForce'>;
  /** Who is on duty on the pathway at this moment. */
  readonly onDuty: (pathwayId: string) => Promise<OnDuty>;
}

/** `/ladder` and `/raci`: who is asked when nobody answers, and who does what. */
export function ladderRoutes({ agreements, onDuty }: LadderRouteDeps): TypedRoute[] {
  const termsOf = async (pathwayId: string): Promise<Agreement> =>
    (await inForceOf(agreements)(pathwayId)).terms;

  async function raci({ pathwayId }: Asking, args: string): Promise<Reply> {
    const terms = await termsOf(pathwayId);
    if (terms.raci.length === 0) {
      throw new Refused('no-steps', 'The partners have not agreed yet who does what. Ask your coordinator.');
    }
    const wanted = args.trim().toLowerCase();
    if (wanted === '') return { kind: 'card', view: raciCard(terms, await onDuty(pathwayId)) };
    const step = terms.raci.find(({ step: id, name }) => id === wanted || name.toLowerCase() === wanted);
    if (!step) {
      const known = terms.raci.map(({ step: id }) => id).join(', ');
      throw new Refused('unknown-step', `Type /raci for all steps, or /raci and one of: ${known}.`);
    }
    return { kind: 'card', view: stepCard(terms, step, await onDuty(pathwayId)) };
  }

  return [
    {
      command: '/ladder',
      usage: '',
      help: 'Who is asked when nobody answers, and how long each has',
      run: async ({ pathwayId }) => ({ kind: 'card', view: ladderCard(await termsOf(pathwayId)) }),
    },
    {
      command: '/raci',
      usage: '[STEP]',
      help: 'Who does what at a step, and who is on duty for it',
      run: raci,
    },
  ];
}
