import {
  type Agreement,
  type AgreementInForce,
  outsideOf,
  partnerName,
  positionCan,
  primeOf,
  providerOf,
  type UrgencyTerms,
  urgencyOf,
} from '../agreement/agreement.ts';
import { type Actor, actorRef } from '../core/actors.ts';
import { type Change, type Route, routeName } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { hasText, isStorable } from '../core/text.ts';
import {
  CASE_HEAD,
  type CaseDoc,
  caseListed,
  type HeldCase,
  type Holder,
  heldCase,
  ownCase,
  unknownCase,
} from '../register/case.ts';
import { told } from '../register/person.ts';
import { missingFields, warningsOf } from './completeness.ts';
import { asToday } from './earlier-names.ts';
import { answerTimer, showEverywhere } from './facts.ts';
import { type Content, type Handover, handoverDocId, type Rejected, type Withdrawn } from './handover.ts';
import { isOpen, listed } from './lists.ts';

/** What somebody offers: from whom, to whom, about which case (a new one, if none is named). */
export interface Offer {
  readonly from: string;
  readonly to: string;
  readonly caseId?: string | undefined;
  /** The sender's own id for the case. */
  readonly alias?: string | undefined;
  readonly content: Content;
}

/** Who stands behind a sender: the provider whose people act for it, and who holds its new cases. */
export function standsFor(
  terms: Agreement,
  from: string,
): { sender: string; holder: Holder; outside: boolean } {
  const own = providerOf(terms, from);
  if (own) return { sender: own.id, holder: { provider: own.id, role: own.holdsAs }, outside: false };
  const outside = outsideOf(terms, from);
  if (outside) return { sender: outside.keptBy.provider, holder: { ...outside.keptBy }, outside: true };
  throw new Refused(
    'unknown-provider',
    'The sender is not a partner of this pathway. Check the provider’s id.',
  );
}

/** The urgency's terms; the first of the agreement where the handover names none. */
export function urgencyFor(terms: Agreement, content: Content): UrgencyTerms {
  const named =
    content.ask.urgency === undefined ? terms.urgencies[0] : urgencyOf(terms, content.ask.urgency);
  if (named) return named;
  const known = terms.urgencies.map((urgency) => urgency.id).join(', ');
  throw new Invalid('The urgency is not one of this pathway.', [
    { field: 'content.ask.urgency', message: `Use one of: ${known}.` },
  ]);
}

/** May this actor offer this here, and can it be a handover at all? Throws `Refused` or `Invalid`. */
export function checkOffer(terms: Agreement, actor: Actor, offer: Offer, now: Instant): void {
  const { sender, outside } = standsFor(terms, offer.from);
  if (!providerOf(terms, offer.to)) {
    throw new Refused('unknown-provider', 'The receiver is not a provider of this pathway. Check its id.');
  }
  if (offer.to === sender && !outside) {
    throw new Refused('own-provider', 'A handover goes to another provider. Choose who is to receive it.');
  }
  const sides = actor.kind === 'partner' ? { sender: offer.from } : { sender, prime: primeOf(terms).id };
  const ruling = rule('handover.offer', actor, sides, (position, ability) =>
    positionCan(terms, position, ability),
  );
  if (!ruling.allowed) {
    throw new Refused(
      'not-yours',
      `You cannot offer handovers for ${partnerName(terms, offer.from)}. Ask a colleague there, or your coordinator.`,
    );
  }
  const problems = contentProblems(offer.content, actor, now);
  if (problems.length > 0) throw new Invalid('This cannot be a handover yet.', problems);
}

/** What no handover can be: about nobody, or with text that cannot be kept. A typing person also gets their slips back. */
export function contentProblems(content: Content, actor: Actor, now: Instant): Problem[] {
  const problems: Problem[] = [];
  const { given, surname, nhsNumber, dob } = content.person;
  const named = [given, surname, nhsNumber].some(hasText);
  // A system's message often names nobody yet and is offered with that gap; one that says nothing is none.
  const saysSomething = [content.ask.what, content.sbar.situation, ...Object.values(content.person)].some(
    hasText,
  );
  if (actor.kind === 'person' ? !named : !saysSomething) {
    problems.push({
      field: 'content.person',
      message: 'Say whom it is about: a first name, a surname or an NHS number.',
    });
  }
  walkText(content, 'content', (field, text) => {
    if (!isStorable(text)) {
      problems.push({ field, message: 'Remove the characters that cannot be read, and send it again.' });
    }
  });
  if (actor.kind === 'person') {
    if (warningsOf(content).includes('nhs-number-invalid') && hasText(nhsNumber)) {
      problems.push({
        field: 'content.person.nhsNumber',
        message: 'This is not a valid NHS number. Check the ten digits, or leave it empty.',
      });
    }
    if (dob !== undefined && (dob > now.slice(0, 10) || dob < '1890-01-01')) {
      problems.push({ field: 'content.person.dob', message: 'Check the year of the date of birth.' });
    }
    if (content.ask.neededBy !== undefined && Date.parse(content.ask.neededBy) < Date.parse(now)) {
      problems.push({ field: 'content.ask.neededBy', message: 'This time has passed. Give a later one.' });
    }
  }
  return problems;
}

function walkText(value: unknown, field: string, each: (field: string, text: string) => void): void {
  if (typeof value === 'string') each(field, value);
  else if (value !== null && typeof value === 'object') {
    for (const [name, one] of Object.entries(value)) walkText(one, `${field}.${name}`, each);
  }
}

/** Everything an offer's change is made of that was settled before: ids, clocks, the agreement. */
export interface Making {
  readonly offer: Offer;
  readonly actor: Actor;
  readonly agreement: AgreementInForce;
  readonly caseId: string;
  readonly claim: string;
  readonly now: Instant;
  readonly answerBy: Instant;
  readonly neededBy: Instant;
}

