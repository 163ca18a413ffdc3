import type { Instant } from '../core/clock.ts';
import type { EarlierCard, KeptCopy } from './presenter.ts';

/** A card's place among the earlier ones of its copy; `left` as there. */
export const standing = ({ conversationId, activityId }: KeptCopy, left?: number): EarlierCard => ({
  conversationId,
  activityId,
  ...(left !== undefined && { left }),
});

/** The copy as edited at `now`: whatever may have been under way before its time is over has landed. */
export function edited({ unsureUntil, ...copy }: KeptCopy, now: Instant): KeptCopy {
  const unsure = unsureUntil !== undefined && unsureUntil > now;
  return { ...copy, sentAt: now, ...(unsure && { unsureUntil }) };
}

/** What another worker found to be unsure about the card meanwhile stays so. */
export function stillUnsure(copy: KeptCopy, kept: KeptCopy | undefined, now: Instant): KeptCopy {
  const until = kept?.activityId === copy.activityId ? kept.unsureUntil : undefined;
  const latest = [copy.unsureUntil ?? '', until ?? ''].sort().at(-1) ?? '';
  return latest > now ? { ...copy, unsureUntil: latest } : copy;
}

/** Is it the same sending of the same card? */
export const sameCopy = (a: KeptCopy, b: KeptCopy): boolean =>
  a.activityId === b.activityId && a.sentAt === b.sentAt && a.viewHash === b.viewHash;

const sameCard = (a: EarlierCard, b: EarlierCard): boolean =>
  a.activityId === b.activityId && a.conversationId === b.conversationId;

/**
 * The earlier cards that are to be told next that the card has moved: those in the copy's own conversation.
 * One that was left at the revision that the copy shows waits for the next.
 */
export const toRetire = ({ conversationId, revision, earlier = [] }: KeptCopy): EarlierCard[] =>
  earlier.filter((card) => card.conversationId === conversationId && card.left !== revision);

/** The copy without this earlier card; with it, left as it is, where `left` is given. */
export function without(copy: KeptCopy, card: EarlierCard, left?: number): KeptCopy {
  const earlier = (copy.earlier ?? []).flatMap((one) =>
    !sameCard(one, card) ? [one] : left === undefined ? [] : [{ ...one, left }],
  );
  return listing(copy, earlier);
}

/**
 * The copy to keep where the notice ended without this worker: what another worker showed meanwhile stands,
 * and a copy that was taken away stays away.
 */
export function whileAway(
  copy: KeptCopy,
  before: KeptCopy | undefined,
  kept: KeptCopy | undefined,
): KeptCopy | undefined {
  if (!kept) return copy.activityId === before?.activityId ? undefined : copy;
  return before && sameCopy(kept, before) ? copy : kept;
}

/** The copy with every other card that either of the two knows of among its earlier ones. */
export function beside(copy: KeptCopy, kept: KeptCopy | undefined, sent: KeptCopy): KeptCopy {
  const cards = [kept, sent].flatMap((one) => (one ? [standing(one), ...(one.earlier ?? [])] : []));
  const byPlace = new Map(cards.map((card) => [`${card.conversationId}|${card.activityId}`, card]));
  return listing(
    copy,
    [...byPlace.values()].filter((card) => !sameCard(card, copy)),
  );
}

/**
 * The copy where its card was deleted: the last of the earlier ones in its conversation, as a card that shows
 * nothing of the present yet; undefined where there is none.
 */
export function instead(copy: KeptCopy): KeptCopy | undefined {
  const next = copy.earlier?.findLast(({ conversationId }) => conversationId === copy.conversationId);
  return next && { ...without(copy, next), activityId: next.activityId, viewHash: '' };
}

function listing({ earlier: _, ...copy }: KeptCopy, earlier: readonly EarlierCard[]): KeptCopy {
  return earlier.length > 0 ? { ...copy, earlier } : copy;
}
