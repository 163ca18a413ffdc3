import type { Agreement } from '../../../src/agreement/agreement.ts';
import { type ActorRef, actorRef } from '../../../src/core/actors.ts';
import type { Change, NoticeDraft } from '../../../src/core/change.ts';
import { routeName } from '../../../src/core/change.ts';
import type { Ground } from '../../../src/escalations/draft.ts';
import type { Cause, Escalation, Matter, Raising } from '../../../src/escalations/escalation.ts';
import { escalationId } from '../../../src/escalations/escalation.ts';
import { begin } from '../../../src/escalations/rules.ts';
import { actor, terms } from '../../support/pathway.ts';

/** Who is on duty in a test: keys by provider and role, with the end of their duty where it has one. */
export type OnDuty = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export const EVERYBODY: OnDuty = {
  hospice: { nurse: ['nina', 'noah'] },
  prime: { lead: ['lena', 'luke'], coordinator: ['cora', 'both'] },
};
/** The terms in force when a ladder of `terms` climbs: a lead came, the last resort moved, rungs have other times. */
export const TODAY: Agreement = {
  ...terms,
  people: [
    ...terms.people,
    {
      key: 'luke',
      name: 'Luke Test',
      accounts: [{ tenant: 'tenant-1', objectId: 'object-luke' }],
      positions: [{ provider: 'prime', role: 'lead' }],
    },
  ],
  ladder: {
    ...terms.ladder,
    lastResort: { name: 'Director of today', phone: '0300 000 0998' },
    rungs: terms.ladder.rungs.map((rung) => ({
      ...rung,
      name: `${rung.name} of today`,
      answer: { within: '5m', clock: 'elapsed' },
    })),
  },
};

export const START = '2026-11-24T14:30:00.000Z';
export const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

export interface World {
  readonly now?: string;
  readonly duty?: OnDuty;
  readonly ends?: Readonly<Record<string, string>>;
  readonly agreed?: Agreement;
  readonly by?: ActorRef;
  readonly late?: boolean;
}

export function ground({
  now = START,
  duty = EVERYBODY,
  ends = {},
  agreed = terms,
  by = { system: 'timer' },
  late = false,
}: World = {}): Ground {
  return {
    agreed,
    today: agreed === terms ? TODAY : agreed,
    duty: {
      on: (provider, roles) =>
        Object.entries(duty[provider] ?? {})
          .filter(([role]) => roles === undefined || roles.includes(role))
          .flatMap(([, people]) => people),
      ends: (person) => ends[person],
    },
    routes: {
      receiver: [{ to: 'channel', provider: 'hospice' }],
      holder: [{ to: 'person', person: 'cora' }],
    },
    now,
    by,
    late,
  };
}

export const matter = (more: Partial<Matter> = {}): Matter => ({
  subject: 'handover:h1',
  caseId: '7K2-M4Z',
  agreementVersion: 1,
  parties: { receiver: 'hospice', sender: 'prime', prime: 'prime' },
  since: at(-15),
  needBy: at(12 * 60),
  routes: ground().routes,
  ...more,
});

export const by = (key: string): ActorRef => actorRef(actor(key));

/** The escalation as a change leaves it. */
export function stands(change: Change | string | undefined): Escalation {
  if (change === undefined || typeof change === 'string') throw new Error(`no change: ${change}`);
  const found = change.documents?.find(({ id }) => id === escalationId('handover:h1'));
  if (!found) throw new Error('the change has no escalation');
  return found as Escalation;
}

export const begun = (
  world: World = {},
  cause: Cause = 'unanswered',
  more: Partial<Matter> = {},
): Escalation => stands(begin(ground(world), matter(more), cause, undefined, undefined));

/** The prompts that wait, in a line each: `desk 0 by nina, noah until 15:00`. */
export const waiting = ({ raisings }: Escalation): string[] =>
  raisings.filter(({ state }) => state === 'waiting' || state === 'acknowledged').map((one) => short(one));
const short = ({ rung, cycle, asked, due, acknowledged }: Raising): string =>
  `${rung} ${cycle}: ${asked.join(', ') || 'nobody'} until ${(acknowledged?.until ?? due).slice(0, 16)}`;

export const eventsOf = (change: Change | string | undefined): string[] =>
  typeof change === 'object' ? (change.events ?? []).map(({ type }) => type) : [];
export const noticesOf = (change: Change | string | undefined): string[] =>
  typeof change === 'object' ? (change.notices ?? []).map(said) : [];
const said = (notice: NoticeDraft): string =>
  `${notice.form === 'tell' ? notice.line : 'show'} ${notice.subject} → ${routeName(notice.route)}`;
export const timerOf = (change: Change | string | undefined): string | null | undefined =>
  typeof change === 'object'
    ? change.timers?.find(({ fires }) => fires === 'escalation.step')?.due
    : undefined;

/** A first prompt on an agreement of the cards' own: two nurses are asked. */
export function begunOn(agreed: Agreement): Escalation {
  const duty = { 'st-annes': { nurse: ['sam', 'alex'] } };
  const parties = { receiver: 'st-annes', sender: 'northside', prime: 'northside' };
  const about = matter({ caseId: '7K2-04', parties, since: at(-30), needBy: at(90) });
  return stands(begin(ground({ agreed, duty }), about, 'unanswered', undefined, undefined));
}
