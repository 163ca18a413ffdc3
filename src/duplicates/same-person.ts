import { partnerName } from '../agreement/agreement.ts';
import { actorRef, type Position } from '../core/actors.ts';
import type { Change, EventDraft, NoticeDraft, Route } from '../core/change.ts';
import { routeName } from '../core/change.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { type CaseDoc, isHeld, keeperOf } from '../register/case.ts';
import { isChanged } from '../register/person.ts';
import { type Facts, isMarked, keepersOf, positionsFor, unknownPair } from './facts.ts';
import {
  type Asked,
  carryTimer,
  type Decided,
  isOpen,
  leftToAsk,
  type Merge,
  type Pair,
  pairSubject,
  type Standing,
} from './pair.ts';
import { decided, early, type Press, type Verdict } from './rules.ts';

type Cases = Pick<Facts, 'a' | 'b'>;

/**
 * The providers that must still agree that two cases are one referral: all that answer for one of them, but for the one
 * that said so and those that agreed. Of marked records only the named role knows, and nobody is asked.
 */
export function asksOf({ stands }: Pick<Pair, 'stands'>, cases: Cases): readonly string[] {
  if (stands.state !== 'asked' || isMarked(cases)) return [];
  return leftToAsk(stands, keepersOf(cases.a, cases.b));
}

/** Why two cases cannot be made one now, with what to do first; none when they can. */
export function obstacles({ a, b, busy }: Pick<Facts, 'a' | 'b' | 'busy'>, keep: string): readonly string[] {
  const lost = keep === a.caseId ? b : a;
  const each = ({ caseId, state, mergedInto, ...caseDoc }: CaseDoc): string[] => {
    if (mergedInto !== undefined)
      return [`Case ${caseId} is the same referral as case ${mergedInto} already.`];
    if (state === 'closed') return [`Case ${caseId} is closed. Only open cases can be made one.`];
    return isHeld(caseDoc as CaseDoc) ? [] : [`Nobody holds case ${caseId}. Take it first: /take ${caseId}`];
  };
  const kept = keep === a.caseId ? a : b;
  return [
    ...[a, b].flatMap(each),
    // Else everybody would go on under the earlier name.
    ...(isChanged(lost) && !isChanged(kept)
      ? [`The person of case ${lost.caseId} had their identity changed. Keep that case.`]
      : []),
    ...(busy.includes(lost.caseId)
      ? [`A handover of case ${lost.caseId} waits for somebody. Bring it to an end first, or keep that case.`]
      : []),
  ];
}

const cases = ({ pair }: Pick<Facts, 'pair'>): readonly string[] => [pair.a, pair.b];

function positionOf(facts: Facts): Position {
  const [position] = positionsFor('duplicate.decide', facts.actor, facts, facts.today);
  if (!position) throw unknownPair();
  return position;
}

const decision = ({ actor, now }: Facts, position: Position): Decided => ({
  by: actorRef(actor, position),
  person: actor.person,
  at: now,
});

/** One person with two pieces of work: both cases go on, each with its holder. Errors: `Refused` for whoever may not. */
export function link(facts: Facts, press: Press): Verdict {
  const said = decision(facts, positionOf(facts));
  const stale = early(facts, 'link', press);
  if (stale) return stale;
  if (!isOpen(facts.pair)) return { kind: 'moved' };
  const event: EventDraft = {
    type: 'pair.same-person',
    by: said.by,
    data: { cases: [...cases(facts)], as: 'two-pieces-of-work' },
  };
  return decided(facts, 'link', press, { state: 'linking', ...said }, event, {
    timers: [carryTimer(facts.pair, facts.now)],
  });
}

/**
 * One referral entered twice: `keep` stays with its holder. The other providers are asked; where there are none it is
 * made so at once. Errors: `Refused` for whoever may not; `Invalid` with what is in the way.
 */
export function merge(facts: Facts, press: Press & { readonly keep: string }): Verdict {
  const said = decision(facts, positionOf(facts));
  const stale = early(facts, 'merge', press);
  if (stale) return stale;
  if (!isOpen(facts.pair)) return { kind: 'moved' };
  const { keep } = press;
  const inTheWay = cases(facts).includes(keep)
    ? obstacles(facts, keep)
    : ['Choose which of the two cases stays.'];
  if (inTheWay.length > 0) {
    throw new Invalid(
      'This cannot be done yet.',
      inTheWay.map((message) => ({ field: 'how', message })),
    );
  }
  const event: EventDraft = {
    type: 'pair.same-person',
    by: said.by,
    data: { cases: [...cases(facts)], as: 'one-referral', keep },
  };
  return furthered(facts, 'merge', press, { state: 'asked', agreed: [], keep, ...said }, event);
}

