import { type Agreement, partnerName, positionCan, roleOf } from '../agreement/agreement.ts';
import { takingRoles } from '../agreement/register.ts';
import { actorRef, type PersonActor, type Position } from '../core/actors.ts';
import type { Change, NoticeDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { type CaseDoc, caseListed, type HeldCase, heldBy, isHeld, UNOWNED_SUBJECT, worked } from './case.ts';

/** What the taking of a case is decided from. `at`: the provider they act for, where they said so or the channel does. */
export interface Taking {
  readonly caseDoc: CaseDoc;
  readonly actor: PersonActor;
  readonly today: Agreement;
  readonly now: Instant;
  readonly at?: string | undefined;
}

export type Took =
  | { readonly kind: 'change'; readonly change: Change; readonly caseDoc: HeldCase }
  /** They have taken it before. */
  | { readonly kind: 'done'; readonly caseDoc: HeldCase }
  /** Somebody else was faster, or it never was without a holder. */
  | { readonly kind: 'moved'; readonly caseDoc: HeldCase };

/** The positions of a person in which they may take a case that nobody holds. */
export function takingPositions(actor: PersonActor, today: Agreement): readonly Position[] {
  const ruling = rule('case.take', actor, {}, (position, ability) => positionCan(today, position, ability));
  const roles = takingRoles(today);
  return ruling.allowed ? ruling.positions.filter(({ role }) => roles.includes(role)) : [];
}

/**
 * Takes a case that nobody holds, for the person's provider and by name. Errors: `Refused` `role` where the
 * agreement does not let them, `provider` and `choose` where it is not plain for whom they act.
 */
export function take({ caseDoc, actor, today, now, at }: Taking): Took {
  if (isHeld(caseDoc)) {
    const by = caseDoc.unowned?.taken?.by;
    const mine = by !== undefined && 'person' in by && by.person === actor.person;
    return { kind: mine ? 'done' : 'moved', caseDoc };
  }
  const { unowned } = caseDoc;
  if (!unowned) throw new Error('a case without a holder came from a list');
  const { provider, role } = positionFor(takingPositions(actor, today), unowned.provider, today, caseDoc, at);
  const by = actorRef(actor, { provider, role });
  const taken: HeldCase = caseListed({
    ...caseDoc,
    holder: { provider, role, person: actor.person },
    heldSince: now,
    unowned: { ...unowned, revision: unowned.revision + 1, taken: { by, at: now } },
  }) as HeldCase;
  const data = {
    unowned: 'case',
    holder: `${provider}/${role}`,
    provider: unowned.provider,
    list: unowned.list,
  };
  const shown: NoticeDraft[] = unowned.shownTo.map((route) => ({
    form: 'show',
    subject: UNOWNED_SUBJECT,
    route,
  }));
  return {
    kind: 'change',
    caseDoc: taken,
    change: {
      documents: [taken],
      events: [{ type: 'case.taken', by, data }],
      notices: shown,
      // Its list has to hear of it, in a partition of its own.
      timers: [
        ...(unowned.climbs === 'with-its-list'
          ? [{ subject: UNOWNED_SUBJECT, fires: 'register.taken', due: now }]
          : []),
        ...worked(today, now),
      ],
    },
  };
}

/** For whom they take it: as they say, or the only provider of theirs, or the one whose list it stands on. */
function positionFor(
  positions: readonly Position[],
  lists: string,
  today: Agreement,
  { caseId }: CaseDoc,
  at: string | undefined,
): Position {
  const providers = [...new Set(positions.map(({ provider }) => provider))];
  if (positions.length === 0) {
    const names = takingRoles(today).map((role) => roleOf(today, role)?.name ?? role);
    throw new Refused(
      'role',
      `Taking a case that nobody holds is for these roles: ${names.join(', ')}. Ask a colleague who has one.`,
    );
  }
  const wanted = at ?? (providers.length === 1 ? providers[0] : providers.find((one) => one === lists));
  const position = positions.find(({ provider }) => provider === wanted);
  if (position) return position;
  const theirs = providers.map((one) => partnerName(today, one)).join(' and ');
  if (at !== undefined) {
    const typed = providers.map((one) => `/take ${caseId} ${one}`).join(' or ');
    throw new Refused(
      'provider',
      `You can take it for ${theirs}: type ${typed}. To have ${partnerName(today, at)} take it, ask a colleague there.`,
    );
  }
  throw new Refused(
    'choose',
    `You work for ${theirs}. Say for whom you take it: /take ${caseId} ${providers.join(`, or /take ${caseId} `)}.`,
  );
}

/** What somebody is told whose press did not take it. */
export function fasterText({ holder, unowned }: HeldCase, today: Agreement): string {
  const by = unowned?.taken?.by;
  const who = by && 'person' in by ? `${by.name} was faster. ` : '';
  return `${who}${heldBy(holder, today)}.`;
}
