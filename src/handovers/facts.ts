import {
  type Agreement,
  partnerName,
  peopleWho,
  positionCan,
  primeOf,
  roleOf,
} from '../agreement/agreement.ts';
import { type Actor, actorRef, type Position } from '../core/actors.ts';
import type {
  Change,
  Verdict as Decided,
  EventDraft,
  NoticeDraft,
  Route,
  TimerDraft,
} from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { type Problem, Refused } from '../core/errors.ts';
import { type Act, type Ruling, rule } from '../core/permissions.ts';
import { textProblem } from '../core/text.ts';
import { type CaseDoc, caseListed, type HeldCase } from '../register/case.ts';
import { type Handover, handoverSubject, type Offered } from './handover.ts';
import { listed, summarised } from './lists.ts';

/**
 * What a rule about one handover decides from. `agreed` is the agreement that the offer began under
 * (reasons, dataset, clocks); `today` is the one in force (people, roles, channels).
 */
export interface Facts {
  readonly caseDoc: HeldCase;
  readonly handover: Handover;
  readonly actor: Actor;
  readonly agreed: Agreement;
  readonly today: Agreement;
  readonly now: Instant;
}

/** What a rule answers when it does not refuse; one about an acceptance may ask back. */
export type Verdict<C> =
  | Decided<C>
  /** Something of the dataset is missing: ask why it is accepted all the same. */
  | { readonly kind: 'gap' }
  /** The person works at both ends: ask for which provider they act. */
  | { readonly kind: 'choose'; readonly positions: readonly Position[] };

const SAID: Partial<Record<Act, string>> = {
  'handover.accept': 'Accepting',
  'handover.reject': 'Rejecting',
  'handover.ask': 'Asking for information',
  'handover.undo': 'Undoing',
  'handover.answer': 'Answering',
  'handover.withdraw': 'Withdrawing',
  'handover.view': 'Opening the details',
};

/** What the table of permissions says of `act` by this actor on this handover. */
export function rulingOn(act: Act, { actor, handover, today }: Facts): Ruling {
  const sides = { receiver: handover.to, sender: handover.sender, prime: primeOf(today).id };
  return rule(act, actor, sides, (position, ability) => positionCan(today, position, ability));
}

/** The actor's positions that allow `act` on this handover; throws `Refused` with what to do instead. */
export function positionsFor(act: Act, facts: Facts): readonly Position[] {
  const ruling = rulingOn(act, facts);
  if (ruling.allowed) return ruling.positions;
  throw refusal(act, facts, ruling.because);
}

function refusal(act: Act, { actor, handover, today }: Facts, because: 'provider' | 'role'): Refused {
  if (actor.kind !== 'person') return new Refused('not-yours', 'This handover belongs to other partners.');
  if (because === 'role') {
    const roles = actor.positions.map((position) => roleOf(today, position.role)?.name ?? position.role);
    return new Refused(
      'role',
      `${SAID[act] ?? 'This'} is not part of your role (${[...new Set(roles)].join(', ')}). Ask a colleague who answers handovers, or your coordinator.`,
    );
  }
  const mine = [...new Set(actor.positions.map((position) => partnerName(today, position.provider)))];
  const concerns =
    act === 'handover.answer' || act === 'handover.withdraw'
      ? `This was offered by ${partnerName(today, handover.from.partner)}`
      : `This was offered to ${partnerName(today, handover.to)}`;
  return new Refused('provider', `${concerns}; you are signed in for ${mine.join(' and ')}.`);
}

/** `show` for the copies of the card at these routes. */
export function showAt(handover: Handover, routes: readonly Route[]): NoticeDraft[] {
  return routes.map((route) => ({ form: 'show', subject: handoverSubject(handover.handoverId), route }));
}

/** `show` for every copy of the card, so that all of them say the same. */
export const showEverywhere = (handover: Handover): NoticeDraft[] =>
  showAt(
    handover,
    handover.shownTo.map(({ route }) => route),
  );

/**
 * A line at each route, in the thread of the copy there. A decision is told to the other side alone: one's own
 * card says what one did, and reading it again as a message is noise.
 */
export function tellAt(
  handover: Handover,
  routes: readonly Route[],
  line: string,
  refs: { readonly [key: string]: string } = {},
): NoticeDraft[] {
  return routes.map((route) => ({
    form: 'tell',
    subject: handoverSubject(handover.handoverId),
    route,
    line,
    refs,
  }));
}

/** The timer of the time to answer: it fires at `due`; null ends it. */
export const answerTimer = (handoverId: string, due: Instant | null): TimerDraft[] => [
  { subject: handoverSubject(handoverId), fires: 'handover.overdue', due },
];

