import { type Agreement, positionCan, primeOf } from '../agreement/agreement.ts';
import type { Actor, PersonActor, Position } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { markOf } from '../core/marks.ts';
import { type Act, rule } from '../core/permissions.ts';
import { type CaseDoc, keeperOf } from '../register/case.ts';
import type { Pair } from './pair.ts';

/** What a rule about a pair decides from; `today` is the agreement in force. */
export interface Facts {
  readonly pair: Pair;
  readonly a: CaseDoc;
  readonly b: CaseDoc;
  /** Those of the two cases of which a handover waits for somebody. */
  readonly busy: readonly string[];
  readonly actor: PersonActor;
  readonly today: Agreement;
  readonly now: Instant;
}

export type PairAct = Extract<Act, 'duplicate.view' | 'duplicate.decide'>;

/** The providers that answer for two cases, in the order of the cases. */
export const keepersOf = (a: CaseDoc, b: CaseDoc): readonly string[] =>
  [...new Set([keeperOf(a), keeperOf(b)])].filter((one) => one !== undefined);

/** Of two cases, the one that came later. */
export const laterOf = (a: CaseDoc, b: CaseDoc): CaseDoc =>
  `${a.createdAt}|${a.caseId}` < `${b.createdAt}|${b.caseId}` ? b : a;

/** Of two cases, the provider whose job it is to have it decided: the one that answers for the case that came later. */
export const ownerOf = (a: CaseDoc, b: CaseDoc): string =>
  keeperOf(laterOf(a, b)) ?? keeperOf(a) ?? keeperOf(b) ?? '';

/** Is the record of one of these cases marked? By the cases as they are, whatever their pair was told before. */
export const isMarked = ({ a, b }: Pick<Facts, 'a' | 'b'>): boolean =>
  markOf(a) !== undefined || markOf(b) !== undefined;

/**
 * The positions of a person in which they may do it with a pair of these two cases: at either provider first. Where a
 * record is marked, in the one role that the agreement names for that.
 */
export function positionsFor(
  act: PairAct,
  actor: Actor,
  { a, b }: Pick<Facts, 'a' | 'b'>,
  today: Agreement,
): readonly Position[] {
  const prime = primeOf(today).id;
  const keepers = keepersOf(a, b);
  const [receiver = prime, sender = receiver] = keepers;
  const { markedRecords } = today.register;
  const ruling = rule(
    isMarked({ a, b }) ? 'duplicate.marked' : act,
    actor,
    { receiver, sender, prime, markedRecords },
    (position, ability) => positionCan(today, position, ability),
  );
  if (!ruling.allowed) return [];
  const theirs = (one: Position): number => (keepers.includes(one.provider) ? 0 : 1);
  return [...ruling.positions].sort((one, other) => theirs(one) - theirs(other));
}

/** The same words for a pair that is not there and for one that is for others. */
export const unknownPair = () =>
  new Refused(
    'unknown-pair',
    'There is no such pair here that you may decide. Type /duplicates to see those there are.',
  );
