import { type Agreement, providerOf } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import type { Actor, PersonActor } from '../core/actors.ts';
import { type Change, mergeChanges } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { newRegisterId } from '../core/register-id.ts';
import type { Follow } from '../escalations/escalation.ts';
import {
  CASE_HEAD,
  type CaseDoc,
  type HeldCase,
  heldCase,
  identified,
  ownCase,
  unknownCase,
} from '../register/case.ts';
import type { Claims } from '../store/claim.ts';
import { type IsLate, type Loaded, type RunTurn, timerDue } from '../store/turn.ts';
import { ladderSteps, withoutLeadLines } from './climb.ts';
import { timesOf } from './clocks.ts';
import { handoverAsToday } from './earlier-names.ts';
import type { Facts, Verdict } from './facts.ts';
import { type Handover, handoverDocId, handoverSubject } from './handover.ts';
import { overdue, viewed } from './information.ts';
import { checkCase, checkOffer, makeOffer, type Offer, standsFor, urgencyFor } from './offer.ts';
import { createRenamed } from './renamed.ts';
import { mayView } from './rules.ts';

export interface HandoverDeps {
  readonly run: RunTurn;
  readonly claims: Claims;
  readonly agreements: Agreements;
  /** Wakes the sender of this pathway's notices; called after a commit that raised some. */
  readonly kick: (pathwayId: string) => void;
  readonly random: () => number;
  /** What follows for the ladder, for the same commit. */
  readonly follow: Follow;
}

/** Which handover is meant. */
export interface Subject {
  readonly pathwayId: string;
  readonly caseId: string;
  readonly handoverId: string;
}

/** How an offer was taken: its ids, whether it stands, and what it lacks of the minimum dataset. */
export interface OfferAnswer {
  readonly caseId: string;
  readonly handoverId: string;
  readonly status: 'offered' | 'information-requested';
  readonly missing: readonly string[];
}

/** A handover as it stands, with its case and both agreements: what cards are made from. */
export interface Present {
  readonly pathwayId: string;
  readonly caseDoc: HeldCase;
  readonly handover: Handover;
  readonly agreed: Agreement;
  readonly today: Agreement;
  readonly now: Instant;
}

/** What became of a press: the verdict's kind, and the handover as it stands after it. */
export interface Outcome extends Present {
  readonly verdict: Verdict<unknown>['kind'];
  readonly positions: PersonActor['positions'];
}

/** Cases that were merged one into another are followed so far. */
const MOST_HOPS = 10;