/** Where the cards of one side stand or are on their way. */
export const routesOf = (handover: Pick<Handover, 'shownTo'>, view: 'receiver' | 'sender'): Route[] =>
  handover.shownTo.filter((shown) => shown.view === view).map((shown) => shown.route);

/** The handover with the sender's channel among its copies, for what somebody on duty there must act on. */
export function withSenderChannel<H extends Pick<Handover, 'sender' | 'shownTo'>>(handover: H): H {
  const route: Route = { to: 'channel', provider: handover.sender };
  const there = routesOf(handover, 'sender').some(
    (one) => one.to === 'channel' && one.provider === handover.sender,
  );
  return there ? handover : { ...handover, shownTo: [...handover.shownTo, { view: 'sender', route }] };
}

/** The prime's clinical leads, each in person. */
export function clinicalLeads(today: Agreement): Route[] {
  return peopleWho(today, primeOf(today).id, 'clinical-lead').map((person) => ({ to: 'person', person }));
}

export interface Press {
  /** The revision that the pressed card showed. */
  readonly revision: number;
  /** The provider that the person acts for, where they were asked or the channel says it. */
  readonly as?: string | undefined;
}

/** The handover without its state and what belongs to that state alone, one revision on, with this decision as the last. */
export function moved(facts: Facts, verb: string, press: Press, position: Position | undefined) {
  const by = actorRef(facts.actor, position);
  return {
    ...stateless(facts.handover),
    revision: facts.handover.revision + 1,
    last: { verb, by, at: facts.now, fromRevision: press.revision },
  };
}

/** What a handover is in every state. A field of one state that stayed behind would say what is no longer so. */
export function stateless(handover: Handover): Omit<Offered, 'state'> {
  switch (handover.state) {
    case 'offered': {
      const { state: _, ...common } = handover;
      return common;
    }
    case 'information-requested': {
      const { state: _, askedBy: _askedBy, ...common } = handover;
      return common;
    }
    case 'accepted': {
      const { state: _, acceptedBy: _by, acceptedAt: _at, undoUntil: _until, ...rest } = handover;
      const { holderBefore: _holder, gap: _gap, ...common } = rest;
      return common;
    }
    case 'rejected': {
      const { state: _, rejectedBy: _by, rejectedAt: _at, reason: _reason, next: _next, ...rest } = handover;
      const { needOpen: _open, reofferedAs: _as, reofferBy: _reoffer, ...common } = rest;
      return common;
    }
    case 'withdrawn': {
      const { state: _, withdrawnBy: _by, withdrawnAt: _at, ...rest } = handover;
      const { needOpen: _open, reofferedAs: _as, reofferBy: _reoffer, ...common } = rest;
      return common;
    }
  }
}

/** The change of a decision: documents with their lists, its event, every copy shown anew, and what is told. */
export function changed(
  facts: Facts,
  handover: Handover,
  event: Omit<EventDraft, 'by'>,
  notices: readonly NoticeDraft[],
  caseDoc: CaseDoc = facts.caseDoc,
  timer: Change['timers'] = [],
): Verdict<Change> {
  const by = handover.last?.by ?? actorRef(facts.actor);
  return {
    kind: 'change',
    change: {
      documents: [caseListed(heldFrom(facts, summarised(caseDoc, handover))), listed(handover)],
      events: [{ ...event, by, data: { handover: handover.handoverId, ...event.data } }],
      notices: [...showEverywhere(handover), ...notices],
      timers: timer,
    },
  };
}

/** Another provider has it from now on; another person there is no other holder. */
const heldFrom = ({ caseDoc, now }: Facts, after: CaseDoc): CaseDoc =>
  caseDoc.holder.provider === after.holder?.provider ? after : { ...after, heldSince: now };

/** "Done" for the same click again, "moved" for a card older (or newer) than the case; undefined if it is the present one. */
export function stale(facts: Facts, verb: string, press: Press): Verdict<never> | undefined {
  const { last, revision } = facts.handover;
  if (press.revision === revision) return undefined;
  const again =
    facts.actor.kind === 'person' &&
    last?.verb === verb &&
    'person' in last.by &&
    last.by.person === facts.actor.person &&
    last.fromRevision === press.revision;
  return again ? { kind: 'done' } : { kind: 'moved' };
}

/**
 * Who acts and from which card: the position that allows it, or what to answer because the card is old.
 * Throws `Refused` for the wrong provider or role.
 */
export function mayAct(
  act: Act,
  facts: Facts,
  press: Press,
): Verdict<never> | { readonly position: Position | undefined } {
  const [position] = positionsFor(act, facts);
  return stale(facts, act, press) ?? { position };
}

/** The problem of a free text that a rule requires, if it has one. */
export function requiredText(field: string, value: string, ifEmpty: string): Problem[] {
  const message = textProblem(value, ifEmpty);
  return message === undefined ? [] : [{ field, message }];
}