/** A pair that is asked about: made one once nobody is left to ask; the cards that ask say how it stands. */
function furthered(facts: Facts, verb: string, press: Press, asked: Asked, event: EventDraft): Verdict {
  const asks = asksOf({ stands: asked }, facts);
  const { agreed, ...said } = asked;
  const stands: Standing = asks.length > 0 ? asked : { ...said, state: 'merging' };
  const routes = shownAt(facts.pair, asks);
  const verdict = decided(facts, verb, press, stands, event, {
    notices: [...showsAt(facts.pair, routes, asks.length === 0), ...asksAgain(facts.pair, asks)],
    timers: asks.length > 0 ? [] : [carryTimer(facts.pair, facts.now)],
  });
  return withRoutes(verdict, routes);
}

const channelOf = (provider: string): Route => ({ to: 'channel', provider });

function shownAt({ shownTo = [] }: Pair, asks: readonly string[]): readonly Route[] {
  const known = new Set(shownTo.map(routeName));
  return [...shownTo, ...asks.map(channelOf).filter((route) => !known.has(routeName(route)))];
}

/** Where a card of an earlier asking stands, it is changed there and nobody would notice: a line says so. */
const asksAgain = ({ a, b, shownTo = [], stands }: Pair, asks: readonly string[]): NoticeDraft[] =>
  asks
    .map(channelOf)
    .filter((route) => stands.state === 'open' && shownTo.some((one) => routeName(one) === routeName(route)))
    .map((route) => ({ form: 'tell', subject: pairSubject({ a, b }), route, line: 'pair.asked-again' }));

/** Its cards, at all these routes; `over`: they ask nobody any more. */
const showsAt = (pair: Pair, routes: readonly Route[], over: boolean): NoticeDraft[] =>
  routes.map((route) => ({
    form: 'show',
    subject: pairSubject(pair),
    route,
    ...(over && { isOver: true as const }),
  }));
/** The cards of a pair about which nobody is asked any more. */
export const showsOver = (pair: Pair): NoticeDraft[] => showsAt(pair, pair.shownTo ?? [], true);

function withRoutes(verdict: Verdict, shownTo: readonly Route[]): Verdict {
  if (verdict.kind !== 'change' || shownTo.length === 0) return verdict;
  const pair: Pair = { ...verdict.pair, shownTo };
  const documents = (verdict.change.documents ?? []).map((doc) => (doc.id === pair.id ? pair : doc));
  return { ...verdict, pair, change: { ...verdict.change, documents } };
}

/** A line to whoever decided, and to the channel of the provider that they did it for. */
function toDecider(pair: Pair, { person, by }: Decided, line: string): NoticeDraft[] {
  const provider = 'provider' in by ? by.provider : undefined;
  const routes: Route[] = [
    { to: 'person', person },
    ...(provider === undefined || pair.marked ? [] : [channelOf(provider)]),
  ];
  return routes.map((route) => ({ form: 'tell', subject: pairSubject(pair), route, line }));
}

/** Whoever answers for an asked provider, and did not ask themselves. Errors: `Refused` with whom it waits for. */
function askedPosition(facts: Facts, asked: Merge): Position {
  const asks = asksOf(facts.pair, facts);
  const theirs = positionsFor('duplicate.decide', facts.actor, facts, facts.today);
  if (theirs.length === 0) throw unknownPair();
  const position = theirs.find(({ provider }) => asks.includes(provider));
  if (position && asked.person !== facts.actor.person) return position;
  const names = asks.map((provider) => partnerName(facts.today, provider)).join(' and ');
  throw new Refused('not-asked', `This waits for ${names}: somebody else who coordinates there must answer.`);
}

