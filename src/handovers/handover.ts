import { z } from 'zod/v4';
import type { DatasetField } from '../agreement/dataset.ts';
import type { ActorRef } from '../core/actors.ts';
import type { Doc, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { optionalText } from '../core/text.ts';
import { type Holder, Person } from '../register/case.ts';

/** What a handover says. Everything may be missing; what must not be is the agreement's minimum dataset. */
export const Content = z
  .object({
    person: Person.default({}),
    ask: z
      .object({
        what: optionalText(500),
        urgency: optionalText(40),
        neededBy: z.iso.datetime({ offset: true }).optional(),
        service: optionalText(100),
      })
      .strict()
      .default({}),
    sbar: z
      .object({
        situation: optionalText(),
        background: optionalText(),
        assessment: optionalText(),
        recommendation: optionalText(),
      })
      .strict()
      .default({}),
    risk: z
      .object({
        status: z.enum(['none-identified', 'low', 'medium', 'high']).optional(),
        detail: optionalText(),
      })
      .strict()
      .default({}),
    safeguarding: z
      .object({
        status: z.enum(['none-identified', 'concern', 'open-concern', 'not-known']).optional(),
        detail: optionalText(),
      })
      .strict()
      .default({}),
    consent: z
      .object({
        status: z.enum(['given', 'best-interests', 'public-interest', 'refused-shared-anyway']).optional(),
        reason: optionalText(500),
      })
      .strict()
      .default({}),
    contacts: z
      .array(
        z.object({ name: optionalText(100), relation: optionalText(100), phone: optionalText(40) }).strict(),
      )
      .max(5, 'give at most five contacts')
      .default([]),
    plan: z
      .object({
        interim: optionalText(),
        nextReview: z.iso.date('write a date such as 2026-12-01').optional(),
      })
      .strict()
      .default({}),
    adjustments: optionalText(1_000),
    sceneSafety: optionalText(1_000),
    allergies: optionalText(1_000),
    author: z
      .object({ name: optionalText(100), role: optionalText(100), phone: optionalText(40) })
      .strict()
      .default({}),
  })
  .strict();
export type Content = z.infer<typeof Content>;

/** Something about the identifiers that the reader must see, and that never stops a handover. */
export type Warning = 'nhs-number-invalid' | 'nhs-number-missing';

interface Common extends Doc {
  readonly kind: 'handover';
  readonly handoverId: string;
  readonly caseId: string;
  /** Raised when what its card shows changes; a click carries it. */
  readonly revision: number;
  readonly agreementVersion: number;
  /** The need that this offer is one try at: offers to another after a rejection share it. */
  readonly need: string;
  readonly from: { readonly partner: string; readonly person?: string; readonly outside: boolean };
  /** The provider whose people act for the sender: itself, or the one that keeps an outside sender's cases. */
  readonly sender: string;
  readonly to: string;
  readonly content: Content;
  readonly urgency: string;
  readonly warnings: readonly Warning[];
  readonly missing: readonly DatasetField[];
  readonly offeredAt: Instant;
  /** The time by which the receiver must answer, fixed when the clock began. */
  readonly answerBy: Instant;
  /** The time by which the need must be met; it does not move. */
  readonly neededBy: Instant;
  /** Facts of delivery; they do not raise the revision. */
  readonly delivery: { readonly deliveredAt?: Instant; readonly openedAt?: Instant; readonly failed?: true };
  /** Where copies of its card stand or are on their way, by whose view they show. */
  readonly shownTo: readonly { readonly view: 'receiver' | 'sender'; readonly route: Route }[];
  /** What the sender was answered when it came in. */
  readonly first: {
    readonly status: 'offered' | 'information-requested';
    readonly missing: readonly DatasetField[];
  };
  /** When both sides were told that the time to answer has passed. */
  readonly overdueAt?: Instant;
  /** The last decision, so that the same click again is answered "done". */
  readonly last?: {
    readonly verb: string;
    readonly by: ActorRef;
    readonly at: Instant;
    readonly fromRevision: number;
  };
  /** Questions of the receiver and answers of the sender, oldest first. */
  readonly questions: readonly {
    readonly asked: string;
    readonly by: ActorRef;
    readonly at: Instant;
    readonly answer?: string;
    readonly answeredAt?: Instant;
  }[];
}

export type Offered = Common & { readonly state: 'offered' };
/** `by` says who asked: the rules at intake (below the minimum dataset), or the receiver. */
export type InformationRequested = Common & {
  readonly state: 'information-requested';
  readonly askedBy: 'dataset' | 'receiver';
};
export type Accepted = Common & {
  readonly state: 'accepted';
  readonly acceptedBy: ActorRef;
  readonly acceptedAt: Instant;
  readonly undoUntil: Instant;
  readonly holderBefore: Holder;
  readonly gap?: { readonly reason: string; readonly missing: readonly DatasetField[] };
};
export type Rejected = Common & {
  readonly state: 'rejected';
  readonly rejectedBy: ActorRef;
  readonly rejectedAt: Instant;
  readonly reason: string;
  readonly next: string;
  /** The need is still open: the sender must find somebody else. */
  readonly needOpen: boolean;
  /** By when the sender must have found somebody; gone when that time has passed, or nobody need be found. */
  readonly reofferBy?: Instant;
  /** The later offer that took the need on. */
  readonly reofferedAs?: string;
};
export type Withdrawn = Common & {
  readonly state: 'withdrawn';
  readonly withdrawnBy: ActorRef;
  readonly withdrawnAt: Instant;
  /** Somebody rejected this need before, so that the sender must still find somebody. */
  readonly needOpen: boolean;
  /** As of a rejection. */
  readonly reofferBy?: Instant;
  readonly reofferedAs?: string;
};
export type Handover = Offered | InformationRequested | Accepted | Rejected | Withdrawn;

export const handoverDocId = (handoverId: string): string => `handover:${handoverId}`;

/** What the notices and the timer of a handover are about. */
export const handoverSubject = (handoverId: string): string => `handover:${handoverId}`;
export const handoverIdOf = (subject: string): string => subject.slice('handover:'.length);

/** Whose turn it is: the provider that a handover waits for, if it waits for anybody. */
export function waitsFor(handover: Handover): string | undefined {
  switch (handover.state) {
    case 'offered':
      return handover.to;
    case 'information-requested':
      return handover.sender;
    case 'rejected':
    case 'withdrawn':
      return handover.needOpen && handover.reofferedAs === undefined ? handover.sender : undefined;
    default:
      return undefined;
  }
}

/** The list of what a person accepted, by when. */
export const acceptedBy = (person: string): string => `handovers.accepted@${person}`;
