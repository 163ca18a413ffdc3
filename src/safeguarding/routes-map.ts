import type { TypedRoute } from '../core/routes.ts';
import { mapCard } from './cards-map.ts';
import { type Concerns, notAgreed } from './commands.ts';

/** `/map`: whom to ring for what. It is no secret, and says nothing of any concern. */
export function mapRoutes(concerns: Pick<Concerns, 'inForce'>) {
  const typed: TypedRoute[] = [
    {
      command: '/map',
      usage: '',
      help: 'Safeguarding: whom to ring for what, when they answer, and the thresholds',
      async run({ pathwayId }) {
        const { terms } = await concerns.inForce(pathwayId);
        if (!terms.safeguarding) throw notAgreed();
        return { kind: 'card', view: mapCard(terms, terms.safeguarding) };
      },
    },
  ];
  return { verbs: [], typed };
}
