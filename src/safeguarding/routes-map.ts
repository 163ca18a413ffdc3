import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import type { Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { mapCard } from './cards-map.ts';
import type { Verb } from './cards-verbs.ts';
import type { Concerns } from './commands.ts';

const Page = z.object({ page: z.coerce.number().int().min(1).max(100).catch(1) }).loose();

const noMap = (): Refused =>
  new Refused(
    'no-map',
    'No safeguarding map is agreed for this pathway yet. Ring your safeguarding lead; if somebody is in danger now, ring 999.',
  );

/** `/map`: whom to ring for what. It is no secret, and says nothing of any concern. */
export function mapRoutes(concerns: Pick<Concerns, 'inForce'>) {
  async function show(pathwayId: string, page = 1): Promise<Reply> {
    const { terms } = await concerns.inForce(pathwayId);
    if (!terms.safeguarding) throw noMap();
    return { kind: 'card', view: mapCard(terms, terms.safeguarding, page) };
  }

  const verbs: VerbRoute[] = [
    {
      verb: 'concern.map' satisfies Verb,
      input: Page,
      run: ({ pathwayId }, input) => show(pathwayId, (input as z.infer<typeof Page>).page),
    },
  ];
  const typed: TypedRoute[] = [
    {
      command: '/map',
      usage: '',
      help: 'Safeguarding: whom to ring for what, when they answer, and the thresholds',
      run: ({ pathwayId }) => show(pathwayId),
    },
  ];
  return { verbs, typed };
}
