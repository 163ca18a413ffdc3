import type { z } from 'zod/v4';
import type { Agreement } from '../../src/agreement/agreement.ts';

export const PATHWAY = 'torture';

/** Why handovers are rejected here; both tell the sender and nobody else. */
export const REASONS = ['no-capacity', 'duplicate'] as const;

export type Terms = z.input<typeof Agreement>;

const two = (n: number): string => String(n).padStart(2, '0');
const guid = (group: number, n: number): string =>
  `00000000-0000-0000-${String(group).padStart(4, '0')}-${String(n).padStart(12, '0')}`;

/**
 * An agreement with so many providers that Teams' limits for one conversation and one tenant leave room: a
 * channel and two people each, two providers a tenant. One person has a position at the next provider too.
 */
export function manyProviders(count: number): Terms {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const idOf = (n: number): string => `p${two(n)}`;
  const tenantOf = (n: number): string => guid(1, Math.ceil(n / 2));
  return {
    pathway: PATHWAY,
    name: 'Torture',
    providers: numbers.map((n) => ({
      id: idOf(n),
      name: `Provider ${two(n)}`,
      kind: n === 1 ? 'prime' : 'subcontractor',
      phone: `0300 123 45${two(n)}`,
      holdsAs: 'coordinator',
    })),
    roles: [
      { id: 'coordinator', name: 'Coordinator', can: ['offer', 'answer', 'coordinate'] },
      { id: 'clinical-lead', name: 'Clinical lead', can: ['offer', 'answer', 'clinical-lead'] },
    ],
    people: numbers.flatMap((n) => [
      {
        key: `first-${two(n)}`,
        name: `First Of${two(n)}`,
        accounts: [{ tenant: tenantOf(n), objectId: guid(2, n) }],
        positions: [
          { provider: idOf(n), role: 'coordinator' },
          ...(n % 2 === 1 && n < count ? [{ provider: idOf(n + 1), role: 'coordinator' }] : []),
        ],
      },
      {
        key: `second-${two(n)}`,
        name: `Second Of${two(n)}`,
        accounts: [{ tenant: tenantOf(n), objectId: guid(3, n) }],
        positions: [{ provider: idOf(n), role: n === 1 ? 'clinical-lead' : 'coordinator' }],
      },
    ]),
    channels: numbers.map((n) => ({
      provider: idOf(n),
      tenant: tenantOf(n),
      conversation: `19:${idOf(n)}@thread.tacv2`,
    })),
    dataset: ['person.surname', 'ask.what'],
    urgencies: [
      {
        id: 'routine',
        name: 'Routine',
        need: '5d',
        answer: { within: '1d', clock: 'elapsed' },
        accept: ['coordinator', 'clinical-lead'],
      },
    ],
    rejection: [
      { code: 'no-capacity', text: 'No capacity', closes: false, firstRung: 'operational' },
      { code: 'duplicate', text: 'Duplicate of another referral', closes: true, firstRung: 'operational' },
    ],
    acceptWithGap: [{ code: 'known-to-us', text: 'The person is known to us' }],
    ladder: {
      lastResort: { name: 'Director on call', phone: '0300 123 4599' },
      rungs: [
        {
          id: 'operational',
          name: 'Operational',
          kind: 'operational',
          ask: { of: 'receiver', roles: ['coordinator', 'clinical-lead'] },
          answer: { within: '4h', clock: 'elapsed' },
          says: 'Accept or reject this handover.',
        },
      ],
    },
  };
}