/** The case as it was, if there is one, and its last handover with it. */
export interface Before {
  readonly caseDoc: CaseDoc;
  readonly last: Handover | undefined;
}

/** A new offer: the case (new, or as it stands), the handover, its event, both cards and the clock. */
export function makeOffer(
  making: Making,
  before: Before | undefined,
): { change: Change; handover: Handover } {
  const { offer, actor, agreement, caseId, now } = making;
  const { terms } = agreement;
  const { sender, holder, outside } = standsFor(terms, offer.from);
  if (before) checkCase(before, sender, offer.from);
  const known = told(before?.caseDoc, offer.content.person);
  const content = asToday(offer.content, { ...before?.caseDoc, ...known });
  const number = (before?.caseDoc.handovers.length ?? 0) + 1;
  const handoverId = `h${number}`;
  const missing = missingFields(content, terms.dataset);
  const last = before?.last;
  const again =
    (last?.state === 'rejected' || last?.state === 'withdrawn') && last.needOpen ? last : undefined;
  // An offer that was taken back leaves its need as it was.
  const need = (again ?? (last?.state === 'withdrawn' ? last : undefined))?.need ?? `n${number}`;
  const author = actor.kind === 'person' ? { person: actor.person } : {};
  const senderRoute: Route =
    actor.kind === 'person' ? { to: 'person', person: actor.person } : { to: 'channel', provider: sender };
  const receiverRoute: Route = { to: 'channel', provider: offer.to };
  const common = {
    id: handoverDocId(handoverId),
    kind: 'handover' as const,
    schema: 1,
    handoverId,
    caseId,
    revision: 1,
    agreementVersion: agreement.version,
    need,
    from: { partner: offer.from, ...author, outside },
    sender,
    to: offer.to,
    content,
    urgency: urgencyFor(terms, content).id,
    warnings: warningsOf(content),
    missing,
    offeredAt: now,
    answerBy: making.answerBy,
    neededBy: making.neededBy,
    delivery: {},
    shownTo: [
      { view: 'receiver' as const, route: receiverRoute },
      // Offered from outside to the provider that keeps its cases: one channel, one card.
      ...(routeName(senderRoute) === routeName(receiverRoute)
        ? []
        : [{ view: 'sender' as const, route: senderRoute }]),
    ],
    questions: [],
    first: {
      status: missing.length > 0 ? ('information-requested' as const) : ('offered' as const),
      missing,
    },
  };
  const handover: Handover = listed(
    missing.length > 0
      ? { ...common, state: 'information-requested', askedBy: 'dataset' }
      : { ...common, state: 'offered' },
  );
  const line = {
    id: handoverId,
    from: offer.from,
    to: offer.to,
    state: handover.state,
    need: common.need,
    claim: making.claim,
  };
  const caseDoc: HeldCase = before
    ? {
        ...heldCase(before.caseDoc),
        ...known,
        aliases: aliased(before.caseDoc.aliases, offer),
        handovers: [...before.caseDoc.handovers, line],
      }
    : {
        id: CASE_HEAD,
        kind: 'case',
        schema: 1,
        audit: { seq: 0, hash: '' },
        caseId,
        state: 'open',
        holder,
        ...known,
        aliases: aliased({}, offer),
        createdAt: now,
        handovers: [line],
      };
  const closedEarlier = again ? [listed(reoffered(again, handoverId))] : [];
  const change: Change = {
    documents: [caseListed(caseDoc), handover, ...closedEarlier],
    events: [
      {
        type: missing.length > 0 ? 'handover.received-incomplete' : 'handover.offered',
        by: actorRef(
          actor,
          actor.kind === 'person' ? actor.positions.find((at) => at.provider === sender) : undefined,
        ),
        data: {
          handover: handoverId,
          from: offer.from,
          to: offer.to,
          need: common.need,
          agreement: agreement.version,
          holder: `${caseDoc.holder.provider}/${caseDoc.holder.role}`,
          answerBy: making.answerBy,
          neededBy: making.neededBy,
          missing,
        },
      },
    ],
    // The copies of the offer before say from now on that another took the need on.
    notices: [...showEverywhere(handover), ...(again ? showEverywhere(again) : [])],
    // What is missing is waited for no longer than an answer would be; the time to find somebody ends.
    timers: [
      ...answerTimer(handoverId, making.answerBy),
      ...(again?.reofferBy ? answerTimer(again.handoverId, null) : []),
    ],
  };
  return { change, handover };
}

function reoffered(handover: Rejected | Withdrawn, reofferedAs: string): Handover {
  const { reofferBy: _, ...rest } = handover;
  return { ...rest, reofferedAs };
}

const aliased = (aliases: CaseDoc['aliases'], offer: Offer): CaseDoc['aliases'] =>
  offer.alias === undefined ? aliases : { ...aliases, [offer.from]: offer.alias };

/**
 * Can this case be offered for `from`, behind whom `sender` stands, as it is now? A sender outside may name
 * only a case that it brought itself, never another that its keeper holds. Throws `Refused` when not.
 */
export function checkCase({ caseDoc, last }: Before, sender: string, from: string): void {
  if (from !== sender && !caseDoc.handovers.some((one) => one.from === from)) throw unknownCase();
  if (heldCase(ownCase(caseDoc)).holder.provider !== sender) {
    throw new Refused('not-holder', 'Another provider holds this case. Only its holder can offer it on.');
  }
  if (last && isOpen(last)) {
    throw new Refused('already-offered', 'This case is on offer already. Withdraw that offer first.');
  }
}
