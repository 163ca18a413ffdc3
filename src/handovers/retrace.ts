import { type Agreement, rejectionOf } from '../agreement/agreement.ts';
import { answerBy } from '../agreement/calendar.ts';
import { RUNG_KINDS } from '../agreement/ladder.ts';
import type { EventDoc } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { LadderStep } from '../escalations/escalation.ts';
import type { CaseDoc, HeldCase } from '../register/case.ts';
import { ladderSteps } from './climb.ts';
import { stateless } from './facts.ts';
import { type Handover, handoverSubject, type Offered } from './handover.ts';

/** One handover as the record has it: with its case as it stands, and its case's events in order. */
export interface Recorded {
  readonly caseDoc: HeldCase;
  readonly handover: Handover;
  readonly chain: readonly EventDoc[];
}

/** What a recorded handover means for the ladder: when its times passed, and what then began, turned or ended. */
export interface Retraced {
  readonly offeredAt: Instant;
  /** When the time to answer, or to find somebody after a rejection, passed. */
  readonly overdue: readonly Instant[];
  readonly steps: readonly { readonly at: Instant; readonly step: LadderStep }[];
}

/**
 * Walks a recorded handover until `until` as it would have gone under `terms`: people answer when they did, the
 * times to answer and the rungs that reasons start at are those of the terms. Undefined where the chain does not
 * tell when it was offered. An urgency or a reason that the terms do not have counts as it was recorded.
 */
export function retrace(recorded: Recorded, terms: Agreement, until: Instant): Retraced | undefined {
  const { handover, chain } = recorded;
  const first = chain.find((event) => isOffer(event) && event.data.handover === handover.handoverId);
  if (!first) return undefined;
  const under = underOf(recorded, terms);
  const begun = dueOf(under, first.recordedAt, textOf(first.data.answerBy));
  const { overdueAt: _, ...common } = stateless(handover);
  let stands = open({ ...common, answerBy: begun }, first.type === 'handover.received-incomplete');
  let due: Instant | undefined = begun;
  const overdue: Instant[] = [];
  const steps: { at: Instant; step: LadderStep }[] = [];

  const become = (at: Instant, after: Handover): void => {
    for (const step of ladderSteps(stands, after, under.earlier, under.terms)) steps.push({ at, step });
    stands = after;
  };
  /** The timer, if it fires before this: an answer at the same moment was in time. */
  const timer = (before: Instant): void => {
    if (due === undefined || due >= before) return;
    const at = due;
    due = undefined;
    overdue.push(isOver(stands) ? at : stands.answerBy);
    become(at, isOver(stands) ? withoutTime(stands) : { ...stands, overdueAt: at });
  };

  for (const event of chain) {
    if (event.seq <= first.seq || !concerns(event, handover)) continue;
    timer(event.recordedAt);
    const next = moved(event, stands, under);
    if (!next) continue;
    due = next.due;
    become(event.recordedAt, next.after);
    // Whoever recorded a decision resolved what was climbing with the same press.
    if (event.type === 'handover.need-closed') {
      const subject = handoverSubject(handover.handoverId);
      steps.push({ at: event.recordedAt, step: { do: 'end', how: 'resolved', subject } });
    }
  }
  timer(until);
  return { offeredAt: first.recordedAt, overdue, steps };
}

/** What a handover is walked under. */
interface Under {
  readonly terms: Agreement;
  readonly recorded: Recorded;
  /** The case with its earlier offers alone: they say whether a rejection is the need's second. */
  readonly earlier: CaseDoc;
}

function underOf(recorded: Recorded, terms: Agreement): Under {
  const { caseDoc, handover, chain } = recorded;
  const place = caseDoc.handovers.findIndex(({ id }) => id === handover.handoverId);
  const known = chain.flatMap(({ type, data }) => {
    const code = textOf(data.reason);
    if (type !== 'handover.rejected' || code === undefined || rejectionOf(terms, code)) return [];
    const firstRung = RUNG_KINDS.find((kind) => kind === data.firstRung) ?? 'operational';
    return [{ code, text: code, closes: data.needOpen !== true, firstRung }];
  });
  return {
    recorded,
    terms: { ...terms, rejection: [...terms.rejection, ...known] },
    earlier: { ...caseDoc, handovers: caseDoc.handovers.slice(0, Math.max(0, place)) },
  };
}