export function createHandovers(deps: HandoverDeps) {
  const { run, claims, agreements, kick, random, follow } = deps;

  const inForce = inForceOf(agreements);

  async function factsOf(
    loaded: Loaded<CaseDoc>,
    subject: Subject,
    actor: Actor,
    now: Instant,
  ): Promise<Facts> {
    const [handover, agreement] = await Promise.all([
      loaded.get<Handover>(handoverDocId(subject.handoverId)),
      inForce(subject.pathwayId),
    ]);
    if (!loaded.head || !handover) throw unknownCase();
    const agreed =
      (await agreements.termsAt(subject.pathwayId, handover.agreementVersion)) ?? agreement.terms;
    // Who is today's; the words and clocks that the offer began under stay.
    const { urgencies, rejection, acceptWithGap } = agreed;
    const today = { ...agreement.terms, urgencies, rejection, acceptWithGap };
    const caseDoc = heldCase(loaded.head);
    return { caseDoc, handover: handoverAsToday(handover, caseDoc), actor, agreed, today, now };
  }

  /** A change with what it means for the ladder and for finding duplicates, in one commit. */
  async function climbing(
    loaded: Loaded<CaseDoc>,
    before: Handover | undefined,
    decided: Change,
    agreed: Agreement,
    actor: Actor,
    now: Instant,
    late = false,
  ): Promise<Change> {
    const change = identified(loaded.head, decided, now);
    const caseDoc = (change.documents?.find((doc) => doc.id === CASE_HEAD) ?? loaded.head) as CaseDoc;
    const after = (change.documents ?? []).filter((doc): doc is Handover => doc.kind === 'handover');
    const steps = after.flatMap((one) =>
      ladderSteps(one.id === before?.id ? before : undefined, one, caseDoc, agreed),
    );
    if (steps.length === 0) return change;
    const followed = await follow(loaded, steps, actor, now, late);
    return mergeChanges(withoutLeadLines(change, followed, agreed), ...followed);
  }

  const keyOf = ({ pathwayId, caseId }: Subject) => ({ pathwayId, caseId });

  const lastOf = async (loaded: Loaded<CaseDoc>): Promise<Handover | undefined> => {
    const lastId = loaded.head?.handovers.at(-1)?.id;
    return lastId === undefined ? undefined : loaded.get<Handover>(handoverDocId(lastId));
  };

  /** The case that a case counts with since it was merged; itself where this offer was taken of it before. */
  async function countingWith(pathwayId: string, caseId: string, claim: string): Promise<string> {
    let at = caseId;
    for (let hops = 0; hops < MOST_HOPS; hops++) {
      const into = await run<CaseDoc, string | undefined>(
        { pathwayId, caseId: at },
        CASE_HEAD,
        ({ head }) => ({
          answer: head?.handovers.some((one) => one.claim === claim) ? undefined : head?.mergedInto,
        }),
      );
      if (into === undefined) return at;
      at = into;
    }
    throw unknownCase();
  }

  /** Refuses an offer about a case that cannot be offered now, unless it is this offer that was taken before. */
  async function checkKnown(
    pathwayId: string,
    caseId: string,
    claim: string,
    from: string,
    check: (now: Instant) => { sender: string },
  ): Promise<void> {
    await run<CaseDoc, void>({ pathwayId, caseId }, CASE_HEAD, async (loaded, now) => {
      if (loaded.head?.handovers.some((one) => one.claim === claim)) return { answer: undefined };
      const { sender } = check(now);
      if (!loaded.head) throw unknownCase();
      checkCase({ caseDoc: loaded.head, last: await lastOf(loaded) }, sender, from);
      return { answer: undefined };
    });
  }

  return {
    inForce,

    /** One press by a person: load, ask the rule, commit. The answer says how the handover stands then. */
    async press(subject: Subject, actor: Actor, decide: (facts: Facts) => Verdict<Change>): Promise<Outcome> {
      const outcome = await run<CaseDoc, Outcome>(keyOf(subject), CASE_HEAD, async (loaded, now) => {
        const facts = await factsOf(loaded, subject, actor, now);
        ownCase(facts.caseDoc);
        const verdict = decide(facts);
        const positions = verdict.kind === 'choose' ? verdict.positions : [];
        const stands = {
          pathwayId: subject.pathwayId,
          agreed: facts.agreed,
          today: facts.today,
          now,
          positions,
        };
        if (verdict.kind !== 'change') {
          const { caseDoc, handover } = facts;
          return { answer: { ...stands, caseDoc, handover, verdict: verdict.kind } };
        }
        const { change: decided } = verdict;
        const change = await climbing(loaded, facts.handover, decided, facts.agreed, actor, now);
        const caseDoc = (change.documents?.find((doc) => doc.id === CASE_HEAD) ?? facts.caseDoc) as HeldCase;
        const handover = (change.documents?.find((doc) => doc.id === facts.handover.id) ??
          facts.handover) as Handover;
        return { change, answer: { ...stands, caseDoc, handover, verdict: 'change' } };
      });
      if (outcome.verdict === 'change') kick(subject.pathwayId);
      return outcome;
    },

    /** Opens the details for somebody entitled, and records that they did. Throws `Refused` for anybody else. */
    async view(subject: Subject, actor: Actor): Promise<Present> {
      const present = await run<CaseDoc, Present>(keyOf(subject), CASE_HEAD, async (loaded, now) => {
        const facts = await factsOf(loaded, subject, actor, now);
        const [position] = mayView(facts);
        const { caseDoc, handover, agreed, today } = facts;
        const answer = { pathwayId: subject.pathwayId, caseDoc, handover, agreed, today, now };
        return position ? { change: viewed(facts, position), answer } : { answer };
      });
      kick(subject.pathwayId);
      return present;
    },

    /** The handover as it stands, for cards that everybody may see. */
    async present(subject: Subject): Promise<Present | undefined> {
      return run<CaseDoc, Present | undefined>(keyOf(subject), CASE_HEAD, async (loaded, now) => {
        if (!loaded.head || !(await loaded.get(handoverDocId(subject.handoverId))))
          return { answer: undefined };
        const facts = await factsOf(loaded, subject, { kind: 'system', job: 'card' }, now);
        const { caseDoc, handover, agreed, today } = facts;
        return { answer: { pathwayId: subject.pathwayId, caseDoc, handover, agreed, today, now } };
      });
    },

    renamed: createRenamed(deps),

    /** The case as it stands, whoever holds it; undefined when there is none. */
    async caseNow(pathwayId: string, caseId: string): Promise<CaseDoc | undefined> {
      return run<CaseDoc, CaseDoc | undefined>({ pathwayId, caseId }, CASE_HEAD, ({ head }) => ({
        answer: head,
      }));
    },

    /** The timer of the time to answer has fired; asked in the turn, `late` says whether what follows is late. */
    async overdue(subject: Subject, late: IsLate): Promise<void> {
      await run<CaseDoc, void>(keyOf(subject), CASE_HEAD, async (loaded, now) => {
        const timer: Actor = { kind: 'system', job: 'timer' };
        const facts = await factsOf(loaded, subject, timer, now);
        const decided = overdue(facts);
        if (!decided) return { answer: undefined };
        const due = await timerDue(loaded, handoverSubject(subject.handoverId));
        const isLate = late(due, now);
        const change = await climbing(loaded, facts.handover, decided, facts.agreed, timer, now, isLate);
        return { change, answer: undefined };
      });
      kick(subject.pathwayId);
    },

    /**
     * Takes an offer from a person or a partner's system. The same key with the same body is answered as
     * the first time, whatever happened in between; a crash halfway is finished by the next try.
     */
    async offer(
      actor: Actor,
      pathwayId: string,
      asked: Offer,
      key: { readonly idempotencyKey: string; readonly bodyHash: string },
    ): Promise<OfferAnswer> {
      const agreement = await inForce(pathwayId);
      const claim = await claims.name(pathwayId, 'offer', asked.from, key.idempotencyKey);
      const about = asked.caseId;
      const offer: Offer =
        about === undefined ? asked : { ...asked, caseId: await countingWith(pathwayId, about, claim) };
      // Checked before the claim is made, so that bad input leaves nothing behind.
      const check = (now: Instant) => {
        checkOffer(agreement.terms, actor, offer, now);
        urgencyFor(agreement.terms, offer.content);
        return standsFor(agreement.terms, offer.from);
      };
      const propose = (now: Instant) => {
        check(now);
        return offer.caseId ?? newRegisterId(random);
      };
      if (offer.caseId !== undefined) await checkKnown(pathwayId, offer.caseId, claim, offer.from, check);
      for (;;) {
        const caseId = await claims.take(pathwayId, claim, key.bodyHash, propose);
        const taken = await run<CaseDoc, OfferAnswer | 'taken'>(
          { pathwayId, caseId },
          CASE_HEAD,
          async (loaded, now) => {
            const line = loaded.head?.handovers.find((one) => one.claim === claim);
            if (line) return { answer: await firstAnswer(loaded, line.id) };
            if (loaded.head && offer.caseId === undefined) return { answer: 'taken' };
            // Made one with another after this claim was made for it: the claim goes with it.
            if (loaded.head?.mergedInto !== undefined) return { answer: 'taken' };
            if (!loaded.head && offer.caseId !== undefined) throw unknownCase();
            checkOffer(agreement.terms, actor, offer, now);
            const urgency = urgencyFor(agreement.terms, offer.content);
            const last = await lastOf(loaded);
            const times = timesOf(agreement.terms, urgency, offer.to, offer.content, now);
            const { change: made, handover } = makeOffer(
              { offer, actor, agreement, caseId, claim, now, ...times },
              loaded.head && { caseDoc: loaded.head, last },
            );
            const change = await climbing(loaded, last, made, agreement.terms, actor, now);
            return { change, answer: answerOf(handover) };
          },
        );
        if (taken !== 'taken') {
          kick(pathwayId);
          // A provider's own id leads its weekly list to the same case.
          if (offer.alias !== undefined && providerOf(agreement.terms, offer.from)) {
            const alias = await claims.name(pathwayId, 'alias', offer.from, offer.alias);
            await claims.take(pathwayId, alias, 'alias', () => taken.caseId);
          }
          return taken;
        }
        const named = offer.caseId === undefined ? newRegisterId(random) : undefined;
        await claims.rename(
          pathwayId,
          claim,
          caseId,
          named ?? (await countingWith(pathwayId, caseId, claim)),
        );
      }
    },
  };
}

export type Handovers = ReturnType<typeof createHandovers>;

const answerOf = (handover: Handover): OfferAnswer => ({
  caseId: handover.caseId,
  handoverId: handover.handoverId,
  status: handover.missing.length > 0 ? 'information-requested' : 'offered',
  missing: handover.missing,
});

/** The answer given the first time, from what the case recorded then. */
async function firstAnswer(loaded: Loaded<CaseDoc>, handoverId: string): Promise<OfferAnswer> {
  const handover = await loaded.get<Handover>(handoverDocId(handoverId));
  if (!handover) throw new Error('a case lists a handover that is not there');
  return { ...answerOf(handover), ...handover.first };
}
