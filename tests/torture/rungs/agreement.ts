import type { Terms } from '../agreement.ts';

export const PATHWAY = 'rungs';

const two = (n: number): string => String(n).padStart(2, '0');
const guid = (group: number, n: number): string =>
  `00000000-0000-0000-${String(group).padStart(4, '0')}-${String(n).padStart(12, '0')}`;

/** The prime, and so many others; the last of them has nobody on duty, the one before only one. */
const PROVIDERS = 8;
const idOf = (n: number): string => `p${two(n)}`;

export const PRIME = idOf(1);
/** Nobody is on duty here: its first rung is skipped. */
export const EMPTY = idOf(PROVIDERS);
const ALONE = idOf(PROVIDERS - 1);

/** A ladder whose rungs last as short as an agreement can say: one to three minutes. */
export function shortRungs(): Terms {
  const numbers = Array.from({ length: PROVIDERS }, (_, at) => at + 1);
  return {
    pathway: PATHWAY,
    name: 'Rungs',
    zone: 'Europe/London',
    providers: numbers.map((n) => ({
      id: idOf(n),
      name: `Provider ${two(n)}`,
      kind: n === 1 ? 'prime' : 'subcontractor',
      phone: `0300 123 45${two(n)}`,
      holdsAs: 'coordinator',
    })),
    roles: [
      { id: 'coordinator', name: 'Coordinator', can: ['offer', 'answer', 'coordinate'] },
      { id: 'clinical-lead', name: 'Clinical lead', can: ['offer', 'answer', 'clinical', 'clinical-lead'] },
    ],
    people: numbers.flatMap((n) =>
      ['first', 'second', 'third'].map((nth, at) => ({
        key: `${nth}-${two(n)}`,
        name: `${nth.charAt(0).toUpperCase()}${nth.slice(1)} Of${two(n)}`,
        accounts: [{ tenant: guid(1, n), objectId: guid(2 + at, n) }],
        positions: [
          { provider: idOf(n), role: at === 2 || (n === 1 && at === 1) ? 'clinical-lead' : 'coordinator' },
        ],
      })),
    ),
    channels: numbers.map((n) => ({
      provider: idOf(n),
      tenant: guid(1, n),
      conversation: `19:${idOf(n)}@thread.tacv2`,
    })),
    dataset: ['person.surname', 'ask.what'],
    urgencies: (['1m', '2m', '4m'] as const).map((within) => ({
      id: `within-${within}`,
      name: `Within ${within}`,
      need: '1d',
      answer: { within, clock: 'elapsed' as const },
      accept: ['coordinator', 'clinical-lead'],
    })),
    rejection: [
      { code: 'duplicate', text: 'Duplicate of another referral', closes: true, firstRung: 'operational' },
      { code: 'no-capacity', text: 'No capacity', closes: false, firstRung: 'operational' },
      { code: 'unsafe', text: 'Unsafe to accept', closes: false, firstRung: 'clinical' },
    ],
    acceptWithGap: [{ code: 'known-to-us', text: 'The person is known to us' }],
    ladder: {
      lastResort: { name: 'Director on call', phone: '0300 123 4599' },
      rungs: [
        {
          id: 'desk',
          name: 'Operational',
          kind: 'operational',
          ask: { of: 'receiver', roles: ['coordinator', 'clinical-lead'] },
          answer: { within: '1m', clock: 'elapsed' },
          repeats: 1,
          hold: '2m',
          says: 'Accept or reject this handover.',
        },
        {
          id: 'lead',
          name: 'Clinical',
          kind: 'clinical',
          ask: { of: 'receiver', roles: ['clinical-lead'] },
          answer: { within: '3m', clock: 'elapsed' },
          remind: ['1m', '2m'],
          hold: '1m',
          says: 'Decide who takes this case.',
        },
        {
          id: 'contract',
          name: 'Contractual',
          kind: 'contractual',
          ask: { of: 'prime', roles: ['coordinator'] },
          answer: { within: '4m', clock: 'elapsed' },
          beside: 'lead',
          says: 'Take this up with the receiver.',
        },
        {
          id: 'director',
          name: 'Director',
          kind: 'clinical',
          ask: { of: 'prime', roles: ['clinical-lead'] },
          answer: { within: '1m', clock: 'elapsed' },
          repeats: 2,
          hold: '1m',
          says: 'Take this case or find who does.',
        },
      ],
    },
  };
}

/** The rota as a file for `baton rota import`: everybody for three days, but where nobody or one alone is. */
export function rotaFile({ people }: Terms, from: string, to: string): string {
  const lines = people.flatMap(({ key, positions: [at] }) => {
    const off = at?.provider === EMPTY || (at?.provider === ALONE && !key.startsWith('first'));
    return at && !off ? [`${key},${at.provider},${at.role},${from},${to}`] : [];
  });
  return ['person,provider,role,from,to', ...lines].join('\n');
}
