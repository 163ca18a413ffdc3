import { positionCan, providerOf, rejectionOf, urgencyOf } from '../agreement/agreement.ts';
import { answerBy } from '../agreement/calendar.ts';
import type { Actor, Position } from '../core/actors.ts';
import { type Change, mergeChanges } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { type CaseDoc, worked } from '../register/case.ts';
import {
  answerTimer,
  changed,
  clinicalLeads,
  type Facts,
  mayAct,
  moved,
  type Press,
  positionsFor,
  requiredText,
  routesOf,
  rulingOn,
  stale,
  tellAt,
  type Verdict,
  withSenderChannel,
} from './facts.ts';
import { askAboutFlag, endFlag } from './flag.ts';
import type { Accepted, Handover, InformationRequested, Offered, Rejected } from './handover.ts';
import { isOpen, rejectedBefore } from './lists.ts';

/** What a role can do that stands on one side of an offer. */
const PARTIES = ['offer', 'answer'] as const;

/** For so long the person who accepted can take it back, in milliseconds. */
export const UNDO_MS = 10 * 60_000;

const isOwnOffer = ({ actor, handover }: Facts): boolean =>
  actor.kind === 'person' && actor.person === handover.from.person;

/** The first of these positions whose role accepts at the urgency of the handover. */
const acceptingAmong = ({ handover, agreed }: Facts, positions: readonly Position[]): Position | undefined =>
  positions.find(({ role }) => urgencyOf(agreed, handover.urgency)?.accept.includes(role) ?? true);

/** Does `accept` take it from this person now? It may still ask why with a gap, or for which provider. */
export function mayAccept(facts: Facts): boolean {
  const ruling = rulingOn('handover.accept', facts);
  if (!ruling.allowed || !isOpen(facts.handover) || isOwnOffer(facts)) return false;
  return acceptingAmong(facts, ruling.positions) !== undefined;
}

/** The receiver takes the case: it holds it from this commit on. */
export function accept(facts: Facts, press: Press & { gap?: string | undefined }): Verdict<Change> {
  const { handover, caseDoc, actor, agreed, today, now } = facts;
  const positions = positionsFor('handover.accept', facts);
  if (isOwnOffer(facts)) {
    throw new Refused('own-offer', 'You sent this handover yourself. A colleague has to accept it.');
  }
  const old = stale(facts, 'handover.accept', press);
  if (old) return old;
  if (!isOpen(handover)) return { kind: 'moved' };
  const atBothEnds =
    handover.sender !== handover.to &&
    actor.kind === 'person' &&
    actor.positions.some((at) => at.provider === handover.sender);
  if (atBothEnds && press.as === undefined) {
    const choices = actor.positions.filter((at) => PARTIES.some((can) => positionCan(today, at, can)));
    return { kind: 'choose', positions: choices };
  }
  if (press.as !== undefined && press.as !== handover.to) {
    throw new Refused(
      'provider',
      `This was offered to ${providerOf(today, handover.to)?.name ?? 'another provider'}; you chose ${providerOf(today, press.as)?.name ?? 'another provider'}.`,
    );
  }
  const urgency = urgencyOf(agreed, handover.urgency);
  const position = acceptingAmong(facts, positions);
  if (!position) {
    throw new Refused(
      'role',
      `A handover marked “${urgency?.name}” is accepted by ${urgency?.accept.map((id) => today.roles.find((role) => role.id === id)?.name ?? id).join(' or ')}. Ask a colleague in that role.`,
    );
  }
  if (handover.missing.length > 0 && press.gap === undefined) return { kind: 'gap' };
  if (press.gap !== undefined && !agreed.acceptWithGap.some((reason) => reason.code === press.gap)) {
    throw new Invalid('Choose why you accept it as it is.', [
      { field: 'gap', message: 'Choose a reason from the list.' },
    ]);
  }
  const receiver = providerOf(today, handover.to);
  const gap =
    handover.missing.length > 0 && press.gap !== undefined
      ? { gap: { reason: press.gap, missing: handover.missing } }
      : {};
  const base = moved(facts, 'handover.accept', press, position);
  const accepted: Accepted = {
    ...base,
    state: 'accepted',
    acceptedBy: base.last.by,
    acceptedAt: now,
    undoUntil: plusMs(now, UNDO_MS),
    holderBefore: caseDoc.holder,
    ...gap,
  };
  const holder = { provider: handover.to, role: receiver?.holdsAs ?? position.role };
  return alongside(
    askAboutFlag(facts, accepted),
    changed(
      facts,
      accepted,
      {
        type: 'handover.accepted',
        data: {
          holder: `${holder.provider}/${holder.role}`,
          holderBefore: `${caseDoc.holder.provider}/${caseDoc.holder.role}`,
          ...(press.gap !== undefined && gap.gap
            ? { gapReason: press.gap, missing: [...handover.missing] }
            : {}),
        },
      },
      tellAt(accepted, routesOf(accepted, 'sender'), 'handover.accepted'),
      { ...caseDoc, holder },
      [...answerTimer(handover.handoverId, null), ...worked(today, now)],
    ),
  );
}