const dueOf = ({ terms, recorded }: Under, at: Instant, otherwise: string | undefined): Instant => {
  const { urgency, to, answerBy: last } = recorded.handover;
  return answerBy(terms, urgency, to, at) ?? otherwise ?? last;
};

/** How the handover stands after an event, and when its timer fires then; undefined where the event changes neither. */
function moved(
  event: EventDoc,
  stands: Handover,
  under: Under,
): { readonly after: Handover; readonly due: Instant | undefined } | undefined {
  const at = event.recordedAt;
  const now = stateless(stands);
  const due = now.overdueAt === undefined ? now.answerBy : undefined;
  const { caseDoc, handover } = under.recorded;
  if (event.data.handover !== handover.handoverId) {
    if (!isOver(stands) || !stands.needOpen || stands.reofferedAs !== undefined) return undefined;
    const reofferedAs = textOf(event.data.handover) ?? '';
    return { after: { ...withoutTime(stands), reofferedAs }, due: undefined };
  }
  switch (event.type) {
    case 'handover.offered': {
      const { overdueAt: _, ...fresh } = now;
      const again = dueOf(under, at, undefined);
      return { after: open({ ...fresh, missing: [], answerBy: again }, false), due: again };
    }
    case 'handover.information-requested':
      return { after: { ...now, state: 'information-requested', askedBy: 'receiver' }, due };
    case 'handover.information-given':
      return { after: open(now, false), due };
    case 'handover.accepted': {
      const by = { acceptedBy: event.by, acceptedAt: at, undoUntil: at, holderBefore: caseDoc.holder };
      return { after: { ...now, state: 'accepted', ...by }, due: undefined };
    }
    case 'handover.undone':
      // Taken back after its time to answer, it is overdue from then on and not before.
      return { after: open(now, now.missing.length > 0), due: due !== undefined && due < at ? at : due };
    case 'handover.withdrawn': {
      const needOpen = rejectedBefore(under) || now.overdueAt !== undefined;
      const by = needOpen ? reofferBy(under, at) : undefined;
      const said = { withdrawnBy: event.by, withdrawnAt: at, needOpen };
      return { after: { ...now, state: 'withdrawn', ...said, ...(by && { reofferBy: by }) }, due: by };
    }
    case 'handover.rejected': {
      const reason = textOf(event.data.reason) ?? '';
      const { closes = false, firstRung } = rejectionOf(under.terms, reason) ?? {};
      const sendersTurn = !closes && !rejectedBefore(under) && firstRung === 'operational';
      const by = sendersTurn ? reofferBy(under, at) : undefined;
      const said = { rejectedBy: event.by, rejectedAt: at, reason, next: '', needOpen: !closes };
      return { after: { ...now, state: 'rejected', ...said, ...(by && { reofferBy: by }) }, due: by };
    }
    case 'handover.need-closed':
      return isOver(stands)
        ? { after: { ...withoutTime(stands), needOpen: false }, due: undefined }
        : undefined;
    default:
      return undefined;
  }
}

/** The first event of an offer. The one that completes an offer is of the same type, and names no sender. */
const isOffer = ({ type, data }: EventDoc): boolean =>
  type === 'handover.received-incomplete' || (type === 'handover.offered' && data.from !== undefined);

/** Is it about this handover, or a later offer of its case, which takes its need on? */
const concerns = (event: EventDoc, { handoverId }: Handover): boolean =>
  event.data.handover === handoverId || isOffer(event);

const open = (common: Omit<Offered, 'state'>, lacks: boolean): Handover =>
  lacks ? { ...common, state: 'information-requested', askedBy: 'dataset' } : { ...common, state: 'offered' };

type Over = Handover & { readonly state: 'rejected' | 'withdrawn' };
const isOver = (handover: Handover): handover is Over =>
  handover.state === 'rejected' || handover.state === 'withdrawn';

function withoutTime(handover: Over): Over {
  const { reofferBy: _, ...rest } = handover;
  return rest;
}

/** By when the sender must have found somebody else. */
const reofferBy = ({ terms, recorded }: Under, at: Instant): Instant | undefined =>
  answerBy(terms, recorded.handover.urgency, recorded.handover.sender, at);

const rejectedBefore = ({ earlier, recorded }: Under): boolean =>
  earlier.handovers.some((line) => line.need === recorded.handover.need && line.state === 'rejected');

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
