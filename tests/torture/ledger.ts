/** What the bot was asked, and what it answered: the promises that are held against the record. */
export interface Ledger {
  readonly offers: Offered[];
  readonly clicks: Clicked[];
  /** Answers that no rule of the journey explains. */
  readonly unexpected: string[];
  /** Requests that a kill left without an answer, and that were made again with the same key or card. */
  repeated: number;
}

export interface OfferAnswer {
  readonly caseId: string;
  readonly handoverId: string;
  readonly status: string;
  readonly missing: readonly string[];
}

export interface Offered {
  /** The idempotency key, and the sender's own id for the case. */
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly body: object;
  /** The first answer with 201. */
  answer?: OfferAnswer;
}

/** One press, and whether the person was told that it was done, or that somebody was faster. */
export interface Clicked {
  readonly caseId: string;
  readonly person: string;
  readonly verb: 'accept' | 'reject';
  readonly reason?: string;
  readonly next?: string;
  told: 'done' | 'moved';
}

export const newLedger = (): Ledger => ({ offers: [], clicks: [], unexpected: [], repeated: 0 });