/** A verdict with something more in its commit. */
const alongside = (more: Change, verdict: Verdict<Change>): Verdict<Change> =>
  verdict.kind === 'change' ? { kind: 'change', change: mergeChanges(verdict.change, more) } : verdict;

/** Has the case been offered on since? */
const isOfferedOn = (caseDoc: CaseDoc, { handoverId }: Handover): boolean =>
  caseDoc.handovers.at(-1)?.id !== handoverId;

const acceptedBy = ({ acceptedBy: by }: Accepted, actor: Actor): boolean =>
  actor.kind === 'person' && 'person' in by && by.person === actor.person;

/** Can the acceptance still be taken back, by the person who accepted? */
export const isUndoable = (handover: Handover, caseDoc: CaseDoc, now: Instant): handover is Accepted =>
  handover.state === 'accepted' && now <= handover.undoUntil && !isOfferedOn(caseDoc, handover);

/** Does `undo` take it from this person now? */
export function mayUndo(facts: Facts): boolean {
  const { handover, caseDoc, actor, now } = facts;
  return (
    isUndoable(handover, caseDoc, now) &&
    acceptedBy(handover, actor) &&
    rulingOn('handover.undo', facts).allowed
  );
}

/** The person who accepted takes it back: the sender holds the case again, and its first clock runs on. */
export function undo(facts: Facts, press: Press): Verdict<Change> {
  const { handover, caseDoc, actor, now } = facts;
  const turn = mayAct('handover.undo', facts, press);
  if ('kind' in turn) return turn;
  const { position } = turn;
  if (handover.state !== 'accepted') return { kind: 'moved' };
  if (!acceptedBy(handover, actor)) {
    throw new Refused('not-yours', 'Only the person who accepted it can undo that.');
  }
  if (isOfferedOn(caseDoc, handover)) {
    throw new Refused(
      'offered-on',
      'The case was offered on since, so accepting it cannot be undone. Ring the sender and agree who takes it; their number is in the details.',
    );
  }
  if (!isUndoable(handover, caseDoc, now)) {
    throw new Refused(
      'too-late',
      'The ten minutes to undo have passed and your service holds the case. Ring the sender and agree who takes it; their number is in the details.',
    );
  }
  const { holderBefore } = handover;
  const common = moved(facts, 'handover.undo', press, position);
  const open: Offered | InformationRequested =
    handover.missing.length > 0
      ? { ...common, state: 'information-requested', askedBy: 'dataset' }
      : { ...common, state: 'offered' };
  return alongside(
    endFlag(facts),
    changed(
      facts,
      open,
      { type: 'handover.undone', data: { holder: `${holderBefore.provider}/${holderBefore.role}` } },
      [
        ...tellAt(open, routesOf(open, 'receiver'), 'handover.undone'),
        ...tellAt(open, routesOf(open, 'sender'), 'handover.undone'),
      ],
      { ...caseDoc, holder: holderBefore },
      handover.overdueAt ? [] : answerTimer(handover.handoverId, handover.answerBy),
    ),
  );
}