/** An asked provider agrees that it is one referral. Errors: `Refused` for others, and while something is in the way. */
export function agree(facts: Facts, press: Press): Verdict {
  positionOf(facts);
  const stale = early(facts, 'agree', press);
  if (stale) return stale;
  const { stands } = facts.pair;
  if (stands.state !== 'asked') return { kind: 'moved' };
  const said = decision(facts, askedPosition(facts, stands));
  const [first] = obstacles(facts, stands.keep);
  if (first !== undefined) throw new Refused('not-yet', first);
  const event: EventDraft = {
    type: 'pair.agreed',
    by: said.by,
    data: { cases: [...cases(facts)], keep: stands.keep },
  };
  return furthered(facts, 'agree', press, { ...stands, agreed: [...stands.agreed, said] }, event);
}

/** An asked provider does not agree: the pair waits for a decision again. Errors: as `agree`; `Invalid` without a reason. */
export function disagree(facts: Facts, press: Press & { readonly reason?: string | undefined }): Verdict {
  positionOf(facts);
  const stale = early(facts, 'disagree', press);
  if (stale) return stale;
  const { pair } = facts;
  const { stands } = pair;
  if (stands.state !== 'asked') return { kind: 'moved' };
  const said = decision(facts, askedPosition(facts, stands));
  const reason = (press.reason ?? '').trim();
  const problem = textProblem(reason, 'Write why these are not one referral.');
  if (problem !== undefined) throw new Invalid('Please say why.', [{ field: 'reason', message: problem }]);
  const event: EventDraft = {
    type: 'pair.not-agreed',
    by: said.by,
    data: { cases: [...cases(facts)], keep: stands.keep },
  };
  const change: Change = { notices: [...showsOver(pair), ...toDecider(pair, stands, 'pair.not-agreed')] };
  const declined = { ...said, keep: stands.keep, reason };
  return decided(
    { ...facts, pair: { ...pair, declined } },
    'disagree',
    press,
    { state: 'open' },
    event,
    change,
  );
}

/** Do they decide for asked providers alone? Then they answer, with the reason if it is no. */
function isOnlyAsked(facts: Facts): boolean {
  const asks = asksOf(facts.pair, facts);
  const theirs = positionsFor('duplicate.decide', facts.actor, facts, facts.today);
  return theirs.every(({ provider }) => asks.includes(provider));
}

/** Takes the last decision back, and the pair waits again. Errors: `Refused` for whoever may not, and for whoever is asked. */
export function undo(facts: Facts, press: Press): Verdict {
  const { by } = decision(facts, positionOf(facts));
  const stale = early(facts, 'undo', press);
  if (stale) return stale;
  const { pair, now } = facts;
  const { stands } = pair;
  const event: EventDraft = {
    type: 'pair.undone',
    by,
    data: { cases: [...cases(facts)], was: stands.state },
  };
  const carried = { timers: [carryTimer(pair, now)] };
  switch (stands.state) {
    case 'apart':
      return decided(facts, 'undo', press, { state: 'open' }, event);
    case 'asked':
      if (isOnlyAsked(facts)) {
        const instead =
          'You are asked whether this is one referral. Press Agree, or Do not agree and say why.';
        throw new Refused('asked', instead);
      }
      return decided(facts, 'undo', press, { state: 'open' }, event, { notices: showsOver(pair) });
    case 'linked':
      return decided(facts, 'undo', press, { ...stands, state: 'unlinking' }, event, carried);
    case 'merged':
      return decided(facts, 'undo', press, { ...stands, state: 'unmerging' }, event, carried);
    default:
      return { kind: 'moved' };
  }
}

/** What somebody may do with a pair now: the buttons of its card. */
export function canOf(facts: Facts): {
  readonly same: boolean;
  readonly apart: boolean;
  readonly agree: boolean;
  readonly undo: boolean;
} {
  const theirs = positionsFor('duplicate.decide', facts.actor, facts, facts.today);
  const { stands } = facts.pair;
  const open = theirs.length > 0 && isOpen(facts.pair);
  const asks = asksOf(facts.pair, facts);
  return {
    same: open,
    apart: open,
    agree:
      stands.state === 'asked' &&
      stands.person !== facts.actor.person &&
      theirs.some(({ provider }) => asks.includes(provider)),
    undo:
      theirs.length > 0 &&
      (['apart', 'linked', 'merged'].includes(stands.state) ||
        (stands.state === 'asked' && !isOnlyAsked(facts))),
  };
}

/** The provider that holds what stays of a pair that is one referral. */
export const holderOf = (keep: string, { a, b }: Cases): string | undefined =>
  keeperOf(a.caseId === keep ? a : b);
