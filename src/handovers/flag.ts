import type { Change, Doc, NoticeDraft, TimerDraft } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Facts } from './facts.ts';
import type { Accepted, Handover } from './handover.ts';

/** A referral that says there is a safeguarding concern asks whoever accepts it whether their lead knows. */
export interface FlagDoc extends Doc {
  readonly kind: 'flag';
  readonly handoverId: string;
  /** Key of the person who accepted, and alone is asked. */
  readonly of: string;
  readonly askedAt: Instant;
  readonly reminded?: true;
  /** What was answered is not kept here: whether a concern was raised is for those who may know of it. */
  readonly answeredAt?: Instant;
}

export const FLAG_ANSWERS = ['yes', 'no', 'not-sure'] as const;
export type FlagAnswer = (typeof FLAG_ANSWERS)[number];

/** Unanswered for so long whoever was asked is reminded, once, in milliseconds. */
const REMIND_MS = 60 * 60_000;

export const flagId = (handoverId: string): string => `flag:${handoverId}`;
export const flagged = (subject: string): string => subject.replace(/^flag:/, '');

const isFlagged = ({ content }: Handover): boolean =>
  content.safeguarding.status === 'concern' || content.safeguarding.status === 'open-concern';

const timer = (handoverId: string, due: Instant | null): TimerDraft => ({
  subject: flagId(handoverId),
  fires: 'handover.flag',
  due,
});
const shown = ({ handoverId, of }: Pick<FlagDoc, 'handoverId' | 'of'>): NoticeDraft => ({
  form: 'show',
  subject: flagId(handoverId),
  route: { to: 'person', person: of },
});

/** What an acceptance adds where the referral came with a flag; nothing where no partner answers for concerns. */
export function askAboutFlag({ actor, today, now }: Facts, accepted: Accepted): Change {
  if (!today.safeguarding || !isFlagged(accepted) || actor.kind !== 'person') return {};
  const { handoverId } = accepted;
  const flag: FlagDoc = {
    id: flagId(handoverId),
    kind: 'flag',
    schema: 1,
    handoverId,
    of: actor.person,
    askedAt: now,
  };
  return { documents: [flag], notices: [shown(flag)], timers: [timer(handoverId, plusMs(now, REMIND_MS))] };
}

/** Whoever accepted takes it back: they are not asked any more. */
export function endFlag({ actor, handover, today }: Facts): Change {
  const { handoverId } = handover;
  if (!today.safeguarding || !isFlagged(handover) || actor.kind !== 'person') return {};
  return {
    removed: [flagId(handoverId)],
    notices: [shown({ handoverId, of: actor.person })],
    timers: [timer(handoverId, null)],
  };
}

/** Answered by whoever was asked. The same again changes nothing. Errors: `Refused` for anybody else. */
export function answerFlag(flag: FlagDoc | undefined, person: string, now: Instant): Change | undefined {
  if (flag?.of !== person) {
    throw new Refused(
      'nothing-asked',
      'This asks you for nothing any more. To raise a concern, type /concern.',
    );
  }
  if (flag.answeredAt !== undefined) return undefined;
  return {
    documents: [{ ...flag, answeredAt: now } as FlagDoc],
    notices: [shown(flag)],
    timers: [timer(flag.handoverId, null)],
  };
}

/** Nobody has answered for an hour: whoever was asked is reminded, once. */
export function remindOfFlag(flag: FlagDoc | undefined): Change | undefined {
  if (!flag || flag.answeredAt !== undefined || flag.reminded) return undefined;
  const line: NoticeDraft = {
    form: 'tell',
    subject: flagId(flag.handoverId),
    route: { to: 'person', person: flag.of },
    line: 'handover.flag',
  };
  return {
    documents: [{ ...flag, reminded: true } as FlagDoc],
    notices: [line],
    timers: [timer(flag.handoverId, null)],
  };
}