/** The receiver says no, with a coded reason and what the sender should do next. The sender keeps the case. */
export function reject(facts: Facts, press: Press & { reason: string; next: string }): Verdict<Change> {
  const { handover, caseDoc, agreed, today, now } = facts;
  const turn = mayAct('handover.reject', facts, press);
  if ('kind' in turn) return turn;
  const { position } = turn;
  if (!isOpen(handover)) return { kind: 'moved' };
  const reason = rejectionOf(agreed, press.reason);
  const problems = [
    ...(reason ? [] : [{ field: 'reason', message: 'Choose a reason from the list.' }]),
    ...requiredText('next', press.next, 'Write what the sender should do next.'),
  ];
  if (!reason || problems.length > 0) throw new Invalid('Not rejected yet.', problems);
  const base = withSenderChannel(moved(facts, 'handover.reject', press, position));
  const second = rejectedBefore(caseDoc, handover);
  // A reason for a higher rung, or a second rejection, climbs at once; otherwise the sender's own time runs first.
  const sendersTurn = !reason.closes && !second && reason.firstRung === 'operational';
  const reofferBy = sendersTurn ? answerBy(agreed, handover.urgency, handover.sender, now) : undefined;
  const rejected: Rejected = {
    ...base,
    state: 'rejected',
    rejectedBy: base.last.by,
    rejectedAt: now,
    reason: reason.code,
    next: press.next.trim(),
    needOpen: !reason.closes,
    ...(reofferBy && { reofferBy }),
  };
  const toLeads = second
    ? tellAt(rejected, clinicalLeads(today), 'handover.second-rejection')
    : reason.firstRung === 'clinical'
      ? tellAt(rejected, clinicalLeads(today), 'handover.rejected-clinical', { reason: reason.code })
      : [];
  return changed(
    facts,
    rejected,
    {
      type: 'handover.rejected',
      data: {
        reason: reason.code,
        next: rejected.next,
        needOpen: rejected.needOpen,
        firstRung: reason.firstRung,
      },
    },
    [
      ...tellAt(rejected, routesOf(rejected, 'sender'), 'handover.rejected', { reason: reason.code }),
      ...toLeads,
    ],
    caseDoc,
    answerTimer(handover.handoverId, reofferBy ?? null),
  );
}

/** The receiver asks the sender something; the time to answer the need does not move. */
export function ask(facts: Facts, press: Press & { question: string }): Verdict<Change> {
  const { handover, now } = facts;
  const turn = mayAct('handover.ask', facts, press);
  if ('kind' in turn) return turn;
  const { position } = turn;
  if (handover.state !== 'offered') return { kind: 'moved' };
  const problems = requiredText('question', press.question, 'Write what you need to know.');
  if (problems.length > 0) throw new Invalid('Not sent yet.', problems);
  const base = withSenderChannel(moved(facts, 'handover.ask', press, position));
  const asked: InformationRequested = {
    ...base,
    state: 'information-requested',
    askedBy: 'receiver',
    questions: [...handover.questions, { asked: press.question.trim(), by: base.last.by, at: now }],
  };
  return changed(
    facts,
    asked,
    { type: 'handover.information-requested', data: { question: press.question.trim() } },
    tellAt(asked, routesOf(asked, 'sender'), 'handover.information-requested'),
  );
}

/** The sender takes the offer back. */
export function withdraw(facts: Facts, press: Press): Verdict<Change> {
  const { handover, caseDoc, agreed, now } = facts;
  const turn = mayAct('handover.withdraw', facts, press);
  if ('kind' in turn) return turn;
  const { position } = turn;
  if (!isOpen(handover)) return { kind: 'moved' };
  const base = moved(facts, 'handover.withdraw', press, position);
  // Taking back what nobody answered in time does not meet the need.
  const needOpen = rejectedBefore(caseDoc, handover) || handover.overdueAt !== undefined;
  const reofferBy = needOpen ? answerBy(agreed, handover.urgency, handover.sender, now) : undefined;
  const by = base.last.by;
  const withdrawn: Handover = {
    ...base,
    state: 'withdrawn',
    withdrawnBy: by,
    withdrawnAt: now,
    needOpen,
    ...(reofferBy && { reofferBy }),
  };
  return changed(
    facts,
    withdrawn,
    { type: 'handover.withdrawn', data: {} },
    tellAt(withdrawn, routesOf(withdrawn, 'receiver'), 'handover.withdrawn'),
    facts.caseDoc,
    answerTimer(handover.handoverId, reofferBy ?? null),
  );
}

/** May this person open the details now, and what may they press there? Throws `Refused` when not. */
export function mayView(facts: Facts): readonly Position[] {
  const { handover } = facts;
  const positions = positionsFor('handover.view', facts);
  const closedToReceiver = handover.state === 'rejected' || handover.state === 'withdrawn';
  const still = closedToReceiver
    ? positions.filter(
        (position) =>
          position.provider !== handover.to || positionCan(facts.today, position, 'clinical-lead'),
      )
    : positions;
  if (still.length === 0) {
    throw new Refused(
      'closed',
      `This handover was ${handover.state}. Its details are with the sender again; nothing for you to do.`,
    );
  }
  return still;
}
